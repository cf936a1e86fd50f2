"""Keeping the index of the search: a ring compares it with the things themselves and writes what differs.

No verb knows of it, so none can forget it. While the journal stands still nothing is compared but once a day. A ring
that is killed leaves the old stamp, and the next one compares again.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import DatabaseError, transaction
from django.db.models import Count, Max

from buendnisse.clock import local_date
from buendnisse.models import Change
from meetings.domain import search_sources
from meetings.domain.search_sources import Source
from meetings.models import PaperText, SearchEntry, SearchState

_log = logging.getLogger(__name__)
_NOT_TAKEN = (DatabaseError, ValueError)  # PostgreSQL's driver refuses NUL in a text by a ValueError
_FORMAT = 2  # counts on when words are written another way: then all entries are made again
_PORTION = 250
#: Entries a ring writes at most; the first filling of a large archive takes several.
MOST = 4000
_KEY = ("kind", "subject_id")
_WRITTEN = (
    "body",
    "day",
    "number",
    "number_words",
    "title",
    "text",
    "standing",
    "place",
    "title_words",
    "words",
    "fingerprint",
)

Key = tuple[str, int]


def refresh(*, at: dt.datetime, most: int = MOST) -> int:
    """Bring the index up to what holds now; how many entries were written or removed."""
    stamp = _stamp(at)
    state, _made = SearchState.objects.get_or_create(pk=1)
    if state.stamp == stamp:
        return 0
    known: dict[Key, tuple[int, str]] = {
        (kind, subject): (pk, fingerprint)
        for pk, kind, subject, fingerprint in SearchEntry.objects.values_list("pk", *_KEY, "fingerprint")
    }
    changed: list[tuple[Source, str]] = []
    for source in search_sources.everything():
        fingerprint = f"{_FORMAT}.{source.fingerprint}"
        if known.pop((source.kind, source.subject_id), (0, ""))[1] != fingerprint:
            changed.append((source, fingerprint))
    for begins in range(0, min(len(changed), most), _PORTION):
        _write(changed[begins : min(begins + _PORTION, most)])
    gone = [pk for pk, _fingerprint in known.values()]
    for begins in range(0, len(gone), _PORTION):
        SearchEntry.objects.filter(pk__in=gone[begins : begins + _PORTION]).delete()
    if len(changed) <= most:
        SearchState.objects.filter(pk=1).update(stamp=stamp)
    return min(len(changed), most) + len(gone)


def _write(portion: list[tuple[Source, str]]) -> None:
    """All at once; where that fails, one by one, so that a single entry the database does not take holds up no other."""
    entries = [source.entry(fingerprint) for source, fingerprint in portion]
    try:
        _store(entries)
    except _NOT_TAKEN:
        for entry in entries:
            try:
                _store([entry])
            except _NOT_TAKEN:
                _log.exception("search: %s %s cannot be kept", entry.kind, entry.subject_id)


def _store(entries: list[SearchEntry]) -> None:
    with transaction.atomic():
        SearchEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=_KEY, update_fields=_WRITTEN)


def _stamp(at: dt.datetime) -> str:
    """Taken before anything is read. Of two transactions the later number may be seen first, so changes are counted too."""
    journal = Change.objects.aggregate(last=Max("pk"), number=Count("pk"))
    files = PaperText.objects.filter(is_read=True).count()
    return f"{_FORMAT}:{local_date(at)}:{journal['last']}:{journal['number']}:{files}"
