"""The Ablaufzettel as a document (PDF/A-3a and PDF/UA-1) of one page."""

from __future__ import annotations

import datetime as dt
import io

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.adapters.typesetting import typeset
from buendnisse.clock import local, local_date
from buendnisse.models import Installation, Person
from meetings.adapters import agenda_pdf
from meetings.adapters.document_data import CoursePart, RunSheetDocument
from meetings.domain import run_sheet
from meetings.domain.run_sheet import Part, RunSheet
from meetings.models import Meeting

_TIGHTEST = 2


def pdf(meeting: Meeting, *, reader: Person, at: dt.datetime) -> bytes:
    """Set as large as one page allows; past the smallest size the words to say are left out."""
    from pypdf import PdfReader  # noqa: PLC0415 -- 12 MB that a web worker needs for this alone

    found = document(meeting, run_sheet.of(meeting, reader=reader, at=at), at=at)
    for tightness in range(_TIGHTEST + 1):
        content = typeset("run_sheet", {**found, "tightness": tightness})
        if len(PdfReader(io.BytesIO(content)).pages) == 1:
            return content
    bare = [{**part, "words": "", "goal": ""} for part in found["course"]]
    return typeset("run_sheet", {**found, "course": bare, "tightness": _TIGHTEST})


def file_name(meeting: Meeting) -> str:
    """Ablaufzettel-Arbeit-2026-12-03.pdf"""
    return f"Ablaufzettel-{meeting.alliance.word}-{local_date(meeting.start).isoformat()}.pdf"


def document(meeting: Meeting, sheet: RunSheet, *, at: dt.datetime) -> RunSheetDocument:
    """All wording of the document."""
    office = Installation.objects.filter(pk=1).first() or Installation(pk=1)
    names = {"body": meeting.alliance.name, "day": german.day(meeting.start)}
    agenda = sheet.agenda
    sums = _("%(minutes)d von %(capacity)d Minuten geplant") % {
        "minutes": agenda.minutes,
        "capacity": agenda.capacity,
    }
    line = [german.long_day(meeting.start), german.span(meeting.start, meeting.end), agenda_pdf.place(meeting), sums]
    return {
        "meta": {
            "title": _("Ablaufzettel: %(body)s am %(day)s") % names,
            "running_head": _("Ablaufzettel · %(body)s, %(day)s") % names,
            "author": " – ".join(filter(None, [office.district, office.office_name])),
            "date": local_date(at).isoformat(),
            "footer": _("Nur für die Sitzungsleitung"),
        },
        "letterhead": {"name": office.district, "office": office.office_name},
        "body_line": _("%s · nur für die Sitzungsleitung") % meeting.alliance.name,
        "title": _("Ablaufzettel für den %s") % german.day(meeting.start),
        "facts": [],
        "line": " · ".join(filter(None, line)),
        "course": [_part(part) for part in sheet.course],
        "lists": [{"title": title, "points": points} for title, points in sheet.lists],
        "tightness": 0,
    }


def _part(part: Part) -> CoursePart:
    entry, presenter = part.entry, part.entry.item.presenter
    return {
        "hour": f"{local(entry.begins):%H:%M}",
        "minutes": entry.item.duration_minutes,
        "item": str(entry.number),
        "title": entry.item.title,
        "who": f"{presenter.formal_name}, {presenter.organisation.short_name}" if presenter else "",
        "goal": part.goal,
        "words": part.words,
    }
