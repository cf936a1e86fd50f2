"""Mails as people read them, kept as files: subject, an empty line, the text.

`SNAPSHOTS=write pytest …` writes them anew; then read what changed before you keep it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_FOLDER = Path(__file__).parent / "mail_snapshots"
_TOKEN = re.compile(r"/[a-z2-7]+-[A-Za-z0-9_~]{20}/")


def check(name: str, text: str) -> None:
    """Compare with the kept words; the tokens of personal links are left out, since each database makes its own."""
    file, shown = _FOLDER / f"{name}.txt", _TOKEN.sub("/…/", text)
    if os.environ.get("SNAPSHOTS") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")
