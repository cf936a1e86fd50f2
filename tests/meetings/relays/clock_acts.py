"""The clock, and what the ring does by itself when a moment has come."""

from __future__ import annotations

import datetime as dt

from meetings.domain import circular_end, relay_reminders, relay_report, stranded
from tests.meetings.relays.choosing import Choosing


class ClockActs(Choosing):
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
