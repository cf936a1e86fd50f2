"""Letters about the agenda: the invitation with it, to whoever comes and to whoever only reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from buendnisse import german
from buendnisse.enums import LinkPurpose
from buendnisse.models import sight_of
from meetings.adapters import agenda_pdf
from meetings.domain import agenda_changes, agenda_content, agenda_order, agenda_release, paper_shelf
from meetings.domain.agenda_changes import Edition
from meetings.domain.agenda_order import Agenda, Numbered
from meetings.enums import Answer, MeetingState, ReleaseState
from meetings.models import AgendaItem, AgendaVersion, Attendance, Meeting
from notifications.domain import batch, invitations, urls_for
from notifications.domain.letter import Attachment, Composer, Letter, NothingToSay
from notifications.domain.letters import sitting, topics
from notifications.enums import MailKind
from notifications.models import OutboxMessage

#: All papers of one mail together, in octets: what mailboxes of small associations take.
LARGEST_ATTACHED = 5 * 1024 * 1024

SAID = {
    Answer.ACCEPTED: _("Sie haben zugesagt."),
    Answer.ACCEPTED_ONLINE: _("Sie haben online zugesagt."),
    Answer.TENTATIVE: _("Sie kommen vielleicht."),
    Answer.DECLINED: _("Sie haben abgesagt."),
}


def agenda(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The agenda with the buttons and the calendar object for those who are asked.

    The calendar object keeps its SEQUENCE where time and place are what the person knows already.
    """
    meeting = sitting.meeting_of(message)
    if meeting.state == MeetingState.CANCELLED or at >= meeting.start:
        raise NothingToSay
    attendance = _asked(message, meeting)
    version = int(message.data.get("version", 1))
    found, edition, content = _agenda_of(message, meeting, version, at)
    context: dict[str, Any] = {**sitting.about(meeting), "agenda": found, "own": _own(message, found)}
    context |= {"version": version, "is_changed": version > 1, "edition": edition}
    context["minutes_url"] = _minutes_url(message, found, at)
    files: tuple[Attachment, ...] = (Attachment(agenda_pdf.file_name(meeting), "application/pdf", content),)
    if message.person.gets_papers:
        papers = _papers(message, found, at)
        files += papers
        context["attached"] = len(papers)
    if attendance is None:
        context |= {
            "why": topics.why(message.person, meeting, at=at),
            "meeting_url": sitting.meeting_url(message.person, meeting, at=at),
        }
        return Letter("agenda", context, attachments=files)
    part = invitations.request(message, meeting, attendance, at=at)
    context |= sitting.for_person(message.person, meeting, attendance, at=at)
    if attendance.answer != Answer.PENDING and not attendance.answer_is_for_earlier_date:
        url = sitting.answer_url(message.person, meeting, at=at)
        context |= {"said": SAID[Answer(attendance.answer)], "answer_url": url}
    return Letter("agenda", context, calendar=part.calendar, on_frozen=part.on_frozen, attachments=files)


@dataclass(frozen=True)
class Along:
    """The agenda inside another letter: what the templates show of it, and the files. Empty before it is out."""

    context: dict[str, Any] = field(default_factory=dict)
    files: tuple[Attachment, ...] = ()


def along(message: OutboxMessage, meeting: Meeting, *, at: dt.datetime) -> Along:
    """Agenda and papers for somebody who is invited after everybody else, or once more."""
    if meeting.agenda_sent_at is None:
        return Along()
    last = AgendaVersion.objects.filter(meeting=meeting).order_by("-number").values_list("number", flat=True).first()
    found, _edition, content = _agenda_of(message, meeting, last or 1, at)  # none is kept of what was taken over
    papers = _papers(message, found, at) if message.person.gets_papers else ()
    files = (Attachment(agenda_pdf.file_name(meeting), "application/pdf", content), *papers)
    context = {"agenda": found, "minutes_url": _minutes_url(message, found, at), "attached": len(files)}
    return Along(context, files)


def _asked(message: OutboxMessage, meeting: Meeting) -> Attendance | None:
    """The row of somebody who should come; nothing for those who only read along."""
    try:
        attendance = sitting.attendance_of(message, meeting)
    except NothingToSay:
        return None
    return attendance if attendance.is_asked and not invitations.has_deputy(attendance) else None


