"""Decisions: the question how they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.models import Change, Person
from meetings.enums import Happened
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def reminded(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """One for each decision; what is due for one person goes together (`calm`), and a later one replaces an earlier."""
    person = Person.objects.filter(pk=change.data["responsible"]).first()
    if person is not None:
        pk = change.subject_id
        data = {"only": [pk], "about": f"{change.data['follow_up_on']}.{change.reason}"}
        yield Draft(MailKind.DECISION_DUE, person, matter=f"decision:{pk}", data=data)


HANDLERS: dict[str, Handler] = {Happened.DECISION_REMINDED: reminded}
