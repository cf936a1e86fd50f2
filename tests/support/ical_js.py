"""ical.js as a further opinion on what we write: what Thunderbird and Nextcloud read calendars with."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

_SCRIPT = Path(__file__).with_suffix(".mjs")


@dataclass(frozen=True)
class Read:
    """What it found. `events`: their properties; times as aware moments. `faults` is empty where all is well."""

    method: str | None
    events: list[dict[str, Any]]
    faults: list[str]


class Reader:
    """One process for many calendars: it takes a second to start and none to read."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def read(self, calendar: bytes) -> Read:
        given, answer = self._process.stdin, self._process.stdout
        assert given is not None
        assert answer is not None
        given.write(json.dumps(calendar.decode()) + "\n")
        given.flush()
        found = Read(**json.loads(answer.readline()))
        for event in found.events:
            event |= {name: dt.datetime.fromisoformat(event[name]) for name in ("start", "end")}
        return found


@contextmanager
def running(node: str) -> Iterator[Reader]:
    library = settings.BUILD_DIR / "test" / "ical.mjs"
    with subprocess.Popen(
        [node, str(_SCRIPT), str(library)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Reader(process)
