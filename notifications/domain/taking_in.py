"""Taking somebody in, taken back while no mail about it has left."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.models import Change, Person
from meetings.domain import joining
from notifications.domain import hushing


def may_be_taken_back(person: Person, *, at: dt.datetime) -> Change | None:
    """The last time this person took seats, if nobody has heard of it yet. Three queries at most."""
    change = joining.latest(person, at=at)
    return change if change is not None and not hushing.is_heard(journal.in_one_go(change)) else None


def take_back(person: Person, *, by: Person, at: dt.datetime) -> None:
    """The seats were never taken, and nobody is told. Raises JoinRefused."""
    with transaction.atomic():
        change = joining.latest(person, at=at)
        if change is not None and not hushing.hush(journal.in_one_go(change), at=at):
            raise joining.JoinRefused(
                _("Die ersten Mails sind schon unterwegs. Bitte beenden Sie die Mitgliedschaften einzeln.")
            )
        joining.take_back(person, by=by, at=at)
