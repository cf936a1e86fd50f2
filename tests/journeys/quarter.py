"""A quarter that runs in a test: its clock, which rings every morning, and the letter boxes of the members."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from buendnisse import clock
from buendnisse.models import Installation, Person
from notifications.domain import outbox, ring
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests.notifications import sending
from tests.support.smtp_sink import Sink

_WEEKEND = {5, 6}


@dataclass(frozen=True)
class Letter:
    """One mail as it arrived."""

    kind: str
    to: str
    at: dt.datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")

    @property
    def sentences(self) -> str:
        """The text without its line breaks."""
        return " ".join(self.text.split())

    @property
    def calendar(self) -> dict[str, str]:
        return sending.calendar(self.message)

    def link(self, label: str) -> str:
        """The address under a label, as a reader of the plain text finds it."""
        found = re.search(rf"^{re.escape(label)}:\n(\S+)$", self.text, re.MULTILINE)
        assert found is not None, f"no link {label!r} in:\n{self.text}"
        return found[1]


class Quarter:
    """The clock shared by the pages and the ring. Nothing rings but what is told to."""

    def __init__(self, sink: Sink, *, start: dt.datetime) -> None:
        self._sink = sink
        self.letters: list[Letter] = []
        self._turn_to(start)
        self._ring(start)

    def a_minute_passes(self) -> list[Letter]:
        """What somebody did just now is told; the letters that arrived by it."""
        return self._ring(clock.now() + outbox.GRACE + dt.timedelta(seconds=1))

    def mornings_pass_until(self, day: dt.date, hour: dt.time = dt.time(9, 0)) -> list[Letter]:
        """Every working morning rings at seven, then the moment itself; the letters that arrived meanwhile."""
        before = len(self.letters)
        morning = clock.local_date(clock.now()) + dt.timedelta(days=1)
        while morning <= day:
            if morning.weekday() not in _WEEKEND:
                self._ring(clock.automatic_mail_time(morning))
            morning += dt.timedelta(days=1)
        self._ring(clock.at_local(day, hour))
        return self.letters[before:]

    def rings_again(self) -> list[Letter]:
        """The same moment once more."""
        return self._ring(clock.now())

    def newest(self, kind: MailKind, to: Person, *, about: str = "") -> Letter:
        """The last letter of this kind in somebody's box whose subject begins like that."""
        box = [letter for letter in self.letters if letter.kind == kind and letter.to == to.email]
        box = [letter for letter in box if letter.subject.startswith(about)]
        assert box, f"no {kind} for {to.email}, only {kinds(self.letters)}"
        return box[-1]

    def _ring(self, at: dt.datetime) -> list[Letter]:
        before = len(self._sink.mail)
        ring.ring(at=at)
        self._turn_to(at)
        arrived = [self._letter(to, data, at) for to, data in self._sink.mail[before:]]
        self.letters += arrived
        return arrived

    def _turn_to(self, at: dt.datetime) -> None:
        """Set the one clock, which the server's threads read too. Only that of a demo can be set."""
        Installation.objects.update(is_demo=True, clock_shift_seconds=clock.shift_to(at))
        clock.forget_shift()

    def _letter(self, to: str, data: bytes, at: dt.datetime) -> Letter:
        message: Any = message_from_bytes(data, policy=SMTP)
        kind = OutboxMessage.objects.get(message_id=message["Message-ID"]).kind
        self._keep(f"{len(self.letters) + 1:03}-{kind}-{to.partition('@')[0]}", data)
        return Letter(kind, to, at, message)

    def _keep(self, name: str, data: bytes) -> None:
        """For reading or checking by hand, where LETTERS names a folder; nothing otherwise."""
        if folder := os.environ.get("LETTERS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            number = Counter(path.stem for path in Path(folder).iterdir())[name]
            Path(folder, f"{name}{number or ''}.eml").write_bytes(data)


def kinds(letters: list[Letter]) -> dict[str, list[str]]:
    """Who got what: `{"invitation": ["birgit", "susanne"]}`."""
    found: dict[str, list[str]] = {}
    for letter in letters:
        found.setdefault(letter.kind, []).append(letter.to.partition("@")[0])
    return {kind: sorted(names) for kind, names in found.items()}
