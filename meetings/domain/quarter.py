"""Calendar quarters: the slots of a year that an alliance meets in."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_MONTHS = 3
#: Nobody plans before or after; calendars end somewhere.
FIRST_YEAR, LAST_YEAR = 2000, 2199
_WRITTEN = re.compile(r"^(\d{4})-Q([1-4])$")


@dataclass(frozen=True, order=True)
class Quarter:
    """2026-Q4 is October to December 2026. Written like this in addresses, files and the database."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        return cls(day.year, (day.month + _MONTHS - 1) // _MONTHS)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Raises ValueError."""
        found = _WRITTEN.match(text)
        if found is None:
            raise ValueError(text)
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> dt.date:
        return self.month(1)

    @property
    def last(self) -> dt.date:
        following = Quarter(self.year + 1, 1) if self.number == len(QUARTERS) else Quarter(self.year, self.number + 1)
        return following.first - dt.timedelta(days=1)

    @property
    def count(self) -> int:
        """How many quarters have passed since the year 0: whose turn it is goes by this."""
        return self.year * len(QUARTERS) + self.number - 1

    def month(self, number: int) -> dt.date:
        """The first day of its first, second or third month."""
        return dt.date(self.year, (self.number - 1) * _MONTHS + number, 1)

    def days(self) -> list[dt.date]:
        return [self.first + dt.timedelta(days=number) for number in range((self.last - self.first).days + 1)]


#: The numbers of a year's quarters.
QUARTERS = (1, 2, 3, 4)


def can_be_planned(year: int) -> bool:
    """Whether a year lies within what can be planned at all."""
    return FIRST_YEAR <= year <= LAST_YEAR


def of_year(year: int) -> list[Quarter]:
    return [Quarter(year, number) for number in QUARTERS]
