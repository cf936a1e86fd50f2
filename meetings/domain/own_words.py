"""Words of one's own that go along with what is done: they stand in every mail about it.

The journal holds no free text, which forgetting could not reach: a Change knows only the id of the row with the words.
"""

from __future__ import annotations

from buendnisse.models import Change
from meetings.models import Meeting, OwnWords

#: Where a Change's `data` names the row.
_ROW = "own_words"
LONGEST = 1000


def along(words: str, meeting: Meeting) -> dict[str, int]:
    """Keep them, for the `data` of a Change; nothing where nothing was written. Needs the Change's transaction."""
    words = words.strip()[:LONGEST]
    return {_ROW: OwnWords.objects.create(meeting=meeting, text=words).pk} if words else {}


def given_with(change: Change) -> str:
    """The words that went along with a change; empty where there are none."""
    if _ROW not in change.data:
        return ""
    return OwnWords.objects.filter(pk=change.data[_ROW]).values_list("text", flat=True).first() or ""
