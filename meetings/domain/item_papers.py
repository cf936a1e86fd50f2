"""Papers that go with an item. Those that come after the agenda was sent are nachgereicht."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal, paper_files, papers
from buendnisse.domain.paper_files import FileRefused, Stored
from buendnisse.enums import Via
from buendnisse.models import Change, Organisation, Paper, PaperVersion, Person
from meetings.enums import Happened
from meetings.models import AgendaItem, ItemPaper

KIND = "Sitzungsunterlage"
#: More files than that make no proposal.
MOST_FILES = 5


class PaperRefused(Exception):
    """The paper cannot be laid there or taken off. `str()` is a German sentence."""


class LiesThere(PaperRefused):
    """It lies with the item already."""


class NotThere(PaperRefused):
    """It does not lie with the item, or never did."""


class SentAlready(FileRefused):
    """A file of that name is there, or there are enough."""


def hand_in(
    item: AgendaItem,
    file: File[bytes],
    *,
    title: str,
    organisation: Organisation | None,
    dated: dt.date,
    abstract: str = "",
    form_key: uuid.UUID,
    by: Person,
    at: dt.datetime,
) -> Paper:
    """A paper for this item, for whoever reads the item from inside. Raises FileRefused.

    The same form sent twice is one paper. The paper of a confidential item is as confidential as the item.
    """
    known = item.papers.filter(slug=papers.slug_for(title, form_key)).first()
    if known is not None:
        return known
    is_late = item.meeting is not None and item.meeting.agenda_sent_at is not None
    try:
        with paper_files.stored(file) as stored, transaction.atomic():
            paper = papers.record(
                stored,
                title=title,
                kind=KIND,
                bodies=[item.alliance],
                organisation=organisation,
                dated=dated,
                abstract=abstract,
                is_late=is_late,
                form_key=form_key,
                by=by,
                at=at,
            )
            paper.confidential_to.set(item.confidential_to.all())
            put(item, paper, by=by, at=at)
    except IntegrityError:  # the other tap was faster
        return item.papers.get(slug=papers.slug_for(title, form_key))
    return paper


def attach(item: AgendaItem, stored: Stored, *, by: Person, at: dt.datetime, via: str) -> Paper:
    """The rows of a file its proposer sent along, in the caller's transaction.

    It lies with no body: the alliance reads it once the item is on an agenda, and until then the Fachstelle alone.
    Raises SentAlready.
    """
    if item.papers.count() >= MOST_FILES:
        raise SentAlready(_("Bei Ihrem Thema liegen schon %d Dateien. Mehr geht nicht.") % MOST_FILES)
    title = stored.file_name.rpartition(".")[0]
    if item.papers.filter(slug=papers.slug_for(title, item.form_key)).exists():
        raise SentAlready(_("Eine Datei mit diesem Namen liegt schon bei Ihrem Thema. Bitte benennen Sie sie um."))
    paper = papers.record(
        stored,
        title=title,
        kind=KIND,
        bodies=[],
        organisation=by.organisation,
        dated=local_date(at),
        is_late=item.meeting is not None and item.meeting.agenda_sent_at is not None,
        form_key=item.form_key,
        by=by,
        at=at,
        via=via,
    )
    paper.confidential_to.set(item.confidential_to.all())
    put(item, paper, by=by, at=at, via=via)
    return paper


def put(item: AgendaItem, paper: Paper, *, by: Person, at: dt.datetime, via: str = Via.WEB, version: int = 1) -> None:
    """Lay a paper, or a new version of it, with an item, in the caller's transaction. Late once the agenda has left."""
    is_late = comes_late(item)
    late_on = local_date(at) if is_late else None
    lies, made = ItemPaper.objects.get_or_create(agendaitem=item, paper=paper, defaults={"late_on": late_on})
    if is_late and not made:
        ItemPaper.objects.filter(pk=lies.pk).update(late_on=late_on)
    _record(Happened.PAPER_ADDED, item, paper, by=by, at=at, via=via, version=version, late=is_late)


