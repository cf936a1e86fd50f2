"""What is done with a relay between its sending and its answer: put off, given a new date, let run on, closed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import agenda_fate, relay_ground, relay_item, relay_report, relay_rules
from meetings.domain.moves import MoveRefused
from meetings.domain.relay_journal import record
from meetings.enums import RELAY_TRAVELLING, Happened, RelayState
from meetings.models import AgendaItem, Meeting, Relay


def defer(
    relay: Relay, *, to: Meeting | None, reason: str, by: Person, at: dt.datetime, via: str = Via.WEB
) -> AgendaItem:
    """Put the target's item off, to a later meeting or to its Themenspeicher; the item the relay waits for now.

    Raises NotOnAgenda, what `agenda.defer` raises.
    """
    item = relay_item.standing_item(relay)
    if item is None or relay.state not in RELAY_TRAVELLING:
        raise relay_rules.NotOnAgenda(_("%s steht auf keiner Tagesordnung.") % relay.number)
    with transaction.atomic():
        successor = agenda_fate.defer(item, to=to, reason=reason, by=by, at=at, via=via)
        relay.target_item = successor
        record(
            Happened.RELAY_DEFERRED, relay, body=relay.target, by=by, at=at, via=via, item=successor, put_off=item.pk
        )
    return successor


def move_due(relay: Relay, *, due_on: dt.date, version: int | None = None, by: Person, at: dt.datetime) -> None:
    """Give the target another date for its answer; the wording stays.

    `version`: the one its writer has read, else whatever is stored. Raises DueTooEarly, KindDoesNotFit, Stale, MoveRefused.
    """
    relay_rules.require_answerable(relay)
    if due_on < local_date(at):
        raise relay_rules.DueTooEarly(_("Der %s ist schon vorbei.") % german.day(due_on))
    with transaction.atomic():
        stored = Relay.objects.select_for_update(of=["self"]).get(pk=relay.pk)
        if stored.state not in RELAY_TRAVELLING:
            raise MoveRefused(_("Diese Weiterleitung wartet auf keine Antwort mehr."))
        if stored.due_on == due_on:
            return  # a second tap
        if version is not None and stored.version != version:
            raise relay_rules.Stale(stored)
        before = stored.due_on
        Relay.objects.filter(pk=relay.pk).update(due_on=due_on, version=F("version") + 1)
        relay.refresh_from_db(fields=["due_on", "version"])
        was_due = before.isoformat() if before else None
        record(Happened.RELAY_DUE_MOVED, relay, body=relay.source, by=by, at=at, was_due=was_due)


def keep(relay: Relay, *, by: Person, at: dt.datetime) -> None:
    """Its decision does not stand any more; let the question run on all the same. Again, it does nothing.

    Raises MoveRefused.
    """
    if not relay_ground.has_lost_its_ground(relay) or relay.state == RelayState.DRAFT:
        raise MoveRefused(_("Was hier weitergeleitet ist, gilt noch."))
    with transaction.atomic():
        if Relay.objects.filter(pk=relay.pk, kept_at=None).update(kept_at=at):
            relay.kept_at = at
            record(Happened.RELAY_KEPT, relay, body=relay.source, by=by, at=at)


def close(relay: Relay, *, by: Person, at: dt.datetime) -> None:
    """The answer was told another way than in a meeting, by telephone for one. Raises MoveRefused."""
    if relay.state != RelayState.RETURNED:
        raise MoveRefused(_("Abschließen lässt sich nur, was beantwortet ist."))
    relay_report.close(relay, at=at, by=by, via=Via.WEB, was=str(relay.state))
