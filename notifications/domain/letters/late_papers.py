"""The letter about papers that came after the invitation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.storage import default_storage

from meetings.domain import agenda_order, paper_shelf
from meetings.domain.agenda_order import Numbered
from meetings.domain.agenda_papers import PaperLine
from meetings.enums import MeetingState
from meetings.models import Meeting
from notifications.domain import batch, late_papers
from notifications.domain.letter import Attachment, Composer, Letter, NothingToSay
from notifications.domain.letters import sitting, topics
from notifications.domain.letters.agenda import what_is_seen
from notifications.enums import MailKind
from notifications.models import OutboxMessage

#: Up to here, in octets, all files of one letter go along; more than that is behind its links only.
LARGEST_ATTACHED = 1024 * 1024


@dataclass(frozen=True)
class Late:
    entry: Numbered
    paper: PaperLine
    url: str


def letter(message: OutboxMessage, at: dt.datetime) -> Letter:
    """What has come since this person was last told. Over where it was taken off, or a changed agenda says it all."""
    meeting = sitting.meeting_of(message)
    if meeting.state != MeetingState.INVITED or at >= meeting.start:
        raise NothingToSay
    fresh = late_papers.untold(message, meeting)
    agenda = batch.once(
        ("numbered", meeting.pk, what_is_seen(message, meeting, at)),
        lambda: agenda_order.numbered(meeting, reader=message.person, at=at),
    )
    found = [
        (entry, paper)
        for entry in agenda.entries
        for paper in entry.papers
        if paper.slug in fresh.get(entry.item.pk, ())
    ]
    if not found:
        raise NothingToSay
    meeting_url = sitting.meeting_url(message.person, meeting, at=at)
    attached = _attached(message, meeting, [paper for _entry, paper in found], at)
    context = {
        **sitting.about(meeting),
        "late": [Late(entry, paper, f"{meeting_url}unterlage/{paper.slug}/") for entry, paper in found],
        "attached": len(attached),
        "meeting_url": meeting_url,
        "why": topics.why(message.person, meeting, at=at),
    }
    return Letter("late_papers", context, attachments=attached)


def _attached(
    message: OutboxMessage, meeting: Meeting, papers: Iterable[PaperLine], at: dt.datetime
) -> tuple[Attachment, ...]:
    """All files once, or none where they are too large together."""
    wanted = {paper.slug: paper for paper in papers if paper.file_name}
    if sum(paper.size or 0 for paper in wanted.values()) > LARGEST_ATTACHED:
        return ()
    files: list[Attachment] = []
    for slug in wanted:
        version = paper_shelf.version_in(meeting.pk, message.person, slug=slug, number=None, at=at)
        if version is None:
            continue
        try:
            with default_storage.open(version.stored_as) as file:
                files.append(Attachment(version.file_name, version.content_type, file.read()))
        except FileNotFoundError:
            continue
    return tuple(files)


COMPOSERS: dict[str, Composer] = {MailKind.LATE_PAPERS: letter}
