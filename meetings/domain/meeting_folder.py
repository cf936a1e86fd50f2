"""The Sitzungsmappe as a row: asked for, claimed by one worker, made, forgotten. What is in it is put together elsewhere.

A row is made of what one circle of readers may see, told by its fingerprint: readers who see the same share one, and
whatever changes makes another. A worker that died leaves a row behind that the next one begins again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F, Q

from buendnisse.models.paper import random_name
from meetings.enums import FolderState
from meetings.models import Meeting, MeetingFolder

#: A worker that has not finished by then is dead: its hard limit is three minutes.
_DEAD_AFTER = dt.timedelta(minutes=5)
#: Folders are made again in seconds.
KEPT_FOR = dt.timedelta(days=7)
_TRIES = 3


def fingerprint(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def there(meeting: Meeting, manifest: Mapping[str, Any]) -> MeetingFolder | None:
    """The folder of exactly this content, in whatever state."""
    return MeetingFolder.objects.filter(meeting=meeting, fingerprint=fingerprint(manifest)).first()


def ask(meeting: Meeting, manifest: Mapping[str, Any], *, at: dt.datetime) -> MeetingFolder:
    """Asked twice is one folder; one that failed is tried again. Nothing of ours changes, so there is no Change."""
    _give_up(at=at)
    row, made = MeetingFolder.objects.get_or_create(
        meeting=meeting,
        fingerprint=fingerprint(manifest),
        defaults={"manifest": dict(manifest), "total": len(manifest["parts"]) + 1, "asked_at": at},
    )
    if not made and row.state == FolderState.FAILED:
        again = {"state": FolderState.WAITING, "tries": 0, "manifest": dict(manifest), "asked_at": at}
        MeetingFolder.objects.filter(pk=row.pk, state=FolderState.FAILED).update(**again)
        row.refresh_from_db()
    return row


def due(*, at: dt.datetime, limit: int = 10) -> list[int]:
    """Folders that wait, and those whose worker died."""
    _give_up(at=at)
    dead = Q(state=FolderState.WORKING, claimed_at__lt=at - _DEAD_AFTER)
    rows = MeetingFolder.objects.filter(Q(state=FolderState.WAITING) | dead, tries__lt=_TRIES)
    return list(rows.order_by("asked_at", "pk").values_list("pk", flat=True)[:limit])


def _give_up(*, at: dt.datetime) -> None:
    """Folders whose last try died too have failed; whoever asks again begins anew."""
    dead = MeetingFolder.objects.filter(state=FolderState.WORKING, claimed_at__lt=at - _DEAD_AFTER, tries__gte=_TRIES)
    dead.update(state=FolderState.FAILED)


def claim(number: int, *, at: dt.datetime) -> MeetingFolder | None:
    """Take it, if nobody else has it."""
    dead = Q(state=FolderState.WORKING, claimed_at__lt=at - _DEAD_AFTER)
    free = MeetingFolder.objects.filter(Q(state=FolderState.WAITING) | dead, pk=number, tries__lt=_TRIES)
    taken = free.update(state=FolderState.WORKING, claimed_at=at, done=0, tries=F("tries") + 1)
    return MeetingFolder.objects.select_related("meeting__alliance").get(pk=number) if taken else None


def tell(row: MeetingFolder, done: int) -> None:
    """So many parts are in."""
    MeetingFolder.objects.filter(pk=row.pk, state=FolderState.WORKING).update(done=done)


def finish(row: MeetingFolder, content: bytes, *, pages: int) -> None:
    """Keep the file under a name that says nothing; a second worker's file is thrown away."""
    name = default_storage.save(random_name(), ContentFile(content))
    said = {"state": FolderState.DONE, "stored_as": name, "size": len(content), "pages": pages, "done": F("total")}
    mine = MeetingFolder.objects.filter(pk=row.pk, state=FolderState.WORKING, claimed_at=row.claimed_at)
    if not mine.update(**said, manifest={}):
        default_storage.delete(name)


def fail(row: MeetingFolder) -> None:
    """It could not be made; whoever asks again begins anew."""
    mine = MeetingFolder.objects.filter(pk=row.pk, state=FolderState.WORKING, claimed_at=row.claimed_at)
    mine.update(state=FolderState.FAILED)


def forget_old(*, at: dt.datetime, limit: int = 100) -> int:
    """Files and rows past their time; the number of folders."""
    old = list(MeetingFolder.objects.filter(asked_at__lt=at - KEPT_FOR).order_by("pk")[:limit])
    for row in old:
        row.delete()
        if row.stored_as:
            default_storage.delete(row.stored_as)
    return len(old)
