"""Asking units for their short report: beside the call for topics where that comes anyway, else in a letter of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.domain import unit_reports
from meetings.domain.unit_reports import UnitRow
from meetings.enums import MeetingState
from meetings.models import Meeting
from notifications.domain import batch, urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import sitting
from notifications.enums import MailKind
from notifications.models import OutboxMessage


@dataclass(frozen=True)
class Request:
    """What one person is asked to write for one meeting."""

    meeting: Meeting
    units: str
    until: dt.date
    is_late: bool
    url: str

    @property
    def question(self) -> str:
        """ "Was gibt es bei Ihnen Neues (Netwin)? Bitte schreiben Sie uns ein paar Sätze bis …" """
        return _("Was gibt es bei Ihnen Neues (%(units)s)? %(wish)s") % {"units": self.units, "wish": self._wish("")}

    @property
    def sentence(self) -> str:
        """The same beside other things, so with the meeting it is for."""
        names = {"body": self.meeting.alliance.word, "day": german.day_and_month(self.meeting.start)}
        wish = self._wish(_(" für den %(day)s (%(body)s)") % names)
        return _("Was gibt es bei Ihnen Neues (%(units)s)? %(wish)s") % {"units": self.units, "wish": wish}

    def _wish(self, what_for: str) -> str:
        """Once the agenda is out the day is another one, and it is said why."""
        names = {"until": german.long_day(self.until), "what_for": what_for}
        if self.is_late:
            words = _(
                "Für die Tagesordnung ist es schon zu spät. Nachreichen können Sie ein paar Sätze%(what_for)s bis %(until)s."
            )
        else:
            words = _("Bitte schreiben Sie uns ein paar Sätze%(what_for)s bis %(until)s.")
        return words % names


def of(person: Person, meetings: Sequence[Meeting], *, at: dt.datetime) -> list[Request]:
    """The reports this person is asked for and has not written, a request a meeting."""
    return [_request(person, meeting, found, at) for meeting in meetings if (found := _own(person, meeting, at))]


def unit_report(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The letter for whoever gets no mail about topics at this moment. Over once the report is there."""
    meeting = sitting.meeting_of(message)
    requests = of(message.person, [meeting], at=at)
    if meeting.state == MeetingState.CANCELLED or not requests:
        raise NothingToSay
    return asking(meeting, requests, is_reminder=bool(message.data.get("reminder")))


def asking(meeting: Meeting, requests: Sequence[Request], *, is_reminder: bool) -> Letter:
    """The letter about nothing but the report."""
    context = {**sitting.about(meeting), "reports": requests, "is_reminder": is_reminder}
    return Letter("unit_report", context | {"request": requests[0]})


def _own(person: Person, meeting: Meeting, at: dt.datetime) -> list[UnitRow]:
    rows = batch.once(("reports", meeting.pk), lambda: unit_reports.waiting_for(meeting, at=at))
    return [row for row in rows if row.contact.pk == person.pk]


def _request(person: Person, meeting: Meeting, rows: Sequence[UnitRow], at: dt.datetime) -> Request:
    url = urls_for.personal(
        person,
        purpose=LinkPurpose.UNIT_REPORT,
        subject=meeting,
        until=meeting.end,
        at=at,
        together={person.pk: person},
    )
    window = unit_reports.window(meeting, at=at)
    until = window.late_until if window.is_late else window.in_time_until
    units = german.listing([row.unit.short_name for row in rows])
    return Request(meeting, units, until, window.is_late, url)


COMPOSERS: dict[str, Composer] = {MailKind.UNIT_REPORT: unit_report}
