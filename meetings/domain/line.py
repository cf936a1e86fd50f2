"""One thing a standing item tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`relay`, `decision`, `vote`: the id of what a reader must be allowed to see for it; 0 for everybody."""

    text: str
    heading: str = ""
    relay: int = 0
    decision: int = 0
    vote: int = 0
