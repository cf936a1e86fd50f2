"""Queries whose SQL is worked out once in a process.

Django works it out anew each time. For a long query that costs ten times the query itself: nothing for a page that
people look at, much for what programs ask every few hours for years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Row = tuple[Any, ...]

#: What stands in the query for a value that is to come. No query of ours has these by itself.
_NUMBER = 8_070_605_040_302_010_000
_MOMENT = dt.datetime(9876, 5, 4, 3, 2, 1, tzinfo=dt.UTC)


class Prepared:
    """One query of columns, for whatever values. `make` gets a value for each of the names, and must use it as it is.

    The values are whole numbers, dates or moments, as `kinds` says.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **kinds: type) -> None:
        marks = {name: _mark(kind, place) for place, (name, kind) in enumerate(kinds.items())}
        self._compiler = make(**marks).query.get_compiler(connection=connection)
        self._sql, params = self._compiler.as_sql()
        columns = [column for column, _sql, _name in self._compiler.select]
        self._converters = self._compiler.get_converters(columns)
        places = {_adapted(mark): name for name, mark in marks.items()}
        self._params: Sequence[tuple[str, Any]] = [(places.get(param, ""), param) for param in params]
        if missing := set(kinds) - {name for name, _param in self._params}:
            raise ValueError(f"the query has no place for {missing}")

    def fetch(self, **values: Any) -> list[Row]:
        """The rows as the database gives them: to be compared, and to be read by `read`. One query."""
        adapted: Mapping[str, Any] = {name: _adapted(value) for name, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [adapted[name] if name else param for name, param in self._params])
            found: list[Row] = cursor.fetchall()
            return found

    def read(self, rows: Sequence[Row]) -> list[Row]:
        """The same rows with the values that Django's fields give. No query."""
        return [tuple(row) for row in self._compiler.apply_converters(rows, self._converters)]


def _mark(kind: type, place: int) -> Any:
    if kind is int:
        return _NUMBER + place
    moment = _MOMENT + dt.timedelta(days=place)
    return moment if kind is dt.datetime else moment.date()


def _adapted(value: Any) -> Any:
    """As the database's driver takes it, which is what a query holds."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value
