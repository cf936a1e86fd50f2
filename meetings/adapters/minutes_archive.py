"""Approved minutes, kept as one file whose bytes never change again.

A PDF made anew next year could differ in a hair: another font version, another typesetter. What the members approved
is therefore typeset once, stored with its SHA-256, and handed out as it is to whoever may read all of it. Only forgetting a person, whose name
must not stay in it, makes it anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging

from django.db import IntegrityError, transaction
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from buendnisse.adapters.typesetting import TypesettingFailed
from buendnisse.models import Sight
from meetings.adapters import minutes_pdf
from meetings.domain import minutes_content
from meetings.enums import MinutesState
from meetings.models import Minutes, MinutesArchive, MinutesVersion

logger = logging.getLogger(__name__)

_PORTION = 5  # typeset at once; 150 ms each
_ALL = Sight(everything=True, all_bodies=True)


def keep(*, at: dt.datetime) -> int:
    """File what was approved, or corrected since, and is not filed yet; how many. Killed half-way, the next call goes on.

    Raises TypesettingFailed after the others are filed.
    """
    filed, failure = 0, None
    for minutes in _missing()[:_PORTION]:
        try:
            filed += _file(minutes, at=at)
        except TypesettingFailed as failed:
            logger.exception("minutes %s cannot be typeset", minutes.pk)
            failure = failed
    if failure is not None and not filed:
        raise failure
    return filed


def newest(minutes: Minutes) -> MinutesArchive | None:
    """The file that stands for the approved minutes now, without its bytes. None while it is not made yet."""
    return minutes.archives.defer("content").order_by("-addenda").first()


def bytes_for(version: MinutesVersion, *, sight: Sight) -> bytes:
    """The PDF of a version for one reader: the filed one where it is the approved text and nothing is closed to them."""
    minutes = version.minutes
    if minutes.state == MinutesState.APPROVED and is_whole(version, sight=sight):
        latest = minutes.versions.order_by("-number").values_list("number", flat=True).first()
        filed = minutes.archives.filter(addenda=minutes.addenda.count()).first()
        if filed is not None and latest == version.number:
            return bytes(filed.content)
    return minutes_pdf.pdf(version, sight=sight)


def is_whole(version: MinutesVersion, *, sight: Sight) -> bool:
    """Whether this reader may read every item of the version."""
    content = minutes_content.as_content(version.content)
    return minutes_content.redacted(content, sight) == content


def _missing() -> QuerySet[Minutes]:
    kept = MinutesArchive.objects.filter(minutes=OuterRef("pk")).order_by("-addenda").values("addenda")[:1]
    return (
        Minutes.objects.filter(state=MinutesState.APPROVED, versions__isnull=False)
        .annotate(
            corrections=Count("addenda", distinct=True),
            kept=Coalesce(Subquery(kept, output_field=IntegerField()), -1),
        )
        .filter(kept__lt=F("corrections"))
        .select_related("meeting__alliance")
        .order_by("approved_on", "pk")
    )


def _file(minutes: Minutes, *, at: dt.datetime) -> int:
    version = minutes.versions.select_related("minutes__meeting__alliance").order_by("-number").first()
    if version is None:
        return 0
    content = minutes_pdf.pdf(version, sight=_ALL)
    try:
        with transaction.atomic():
            _made, is_new = MinutesArchive.objects.get_or_create(
                minutes=minutes,
                addenda=minutes.addenda.count(),
                defaults={"made_at": at, "sha256": hashlib.sha256(content).hexdigest(), "content": content},
            )
    except IntegrityError:  # another worker was faster
        return 0
    return int(is_new)
