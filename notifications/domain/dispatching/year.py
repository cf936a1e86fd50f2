"""The dates of a year: one mail to everybody who is asked to one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.enums import Role
from buendnisse.models import Change
from meetings.enums import Happened
from meetings.models import Attendance
from notifications.domain.dispatching.meeting import with_addresses
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


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


HANDLERS: dict[str, Handler] = {Happened.YEAR_CONFIRMED: confirmed}
