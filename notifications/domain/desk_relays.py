"""Relays on the Schreibtisch: what is overdue, where the Fachstelle must act, and whom only a call reminds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse.clock import local_date
from buendnisse.enums import Via
from buendnisse.models import Change, Person
from meetings.domain import relay_ground, relay_reminders, relay_turn
from meetings.domain.relay_turn import Surroundings, Turn, Waiting
from meetings.enums import Happened, RelayState
from meetings.models import Relay
from notifications.domain.desk_line import Line, href

_TOLD_FOR = dt.timedelta(days=14)
#: So long what others wrote stands on the desk.
_NEWS = dt.timedelta(days=7)
_SAID = {
    RelayState.RETURNED: gettext_lazy("%(body)s hat geantwortet: %(subject)s"),
    RelayState.CLOSED: gettext_lazy("%(body)s hat geantwortet: %(subject)s"),
    RelayState.DECLINED: gettext_lazy("%(body)s ist nicht zuständig: %(subject)s"),
}


@dataclass(frozen=True)
class Passage:
    """A relay under way, and what it waits for."""

    relay: Relay
    waiting: Waiting

    @property
    def href(self) -> str:
        return href("meetings:relay_path", self.relay.number)


def lines(passages: Iterable[Passage], around: Surroundings, *, at: dt.datetime) -> Iterator[Line]:
    """A line a relay at most."""
    today = local_date(at)
    for passage in passages:
        relay, waiting = passage.relay, passage.waiting
        is_ours = waiting.turn == Turn.FACHSTELLE or relay_turn.is_overdue(relay, today)
        to_ring_up = _to_ring_up(passage, around, at=at)
        if not is_ours and to_ring_up is None:
            continue
        why = waiting.otherwise
        if to_ring_up is not None:
            why = _("%(otherwise)s %(call)s") % {"otherwise": why, "call": _call(to_ring_up)}
        yield Line(
            title=relay.subject,
            why=why,
            due=relay.due_on,
            href=passage.href,
            action=_("Weiterleitung ansehen"),
            bodies=(relay.source, relay.target),
        )


def returned(*, at: dt.datetime) -> Iterator[Line]:
    """What others answered or gave back themselves in the last days, so that the Fachstelle hears of it before its report."""
    told = Change.objects.filter(
        subject_type="relay",
        verb__in=[Happened.RELAY_ANSWERED, Happened.RELAY_DECLINED],
        via=Via.LINK,
        at__gt=at - _NEWS,
    )
    known = _SAID.keys()
    relays = Relay.objects.filter(pk__in=told.values("subject_id"), state__in=known)
    for relay in relays.select_related("source", "target").order_by("number"):
        yield Line(
            title=_SAID[RelayState(relay.state)] % {"body": relay.target.word, "subject": relay.subject},
            why=relay.reason or relay.answer,
            href=href("meetings:relay_path", relay.number),
            action=_("Weiterleitung ansehen"),
            bodies=(relay.target, relay.source),
            is_urgent=True,
        )


def fallen(*, at: dt.datetime) -> Iterator[Line]:
    """Answers whose decision was revoked or replaced in the last two weeks: does who asked have to ask again?"""
    since = local_date(at) - _TOLD_FOR
    fell = Q(answer_decision__revoked_on__gte=since) | Q(answer_decision__superseded_on__gte=since)
    rows = Relay.objects.filter(fell).select_related("source", "target", "answer_decision").order_by("pk")
    for relay in rows:
        lost = relay_ground.lost_answer(relay)
        yield Line(
            title=_("Antwort aus %(target)s gilt nicht mehr: %(subject)s")
            % {"target": relay.target.word, "subject": relay.subject},
            why=_("%(lost)s %(source)s liest es im nächsten Bericht. Soll neu gefragt werden?")
            % {"lost": lost, "source": relay.source.word},
            is_urgent=True,
            href=href("meetings:relay_path", relay.number),
            action=_("Weiterleitung ansehen"),
            bodies=(relay.source, relay.target),
        )


def _to_ring_up(passage: Passage, around: Surroundings, *, at: dt.datetime) -> Person | None:
    """Who speaks for the target and reads no mail, once the first reminder would have gone."""
    relay = passage.relay
    if passage.waiting.turn != Turn.TARGET or not relay_reminders.is_near(relay, at=at):
        return None
    person = around.spokespeople.get(relay.target_id)
    return person if person is not None and not person.gets_mail else None


def _call(person: Person) -> str:
    way = _("Telefon %s") % person.phone if person.phone else _("Keine Telefonnummer eingetragen")
    return _("Bitte anrufen: %(name)s. Keine E-Mail. %(way)s.") % {"name": person.formal_name, "way": way}
