"""Letters about minutes: to the chair for release, and to everybody, own tasks first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from buendnisse.clock import end_of, local_date
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import Change, Membership, Person, sight_of
from meetings.adapters import minutes_pdf
from meetings.domain import corrections, minutes_content, minutes_words, schedule
from meetings.domain.minutes_words import ReadItem, ReadTask
from meetings.enums import DeadlineKind, Happened, MinutesState, ObjectionState, Presence
from meetings.models import ActionItem, AgendaItem, Attendance, Meeting, Minutes, Objection
from notifications.domain import urls_for
from notifications.domain.letter import Attachment, Composer, Letter, NothingToSay
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

#: Minutes can still be read by their link a while after the period for objections.
_READABLE_FOR = dt.timedelta(days=90)
_NOT_THERE = (Presence.EXCUSED, Presence.ABSENT)


@dataclass(frozen=True)
class OwnTask:
    """A task of the reader, with the page to report it."""

    task: ReadTask
    item: ReadItem
    url: str


def review(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The chair is asked to read and release. Over as soon as that happened, or the draft went back."""
    minutes = _minutes(message)
    if minutes.state != MinutesState.IN_REVIEW or minutes.reviewed_by_id is not None:
        raise NothingToSay
    url = urls_for.personal(message.person, purpose=LinkPurpose.RELEASE, subject=minutes, at=at)
    return Letter("minutes_review", {**_frame(minutes), "url": url, "out_on": _out_on(minutes.meeting, at)})


def _out_on(meeting: Meeting, at: dt.datetime) -> dt.date | None:
    """When the minutes should go to everybody, while that is still to come."""
    try:
        day = schedule.schedule(meeting)[DeadlineKind.MINUTES_DUE]
    except schedule.OrderLost:
        return None
    return day if day > local_date(at) else None


def circulated(message: OutboxMessage, at: dt.datetime) -> Letter:
    """One version of the minutes for one reader, as they may read it. A later version replaces the letter."""
    minutes = _minutes(message)
    version = minutes.versions.select_related("minutes__meeting").get(number=message.data["version"])
    sight = sight_of(message.person, at=at)
    content = minutes_content.redacted(minutes_content.as_content(version.content), sight)
    items = minutes_words.items(content)
    tasks = _own_tasks(message.person, items, at=at)
    context = {
        **_frame(minutes),
        "version": version,
        "tasks": tasks,
        "decisions": [(item, decision) for item in items for decision in item.decisions if decision.is_agreed],
        "others": [(item, decision) for item in items for decision in item.decisions if not decision.is_agreed],
        "next_meeting": content["next_meeting"],
    }
    if not (sight.everything or minutes.meeting.alliance_id in sight.inside):
        return _task_alone(context, tasks)
    if minutes.versions.filter(number__gt=version.number).exists():
        raise NothingToSay
    context["is_correction"] = version.number > 1 and _had_earlier(message)
    attachment = Attachment(minutes_pdf.file_name(version), "application/pdf", minutes_pdf.pdf(version, sight=sight))
    context |= _readable(message.person, minutes, at) | {"missed_url": _missed_url(message.person, minutes, at)}
    return Letter("minutes", context, attachments=(attachment,))


def answered(message: OutboxMessage, at: dt.datetime) -> Letter:
    """Whoever reported a mistake reads the answer, and what changed."""
    minutes = _minutes(message)
    objection = Objection.objects.select_related("agenda_item").filter(pk=message.data["objection"]).first()
    sight = sight_of(message.person, at=at)
    inside = sight.everything or minutes.meeting.alliance_id in sight.inside
    if objection is None or objection.state == ObjectionState.OPEN or not inside:
        raise NothingToSay
    version = minutes.versions.filter(number=objection.corrects_in or 0).first()
    content = minutes_content.as_content(version.content) if version else None
    kept = minutes_content.kept_from(content, sight) if content else frozenset()
    item = objection.agenda_item
    is_closed = item is not None and (
        item.pk in kept if content else not AgendaItem.objects.visible_to(message.person, at=at).filter(pk=item.pk)
    )
    context = {
        **_frame(minutes),
        "objection": objection,
        "item": None if is_closed else item,
        "version": version,
        "changed": corrections.in_words(content, objection) if content and not is_closed else "",
        "is_accepted": objection.state == ObjectionState.ACCEPTED,
    }
    return Letter("minutes_answer", context | _readable(message.person, minutes, at))