def attach_known(item: AgendaItem, paper: Paper, *, by: Person, at: dt.datetime) -> None:
    """Let a paper that is there already go with an item; it is not copied. Raises LiesThere."""
    if item.papers.filter(pk=paper.pk).exists():
        raise LiesThere(_("„%s“ liegt schon bei diesem Punkt.") % paper.title)
    with transaction.atomic():
        _give_back(paper, item)
        put(item, paper, by=by, at=at, version=papers.next_number(paper) - 1 or 1)


def take_off(item: AgendaItem, paper: Paper, *, by: Person, at: dt.datetime) -> None:
    """Take a paper off an item. One that lies nowhere else is for the Fachstelle alone from then on. Raises NotThere."""
    with transaction.atomic():
        lies = ItemPaper.objects.filter(agendaitem=item, paper=paper)
        late_on = lies.values_list("late_on", flat=True).first()
        if not lies.delete()[0]:
            raise NotThere(_("Diese Unterlage liegt nicht mehr bei diesem Punkt."))
        if not paper.is_standing and not paper.item_papers.exists():
            paper.bodies.clear()
        _record(Happened.PAPER_REMOVED, item, paper, by=by, at=at, late_on=late_on.isoformat() if late_on else "")


def put_back(item: AgendaItem, paper: Paper, *, by: Person, at: dt.datetime) -> None:
    """Undo `take_off`: the paper lies there as before, and nobody is told again. Raises NotThere, LiesThere."""
    taken = _last(Happened.PAPER_REMOVED, item, paper)
    if taken is None:
        raise NotThere(_("Diese Unterlage lag nicht bei diesem Punkt."))
    if item.papers.filter(pk=paper.pk).exists():
        raise LiesThere(_("„%s“ liegt schon bei diesem Punkt.") % paper.title)
    with transaction.atomic():
        _give_back(paper, item)
        late_on = taken.data.get("late_on") or None
        ItemPaper.objects.create(agendaitem=item, paper=paper, late_on=late_on and dt.date.fromisoformat(late_on))
        _record(Happened.PAPER_PUT_BACK, item, paper, by=by, at=at)


def taken_off(item: AgendaItem) -> list[Paper]:
    """What was taken off this item and can be put back, the latest first."""
    rows = Change.objects.of(item).filter(verb=Happened.PAPER_REMOVED).order_by("-at", "-pk")
    ids = list(dict.fromkeys(data["paper"] for data in rows.values_list("data", flat=True)))
    there = set(item.papers.values_list("pk", flat=True))
    known = Paper.objects.in_bulk([pk for pk in ids if pk not in there])
    return [known[pk] for pk in ids if pk in known]


def add_version(
    paper: Paper, file: File[bytes], *, number: int, dated: dt.date, note: str = "", by: Person, at: dt.datetime
) -> PaperVersion:
    """`papers.add_version`, and every item ahead that it lies with has a new version. Raises what that raises."""
    with transaction.atomic():
        known = set(paper.versions.values_list("number", flat=True))
        version = papers.add_version(paper, file, number=number, dated=dated, note=note, by=by, at=at)
        if version.number not in known:
            for item in _ahead(paper, at=at):
                put(item, paper, by=by, at=at, version=version.number)
    return version


def comes_late(item: AgendaItem) -> bool:
    """The agenda this item stands on has left."""
    return item.meeting is not None and item.meeting.agenda_sent_at is not None


def _ahead(paper: Paper, *, at: dt.datetime) -> list[AgendaItem]:
    rows = AgendaItem.objects.filter(papers=paper, meeting__start__gt=at).select_related("meeting", "alliance")
    return list(rows.order_by("pk"))


def _give_back(paper: Paper, item: AgendaItem) -> None:
    """A paper that lay nowhere lies with the item's body again, and is as confidential as the item."""
    if not paper.is_standing and not paper.item_papers.exists():
        paper.bodies.set([item.alliance])
        paper.confidential_to.set(item.confidential_to.all())


def _last(verb: str, item: AgendaItem, paper: Paper) -> Change | None:
    return Change.objects.of(item).filter(verb=verb, data__paper=paper.pk).order_by("-at", "-pk").first()


def _record(
    verb: str, item: AgendaItem, paper: Paper, *, by: Person, at: dt.datetime, via: str = Via.WEB, **more: object
) -> None:
    data = {"meeting": item.meeting_id, "paper": paper.pk, **more}
    journal.record(verb, item, at=at, by=by, via=via, body=item.alliance, data=data)
