import datetime as dt

import pytest

from meetings.domain.quarter import Quarter, of_year


def test_quarter_is_written_and_read_alike() -> None:
    assert Quarter.parse(str(Quarter(2027, 3))) == Quarter(2027, 3)


@pytest.mark.parametrize("text", ["", "2027", "2027-Q5", "2027-Q0", "27-Q1", "2027-q1", "2027-Q11"])
def test_anything_else_is_no_quarter(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Quarter.parse(text)


def test_year_is_covered_day_by_day() -> None:
    days = [day for quarter in of_year(2028) for day in quarter.days()]

    assert days == [dt.date(2028, 1, 1) + dt.timedelta(days=number) for number in range(366)]
    assert all(day in Quarter.of(day).days() for day in days)


def test_turns_go_on_over_the_new_year() -> None:
    assert Quarter(2028, 1).count - Quarter(2027, 4).count == 1
