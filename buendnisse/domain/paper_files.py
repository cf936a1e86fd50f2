"""What a file must be to be kept: small enough, of a kind people can open, and really of that kind.

A name is no proof: the leading bytes must agree with the ending. Nothing here is run or drawn; files are only
stored and handed out again as attachments.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models.paper import random_name

#: The largest file, in octets.
LARGEST = 10 * 1024 * 1024
_LONGEST_NAME = 120
_HEAD = 4096


class FileRefused(Exception):
    """The file is not kept. `str()` is a German sentence."""


class FileEmpty(FileRefused):
    """Not one octet."""


class FileTooLarge(FileRefused):
    """More than LARGEST."""


class FileNameRefused(FileRefused):
    """A way through folders in place of a name."""


class FileKindRefused(FileRefused):
    """An ending we do not take, or a content that does not fit the ending."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is sent as, and how its content is recognised."""

    content_type: str
    fits: Callable[[File[bytes]], bool]


@dataclass(frozen=True)
class Stored:
    """A file that lies in the storage, and what its row will say."""

    stored_as: str
    file_name: str
    content_type: str
    size: int


@contextmanager
def stored(file: File[bytes]) -> Iterator[Stored]:
    """Keep `file` while a transaction inside this block writes its row; whatever fails inside removes it again.

    So the file is there before its row can be seen, and no failure leaves one behind. Raises FileRefused.
    """
    file_name = clean_name(file.name or "")
    kind = _check(file, file_name)
    file.seek(0)
    name = default_storage.save(random_name(), file)
    try:
        yield Stored(name, file_name, kind.content_type, file.size)
    except BaseException:
        default_storage.delete(name)
        raise


def clean_name(name: str) -> str:
    """The name as people save it: nothing invisible, at most 120 characters with its ending.

    Raises FileNameRefused for one with folders. Browsers send none, and Django takes them off; who does it all the same
    wants to be somewhere else.
    """
    if "/" in name or "\\" in name:
        raise FileNameRefused(_("Im Namen dieser Datei stehen Ordner. Bitte nennen Sie nur die Datei: bericht.pdf."))
    visible = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    stem, dot, ending = " ".join(visible.split()).rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(ending) - 1].rstrip('. ')}{dot}{ending}"


def _check(file: File[bytes], file_name: str) -> Kind:
    if not file.size:
        raise FileEmpty(_("Diese Datei ist leer. Bitte wählen Sie eine andere aus."))
    if file.size > LARGEST:
        raise FileTooLarge(
            _("Diese Datei ist zu groß. Erlaubt sind %(limit)d MB.") % {"limit": LARGEST // (1024 * 1024)}
        )
    stem, _dot, ending = file_name.rpartition(".")
    kind = KINDS.get(ending.lower()) if stem else None
    if kind is None:
        raise FileKindRefused(
            _("Diese Art von Datei nehmen wir nicht an. Möglich sind %(kinds)s.")
            % {"kinds": german.listing([name.upper() for name in KINDS])}
        )
    if not kind.fits(file):
        raise FileKindRefused(
            _("Der Inhalt dieser Datei passt nicht zu ihrer Endung „%(ending)s“. Bitte speichern Sie sie noch einmal.")
            % {"ending": ending}
        )
    return kind


def _begins(*marks: bytes) -> Callable[[File[bytes]], bool]:
    return lambda file: _head(file).startswith(marks)


def _office(part: str) -> Callable[[File[bytes]], bool]:
    """Office Open XML: a ZIP archive that begins as one and holds the main part of its kind."""

    def fits(file: File[bytes]) -> bool:
        if not _head(file).startswith(b"PK\x03\x04"):
            return False
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as archive:
                return part in archive.namelist()
        except (zipfile.BadZipFile, UnicodeDecodeError, ValueError, NotImplementedError):
            return False

    return fits


def _open_document(word: str) -> Callable[[File[bytes]], bool]:
    """OpenDocument: the first entry of the archive is `mimetype`, not packed (OpenDocument 1.3, part 2, 3.3)."""
    said = f"mimetypeapplication/vnd.oasis.opendocument.{word}".encode()
    return lambda file: _head(file).startswith(b"PK\x03\x04") and _head(file)[30:].startswith(said)


def _is_text(file: File[bytes]) -> bool:
    """UTF-8 without control characters but line ends and tabs."""
    file.seek(0)
    try:
        text = file.read().decode()
    except UnicodeDecodeError:
        return False
    return all(sign in "\t\r\n\f" or unicodedata.category(sign) != "Cc" for sign in text)


def _head(file: File[bytes]) -> bytes:
    file.seek(0)
    return bytes(file.read(_HEAD))


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OASIS = "application/vnd.oasis.opendocument"
_JPEG = Kind("image/jpeg", _begins(b"\xff\xd8\xff"))

#: Endings and what stands behind them.
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", _begins(b"%PDF-")),
    "docx": Kind(f"{_OPEN_XML}.wordprocessingml.document", _office("word/document.xml")),
    "odt": Kind(f"{_OASIS}.text", _open_document("text")),
    "xlsx": Kind(f"{_OPEN_XML}.spreadsheetml.sheet", _office("xl/workbook.xml")),
    "ods": Kind(f"{_OASIS}.spreadsheet", _open_document("spreadsheet")),
    "pptx": Kind(f"{_OPEN_XML}.presentationml.presentation", _office("ppt/presentation.xml")),
    "odp": Kind(f"{_OASIS}.presentation", _open_document("presentation")),
    "png": Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "txt": Kind("text/plain; charset=utf-8", _is_text),
}
