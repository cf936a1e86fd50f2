"""What came of a call: noted, so that two colleagues with the same list see each other's, and undone where it was a slip."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.models import Person
from meetings.models import Meeting
from notifications.domain import telephone_list
from notifications.domain.telephone_list import Entry
from notifications.enums import CallOutcome
from notifications.models import TelephoneMark


class NotOnList(Exception):
    """There is no list of this meeting any more, or nobody like this on it; `str()` is a German sentence."""


def mark(meeting: Meeting, *, row: int, outcome: CallOutcome, by: Person, at: dt.datetime) -> Entry:
    """Note whether the person of this row of attendance was reached; the entry as it was before. Raises NotOnList.

    Reached is reached: who noted it first stays, also against a call in vain on a colleague's older list; only
    `take_back` undoes it. A second call in vain is noted anew.
    """
    found, entry = _entry(meeting, row, at)
    change = found.occasion.change
    with transaction.atomic():
        given = {"outcome": outcome, "at": at, "by": by}
        rows = TelephoneMark.objects.select_for_update()
        stored, is_new = rows.get_or_create(change=change, attendance=entry.row, defaults=given)
        if not is_new:
            if stored.outcome == CallOutcome.REACHED:
                return entry
            TelephoneMark.objects.filter(pk=stored.pk).update(**given)
        _record(f"telephone.{outcome}", entry, change.pk, by=by, at=at, meeting=meeting)
    return entry


def take_back(meeting: Meeting, *, row: int, by: Person, at: dt.datetime) -> Entry:
    """Nobody called after all; again, nothing happens. Raises NotOnList."""
    found, entry = _entry(meeting, row, at)
    change = found.occasion.change
    with transaction.atomic():
        number, _by_model = TelephoneMark.objects.filter(change=change, attendance=entry.row).delete()
        if number:
            _record("telephone.taken_back", entry, change.pk, by=by, at=at, meeting=meeting)
    return entry


def _entry(meeting: Meeting, row: int, at: dt.datetime) -> tuple[telephone_list.TelephoneList, Entry]:
    found = telephone_list.of(meeting, at=at)
    if found is None:
        raise NotOnList(_("Für diese Sitzung gibt es keine Telefonliste mehr."))
    entry = next((entry for entry in found.entries if entry.row.pk == row), None)
    if entry is None:
        raise NotOnList(_("Diese Person steht nicht mehr auf der Liste."))
    return found, entry


def _record(verb: str, entry: Entry, change: int, *, by: Person, at: dt.datetime, meeting: Meeting) -> None:
    journal.record(verb, entry.row, at=at, by=by, body=meeting.alliance, data={"change": change})
