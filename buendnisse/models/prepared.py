"""Queries whose SQL is worked out once in a process.

Django works it out anew each time. For a long query that costs ten times the query itself: nothing for a page that
people look at, much for what programs ask every few hours for years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]

#: What stands in the query for a value that is to come. No query of ours has these by itself.
_NUMBER = 8_070_605_040_302_010_000
_MOMENT = dt.datetime(9876, 5, 4, 3, 2, 1, tzinfo=dt.UTC)


class Prepared:
    """One query of columns, for whatever values. `make` gets a value for each of the names, and must use it as it is.

    The values are whole numbers, dates or moments, as `kinds` says. Whole numbers are compared with ids only: what
    stands for them fits into no smaller column, and PostgreSQL would find nothing. A query that can find nothing is not
    asked.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **kinds: type) -> None:
        marks = {name: _mark(kind, place) for place, (name, kind) in enumerate(kinds.items())}
        self._compiler = make(**marks).query.get_compiler(connection=connection)
        try:
            self._sql, params = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql = ""
            return
        columns = [column for column, _sql, _name in self._compiler.select]
        self._converters = self._compiler.get_converters(columns)
        places = {_adapted(mark): name for name, mark in marks.items()}
        self._params: Sequence[tuple[str, Any]] = [(places.get(param, ""), param) for param in params]
        if missing := set(kinds) - {name for name, _param in self._params}:
            raise ValueError(f"the query has no place for {missing}")

    def fetch(self, **values: Any) -> list[Row]:
        """The rows as the database gives them: to be compared, and to be read by `read`. One query."""
        if not self._sql:
            return []
        adapted: Mapping[str, Any] = {name: _adapted(value) for name, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [adapted[name] if name else param for name, param in self._params])
            found: list[Row] = cursor.fetchall()
            return found

    def read(self, rows: Sequence[Row]) -> list[Row]:
        """The same rows with the values that Django's fields give. No query."""
        if not rows:
            return []
        return [tuple(row) for row in self._compiler.apply_converters(rows, self._converters)]


class Places:
    """Room for so many ids in a prepared query: names for its values, and the values, 0 where there are fewer."""

    def __init__(self, name: str, most: int) -> None:
        self.kinds: dict[str, type] = {f"{name}{place}": int for place in range(most)}

    def filled(self, ids: Iterable[int]) -> dict[str, int]:
        """No row has the id 0. Raises ValueError where there is no room for so many."""
        given = list(ids)
        given += [0] * (len(self.kinds) - len(given))
        return dict(zip(self.kinds, given, strict=True))

    def of(self, values: Mapping[str, int]) -> list[int]:
        """What `make` was given for these places."""
        return [values[name] for name in self.kinds]


def columns_of(model: type[Model], *names: str) -> tuple[str, ...]:
    """These columns in the order in which `from_db` takes them; all of them without any names."""
    return tuple(field.attname for field in model._meta.concrete_fields if not names or field.attname in names)


class Along:
    """Rows that are read together in one query, as `select_related` reads them: by the path to each, "" for the first.

    `columns` are asked for; `rows` makes the rows of their values, None for one that is not there.
    """

    def __init__(self, **models: type[Model]) -> None:
        self._models = [(model, columns_of(model)) for model in models.values()]
        paths = [f"{path}__" if place else "" for place, path in enumerate(models)]
        self.columns = tuple(
            f"{path}{column}" for path, (_model, columns) in zip(paths, self._models, strict=True) for column in columns
        )

    def rows(self, values: Row) -> list[Any]:
        """In the order of the models."""
        found, begin = list[Any](), 0
        for model, columns in self._models:
            own = values[begin : begin + len(columns)]
            begin += len(columns)
            found.append(model.from_db(connection.alias, columns, own) if any(one is not None for one in own) else None)
        return found


class PreparedRow(Generic[M]):
    """One whole row of a model by its id, for what every page asks for."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._columns = columns_of(model)
        self._query = Prepared(lambda pk: model._base_manager.filter(pk=pk).values_list(*self._columns), pk=int)

    def get(self, pk: int) -> M | None:
        """The row, or None where there is none. One query."""
        rows = self._query.read(self._query.fetch(pk=pk))
        return self._model.from_db(connection.alias, self._columns, rows[0]) if rows else None


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
