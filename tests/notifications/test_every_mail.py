"""Every kind of mail as it really leaves, read by others: our own list of rules, libical, vobject and Radicale."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import vobject

from notifications.domain import ring
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.notifications.every_mail import MAILS
from tests.notifications.mail_rules import calendar_of, faults
from tests.support import libical, ports, smtp_sink


@pytest.fixture
def _shelf(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.usefixtures("_shelf")
@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_of_mail_is_without_fault(relay: smtp_sink.Sink, kind: MailKind, caldav: CalDav) -> None:
    ring.ring(at=MAILS[kind].story())
    ours = set(OutboxMessage.objects.filter(kind=kind, state=OutboxState.SENT).values_list("to_address", flat=True))

    found = {recipient: faults(raw) for recipient, raw in relay.mail}

    assert ours <= set(found)
    assert {recipient: said for recipient, said in found.items() if said} == {}
    calendars = {data for _recipient, raw in relay.mail if (data := calendar_of(raw)) is not None}
    for calendar in calendars:
        if libical.library() is not None:
            assert libical.faults(calendar) == []
        check_vobject(calendar)
    if calendars:
        check_caldav(caldav, max(calendars))


def check_vobject(calendar: bytes) -> None:
    """Another reader finds the same in it, and misses nothing it needs."""
    read = vobject.readOne(calendar.decode())
    (event,) = read.vevent_list
    lines = calendar.replace(b"\r\n ", b"").decode().split("\r\n")

    assert event.validate(raiseException=True)
    assert f"METHOD:{read.method.value}" in lines
    assert f"UID:{event.uid.value}" in lines
    assert f"SEQUENCE:{event.sequence.value}" in lines
    assert event.dtend.value > event.dtstart.value
    assert event.dtstart.value.tzinfo is not None
    assert len(event.attendee_list) == 1


@dataclass(frozen=True)
class CalDav:
    """Radicale on this machine, with one calendar."""

    address: str

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        head = {"Authorization": "Basic " + base64.b64encode(b"desk:x").decode(), "Content-Type": "text/calendar"}
        request = urllib.request.Request(self.address + path, body, head, method=method)  # noqa: S310 -- loopback
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()


@pytest.fixture(scope="module")
def caldav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalDav]:
    folder = tmp_path_factory.mktemp("radicale")
    (port,) = ports.free(1)
    config = folder / "config"
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[storage]\nfilesystem_folder = {folder}/store\n"
        "[rights]\ntype = owner_only\n",
        encoding="ascii",
    )
    command = [sys.executable, "-m", "radicale", "--config", str(config)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)) as one:
        try:
            ends = time.monotonic() + 20
            while not ports.answers(port):
                assert one.poll() is None, "Radicale does not start"
                assert time.monotonic() < ends
                time.sleep(0.05)
            server = CalDav(f"http://127.0.0.1:{port}")
            assert server.ask("MKCALENDAR", "/desk/sitzungen/")[0] == 201
            yield server
        finally:
            one.terminate()


def check_caldav(server: CalDav, calendar: bytes) -> None:
    """It takes the event (stored objects have no METHOD, RFC 4791 section 4.1) and gives it back as it was."""
    lines = calendar.replace(b"\r\n ", b"").decode().split("\r\n")
    uid = next(line for line in lines if line.startswith("UID:")).removeprefix("UID:")
    stored = "\r\n".join(line for line in lines if not line.startswith("METHOD:")).encode()
    path = f"/desk/sitzungen/{uid}.ics"

    status, words = server.ask("PUT", path, stored)
    assert (status, words) == (201, b"Created") or status in {201, 204}
    status, back = server.ask("GET", path)
    assert status == 200
    unfolded = back.replace(b"\r\n ", b"").decode()
    for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "ATTENDEE"):
        (written,) = [
            line for line in lines[lines.index("BEGIN:VEVENT") :] if line.startswith((f"{name}:", f"{name};"))
        ]
        assert written.partition(":")[2] in unfolded
    assert server.ask("DELETE", path)[0] == 200


def test_the_rules_find_what_is_wrong() -> None:
    raw = (
        b"From: a@b.example\r\nTo: c@d.example, e@f.example\r\nSubject: x\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\n"
        b"Message-ID: <a@b.example>\r\nX-Auto-Response-Suppress: All\r\n"
        b"List-Unsubscribe: =?utf-8?q?=3Chttps?=\r\nContent-Type: text/html\r\n\r\n<html><img src='https://x'>\n"
    )

    assert faults(raw) == [
        "a bare CR or LF",
        "not Auto-Submitted",
        "X-Auto-Response-Suppress keeps bounces back",
        "not one recipient",
        "no text/plain part",
        "an html part without lang",
        "an html part loads something",
        "List-Unsubscribe is not one line that begins with <https",
        "no one-click unsubscribing",
    ]
