"""What a proposer still does with a topic: word it anew, or take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import paper_files
from buendnisse.enums import Via
from buendnisse.models import Person, Topic
from meetings.domain import agenda_fate, agenda_order, item_papers
from meetings.domain.agenda import edit
from meetings.domain.agenda_journal import record
from meetings.domain.agenda_rules import (
    ITS_PROPOSER_MAY_CHANGE,
    NotYours,
    TooLate,
    refuse_if_it_answers,
    text_of,
    title_of,
)
from meetings.domain.moves import move
from meetings.enums import AgendaItemState, Happened
from meetings.models import AgendaItem


def edit_own(
    item: AgendaItem,
    *,
    version: int,
    by: Person,
    at: dt.datetime,
    file: File[bytes] | None = None,
    topics: Iterable[Topic] | None = None,
    **fields: Any,
) -> None:
    """The proposer changes a proposal nobody has decided about, or sends a file along.

    Raises NotYours, TooLate, Stale, TitleRefused, TextRefused, FileRefused.
    """
    if item.proposer_id != by.pk:
        raise NotYours(_("Dieses Thema hat jemand anderes vorgeschlagen."))
    if item.state not in ITS_PROPOSER_MAY_CHANGE:
        raise TooLate(_("Über Ihr Thema ist schon entschieden. Bitte rufen Sie uns an, wenn sich etwas ändert."))
    if "title" in fields:
        fields["title"] = title_of(fields["title"])
    for name in ("description", "wished_result"):
        if name in fields:
            fields[name] = text_of(fields[name])
    with paper_files.stored(file) if file else nullcontext() as stored, transaction.atomic():
        edit(item, version=version, by=by, at=at, via=Via.LINK, **fields)
        if topics is not None:
            item.topics.set(topics)
        if stored is not None:
            item_papers.attach(item, stored, by=by, at=at, via=Via.LINK)


def withdraw(item: AgendaItem, *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """The proposer takes it back, or the Fachstelle on request. Raises TooLate, HoldsRelay, MoveRefused.

    What others brought and is dealt with under it becomes their own topic again, where it stood before.
    """
    refuse_if_it_answers(item)
    if (
        item.meeting is not None
        and item.meeting.agenda_sent_at is not None
        and item.state not in ITS_PROPOSER_MAY_CHANGE
    ):
        raise TooLate(_("Die Tagesordnung ist schon verschickt. Bitte rufen Sie die Fachstelle an."))
    with transaction.atomic():
        agenda_fate.set_free(item, by=by, at=at, via=via)
        agenda_order.remove(item)
        move(item, to=AgendaItemState.WITHDRAWN)
        record(Happened.ITEM_WITHDRAWN, item, by=by, at=at, via=via)
