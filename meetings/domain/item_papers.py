"""Papers that go with an item. Those that come after the agenda was sent are nachgereicht."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import paper_files, papers
from buendnisse.domain.paper_files import FileRefused, Stored
from buendnisse.models import Organisation, Paper, Person
from meetings.models import AgendaItem

KIND = "Sitzungsunterlage"
#: More files than that make no proposal.
MOST_FILES = 5


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
            item.papers.add(paper)
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
    item.papers.add(paper)
    return paper
