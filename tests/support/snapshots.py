"""Mails as readable files, compared letter by letter. `SNAPSHOTS=write` stores what is there now."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

from notifications.domain import render
from notifications.models import OutboxMessage

FOLDER = Path(__file__).parents[1] / "notifications" / "mail_snapshots"
#: Tokens depend on the database's numbers.
_TOKEN = re.compile(r"(?<=/)[a-z2-7]{2,16}-[A-Za-z0-9_~]{20}(?![A-Za-z0-9_~])")


def mail(message: OutboxMessage, *, at: dt.datetime) -> str:
    """Subject and text of a letter as it would leave at `at`, personal links masked."""
    rendered = render.render(message, at=at)
    return _TOKEN.sub("TOKEN", f"Betreff: {rendered.subject}\n\n{rendered.text}")


def stored(name: str, found: str) -> str:
    """The text stored under `name`; `found` is stored first where SNAPSHOTS=write."""
    path = FOLDER / f"{name}.txt"
    if os.environ.get("SNAPSHOTS") == "write":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    return path.read_text(encoding="utf-8")
