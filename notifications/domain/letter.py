"""A letter: what one person is told at one occasion, before it becomes bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from meetings.domain.whom_to_ask import Matter
from notifications.imip.compose import Method
from notifications.imip.event import Party
from notifications.models import OutboxMessage


class NothingToSay(Exception):
    """The occasion is over: the message is dropped instead of sent."""


class Overtaken(Exception):
    """Another worker froze a message about the same entry in the meantime: compose this one again."""


@dataclass(frozen=True)
class Attachment:
    file_name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class CalendarPart:
    """The calendar object that goes with a letter. Made anew on view, final at the first claim."""

    method: Method
    data: bytes
    sequence: int
    in_reply_to: str = ""


@dataclass(frozen=True)
class Letter:
    """Which templates with which context, and what goes along. Subject, text and HTML come from `templates/mail/`.

    `matter`: what it is about, where that has a contact of its own. `to`: a mailbox of the Fachstelle instead of the person's address; `reply_to`: who is answered instead of us.
    """

    template: str
    context: Mapping[str, Any]
    calendar: CalendarPart | None = None
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str = ""
    to: Party | None = None
    reply_to: Party | None = None
    matter: Matter | None = None
    on_frozen: Callable[[str], None] | None = field(default=None, compare=False)  # called with the Message-ID


#: Composes one kind of letter as of a moment. Raises NothingToSay where the occasion is over.
Composer = Callable[[OutboxMessage, dt.datetime], Letter]
