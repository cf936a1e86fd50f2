"""The pieces of a letter with news, before it has addresses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import models

from buendnisse.enums import LinkPurpose


@dataclass(frozen=True)
class LinkTo:
    """A personal page; its address is made when the letter is written. `until`: how long it works, a year if not said."""

    label: str
    purpose: LinkPurpose
    subject: models.Model
    until: dt.datetime | None = None


@dataclass
class Block:
    """A heading with lines, and where to read more."""

    title: str
    lines: list[str] = field(default_factory=list)
    links: list[LinkTo] = field(default_factory=list)
