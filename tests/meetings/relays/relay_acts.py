"""Every step with a relay, and the vote by mail about one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from buendnisse.enums import Via
from meetings.domain import circular, circular_ballots, circular_rules, relay, relay_steer, relay_undo
from meetings.enums import RELAY_TRAVELLING, CircularState, RelayAnswerKind, RelayKind, RelayOutcome
from meetings.models import AgendaItem, Ballot, CircularVote, Relay
from tests.meetings.relays.meeting_acts import MeetingActs

_KINDS = tuple(RelayKind)
_ANSWERS = tuple(RelayAnswerKind)
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


class RelayActs(MeetingActs):
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

    def vote(self, number: int, how: int) -> None:
        """What a relay asks is put to the vote by mail, at once with everybody's answer."""
        if (one := self._relay(number)) is None:
            return
        item = self._try("keep for vote", lambda: relay.keep_for_vote(one, by=self.by, at=self.at))
        made = self._try("draft vote", lambda: self._drafted(item)) if item is not None else None
        if made is None:
            return
        self._try("vote", lambda: circular.open_vote(made, version=made.version, by=self.by, at=self.at))
        made.refresh_from_db()
        if made.state == CircularState.CIRCULATING:
            self._answer(made, how)

    def _drafted(self, item: AgendaItem) -> CircularVote:
        return circular.draft(
            alliance=item.alliance,
            subject="Betreuung",
            text="Wir sind dafür.",
            closes_on=circular_rules.usual_end(self.alliances[0], self.at.date()),
            agenda_item=item,
            by=self.by,
            form_key=uuid.uuid4(),
            at=self.at,
        )

    def _answer(self, made: CircularVote, how: int) -> None:
        for ballot in Ballot.objects.filter(vote=made).select_related("vote", "voter", "person").order_by("pk"):
            self._cast(ballot, how)

    def _cast(self, ballot: Ballot, how: int) -> None:
        procedure = "objects" if how % 4 == 0 else "agrees"
        choice = "" if procedure == "objects" else ("yes", "no", "yes")[how % 3]
        said = {"procedure": procedure, "choice": choice, "version": ballot.version, "via": Via.LINK}
        self._try("ballot", lambda: circular_ballots.cast(ballot, **said, by=self.by, at=self.at))

    def close_votes(self) -> None:
        last = CircularVote.objects.running().order_by("-closes_on").first()
        if last is not None:
            self.at = max(self.at, last.ends_at + dt.timedelta(minutes=3))
            self.ring()
