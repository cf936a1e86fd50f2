"""Who gets the mails of one occasion, and who gets none and why: looked at before they leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.models import Change, Person
from notifications.domain import mail_room, mail_run, unwanted
from notifications.domain.dispatching import HANDLERS
from notifications.enums import STILL_HERE, OutboxState
from notifications.models import OutboxMessage


@dataclass(frozen=True)
class LeftOut:
    person: Person
    reason: str


@dataclass(frozen=True)
class Recipients:
    """`by_mail`: the messages that leave or have left, by name; `left_out`: who will read nothing, by name."""

    by_mail: Sequence[OutboxMessage]
    left_out: Sequence[LeftOut]

    @property
    def in_words(self) -> str:
        """ "39 Personen und eine weitere Adresse"."""
        copies = sum(row.copy_to_id is not None for row in self.by_mail)
        return mail_run.readers_in_words(len(self.by_mail) - copies, copies)


def of(message: OutboxMessage, *, at: dt.datetime) -> Recipients:
    """Of all mails of this message's occasion, as of `at`."""
    rows = mail_room.siblings(message)
    left_out = [LeftOut(row.person, reason) for row in rows if (reason := _why_not(row, at=at))]
    silent = {row.pk for row in rows if _why_not(row, at=at)}
    if message.state in STILL_HERE and (change := mail_room.cause(message)) is not None:
        left_out += without_address(change, message.kind, {row.person_id for row in rows}, at=at)
    by_name = sorted(left_out, key=lambda one: (one.person.last_name, one.person.first_name, one.person.pk))
    return Recipients([row for row in rows if row.pk not in silent], by_name)


def _why_not(row: OutboxMessage, *, at: dt.datetime) -> str:
    if row.state == OutboxState.SUPERSEDED:
        return row.failure or _("Dazu gibt es inzwischen eine neuere Mail.")
    if row.is_held:
        return _("Mails an diese Adresse kommen zurück. Sie wartet, bis die Adresse geprüft ist.")
    return unwanted.why(row, at=at) if row.state in STILL_HERE else ""


def without_address(change: Change, kind: str, known: Collection[int], *, at: dt.datetime) -> list[LeftOut]:
    """Whom a change is told to by mail of this kind, and whom we may not write to."""
    handler = HANDLERS.get(change.verb)
    if handler is None:
        return []
    try:
        with transaction.atomic():
            drafts = [draft for draft in handler(change, at) if draft.copy_to is None]
            transaction.set_rollback(True)
    except ObjectDoesNotExist:
        return []  # its thing is gone since
    people = {draft.person.pk: draft.person for draft in drafts if draft.kind == kind}
    reason = _("Ohne E-Mail-Adresse. Bitte per Post oder Telefon.")
    return [LeftOut(one, reason) for one in people.values() if one.pk not in known and not one.wants_mail]
