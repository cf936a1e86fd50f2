"""Letters around topics: the call, its reminder and the copy of a proposal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import Membership, Person
from meetings.domain import agenda as topics
from meetings.domain import calls
from meetings.domain.agenda_order import numbered
from meetings.enums import AgendaItemState, DecisionState, MeetingState
from meetings.models import AgendaItem, Decision, Meeting
from notifications.domain import urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import fates, naming, sitting, unit_reports
from notifications.enums import MailKind
from notifications.models import OutboxMessage

_CALLING = frozenset({MeetingState.CONFIRMED, MeetingState.CALL_OPEN})
_PARTS = {
    Role.CHAIR: "den Vorsitz",
    Role.DEPUTY_CHAIR: "den stellvertretenden Vorsitz",
}


def call(message: OutboxMessage, at: dt.datetime) -> Letter:
    """ "Haben Sie ein Thema?" for one meeting, or for two whose calls come together."""
    wanted = message.data.get("meetings") or [message.meeting_id]
    meetings = list(Meeting.objects.filter(pk__in=wanted).select_related("alliance", "venue").order_by("start"))
    meetings = [meeting for meeting in meetings if meeting.state in _CALLING and meeting.start > at]
    if not meetings:
        raise NothingToSay
    if len(meetings) > 1:
        return Letter("call_two", _call_two(message, meetings, at))
    meeting = meetings[0]
    context = {
        **_call(message, meeting, at),
        "facts": sitting.facts(meeting.start, meeting.end, meeting),
        "topics": _already_there(message.person, meeting, at),
        "reports": unit_reports.of(message.person, [meeting], at=at),
    }
    return Letter("call", context)


def call_reminder(message: OutboxMessage, at: dt.datetime) -> Letter:
    """One line, and only while there is no answer. Who answered meanwhile may still owe a report."""
    meeting = sitting.meeting_of(message)
    if meeting.state != MeetingState.CALL_OPEN:
        raise NothingToSay
    reports = unit_reports.of(message.person, [meeting], at=at)
    if message.person in calls.unanswered(meeting, at=at):
        facts = sitting.facts(meeting.start, meeting.end, meeting)
        return Letter("call_reminder", _call(message, meeting, at) | {"reports": reports, "facts": facts})
    if reports:
        return unit_reports.asking(meeting, reports, is_reminder=True)
    raise NothingToSay


def item_received(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The copy. Over where it was withdrawn within the minute."""
    item = fates.item_of(message)
    if item.state not in {AgendaItemState.PROPOSED, AgendaItemState.BACKLOG}:
        raise NothingToSay
    return Letter("item_received", fates.about(message, item, at), matter=item)


def item_done(message: OutboxMessage, at: dt.datetime) -> Letter:
    """One year on: the topic led to a decision, and it is carried out. Over where that was a slip."""
    rows = Decision.objects.select_related("alliance", "agenda_item__meeting", "agenda_item__proposing_organisation")
    decision = rows.filter(pk=message.data.get("decision", 0), state=DecisionState.DONE).first()
    item = decision.agenda_item if decision else None
    if item is not None and message.data.get("item"):  # dealt with under that one: its proposer reads of their own
        joined = item.merged.select_related("meeting", "proposing_organisation")
        item = joined.filter(pk=message.data["item"]).first()
    if decision is None or item is None or item.proposer_id != message.person_id:
        raise NothingToSay
    context = {
        "decision": decision,
        "item": item,
        "proposed_on": _proposed_on(item, decision, at),
        "body": decision.alliance,
        "organisation_name": item.proposing_organisation.name if item.proposing_organisation else "",
        "url": urls_for.personal(message.person, purpose=LinkPurpose.ITEM, subject=item, at=at),
    }
    return Letter("item_done", context, matter=decision)


