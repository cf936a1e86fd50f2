"""What the lines of standing items are made from: one meeting as of a moment, and the meeting before it, asked once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from meetings.domain import standing
from meetings.models import Meeting


@dataclass(frozen=True)
class Look:
    """One look at what the standing items of a meeting tell."""

    meeting: Meeting
    at: dt.datetime

    @cached_property
    def before(self) -> Meeting | None:
        """The meeting before, with its minutes. One query for the whole look, none where nothing needs it."""
        return standing.meetings_before(self.meeting).select_related("minutes").first()
