"""Before something is done that many hear of: who gets which mail, and how it will read.

It is done, its mail is written, and all is taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.models import Change, Person
from notifications.domain import batch, dispatch, mail_run, previews, recipients, unwanted
from notifications.domain.letter import NothingToSay
from notifications.domain.letters import compose
from notifications.domain.previews import Preview
from notifications.domain.recipients import LeftOut
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

_PORTION = 100


@dataclass(frozen=True)
class Look:
    """People by name. `mail`: as `sample` will read it."""

    readers: Sequence[Person]
    copies: int
    left_out: Sequence[LeftOut]
    mail: Preview | None = None
    sample: Person | None = None

    @property
    def in_words(self) -> str:
        """ "23 Personen und eine weitere Adresse"."""
        return mail_run.readers_in_words(len(self.readers), self.copies)

    @property
    def mails(self) -> str:
        """ "23 Mails und eine Kopie"."""
        return mail_run.in_words(len(self.readers), self.copies)


def look(act: Callable[[], object], *, kind: MailKind, at: dt.datetime, person: int | None = None) -> Look:
    """What `act` would set off of this kind. `person`: whose mail to show. Whatever `act` refuses it raises here.

    `act` loads what it changes: what the caller holds stays as it was.
    """
    with transaction.atomic():
        with suppress(dispatch.Untold):
            dispatch.fan_out(at=at)
        newest = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        last = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        act()
        with suppress(dispatch.Untold):
            dispatch.fan_out(at=at)
        rows = list(_written(last, kind))
        silent = _silent(rows, at)
        going = [row for row in rows if row.pk not in silent]
        left_out = [LeftOut(row.person, silent[row.pk]) for row in rows if row.pk in silent and row.copy_to is None]
        known = {row.person_id for row in rows}
        for change in Change.objects.filter(pk__gt=newest).order_by("pk"):
            left_out += recipients.without_address(change, kind, known, at=at)
        people = [row.person for row in going if row.copy_to is None]
        shown = _shown(going, person)
        mail = previews.preview(shown, at=at, is_open=False) if shown else None
        transaction.set_rollback(True)
    return Look(
        sorted(people, key=_by_name),
        len(going) - len(people),
        sorted(left_out, key=lambda one: _by_name(one.person)),
        mail,
        shown.person if shown else None,
    )


def _written(last: int, kind: MailKind) -> Sequence[OutboxMessage]:
    new = OutboxMessage.objects.filter(pk__gt=last).exclude(state=OutboxState.SUPERSEDED)
    rows = new.select_related("person__organisation", "copy_to").order_by("pk")
    return [row for row in rows if kind in {row.kind, row.data.get("of")}]


def _silent(rows: Sequence[OutboxMessage], at: dt.datetime) -> dict[int, str]:
    """Who will hear nothing, and why."""
    found: dict[int, str] = {}
    for start in range(0, len(rows), _PORTION):
        portion = rows[start : start + _PORTION]
        with batch.sharing(portion):
            found |= {row.pk: why for row in portion if (why := _why_not(row, at))}
    return found


def _why_not(row: OutboxMessage, at: dt.datetime) -> str:
    if row.is_held:
        return _("Mails an diese Adresse kommen zurück. Sie wartet, bis die Adresse geprüft ist.")
    if why := unwanted.why(row, at=at):
        return why
    try:
        compose(row, at)
    except NothingToSay:
        return _("Hat von diesem Termin noch nichts gehört.") if row.kind != MailKind.MINUTES else _("Schon gesagt.")
    return ""


def _shown(rows: Collection[OutboxMessage], person: int | None) -> OutboxMessage | None:
    """The mail of whoever was asked for, or the first by name."""
    own = [row for row in rows if row.copy_to is None]
    asked = next((row for row in own if row.person_id == person), None)
    return asked or min(own, key=lambda row: _by_name(row.person), default=None)


def _by_name(person: Person) -> tuple[str, str, int]:
    return person.last_name, person.first_name, person.pk
