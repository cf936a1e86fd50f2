"""The demo's meetings: their days, who came, what was on the table, and their minutes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.enums import Role
from meetings.domain import schedule
from meetings.enums import Answer, DeadlineKind, ObjectionState
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, MinutesVersion, Objection
from tests.config.demo.contents import MEETINGS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("told", MEETINGS, ids=[meeting["id"] for meeting in MEETINGS])
def test_schedule_is_the_one_of_the_file(told: dict[str, Any]) -> None:
    meeting = Meeting.objects.select_related("alliance").get(slug=told["id"].removeprefix("m-"))

    dates = schedule.schedule(meeting)

    assert {kind: dates[DeadlineKind(kind)].isoformat() for kind in told["schedule"]} == told["schedule"]


def test_meeting_keeps_its_local_hours() -> None:
    for told in MEETINGS:
        meeting = Meeting.objects.get(slug=told["id"].removeprefix("m-"))
        assert f"{clock.local(meeting.start):%Y-%m-%d %H:%M}" == f"{told['date']} {told['start']}"
        assert f"{clock.local(meeting.end):%Y-%m-%d %H:%M}" == f"{told['date']} {told['end']}"


def test_attendance_of_held_meetings_is_the_one_of_the_file() -> None:
    told = Counter(row["status"] for meeting in MEETINGS for row in meeting.get("attendance", []))
    found = Counter(Attendance.objects.exclude(presence="unknown").values_list("presence", flat=True))

    assert found == told
    assert Attendance.objects.filter(casts_vote=True).count() == sum(
        row["casts_vote"] for meeting in MEETINGS for row in meeting.get("attendance", [])
    )


def test_deputies_who_were_there_stood_in_for_somebody() -> None:
    assert Attendance.objects.filter(presence="deputy", stands_in_for__isnull=False).count() == 5


def test_one_off_deputies_stand_in() -> None:
    rows = Attendance.objects.filter(meeting__slug="2026-q4-arbeit", stands_in_for__isnull=False)

    assert {row.person.full_name: row.stands_in_for and row.stands_in_for.person.full_name for row in rows} == {
        "Sara Benali": "Fatima El Amrani",
        "Uwe Hölscher": "Dennis Groothus",
        "Wiebke Harms": "Ulrike Sandfort",
    }
    assert {(row.role, row.is_asked, row.answer) for row in rows} == {(Role.DEPUTY, True, Answer.PENDING)}


def test_answers_to_the_invited_meeting() -> None:
    rows = Attendance.objects.filter(meeting__slug="2026-q4-arbeit")

    assert rows.coming().count() == 12
    assert rows.filter(answer=Answer.ACCEPTED_ONLINE).count() == 3
    assert rows.get(person__handle="p-eilers").answered_via == "calendar_reply"
    assert rows.filter(is_asked=False).count() == 6


def test_confirmed_meetings_ask_everyone_who_belongs_on_that_day() -> None:
    rows = Attendance.objects.filter(meeting__slug="2027-q1-gesellschaft", person__handle="p-nowak")

    assert [(row.role, row.is_asked) for row in rows] == [(Role.MEMBER, True)]


def test_minutes_with_two_versions() -> None:
    minutes = Minutes.objects.get(meeting__slug="2025-q4-gesellschaft")

    assert list(minutes.versions.order_by("number").values_list("number", "note")) == [
        (1, ""),
        (2, "Zahl berichtigt; der ursprüngliche Text bleibt in der Versionsgeschichte sichtbar."),
    ]
    assert minutes.objections.get().changed_to == "neun haben inzwischen einen Mietvertrag"
    assert minutes.confirmed_in is not None
    assert minutes.confirmed_in.slug == "2026-q1-gesellschaft"
    assert set(Minutes.objects.filter(versions__number=2).values_list("meeting__slug", flat=True)) == {
        "2025-q4-gesellschaft",
        "2026-q3-arbeit",
    }


def test_versions_hold_what_was_sent() -> None:
    first, second = MinutesVersion.objects.filter(minutes__meeting__slug="2025-q4-gesellschaft").order_by("number")

    was, became = first.content["items"][4], second.content["items"][4]

    assert "acht haben inzwischen einen Mietvertrag" in was["result"]
    assert was["corrections"] == []
    assert "neun haben inzwischen einen Mietvertrag" in became["result"]
    assert [entry["changed_to"] for entry in became["corrections"]] == ["neun haben inzwischen einen Mietvertrag"]


def test_versions_tell_decisions_as_they_were_made() -> None:
    version = MinutesVersion.objects.get(minutes__meeting__slug="2025-q3-arbeit")

    states = {
        decision["number"]: decision["state"] for item in version.content["items"] for decision in item["decisions"]
    }

    assert states["A-2025-05"] == "adopted"  # revoked three months later


def test_every_version_has_a_text() -> None:
    assert [version for version in MinutesVersion.objects.all() if not version.content.get("items")] == []


def test_minutes_sent_once_have_one_version_and_a_draft_has_none() -> None:
    assert MinutesVersion.objects.count() == 19 + 2
    assert Minutes.objects.get(meeting__slug="2026-q4-gesellschaft").versions.count() == 0


def test_one_objection_is_open() -> None:
    objection = Objection.objects.get(state=ObjectionState.OPEN)

    assert objection.minutes.meeting.slug == "2026-q4-bildung"
    assert objection.by.full_name == "Susanne Overhage"
    assert objection.text == "Die Fallberatung findet am 21. Januar statt, nicht am 20. Januar."


def test_items_stand_in_the_order_of_the_file_and_proposals_have_no_place_yet() -> None:
    for told in MEETINGS:
        items = AgendaItem.objects.filter(meeting__slug=told["id"].removeprefix("m-"))
        on_agenda = [item["id"].removeprefix("m-") for item in told["agenda_items"] if item["status"] != "proposed"]

        assert list(items.on_agenda().values_list("position", "slug")) == list(enumerate(on_agenda, start=1))
        assert set(items.filter(state="proposed").values_list("position", flat=True)) <= {0}


def test_item_deferred_twice_is_a_chain_of_three() -> None:
    item = AgendaItem.objects.get(slug="2027-q1-bildung-top4")
    before = item.continued_from
    assert before is not None
    first = before.continued_from
    assert first is not None

    assert [before.slug, first.slug, first.continued_from] == ["2026-q4-bildung-top7", "2026-q3-bildung-top7", None]


def test_backlog_is_looked_through_on_a_day() -> None:
    kept = AgendaItem.objects.filter(state="backlog")

    assert kept.filter(meeting__isnull=True, review_on__isnull=False).count() == 9
