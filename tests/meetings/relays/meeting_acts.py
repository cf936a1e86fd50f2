"""What happens to meetings and in them: planned, moved, called off, held, and what is decided there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from meetings.domain import cancellation, decisions, planning, session, session_end
from meetings.enums import AgendaItemState, MeetingState
from meetings.models import AgendaItem, Decision, Meeting
from tests.meetings.relays.clock_acts import ClockActs
from tests.support.relay_scene import meeting

_FATES = ("backlog", "done", "")
_WEEK = dt.timedelta(days=7)
_NOT_YET = (
    MeetingState.PLANNED,
    MeetingState.CONFIRMED,
    MeetingState.CALL_OPEN,
    MeetingState.AGENDA_CLOSED,
)


class MeetingActs(ClockActs):
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
        self._try("start", lambda: session.start(one, by=self.by, at=self.at))
        if one.state == MeetingState.IN_SESSION:
            self._hold(one, decide)

    def _hold(self, one: Meeting, decide: Sequence[int]) -> None:
        topics = one.agenda_items.on_agenda().filter(standing_code="").select_related("alliance", "meeting", "answers")
        for place, item in enumerate(list(topics)):
            self._deal_with(item, decide[place % len(decide)] if decide else 0)
        fates = {item.pk: self._fate(item, decide) for item in topics}
        self._try(
            "hold",
            lambda: session_end.end(one, fates=fates, reason="Die Zeit reichte nicht.", by=self.by, at=self.at),
        )

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
