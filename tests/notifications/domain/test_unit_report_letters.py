"""Asking units for their report: one mail with the call where there is one, and one reminder at most."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse import clock
from buendnisse.clock import at_local
from buendnisse.enums import Role
from buendnisse.models import Membership, Person
from meetings.domain import calls, unit_reports
from meetings.domain.schedule import schedule
from meetings.enums import DeadlineKind, MeetingState
from meetings.models import Meeting
from notifications.domain import ring
from notifications.domain.letter import NothingToSay
from notifications.domain.letters import unit_reports as letters
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests import world
from tests.factories.buendnisse import MembershipFactory, OrganisationFactory, PersonFactory, UnitFactory
from tests.factories.meetings import MeetingFactory, StandingItemFactory
from tests.support import snapshots
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def nadia(cast: World) -> Person:
    unit = OrganisationFactory(slug="netwin", name="Arbeitsmarktprojekt Netwin", short_name="Netwin")
    UnitFactory(organisation=unit)
    found: Person = PersonFactory(handle="nadia", first_name="Nadia", last_name="Haddad", organisation=unit)
    MembershipFactory(body=cast.arbeit, person=found)
    return found


@pytest.fixture
def march(cast: World, nadia: Person) -> Meeting:
    StandingItemFactory(alliance=cast.arbeit, code="units", title="Berichte aus den Einheiten", position=1)
    made: Meeting = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CONFIRMED,
        venue=cast.venue,
    )
    return made


def moment(meeting: Meeting, kind: DeadlineKind) -> dt.datetime:
    return at_local(schedule(meeting)[kind], dt.time(7, 0))


def of(person: Person) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(person=person).select_related("person__organisation").order_by("pk"))


def letter(message: OutboxMessage, at: dt.datetime) -> str:
    with clock.frozen(at):
        return snapshots.mail(message, at=at)


def test_call_for_topics_carries_the_request(march: Meeting, nadia: Person) -> None:
    at = moment(march, DeadlineKind.CALL_FOR_ITEMS)
    ring.ring(at=at, send=False)

    (message,) = of(nadia)
    found = letter(message, at)

    assert message.kind == MailKind.CALL
    assert found == snapshots.stored("call_with_report", found)


def test_whoever_answers_for_no_unit_is_asked_for_topics_only(cast: World, march: Meeting) -> None:
    at = moment(march, DeadlineKind.CALL_FOR_ITEMS)
    ring.ring(at=at, send=False)

    (message,) = of(cast.susanne)

    assert "Ihr kurzer Bericht" not in letter(message, at)


def test_unit_that_is_not_called_for_topics_gets_a_letter_of_its_own(march: Meeting, nadia: Person) -> None:
    Membership.objects.filter(person=nadia).update(role=Role.GUEST, is_voting=False)
    at = moment(march, DeadlineKind.CALL_FOR_ITEMS)
    ring.ring(at=at, send=False)

    (message,) = of(nadia)
    found = letter(message, at)

    assert message.kind == MailKind.UNIT_REPORT
    assert found == snapshots.stored("unit_report", found)


def test_reminder_of_the_call_carries_the_request(march: Meeting, nadia: Person) -> None:
    ring.ring(at=moment(march, DeadlineKind.CALL_FOR_ITEMS), send=False)
    at = moment(march, DeadlineKind.REMINDER)
    ring.ring(at=at, send=False)

    found = letter(of(nadia)[-1], at)

    assert [message.kind for message in of(nadia)] == [MailKind.CALL, MailKind.CALL_REMINDER]
    assert found == snapshots.stored("call_reminder_with_report", found)


def test_who_has_answered_the_call_is_reminded_of_the_report_alone_and_once(march: Meeting, nadia: Person) -> None:
    opened = moment(march, DeadlineKind.CALL_FOR_ITEMS)
    ring.ring(at=opened, send=False)
    OutboxMessage.objects.update(state=OutboxState.SENT, sent_at=opened)
    march.refresh_from_db()
    calls.say_no_item([march], by=nadia, at=opened)
    at = moment(march, DeadlineKind.REMINDER)
    for day in range(3):
        ring.ring(at=at + dt.timedelta(days=day), send=False)

    found = letter(of(nadia)[-1], at)

    assert [message.kind for message in of(nadia)] == [MailKind.CALL, MailKind.UNIT_REPORT]
    assert found == snapshots.stored("unit_report_reminder", found)


def test_who_has_written_is_not_reminded(march: Meeting, nadia: Person) -> None:
    opened = moment(march, DeadlineKind.CALL_FOR_ITEMS)
    ring.ring(at=opened, send=False)
    march.refresh_from_db()
    calls.say_no_item([march], by=nadia, at=opened)
    unit_reports.write(march, nadia.organisation, text="", version=0, by=nadia, at=opened)

    ring.ring(at=moment(march, DeadlineKind.REMINDER), send=False)

    assert [message.kind for message in of(nadia)] == [MailKind.CALL]


def test_letter_still_waiting_is_dropped_once_the_report_is_there(march: Meeting, nadia: Person) -> None:
    Membership.objects.filter(person=nadia).update(role=Role.GUEST, is_voting=False)
    at = moment(march, DeadlineKind.CALL_FOR_ITEMS)
    ring.ring(at=at, send=False)
    march.refresh_from_db()
    unit_reports.write(march, nadia.organisation, text="41 Vermittlungen.", version=0, by=nadia, at=at)

    with pytest.raises(NothingToSay):
        letter(of(nadia)[0], at)


def test_after_the_agenda_is_out_the_later_day_is_said_to_be_one(march: Meeting, nadia: Person) -> None:
    in_time, late = (
        letters.of(nadia, [march], at=moment(march, kind))[0].sentence
        for kind in (DeadlineKind.CALL_FOR_ITEMS, DeadlineKind.INVITATION)
    )

    asked = "Was gibt es bei Ihnen Neues (Netwin)?"
    assert in_time.replace("\N{NO-BREAK SPACE}", " ") == (
        f"{asked} Bitte schreiben Sie uns ein paar Sätze für den 11. März (Arbeit) bis Mittwoch, 24. Februar 2027."
    )
    assert late.replace("\N{NO-BREAK SPACE}", " ") == (
        f"{asked} Für die Tagesordnung ist es schon zu spät. "
        "Nachreichen können Sie ein paar Sätze für den 11. März (Arbeit) bis Montag, 8. März 2027."
    )
