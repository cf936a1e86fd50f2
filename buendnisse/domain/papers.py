"""Adding papers and versions of them. Nothing is overwritten: what people have read stays as it was."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal, paper_files
from buendnisse.domain.paper_files import Stored
from buendnisse.enums import Via
from buendnisse.models import Body, Organisation, Paper, PaperVersion, Person, Topic

_UMLAUTS = {ord(sign): two for sign, two in zip("äöüÄÖÜß", ("ae", "oe", "ue", "Ae", "Oe", "Ue", "ss"), strict=True)}
ADDED, VERSION_ADDED, DESCRIBED = "paper.added", "paper.version_added", "paper.described"
ENDED, BROUGHT_BACK = "paper.ended", "paper.brought_back"


class PaperStale(Exception):
    """Somebody else described the paper first. `current` is what holds now; `str()` is a German sentence."""

    def __init__(self, current: Paper) -> None:
        super().__init__(_("Jemand anderes hat diese Angaben inzwischen geändert. Bitte vergleichen Sie."))
        self.current = current


class VersionTaken(Exception):
    """Somebody added a version of this number meanwhile. `str()` is a German sentence."""


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


def describe(
    paper: Paper,
    *,
    title: str,
    kind: str,
    bodies: Iterable[Body],
    topics: Iterable[Topic],
    organisation: Organisation | None,
    abstract: str,
    version: int,
    by: Person,
    at: dt.datetime,
) -> None:
    """Say anew what a paper is, on top of `version`; its files stay as they are. Raises PaperStale."""
    with transaction.atomic():
        rows = Paper.objects.filter(pk=paper.pk, version=version)
        said = {"title": title.strip(), "kind": kind, "organisation": organisation, "abstract": abstract.strip()}
        if not rows.update(version=F("version") + 1, **said):
            raise PaperStale(Paper.objects.get(pk=paper.pk))
        paper.bodies.set(bodies)
        paper.topics.set(topics)
        journal.record(DESCRIBED, paper, at=at, by=by)


def end(paper: Paper, *, by: Person, at: dt.datetime) -> bool:
    """It holds no longer, and stays readable. False where that is said already."""
    return _set_end(paper, local_date(at), verb=ENDED, by=by, at=at)


def bring_back(paper: Paper, *, by: Person, at: dt.datetime) -> bool:
    """It holds again. False where it does."""
    return _set_end(paper, None, verb=BROUGHT_BACK, by=by, at=at)


def _set_end(paper: Paper, day: dt.date | None, *, verb: str, by: Person, at: dt.datetime) -> bool:
    with transaction.atomic():
        rows = Paper.objects.filter(pk=paper.pk, is_standing=True, ended_on__isnull=day is not None)
        if not rows.update(ended_on=day, version=F("version") + 1):
            return False
        journal.record(verb, paper, at=at, by=by)
    return True


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


def next_number(paper: Paper) -> int:
    """The number the next version gets."""
    newest = paper.newest
    return newest.number + 1 if newest else 1


def slug_for(title: str, form_key: uuid.UUID) -> str:
    """The name in addresses; it follows from the form, so that the database knows a double tap."""
    return f"{slugify(title.translate(_UMLAUTS))[:50].strip('-') or 'unterlage'}-{form_key.hex[:12]}"


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
