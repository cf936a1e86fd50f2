"""Topics and agendas: who is called, who hears what became of a topic, who is invited with the agenda."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from buendnisse import permissions
from buendnisse.clock import local_date
from buendnisse.models import Change, Membership, Person
from meetings.domain import agenda_sending, calls, unit_reports
from meetings.domain.chair import chairs_of
from meetings.enums import DecisionState, Happened, MeetingState
from meetings.models import AgendaItem, Decision, Meeting
from notifications.domain import calm_rules, told
from notifications.domain.dispatching import meeting as invited
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage


def call_opened(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Members and standing deputies; a call names others that come within three days, and what was said falls away (`calm`)."""
    meeting = Meeting.objects.select_related("alliance").get(pk=change.subject_id)
    if meeting.state != MeetingState.CALL_OPEN:
        return
    together = calls.called_together(meeting, at=change.at)
    of_other = {other.pk: {person.pk for person in calls.called(other, at=at)} for other in together}
    for person in calls.called(meeting, at=at):
        named = [other.pk for other in together if person.pk in of_other[other.pk]]
        yield Draft(MailKind.CALL, person, matter=f"call:{meeting.pk}", meeting_id=meeting.pk, data={"meetings": named})
    yield from _reports(meeting, change, at, besides={person.pk for person in calls.called(meeting, at=at)})


