"""What the messages of one batch share, so that five hundred invitations do not load one meeting five hundred times.

Outside a batch (a preview in the Postausgang) nothing is shared and everything is loaded for its one message.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from buendnisse.models import Person
from notifications.models import OutboxMessage

T = TypeVar("T")


@dataclass
class _Batch:
    messages: Sequence[OutboxMessage]
    known: dict[Hashable, Any] = field(default_factory=dict)
    people: dict[int | None, dict[int, Person]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for message in self.messages:
            for group in (None, message.meeting_id):
                self.people.setdefault(group, {})[message.person_id] = message.person


_current: ContextVar[_Batch | None] = ContextVar("batch", default=None)


@contextmanager
def sharing(messages: Sequence[OutboxMessage]) -> Iterator[None]:
    """Let what these messages need be loaded once, inside the block."""
    token = _current.set(_Batch(messages))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def alone() -> Iterator[None]:
    """Inside the block nothing is shared, also in a batch."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def once(key: Hashable, make: Callable[[], T]) -> T:
    """The value made under `key` before in this batch, or a new one."""
    batch = _current.get()
    if batch is None:
        return make()
    if key not in batch.known:
        batch.known[key] = make()
    value: T = batch.known[key]
    return value


def is_open() -> bool:
    """Whether several messages are being written together."""
    return _current.get() is not None


def remember(values: Mapping[Hashable, Any]) -> None:
    """Keep these for `recall`; nothing outside a batch."""
    if (batch := _current.get()) is not None:
        batch.known.update(values)


def recall(key: Hashable) -> Any:
    """What was remembered under `key` in this batch, or None."""
    batch = _current.get()
    return None if batch is None else batch.known.get(key)


def of_kind(kind: str) -> list[OutboxMessage]:
    """The messages of one kind in this batch; none outside a batch."""
    batch = _current.get()
    return [message for message in batch.messages if message.kind == kind] if batch is not None else []


def forget() -> None:
    """A transaction was rolled back: what was stored in it is gone, so load anew."""
    if (batch := _current.get()) is not None:
        batch.known.clear()


def people(*, meeting_id: int | None = None) -> dict[int, Person]:
    """Everybody this batch writes to, or those it writes to about one meeting, by id; nobody outside a batch."""
    batch = _current.get()
    return batch.people.get(meeting_id, {}) if batch is not None else {}
