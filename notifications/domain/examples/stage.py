"""An invented quarter of one alliance, written into a transaction that is rolled back: what the examples tell about.

In 2035, so that nothing of the installation's own lies near it, and everybody who reads it sees that it is no real date.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from buendnisse.clock import at_local
from buendnisse.enums import OrganisationKind, Role, Salutation
from buendnisse.models import Alliance, Membership, Organisation, Person, Venue
from meetings.enums import AgendaItemKind, AgendaItemState, DecisionKind, DecisionState, MeetingMode, MeetingState
from meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting

#: Thursday of the example meeting, and the one before it.
DAY = dt.date(2035, 2, 15)
_BEFORE = dt.date(2034, 11, 16)
_SINCE = dt.date(2030, 1, 1)


@dataclass
class Stage:
    """`reader` gets the mail; `chair` leads the alliance; `guest` and `deputy` belong to the others."""

    alliance: Alliance
    other: Alliance
    reader: Person
    chair: Person
    deputy: Person
    meeting: Meeting
    held: Meeting
    bus: AgendaItem
    decision: Decision
    action: ActionItem

    def row(self, person: Person | None = None, **fields: Any) -> Attendance:
        """The attendance of somebody in the meeting to come, with these fields set."""
        row = Attendance.objects.get(meeting=self.meeting, person=person or self.reader)
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        return row

    def set_meeting(self, **fields: Any) -> Meeting:
        Meeting.objects.filter(pk=self.meeting.pk).update(**fields)
        self.meeting.refresh_from_db()
        return self.meeting


def build() -> Stage:
    """Store the rows. Needs a transaction that is rolled back."""
    school = _organisation("schule", "Beispielschule Neustadt", OrganisationKind.SCHOOL)
    office = _organisation("amt", "Jobcenter Neustadt", OrganisationKind.AUTHORITY)
    alliance, other = _alliance("arbeit", "Arbeit"), _alliance("gesellschaft", "Gesellschaft")
    alliance.may_relay_to.add(other)
    other.may_relay_to.add(alliance)
    reader = _person("Hanna", "Beispiel", school, Salutation.FRAU)
    chair = _person("Jan", "Muster", office, Salutation.HERR)
    deputy = _person("Kim", "Vorlage", school, Salutation.NEUTRAL)
    for person, role in ((reader, Role.MEMBER), (chair, Role.CHAIR), (deputy, Role.DEPUTY)):
        for body in (alliance, other):
            is_voting = role != Role.DEPUTY
            organisation = person.organisation
            Membership.objects.create(
                body=body, person=person, organisation=organisation, role=role, since=_SINCE, is_voting=is_voting
            )
    venue = Venue.objects.create(
        slug="beispiel-ort",
        name="Kreishaus, Sitzungsraum 1",
        is_step_free=True,
        has_induction_loop=True,
        bus_note="Stadtbus bis 21:10 Uhr ab Kreishaus",
    )
    meeting = _meeting(alliance, DAY, "2035-Q1", venue=venue, chair=chair, state=MeetingState.CONFIRMED)
    held = _meeting(alliance, _BEFORE, "2034-Q4", venue=venue, chair=chair, state=MeetingState.HELD)
    for person, role in ((reader, Role.MEMBER), (chair, Role.CHAIR)):
        for one in (meeting, held):
            Attendance.objects.create(meeting=one, person=person, organisation=person.organisation, role=role)
    bus = AgendaItem.objects.create(
        alliance=alliance,
        meeting=held,
        title="Rufbus am Abend",
        result="Der Rufbus fährt ab dem 1. März auch abends.",
        position=1,
        kind=AgendaItemKind.DECISION,
        state=AgendaItemState.DISCUSSED,
        proposer=reader,
        proposing_organisation=school,
        presenter=reader,
        submitted_at=at_local(dt.date(2034, 10, 12), dt.time(18, 30)),
    )
    decision = Decision.objects.create(
        number="BSP-2034-07",
        alliance=alliance,
        meeting=held,
        agenda_item=bus,
        kind=DecisionKind.CONSENSUS,
        text="Die Fachstelle bittet die Verkehrsgesellschaft, den Rufbus bis 21 Uhr fahren zu lassen.",
        decided_on=_BEFORE,
        state=DecisionState.ADOPTED,
        responsible=reader,
        responsible_organisation=school,
    )
    action = ActionItem.objects.create(
        alliance=alliance,
        meeting=held,
        agenda_item=bus,
        owner=reader,
        organisation=school,
        task="Bei der Verkehrsgesellschaft nach den Kosten fragen",
        due_on=dt.date(2035, 1, 15),
    )
    return Stage(alliance, other, reader, chair, deputy, meeting, held, bus, decision, action)


def topic(stage: Stage, title: str = "Praktika für junge Erwachsene", **fields: Any) -> AgendaItem:
    """A topic of the reader for the meeting to come."""
    given: dict[str, Any] = {
        "alliance": stage.alliance,
        "meeting": stage.meeting,
        "title": title,
        "description": "Wir stellen drei Betriebe vor und möchten hören, was Ihnen hilft.",
        "state": AgendaItemState.ACCEPTED,
        "position": 1,
        "duration_minutes": 20,
        "proposer": stage.reader,
        "proposing_organisation": stage.reader.organisation,
        "presenter": stage.reader,
        "submitted_at": at_local(dt.date(2035, 1, 10), dt.time(17, 0)),
    }
    item: AgendaItem = AgendaItem.objects.create(**(given | fields))
    return item


def _organisation(slug: str, name: str, kind: str) -> Organisation:
    return Organisation.objects.create(
        slug=f"beispiel-{slug}", name=name, short_name=name, kind=kind, is_fictitious=True
    )


def _alliance(slug: str, word: str) -> Alliance:
    made: Alliance = Alliance.objects.create(
        slug=f"beispiel-{slug}", kind="alliance", name=f"Arbeitsbündnis {word}", short_name=f"AB {word}"
    )
    return made


def _person(first: str, last: str, organisation: Organisation, salutation: str) -> Person:
    made: Person = Person.objects.create(
        first_name=first,
        last_name=last,
        organisation=organisation,
        salutation=salutation,
        email=f"{first.lower()}.{last.lower()}@beispiel.example",
        phone="00000 1234",
        is_fictitious=True,
    )
    return made


def _meeting(
    alliance: Alliance, day: dt.date, quarter: str, *, venue: Venue, chair: Person, state: MeetingState
) -> Meeting:
    at = at_local(dt.date(2034, 10, 2), dt.time(9, 0))
    made: Meeting = Meeting.objects.create(
        slug=f"beispiel-{quarter.lower()}",
        alliance=alliance,
        quarter=quarter,
        title=f"{alliance.name}, {quarter}",
        start=at_local(day, dt.time(10, 0)),
        end=at_local(day, dt.time(12, 0)),
        mode=MeetingMode.HYBRID,
        venue=venue,
        video_link="https://konferenz.example/beispiel",
        state=state,
        chair=chair,
        created_at=at,
        changed_at=at,
    )
    return made
