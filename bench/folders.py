"""A Sitzungsmappe of 100 pages, put together as the worker does, against reading and writing the same pages once."""

from __future__ import annotations

import io
import time
from typing import Any, cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pypdf import PdfReader, PdfWriter

from buendnisse import clock
from buendnisse.models import Person
from meetings.adapters import agenda_pdf, folder_manifest, folder_pdf
from meetings.adapters.folder_manifest import Manifest, Part
from meetings.domain import meeting_folder
from meetings.models import Meeting, MeetingFolder

_PAPERS, _PAGES = 10, 9  # each with its sheet: 100 pages, and the agenda


def measure() -> dict[str, Any]:
    """Seconds from the claim of the row to the stored file, and how that compares to the bare pages."""
    at = clock.now()
    reader = Person.objects.filter(office="fachstelle").order_by("pk")[0]
    meeting = Meeting.objects.filter(agenda_sent_at__isnull=False).select_related("alliance", "venue").order_by("pk")[0]
    page = agenda_pdf.agenda_pdf(meeting, reader=reader, at=at)
    paper = _paper(page)
    manifest = _manifest(meeting, reader, paper)
    row = meeting_folder.ask(meeting, manifest, at=at)
    start = time.perf_counter()
    folder_pdf.make(row.pk, at=at)
    made = time.perf_counter() - start
    start = time.perf_counter()
    for _number in range(_PAPERS):
        writer = PdfWriter()
        writer.append(PdfReader(io.BytesIO(paper)))
        writer.write(io.BytesIO())
    bare = time.perf_counter() - start
    row = MeetingFolder.objects.get(pk=row.pk)
    return {"pages": row.pages, "seconds": round(made, 2), "times_the_bare_pages": round(made / bare, 1)}


def _paper(page: bytes) -> bytes:
    """Nine pages of real text."""
    writer = PdfWriter()
    for _number in range(_PAGES):
        writer.append(PdfReader(io.BytesIO(page)), pages=(0, 1))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _manifest(meeting: Meeting, reader: Person, paper: bytes) -> dict[str, Any]:
    found = folder_manifest.manifest(meeting, reader=reader, at=clock.now())
    parts: list[Part] = [
        {
            "number": 1,
            "item": "Punkt",
            "title": f"Unterlage {number}",
            "standing": "Stand 23.11.2026",
            "file_name": "unterlage.pdf",
            "stored_as": default_storage.save(f"bench-{number}", ContentFile(paper)),
        }
        for number in range(_PAPERS)
    ]
    return dict(cast(Manifest, {**found, "parts": parts}))
