"""Mail that did not leave or arrive, by the domain it was for: one cause a domain more often than one a person."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import journal
from buendnisse.models import Installation, Person
from notifications.bounces.status import code_in, kind_of
from notifications.domain import outbox
from notifications.enums import OutboxState, ReturnKind
from notifications.models import OutboxMessage

_SHOWN = 500
_WHAT_TO_DO = {
    ReturnKind.HARD: _(
        "Diese Adressen gibt es dort nicht. Bitte rufen Sie die Personen an und fragen Sie nach der Adresse."
    ),
    ReturnKind.SOFT: _("Der Mailserver dort hatte eine Störung. Senden Sie später noch einmal."),
    ReturnKind.POLICY: _("Der Mailserver dort weist uns ab. Bitte geben Sie den Wortlaut an die IT weiter."),
}


@dataclass(frozen=True)
class Domain:
    """`name` empty: written to no address at all, or the mail could not be written."""

    name: str
    number: int
    people: int
    failure: str
    what_to_do: str


def by_domain() -> list[Domain]:
    """The domain with most of them first. One query."""
    rows = OutboxMessage.objects.filter(state=OutboxState.FAILED).order_by("-pk")
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for address, person, failure in rows.values_list("to_address", "person", "failure")[:_SHOWN]:
        found[address.rpartition("@")[2].lower()].append((person, failure))
    domains = [
        Domain(name, len(mails), len({person for person, _failure in mails}), mails[0][1], _advice(name, mails[0][1]))
        for name, mails in found.items()
    ]
    return sorted(domains, key=lambda one: (-one.number, one.name))


def send_again(name: str, *, by: Person, at: dt.datetime) -> int:
    """Everything that failed for this domain goes once more; the number of mails."""
    rows = OutboxMessage.objects.filter(state=OutboxState.FAILED)
    rows = rows.filter(to_address__iendswith=f"@{name}") if name else rows.filter(to_address="")
    done = 0
    with transaction.atomic():
        chosen = rows.exclude(pk__in=list(rows.outdated().values_list("pk", flat=True)))
        for message in chosen:
            try:
                outbox.release(message, at=at)
            except outbox.NotWaiting:
                continue
            done += 1
        if done:
            journal.record("mail.release", Installation(pk=1), at=at, by=by, data={"messages": done})
    return done


def _advice(name: str, failure: str) -> str:
    if not name:
        return str(_("Das Programm konnte die Mail nicht schreiben. Bitte sagen Sie der IT Bescheid."))
    return str(_WHAT_TO_DO.get(ReturnKind(kind_of(code_in(failure), failure)), _WHAT_TO_DO[ReturnKind.SOFT]))
