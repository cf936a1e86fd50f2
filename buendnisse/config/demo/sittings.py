"""Meetings with their agenda, and who was or will be there."""

from __future__ import annotations

import datetime as dt
import re

from buendnisse import clock
from buendnisse.config.demo import minuting
from buendnisse.config.demo.source import Contradiction, Row
from buendnisse.config.demo.stage import TODAY, Stage, at_some_hour, link, maybe, moment, slug
from buendnisse.enums import ASKED_ROLES, DigestRhythm, Role, Via
from buendnisse.models import Membership, Person, StandingItem
from meetings.domain import schedule, standing_told
from meetings.enums import AgendaItemState, Answer, Channel, DeadlineKind, MeetingMode, MeetingState, Presence
from meetings.models import AgendaItem, Attendance, Meeting, UnitReport

_MODES = {"praesenz": MeetingMode.ON_SITE, "hybrid": MeetingMode.HYBRID, "online": MeetingMode.ONLINE}
_TAKEN_PLACE = frozenset({MeetingState.HELD, MeetingState.CLOSED})
_STANDING_ORDER = {"opening": -2, "relays": -1, "units": 1, "closing": 2}
_OF_A_DATE = re.compile(r"(Protokoll der) Sitzung vom [\d.]+$")


def load(stage: Stage, row: Row) -> None:
    """Read all meetings with what belongs to them."""
    continued: dict[str, str] = {}
    topics: list[tuple[str, str]] = []
    reports: list[UnitReport] = []
    confirmed_in: dict[str, str] = {}
    for entry in row.rows("meetings"):
        identifier = entry.text("id")
        stage.meetings[identifier] = meeting = _meeting(stage, entry, identifier)
        for item in entry.rows("agenda_items"):
            _item(stage, item, meeting, continued=continued, topics=topics, reports=reports)
        _attendance(stage, entry, meeting)
        with entry.part("minutes") as part:
            minuting.read(stage, part, meeting, identifier, confirmed_in=confirmed_in)
    for meeting in stage.meetings.values():
        _number(stage, meeting)
    Meeting.objects.bulk_create(stage.meetings.values())
    AgendaItem.objects.bulk_create(stage.items.values())
    for later, earlier in continued.items():
        stage.items[later].continued_from = stage.items[earlier]
    AgendaItem.objects.bulk_update([stage.items[later] for later in continued], ["continued_from"])
    link(AgendaItem.topics.through, [(stage.items[item], stage.topics[topic]) for item, topic in topics])
    link(
        AgendaItem.papers.through,
        [(stage.items[item], stage.papers[paper]) for item, papers in stage.item_papers.items() for paper in papers],
    )
    stage.reports += UnitReport.objects.bulk_create(reports)
    _store_attendance(stage)
    minuting.store(stage, confirmed_in)
    _standing_items(stage)


def _meeting(stage: Stage, entry: Row, identifier: str) -> Meeting:
    day = entry.day("date")
    entry.expect("timezone", "Europe/Berlin")
    state = MeetingState(entry.text("status"))
    venue = entry.text("venue")
    meeting = Meeting(
        slug=slug(identifier),
        alliance=stage.alliances[entry.text("alliance")],
        quarter=entry.text("quarter"),
        title=entry.text("title"),
        start=clock.at_local(day, entry.time("start")),
        end=clock.at_local(day, entry.time("end")),
        mode=_MODES[entry.text("mode")],
        venue=stage.venues[venue] if venue else None,
        video_link=entry.text("video_link"),
        state=state,
        chair=stage.people[entry.text("chair")],
        note=entry.text("note"),
        voting_organisations=entry.take("voting_organisations"),
        quorum_reached=entry.take("quorum_reached", None),
    )
    with entry.part("schedule") as dates:
        meeting.deadline_overrides = _overrides(meeting, dates)
    stage.schedules[identifier] = dates_of = schedule.schedule(meeting)
    meeting.created_at = moment(dates_of[DeadlineKind.SAVE_THE_DATE] - dt.timedelta(days=14), 10)
    meeting.changed_at = moment(dates_of[DeadlineKind.SAVE_THE_DATE], 10)
    if dates_of[DeadlineKind.INVITATION] < TODAY:
        meeting.agenda_sent_at = meeting.changed_at = moment(dates_of[DeadlineKind.INVITATION], 10, 30)
    if state in _TAKEN_PLACE:
        meeting.changed_at = meeting.end
    return meeting


