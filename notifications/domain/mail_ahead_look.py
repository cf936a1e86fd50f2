"""Who exactly will get a mail that a date sets off, and how it reads.

It is written as if it were then, and all is taken back.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import clock, german
from buendnisse.models import Change, Person
from meetings.domain import reminder_rules
from notifications.domain import calm_ahead, calm_parts, dispatch, previews, recipients, returns, unwanted
from notifications.domain.mail_ahead import VERBS, Coming
from notifications.domain.previews import Preview
from notifications.domain.recipients import LeftOut
from notifications.enums import OutboxState
from notifications.models import OutboxMessage

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """`note`: what is different for this person."""

    person: Person
    note: str = ""


Named = TypeVar("Named", Reader, LeftOut)


@dataclass(frozen=True)
class Look:
    """By name. `mail`: as `sample` will read it, one of those for whom nothing is different, if there is one.

    `failed`: how many rules could not be worked out, so that somebody may be missing.
    """

    readers: Sequence[Reader]
    left_out: Sequence[LeftOut]
    mail: Preview
    sample: Reader | None = None
    failed: int = 0


def look(coming: Coming, *, is_open: bool) -> Look:
    """As things stand now; whoever answers until then is not reminded."""
    with transaction.atomic(), clock.frozen(coming.at):
        found = _look(coming, is_open=is_open)
        transaction.set_rollback(True)
    return found


def _look(coming: Coming, *, is_open: bool) -> Look:
    newest = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    failed = sum(not is_done(rule, coming.at) for rule in calm_ahead.RULES)
    with suppress(dispatch.Untold):  # that is about something else, or the list is empty and says so
        dispatch.fan_out(at=coming.at)
    rows = list(_rows(coming, newest))
    left_out = {row.person_id: LeftOut(row.person, why) for row in rows if (why := why_not(row, coming.at))}
    going = [row for row in rows if row.person_id not in left_out]
    nobody = {one.person.pk: one for one in _without_address(coming, rows)}
    people = _by_name([*left_out.values(), *nobody.values()])
    if not going:
        return Look([], people, Preview(gone="over"), failed=failed)
    shown = min(going, key=lambda row: (_note(row), row.person.last_name, row.person.first_name, row.pk))
    mail = previews.preview(shown, at=coming.at, is_open=is_open)
    readers = _by_name(Reader(row.person, _note(row)) for row in going)
    return Look(readers, people, mail, Reader(shown.person, _note(shown)), failed)


def is_done(rule: Callable[..., int], at: dt.datetime) -> bool:
    """As in the ring, one that fails takes no other along."""
    try:
        with transaction.atomic():
            rule(at=at)
    except Exception:
        logger.exception("%s.%s failed in the look at a mail to come", rule.__module__, rule.__qualname__)
        return False
    return True


def _rows(coming: Coming, newest: int) -> Iterator[OutboxMessage]:
    """One a person: a call of another meeting may name this one, too."""
    rows = OutboxMessage.objects.filter(kind=coming.kind, pk__gt=newest, copy_to=None)
    met: set[int] = set()
    for row in rows.select_related("person__organisation").order_by("pk"):
        if coming.meeting.pk in calm_parts.meetings(row) and row.person_id not in met:
            met.add(row.person_id)
            yield row


def why_not(row: OutboxMessage, at: dt.datetime) -> str:
    """Why its reader will not get this call or reminder that was written for a look; empty where they will."""
    calm = row.data.get("calm", "")
    if calm == "said":
        return _("Hat es schon mit einer früheren Mail bekommen.")
    if calm == "limit":
        number = german.in_words(reminder_rules.current().per_quarter)
        return _("Hat in diesem Quartal schon %s Erinnerungen bekommen.") % number
    if row.is_held or returns.is_held(row.kind, row.person, row.copy_to):
        return _("Mails an diese Adresse kommen zurück. Sie wartet, bis die Adresse geprüft ist.")
    if row.state == OutboxState.WAITING and row.not_before > at:
        return _("Kommt nach eigenem Wunsch erst nach den Schulferien, am %s.") % german.day_and_month(row.not_before)
    return unwanted.why(row, at=at)


def _note(row: OutboxMessage) -> str:
    return _("zusammen mit anderem in einer Mail") if row.data.get("calm") == "together" else ""


def _without_address(coming: Coming, rows: Sequence[OutboxMessage]) -> list[LeftOut]:
    verb = next(verb for verb, kind in VERBS.items() if kind == coming.kind)
    change = Change.objects.of(coming.meeting).filter(verb=verb, at__gte=coming.at).order_by("-pk").first()
    known = {row.person_id for row in rows}
    return recipients.without_address(change, coming.kind, known, at=coming.at) if change else []


def _by_name(found: Iterable[Named]) -> list[Named]:
    return sorted(found, key=lambda one: (one.person.last_name, one.person.first_name, one.person.pk))
