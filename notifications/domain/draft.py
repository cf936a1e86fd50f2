"""What a change asks to be written: one draft for each person to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from buendnisse.models import Change, FurtherAddress, Person
from notifications.enums import MailKind


@dataclass(frozen=True)
class Draft:
    """Arguments for `outbox.write`.

    `falls_away`: kept on record beside the others, and never sent. `is_stopped`: waits until somebody lets it go, and for
    nothing else.
    `not_before`: when it may leave, where that is later than for other mail of the change.
    """

    kind: MailKind
    person: Person
    matter: str = ""
    meeting_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    copy_to: FurtherAddress | None = None
    falls_away: bool = False
    is_stopped: bool = False
    not_before: dt.datetime | None = None


#: Says whom a change is told to. Reads only; dispatch writes.
Handler = Callable[[Change, dt.datetime], Iterable[Draft]]