def _number(stage: Stage, meeting: Meeting) -> None:
    """The files count proposals where they would stand; until they are accepted they have no place, which is 0."""
    place = 0
    for item in stage.items.values():
        if item.meeting == meeting and item.state == AgendaItemState.PROPOSED:
            item.position = 0
        elif item.meeting == meeting:
            item.position = place = place + 1


def _overrides(meeting: Meeting, dates: Row) -> dict[str, str]:
    """Only what differs from the rules is an override."""
    derived = schedule.derive(meeting.alliance, clock.local_date(meeting.start))
    return {
        kind.value: date.isoformat()
        for kind in DeadlineKind
        if (date := dates.maybe_day(kind)) and date != derived[kind]
    }


def _item(
    stage: Stage,
    entry: Row,
    meeting: Meeting,
    *,
    continued: dict[str, str],
    topics: list[tuple[str, str]],
    reports: list[UnitReport],
) -> None:
    identifier = entry.text("id")
    organisation = entry.text("proposing_organisation")
    proposer, presenter = entry.text("proposer"), entry.text("presenter")
    submitted_on, via = entry.maybe_day("submitted_on"), entry.text("submitted_via")
    stage.items[identifier] = item = AgendaItem(
        alliance=meeting.alliance,
        meeting=meeting,
        slug=slug(identifier),
        position=entry.take("number"),
        kind=entry.text("kind"),
        standing_code=entry.text("standing"),
        title=entry.text("title"),
        description=entry.text("description"),
        result=entry.text("result"),
        duration_minutes=entry.take("duration_minutes"),
        proposer=stage.people[proposer] if proposer else None,
        proposing_organisation=stage.organisations[organisation] if organisation else None,
        presenter=stage.people[presenter] if presenter else None,
        submitted_at=at_some_hour(submitted_on, len(stage.items)) if submitted_on else None,
        submitted_via=via,
        is_late=entry.flag("late"),
        state=AgendaItemState(entry.text("status")),
    )
    topics += [(identifier, topic) for topic in entry.words("topics")]
    if papers := entry.words("papers"):
        stage.item_papers[identifier] = papers
    if entry.has("continued_from"):
        continued[identifier] = entry.text("continued_from")
        item.submitted_at = stage.items[continued[identifier]].meeting.end  # type: ignore[union-attr]
    if entry.has("answers"):
        stage.item_answers[identifier] = entry.text("answers")
        if not entry.has("continued_from") and submitted_on and via == "relay":
            item.submitted_at = moment(submitted_on, 11, 5)  # right after the relay was sent
    if entry.has("decision"):
        stage.item_decisions[identifier] = entry.text("decision")
    reports += [
        UnitReport(
            agenda_item=item,
            unit=stage.organisations[report.text("unit")],
            author=stage.people[report.text("author")],
            text=report.text("text"),
            written_at=_written(stage, report, meeting),
            via=Via.LINK,
        )
        for report in entry.rows("unit_reports")
    ]


def _written(stage: Stage, report: Row, meeting: Meeting) -> dt.datetime:
    """The day the files name, else two days before the agenda left."""
    sent_on = schedule.schedule(meeting)[DeadlineKind.INVITATION]
    return moment(report.maybe_day("written_on") or sent_on - dt.timedelta(days=2), 11, 20)


def _attendance(stage: Stage, entry: Row, meeting: Meeting) -> None:
    """One row for each person who belonged to the alliance on that day, or was there as a guest."""
    members = {
        membership.person.handle: membership
        for membership in stage.members(meeting.alliance, clock.local_date(meeting.start))
    }
    rows = _was_there(stage, entry, meeting, members) | _answers(stage, entry, meeting, members)
    for handle, membership in members.items():
        if meeting.state not in _TAKEN_PLACE and handle not in rows:
            rows[handle] = _asked(meeting, membership)
    stage.attendance += rows.values()


def _asked(meeting: Meeting, membership: Membership) -> Attendance:
    return Attendance(
        meeting=meeting,
        person=membership.person,
        organisation=membership.organisation,
        role=membership.role,
        is_asked=membership.role in ASKED_ROLES,
    )


