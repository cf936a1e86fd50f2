"""Many rows of one table in one statement, each with values of its own.

On PostgreSQL the values travel beside the statement, one list for each column, in the database's own form. Django writes
them into it, row by row: what a mail holds would be written out in hexadecimal digits and read in again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


#: Read and written as they are by every field that holds them.
_PLAIN = frozenset({int, str, bool, bytes, type(None)})


class Swap(NamedTuple):
    """The row `pk`: `after` where it is still as `before`."""

    pk: int
    before: Sequence[Any]
    after: Sequence[Any]


def swap_all(
    model: type[models.Model], swaps: Collection[Swap], *, compare: Sequence[str], change: Sequence[str]
) -> int:
    """How many were as they were thought to be, and are changed now. Values in the order of the names of fields.

    In a transaction, whoever wants all or none compares the number.
    """
    if not swaps:
        return 0
    key, old, new = model._meta.pk, _fields(model, compare), _fields(model, change)
    table = _quoted(model._meta.db_table)
    fields = [*new, key, *old]
    in_order = sorted(swaps, key=lambda one: one.pk)  # two at once take rows in the same order
    rows = [(*one.after, one.pk, *one.before) for one in in_order]
    if connection.vendor == "postgresql":
        names = [f"v{place}" for place in range(len(fields))]
        values = ", ".join(f"{_quoted(field.column)} = {name}" for field, name in zip(new, names, strict=False))
        same = "".join(
            f" AND {table}.{_quoted(field.column)} IS NOT DISTINCT FROM {name}"
            for field, name in zip(old, names[len(new) + 1 :], strict=True)
        )
        statement = f"UPDATE {table} SET {values} FROM {_lists(fields)} AS list({', '.join(names)})"  # noqa: S608 -- names of our own
        return _execute(
            f"{statement} WHERE {table}.{_quoted(key.column)} = {names[len(new)]}{same}", _ready(fields, rows)
        )
    values = ", ".join(f"{_quoted(field.column)} = %s" for field in new)
    same = "".join(f" AND {_quoted(field.column)} IS %s" for field in old)
    with connection.cursor() as cursor:
        adapted = zip(*_ready(fields, rows), strict=True)
        cursor.executemany(f"UPDATE {table} SET {values} WHERE {_quoted(key.column)} = %s{same}", list(adapted))  # noqa: S608 -- the same
        return int(cursor.rowcount)


def set_all(
    model: type[models.Model], keys: Collection[int], *, was: Mapping[str, Any], now: Mapping[str, Any]
) -> None:
    """The same values for all of these rows that are as they were thought to be."""
    if connection.vendor == "postgresql" and keys:
        _change(model, keys, was=was, now=now, counted="", returning="")
    else:
        model._default_manager.filter(pk__in=keys, **was).update(**now)


def take_all(
    model: type[M], keys: Collection[int], *, was: Mapping[str, Any], now: Mapping[str, Any], counted: str
) -> list[M]:
    """The same, and those that were so, as they are now; `counted` is a number that goes up by one. In a transaction."""
    if not keys:
        return []
    if connection.vendor != "postgresql":
        taken = list(model._default_manager.filter(pk__in=keys, **was).values_list("pk", flat=True))
        model._default_manager.filter(pk__in=taken).update(**now, **{counted: models.F(counted) + 1})
        return list(model._default_manager.filter(pk__in=taken))
    columns = [field.column for field in model._meta.concrete_fields]
    names = tuple(field.attname for field in model._meta.concrete_fields)
    rows = _change(model, keys, was=was, now=now, counted=counted, returning=", ".join(map(_quoted, columns)))
    return [model.from_db(connection.alias, names, row) for row in rows]


def _change(
    model: type[models.Model],
    keys: Collection[int],
    *,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    counted: str,
    returning: str,
) -> list[Any]:
    """On PostgreSQL. What is returned comes in the database's own form: octets, moments and JSON need no reading of digits."""
    old, new = _fields(model, list(was)), _fields(model, list(now))
    values = [f"{_quoted(field.column)} = %s" for field in new]
    if counted:
        [number] = _fields(model, [counted])
        values.append(f"{_quoted(number.column)} = {_quoted(number.column)} + 1")
    same = "".join(f" AND {_quoted(field.column)} = %s" for field in old)
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    statement = f"UPDATE {table} SET {', '.join(values)} WHERE {key} = ANY(%s){same}"  # noqa: S608 -- names of our own
    params = [_adapted(field, value) for field, value in zip(new, now.values(), strict=True)]
    params += [list(keys), *[_adapted(field, value) for field, value in zip(old, was.values(), strict=True)]]
    with _beside() as cursor:
        cursor.execute(f"{statement} RETURNING {returning}" if returning else statement, params, binary=bool(returning))
        return cursor.fetchall() if returning else []


def insert_new(model: type[models.Model], rows: Sequence[models.Model], *, known_by: Sequence[str] = ()) -> None:
    """Those that are not there yet, as the table's constraints see it; the others stay as they are.

    Where the database tells (PostgreSQL), each that is new gets its key. `known_by`: fields that are unique together.
    """
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, ignore_conflicts=True)
        return
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(_quoted(field.column) for field in fields)
    table = _quoted(model._meta.db_table)
    values = _ready(fields, [[getattr(row, field.attname) for field in fields] for row in rows])
    statement = f"INSERT INTO {table} ({columns}) SELECT * FROM {_lists(fields)} ON CONFLICT DO NOTHING"  # noqa: S608 -- the same
    if not known_by:
        _execute(statement, values)
        return
    unique = _fields(model, known_by)
    wanted = ", ".join(_quoted(field.column) for field in (*unique, model._meta.pk))
    with _beside() as cursor:
        found = {tuple(key): pk for *key, pk in cursor.execute(f"{statement} RETURNING {wanted}", values).fetchall()}
    for row in rows:
        row.pk = found.get(tuple(getattr(row, field.attname) for field in unique))


def _execute(statement: str, columns: list[list[Any]]) -> int:
    with _beside() as cursor:
        cursor.execute(statement, columns)
        return int(cursor.rowcount)


def _ready(fields: Sequence[models.Field[Any, Any]], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Column by column, each value as the driver takes it. What it takes as it is costs no question."""
    plain = _PLAIN | {dt.datetime} if connection.vendor == "postgresql" else _PLAIN
    return [
        list(column)
        if not isinstance(field, models.JSONField) and all(type(one) in plain for one in column)
        else [_adapted(field, one) for one in column]
        for field, column in zip(fields, zip(*rows, strict=True), strict=True)
    ]


def _lists(fields: Sequence[models.Field[Any, Any]]) -> str:
    """A table of one list a column. Without lengths, which are for the column to check: a cast would cut silently."""
    kinds = [field.rel_db_type(connection) if field.primary_key else field.db_type(connection) for field in fields]
    bare = [str(kind).partition("(")[0] for kind in kinds]
    return f"unnest({', '.join(f'%b::{kind}[]' for kind in bare)})"


@contextmanager
def _beside() -> Iterator[Any]:
    """A cursor of the driver's own, on the same connection and in the same transaction."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, connection.Database.Cursor(connection.connection) as cursor:  # type: ignore[attr-defined]
        yield cursor


def _fields(model: type[models.Model], names: Sequence[str]) -> list[models.Field[Any, Any]]:
    by_name = {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    return [by_name[name] for name in names]


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def _adapted(field: models.Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(value, connection=connection)
