"""The list people sign when they come, made from what they answered."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.adapters.typesetting import typeset
from buendnisse.clock import local_date
from buendnisse.enums import Office, Role
from buendnisse.models import Installation, Person
from meetings.adapters import document_data as shape
from meetings.adapters import minutes_pdf
from meetings.enums import Answer
from meetings.models import Attendance, Meeting

_BLANK_ROWS = 5  # for those who come unannounced
_GUESTS = frozenset({Role.GUEST})
_OFFICE = frozenset({Role.MINUTE_TAKER})


def pdf(meeting: Meeting, *, at: dt.datetime) -> bytes:
    """The list as of `at`: who belongs, deputies in place of members, guests, empty rows."""
    return typeset("attendance", dict(document(meeting, at=at)))


def file_name(meeting: Meeting) -> str:
    """Anwesenheitsliste-Arbeit-2026-12-03.pdf"""
    return f"Anwesenheitsliste-{meeting.alliance.word}-{local_date(meeting.start).isoformat()}.pdf"


def document(meeting: Meeting, *, at: dt.datetime) -> shape.AttendanceSheet:
    """The data templates/documents/attendance.typ is filled with."""
    office = Installation.objects.filter(pk=1).first() or Installation(pk=1)
    names = {"body": meeting.alliance.name, "day": german.day(meeting.start)}
    rows = list(
        Attendance.objects.filter(meeting=meeting, is_asked=True)
        .select_related("person", "organisation", "stands_in_for__person")
        .order_by("organisation__name", "person__last_name", "person__first_name", "pk")
    )
    replaced = {row.stands_in_for_id for row in rows}
    rows = [row for row in rows if row.pk not in replaced]
    guests = [row for row in rows if row.role in _GUESTS]
    members = [row for row in rows if row not in guests and row.role not in _OFFICE]
    groups: list[shape.SigningGroup] = [
        {"title": _("Mitglieder und Stellvertretungen"), "people": [_signing(row) for row in members]}
    ]
    if guests:
        groups.append({"title": _("Gäste"), "people": [_signing(row) for row in guests]})
    if ours := _fachstelle(meeting, besides={row.person_id for row in [*members, *guests]}):
        groups.append({"title": office.office_name, "people": ours})
    place = meeting.venue.name if meeting.venue else ""
    return {
        "meta": {
            "title": _("Anwesenheitsliste: %(body)s am %(day)s") % names,
            "running_head": _("Anwesenheitsliste · %(body)s, %(day)s") % names,
            "author": f"{office.district} – {office.office_name}",
            "date": local_date(at).isoformat(),
            "footer": f"{office.district}, {office.office_name} · {office.office_phone}",
            "keywords": [_("Anwesenheit")],
        },
        "letterhead": {"name": office.district, "office": office.office_name},
        "body_line": f"{meeting.alliance.name} · {minutes_pdf.quarter(meeting.quarter)}",
        "title": _("Anwesenheitsliste"),
        "facts": [],
        "line": ", ".join(filter(None, [german.when(meeting.start, meeting.end), place])),
        "note": _(
            "Mit der Unterschrift bestätigen Sie Ihre Teilnahme. Die Liste bleibt bei der Fachstelle und wird nicht"
            " veröffentlicht."
        ),
        "groups": groups,
        "blank_rows": _BLANK_ROWS,
        "closing": _("Für die Richtigkeit:"),
        "signatures": [_("Sitzungsleitung"), _("Protokollführung")],
    }


def _fachstelle(meeting: Meeting, *, besides: set[int]) -> list[shape.Signing]:
    """Who runs the meeting is there, too."""
    people = (
        Person.objects.active_on(local_date(meeting.start)).filter(office=Office.FACHSTELLE).exclude(pk__in=besides)
    )
    rows = people.select_related("organisation").order_by("last_name", "first_name", "pk")
    return [{"name": person.name_with_title, "organisation": person.organisation.name} for person in rows]


def _signing(row: Attendance) -> shape.Signing:
    found: shape.Signing = {"name": row.person.name_with_title, "organisation": row.organisation.name}
    if row.stands_in_for is not None:
        found["remark"] = _("vertritt %s") % row.stands_in_for.person.full_name
    if row.answer == Answer.ACCEPTED_ONLINE:
        found["instead"] = _("online, bestätigt die Protokollführung")
    elif row.answer == Answer.DECLINED:
        found["instead"] = _("entschuldigt")
    return found