def _was_there(stage: Stage, entry: Row, meeting: Meeting, members: dict[str, Membership]) -> dict[str, Attendance]:
    rows: dict[str, Attendance] = {}
    deputies: dict[str, str] = {}
    for record in entry.rows("attendance"):
        handle = record.text("person")
        membership = members.get(handle)
        role = Role(membership.role) if membership else Role.GUEST
        if record.has("deputy_for"):
            deputies[handle] = record.text("deputy_for")
        rows[handle] = Attendance(
            meeting=meeting,
            person=stage.people[handle],
            organisation=stage.organisations[record.text("organisation")],
            role=role,
            is_asked=role in ASKED_ROLES or handle in deputies,
            presence=Presence(record.text("status")),
            channel=Channel(record.text("via")) if record.has("via") else "",
            casts_vote=record.flag("casts_vote"),
        )
    for deputy, member in deputies.items():
        rows[deputy].stands_in_for = rows[member]
    return rows


def _answers(stage: Stage, entry: Row, meeting: Meeting, members: dict[str, Membership]) -> dict[str, Attendance]:
    rows: dict[str, Attendance] = {}
    deputies: dict[str, str] = {}
    named: dict[str, str] = {}
    for answer in entry.rows("rsvp"):
        handle = answer.text("person")
        answer.expect("role", str(members[handle].role))
        is_asked = answer.flag("asked")
        answer.expect("informed", None if is_asked else True)
        rows[handle] = row = _asked(meeting, members[handle])
        row.is_asked = is_asked
        row.organisation = stage.organisations[answer.text("organisation")]
        row.answer = Answer(answer.text("response") or Answer.PENDING)
        row.answered_via = answer.text("via")
        row.answered_at = maybe(answer.maybe_day("answered_on"), 8 + len(rows) * 7 % 10, len(rows) * 23 % 60)
        if answer.has("deputy"):
            named[answer.text("deputy")] = handle
        if answer.has("deputy_for"):
            deputies[handle] = answer.text("deputy_for")
        if answer.has("deputy_named"):
            with answer.part("deputy_named") as part:
                deputy = _one_off_deputy(stage, part, row)
            rows[deputy.handle] = Attendance(
                meeting=meeting,
                person=deputy,
                organisation=row.organisation,
                role=Role.DEPUTY,
                stands_in_for=row,
            )
    if named != deputies:
        raise Contradiction(f"{meeting.slug}: deputies {named} and {deputies}")
    for deputy_handle, member in deputies.items():
        rows[deputy_handle].stands_in_for = rows[member]
    return rows


def _one_off_deputy(stage: Stage, entry: Row, row: Attendance) -> Person:
    """Somebody named through a link, for one meeting: a person without membership, account or digest."""
    first_name, last_name, email = entry.text("first_name"), entry.text("last_name"), entry.text("email")
    handle = f"p-{email.partition('@')[0].partition('.')[2]}"
    person = Person(
        handle=handle,
        first_name=first_name,
        last_name=last_name,
        organisation=row.organisation,
        email=email,
        digest=DigestRhythm.NEVER,
        is_fictitious=True,
        note=entry.text("note"),
    )
    person.set_unusable_password()
    person.save()
    stage.people[handle] = person
    return person


def _store_attendance(stage: Stage) -> None:
    standing_in = [row for row in stage.attendance if row.stands_in_for is not None]
    Attendance.objects.bulk_create([row for row in stage.attendance if row.stands_in_for is None])
    Attendance.objects.bulk_create(standing_in)


def keep_what_left(stage: Stage) -> None:
    """Agendas that have left and whose meeting is ahead: what their standing items told when they did."""
    for meeting in stage.meetings.values():
        if meeting.agenda_sent_at is not None and meeting.state == MeetingState.INVITED:
            standing_told.keep(meeting, at=meeting.agenda_sent_at)


def _standing_items(stage: Stage) -> None:
    """What every later agenda begins and ends with, as the last meeting of each alliance has it."""
    last = {meeting.alliance_id: meeting for meeting in stage.meetings.values()}
    StandingItem.objects.bulk_create(
        [
            StandingItem(
                alliance_id=item.alliance_id,
                code=item.standing_code,
                title=_OF_A_DATE.sub(r"\1 letzten Sitzung", item.title),
                kind=item.kind,
                duration_minutes=item.duration_minutes,
                position=_STANDING_ORDER[item.standing_code],
            )
            for item in stage.items.values()
            if item.standing_code and item.meeting == last[item.alliance_id]
        ]
    )
