"""Words of one's own that go along with what is done: they stand in every mail about it."""

from __future__ import annotations

#: Where a Change's `data` holds them.
INTRODUCTION = "introduction"
LONGEST = 1000


def along(words: str) -> dict[str, str]:
    """For the `data` of a Change; nothing where nothing was written."""
    words = words.strip()[:LONGEST]
    return {INTRODUCTION: words} if words else {}
