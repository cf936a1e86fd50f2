"""The letter an answer came with, kept as a paper of the body that asked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import File
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import paper_files, papers
from buendnisse.models import Paper, Person
from meetings.models import Relay

_KIND = "Antwort"
_TITLE = 200  # characters a paper's title holds at least


@contextmanager
def kept(
    file: File[bytes] | None, relay: Relay, *, form_key: uuid.UUID, by: Person, at: dt.datetime
) -> Iterator[list[Paper]]:
    """The papers of the letter, for the verb inside this block; where that is refused, nothing is left of the file.

    The same form sent twice is one paper. Raises FileRefused.
    """
    title = Truncator(_("Antwort aus %(body)s: %(subject)s") % {"body": relay.target.word, "subject": relay.subject})
    words = title.chars(_TITLE)
    known = Paper.objects.filter(slug=papers.slug_for(words, form_key)).first()
    if known is not None:
        papers.bring_back(known, by=by, at=at)  # its answer was taken back meanwhile
        yield [known]
        return
    if file is None:
        yield []
        return
    with paper_files.stored(file) as stored, transaction.atomic():
        yield [
            papers.record(
                stored,
                title=words,
                kind=_KIND,
                bodies=[relay.source],
                organisation=None,
                dated=local_date(at),
                is_standing=True,
                form_key=form_key,
                by=by,
                at=at,
            )
        ]
