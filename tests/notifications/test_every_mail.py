"""Every kind of mail as it really leaves, read by others: our own list of rules, libical, vobject, ical.js and Radicale.

And by a scanner that follows its links.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
import vobject
from django.test import Client
from radicale import config
from radicale.app import Application

from notifications.domain import batch, render, ring
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind, OutboxState
from notifications.imip import feed
from notifications.models import OutboxMessage
from tests import groups
from tests.notifications.every_mail import MAILS
from tests.notifications.imip.test_compose import MESSAGES
from tests.notifications.imip.test_feed import AROUND, FEEDS
from tests.notifications.mail_rules import calendar_of, faults
from tests.notifications.scanning import follow_every_link
from tests.support import ical_js, libical, smtp_sink


@pytest.fixture
def _shelf(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.usefixtures("_shelf")
@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_of_mail_is_without_fault_and_following_its_links_changes_nothing(
    client: Client, relay: smtp_sink.Sink, kind: MailKind, caldav: CalDav, script: ical_js.Reader | None
) -> None:
    at = MAILS[kind].story()
    ring.ring(at=at, send=False)
    check_that_sharing_changes_nothing(at)
    ring.ring(at=at)
    ours = set(OutboxMessage.objects.filter(kind=kind, state=OutboxState.SENT).values_list("to_address", flat=True))

    found = {recipient: faults(raw) for recipient, raw in relay.mail}

    assert ours <= set(found)
    assert {recipient: said for recipient, said in found.items() if said} == {}
    calendars = {data for _recipient, raw in relay.mail if (data := calendar_of(raw)) is not None}
    for calendar in calendars:
        if libical.library() is not None:
            assert libical.faults(calendar) == []
        found_in_it = check_vobject(calendar)
        if script is not None:
            assert script.read(calendar) == found_in_it
    if calendars:
        check_caldav(caldav, max(calendars))
    follow_every_link(client, kind, at=at)


def check_that_sharing_changes_nothing(at: dt.datetime) -> None:
    """Letters of a batch that say the same are written once (`stencil`); each reads as if it had been written alone."""
    rows = list(OutboxMessage.objects.due(at).select_related("person__organisation", "copy_to"))

    def words(row: OutboxMessage) -> tuple[str, str, str] | None:
        try:
            found = render.render(row, at=at)
        except NothingToSay:
            return None
        return found.subject, found.text, found.html

    alone = [words(row) for row in rows]
    with batch.sharing(rows):
        assert [words(row) for row in rows] == alone
    assert any(alone)


def check_vobject(calendar: bytes) -> ical_js.Read:
    """Another reader finds the same in it, and misses nothing it needs. What it read, as ical.js must read it too."""
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
    found = {
        "uid": event.uid.value,
        "sequence": int(event.sequence.value),
        "start": event.dtstart.value,
        "end": event.dtend.value,
        "summary": event.summary.value,
        "location": event.location.value,
        "description": event.description.value,
        "organizer": event.organizer.value,
        "attendees": [event.attendee.value],
    }
    return ical_js.Read(read.method.value, [found], [])


@pytest.fixture(scope="module")
def script() -> Iterator[ical_js.Reader | None]:
    """ical.js; None where this machine has no Node.js to run it, which the test below names."""
    node = groups.GROUPS["node"].find()
    if node is None:
        yield None
        return
    with ical_js.running(node) as reader:
        yield reader


def test_ical_js_finds_what_is_wrong_and_nothing_where_all_is_well(script: ical_js.Reader | None) -> None:
    groups.require("node")
    assert script is not None
    good = MESSAGES["request"].decode()
    zone, end = good.index("BEGIN:VTIMEZONE"), good.index("BEGIN:VEVENT")

    ours = MESSAGES | {name: feed.calendar(AROUND, entries) for name, entries in FEEDS.items()}
    assert [(name, said) for name, one in ours.items() if (said := script.read(one).faults)] == []
    assert script.read((good[:zone] + good[end:]).encode()).faults == [
        "dtstart in unknown zone Europe/Berlin",
        "dtend in unknown zone Europe/Berlin",
    ]
    backwards = good.replace("DTEND;TZID=Europe/Berlin:2026", "DTEND;TZID=Europe/Berlin:2025")
    assert script.read(backwards.encode()).faults == ["ends before it begins"]
    assert script.read(good.replace("UID:", "X-UID:").encode()).faults == ["not one uid"]
    assert len(script.read(good.replace("END:VEVENT\r\n", "").encode()).faults) == 1


@dataclass(frozen=True)
class CalDav:
    """Radicale, with one calendar."""

    application: Application

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        asked: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"desk:x").decode(),
            "CONTENT_TYPE": "text/calendar",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        setup_testing_defaults(asked)
        statuses: list[str] = []
        answer = b"".join(self.application(asked, lambda status, _headers, *_error: statuses.append(status)))
        return int(statuses[0].split()[0]), answer


@pytest.fixture(scope="module")
def caldav(tmp_path_factory: pytest.TempPathFactory) -> CalDav:
    """In this process: a port, and a program to start and wait for, would tell nothing more about calendars."""
    loaded = config.load()
    folder = tmp_path_factory.mktemp("radicale")
    loaded.update(
        {
            "auth": {"type": "none"},
            "storage": {"filesystem_folder": str(folder)},
            "rights": {"type": "owner_only"},
        },
        "tests",
        privileged=True,
    )
    server = CalDav(Application(loaded))
    assert server.ask("MKCALENDAR", "/desk/sitzungen/")[0] == 201
    return server


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
