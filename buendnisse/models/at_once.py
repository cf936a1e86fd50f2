"""Many rows of one table in one statement, each with values of its own.

On PostgreSQL the values travel beside the statement, one list for each column, in the database's own form. Django writes
them into it, row by row: what a mail holds would be written out in hexadecimal digits and read in again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection, models


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
    rows = [
        [_adapted(field, value) for field, value in zip(fields, (*one.after, one.pk, *one.before), strict=True)]
        for one in sorted(swaps, key=lambda one: one.pk)  # two at once take rows in the same order
    ]
    if connection.vendor == "postgresql":
        names = [f"v{place}" for place in range(len(fields))]
        values = ", ".join(f"{_quoted(field.column)} = {name}" for field, name in zip(new, names, strict=False))
        same = "".join(
            f" AND {table}.{_quoted(field.column)} IS NOT DISTINCT FROM {name}"
            for field, name in zip(old, names[len(new) + 1 :], strict=True)
        )
        statement = f"UPDATE {table} SET {values} FROM {_lists(fields)} AS list({', '.join(names)})"  # noqa: S608 -- names of our own
        return _execute(f"{statement} WHERE {table}.{_quoted(key.column)} = {names[len(new)]}{same}", rows)
    values = ", ".join(f"{_quoted(field.column)} = %s" for field in new)
    same = "".join(f" AND {_quoted(field.column)} IS %s" for field in old)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {values} WHERE {_quoted(key.column)} = %s{same}", rows)  # noqa: S608 -- the same
        return int(cursor.rowcount)


def insert_new(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Those that are not there yet, as the table's constraints see it; the others stay as they are. No key is set."""
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, ignore_conflicts=True)
        return
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(_quoted(field.column) for field in fields)
    table = _quoted(model._meta.db_table)
    values = [[_adapted(field, getattr(row, field.attname)) for field in fields] for row in rows]
    _execute(f"INSERT INTO {table} ({columns}) SELECT * FROM {_lists(fields)} ON CONFLICT DO NOTHING", values)  # noqa: S608 -- the same


def bytes_of(model: type[models.Model], name: str, *, keys: Sequence[int]) -> dict[int, bytes]:
    """The octets of one column by primary key; rows without any are left out. One query."""
    if connection.vendor != "postgresql" or not keys:
        found = model._default_manager.filter(pk__in=keys, **{f"{name}__isnull": False})
        return {key: bytes(value) for key, value in found.values_list("pk", name)}
    [field], table = _fields(model, [name]), _quoted(model._meta.db_table)
    key, column = _quoted(model._meta.pk.column), _quoted(field.column)
    with _beside() as cursor:
        query = f"SELECT {key}, {column} FROM {table} WHERE {key} = ANY(%s) AND {column} IS NOT NULL"  # noqa: S608 -- the same
        return dict(cursor.execute(query, [list(keys)], binary=True).fetchall())


def _execute(statement: str, rows: Sequence[Sequence[Any]]) -> int:
    with _beside() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
        return int(cursor.rowcount)


def _lists(fields: Sequence[models.Field[Any, Any]]) -> str:
    """A table of one list a column. Without lengths, which are for the column to check: a cast would cut silently."""
    kinds = [field.rel_db_type(connection) if field.primary_key else field.db_type(connection) for field in fields]
    bare = [str(kind).partition("(")[0] for kind in kinds]
    return f"unnest({', '.join(f'%b::{kind}[]' for kind in bare)})"


@contextmanager
def _beside() -> Iterator[Any]:
    """A cursor of the driver's own, on the same connection and in the same transaction."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.Database.Cursor(connection.connection) as cursor:  # type: ignore[attr-defined]
        yield cursor


def _fields(model: type[models.Model], names: Sequence[str]) -> list[models.Field[Any, Any]]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def _adapted(field: models.Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(value, connection=connection)
