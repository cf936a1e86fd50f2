"""What a Sitzungsmappe is made of for one reader, and the file once it is made. Pages need no more; joining is the worker's."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypedDict

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import PaperVersion
from meetings.adapters import agenda_pdf
from meetings.adapters.document_data import AgendaDocument
from meetings.models import Meeting, MeetingFolder


class Part(TypedDict):
    """A paper: where it belongs, and its file. An empty `stored_as` means there is no file yet."""

    number: int
    item: str
    title: str
    standing: str
    file_name: str
    stored_as: str


class Manifest(TypedDict):
    document: AgendaDocument
    parts: list[Part]


def manifest(meeting: Meeting, *, reader: object, at: dt.datetime) -> Manifest:
    """Of what the folder is made for this reader: only what they may open."""
    agenda, edition = agenda_pdf.seen_by(meeting, reader=reader, at=at)
    wanted = {(paper.slug, paper.number) for entry in agenda.entries for paper in entry.papers}
    rows = PaperVersion.objects.filter(paper__slug__in={slug for slug, _number in wanted}).select_related("paper")
    files = {(row.paper.slug, row.number): row.stored_as for row in rows if row.file_name}
    parts: list[Part] = [
        {
            "number": entry.number,
            "item": entry.item.title,
            "title": paper.title,
            "standing": _("Stand %s") % german.short_day(paper.version_dated or paper.dated),
            "file_name": paper.file_name or "",
            "stored_as": files.get((paper.slug, paper.number or 0), ""),
        }
        for entry in agenda.entries
        for paper in entry.papers
    ]
    return {"document": agenda_pdf.document(meeting, agenda, edition, at=at), "parts": parts}


def file_name(meeting: Meeting) -> str:
    """Sitzungsmappe-Arbeit-2026-12-03.pdf"""
    return f"Sitzungsmappe-{meeting.alliance.word}-{local_date(meeting.start).isoformat()}.pdf"


def stored(row: MeetingFolder) -> Any:
    """The file, open for reading."""
    return default_storage.open(row.stored_as)
