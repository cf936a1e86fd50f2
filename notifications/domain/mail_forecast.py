"""All mail that dates will set off within the next days: the ring is rung ahead, day by day, and all is taken back.

Whoever answers meanwhile is reminded no more, and what happens meanwhile is told, too: it is how things stand now.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from buendnisse import clock
from buendnisse.models import Person
from notifications.domain import calm_parts, dispatch, due, mail_ahead, mail_ahead_look, unwanted
from notifications.domain.due import Step
from notifications.domain.mail_ahead import Coming
from notifications.enums import MailKind, OutboxState, RingStep
from notifications.models import OutboxMessage

logger = logging.getLogger(__name__)

#: Typesets files, and tells nobody.
_NOT_ASKED = frozenset({RingStep.ARCHIVES})
_ANY_TIME: Sequence[Step] = tuple(step for name, step in due.DEADLINES.items() if name not in _NOT_ASKED)
_AT_SEVEN: Sequence[Step] = tuple(due.REMINDERS.values())
_DIGESTS: Sequence[Step] = tuple(due.DIGESTS.values())
_MIDNIGHT = dt.time(0, 0)


@dataclass(frozen=True)
class Batch:
    """The mails of one kind that leave at one moment, of one meeting where each has its own. People by name."""

    kind: MailKind
    at: dt.datetime
    people: Sequence[Person]
    coming: Coming | None = None

    @property
    def label(self) -> str:
        return str(self.kind.label)


@dataclass(frozen=True)
class Forecast:
    """`failed`: how many rules could not be worked out, so that something may be missing."""

    batches: list[Batch]
    failed: int = 0


@dataclass
class _Found:
    """What was written so far, in order: after the message `first`, and up to `newest`, by `until`. A person of several in one mail counts for each of their meetings."""

    first: int
    newest: int
    until: dt.datetime
    people: dict[tuple[dt.datetime, MailKind, int | None], dict[int, Person]] = field(default_factory=dict)
    failed: set[Step] = field(default_factory=set)


def forecast(*, at: dt.datetime) -> Forecast:
    """In the order they leave. What can be looked at by itself (`mail_ahead`) is there also where nobody gets it."""
    coming = mail_ahead.coming(at=at)
    with transaction.atomic():
        _tell(at)  # what changed until now is no matter of a date
        first = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        found = _Found(first, first, at)
        for moment in _moments(at):
            with clock.frozen(moment):
                _ring(found, moment)
        transaction.set_rollback(True)
    batches = [_batch(key, list(people.values()), coming) for key, people in found.people.items()]
    seen = {(one.coming.kind, one.coming.meeting.pk) for one in batches if one.coming is not None}
    batches += [Batch(one.kind, one.at, [], one) for one in coming if (one.kind, one.meeting.pk) not in seen]
    return Forecast(sorted(batches, key=lambda one: one.at), len(found.failed))


def _moments(at: dt.datetime) -> Iterator[dt.datetime]:
    """The hours at which dates set something off: a day begins, and seven in the morning."""
    day, last = clock.local_date(at), at + mail_ahead.SHOWN
    while clock.at_local(day, _MIDNIGHT) <= last:
        for moment in (clock.at_local(day, _MIDNIGHT), clock.automatic_mail_time(day)):
            if at < moment <= last:
                yield moment
        day += dt.timedelta(days=1)


def _ring(found: _Found, moment: dt.datetime) -> None:
    is_seven = moment == clock.automatic_mail_time(clock.local_date(moment))
    _do([*_ANY_TIME, *_AT_SEVEN] if is_seven else _ANY_TIME, found, moment)
    _tell(moment)
    _do(_DIGESTS if is_seven else (), found, moment)
    waited = Q(pk__gt=found.first, state=OutboxState.WAITING, not_before__gt=found.until, not_before__lte=moment)
    new = OutboxMessage.objects.filter(Q(pk__gt=found.newest) | waited, copy_to=None)
    for row in new.select_related("person__organisation").order_by("pk"):
        _note(found, row, moment)
    OutboxMessage.objects.due(moment).order_by().update(state=OutboxState.SENT, sent_at=moment)
    found.newest = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found.until = moment


def _do(steps: Sequence[Step], found: _Found, moment: dt.datetime) -> None:
    found.failed |= {step for step in steps if not mail_ahead_look.is_done(step, moment)}


def _tell(at: dt.datetime) -> None:
    with suppress(dispatch.Untold):  # it is in the log, and about something else
        dispatch.fan_out(at=at)


def _note(found: _Found, row: OutboxMessage, moment: dt.datetime) -> None:
    kind = MailKind(row.kind)
    if mail_ahead.is_known(kind):
        if mail_ahead_look.why_not(row, moment):
            return
        about: list[int | None] = list(calm_parts.meetings(row))
    elif row.state != OutboxState.WAITING or row.not_before > moment or unwanted.why(row, at=moment):
        return
    else:
        about = [None]
    for meeting in about:
        found.people.setdefault((moment, kind, meeting), {})[row.person_id] = row.person


def _batch(key: tuple[dt.datetime, MailKind, int | None], people: Sequence[Person], coming: Sequence[Coming]) -> Batch:
    moment, kind, meeting = key
    by_name = sorted(people, key=lambda one: (one.last_name, one.first_name, one.pk))
    its_own = next((one for one in coming if (one.kind, one.meeting.pk) == (kind, meeting)), None)
    return Batch(kind, moment, by_name, its_own)
