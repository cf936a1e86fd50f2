"""The Schreibtisch, fact by fact in the small cast, and whole with the demo's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import strip_tags

from buendnisse import clock, german
from buendnisse.config.demo import load
from buendnisse.domain import link_requests
from buendnisse.enums import Via
from buendnisse.models import BarrierReport, Person
from meetings.enums import MeetingState, MinutesState
from meetings.models import ActionItem, Attendance, Minutes, Objection
from notifications.domain import desk, desk_year
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests import world
from tests.factories.buendnisse import PersonFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

BACKEND = "notifications.adapters.SignInBackend"
UTC = dt.UTC


@pytest.fixture
def cast() -> Iterator[World]:
    with clock.frozen(AT):
        yield world.build()


def week() -> list[tuple[str, dt.date | None]]:
    return [(line.title, line.due) for line in desk.desk(at=AT).week]


def later() -> list[tuple[str, dt.date | None]]:
    """Without the dates of next year that are missing, which have tests of their own."""
    missing = [line.title for line in desk_year.missing(at=AT)]
    return [(line.title, line.due) for line in desk.desk(at=AT).later if line.title not in missing]


def test_nothing_to_do(cast: World, client: Client) -> None:
    client.force_login(cast.imke, backend=BACKEND)

    assert (week(), later()) == ([], [])
    assert "<h1>Alles erledigt</h1>" in client.get("/").content.decode()


def test_everything_done_until_the_next_meeting(cast: World, client: Client) -> None:
    MeetingFactory(
        alliance=cast.arbeit,
        state=MeetingState.INVITED,
        start=dt.datetime(2026, 11, 26, 9, tzinfo=UTC),
        end=dt.datetime(2026, 11, 26, 11, tzinfo=UTC),
    )
    client.force_login(cast.imke, backend=BACKEND)

    assert "<h1>Alles erledigt bis Donnerstag</h1>" in client.get("/").content.decode()


@pytest.mark.parametrize(("state", "shown"), [("invited", 1), ("in_session", 1), ("held", 0), ("cancelled", 0)])
def test_meeting_of_the_day_stands_on_top(cast: World, client: Client, state: str, shown: int) -> None:
    start = AT + dt.timedelta(hours=2)
    MeetingFactory(alliance=cast.arbeit, slug="heute", state=state, start=start, end=start + dt.timedelta(hours=2))
    client.force_login(cast.imke, backend=BACKEND)

    text = client.get("/").content.decode()

    line = f'Heute, {german.hour(start)}: <a href="/sitzungen/heute/sitzung/">{cast.arbeit.word}</a>'
    assert text.count(line) == shown


def test_proposals_are_a_line_a_meeting_due_by_the_editorial_deadline(cast: World) -> None:
    meeting = MeetingFactory(
        alliance=cast.gesellschaft,
        state=MeetingState.CONFIRMED,
        start=dt.datetime(2027, 3, 3, 14, 30, tzinfo=UTC),
        end=dt.datetime(2027, 3, 3, 16, 30, tzinfo=UTC),
    )
    AgendaItemFactory(meeting=meeting, state="proposed", proposer=cast.hedwig, title="Arzttermine")
    AgendaItemFactory(meeting=meeting, state="proposed", proposer=cast.rolf, title="Fahrdienst")

    assert later() == [(f"2 Themenvorschläge von {cast.hedwig.formal_name} und Herrn Eilers", dt.date(2027, 2, 10))]


def test_minutes_and_objection(cast: World) -> None:
    held = dt.datetime(2026, 11, 19, 9, tzinfo=UTC)
    drafted = MeetingFactory(
        alliance=cast.arbeit, state=MeetingState.HELD, start=held, end=held + dt.timedelta(hours=2)
    )
    Minutes.objects.create(meeting=drafted, author=cast.imke)
    out = MeetingFactory(alliance=cast.bildung, state=MeetingState.HELD, start=held, end=held + dt.timedelta(hours=2))
    minutes = Minutes.objects.create(
        meeting=out, state=MinutesState.CONTESTED, objection_until=dt.date(2026, 12, 2), circulated_at=AT
    )
    Objection.objects.create(minutes=minutes, by=cast.susanne, received_at=AT, text="Am 21. Januar.")

    assert week() == [
        (f"Protokoll Arbeit an {cast.birgit.formal_name} geben", dt.date(2026, 11, 26)),
        ("Einwand zum Protokoll Bildung beantworten", dt.date(2026, 12, 2)),
    ]


def test_meeting_without_minutes_and_agenda_not_sent(cast: World) -> None:
    held = dt.datetime(2026, 11, 19, 9, tzinfo=UTC)
    MeetingFactory(alliance=cast.bildung, state=MeetingState.HELD, start=held, end=held + dt.timedelta(hours=2))
    MeetingFactory(alliance=cast.arbeit, state=MeetingState.AGENDA_CLOSED)
    MeetingFactory(
        alliance=cast.gesellschaft,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 3, 14, tzinfo=UTC),
        end=dt.datetime(2027, 3, 3, 16, tzinfo=UTC),
    )

    assert week() == [
        ("Tagesordnung Arbeit versenden", dt.date(2026, 11, 19)),
        ("Protokoll Bildung beginnen", dt.date(2026, 11, 26)),
    ]
    assert later() == [("1 Termin für 2027 festlegen", None)]


def test_tasks_over_their_date_are_one_line_and_wait(cast: World) -> None:
    item = AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit, state=MeetingState.INVITED))
    for day in (dt.date(2026, 11, 1), dt.date(2026, 11, 2), dt.date(2026, 12, 20)):
        ActionItemFactory(due_on=day, owner=cast.susanne, agenda_item=item)
    ActionItem.objects.filter(due_on=dt.date(2026, 12, 20)).update(is_blocked=True)

    assert "2 Aufträge über dem Datum" in [title for title, _due in later()]
    assert "Auftrag kommt nicht voran: Raum anfragen" in [title for title, _due in later()]


def test_post_and_barriers_are_for_this_week(cast: World) -> None:
    OutboxMessage.objects.create(
        kind=MailKind.AGENDA,
        person=PersonFactory(first_name="Malte", last_name="Brinkhuis"),
        occasion="agenda:1",
        created_at=AT,
        not_before=AT,
        state=OutboxState.FAILED,
        failure="Das Postfach ist voll.",
    )
    link_requests.revoke_all(cast.hedwig, at=AT - dt.timedelta(days=1))
    BarrierReport.objects.create(text="Der Knopf ist zu klein.", reported_at=AT)

    assert {line.title: line.why for line in desk.desk(at=AT).week} == {
        f"Adresse von {cast.hedwig.full_name} prüfen": (
            "Am 22.\N{NO-BREAK SPACE}November meldete jemand: Diese Mail war nicht für mich."
        ),
        "Gemeldete Barriere beantworten": "Am 23.\N{NO-BREAK SPACE}November: „Der Knopf ist zu klein.“",
        "1 Mail kam nicht an": "Malte Brinkhuis: Das Postfach ist voll.",
    }


def test_answer_to_an_earlier_date_is_none_to_the_new_one(cast: World, client: Client) -> None:
    start = dt.datetime(2027, 2, 17, 9, tzinfo=UTC)
    end = start + dt.timedelta(hours=2)
    meeting = MeetingFactory(alliance=cast.arbeit, state=MeetingState.INVITED, start=start, end=end)
    said = {"answer": "declined", "answered_at": AT, "answered_via": Via.CALENDAR, "role": "member"}
    for person, is_earlier in ((cast.susanne, True), (cast.birgit, False)):
        Attendance.objects.create(
            meeting=meeting,
            person=person,
            organisation=person.organisation,
            answer_is_for_earlier_date=is_earlier,
            **said,
        )
    client.force_login(cast.imke, backend=BACKEND)

    with clock.frozen(AT):
        page = client.get("/").content.decode()
    section = page.partition('id="antworten"')[2].partition("</ul>")[0]
    said_there = [" ".join(strip_tags(one).split()) for one in section.split("<li>")[1:]]
    day = "17. Februar"
    assert sorted(said_there) == sorted(
        [
            f"{cast.birgit} (Jobcenter) kommt nicht am {day}. heute, Kalender",
            f"{cast.susanne} (BBS) ist für den {day} neu gefragt, vorher: kommt nicht. heute, Kalender",
        ]
    )


def test_who_reads_no_mail_is_written_to(cast: World) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit, state=MeetingState.INVITED)
    person = PersonFactory(first_name="Hinnerk", last_name="Többen", salutation="herr", email="")
    Attendance.objects.create(meeting=meeting, person=person, organisation=person.organisation, role="member")

    assert later() == [("Einladung per Post oder Telefon", dt.date(2026, 12, 3))]


@pytest.fixture(scope="module")
def demo(django_db_setup: Any, django_db_blocker: Any) -> Iterator[dt.datetime]:
    """The whole demo, loaded once for this module and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load.load()
        clock.forget_shift()
        yield AT
        transaction.set_rollback(True)
    clock.forget_shift()


