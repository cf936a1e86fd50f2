"""Decisions: the question how they stand, one mail a person however many are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.models import Change, Person
from meetings.enums import Happened
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def reminded(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """A later one replaces an earlier one that still waits: the letter names all that is due."""
    person = Person.objects.filter(pk=change.data["responsible"]).first()
    if person is not None:
        yield Draft(
            MailKind.DECISION_DUE, person, matter="decisions", data={"about": f"{change.subject_id}.{change.reason}"}
        )


HANDLERS: dict[str, Handler] = {Happened.DECISION_REMINDED: reminded}
