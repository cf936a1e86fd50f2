"""`manage.py plan`: what a program reads, and what it refuses."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from buendnisse import clock
from buendnisse.models import Change
from meetings.enums import Happened, MeetingState
from meetings.models import CalendarEntry, Meeting
from tests.factories.meetings import MeetingFactory
from tests.meetings import district
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return district.build()


def plan(*arguments: str) -> str:
    out = io.StringIO()
    with clock.frozen(AT):
        call_command("plan", *arguments, stdout=out)
    return out.getvalue()


def data(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(plan(*arguments, "--json"))
    return found


def test_json_has_an_entry_for_every_slot(cast: World) -> None:
    found = data("2028")

    assert (found["year"], found["known_until"], len(found["meetings"])) == (2028, "2029-08-29", 12)
    assert found["meetings"][0] == {
        "alliance": "bildung",
        "quarter": "2028-Q1",
        "start": "2028-02-09T15:00:00+01:00",
        "end": "2028-02-09T17:00:00+01:00",
        "venue": "Haus Bildung",
        "reasons": ["Wie Ihre Regel."],
        "conflicts": [],
        "schedule": {
            "save_the_date": "2027-10-29",
            "call_for_items": "2027-12-15",
            "reminder": "2028-01-12",
            "editorial_deadline": "2028-01-19",
            "invitation": "2028-01-26",
            "minutes_due": "2028-02-23",
            "objection_until": "2028-03-08",
        },
        "meeting": None,
    }
    assert Meeting.objects.count() == 0


def test_slot_with_a_meeting_is_listed_with_that_meeting(cast: World) -> None:
    MeetingFactory(alliance=cast.arbeit, quarter="2026-Q4", slug="2026-q4-arbeit", state="confirmed")

    found = data("2026")

    assert [
        (entry["start"], entry["venue"]) for entry in found["meetings"] if entry["meeting"] == "2026-q4-arbeit"
    ] == [("2026-12-03T10:00:00+01:00", "Kreishaus Haseburg, Sitzungsraum 1")]
    assert len(found["meetings"]) == 12


def test_slot_without_a_free_day_is_listed_without_a_date(cast: World) -> None:
    CalendarEntry.objects.create(
        kind="public_holiday", name="Frei", first=dt.date(2027, 4, 1), last=dt.date(2027, 6, 30)
    )

    found = [entry for entry in data("2027")["meetings"] if entry["quarter"] == "2027-Q2"]

    assert [(entry["start"], entry["schedule"]) for entry in found] == [(None, {})] * 3


def test_text_has_a_line_for_every_slot(cast: World) -> None:
    lines = plan("2028").replace("\xa0", " ").splitlines()

    assert lines[0] == "2028-Q1  Bildung       Mi, 09.02.2028, 15:00 bis 17:00 Uhr  Wie Ihre Regel."
    assert (len(lines), lines[-1]) == (13, "Schulferien sind bis 29. August 2029 bekannt.")


def test_confirm_does_what_the_page_does(cast: World) -> None:
    found = data("2027", "--confirm")

    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.CONFIRMED}
    assert Change.objects.filter(verb=Happened.YEAR_CONFIRMED).count() == 1
    assert [entry["meeting"] for entry in found["meetings"]].count(None) == 0


def test_confirm_again_is_refused_in_one_line(cast: World) -> None:
    plan("2027", "--confirm")

    with pytest.raises(CommandError, match="Für 2027 gibt es keinen Termin, der noch festzulegen wäre"):
        plan("2027", "--confirm")


@pytest.mark.parametrize("year", ["1999", "2200", "-1"])
def test_year_out_of_bounds_is_refused(cast: World, year: str) -> None:
    with pytest.raises(CommandError, match="Das Jahr muss zwischen 2000 und 2199 liegen"):
        plan("--", year)


def test_year_without_alliances_is_empty() -> None:
    assert data("2027")["meetings"] == []
