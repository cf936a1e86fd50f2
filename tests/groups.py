"""Groups of tests that need something of the machine: they run where it exists and are named where it does not.

With CI=true a missing one fails. A second run of the same suite may leave out what the first has done:
TESTED_ELSEWHERE="chromium, libical".
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
from django.conf import settings

from buendnisse.config import broker

IN_CI = os.environ.get("CI", "").lower() == "true"
ELSEWHERE = {name.strip() for name in os.environ.get("TESTED_ELSEWHERE", "").split(",") if name.strip()}


def _chromium() -> str | None:
    """First the one without windows: the same engine, and a page of its own costs a quarter."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def _postgresql() -> str | None:
    engine = settings.DATABASES["default"]["ENGINE"]
    return "DATABASE_URL" if engine.endswith("postgresql") else None


def _redis() -> str | None:
    url = os.environ.get("REDIS_URL", "")
    return url if url and broker.answers(url) else None


def _libical() -> str | None:
    return ctypes.util.find_library("ical")


def _server(name: str) -> str | None:
    """Servers lie where ordinary users do not look."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _node() -> str | None:
    """The machine's, or the one that set-up laid beside Python."""
    return shutil.which("node", path=f"{os.environ.get('PATH', '')}:{Path(sys.executable).parent}")


def _smtp() -> str | None:
    try:
        import aiosmtpd  # noqa: PLC0415 -- looked for, not used
    except ImportError:
        return None
    return aiosmtpd.__name__


@dataclass(frozen=True)
class Group:
    """What it is called, how it is found, and what to do when it is not."""

    title: str
    find: Callable[[], str | None]
    hint: str
    seen: Counter[str] = field(default_factory=Counter)


GROUPS = {
    "postgresql": Group("PostgreSQL", _postgresql, "DATABASE_URL names no PostgreSQL"),
    "redis": Group("Redis", _redis, "REDIS_URL is not set or does not answer"),
    "libical": Group("libical", _libical, "libical is not installed"),
    "node": Group("Node.js", _node, "node is not installed"),
    "dovecot": Group("Dovecot", lambda: _server("dovecot"), "dovecot-imapd is not installed"),
    "postfix": Group("Postfix", lambda: _server("postfix"), "postfix is not installed"),
    "smtp": Group("SMTP", _smtp, "aiosmtpd is not installed"),
    "chromium": Group("Chromium", _chromium, "chromium is not installed"),
}


def require(name: str) -> str:
    """What the group needs (a path, an address, a library's name). Skips the test, or fails it with CI=true."""
    group = GROUPS[name]
    if name in ELSEWHERE:
        leave_out(name, "done by another run (TESTED_ELSEWHERE)")
    found = group.find()
    if found is not None:
        group.seen["run"] += 1
        return found
    group.seen["missing"] += 1
    if IN_CI:
        pytest.fail(f"{group.title}: {group.hint}, and CI=true", pytrace=False)
    pytest.skip(f"{group.title}: {group.hint}")


def leave_out(name: str, why: str) -> NoReturn:
    """Skips the test, with CI=true too: what the group needs may be here, and this run cannot use it."""
    GROUPS[name].seen["left out"] += 1
    pytest.skip(f"{GROUPS[name].title}: {why}")


def seen() -> dict[str, dict[str, int]]:
    """What happened to each group in this process."""
    return {name: dict(group.seen) for name, group in GROUPS.items()}


def add(told: dict[str, dict[str, int]]) -> None:
    """Count what another process of the same run has seen."""
    for name, counts in told.items():
        GROUPS[name].seen.update(counts)


def lines() -> list[str]:
    """One line a group, for the end of the run."""
    database = "PostgreSQL" if _postgresql() else "SQLite"
    answer = [f"database   {database}", f"broker     {'Redis' if _redis() else 'embedded Valkey'}"]
    for name, group in GROUPS.items():
        if group.find() is None:
            words = f"not here: {group.hint}"
        elif name in ELSEWHERE:
            words = "done by another run"
        else:
            words = f"here, required by {group.seen['run']} tests" if group.seen["run"] else "here"
        answer.append(f"{name:<10} {words}")
    return answer


def missing() -> list[str]:
    """Titles of groups that CI must have and that are neither here nor done elsewhere."""
    return [group.title for name, group in GROUPS.items() if IN_CI and name not in ELSEWHERE and group.find() is None]
