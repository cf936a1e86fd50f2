import datetime as dt

from meetings.domain.calendar_days import Calendar, Period
from meetings.models import CalendarEntry

CALENDAR = Calendar()


def test_public_holiday_has_its_german_name() -> None:
    assert CALENDAR.public_holiday(dt.date(2027, 10, 31)) == "Reformationstag"


def test_public_holiday_of_another_land_is_none() -> None:
    assert CALENDAR.public_holiday(dt.date(2026, 6, 4)) is None  # Fronleichnam, not in Niedersachsen


def test_school_holiday_has_its_german_name() -> None:
    assert CALENDAR.school_holiday(dt.date(2026, 10, 14)) == "Herbstferien"


def test_school_holiday_on_a_school_day_is_none() -> None:
    assert CALENDAR.school_holiday(dt.date(2026, 12, 3)) is None


def test_known_until_is_the_end_of_the_last_published_holidays() -> None:
    assert CALENDAR.known_until() == dt.date(2029, 8, 29)


def test_summer_holidays_are_first_and_last_day() -> None:
    assert CALENDAR.summer_holidays(2026) == Period("Sommerferien", dt.date(2026, 7, 2), dt.date(2026, 8, 12))


def test_summer_holidays_beyond_the_known_are_none() -> None:
    assert CALENDAR.summer_holidays(2031) is None


def test_working_day_and_school_day_differ_in_the_holidays() -> None:
    day = dt.date(2026, 10, 14)

    assert CALENDAR.is_working_day(day) is True
    assert CALENDAR.is_school_day(day) is False


def test_saturday_is_no_working_day() -> None:
    assert CALENDAR.is_working_day(dt.date(2026, 11, 21)) is False


def entered(*periods: tuple[dt.date, dt.date]) -> Calendar:
    return Calendar(
        CalendarEntry(kind="school_holidays", name="Ferien", first=first, last=last) for first, last in periods
    )


def test_holidays_that_follow_on_carry_the_known_further() -> None:
    autumn, winter = (dt.date(2029, 10, 15), dt.date(2029, 10, 27)), (dt.date(2029, 12, 22), dt.date(2030, 1, 5))

    assert entered(winter, autumn).known_until() == dt.date(2030, 1, 5)


def test_free_day_or_holidays_far_ahead_say_nothing_of_the_years_before() -> None:
    alone, far = (dt.date(2029, 10, 1), dt.date(2029, 10, 1)), (dt.date(2031, 7, 10), dt.date(2031, 8, 20))

    assert entered(alone, far).known_until() == CALENDAR.known_until()
