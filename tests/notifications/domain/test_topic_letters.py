"""Calls, copies and fates, from the verb to the words."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.clock import at_local
from buendnisse.enums import Via
from meetings.domain import agenda, agenda_own, agenda_proposals, calls
from meetings.domain.schedule import schedule
from meetings.enums import DeadlineKind, MeetingState
from meetings.models import AgendaItem, Meeting
from notifications.domain import ring
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support import snapshots
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def march(cast: World) -> Meeting:
    return MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CONFIRMED,
        venue=cast.venue,
    )


def moment(meeting: Meeting, kind: DeadlineKind) -> dt.datetime:
    return at_local(schedule(meeting)[kind], dt.time(7, 0))


def waiting(kind: MailKind) -> list[OutboxMessage]:
    rows = OutboxMessage.objects.filter(kind=kind, state=OutboxState.WAITING)
    return list(rows.select_related("person__organisation").order_by("person__last_name"))


def propose(cast: World, meeting: Meeting | None, at: dt.datetime = AT, **given: Any) -> AgendaItem:
    fields: dict[str, Any] = {
        "title": "100-Tage-Gespräche: Erfahrungen und Terminlage",
        "description": "Wie viele Gespräche haben stattgefunden, wo hakt es?",
    }
    return agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=meeting,
        proposer=cast.susanne,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=at,
        **(fields | given),
    )


def ring_at(at: dt.datetime) -> None:
    ring.ring(at=at, send=False)


def same(name: str, message: OutboxMessage, at: dt.datetime) -> None:
    with clock.frozen(at):
        found = snapshots.mail(message, at=at)
    assert found == snapshots.stored(name, found)


def test_call_goes_to_members_and_deputies_at_seven(cast: World, march: Meeting) -> None:
    at = moment(march, DeadlineKind.CALL_FOR_ITEMS)
    AgendaItemFactory(meeting=march, state="accepted", title="Führerschein: Übersicht zur Umschreibung", position=1)

    ring_at(at)
    ring_at(at)

    messages = waiting(MailKind.CALL)
    assert [message.person for message in messages] == [cast.rolf, cast.birgit, cast.susanne]
    assert {message.not_before for message in messages} == {at}
    same("call", messages[2], at)


def test_two_calls_within_three_days_are_one_mail(cast: World, march: Meeting) -> None:
    MeetingFactory(
        alliance=cast.bildung,
        quarter="2027-Q1",
        start=march.start - dt.timedelta(days=1),
        end=march.end - dt.timedelta(days=1),
        state=MeetingState.CONFIRMED,
        venue=cast.venue,
    )
    first = moment(march, DeadlineKind.CALL_FOR_ITEMS)

    for days in range(-3, 4):
        ring_at(first + dt.timedelta(days=days))

    messages = waiting(MailKind.CALL)
    assert [message.person for message in messages] == [cast.rolf, cast.birgit, cast.susanne]
    same("call_two", messages[2], first)


def test_call_reminder_goes_to_who_has_not_answered(cast: World, march: Meeting) -> None:
    ring_at(moment(march, DeadlineKind.CALL_FOR_ITEMS))
    calls.say_no_item([march], by=cast.birgit, at=AT)
    propose(cast, march)
    at = moment(march, DeadlineKind.REMINDER)

    ring_at(at)

    messages = waiting(MailKind.CALL_REMINDER)
    assert [message.person for message in messages] == [cast.rolf]
    same("call_reminder", messages[0], at)
    calls.say_no_item([march], by=cast.rolf, at=at)
    with pytest.raises(NothingToSay):
        snapshots.mail(messages[0], at=at)


def test_proposer_gets_a_copy(cast: World, march: Meeting) -> None:
    propose(cast, march)

    ring_at(AT)

    messages = waiting(MailKind.ITEM_RECEIVED)
    assert [message.person for message in messages] == [cast.susanne]
    assert messages[0].not_before == AT + dt.timedelta(seconds=60)
    same("item_received", messages[0], AT)


def test_copy_of_a_topic_too_late_says_that_it_is_kept(cast: World, march: Meeting) -> None:
    at = moment(march, DeadlineKind.MEETING) - dt.timedelta(days=1)
    propose(cast, march, at)

    ring_at(at)

    same("item_received_kept", waiting(MailKind.ITEM_RECEIVED)[0], at)


def test_copy_of_a_topic_withdrawn_at_once_is_dropped(cast: World, march: Meeting) -> None:
    item = propose(cast, march)
    ring_at(AT)
    agenda_own.withdraw(item, by=cast.susanne, at=AT)

    with pytest.raises(NothingToSay):
        snapshots.mail(waiting(MailKind.ITEM_RECEIVED)[0], at=AT)


@pytest.mark.parametrize("fate", ["accepted", "declined", "delegated", "kept", "later"])
def test_proposer_hears_what_became_of_it(cast: World, march: Meeting, fate: str) -> None:
    item = propose(cast, march)
    by: dict[str, Any] = {"by": cast.imke, "at": AT}
    match fate:
        case "accepted":
            agenda.accept(item, **by)
        case "declined":
            agenda.decline(item, reason="Die Sitzung ist mit vier Themen schon voll.", **by)
        case "delegated":
            agenda.delegate(
                item, to=cast.birgit.organisation, reason="Frau Hanneken ruft Sie in dieser Woche an.", **by
            )
        case "kept":
            agenda.defer(item, to=None, reason="Im Juni haben wir mehr Zeit dafür.", **by)
        case _:
            june = MeetingFactory(
                alliance=cast.arbeit,
                quarter="2027-Q2",
                start=dt.datetime(2027, 6, 10, 8, 0, tzinfo=dt.UTC),
                end=dt.datetime(2027, 6, 10, 10, 0, tzinfo=dt.UTC),
                state=MeetingState.CONFIRMED,
            )
            agenda.defer(item, to=june, reason="Die Zahlen kommen erst im April.", **by)

    ring_at(AT)

    assert waiting(MailKind.ITEM_RECEIVED) == []
    messages = waiting(MailKind.ITEM_FATE)
    assert [message.person for message in messages] == [cast.susanne]
    same(f"item_fate_{fate}", messages[0], AT)


def test_a_step_taken_back_before_its_letter_left_is_not_told(cast: World, march: Meeting) -> None:
    item = propose(cast, march)
    agenda.decline(item, reason="Voll.", by=cast.imke, at=AT)
    ring_at(AT)
    agenda.restore(item, by=cast.imke, at=AT)
    ring_at(AT)

    messages = waiting(MailKind.ITEM_FATE)
    assert len(messages) == 1
    with pytest.raises(NothingToSay):
        snapshots.mail(messages[0], at=AT)


def test_the_fachstelle_is_not_told_of_its_own_topics(cast: World, march: Meeting) -> None:
    agenda.add(
        march,
        title="Handlungskonzept",
        kind="discussion",
        minutes=20,
        presenter=None,
        by=cast.imke,
        form_key=uuid.uuid4(),
        at=AT,
    )

    ring_at(AT)

    assert OutboxMessage.objects.count() == 0
