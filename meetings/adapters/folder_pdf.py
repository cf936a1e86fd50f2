"""The Sitzungsmappe: agenda and papers in one PDF with bookmarks. Other people's files are joined, never trusted."""

from __future__ import annotations

import datetime as dt
import io
import logging
import zlib
from collections.abc import Callable
from typing import cast

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.errors import DeprecationError, PyPdfError
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from buendnisse.adapters.typesetting import typeset
from meetings.adapters.document_data import FolderSheet, FolderSheets
from meetings.adapters.folder_manifest import Manifest, Part
from meetings.domain import meeting_folder

logger = logging.getLogger(__name__)

_MOST_PAGES = 500  # of one paper; a longer one is a book and is opened by itself
_MOST_IN_ALL = 1500  # pages of papers in one folder; more would not be done before the worker is told to stop

#: How a damaged file breaks its reader. Not everything: a worker that is told to stop must stop.
DAMAGED = (
    PyPdfError,
    DeprecationError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    zlib.error,
)


def make(number: int, *, at: dt.datetime) -> bool:
    """Make one folder that waits; False where somebody else has it or it could not be made."""
    row = meeting_folder.claim(number, at=at)
    if row is None:
        return False
    try:
        content, pages = assemble(cast(Manifest, row.manifest), on_part=lambda done: meeting_folder.tell(row, done))
    except Exception:
        logger.exception("folder %s could not be made", number)
        meeting_folder.fail(row)
        return False
    meeting_folder.finish(row, content, pages=pages)
    return True


def make_due(*, at: dt.datetime) -> int:
    """All that wait; how many were made."""
    return sum(make(number, at=at) for number in meeting_folder.due(at=at))


def assemble(found: Manifest, *, on_part: Callable[[int], None] = lambda _done: None) -> tuple[bytes, int]:
    """The file and how many pages it has. A paper that cannot be joined leaves a sheet that says so."""
    writer = PdfWriter()
    agenda = PdfReader(io.BytesIO(typeset("agenda", found["document"])))
    writer.append(agenda, import_outline=False)
    writer.add_outline_item(title=_("Tagesordnung"), page_number=0)
    on_part(1)
    read, left = [], _MOST_IN_ALL
    for part in found["parts"]:
        pages, note, number = _read(part, left=left)
        read.append((pages, note))
        left -= number
    sheets = _sheets(found, [note for _pages, note in read]) if read else None
    starts: dict[int, list[tuple[str, int]]] = {}
    for position, (part, (pages, _note)) in enumerate(zip(found["parts"], read, strict=True)):
        begins = len(writer.pages)
        writer.add_page(cast(PdfReader, sheets).pages[position])
        if pages is not None:
            writer.append(pages, import_outline=False)
        starts.setdefault(part["number"], []).append((part["title"], begins))
        on_part(position + 2)
    for item in found["document"]["items"]:
        papers = starts.get(int(item["number"]), [])
        top = writer.add_outline_item(
            title=f"TOP {item['number']} {item['title']}", page_number=papers[0][1] if papers else 0
        )
        for title, begins in papers:
            writer.add_outline_item(title=title, page_number=begins, parent=top)
    _describe(writer, found)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue(), len(writer.pages)


def _read(part: Part, *, left: int) -> tuple[io.BytesIO | None, str, int]:
    """A copy of the paper's pages that stands on its own, or the sentence why it is not in the folder; how many pages.

    `left` is how many the folder still takes.
    """
    elsewhere = _("Sie finden sie auf der Seite der Sitzung bei TOP %d.") % part["number"]
    if not part["stored_as"]:
        return None, _("Diese Unterlage liegt noch nicht vor."), 0
    ending = part["file_name"].rpartition(".")[2].upper()
    if ending != "PDF":
        said = _("Diese Unterlage ist eine Datei im Format %(ending)s. %(elsewhere)s")
        return None, said % {"ending": ending, "elsewhere": elsewhere}, 0
    try:
        with default_storage.open(part["stored_as"]) as file:
            reader = PdfReader(io.BytesIO(file.read()))
        if reader.is_encrypted and not reader.decrypt(""):
            return None, _("Diese Unterlage ist mit einem Kennwort geschützt. %s") % elsewhere, 0
        number = len(reader.pages)
        if number > min(_MOST_PAGES, left):
            said = _("Diese Unterlage hat mehr als %(pages)d Seiten. %(elsewhere)s")
            if number <= _MOST_PAGES:
                said = _("Mit dieser Unterlage hätte die Mappe mehr als %(pages)d Seiten. %(elsewhere)s")
            most = _MOST_PAGES if number > _MOST_PAGES else _MOST_IN_ALL
            return None, said % {"pages": most, "elsewhere": elsewhere}, 0
        alone = PdfWriter()
        alone.append(reader, import_outline=False)
        for page in alone.pages:
            page.pop("/AA", None)  # what acts by itself stays outside
        out = io.BytesIO()
        alone.write(out)
    except DAMAGED as error:
        logger.warning("a paper could not be joined: %s", type(error).__name__)
        return None, _("Diese Datei ist beschädigt und lässt sich nicht einfügen. %s") % elsewhere, 0
    return out, "", number


def _sheets(found: Manifest, notes: list[str]) -> PdfReader:
    """One separating sheet a paper, all in one document."""
    meta = found["document"]["meta"]
    sheets: list[FolderSheet] = [
        {
            "line": f"TOP {part['number']} · {part['item']}",
            "title": part["title"],
            "standing": part["standing"],
            "note": note,
        }
        for part, note in zip(found["parts"], notes, strict=True)
    ]
    data: FolderSheets = {
        "meta": {**meta, "title": _("Unterlagen")},
        "letterhead": found["document"]["letterhead"],
        "title": _("Unterlagen"),
        "facts": [],
        "sheets": sheets,
    }
    return PdfReader(io.BytesIO(typeset("folder_sheets", data)))


def _describe(writer: PdfWriter, found: Manifest) -> None:
    """Title and language, the bookmarks open beside the pages."""
    meta = found["document"]["meta"]
    title = str(meta["title"]).replace(_("Tagesordnung"), _("Sitzungsmappe"), 1)
    writer.add_metadata({"/Title": title, "/Author": str(meta["author"])})
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject("de-DE")
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    shown = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    root[NameObject("/ViewerPreferences")] = shown
    for name in ("/OpenAction", "/AA"):
        root.pop(name, None)
