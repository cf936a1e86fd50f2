"""Filters above the lists that are long: read from the address and drawn at once, without a form.

A form copies each of its fields for every request and asks each many questions; that costs as much as everything else
on such a page. Shorter lists keep a form with the widgets of `filters`.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple, Protocol

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from buendnisse.models import Alliance
from buendnisse.models.body import word_of
from buendnisse.models.prepared import Prepared

_LONGEST = 100


class Option(NamedTuple):
    """`key` stands in the address, and means `value`."""

    key: str
    label: str
    value: Any


class Group(NamedTuple):
    """Options under a heading."""

    heading: str
    options: tuple[Option, ...]


class Part(Protocol):
    """One filter."""

    @property
    def name(self) -> str:
        """By which the address knows it."""

    def read(self, typed: str) -> Any:
        """What it narrows to; nothing where nobody knows what was meant."""

    def refusal(self, typed: str) -> str:
        """Why it narrows nothing, where somebody has to know."""

    def draw(self, typed: str) -> str:
        """As HTML."""


@dataclass(frozen=True)
class Words:
    """Words that are looked for. `too_long`: what is said where nobody would search for so many."""

    name: str
    label: str
    longest: int = _LONGEST
    too_long: str = ""

    def read(self, typed: str) -> str:
        """Without blanks around, and without the sign no database takes; of too many nothing."""
        said = typed.replace("\0", " ").strip()
        return "" if len(said) > self.longest else said

    def refusal(self, typed: str) -> str:
        return self.too_long if len(typed.replace("\0", " ").strip()) > self.longest else ""

    def draw(self, typed: str) -> str:
        value = f' value="{html.escape(typed)}"' if typed else ""
        own_id = f"id_{self.name}"
        wrong, error = "", ""
        if said := self.refusal(typed):
            wrong = f' aria-invalid="true" aria-describedby="{own_id}_error"'
            error = f'<p class="error" id="{own_id}_error">{html.escape(said)}</p>'
        facts = f'name="{self.name}"{value} maxlength="{self.longest}" class="input" id="{own_id}"{wrong}'
        return _field(self.name, self.label, f'<input type="search" {facts}>{error}', "field field--grow")


@dataclass(frozen=True)
class Choice:
    """One of several options, some of them under headings."""

    name: str
    label: str
    options: tuple[Option | Group, ...]

    def read(self, typed: str) -> Any:
        return next((one.value for one in _flat(self.options) if one.key == typed), None)

    def refusal(self, _typed: str) -> str:
        return ""

    def draw(self, typed: str) -> str:
        return _drawn(self, typed)


@dataclass(frozen=True)
class Box:
    """Yes, or not narrowed."""

    name: str
    label: str

    def read(self, typed: str) -> bool:
        return typed not in {"", "0", "false", "False"}

    def refusal(self, _typed: str) -> str:
        return ""

    def draw(self, typed: str) -> str:
        checked = " checked" if self.read(typed) else ""
        field = f'<input type="checkbox" name="{self.name}" id="id_{self.name}"{checked}>'
        return f'<label class="filters__box">{field} {html.escape(self.label)}</label>'


@dataclass(frozen=True)
class Given:
    """What a link led here with: nobody sees it, and the next choice keeps it."""

    name: str
    options: tuple[Option, ...]

    def read(self, typed: str) -> Any:
        return next((one.value for one in self.options if one.key == typed), None)

    def refusal(self, _typed: str) -> str:
        return ""

    def draw(self, typed: str) -> str:
        if self.read(typed) is None:
            return ""
        return f'<input type="hidden" name="{self.name}" value="{html.escape(typed)}" id="id_{self.name}">'


class FilterBar:
    """The filters of one list. `wanted`: what they narrow to, by their names; `errors`: why one of them does not."""

    def __init__(self, data: Mapping[str, str], *parts: Part) -> None:
        self._parts = [(part, data.get(part.name, "")) for part in parts]
        self.typed = {part.name: typed for part, typed in self._parts}
        self.wanted: dict[str, Any] = {part.name: part.read(typed) for part, typed in self._parts}
        self.errors = {part.name: said for part, typed in self._parts if (said := part.refusal(typed))}

    def __str__(self) -> SafeString:
        """All of them, for a template."""
        return mark_safe("".join(part.draw(typed) for part, typed in self._parts))  # noqa: S308 -- each escapes what it draws


def options(pairs: Iterable[tuple[Any, Any]]) -> tuple[Option, ...]:
    """Of values and labels."""
    return tuple(Option(str(value), str(label), value) for value, label in pairs)


def or_all(pairs: Iterable[Option | Group]) -> tuple[Option | Group, ...]:
    """One of these, or whatever there is."""
    return (Option("", _("alle"), None), *pairs)


def one_alliance(name: str = "buendnis") -> Choice:
    """One alliance by its slug, meant by its id; one query."""
    rows = _asking_for_alliances().fetch()
    found = [Option(slug, word_of(kind, *names), pk) for slug, kind, *names, pk in rows]
    return Choice(name, _("Bündnis"), or_all(found))


@cache
def _asking_for_alliances() -> Prepared:
    return Prepared(lambda: Alliance.objects.in_order().values_list("slug", "kind", "name", "short_name", "pk"))


def _flat(parts: Iterable[Option | Group]) -> Iterable[Option]:
    for part in parts:
        if isinstance(part, Group):
            yield from part.options
        else:
            yield part


@lru_cache(maxsize=256)
def _drawn(choice: Choice, typed: str) -> str:
    """The same options with the same one chosen look the same."""
    drawn: list[str] = []
    for part in choice.options:
        if isinstance(part, Group):
            drawn += [f'<optgroup label="{html.escape(part.heading)}">']
            drawn += [_option(one, typed) for one in part.options]
            drawn += ["</optgroup>"]
        else:
            drawn.append(_option(part, typed))
    select = f'<select name="{choice.name}" class="input" id="id_{choice.name}">{"".join(drawn)}</select>'
    return _field(choice.name, choice.label, select, "field")


def _option(option: Option, typed: str) -> str:
    selected = " selected" if option.key == typed else ""
    return f'<option value="{html.escape(option.key)}"{selected}>{html.escape(option.label)}</option>'


def _field(name: str, label: str, drawn: str, css: str) -> str:
    return f'<div class="{css}"><label for="id_{name}">{html.escape(label)}</label>{drawn}</div>'