def _papers(message: OutboxMessage, found: Agenda, at: dt.datetime) -> tuple[Attachment, ...]:
    """The papers this person may open, in the order of the agenda, as long as they fit; the others stay behind the link."""
    files: dict[str, Attachment] = {}
    left = LARGEST_ATTACHED
    for paper in (paper for entry in found.entries for paper in entry.papers):
        row = paper_shelf.version(message.person, slug=paper.slug, number=paper.number, at=at)
        if row is None or paper.slug in files or row.size > left:
            continue
        try:
            with default_storage.open(row.stored_as) as file:
                files[paper.slug] = Attachment(row.file_name, row.content_type, file.read())
        except FileNotFoundError:
            continue
        left -= row.size
    return tuple(files.values())


def review(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The chair or a deputy is asked to look at the agenda and release it. Over as soon as one of them answered."""
    meeting = sitting.meeting_of(message)
    standing = agenda_release.standing_of(meeting)
    if standing.state != ReleaseState.ASKED or message.person_id not in {one.pk for one in standing.chairs}:
        raise NothingToSay
    until = meeting.end + urls_for.AFTER_MEETING
    url = urls_for.personal(message.person, purpose=LinkPurpose.AGENDA_RELEASE, subject=meeting, until=until, at=at)
    context = {
        **sitting.about(meeting),
        "agenda": agenda_order.numbered(meeting, reader=message.person, at=at),
        "why": topics.why(message.person, meeting, at=at),
        "others": german.listing([one.full_name for one in standing.by_mail if one.pk != message.person_id]),
        "unseen": german.listing(
            agenda_content.hidden(agenda_content.content(meeting), sight_of(message.person, at=at))
        ),
        "url": url,
    }
    return Letter("agenda_review", context)


def _agenda_of(
    message: OutboxMessage, meeting: Meeting, version: int, at: dt.datetime
) -> tuple[Agenda, Edition | None, bytes]:
    """The numbered agenda as this person may see it, what is new in it, and its PDF; once a batch for all who see the same."""
    sight = sight_of(message.person, at=at)

    def make() -> tuple[Agenda, Edition | None, bytes]:
        found = agenda_order.numbered(meeting, reader=sight, at=at)
        edition = agenda_changes.edition(meeting, sight=sight, number=version)
        return found, edition, agenda_pdf.pdf_of(meeting, found, edition=edition, at=at)

    # Who heard of what fell out.
    places = sight_of(message.person, at=at).organisations if version > 1 else frozenset()
    return batch.once(("agenda", meeting.pk, version, what_is_seen(message, meeting, at), places), make)


def what_is_seen(message: OutboxMessage, meeting: Meeting, at: dt.datetime) -> Hashable:
    """The same for two people only where they see the same items and papers, and are told the same by standing items.

    What those tell goes by bodies, and by the organisations that something confidential is for.
    """
    sight = sight_of(message.person, at=at)
    items = AgendaItem.objects.visible_to(sight, at=at).filter(meeting=meeting).values_list("pk", flat=True)
    papers = paper_shelf.in_sight(sight).filter(agenda_items__meeting=meeting).values_list("pk", flat=True)
    chosen = batch.once("chosen", _chosen_organisations) & sight.organisations
    return sight.everything, sight.overview, sight.inside, chosen, frozenset(items), frozenset(papers)


def _chosen_organisations() -> frozenset[int]:
    """Organisations that something confidential was ever for."""
    through = AgendaItem.confidential_to.through
    return frozenset(through._default_manager.values_list("organisation_id", flat=True).distinct())


def _minutes_url(message: OutboxMessage, found: Agenda, at: dt.datetime) -> str:
    """Where this person reads the minutes of the meeting before; "" for who may not."""
    minutes = next((entry.tells.minutes for entry in found.entries if entry.tells.minutes), None)
    if minutes is None:
        return ""
    return urls_for.personal(message.person, purpose=LinkPurpose.MINUTES, subject=minutes, at=at)


def _own(message: OutboxMessage, found: Agenda) -> list[Numbered]:
    """The points this person reports on."""
    return [entry for entry in found.entries if entry.item.presenter_id == message.person_id and not entry.is_standing]


COMPOSERS: dict[str, Composer] = {MailKind.AGENDA: agenda, MailKind.AGENDA_REVIEW: review}
