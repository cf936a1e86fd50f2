"""Between two sendings members read what they were sent; the Fachstelle reads what it is doing."""

from __future__ import annotations

import datetime as dt

import pytest

from meetings.domain import agenda, agenda_order, agenda_sending
from meetings.enums import AgendaItemKind, MeetingState
from meetings.models import AgendaItem, Meeting
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.world import AT, World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    found = MeetingFactory(alliance=cast.arbeit, state=MeetingState.CALL_OPEN, chair=cast.birgit)
    for title in ("Rufbus am Abend", "Praktikumswoche"):
        item = AgendaItemFactory(meeting=found, title=title, state="proposed", kind=AgendaItemKind.DISCUSSION)
        agenda.accept(item, meeting=found, by=cast.imke, at=AT)
    agenda_sending.send_agenda(found, by=cast.imke, at=AT, without_release="Am Telefon besprochen.")
    return Meeting.objects.get(pk=found.pk)


def seen(meeting: Meeting, reader: object) -> list[tuple[int, str, int]]:
    found = agenda_order.numbered(Meeting.objects.get(pk=meeting.pk), reader=reader, at=AT + dt.timedelta(hours=1))
    return [
        (entry.number, entry.item.title, entry.item.duration_minutes)
        for entry in found.entries
        if not entry.is_standing
    ]


def test_what_is_moved_about_stays_on_the_board_until_it_is_sent(cast: World, meeting: Meeting) -> None:
    before = seen(meeting, cast.susanne)
    assert before == seen(meeting, cast.imke)
    bus = AgendaItem.objects.get(title="Rufbus am Abend")
    agenda_order.move_down(bus, by=cast.imke, at=AT)
    bus.refresh_from_db()
    agenda.edit(bus, version=bus.version, title="Rufbus auch nachts", duration_minutes=45, by=cast.imke, at=AT)
    late = AgendaItemFactory(meeting=meeting, title="Glatteis", state="proposed")
    agenda.accept(late, meeting=Meeting.objects.get(pk=meeting.pk), by=cast.imke, at=AT)

    assert seen(meeting, cast.susanne) == before
    assert [title for _number, title, _minutes in seen(meeting, cast.imke)] == [
        "Praktikumswoche",
        "Rufbus auch nachts",
        "Glatteis",
    ]

    agenda_sending.send_agenda(
        Meeting.objects.get(pk=meeting.pk), by=cast.imke, at=AT, without_release="Am Telefon besprochen."
    )
    assert seen(meeting, cast.susanne) == seen(meeting, cast.imke)


def test_what_left_the_agenda_keeps_its_number_free(cast: World, meeting: Meeting) -> None:
    before = seen(meeting, cast.susanne)
    bus = AgendaItem.objects.get(title="Rufbus am Abend")
    AgendaItem.objects.filter(pk=bus.pk).update(state="withdrawn", position=0)

    assert seen(meeting, cast.susanne) == [one for one in before if one[1] != "Rufbus am Abend"]


def test_when_the_meeting_runs_everybody_looks_at_the_same(cast: World, meeting: Meeting) -> None:
    bus = AgendaItem.objects.get(title="Rufbus am Abend")
    agenda_order.move_down(bus, by=cast.imke, at=AT)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.IN_SESSION)

    assert seen(meeting, cast.susanne) == seen(meeting, cast.imke)
