"""Letters that say the same to many: written once for all of a batch, with places for what is each reader's own.

Templates are what a letter costs most. Two readers share a letter only where everything its templates get is the same,
by value or the very same object, but for what is marked as `Own`: their links, their greeting, why the letter comes to
them. Templates may show that, and ask whether there is any. Where one asks more of it (compares it, measures it, looks
at the reader), nobody shares.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from buendnisse.models import Person
from notifications.domain import batch, columns

_VALUES = frozenset({str, SafeString, int, bool, type(None), dt.date, dt.time, dt.timedelta, Decimal})
_READER = "person"
#: Nobody can write this anywhere beforehand.
_NONCE = secrets.token_hex(8)
_PLACE = re.compile(f"\ue010{_NONCE}-(\\d+)\ue011")
#: Letters of one kind that may turn out to be shared by nobody, before a batch stops trying.
_TRIES = 12


class Own(str):
    """A text that belongs to one reader only."""

    __slots__ = ()


@dataclass(frozen=True)
class Written:
    """A letter in words: `text` as the template gives it, `html` with its styles inlined."""

    subject: str
    text: str
    html: str


def write(
    context: Mapping[str, Any], make: Callable[[Mapping[str, Any]], Written], *, kind: Hashable
) -> tuple[str, str, str]:
    """Subject, text in its columns, and HTML of the letter `make` writes from a context. `kind`: what else it depends on.

    In a batch the letter is taken from one that says the same, where there is one.
    """
    if batch.is_open():
        own: list[str] = []
        key = tuple([(name, _key(one, own, name=name)) for name, one in context.items()])
        forms: dict[Hashable, _Form | None] = batch.once(("forms", kind), dict)
        if all(map(str.isprintable, own)):
            if key not in forms and len(forms) < _TRIES:
                forms[key] = _form(context, make)
            if (form := forms.get(key)) is not None:
                return form.fill(own)
    written = make(context)
    return written.subject, columns.plain(written.text), written.html


def _key(value: Any, own: list[str], *, name: str = "") -> Hashable:
    """The same for two values that read the same; what is a reader's own is put into `own` instead."""
    kind = type(value)
    if kind in _VALUES:
        return kind, value
    if kind is Own:
        own.append(value)
        return kind, bool(value)
    if kind is dict:
        return kind, tuple([(key, _key(one, own)) for key, one in value.items()])
    if kind is list or kind is tuple:
        return kind, tuple([_key(one, own) for one in value])
    if name == _READER:
        own += value.greeting, value.full_name
        return kind, value.large_type
    return (kind, value, value.tzinfo) if kind is dt.datetime else (kind, id(value))


class _Asked:
    """Whether a template asked something that differs from reader to reader."""

    def __init__(self) -> None:
        self.it_did = False


class _Place(str):  # noqa: SLOT000 -- it carries more than its text
    """Stands where a reader's own text will stand."""

    asked: _Asked
    is_something: bool

    def __bool__(self) -> bool:
        return self.is_something

    def _refuse(self, *_args: Any) -> Any:
        self.asked.it_did = True
        return NotImplemented

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __hash__ = str.__hash__

    def __contains__(self, _text: object) -> bool:
        self.asked.it_did = True
        return False

    def __len__(self) -> int:
        self.asked.it_did = True
        return super().__len__()

    def __getitem__(self, key: Any) -> str:
        self.asked.it_did = True
        return super().__getitem__(key)


class _Reader:
    """Stands for whoever the letter is for."""

    def __init__(self, person: Person, places: _Places) -> None:
        self.greeting, self.full_name = places.next(person.greeting), places.next(person.full_name)
        self.large_type = person.large_type
        self._asked = places.asked

    def __getattr__(self, name: str) -> Any:
        self._asked.it_did = True
        raise AttributeError(name)

    def __str__(self) -> str:
        self._asked.it_did = True
        return str(self.full_name)


class _Places:
    def __init__(self) -> None:
        self.asked = _Asked()
        self._count = 0

    def next(self, value: str) -> _Place:
        place = _Place(f"\ue010{_NONCE}-{self._count}\ue011")
        place.asked, place.is_something = self.asked, bool(value)
        self._count += 1
        return place

    def instead(self, value: Any, *, name: str = "") -> Any:
        """The value with places in it, in the order of `_key`."""
        if type(value) is Own:
            return self.next(value)
        if type(value) is dict:
            return {key: self.instead(one) for key, one in value.items()}
        if type(value) in {list, tuple}:
            return type(value)([self.instead(one) for one in value])
        if name == _READER:
            return _Reader(value, self)
        return value


class _Pieces:
    """What stands around the places, and which they are."""

    def __init__(self, text: str) -> None:
        parts = _PLACE.split(text)
        self._literals, self._places = parts[0::2], [int(number) for number in parts[1::2]]

    @property
    def has_places(self) -> bool:
        return bool(self._places)

    def fill(self, words: Sequence[str]) -> str:
        whole = [self._literals[0]]
        for place, literal in zip(self._places, self._literals[1:], strict=True):
            whole += words[place], literal
        return "".join(whole)


class _Form:
    """A letter with places."""

    def __init__(self, written: Written, context: Mapping[str, Any]) -> None:
        self._context = context  # keeps its objects alive: `_key` knows them by their identity
        self._subject, self._html = _Pieces(written.subject), _Pieces(written.html)
        self._lines: list[str | _Pieces] = []
        for line in columns.split(written.text):
            pieces = _Pieces(line)
            self._lines += [pieces] if pieces.has_places else columns.lines(line) or [""]

    def fill(self, own: Sequence[str]) -> tuple[str, str, str]:
        subject = " ".join(self._subject.fill(own).split())
        laid_out: list[str] = []
        for line in self._lines:
            laid_out += [line] if isinstance(line, str) else columns.lines(line.fill(own)) or [""]
        return subject, columns.whole(laid_out), self._html.fill([html.escape(one) for one in own])


def _form(context: Mapping[str, Any], make: Callable[[Mapping[str, Any]], Written]) -> _Form | None:
    places = _Places()
    written = make({name: places.instead(one, name=name) for name, one in context.items()})
    return None if places.asked.it_did else _Form(written, context)
