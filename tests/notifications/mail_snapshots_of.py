"""Mail as people read it, compared with a text file. A new file is written by SNAPSHOTS=write and then read by a person."""

from __future__ import annotations

import os
import re
from pathlib import Path

from notifications.domain import render
from notifications.models import OutboxMessage
from tests.meetings.held import LATER

FOLDER = Path(__file__).parent / "mail_snapshots"
_TOKEN = re.compile(r"/(einstellungen|protokoll|protokoll-freigeben|aufgabe|beschluss|verpasst)/[^/\s]+/")


def read(message: OutboxMessage) -> str:
    """Subject and text, with the secret part of links left out."""
    rendered = render.render(message, at=LATER)
    return _TOKEN.sub(r"/\1/…/", f"{rendered.subject}\n\n{rendered.text}")


def kept(name: str, text: str) -> str:
    """What the file says; with SNAPSHOTS=write the text becomes the file."""
    path = FOLDER / f"{name}.txt"
    if text and os.environ.get("SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")
