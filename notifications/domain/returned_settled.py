"""Mail that came back and was settled: who did what about it, and how that is taken back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import addresses, journal
from buendnisse.models import Change, Person
from notifications.domain import bounces, returned
from notifications.enums import ReturnKind
from notifications.models import MailReturn

_SHOWN = 200
#: How a matter was settled that asks for nothing but to be seen.
_SEEN: Mapping[str, str | Promise] = {
    ReturnKind.POLICY: _("Weitergegeben"),
    ReturnKind.COMPLAINT: _("Geklärt"),
    "mailbox": _("Geprüft"),
}


class NotReopened(Exception):
    """It is open already, or something newer holds. `str()` is a German sentence."""


@dataclass(frozen=True)
class Settled:
    """One matter with all its reports. `what` is the matter, `how` what was done; `may_be_reopened`: by its button."""

    last: MailReturn
    number: int
    what: str
    how: str
    may_be_reopened: bool

    @property
    def domain(self) -> str:
        return self.last.address.rpartition("@")[2]


def history() -> list[Settled]:
    """What somebody settled and is not forgotten yet, the latest first. Two queries however many."""
    rows = MailReturn.objects.filter(settled_by__isnull=False)
    rows = rows.select_related("person__organisation", "copy_to", "message", "settled_by")
    grouped: dict[tuple[object, ...], list[MailReturn]] = defaultdict(list)
    for row in rows.order_by("-settled_at", "-at", "-pk")[:_SHOWN]:
        grouped[(row.settled_at, row.settled_by_id, returned.matter(row))].append(row)
    changed = _last_changes([group[0].person for group in grouped.values()])
    return [_settled(group, changed) for group in grouped.values()]


def reopen(row: MailReturn, *, by: Person, at: dt.datetime) -> None:
    """It waits for somebody again, as before it was settled; what has left since has left. Raises NotReopened.

    An address fails again and holds what still waits, one that was corrected is put back, copies stop.
    """
    with transaction.atomic():
        stored = MailReturn.objects.select_for_update(of=("self",)).select_related("person", "copy_to", "message")
        held = stored.get(pk=row.pk)
        alike = MailReturn.objects.filter(settled_at=held.settled_at, settled_by=held.settled_by_id)
        same = [one.pk for one in alike.select_related("message") if returned.matter(one) == returned.matter(held)]
        found = _settled([held], _last_changes([held.person]))
        if not found.may_be_reopened:
            raise NotReopened(_("Das lässt sich nicht mehr zurücknehmen: Inzwischen gilt etwas Neueres."))
        _undo(held, by=by, at=at)
        MailReturn.objects.filter(pk__in=same).update(settled_at=None, settled_by=None)
        journal.record("mail.return_reopened", held, at=at, by=by, reason=held.kind)


def _settled(group: Sequence[MailReturn], changed: Mapping[int, dt.datetime]) -> Settled:
    last = group[0]
    matter, _key = returned.matter(last)
    if matter == "copy":
        goes = last.copy_to is not None and last.copy_to.gets_copy
        how, may = str(_("Kopien gehen wieder") if goes else _("Dabei bleibt es")), last.copy_to is not None
    elif matter != "address":
        how, may = str(_SEEN[matter]), True
    elif bounces.is_current(last):
        how, may = str(_("Adresse gilt wieder")), not last.person.mail_comes_back
    else:
        how, may = str(_("Neue Adresse eingetragen")), changed.get(last.person_id) == last.settled_at
    return Settled(last, len(group), matter, how, may_be_reopened=may and last.settled_by_id is not None)


def _undo(row: MailReturn, *, by: Person, at: dt.datetime) -> None:
    """What settling set off besides, the other way round. Raises NotReopened."""
    matter, _key = returned.matter(row)
    if matter == "copy" and row.copy_to is not None:
        bounces.stop_copies(row, row.copy_to, at)
    elif matter == "address":
        if not bounces.is_current(row):
            try:
                addresses.change(row.person, email=row.address, version=row.person.version, by=by, at=at)
            except addresses.AddressRefused as refused:
                raise NotReopened(str(refused)) from refused
        bounces.hold(row.person, row, at)


def _last_changes(people: Sequence[Person]) -> dict[int, dt.datetime]:
    """By person: when the address was changed last. One query."""
    numbers = {person.pk for person in people}
    found = Change.objects.filter(verb="person.address_changed", subject_id__in=numbers)
    return dict(found.order_by().values_list("subject_id").annotate(Max("at")))
