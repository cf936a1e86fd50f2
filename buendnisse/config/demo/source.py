"""Reading the demo's files so that nothing is dropped: every key is taken once, and what is left over is an error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
_missing = object()


class UnknownKeys(Exception):
    """The files say something this loader has no place for."""


class Contradiction(Exception):
    """The files say one thing in two places, and not the same."""


class Row:
    """One mapping of a file, consumed key by key."""

    def __init__(self, data: dict[str, Any], *, name: str) -> None:
        self._left = dict(data)
        self.name = str(data.get("id", name))

    def take(self, key: str, default: Any = _missing) -> Any:
        if default is _missing and key not in self._left:
            raise UnknownKeys(f"{self.name}: {key!r} is missing")
        return self._left.pop(key, default)

    def has(self, key: str) -> bool:
        return key in self._left

    def text(self, key: str) -> str:
        return str(self.take(key, ""))

    def day(self, key: str) -> dt.date:
        return dt.date.fromisoformat(self.take(key))

    def maybe_day(self, key: str) -> dt.date | None:
        value = self.take(key, None)
        return dt.date.fromisoformat(value) if value else None

    def time(self, key: str) -> dt.time:
        return dt.time.fromisoformat(self.take(key))

    def flag(self, key: str) -> bool:
        value = self.take(key, False)
        if not isinstance(value, bool):
            raise Contradiction(f"{self.name}: {key} is no yes or no: {value!r}")
        return value

    def words(self, key: str) -> list[str]:
        return list(self.take(key, []))

    def rows(self, key: str) -> Iterator[Row]:
        """The mappings of a list, each of which must be consumed whole."""
        for number, data in enumerate(self.take(key, []), start=1):
            with consumed(Row(data, name=f"{self.name}/{key}[{number}]")) as row:
                yield row

    @contextmanager
    def part(self, key: str) -> Iterator[Row]:
        """One mapping inside this one; empty where the key is missing."""
        with consumed(Row(self.take(key, {}), name=f"{self.name}/{key}")) as row:
            yield row

    def expect(self, key: str, value: Any) -> None:
        """Take a key that repeats what is known already; refuse it if it differs."""
        found = self.take(key, None)
        if found != value:
            raise Contradiction(f"{self.name}: {key} is {found!r}, elsewhere {value!r}")

    def close(self) -> None:
        if self._left:
            raise UnknownKeys(f"{self.name}: no place for {sorted(self._left)}")


@contextmanager
def consumed(row: Row) -> Iterator[Row]:
    """Check at the end of the block that nothing of `row` is left."""
    yield row
    row.close()


@contextmanager
def file(name: str) -> Iterator[Row]:
    """One of the demo's files; every key in it must be taken inside the block."""
    with consumed(Row(read(name), name=name)) as row:
        yield row


def read(name: str) -> dict[str, Any]:
    """What one of the demo's files says."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    said: dict[str, Any] = yaml.load(text, Loader=_LOADER)  # noqa: S506 -- both are safe loaders
    return said


#: The C parser reads the demo in a tenth of the time; some builds of PyYAML come without.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
