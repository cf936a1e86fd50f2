"""The list of answers: who said what, for whom, by which way, and who must be rung up."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.enums import Via
from meetings.domain import answers, replies
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    """Arbeit, 3 December 2026; Birgit, Susanne and Corinna (a guest) are asked."""
    found = MeetingFactory(alliance=cast.arbeit, state="invited", mode="hybrid")
    answers.call_roll(found)
    return found


def say(meeting: Meeting, person: object, answer: Answer, *, via: Via = Via.LINK) -> None:
    row = Attendance.objects.get(meeting=meeting, person=person)
    answers.answer(row, answer=answer, via=via, by=None, at=AT)


def test_rows_stand_by_name_and_wait_for_an_answer(meeting: Meeting) -> None:
    rows = replies.of(meeting)

    assert [(row.listed, row.is_guest, row.waits, row.said, row.how) for row in rows] == [
        ("Hanneken, Birgit (Jobcenter)", False, "keine Antwort", "", ""),
        ("Lahme, Corinna (VG)", True, "keine Antwort", "", ""),
        ("Overhage, Susanne (BBS)", False, "keine Antwort", "", ""),
    ]
    assert [(row.is_open, row.is_coming) for row in rows] == [(True, False)] * 3


def test_answers_stand_with_way_and_day(meeting: Meeting, cast: World) -> None:
    say(meeting, cast.birgit, Answer.ACCEPTED_ONLINE, via=Via.PHONE)
    say(meeting, cast.susanne, Answer.TENTATIVE)

    found = {row.person_id: row for row in replies.of(meeting)}

    birgit, susanne = found[cast.birgit.pk], found[cast.susanne.pk]
    assert (birgit.line, birgit.how, birgit.is_coming) == (
        "Hanneken, Birgit (Jobcenter): kommt online",
        "Telefon, 23.11.2026",
        True,
    )
    assert (susanne.said, susanne.how, susanne.is_open, susanne.is_coming) == (
        "kommt vielleicht",
        "Link, 23.11.2026",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "kommt nicht; Rolf Eilers ist als Vertretung eingeladen"),
        (Answer.ACCEPTED, "kommt nicht; Rolf Eilers vertritt"),
        (Answer.DECLINED, "kommt nicht; auch Rolf Eilers kommt nicht"),
    ],
)
def test_member_and_deputy_name_each_other(meeting: Meeting, cast: World, answer: Answer | None, said: str) -> None:
    row = Attendance.objects.get(meeting=meeting, person=cast.susanne)
    answers.name_deputy(row, person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT)
    if answer is not None:
        say(meeting, cast.rolf, answer)

    found = {row.person_id: row for row in replies.of(meeting)}

    member, deputy = found[cast.susanne.pk], found[cast.rolf.pk]
    assert (member.said, member.is_open, member.is_coming) == (said, False, False)
    assert (deputy.stands_in_for, deputy.deputy) == ("Susanne Overhage", None)


def test_answer_to_an_earlier_date_is_asked_again(meeting: Meeting, cast: World) -> None:
    say(meeting, cast.birgit, Answer.ACCEPTED)
    Attendance.objects.filter(person=cast.birgit).update(answer_is_for_earlier_date=True)

    [birgit] = [row for row in replies.of(meeting) if row.person_id == cast.birgit.pk]

    assert (birgit.waits, birgit.said, birgit.is_open, birgit.is_coming) == (
        "neu gefragt",
        "vorher: kommt",
        True,
        False,
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ""),
        ({"email": ""}, "keine E-Mail"),
        ({"mail_format": "none", "phone": "00000 4711"}, "keine E-Mail, Telefon 00000 4711"),
    ],
)
def test_who_reads_no_mail_is_rung_up(meeting: Meeting, cast: World, changed: dict[str, str], told: str) -> None:
    for name, value in changed.items():
        setattr(cast.susanne, name, value)
    cast.susanne.save()

    [susanne] = [row for row in replies.of(meeting) if row.person_id == cast.susanne.pk]

    assert susanne.to_ring_up == told


def test_list_of_any_length_is_one_query(meeting: Meeting, cast: World, django_assert_num_queries: object) -> None:
    row = Attendance.objects.get(meeting=meeting, person=cast.susanne)
    answers.name_deputy(row, person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + dt.timedelta(minutes=1))

    with django_assert_num_queries(1):  # type: ignore[operator]
        lines = [row.line for row in replies.of(meeting)]

    assert lines == [
        "Eilers, Rolf (BBS): keine Antwort, für Susanne Overhage",
        "Hanneken, Birgit (Jobcenter): keine Antwort",
        "Lahme, Corinna (VG): keine Antwort",
        "Overhage, Susanne (BBS): kommt nicht",
    ]
