"""One thing on the Schreibtisch: what is so, why, until when, and where it is dealt with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse

from buendnisse.models import Body


@dataclass(frozen=True)
class Line:
    """`is_urgent`: belongs into this week whatever its date; `can_wait`: never does. `bodies`: from whom to whom.

    `post_to`: the button does it at once there, with the values of `post`; `href` then only shows.
    """

    title: str
    why: str = ""
    due: dt.date | None = None
    href: str = ""
    action: str = ""
    bodies: tuple[Body, ...] = ()
    is_urgent: bool = False
    can_wait: bool = False
    post_to: str = ""
    post: Mapping[str, str] = field(default_factory=dict)


def href(name: str, *args: object, query: str = "") -> str:
    """The page's address; empty where this installation has no such page."""
    try:
        return reverse(name, args=args) + query
    except NoReverseMatch:
        return ""


def named(body: str) -> tuple[str, ...]:
    """The columns a line shows of a body, by the way from its row to it."""
    return tuple(f"{body}__{column}" for column in ("slug", "kind", "name", "short_name", "prefix"))


def addressed(person: str) -> tuple[str, ...]:
    """The columns a line needs to call a person by name."""
    return tuple(f"{person}__{column}" for column in ("first_name", "last_name", "academic_title", "salutation"))
