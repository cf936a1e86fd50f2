"""The pages of mail that a date will set off: a list, and each with its readers, an introduction and a stop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.clock import automatic_mail_time
from meetings.enums import DeadlineKind
from meetings.models import Meeting
from notifications.domain import valve
from notifications.models import MailAhead, OutboxMessage
from tests.notifications import year
from tests.notifications.nudges import DAY, at_seven, confirm, dispatch_on, invited_to, owes
from tests.world import World

pytestmark = pytest.mark.django_db

WORDS = "Diesmal kommt der Landrat dazu."


@pytest.fixture
def arbeit(cast: World) -> Meeting:
    return confirm(cast, year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11)))


@pytest.fixture
def opens(arbeit: Meeting) -> dt.datetime:
    return at_seven(arbeit, DeadlineKind.CALL_FOR_ITEMS)


@pytest.fixture(autouse=True)
def _the_day_before(opens: dt.datetime) -> Iterator[None]:
    with clock.frozen(opens - DAY):
        yield


def page(arbeit: Meeting) -> str:
    return f"/postausgang/voraus/{arbeit.slug}/call/"


def words_of(response: Any) -> str:
    return str(response.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def test_list_leads_to_the_readers_and_the_mail(desk: Client, cast: World, arbeit: Meeting) -> None:
    found = words_of(desk.get("/postausgang/?stand=voraus"))
    assert f'href="{page(arbeit)}"' in found
    assert "am 17. Dezember, 07:00 Uhr" in found

    shown = words_of(desk.get(page(arbeit)))
    assert "Geht am Donnerstag, 17. Dezember 2026 um 7:00 Uhr von selbst an 3 Personen." in shown
    assert f"So liest sie {cast.rolf.full_name}." in shown
    frame = desk.get(f"{page(arbeit)}html/")
    assert "Haben Sie ein Thema für den 11. Februar?" in words_of(frame)
    assert "sandbox" in frame["Content-Security-Policy"]


def test_own_words_and_a_stop_are_kept_and_taken_back(desk: Client, arbeit: Meeting) -> None:
    for data, said in (
        ({"words": WORDS}, "Die Einleitung steht in jeder dieser Mails."),
        ({"do": "stop"}, "Diese Mails sind angehalten."),
    ):
        assert said in desk.post(page(arbeit), data, follow=True).content.decode()
    shown = words_of(desk.get(page(arbeit)))
    assert "warten dann im Postausgang" in shown
    assert WORDS in shown
    listed = desk.get("/postausgang/?stand=voraus").content.decode()
    assert "Angehalten. Sie geht erst, wenn Sie sie freigeben." in listed

    assert "gehen wieder von selbst" in desk.post(page(arbeit), {"do": "release"}, follow=True).content.decode()
    assert "ist wieder weg" in desk.post(page(arbeit), {"words": ""}, follow=True).content.decode()
    assert "Mit Ihrer Einleitung" not in desk.get("/postausgang/?stand=voraus").content.decode()


def test_desk_leads_there_and_says_what_is_stopped(desk: Client, arbeit: Meeting) -> None:
    assert f'<a href="{page(arbeit)}">Aufruf zu Themen für Arbeit am 11. Februar.</a>' in words_of(desk.get("/"))
    desk.post(page(arbeit), {"do": "stop"})

    assert "Aufruf zu Themen für Arbeit am 11. Februar. Angehalten.</a>" in words_of(desk.get("/"))


def test_page_of_the_meeting_leads_there_too(desk: Client, arbeit: Meeting) -> None:
    found = words_of(desk.get(f"/sitzungen/{arbeit.slug}/mails/"))

    assert "Am 17. Dezember, 07:00 Uhr geht von selbst:" in found
    assert f'<a href="{page(arbeit)}">Aufruf zu Themen</a>' in found


def test_page_ends_when_the_mail_is_written(desk: Client, arbeit: Meeting, opens: dt.datetime) -> None:
    dispatch_on(opens)
    with clock.frozen(opens):
        assert desk.get(page(arbeit)).status_code == 404
    assert desk.get(f"/postausgang/voraus/{arbeit.slug}/digest/").status_code == 404


TOO_LATE = "Das ging nicht mehr: Diese Mail ist inzwischen fällig. Bitte sehen Sie im Postausgang nach."


@pytest.mark.parametrize("data", [{"do": "stop"}, {"do": "release"}, {"words": WORDS}])
def test_who_decides_too_late_is_told_and_led_to_the_mail(
    desk: Client, arbeit: Meeting, opens: dt.datetime, data: dict[str, str]
) -> None:
    dispatch_on(opens)
    with clock.frozen(opens):
        answer = desk.post(page(arbeit), data, follow=True)

    assert answer.redirect_chain == [("/postausgang/", 302)]
    assert [str(one) for one in answer.context["messages"]] == [TOO_LATE]
    assert not MailAhead.objects.exists()


def test_mail_there_never_is_stays_unknown(desk: Client, arbeit: Meeting) -> None:
    assert desk.post(f"/postausgang/voraus/{arbeit.slug}/digest/", {"do": "stop"}).status_code == 404


@pytest.mark.parametrize("data", [{}, {"do": "unsinn"}, {"do": "hurry"}])
def test_what_is_no_decision_decides_nothing(desk: Client, arbeit: Meeting, data: dict[str, str]) -> None:
    desk.post(page(arbeit), {"do": "stop"})
    answer = desk.post(page(arbeit), data)

    assert (answer.status_code, answer["Location"]) == (302, page(arbeit))
    assert [row.is_stopped for row in MailAhead.objects.all()] == [True]


def test_page_says_that_a_rule_could_not_be_worked_out(desk: Client, cast: World, arbeit: Meeting) -> None:
    invited_to(arbeit, cast.susanne)
    broken = confirm(cast, year.note(cast.bildung, cast, day=dt.date(2027, 3, 12)))
    said = "Eine Regel ließ sich gerade nicht durchrechnen."
    address = f"/postausgang/voraus/{arbeit.slug}/answer_reminder/"
    with clock.frozen(automatic_mail_time(dt.date(2027, 2, 7))):
        assert said not in words_of(desk.get(address))
        Meeting.objects.filter(pk=broken.pk).update(deadline_overrides={"call": "unsinn"})
        shown = words_of(desk.get(address))

    assert (said in shown, "an eine Person" in shown) == (True, True)


@pytest.mark.parametrize("address", ["", "html/"])
def test_looking_writes_nothing(
    desk: Client, arbeit: Meeting, address: str, django_assert_max_num_queries: Any
) -> None:
    before = OutboxMessage.objects.count()
    with django_assert_max_num_queries(150):
        desk.get(page(arbeit) + address)

    assert OutboxMessage.objects.count() == before


def test_list_names_everybody_and_knows_every_kind(desk: Client, cast: World, arbeit: Meeting) -> None:
    owes(cast.birgit, arbeit, dt.date(2026, 12, 24))
    found = desk.get("/postausgang/?stand=voraus").context["ahead"].batches

    assert [(one.kind, one.coming is not None, len(one.people)) for one in found] == [
        ("call", True, 3),
        ("reminders", False, 1),  # Birgit's task is due so soon that it goes along with her call
    ]
    assert [person.handle for person in found[1].people] == ["birgit"]


def test_pause_of_its_meeting_is_said_wherever_the_mail_is_shown(
    desk: Client, cast: World, arbeit: Meeting, opens: dt.datetime
) -> None:
    valve.pause_meeting(arbeit, by=cast.imke, at=opens - DAY)

    assert "Angehalten mit allen Mails zu dieser Sitzung." in words_of(desk.get("/postausgang/?stand=voraus"))
    shown = words_of(desk.get(page(arbeit)))
    assert "Angehalten mit allen Mails zu dieser Sitzung." in shown
    assert "von selbst an" not in shown
    found = words_of(desk.get(f"/sitzungen/{arbeit.slug}/mails/"))
    assert "Auch angehalten, fällig am 17. Dezember, 07:00 Uhr:" in found
    assert "geht von selbst" not in found


def test_page_of_the_meeting_says_what_is_stopped(desk: Client, arbeit: Meeting) -> None:
    desk.post(page(arbeit), {"do": "stop"})

    assert "Angehalten, fällig am 17. Dezember, 07:00 Uhr:" in words_of(desk.get(f"/sitzungen/{arbeit.slug}/mails/"))
