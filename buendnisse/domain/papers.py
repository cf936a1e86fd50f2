"""Adding papers and versions of them. Nothing is overwritten: what people have read stays as it was."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal, paper_files, records
from buendnisse.domain.paper_files import Stored
from buendnisse.enums import Via
from buendnisse.models import Body, Organisation, Paper, PaperVersion, Person, Topic

NOUN = "paper"
ADDED, VERSION_ADDED, TAKEN_BACK = f"{NOUN}.added", f"{NOUN}.version_added", f"{NOUN}.version_taken_back"


class VersionTaken(Exception):
    """Somebody added a version of this number meanwhile. `str()` is a German sentence."""


class VersionStays(Exception):
    """This version cannot be taken back. `str()` is a German sentence."""


def add(
    file: File[bytes],
    *,
    title: str,
    kind: str,
    bodies: Iterable[Body],
    organisation: Organisation | None,
    dated: dt.date,
    abstract: str = "",
    topics: Iterable[Topic] = (),
    form_key: uuid.UUID,
    by: Person,
    at: dt.datetime,
) -> Paper:
    """A paper that stands on its own, for the members of `bodies`. Raises FileRefused.

    The same form sent twice is one paper.
    """
    known = Paper.objects.filter(slug=slug_for(title, form_key)).first()
    if known is not None:
        return known
    try:
        with paper_files.stored(file) as stored, transaction.atomic():
            paper = record(
                stored,
                title=title,
                kind=kind,
                bodies=bodies,
                organisation=organisation,
                dated=dated,
                abstract=abstract,
                is_standing=True,
                form_key=form_key,
                by=by,
                at=at,
            )
            paper.topics.set(topics)
            return paper
    except IntegrityError:  # the other tap was faster
        return Paper.objects.get(slug=slug_for(title, form_key))


def record(
    stored: Stored,
    *,
    title: str,
    kind: str,
    bodies: Iterable[Body],
    organisation: Organisation | None,
    dated: dt.date,
    abstract: str = "",
    is_standing: bool = False,
    is_late: bool = False,
    form_key: uuid.UUID,
    by: Person,
    at: dt.datetime,
    via: str = Via.WEB,
) -> Paper:
    """The rows of a file that is stored, for verbs that add a paper to something, in the caller's transaction."""
    named = list(bodies)
    paper = Paper.objects.create(
        slug=slug_for(title, form_key),
        title=title.strip(),
        kind=kind,
        is_standing=is_standing,
        organisation=organisation,
        dated=dated,
        is_late=is_late,
        abstract=abstract.strip(),
    )
    paper.bodies.set(named)
    _version(paper, stored, number=1, dated=dated, note="")
    body = named[0] if len(named) == 1 else None
    journal.record(ADDED, paper, at=at, by=by, via=via, body=body, data={"late": is_late})
    return paper


def change(paper: Paper, *, version: int, by: Person, at: dt.datetime, **facts: Any) -> bool:
    """Say anew what a paper is, on top of `version`; its files stay as they are. Raises RecordRefused, StaleRecord."""
    return records.change(paper, facts, version=version, noun=NOUN, by=by, at=at)


def end(paper: Paper, *, by: Person, at: dt.datetime) -> bool:
    """It holds no longer, and stays readable. False where that is said already, and for one that goes with an item."""
    if not paper.is_standing or paper.ended_on is not None:
        return False
    return records.end(paper, local_date(at), noun=NOUN, by=by, at=at)


def bring_back(paper: Paper, *, by: Person, at: dt.datetime) -> bool:
    """It holds again. False where it does."""
    return paper.is_standing and records.end(paper, None, noun=NOUN, by=by, at=at)


def add_version(
    paper: Paper,
    file: File[bytes],
    *,
    number: int,
    dated: dt.date,
    note: str = "",
    by: Person,
    at: dt.datetime,
) -> PaperVersion:
    """The next version; earlier ones stay. Raises FileRefused, VersionTaken.

    `number` is the one the form was made for: the same form sent twice is one version, and of two people at
    once the second is told.
    """
    same = {"number": number, "dated": dated, "size": file.size, "file_name": paper_files.clean_name(file.name or "")}
    known = paper.versions.filter(**same).first()
    if known is not None:
        return known
    with paper_files.stored(file) as stored, transaction.atomic():
        Paper.objects.select_for_update().get(pk=paper.pk)
        newest = paper.versions.order_by("-number").first()
        if newest is not None and newest.number >= number:
            raise VersionTaken(
                _("Fassung %(number)d ist inzwischen da, vom %(day)s. Prüfen Sie bitte, ob Ihre noch gebraucht wird.")
                % {"number": newest.number, "day": german.day(newest.dated)}
            )
        version = _version(paper, stored, number=(newest.number if newest else 0) + 1, dated=dated, note=note.strip())
        journal.record(VERSION_ADDED, paper, at=at, by=by, via=Via.WEB, data={"version": version.number})
    return version


def take_back_version(paper: Paper, *, number: int, by: Person, at: dt.datetime) -> None:
    """Take the newest version away with its file: it was the wrong one, and what it says may be nobody's business.

    The version before it counts again, and the next one gets the same number. Raises VersionStays where another
    version is newer by now, or there is no other.
    """
    with transaction.atomic():
        Paper.objects.select_for_update().get(pk=paper.pk)
        first, *earlier = paper.versions.order_by("-number")
        if first.number != number:
            raise VersionStays(
                _(
                    "Fassung %(number)d ist nicht mehr die neueste. Bitte sehen Sie nach, welche Sie zurücknehmen wollen."
                )
                % {"number": number}
            )
        if not earlier:
            raise VersionStays(_("Es gibt keine andere Fassung, die dann gilt. Legen Sie zuerst die richtige dazu."))
        stored_as = first.stored_as
        first.delete()
        journal.record(TAKEN_BACK, paper, at=at, by=by, via=Via.WEB, data={"version": number})
        transaction.on_commit(lambda: default_storage.delete(stored_as))


def next_number(paper: Paper) -> int:
    """The number the next version gets."""
    newest = paper.newest
    return newest.number + 1 if newest else 1


def slug_for(title: str, form_key: uuid.UUID) -> str:
    """The name in addresses; it follows from the form, so that the database knows a double tap."""
    return f"{records.slug_of(title) or 'unterlage'}-{form_key.hex[:12]}"


def _version(paper: Paper, stored: Stored, *, number: int, dated: dt.date, note: str) -> PaperVersion:
    return PaperVersion.objects.create(
        paper=paper,
        number=number,
        dated=dated,
        note=note,
        stored_as=stored.stored_as,
        file_name=stored.file_name,
        content_type=stored.content_type,
        size=stored.size,
    )
