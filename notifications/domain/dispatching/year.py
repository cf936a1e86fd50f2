"""The dates of a year: one mail to everybody who is asked to one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.enums import Role
from buendnisse.models import Change
from meetings.enums import Happened
from meetings.models import Attendance
from notifications.domain import year_confirmations
from notifications.domain.dispatching.meeting import with_addresses
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage


def confirmed(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Which dates are somebody's is looked up when the mail is written. Guests come for one meeting and hear of that."""
    data = {"year": change.data["year"], "plan": change.subject_id}
    matter = f"year:{data['year']}"
    rows = Attendance.objects.filter(meeting__in=change.data["meetings"], is_asked=True, deputy__isnull=True)
    told = set()
    for row in with_addresses(rows.exclude(role=Role.GUEST)):
        if row.person_id in told:
            continue
        told.add(row.person_id)
        yield Draft(MailKind.SAVE_THE_DATE, row.person, matter=matter, data=data)
        for address in row.person.further_addresses.all():
            copy = {**data, "of": str(MailKind.SAVE_THE_DATE)}
            yield Draft(MailKind.COPY, row.person, matter=f"copy:{matter}", data=copy, copy_to=address)


def taken_back(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The mails of this confirmation had replaced waiting ones of an earlier one that stands: those are written again.

    The composer drops whoever has no news.
    """
    year = change.data["year"]
    stand = year_confirmations.occasions([one.pk for one in year_confirmations.standing(year)])
    rows = OutboxMessage.objects.filter(matter__in=[f"year:{year}", f"copy:year:{year}"]).defer("payload")
    lost: dict[tuple[int, int | None], OutboxMessage] = {}
    for row in rows.select_related("person", "copy_to").order_by("pk"):
        key = (row.person_id, row.copy_to_id)
        if row.state != OutboxState.SUPERSEDED:
            lost.pop(key, None)  # it has told all of that, or will
        elif row.occasion in stand:
            lost[key] = row
    for row in lost.values():
        data = {name: value for name, value in row.data.items() if name != "told"}
        yield Draft(MailKind(row.kind), row.person, row.matter, data=data, copy_to=row.copy_to)


HANDLERS: dict[str, Handler] = {Happened.YEAR_CONFIRMED: confirmed, Happened.YEAR_TAKEN_BACK: taken_back}