def why(person: Person, meeting: Meeting, *, at: dt.datetime) -> str:
    """Why this person gets a letter of their alliance, for the footer."""
    rows = Membership.objects.filter(person=person, body_id=meeting.alliance_id).active_on(local_date(at))
    row = rows.select_related("organisation").exclude(role=Role.GUEST).order_by("pk").first()
    names = {"body": meeting.alliance.named, "organisation": row.organisation.name if row else person.organisation.name}
    if row is not None and (part := _PARTS.get(Role(row.role))):
        return _("Sie haben %(part)s im %(body)s.") % {**names, "part": part}
    if row is not None and row.role == Role.DEPUTY:
        return _("Sie sind Stellvertretung im %(body)s (%(organisation)s).") % names
    return _("Sie sind Mitglied im %(body)s (%(organisation)s).") % names


def _call(message: OutboxMessage, meeting: Meeting, at: dt.datetime) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "body": meeting.alliance,
        "window": topics.window(meeting, at=at),
        "propose_url": _propose_url(message.person, meeting, at),
        "why": why(message.person, meeting, at=at),
    }


def _call_two(message: OutboxMessage, meetings: list[Meeting], at: dt.datetime) -> dict[str, Any]:
    subject = german.listing(
        [f"{meeting.alliance.word}, {german.short_day(meeting.start)}" for meeting in meetings],
    )
    facts = []
    for meeting in meetings:
        until = german.day_and_month(topics.window(meeting, at=at).in_time_until)
        place = f", {meeting.venue.name}" if meeting.venue else ""
        bus = f" {meeting.venue.bus_sentence}" if meeting.venue and meeting.venue.bus_note else ""
        text = _("%(when)s%(place)s. Themen bitte bis %(until)s.%(bus)s") % {
            "bus": bus,
            "when": german.when(meeting.start, meeting.end),
            "place": place,
            "until": until,
        }
        facts.append({"name": meeting.alliance.word, "text": text})
    bodies = [meeting.alliance for meeting in meetings]
    return {
        "meetings": meetings,
        "bodies": naming.in_full(bodies),
        "are_alliances": naming.all_alliances(bodies),
        "subject_line": subject,
        "facts": facts,
        "propose_url": _propose_url(message.person, meetings[0], at),
        "kept": _kept(message.person, meetings),
        "reports": unit_reports.of(message.person, meetings, at=at),
        "why": naming.member_of(bodies) + " " + _("Sie bekommen eine E-Mail für beide."),
    }


def _propose_url(person: Person, meeting: Meeting, at: dt.datetime) -> str:
    return urls_for.personal(person, purpose=LinkPurpose.PROPOSE, subject=meeting, until=meeting.end, at=at)


def _already_there(person: Person, meeting: Meeting, at: dt.datetime) -> list[str]:
    """The topics on the agenda so far, with what this person should know about each."""
    told = []
    for entry in numbered(meeting, reader=person, at=at).entries:
        if entry.is_standing:
            continue
        item = entry.item
        line = f"{item.title.rstrip('.')}."
        if item.proposer_id == person.pk:
            line += _(" Das ist Ihr Thema.")
            if item.continued_from is not None and item.continued_from.meeting is not None:
                day = german.day_and_month(item.continued_from.meeting.start)
                line += _(" Wir haben es am %s verschoben.") % day
        if item.answers is not None:
            line += _(" Das %s hat uns danach gefragt.") % item.answers.source.name
        told.append(line)
    return told


def _kept(person: Person, meetings: list[Meeting]) -> list[AgendaItem]:
    """This person's topics that wait in the Themenspeicher of these alliances."""
    return list(
        AgendaItem.objects.filter(
            proposer=person,
            meeting=None,
            state=AgendaItemState.BACKLOG,
            alliance__in=[meeting.alliance_id for meeting in meetings],
        ).order_by("pk")
    )


def _proposed_on(item: AgendaItem, decision: Decision, at: dt.datetime) -> str:
    """When the topic was handed in, in words; where nobody noted that, its meeting. The year where it is another."""
    moment = item.submitted_at or (item.meeting.start if item.meeting else None)
    day = local_date(moment) if moment else decision.decided_on
    return german.day_and_month(day) if day.year == local_date(at).year else german.day(day)


COMPOSERS: dict[str, Composer] = {
    MailKind.CALL: call,
    MailKind.CALL_REMINDER: call_reminder,
    MailKind.ITEM_RECEIVED: item_received,
    MailKind.ITEM_DONE: item_done,
}