def call_reminded(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Only those who have not answered; units that owe a report with the same mail, or with one of its own.

    Whose call somebody stopped was asked for neither, and is reminded of neither.
    """
    meeting = Meeting.objects.select_related("alliance").get(pk=change.subject_id)
    unanswered, never_called = calls.unanswered(meeting, at=at), _never_called(meeting)
    for person in unanswered:
        if person.pk not in never_called:
            yield Draft(MailKind.CALL_REMINDER, person, matter=f"call:{meeting.pk}", meeting_id=meeting.pk)
    yield from _reports(meeting, change, at, besides={person.pk for person in unanswered} | never_called)


def _reports(meeting: Meeting, change: Change, at: dt.datetime, *, besides: Collection[int]) -> Iterable[Draft]:
    """A letter of its own for those who are asked for a report and get no mail about topics now."""
    contacts = {row.contact.pk: row.contact for row in unit_reports.waiting_for(meeting, at=at)}
    is_reminder = change.verb == Happened.MEETING_CALL_REMINDED
    for person in contacts.values():
        if person.pk not in besides:
            yield Draft(
                MailKind.UNIT_REPORT,
                person,
                matter=f"report:{meeting.pk}",
                meeting_id=meeting.pk,
                data={"reminder": is_reminder},
            )


def item_proposed(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """A copy for whoever proposed it, with the link to change or withdraw."""
    yield from _to_proposer(change, MailKind.ITEM_RECEIVED)


def item_decided(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """What became of it. Replaces whatever still waits about the same topic.

    What a vote by mail moved is told by the mail of the vote, to everybody.
    """
    if change.data.get("circular"):
        return
    yield from _to_proposer(change, MailKind.ITEM_FATE)
    yield from _to_joined(change, {})


def item_merged(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Both hear of it: whose topic goes under another, and whose topic takes it in."""
    yield from _to_proposer(change, MailKind.ITEM_FATE)
    yield from _to_host(change, AgendaItem.objects.filter(pk=change.data["into"]), {})


def item_restored(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Replaces what still waits; the letter is empty for whoever had none of the step taken back."""
    since = {"since": change.data.get("since")}
    yield from _to_proposer(change, MailKind.ITEM_FATE, **since)
    yield from _to_joined(change, since)
    step = Change.objects.filter(pk=change.data.get("step") or 0, verb=Happened.ITEM_MERGED).first()
    if step is not None:
        yield from _to_host(change, AgendaItem.objects.filter(pk=step.data["into"]), since)


def decision_followed_up(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Carried out: whoever brought the topic, or one dealt with under it, hears it, once. The Fachstelle and people who left are not written to."""
    if change.reason != DecisionState.DONE:
        return
    rows = Decision.objects.select_related("agenda_item__proposer__organisation")
    decision = rows.filter(pk=change.subject_id, state=DecisionState.DONE).first()
    if decision is None or decision.agenda_item is None:
        return
    joined = decision.agenda_item.merged.select_related("proposer__organisation").order_by("pk")
    topics: dict[Person, AgendaItem] = {}
    for item in (decision.agenda_item, *joined):
        if item.proposer is not None:
            topics.setdefault(item.proposer, item)
    for proposer, item in topics.items():
        if permissions.is_fachstelle(proposer) or has_left(proposer, at=at) or _has_heard(proposer.pk, decision.pk):
            continue
        more = {} if item == decision.agenda_item else {"item": item.pk}
        yield Draft(
            MailKind.ITEM_DONE,
            proposer,
            matter=f"done:{decision.pk}",
            meeting_id=decision.meeting_id,
            data={"decision": decision.pk, **more},
        )


def has_left(person: Person, *, at: dt.datetime) -> bool:
    """Whether this person is gone by that day, or sits in no body any more."""
    day = local_date(at)
    if person.active_until is not None and person.active_until < day:
        return True
    return not Membership.objects.filter(person=person).active_on(day).exists()


def _has_heard(person_id: int, decision_id: int) -> bool:
    rows = OutboxMessage.objects.filter(
        kind=MailKind.ITEM_DONE, person=person_id, state__in=(OutboxState.SENDING, OutboxState.SENT)
    )
    return any(data.get("decision") == decision_id for data in rows.values_list("data", flat=True))


def agenda_sent(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The invitation for everybody who is asked; the agenda alone for standing deputies and whoever has a deputy."""
    meeting = Meeting.objects.select_related("alliance").get(pk=change.subject_id)
    asked = list(invited.asked(meeting.pk))
    for row in asked:
        yield from invited.drafts(MailKind.AGENDA, row, data=change.data)
    known = {row.person_id for row in asked}
    for person in agenda_sending.readers(meeting, at=at):
        if person.pk not in known:
            yield Draft(
                MailKind.AGENDA, person, matter=f"{told.TO_READ}{meeting.pk}", meeting_id=meeting.pk, data=change.data
            )


def agenda_submitted(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The chair and the deputy chairs get a link each; one release is enough."""
    meeting = Meeting.objects.select_related("alliance", "chair").get(pk=change.subject_id)
    for person in chairs_of(meeting):
        matter = f"agenda_review:{meeting.pk}"
        yield Draft(MailKind.AGENDA_REVIEW, person, matter=matter, meeting_id=meeting.pk)


def _to_proposer(change: Change, kind: MailKind, **more: Any) -> Iterable[Draft]:
    """Nobody is told what they did themselves, and the Fachstelle needs no copy of its own topics."""
    item = AgendaItem.objects.select_related("proposer__organisation").filter(pk=change.subject_id).first()
    if item is None or item.proposer is None or permissions.is_fachstelle(item.proposer):
        return
    if kind == MailKind.ITEM_FATE and change.by_id == item.proposer_id:
        return
    yield Draft(
        kind,
        item.proposer,
        matter=f"item:{item.pk}",
        meeting_id=change.data.get("meeting"),
        data={"item": item.pk, **more},
    )


def _to_joined(change: Change, more: dict[str, Any]) -> Iterable[Draft]:
    """Whose topics are dealt with under this one: what becomes of it becomes of theirs."""
    for item in AgendaItem.objects.filter(merged_into=change.subject_id).select_related("proposer__organisation"):
        if item.proposer is not None and not permissions.is_fachstelle(item.proposer):
            data = {"item": item.pk, **more}
            yield Draft(MailKind.ITEM_FATE, item.proposer, matter=f"item:{item.pk}", data=data)


def _to_host(change: Change, into: QuerySet[AgendaItem], more: dict[str, Any]) -> Iterable[Draft]:
    """Whose topic takes another in, unless both came from one person, who has a letter already."""
    host, joined = into.select_related("proposer__organisation").first(), change.subject_id
    if host is None or host.proposer is None or permissions.is_fachstelle(host.proposer):
        return
    if AgendaItem.objects.filter(pk=joined, proposer=host.proposer).exists():
        return
    data = {"item": host.pk, "merged": joined, **more}
    yield Draft(MailKind.ITEM_FATE, host.proposer, matter=f"merged:{joined}", data=data)


def _never_called(meeting: Meeting) -> set[int]:
    """Whose call somebody holds back. One that waits for an address is another matter: its reminder replaces it."""
    matter = f"call:{meeting.pk}"
    stopped = OutboxMessage.objects.filter(
        kind__in=[MailKind.CALL, MailKind.REMINDERS], state=OutboxState.STOPPED, is_held=False
    )
    rows = stopped.values_list("person_id", "matter", "data")
    own = calm_rules.key(MailKind.CALL, matter, {})
    return {person for person, about, data in rows if about == matter or own in data.get("covers", ())}


HANDLERS: dict[str, Handler] = {
    Happened.MEETING_CALL_OPENED: call_opened,
    Happened.MEETING_CALL_REMINDED: call_reminded,
    Happened.MEETING_INVITED: agenda_sent,
    Happened.AGENDA_SUBMITTED: agenda_submitted,
    Happened.DECISION_FOLLOWED_UP: decision_followed_up,
    Happened.ITEM_PROPOSED: item_proposed,
    Happened.ITEM_ACCEPTED: item_decided,
    Happened.ITEM_SCHEDULED: item_decided,
    Happened.ITEM_BACKLOGGED: item_decided,
    Happened.ITEM_DEFERRED: item_decided,
    Happened.ITEM_DECLINED: item_decided,
    Happened.ITEM_DELEGATED: item_decided,
    Happened.ITEM_MERGED: item_merged,
    Happened.ITEM_RESTORED: item_restored,
}
