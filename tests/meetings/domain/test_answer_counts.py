"""Answers become numbers once the minutes are approved."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse import clock
from buendnisse.models import Change
from meetings.domain import answer_counts, answers, minutes
from meetings.models import Attendance, Meeting
from tests.meetings import held
from tests.meetings.held import AT
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

SILENCE = dt.datetime(2026, 12, 8, 6, tzinfo=dt.UTC)  # 7:00 in Berlin on the day after the period
DETAILS = {"answered_via": "mail_link", "answered_at": AT}


def answered() -> held.Held:
    """Birgit and Corinna said yes, Susanne no, and sent Rolf, who was there."""
    now = held.circulated()
    rows = Attendance.objects.filter(meeting=now.meeting)
    rows.filter(person__handle="birgit").update(answer="accepted", comment="Komme später.", **DETAILS)
    rows.filter(person__handle="corinna").update(answer="accepted_online", **DETAILS)
    rows.filter(person__handle="susanne").update(answer="declined", **DETAILS)
    rows.filter(person__handle="rolf").update(is_asked=True, presence="deputy", stands_in_for=now.row("susanne"))
    return now


def approved() -> held.Held:
    now = answered()
    minutes.approve_by_silence(at=SILENCE)
    return now


def details() -> set[tuple[object, ...]]:
    return set(Attendance.objects.values_list("answer", "answered_via", "answered_at", "comment"))


def test_answers_stay_until_the_minutes_are_approved() -> None:
    answered()
    assert answer_counts.due(at=SILENCE, limit=9) == []

    minutes.approve_by_silence(at=SILENCE)
    assert answer_counts.due(at=SILENCE, limit=9) == [Meeting.objects.get()]


def test_numbers_stay_and_details_go() -> None:
    now = approved()
    before = answers.summary(now.meeting)

    answer_counts.count(now.meeting, at=SILENCE)

    meeting = Meeting.objects.get()
    assert answers.summary(meeting) == before
    assert (before.asked, before.coming, before.represented, before.pending) == (4, 2, 1, 1)
    assert details() == {("pending", "", None, "")}
    assert answer_counts.due(at=SILENCE, limit=9) == []


def test_who_was_there_stays_with_whom_they_stood_in_for() -> None:
    now = approved()
    before = [(row.presence, row.casts_vote) for row in Attendance.objects.order_by("pk")]

    answer_counts.count(now.meeting, at=SILENCE)

    assert [(row.presence, row.casts_vote) for row in Attendance.objects.order_by("pk")] == before
    assert now.row("rolf").stands_in_for == now.row("susanne")


def test_deputy_who_did_not_come_is_forgotten() -> None:
    now = approved()
    Attendance.objects.filter(pk=now.row("rolf").pk).update(presence="absent")

    answer_counts.count(now.meeting, at=SILENCE)

    assert now.row("rolf").stands_in_for is None


def test_counting_is_in_the_journal_once_and_answers_are_not() -> None:
    now = approved()

    answer_counts.count(now.meeting, at=SILENCE)

    counted = Change.objects.filter(verb="meeting.answers_counted").values_list("via", "by", "data")
    assert list(counted) == [("rule", None, {})]


@pytest.mark.parametrize(("days", "found"), [(30, 0), (31, 1)])
def test_answers_to_a_cancelled_meeting_go_after_thirty_days(days: int, found: int) -> None:
    now = answered()
    Meeting.objects.update(state="cancelled")

    due = answer_counts.due(at=now.meeting.start + dt.timedelta(days=days), limit=9)

    assert len(due) == found


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (answers.Summary(asked=3, pending=3), "Niemand hatte zugesagt. 3 haben nicht geantwortet."),
        (
            answers.Summary(asked=8, on_site=3, online=1, declined=1, represented=2, tentative=1),
            (
                "4 hatten zugesagt, davon 1 online. 2 ließen sich vertreten, "
                "eine Person wusste es noch nicht, eine Person hatte abgesagt."
            ),
        ),
        (answers.Summary(asked=1, online=1), "Eine Person hatte zugesagt."),
    ],
)
def test_words(counts: answers.Summary, words: str) -> None:
    assert answer_counts.in_words(counts) == words


def test_page_shows_numbers_instead_of_names() -> None:
    now = approved()
    client = signed_in(now.world.imke)

    with clock.frozen(SILENCE):
        before = client.get("/sitzungen/2026-q4-arbeit/").content.decode()
        answer_counts.count(now.meeting, at=SILENCE)
        after = client.get("/sitzungen/2026-q4-arbeit/").content.decode()

    told = "2 hatten zugesagt, davon 1 online. Eine Person ließ sich vertreten, eine Person hat nicht geantwortet."
    assert (before.count("Komme später."), after.count("Komme später.")) == (1, 0)
    assert (before.count(told), after.count(told)) == (0, 1)
