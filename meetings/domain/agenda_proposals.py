"""A topic is proposed: onto the next agenda, as a Nachtrag, or into the Themenspeicher.

Practice of municipal committees: a topic that comes after the editorial deadline becomes a Nachtrag as long
as papers may still be handed in (three days before the meeting); what comes later waits in the Themenspeicher.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from contextlib import nullcontext

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import paper_files
from buendnisse.models import Alliance, Person, Topic
from meetings.domain import item_papers, standing
from meetings.domain.agenda_journal import record
from meetings.domain.agenda_rules import USUAL_MINUTES, MeetingCancelled, NotYours, text_of, title_of, window
from meetings.enums import AgendaItemKind, AgendaItemState, Happened, MeetingState
from meetings.models import AgendaItem, Meeting


def propose(
    *,
    alliance: Alliance,
    meeting: Meeting | None,
    title: str,
    description: str = "",
    kind: str = AgendaItemKind.DISCUSSION,
    minutes: int | None = None,
    wished_result: str = "",
    topics: Iterable[Topic] = (),
    file: File[bytes] | None = None,
    relates_to: AgendaItem | None = None,
    proposer: Person,
    via: str,
    form_key: uuid.UUID,
    at: dt.datetime,
) -> AgendaItem:
    """Store a proposal; the same `form_key` again gives the same item (a double tap is one topic).

    In time it is `proposed`; after the editorial deadline it is too, marked `is_late`; when that is over as
    well, or no meeting was named, it waits in the Themenspeicher until the next one. `relates_to` is the earlier
    topic it goes on with. Raises TitleRefused, TextRefused, MeetingCancelled, NotYours, FileRefused.
    """
    words = {
        "title": title_of(title),
        "description": text_of(description),
        "wished_result": text_of(wished_result),
    }
    known = AgendaItem.objects.filter(form_key=form_key, proposer=proposer).first()
    if known is not None:
        return known
    if meeting is not None and meeting.state == MeetingState.CANCELLED:
        raise MeetingCancelled(
            _("Die Sitzung am %s ist abgesagt. Bitte rufen Sie uns an, dann finden wir einen Platz für Ihr Thema.")
            % german.day(meeting.start)
        )
    when = window(meeting, at=at) if meeting else None
    kept = when is None or when.is_over
    following = _following(alliance, meeting, at) if kept else None
    try:
        with paper_files.stored(file) if file else nullcontext() as stored, transaction.atomic():
            item = AgendaItem.objects.create(
                alliance=alliance,
                meeting=None if kept else meeting,
                kind=kind,
                **words,
                duration_minutes=minutes or USUAL_MINUTES[AgendaItemKind(kind)],
                proposer=proposer,
                proposing_organisation=proposer.organisation,
                presenter=proposer,
                submitted_at=at,
                submitted_via=via,
                is_late=bool(when and when.is_late and not kept),
                state=AgendaItemState.BACKLOG if kept else AgendaItemState.PROPOSED,
                review_on=local_date(following.start) if following else None,
                relates_to=relates_to,
                form_key=form_key,
            )
            item.topics.set(topics)
            if stored is not None:
                item_papers.attach(item, stored, by=proposer, at=at, via=via)
            related = {"relates_to": relates_to.pk} if relates_to else {}
            record(Happened.ITEM_PROPOSED, item, by=proposer, at=at, via=via, **related)
    except IntegrityError as error:  # the other tap was faster
        made = AgendaItem.objects.filter(form_key=form_key, proposer=proposer).first()
        if made is None:
            raise NotYours(_("Dieser Schlüssel gehört schon zu einem Thema von jemand anderem.")) from error
        return made
    return item


def _following(alliance: Alliance, meeting: Meeting | None, at: dt.datetime) -> Meeting | None:
    """The meeting a topic is kept for: after the one it was too late for, or simply the next."""
    return standing.meeting_after(meeting) if meeting else standing.next_meeting(alliance.pk, at=at)
