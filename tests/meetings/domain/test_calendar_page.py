"""The days of a year as the Fachstelle sees them, and taking back what the package says."""

from __future__ import annotations

import datetime as dt

import pytest

from meetings.domain import calendar_page
from meetings.domain.calendar_days import Calendar
from meetings.domain.calendar_page import Line
from meetings.enums import CalendarEntryKind
from meetings.models import CalendarEntry

pytestmark = pytest.mark.django_db

HERBST = (dt.date(2027, 10, 16), dt.date(2027, 10, 30))
REFORMATION = (dt.date(2027, 10, 31), dt.date(2027, 10, 31))


def store(kind: str, name: str, days: tuple[dt.date, dt.date]) -> CalendarEntry:
    return CalendarEntry.objects.create(kind=kind, name=name, first=days[0], last=days[1])


def month(name: str, year: int = 2027) -> list[Line]:
    return next(month.lines for month in calendar_page.of(year).months if month.name == name)


def test_days_of_a_month_in_order_with_their_source() -> None:
    store(CalendarEntryKind.HINT, "Kreistag", (dt.date(2027, 10, 4), dt.date(2027, 10, 4)))

    assert [(line.period.name, line.kind, line.source) for line in month("Oktober")] == [
        ("Tag der Deutschen Einheit", "Feiertag", "aus dem Kalenderpaket"),
        ("Kreistag", "Hinweis", "von Hand"),
        ("Herbstferien", "Schulferien", "aus dem Kalenderpaket"),
        ("Reformationstag", "Feiertag", "aus dem Kalenderpaket"),
    ]


def test_bridge_days_follow_from_the_holidays() -> None:
    assert [(line.period.first.day, line.source) for line in month("Mai") if line.period.name == "Brückentag"] == [
        (7, "ergibt sich aus den Feiertagen")
    ]


def test_christmas_holidays_stand_in_both_years_whole() -> None:
    christmas = (dt.date(2026, 12, 23), dt.date(2027, 1, 9))

    january, december = month("Januar"), month("Dezember", 2026)

    assert (january[0].period.first, january[0].period.last) == christmas
    assert (december[0].period.first, december[0].period.last) == christmas


def test_package_day_taken_back_stays_in_sight_and_can_be_restored() -> None:
    entry = store(CalendarEntryKind.SCHOOL_DAY, "Herbstferien", HERBST)

    line = next(line for line in month("Oktober") if line.period.name == "Herbstferien")

    assert (line.taken_back, line.can_be_restored_here, line.entry) == (entry, True, None)
    assert [line.period.name for line in month("Oktober")].count("Herbstferien") == 1


def test_part_taken_back_has_a_line_of_its_own() -> None:
    store(CalendarEntryKind.SCHOOL_DAY, "Schultag", (HERBST[0], HERBST[0]))

    assert [(line.period.name, line.taken_back, line.kind) for line in month("Oktober")][1:3] == [
        ("Schultag", None, "doch kein freier Tag"),
        ("Herbstferien", None, "Schulferien"),
    ]


def test_school_holidays_taken_back_leave_the_public_holidays_in_them() -> None:
    calendar = Calendar(
        [CalendarEntry(kind="school_day", name="x", first=dt.date(2027, 3, 22), last=dt.date(2027, 4, 3))]
    )

    assert (calendar.public_holiday(dt.date(2027, 3, 26)), calendar.school_holiday(dt.date(2027, 3, 26))) == (
        "Karfreitag",
        None,
    )


def test_single_public_holiday_is_taken_back() -> None:
    calendar = Calendar([CalendarEntry(kind="school_day", name="x", first=REFORMATION[0], last=REFORMATION[1])])

    assert calendar.public_holiday(REFORMATION[0]) is None


def test_known_until_moves_with_what_is_entered_without_a_gap() -> None:
    before = calendar_page.of(2030)
    store(CalendarEntryKind.SCHOOL_HOLIDAYS, "Weihnachtsferien", (dt.date(2030, 12, 23), dt.date(2031, 1, 4)))
    alone = calendar_page.of(2030)
    for first, last in (
        (dt.date(2029, 10, 15), dt.date(2029, 10, 27)),
        (dt.date(2029, 12, 22), dt.date(2030, 1, 5)),
        (dt.date(2030, 4, 8), dt.date(2030, 4, 23)),
        (dt.date(2030, 7, 11), dt.date(2030, 8, 21)),
        (dt.date(2030, 10, 14), dt.date(2030, 10, 26)),
    ):
        store(CalendarEntryKind.SCHOOL_HOLIDAYS, "Ferien", (first, last))
    after = calendar_page.of(2030)

    assert [(page.known_until, page.is_known) for page in (before, alone, after)] == [
        (dt.date(2029, 8, 29), False),
        (dt.date(2029, 8, 29), False),
        (dt.date(2031, 1, 4), True),
    ]


def test_year_that_ends_in_the_unknown() -> None:
    page = calendar_page.of(2029)

    assert (page.is_known, page.knows_nothing) == (False, False)


@pytest.mark.parametrize(("year", "neighbours"), [(2000, (None, 2001)), (2027, (2026, 2028)), (2199, (2198, None))])
def test_years_have_neighbours_within_the_bounds(year: int, neighbours: tuple[int | None, int | None]) -> None:
    page = calendar_page.of(year)

    assert (page.before, page.after) == neighbours
