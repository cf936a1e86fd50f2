"""Three bodies and everything that may happen between them, one act a method: what the sequences are drawn from.

An act picks among what is there by a number, does the real verb, and swallows its refusals: what is refused must leave
nothing behind, which the invariants look at after every act.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.db import transaction

from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import (
    agenda,
    agenda_confidential,
    agenda_own,
    cancellation,
    circular,
    circular_ballots,
    circular_end,
    circular_rules,
    decisions,
    open_minutes,
    planning,
    relay,
    relay_reminders,
    relay_report,
    relay_rules,
    relay_steer,
    relay_undo,
    session,
    session_end,
    stranded,
    voting,
)
from meetings.domain.circular_rules import CircularRefused
from meetings.domain.moves import MoveRefused
from meetings.enums import (
    RELAY_TRAVELLING,
    AgendaItemState,
    MeetingState,
    RelayAnswerKind,
    RelayKind,
    RelayOutcome,
)
from meetings.models import AgendaItem, Ballot, CircularVote, Decision, Meeting, Relay
from tests.factories.meetings import AgendaItemFactory
from tests.support.relay_scene import Scene, meeting
from tests.world import AT

REFUSED = (
    relay_rules.RelayRefused,
    agenda.AgendaRefused,
    MoveRefused,
    planning.PlanRefused,
    planning.StaleVersion,
    planning.NeedsReason,
    CircularRefused,
    open_minutes.NotInSession,
    open_minutes.MinutesFrozen,
    voting.QuorumMissing,
    decisions.TakenForGood,
    decisions.NumberSelf,
    agenda_confidential.StandsForAll,
)
_KINDS = tuple(RelayKind)
_ANSWERS = tuple(RelayAnswerKind)
_FATES = ("backlog", "done", "")
_WEEK = dt.timedelta(days=7)


class Acts:
    """What people and the clock do. Every method takes numbers and chooses by them, so that a sequence can be told again."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.at = AT
        self.done: Counter[str] = Counter()
        self.by: Person = scene.cast.imke
        self.alliances = (scene.cast.bildung, scene.cast.gesellschaft, scene.cast.arbeit)

    # --- choosing ---------------------------------------------------------------------------------

    @staticmethod
    def one_of(rows: Any, number: int) -> Any:
        found = list(rows)
        return found[number % len(found)] if found else None

    def _relay(self, number: int) -> Any:
        """Mostly one that is under way."""
        rows = Relay.objects.order_by("pk").select_related("source", "target", "target_item__meeting")
        travelling = list(rows.filter(state__in=RELAY_TRAVELLING))
        return self.one_of(travelling if travelling and number % 4 else rows, number // 4)

    def _ahead(self, number: int, *, of: Any = None) -> Any:
        rows = Meeting.objects.filter(start__gt=self.at).exclude(state=MeetingState.CANCELLED)
        rows = rows.filter(alliance_id=of) if of else rows
        return self.one_of(rows.select_related("alliance", "venue").order_by("start", "pk"), number)

    def _item(self, number: int) -> Any:
        """Mostly one that answers a relay."""
        rows = AgendaItem.objects.filter(standing_code="").select_related("alliance", "meeting", "answers")
        rows = rows.order_by("pk")
        answering = list(rows.filter(answers__isnull=False))
        return self.one_of(answering if answering and number % 3 else rows, number // 3)

    def _try(self, name: str, act: Callable[[], object]) -> None:
        with suppress(*REFUSED):
            with transaction.atomic():
                act()
            self.done[name] += 1

    # --- the clock --------------------------------------------------------------------------------

    def pass_time(self, days: int) -> None:
        """The clock goes on, and the ring does what is due: twice, and the second time nothing."""
        self.at += dt.timedelta(days=days, minutes=3)
        self.ring()
        assert self.ring() == 0, "ringing twice at one moment did something twice"
        self.done["time"] += 1

    def ring(self) -> int:
        moved = sum(stranded.pass_on(one, at=self.at) for one in stranded.meetings(at=self.at))
        moved += relay_report.pass_meetings(at=self.at)
        moved += sum(circular_end.close(vote, unreached=(), at=self.at) for vote in circular_end.due(at=self.at))
        return moved + relay_reminders.remind(at=self.at)

    # --- meetings ---------------------------------------------------------------------------------

    def plan(self, body: int, weeks: int) -> None:
        day = self.at.date() + weeks * _WEEK
        number = Meeting.objects.count()
        meeting(
            self.alliances[body % 3], day.year, day.month, day.day, quarter=f"{2100 + number}-Q1", changed_at=self.at
        )
        self.done["plan"] += 1

    def move_meeting(self, number: int, weeks: int) -> None:
        if (one := self._ahead(number)) is not None:
            span, start = one.end - one.start, one.start + weeks * _WEEK
            words = {"reason": "Der Saal ist belegt.", "conflict_reason": "Es geht nicht anders."}
            self._try(
                "move meeting",
                lambda: planning.move_date(
                    one,
                    start=start,
                    end=start + span,
                    venue=one.venue,
                    version=one.version,
                    by=self.by,
                    at=self.at,
                    **words,
                ),
            )

    def cancel_meeting(self, number: int) -> None:
        if (one := self._ahead(number)) is not None:
            self._try("cancel meeting", lambda: planning.cancel(one, reason="Glatteis.", by=self.by, at=self.at))

    def restore_meeting(self, number: int) -> None:
        rows = Meeting.objects.filter(state=MeetingState.CANCELLED).select_related("alliance").order_by("pk")
        if (one := self.one_of(rows, number)) is not None:
            self._try("restore meeting", lambda: cancellation.restore(one, by=self.by, at=self.at))

    def send_agenda(self, number: int) -> None:
        if (one := self._ahead(number)) is not None and one.agenda_sent_at is None:
            Meeting.objects.filter(pk=one.pk).update(state=MeetingState.INVITED, agenda_sent_at=self.at)
            accepted = one.agenda_items.filter(state=AgendaItemState.ACCEPTED, position__gt=0)
            accepted.update(state=AgendaItemState.SCHEDULED)
            self.done["send agenda"] += 1

    def hold(self, number: int, decide: Sequence[int]) -> None:
        """The next meeting of some body takes place: its topics are decided, rejected, noted, put off or left, by turns."""
        one = self._ahead(number)
        if one is None:
            return
        self.at = max(self.at, one.start + dt.timedelta(minutes=1))
        self.ring()
        one.refresh_from_db()
        Meeting.objects.filter(pk=one.pk, state__in=_NOT_YET).update(state=MeetingState.INVITED)
        one.refresh_from_db()
        self._try("hold", lambda: self._hold(one, decide))

    def _hold(self, one: Meeting, decide: Sequence[int]) -> None:
        session.start(one, by=self.by, at=self.at)
        topics = one.agenda_items.on_agenda().filter(standing_code="").select_related("alliance", "meeting", "answers")
        for place, item in enumerate(list(topics)):
            self._deal_with(item, decide[place % len(decide)] if decide else 0)
        fates = {item.pk: self._fate(item, decide) for item in topics}
        session_end.end(one, fates=fates, reason="Die Zeit reichte nicht.", by=self.by, at=self.at)

    def _deal_with(self, item: AgendaItem, what: int) -> None:
        """Half of them are decided."""
        words = {"kind": "consensus", "text": f"Wortlaut zu {item.pk}.", "by": self.by, "at": self.at}
        match what % 6:
            case 0 | 1 | 2:
                self._try("adopt", lambda: decisions.adopt(item, **words))
            case 3:
                self._try("reject", lambda: decisions.reject(item, **words))
            case 4:
                self._try("postpone", lambda: decisions.postpone(item, **words))

    def _fate(self, item: AgendaItem, decide: Sequence[int]) -> str:
        return _FATES[(item.pk + len(decide)) % len(_FATES)]

    def reopen(self, number: int) -> None:
        rows = Meeting.objects.filter(state=MeetingState.HELD).select_related("alliance").order_by("pk")
        if (one := self.one_of(rows, number)) is not None:
            self._try("reopen", lambda: session.reopen(one, by=self.by, at=self.at))

    # --- decisions --------------------------------------------------------------------------------

    def _decision(self, number: int) -> Any:
        return self.one_of(Decision.objects.order_by("pk").select_related("alliance", "agenda_item", "meeting"), number)

    def decide_late(self, number: int, what: int) -> None:
        """Written down while the meeting runs, or after it."""
        if (item := self._item(number)) is not None:
            self._deal_with(item, what)

    def take_decision_back(self, number: int) -> None:
        newest = Decision.objects.order_by("-pk").select_related("alliance", "meeting").first()
        if newest is not None:
            self._try("take decision back", lambda: decisions.take_back(newest, by=self.by, at=self.at))

    def revoke(self, number: int) -> None:
        one = self._decision(number)
        self._try("revoke", lambda: decisions.revoke(one, reason="Überholt.", by=self.by, at=self.at))

    def supersede(self, number: int, other: int) -> None:
        one, newer = self._decision(number), self._decision(other)
        self._try("supersede", lambda: decisions.supersede(one, by_decision=newer, by=self.by, at=self.at))

    # --- relays -----------------------------------------------------------------------------------

    def hand_over(self, number: int, target: int, kind: int, days: int, *, as_draft: bool) -> None:
        source: Any = self._decision(number) if number % 3 else self._item(number)
        if source is None:
            return
        to = self.one_of(source.alliance.may_relay_to.order_by("pk"), target)
        due = self.at.date() + dt.timedelta(days=days) if days else None
        ended = Relay.objects.filter(source=source.alliance, target=to).exclude(state__in=RELAY_TRAVELLING).first()
        words: dict[str, Any] = {
            "to": to,
            "kind": _KINDS[kind % len(_KINDS)],
            "subject": "Betreuung",
            "message": "Wann fehlt sie?",
            "due_on": due,
            "follows": ended if number % 2 else None,
            "form_key": uuid.uuid4(),
        }
        self._try("hand over", lambda: relay.hand_over(source, **words, as_draft=as_draft, by=self.by, at=self.at))

    def with_relay(self, number: int, what: int, more: int) -> None:
        """Any step with a relay."""
        if (one := self._relay(number)) is None:
            return
        name = _STEPS[what % len(_STEPS)]
        self._try(name, lambda: self._step(one, name, more))

    def _step(self, one: Relay, name: str, more: int) -> None:
        said: dict[str, Any] = {"by": self.by, "at": self.at}
        to, today, kind = self._ahead(more, of=one.target_id), self.at.date(), _ANSWERS[more % 3]
        steps: dict[str, Callable[[], object]] = {
            "send": lambda: relay.send(one, **said),
            "withdraw": lambda: relay.withdraw(one, reason="Erledigt.", **said),
            "acknowledge": lambda: relay.acknowledge(one, **said),
            "take up": lambda: relay.take_up(one, meeting=to, is_urgent=bool(more % 2), **said),
            "defer": lambda: relay_steer.defer(one, to=to if more % 3 else None, reason="Später.", **said),
            "discuss": lambda: relay.discuss(one, **said),
            "decline": lambda: relay.decline(one, reason="Nicht bei uns.", **said),
            "answer in words": lambda: relay.answer_with_text(one, words="Ja.", kind=kind, **said),
            "answer by decision": lambda: relay.answer_with_decision(
                one, decision=self._decision(more), kind=kind, **said
            ),
            "outcome": lambda: relay.record_outcome(one, outcome=tuple(RelayOutcome)[more % 3], on=today, **said),
            "move due": lambda: relay_steer.move_due(one, due_on=today + dt.timedelta(days=more), **said),
            "keep": lambda: relay_steer.keep(one, **said),
            "close": lambda: relay_steer.close(one, **said),
        }
        if name != "take up" or to is not None:
            steps[name]()

    def undo(self, number: int) -> None:
        """The last step of the relay that was touched last, right afterwards."""
        rows = Relay.objects.order_by("pk").select_related("source", "target", "target_item__meeting")
        steps = [(one, relay_undo.last_step(one, at=self.at)) for one in rows]
        chosen = self.one_of([(one, step.pk) for one, step in steps if step], number)
        if chosen is not None:
            self._try("undo", lambda: relay_undo.take_back(chosen[0], step=chosen[1], by=self.by, at=self.at))

    # --- votes by mail ----------------------------------------------------------------------------

    def vote(self, number: int, how: int) -> None:
        """What a relay asks is put to the vote by mail, at once with everybody's answer."""
        if (one := self._relay(number)) is not None:
            self._try("vote", lambda: self._vote(one, how))

    def _vote(self, one: Relay, how: int) -> None:
        item = relay.keep_for_vote(one, by=self.by, at=self.at)
        closes = self._closing_day()
        made = circular.draft(
            alliance=item.alliance,
            subject="Betreuung",
            text="Wir sind dafür.",
            closes_on=closes,
            agenda_item=item,
            by=self.by,
            form_key=uuid.uuid4(),
            at=self.at,
        )
        circular.open_vote(made, version=made.version, by=self.by, at=self.at)
        for ballot in Ballot.objects.filter(vote=made).select_related("vote", "voter", "person").order_by("pk"):
            procedure = "objects" if how % 4 == 0 else "agrees"
            choice = "" if procedure == "objects" else ("yes", "no", "yes")[how % 3]
            circular_ballots.cast(
                ballot, procedure=procedure, choice=choice, version=ballot.version, via=Via.LINK, by=self.by, at=self.at
            )

    def _closing_day(self) -> dt.date:
        return circular_rules.usual_end(self.alliances[0], self.at.date())

    def close_votes(self) -> None:
        last = CircularVote.objects.running().order_by("-closes_on").first()
        if last is not None:
            self.at = max(self.at, last.ends_at + dt.timedelta(minutes=3))
            self.ring()

    # --- agendas ----------------------------------------------------------------------------------

    def topic(self, body: int, number: int) -> None:
        to = self._ahead(number, of=self.alliances[body % 3].pk)
        if to is not None and to.agenda_sent_at is None:
            AgendaItemFactory(meeting=to, state="proposed", position=0, proposer=self.scene.cast.susanne)

    def with_item(self, number: int, what: int, more: int) -> None:
        if (item := self._item(number)) is None:
            return
        name = _AGENDA[what % len(_AGENDA)]
        self._try(name, lambda: self._agenda(item, name, more))

    def _agenda(self, item: AgendaItem, name: str, more: int) -> None:
        said: dict[str, Any] = {"by": self.by, "at": self.at}
        to = self._ahead(more, of=item.alliance_id)
        match name:
            case "item accepted":
                agenda.accept(item, meeting=item.meeting or to, **said)
            case "item deferred":
                agenda.defer(item, to=to if more % 3 else None, reason="Später.", **said)
            case "item declined":
                agenda.decline(item, reason="Diesmal nicht.", **said)
            case "item withdrawn":
                agenda_own.withdraw(item, **said)
            case "item merged":
                other = self.one_of(item.alliance.agenda_items.filter(standing_code="").order_by("pk"), more)
                one, into = (item, other) if more % 2 else (other, item)
                agenda.merge(one, into=into, reason="Passt zusammen.", **said)
            case "item restored":
                agenda.restore(item, **said)
            case "item copied":
                agenda.duplicate(item, to=to, title="Noch einmal", form_key=uuid.uuid4(), **said)
            case _:
                organisation = self.scene.cast.susanne.organisation
                agenda_confidential.limit(item, to=[organisation] if more % 2 else [], version=item.version, **said)


_NOT_YET = (
    MeetingState.PLANNED,
    MeetingState.CONFIRMED,
    MeetingState.CALL_OPEN,
    MeetingState.AGENDA_CLOSED,
)
_STEPS = (
    "take up",
    "take up",
    "take up",
    "send",
    "withdraw",
    "acknowledge",
    "defer",
    "discuss",
    "decline",
    "answer in words",
    "answer by decision",
    "outcome",
    "move due",
    "keep",
    "close",
)
_AGENDA = (
    "item accepted",
    "item deferred",
    "item deferred",
    "item declined",
    "item withdrawn",
    "item merged",
    "item merged",
    "item restored",
    "item copied",
    "item limited",
)
