"""`manage.py plan YEAR`: propose the year's meetings, and confirm them as the page does."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from buendnisse import clock, german
from buendnisse.clock import local
from buendnisse.enums import Via
from meetings.domain import planning, proposing, quarter, year_plan
from meetings.domain.proposing import Proposal, Slot
from meetings.enums import DeadlineKind

_SCHEDULE = (
    DeadlineKind.SAVE_THE_DATE,
    DeadlineKind.CALL_FOR_ITEMS,
    DeadlineKind.REMINDER,
    DeadlineKind.EDITORIAL_DEADLINE,
    DeadlineKind.INVITATION,
    DeadlineKind.MINUTES_DUE,
    DeadlineKind.OBJECTION_UNTIL,
)


class Command(BaseCommand):
    help = "Schlägt die Sitzungen eines Jahres vor; mit --confirm werden sie festgelegt und alle benachrichtigt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--json", action="store_true", help="für Programme lesbar")
        parser.add_argument("--confirm", action="store_true", help="festlegen, was noch nicht steht")

    def handle(self, *args: Any, **options: Any) -> None:
        year, at = options["year"], clock.now()
        if not quarter.can_be_planned(year):
            bounds = {"first": quarter.FIRST_YEAR, "last": quarter.LAST_YEAR}
            raise CommandError(_("Das Jahr muss zwischen %(first)s und %(last)s liegen.") % bounds)
        confirmed = 0
        if options["confirm"]:
            try:
                confirmed = len(year_plan.confirm(year, seen=None, by=None, at=at, via=Via.COMMAND))
            except planning.PlanRefused as refused:
                raise CommandError(str(refused)) from refused
        proposal = proposing.propose(year, at=at)
        if options["json"]:
            self.stdout.write(json.dumps(_as_data(proposal), ensure_ascii=False, indent=2))
            return
        for slot in proposal.slots:
            self.stdout.write(_line(slot))
        self.stdout.write(_("Schulferien sind bis %s bekannt.") % german.day(proposal.known_until))
        if options["confirm"]:
            self.stdout.write(_("Festgelegt: %s.") % german.count(confirmed, _("Termin"), _("Termine")))
            self.stdout.write(
                _("Die Mails gehen in einer Minute. Bis dahin: /planung/%s/, „Alles zurücknehmen“.") % year
            )


def _as_data(proposal: Proposal) -> dict[str, Any]:
    return {
        "year": proposal.year,
        "known_until": proposal.known_until.isoformat(),
        "meetings": [_entry(slot, proposal) for slot in proposal.slots],
    }


def _entry(slot: Slot, proposal: Proposal) -> dict[str, Any]:
    """One slot; `meeting` is the slug of what stands there already. Without a date `reasons` says why."""
    appointment, dates = slot.appointment, proposal.schedule(slot)
    venue = slot.meeting.venue if slot.meeting else slot.venue
    return {
        "alliance": slot.alliance.slug,
        "quarter": str(slot.quarter),
        "start": local(appointment.start).isoformat() if appointment else None,
        "end": local(appointment.end).isoformat() if appointment else None,
        "venue": venue.name if venue else None,
        "reasons": slot.reasons,
        "conflicts": [conflict.text for conflict in slot.conflicts],
        "schedule": {str(kind): dates[kind].isoformat() for kind in _SCHEDULE if kind in dates},
        "meeting": slot.meeting.slug if slot.meeting else None,
    }


def _line(slot: Slot) -> str:
    where = f"{slot.quarter}  {slot.alliance.word:<14}"
    if slot.appointment is None:
        return f"{where}{' '.join(slot.reasons)}"
    when = f"{german.weekday_day(slot.appointment.start)}, {german.span(slot.appointment.start, slot.appointment.end)}"
    state = f" [{slot.meeting.get_state_display()}]" if slot.meeting else ""
    remarks = " ".join([*slot.reasons, *(conflict.text for conflict in slot.conflicts)])
    return f"{where}{when}{state}  {remarks}"
