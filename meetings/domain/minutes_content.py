"""The whole document as data: what a version of the minutes freezes, and the source of page, mail and PDF.

Plain JSON: codes, texts, ISO dates. Wording for readers is made from it where it is shown.
"""

from __future__ import annotations

import hashlib
import json
from typing import NotRequired, TypedDict, cast

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local
from buendnisse.models import Person, Sight
from meetings.domain import quorum
from meetings.enums import ActionItemState, Channel, DecisionState, MeetingState, Presence
from meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting


class VotesContent(TypedDict):
    yes: int
    no: int
    abstain: int
    entitled: int | None


class DecisionContent(TypedDict):
    number: str
    kind: str
    state: str
    text: str
    votes: VotesContent | None


class TaskContent(TypedDict):
    id: int
    task: str
    owner_id: int
    owner: str
    organisation: str
    due_on: str


class CorrectionContent(TypedDict):
    """What one objection changed. `also`: in words, what changed beside the result."""

    on: str
    changed_from: str
    changed_to: str
    resolution: str
    also: NotRequired[list[str]]


class ReportContent(TypedDict):
    unit: str
    text: str


class ItemContent(TypedDict):
    """`only_for`: ids of the organisations that might read it when this was written; empty for everybody."""

    id: int
    number: int
    title: str
    kind: str
    presenter: str
    result: str
    decisions: list[DecisionContent]
    tasks: list[TaskContent]
    reports: list[ReportContent]
    corrections: list[CorrectionContent]
    papers: list[str]
    only_for: list[int]


class ParticipantContent(TypedDict):
    """`id`: the row of the attendance; versions of earlier days have none."""

    id: NotRequired[int]
    name: str
    organisation: str
    presence: str
    channel: str
    since: str
    until: str
    stands_in_for: str


class QuorumContent(TypedDict):
    present: int
    entitled: int
    reached: bool | None


class MinutesContent(TypedDict):
    title: str
    alliance: str
    kind: str
    quarter: str
    start: str
    end: str
    place: str
    mode: str
    chair: str
    author: str
    quorum: QuorumContent
    items: list[ItemContent]
    attendance: list[ParticipantContent]
    next_meeting: str
    corrections: NotRequired[list[CorrectionContent]]


def content(meeting: Meeting, *, author: Person | None = None) -> MinutesContent:
    """Everything that was written down, as it is now."""
    return {
        "title": meeting.title,
        "alliance": meeting.alliance.name,
        "kind": meeting.alliance.minutes_kind,
        "quarter": meeting.quarter,
        "start": local(meeting.start).isoformat(timespec="minutes"),
        "end": local(meeting.end).isoformat(timespec="minutes"),
        "place": meeting.venue.name if meeting.venue else "",
        "mode": meeting.mode,
        "chair": meeting.chair.full_name if meeting.chair else "",
        "author": f"{author.full_name}, {author.organisation.short_name}" if author else "",
        "quorum": quorum_content(meeting),
        "items": _items(meeting),
        "attendance": _attendance(meeting),
        "next_meeting": _next_meeting(meeting),
    }