def test_demo_has_three_things_and_mail_this_week(demo: dt.datetime) -> None:
    found = desk.desk(at=demo)

    assert [(line.title, line.due) for line in found.week] == [
        ("Wohnmöglichkeiten für Auszubildende", dt.date(2026, 9, 30)),
        ("2 Mails sind zu klären", None),
        ("Protokoll Gesellschaft an Herrn Steenwyk geben", dt.date(2026, 11, 26)),
        ("Einwand zum Protokoll Bildung beantworten", dt.date(2026, 12, 2)),
    ]
    assert [(line.title, line.due) for line in found.later] == [
        ("6 Aufträge über dem Datum", dt.date(2026, 12, 3)),
        ("Kontingent 2027 des Sprachmittlungspools", dt.date(2027, 2, 9)),
        ("1 Themenvorschlag von Frau Burlage", dt.date(2027, 2, 10)),
        ("1 Themenvorschlag von Herrn Groothus", dt.date(2027, 2, 18)),
        ("1 Kurzmeldung freigeben", None),
        ("1 Rückmeldung ansehen", None),
        ("6 Beschlüsse zur Wiedervorlage", None),
        ("9 Termine für 2027 planen", None),
    ]
    assert [(entry.day, entry.words.split(":")[0]) for entry in found.automatic[:2]] == [
        (dt.date(2026, 11, 27), "Abstimmung per E-Mail endet"),
        (dt.date(2026, 11, 30), "Wochenbrief um 7"),
    ]
    assert [(one.meeting.slug, one.coming) for one in found.meetings] == [
        ("2026-q4-arbeit", 12),
        ("2027-q1-bildung", 0),
        ("2027-q1-gesellschaft", 0),
        ("2027-q1-arbeit", 0),
    ]


def test_desk_asks_the_same_whatever_lies_on_it(demo: dt.datetime, django_assert_num_queries: Any) -> None:
    # Four for a running vote by mail, three for mail in and back, three for relays, one for mail stopped ahead.
    with django_assert_num_queries(40):
        desk.desk(at=demo)


def test_looking_at_the_desk_changes_nothing(demo: dt.datetime, client: Client) -> None:
    imke = Person.objects.get(handle="p-albers")
    client.force_login(imke, backend=BACKEND)
    with clock.frozen(demo):
        before = Person.objects.get(pk=imke.pk).last_looked_at
        assert client.get("/").status_code == 200

    assert Person.objects.get(pk=imke.pk).last_looked_at == before
