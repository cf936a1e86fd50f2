"""The words in the file of a paper, for the search. Other people's files are read, never trusted."""

from __future__ import annotations

import datetime as dt
import html
import io
import logging
import lzma
import re
import time
import zipfile
from collections.abc import Callable, Mapping

from django.core.files.storage import default_storage
from pypdf import PdfReader

from meetings.adapters import paper_picture
from meetings.adapters.folder_pdf import DAMAGED
from meetings.domain import paper_texts

logger = logging.getLogger(__name__)

_DAMAGED = (*DAMAGED, zipfile.BadZipFile, lzma.LZMAError)
_LONGEST = 15.0  # seconds for one file; what was read by then is kept
_MOST_OCTETS = 8 * 1024 * 1024  # of the unpacked text of an office file
_BREAK = re.compile(
    r"</(?:w:p|text:p|text:h|table:table-cell)>|<(?:w:tab|w:br|text:tab|text:s|text:line-break)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")


def read_due(*, at: dt.datetime) -> int:
    """All that wait; how many were read."""
    return sum(read(number, at=at) for number in paper_texts.due(at=at))


def read(number: int, *, at: dt.datetime) -> bool:
    """Read one version of a paper; False where somebody else has it."""
    version = paper_texts.claim(number, at=at)
    if version is None:
        return False
    text, content = "", b""
    reader = _READERS.get(version.ending)
    if reader is not None:
        try:
            with default_storage.open(version.stored_as) as file:
                content = file.read()
            text = reader(content)
        except _DAMAGED as error:
            logger.warning("a paper could not be read for the search: %s", type(error).__name__)
    paper_texts.keep(version, text)
    if content and version.ending == "PDF" and (picture := paper_picture.first_page(content)):
        paper_texts.keep_first_page(version, picture)
    return True


def _of_pdf(content: bytes) -> str:
    """Page by page, until there is enough or it takes too long."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return ""
    ends, found, length = time.monotonic() + _LONGEST, [], 0
    for page in reader.pages:
        if length > paper_texts.LONGEST or time.monotonic() > ends:
            break
        found.append(page.extract_text())
        length += len(found[-1])
    return _joined(" ".join(found))


def _part(name: str) -> Callable[[bytes], str]:
    """The main part of an office file without its tags. No XML is parsed, so none can expand."""

    def read_part(content: bytes) -> str:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(name) as part:
            text = part.read(_MOST_OCTETS).decode(errors="replace")
        return html.unescape(_TAG.sub("", _BREAK.sub(" ", text)))

    return read_part


def _joined(text: str) -> str:
    """Words that were divided at the end of a line, in one."""
    return re.sub(r"(?<=[a-zäöüß])-\s*\n\s*(?=[a-zäöüß])|\u00ad\s*", "", text)


_OPEN = _part("content.xml")
_READERS: Mapping[str, Callable[[bytes], str]] = {
    "PDF": _of_pdf,
    "DOCX": _part("word/document.xml"),
    "ODT": _OPEN,
    "ODS": _OPEN,
    "ODP": _OPEN,
    "TXT": lambda content: content.decode(errors="replace"),
}
