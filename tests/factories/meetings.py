"""Meetings and what happens in them, with readable values and no randomness."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from buendnisse.models import StandingItem
from meetings.enums import DecisionState, MeetingState
from meetings.models import ActionItem, AgendaItem, Decision, Meeting, Relay
from tests.factories.buendnisse import AllianceFactory, PersonFactory, VenueFactory

UTC = dt.UTC


class MeetingFactory(DjangoModelFactory[Meeting]):
    """3 December 2026, 10:00 to 12:00 in Berlin, unless said otherwise."""

    class Meta:
        model = Meeting

    slug = factory.Sequence(lambda n: f"m-{n}")
    alliance = factory.SubFactory(AllianceFactory)
    quarter = "2026-Q4"
    title = "Arbeitsbündnis Arbeit – 4. Quartal 2026"
    start = dt.datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
    end = dt.datetime(2026, 12, 3, 11, 0, tzinfo=UTC)
    venue = factory.SubFactory(VenueFactory)
    state = MeetingState.PLANNED
    created_at = dt.datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    changed_at = dt.datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


class AgendaItemFactory(DjangoModelFactory[AgendaItem]):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    alliance = factory.SelfAttribute("meeting.alliance")
    title = factory.Sequence(lambda n: f"Thema {n}")
    position = factory.Sequence(lambda n: n + 1)
    state = "scheduled"


class DecisionFactory(DjangoModelFactory[Decision]):
    class Meta:
        model = Decision

    number = factory.Sequence(lambda n: f"A-2026-{n + 1:02d}")
    agenda_item = factory.SubFactory(AgendaItemFactory)
    meeting = factory.SelfAttribute("agenda_item.meeting")
    alliance = factory.SelfAttribute("meeting.alliance")
    kind = "consensus"
    text = "Die Fachstelle bereitet ein Anfrageformular vor."
    decided_on = dt.date(2026, 12, 3)
    state = DecisionState.ADOPTED


class ActionItemFactory(DjangoModelFactory[ActionItem]):
    class Meta:
        model = ActionItem

    agenda_item = factory.SubFactory(AgendaItemFactory)
    meeting = factory.SelfAttribute("agenda_item.meeting")
    alliance = factory.SelfAttribute("meeting.alliance")
    owner = factory.SubFactory(PersonFactory)
    organisation = factory.SelfAttribute("owner.organisation")
    task = "Raum anfragen"
    due_on = dt.date(2026, 12, 20)


class StandingItemFactory(DjangoModelFactory[StandingItem]):
    class Meta:
        model = StandingItem

    alliance = factory.SubFactory(AllianceFactory)
    code = factory.Sequence(lambda n: f"punkt-{n}")
    title = factory.LazyAttribute(lambda row: f"Fester Punkt {row.code}")
    kind = "formal"
    duration_minutes = 5
    position = -1


class RelayFactory(DjangoModelFactory[Relay]):
    class Meta:
        model = Relay

    number = factory.Sequence(lambda n: f"W-2026-{n + 1:02d}")
    kind = "opinion_requested"
    subject = "Wohnmöglichkeiten für Auszubildende"
    message = "Bitte nehmen Sie Stellung."
    state = "sent"
    sent_at = dt.datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
