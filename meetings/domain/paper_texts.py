"""Which papers are still to be read for the search. Claimed by one worker; a file that kills its reader is left alone."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from buendnisse.models import PaperVersion
from buendnisse.models.paper import random_name
from meetings.models import PaperText

#: A worker that has not finished by then is dead: its hard limit is three minutes.
_DEAD_AFTER = dt.timedelta(minutes=5)
_TRIES = 2
#: Signs of one file that are kept: about twenty close pages.
LONGEST = 60_000


def due(*, at: dt.datetime, limit: int = 10) -> list[int]:
    """Versions of papers whose file nobody has read yet, and those whose reader died; the newest first."""
    new = Q(read_text__isnull=True)
    rows = PaperVersion.objects.exclude(file_name="").filter(new | _dead("read_text__", at))
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])


def claim(number: int, *, at: dt.datetime) -> PaperVersion | None:
    """Take it, if nobody else has it."""
    version = PaperVersion.objects.exclude(file_name="").filter(pk=number).first()
    if version is None:
        return None
    try:
        with transaction.atomic():
            PaperText.objects.create(version=version, tries=1, claimed_at=at)
    except IntegrityError:
        dead = PaperText.objects.filter(_dead("", at), version=version)
        return version if dead.update(tries=F("tries") + 1, claimed_at=at) else None
    return version


def keep(version: PaperVersion, text: str) -> None:
    """What was read; empty where the file has no words or could not be read."""
    words = " ".join(text.replace("\x00", " ").split())
    PaperText.objects.filter(version=version).update(text=words[:LONGEST], is_read=True)


def keep_first_page(version: PaperVersion, picture: bytes) -> None:
    """The picture (PNG) beside the file; after the words, so that a file nobody can draw keeps those."""
    name = default_storage.save(random_name(), ContentFile(picture))
    if not PaperText.objects.filter(version=version, first_page="").update(first_page=name):
        default_storage.delete(name)


def _dead(prefix: str, at: dt.datetime) -> Q:
    said = {"is_read": False, "claimed_at__lt": at - _DEAD_AFTER, "tries__lt": _TRIES}
    return Q(**{f"{prefix}{name}": value for name, value in said.items()})
