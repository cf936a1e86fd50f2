"""What somebody finds wrong in circulated minutes, and what becomes of it."""

from __future__ import annotations

import datetime as dt

import pytest

from meetings.domain import minutes_journal, objections
from meetings.domain.minutes_content import as_content
from meetings.domain.moves import MoveRefused
from meetings.enums import MinutesState
from meetings.models import AgendaItem
from tests.factories.meetings import MeetingFactory
from tests.meetings import held
from tests.meetings.held import DAY, LATER, contest

pytestmark = pytest.mark.django_db


def test_objection_in_time_is_kept() -> None:
    now = held.circulated()

    objection = contest(now)

    assert (now.minutes.state, objection.state, objection.by) == (
        MinutesState.CONTESTED,
        "open",
        now.world.susanne,
    )


def test_same_objection_twice_is_one() -> None:
    now = held.circulated()

    assert contest(now) == contest(now)


def test_objection_until_midnight_and_not_after() -> None:
    now = held.circulated()
    last_minute = dt.datetime(2026, 12, 7, 22, 59, tzinfo=dt.UTC)  # 23:59 in Berlin
    objections.contest(now.minutes, by=now.world.susanne, text="Gerade noch", at=last_minute)

    with pytest.raises(objections.ObjectionLate):
        objections.contest(now.minutes, by=now.world.susanne, text="Zu spät", at=last_minute + dt.timedelta(minutes=1))


def test_objection_to_a_draft_is_refused() -> None:
    now = held.over()

    with pytest.raises(minutes_journal.NotYet):
        contest(now)


def test_objection_to_another_meetings_item_is_refused() -> None:
    now = held.circulated()
    other = AgendaItem.objects.create(
        alliance=now.world.arbeit,
        meeting=MeetingFactory(alliance=now.world.arbeit, quarter="2027-Q1"),
        title="Fremd",
        state="scheduled",
    )

    with pytest.raises(minutes_journal.NotYet):
        objections.contest(now.minutes, by=now.world.susanne, agenda_item=other, text="Falsch", at=LATER)


def test_accepted_objection_becomes_the_next_version() -> None:
    now = held.circulated()
    objection = contest(now)

    version = objections.resolve(
        objection,
        accept=True,
        changed_from="20. Januar",
        changed_to="21. Januar",
        resolution="Datum berichtigt.",
        by=now.world.imke,
        at=LATER + 2 * DAY,
    )

    assert version is not None
    assert (version.number, version.note) == (2, "Datum berichtigt.")
    texts = [as_content(row.content)["items"][1]["result"] for row in now.minutes.versions.order_by("number")]
    assert texts == [
        "Der Rufbus fährt ab dem 20. Januar auch abends.",
        "Der Rufbus fährt ab dem 21. Januar auch abends.",
    ]
    assert as_content(version.content)["items"][1]["corrections"] == [
        {
            "on": "2026-11-24",
            "changed_from": "20. Januar",
            "changed_to": "21. Januar",
            "resolution": "Datum berichtigt.",
        }
    ]
    assert (now.minutes.state, now.minutes.objection_until) == (MinutesState.CIRCULATED, dt.date(2026, 12, 7))


def test_corrected_version_late_in_the_period_leaves_half_of_it() -> None:
    now = held.circulated()
    objection = contest(now)

    objections.resolve(
        objection,
        accept=True,
        changed_to="Neu",
        resolution="Berichtigt.",
        by=now.world.imke,
        at=dt.datetime(2026, 12, 4, 9, tzinfo=dt.UTC),
    )

    assert now.minutes.objection_until == dt.date(2026, 12, 11)


def test_declined_objection_lets_the_minutes_run_on() -> None:
    now = held.circulated()

    version = objections.resolve(
        contest(now), accept=False, resolution="So wurde es gesagt.", by=now.world.imke, at=LATER
    )

    assert version is None
    assert (now.minutes.state, now.minutes.versions.count()) == (MinutesState.CIRCULATED, 1)


def test_two_objections_become_one_version() -> None:
    now = held.circulated()
    first, second = contest(now, "Erstens"), contest(now, "Zweitens")
    imke, date = now.world.imke, {"changed_from": "20. Januar", "changed_to": "21. Januar"}
    hour = {"changed_from": "auch abends", "changed_to": "bis 22 Uhr"}

    assert objections.resolve(first, accept=True, resolution="Ja.", **date, by=imke, at=LATER) is None
    version = objections.resolve(second, accept=True, resolution="Auch.", **hour, by=imke, at=LATER)

    assert version is not None
    assert (version.number, version.note) == (2, "Ja. Auch.")
    item = as_content(version.content)["items"][1]
    assert item["result"] == "Der Rufbus fährt ab dem 21. Januar bis 22 Uhr."
    assert [one["changed_to"] for one in item["corrections"]] == ["21. Januar", "bis 22 Uhr"]
    assert list(now.minutes.objections.values_list("corrects_in", flat=True)) == [2, 2]


def test_replacing_words_that_are_not_there_is_refused() -> None:
    now = held.circulated()

    with pytest.raises(minutes_journal.WordsMissing, match="steht so nicht"):
        objections.resolve(
            contest(now),
            accept=True,
            changed_from="30. Februar",
            changed_to="1. März",
            resolution="Berichtigt.",
            by=now.world.imke,
            at=LATER,
        )


def test_answering_twice_is_refused() -> None:
    now = held.circulated()
    objection = contest(now)
    objections.resolve(objection, accept=False, resolution="Nein.", by=now.world.imke, at=LATER)

    with pytest.raises(MoveRefused):
        objections.resolve(objection, accept=False, resolution="Nein.", by=now.world.imke, at=LATER)