def fingerprint(content: MinutesContent) -> str:
    """The same for the same text. When the next meeting is, is no part of what the chair releases."""
    words = {**content, "next_meeting": ""}
    return hashlib.sha256(json.dumps(words, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def as_content(stored: object) -> MinutesContent:
    """What a version's JSON field holds."""
    return cast("MinutesContent", stored)


def redacted(content: MinutesContent, sight: Sight) -> MinutesContent:
    """The same without what confidential items say, for whoever does not belong to their organisations.

    Who may read an item is what holds now: minutes that are frozen open and close with their items. One query.
    """
    kept = kept_from(content, sight)
    items = [_closed(item) if item["id"] in kept else item for item in content["items"]]
    return {**content, "items": items}


def kept_from(content: MinutesContent, sight: Sight) -> frozenset[int]:
    """The ids of the items whose words this sight does not reach. One query; none for the Fachstelle."""
    if sight.everything:
        return frozenset()
    circles = _circles(content).items()
    return frozenset(item for item, circle in circles if circle and not sight.organisations & circle)


def tasks_of(content: MinutesContent) -> list[tuple[ItemContent, TaskContent]]:
    """All tasks of the meeting, with the item each came from."""
    return [(item, task) for item in content["items"] for task in item["tasks"]]


def _circles(content: MinutesContent) -> dict[int, set[int]]:
    """By the item's id who may read it; where the item is gone, who might when it was written."""
    found = {item["id"]: set(item["only_for"]) for item in content["items"]}
    now: dict[int, set[int]] = {}
    rows = AgendaItem.objects.filter(pk__in=found).values_list("pk", "confidential_to")
    for item, organisation in rows:
        now.setdefault(item, set()).update({organisation} - {None})
    return found | now


def _closed(item: ItemContent) -> ItemContent:
    return {
        **item,
        "title": _("Vertraulicher Punkt"),
        "presenter": "",
        "result": _("Nur für die beteiligten Organisationen."),
        "decisions": [],
        "tasks": [],
        "reports": [],
        "corrections": [],
        "papers": [],
    }


def _items(meeting: Meeting) -> list[ItemContent]:
    rows = (
        meeting.agenda_items.on_agenda()
        .filter(position__gt=0)  # one put off before the agenda left has no number
        .select_related("presenter__organisation")
        .prefetch_related("confidential_to", "unit_reports__unit", "papers__confidential_to")
    )
    decisions: dict[int | None, list[Decision]] = {}
    for decision in meeting.decisions.exclude(state=DecisionState.MISTAKEN).order_by("number"):
        decisions.setdefault(decision.agenda_item_id, []).append(decision)
    tasks: dict[int | None, list[ActionItem]] = {}
    given = meeting.action_items.exclude(state=ActionItemState.CANCELLED)
    for action in given.select_related("owner", "organisation").order_by("due_on", "pk"):
        tasks.setdefault(action.agenda_item_id, []).append(action)
    return [
        _item(number, item, decisions.get(item.pk, []), tasks.get(item.pk, []))
        for number, item in enumerate(rows, start=1)
    ]


def _item(
    number: int,
    item: AgendaItem,
    decisions: list[Decision],
    tasks: list[ActionItem],
) -> ItemContent:
    presenter = item.presenter
    circle = sorted(organisation.pk for organisation in item.confidential_to.all())
    return {
        "id": item.pk,
        "number": number,
        "title": item.title,
        "kind": item.kind,
        "presenter": f"{presenter.formal_name}, {presenter.organisation.short_name}" if presenter else "",
        "result": item.result,
        "decisions": [_decision(decision) for decision in decisions],
        "tasks": [task_content(action) for action in tasks],
        "reports": [
            {"unit": report.unit.short_name, "text": report.text} for report in item.unit_reports.all() if report.text
        ],
        "corrections": [],
        "papers": [paper.title for paper in item.papers.all() if circle or not paper.confidential_to.all()],
        "only_for": circle,
    }


def _decision(decision: Decision) -> DecisionContent:
    votes: VotesContent | None = None
    if decision.votes_yes is not None and decision.votes_no is not None and decision.votes_abstain is not None:
        votes = {
            "yes": decision.votes_yes,
            "no": decision.votes_no,
            "abstain": decision.votes_abstain,
            "entitled": decision.votes_entitled,
        }
    return {
        "number": decision.number,
        "kind": decision.kind,
        "state": decision.state,
        "text": decision.text,
        "votes": votes,
    }


def task_content(action: ActionItem) -> TaskContent:
    return {
        "id": action.pk,
        "task": action.task,
        "owner_id": action.owner_id,
        "owner": action.owner.full_name,
        "organisation": action.organisation.short_name,
        "due_on": action.due_on.isoformat(),
    }


def quorum_content(meeting: Meeting) -> QuorumContent:
    counted = quorum.quorum(meeting)
    reached = counted.reached if counted.is_recorded else None
    return {
        "present": counted.present,
        "entitled": counted.entitled if meeting.voting_organisations is None else meeting.voting_organisations,
        "reached": reached if meeting.quorum_reached is None else meeting.quorum_reached,
    }


#: In the list those who were there come first.
_ORDER = (
    Presence.PRESENT,
    Presence.DEPUTY,
    Presence.SECRETARIAT,
    Presence.GUEST,
    Presence.EXCUSED,
    Presence.ABSENT,
)


def _attendance(meeting: Meeting) -> list[ParticipantContent]:
    rows = meeting.attendance.exclude(presence=Presence.UNKNOWN).select_related(
        "person", "organisation", "stands_in_for__person"
    )
    ordered = sorted(
        rows, key=lambda row: (_ORDER.index(Presence(row.presence)), row.organisation.name, row.person.last_name)
    )
    return [participant(row) for row in ordered]


def participant(row: Attendance) -> ParticipantContent:
    return {
        "id": row.pk,
        "name": row.person.name_with_title,
        "organisation": row.organisation.name,
        "presence": row.presence,
        "channel": row.channel if row.channel == Channel.ONLINE else "",
        "since": f"{row.present_from:%H:%M}" if row.present_from else "",
        "until": f"{row.present_until:%H:%M}" if row.present_until else "",
        "stands_in_for": row.stands_in_for.person.full_name if row.stands_in_for else "",
    }


def _next_meeting(meeting: Meeting) -> str:
    later = (
        Meeting.objects.filter(alliance=meeting.alliance_id, start__gt=meeting.start)
        .exclude(state__in=[MeetingState.CANCELLED, MeetingState.PLANNED])
        .select_related("venue")
        .order_by("start")
        .first()
    )
    if later is None:
        return ""
    words = german.moment(later.start)
    return f"{words}, {later.venue.name}" if later.venue else words