def _had_earlier(message: OutboxMessage) -> bool:
    """True if this person was sent an earlier version: then only what is new is said.

    Where no mail of it is kept any longer, whoever belonged to the alliance when it was circulated has had it.
    """
    earlier = OutboxMessage.objects.filter(person=message.person_id, kind=message.kind, matter=message.matter)
    known = list(earlier.exclude(pk=message.pk).values_list("state", flat=True))
    if known:
        return bool({OutboxState.SENT, OutboxState.SENDING} & set(known))
    minutes = Minutes.objects.get(pk=message.data["minutes"])
    first = Change.objects.of(minutes).filter(verb=Happened.MINUTES_CIRCULATED, data__version=1).first()
    if first is None:
        return False
    rows = Membership.objects.filter(body=minutes.meeting.alliance_id, person=message.person_id).exclude(
        role=Role.GUEST
    )
    return rows.active_on(local_date(first.at)).exists()


def _task_alone(context: dict[str, Any], tasks: list[OwnTask]) -> Letter:
    """For whoever took a task without belonging to the alliance: minutes stay inside it."""
    if not tasks:
        raise NothingToSay
    return Letter("minutes_task", context)


def _readable(person: Person, minutes: Minutes, at: dt.datetime) -> dict[str, Any]:
    until = end_of(minutes.objection_until) + _READABLE_FOR if minutes.objection_until else None
    membership = (
        Membership.objects.filter(body=minutes.meeting.alliance_id, person=person)
        .active_on(local_date(at))
        .exclude(role=Role.GUEST)
        .select_related("organisation")
        .order_by("pk")
        .first()
    )
    url = urls_for.personal(person, purpose=LinkPurpose.MINUTES, subject=minutes, until=until, at=at)
    return {"url": url, "error_url": f"{url}fehler/", "membership": membership}


def _missed_url(person: Person, minutes: Minutes, at: dt.datetime) -> str:
    """For who was not there, or joined since: everything since they last were, on one page."""
    row = Attendance.objects.filter(meeting=minutes.meeting_id, person=person).first()
    if row is not None and row.presence not in _NOT_THERE:
        return ""
    body = minutes.meeting.alliance
    return urls_for.personal(person, purpose=LinkPurpose.MISSED, subject=body, at=at)


def _own_tasks(person: Person, items: list[ReadItem], *, at: dt.datetime) -> list[OwnTask]:
    """Tasks as they were written down; one that was handed over since belongs to somebody else."""
    mine = {task.id: (item, task) for item in items for task in item.tasks if task.owner_id == person.pk}
    rows = ActionItem.objects.open().filter(pk__in=mine, owner=person).order_by("due_on", "pk")
    return [
        OwnTask(
            task=mine[action.pk][1],
            item=mine[action.pk][0],
            url=urls_for.personal(person, purpose=LinkPurpose.TASK, subject=action, at=at),
        )
        for action in rows
    ]


def _frame(minutes: Minutes) -> dict[str, Any]:
    return {"minutes": minutes, "meeting": minutes.meeting, "body": minutes.meeting.alliance}


def _minutes(message: OutboxMessage) -> Minutes:
    rows = Minutes.objects.select_related("meeting__alliance", "meeting__venue")
    minutes = rows.filter(pk=message.data["minutes"]).first()
    if minutes is None:
        raise NothingToSay
    return minutes


COMPOSERS: dict[str, Composer] = {
    MailKind.MINUTES_REVIEW: review,
    MailKind.MINUTES: circulated,
    MailKind.MINUTES_ANSWER: answered,
}
