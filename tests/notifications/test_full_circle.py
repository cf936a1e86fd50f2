"""The full circle on real servers: invited by SMTP, laid into a mailbox, answered as mail programs do, read by IMAP.

Postfix needs root to start; elsewhere a small server of the tests carries the mail to the same real mailboxes.
"""

from __future__ import annotations

import os
import smtplib
from collections.abc import Iterator
from email import message_from_bytes
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from buendnisse import clock
from buendnisse.config import env
from meetings.models import Attendance, Meeting
from notifications.domain import returned, ring
from notifications.enums import InboundOutcome, OutboxState
from notifications.models import InboundMessage, OutboxMessage
from tests import groups, world
from tests.factories.buendnisse import MembershipFactory
from tests.notifications import sending
from tests.support import dovecot, mail_programs, postfix, smtp_sink
from tests.support.mail_programs import Reply
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

OURS = "buendnisse@fachstelle.example"
#: Who answers with which program, and how.
ANSWERS = {
    "susanne": ("outlook", "ACCEPTED"),
    "birgit": ("gmail", "DECLINED"),
    "corinna": ("apple", "TENTATIVE"),
    "sven": ("thunderbird", "ACCEPTED"),
}
THEN = sending.after_grace(AT)


@pytest.fixture(scope="module")
def server() -> Iterator[dovecot.Server]:
    groups.require("dovecot")
    with dovecot.running([OURS, *(f"{name}@verein.example" for name in ANSWERS)]) as running:
        yield running


@pytest.fixture(scope="module")
def post(server: dovecot.Server) -> Iterator[int]:
    """The port of an SMTP server that delivers into these mailboxes."""
    if os.geteuid() == 0 and groups.GROUPS["postfix"].find():
        with postfix.running(server) as running:
            yield running.port
        return
    with smtp_sink.running(then=lambda to, raw: server.lay(raw, to=to)) as carrier:
        yield carrier.port


@pytest.fixture
def cast() -> World:
    built = world.build()
    MembershipFactory(body=built.arbeit, person=built.sven)
    return built


@pytest.fixture(autouse=True)
def _servers(server: dovecot.Server, post: int, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.SMTP = env.mail(f"smtp://127.0.0.1:{post}")
    settings.IMAP = env.mailbox(server.url(OURS), "")
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER
    monkeypatch.setattr(clock, "now", lambda: THEN)
    yield
    server.empty(OURS, *(f"{name}@verein.example" for name in ANSWERS))


def read(response: Any) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def test_invited_answered_in_four_programs_and_on_the_page(
    server: dovecot.Server, post: int, february: Meeting, cast: World, desk: Client
) -> None:
    ring.ring(at=THEN)
    for number, (name, (program, partstat)) in enumerate(ANSWERS.items()):
        address = getattr(cast, name).email
        [raw] = server.wait_for(address)
        invited = sending.calendar(message_from_bytes(raw))
        assert invited["METHOD"] == "REQUEST"
        said = Reply(
            uid=invited["UID"], attendee=address, partstat=partstat, name=getattr(cast, name).full_name, number=number
        )
        with smtplib.SMTP("127.0.0.1", post) as session:
            session.sendmail(address, [OURS], mail_programs.PROGRAMS[program](said))
    server.wait_for(OURS, number=len(ANSWERS))

    assert ring.ring(at=THEN).failed == []

    assert [row.outcome for row in InboundMessage.objects.all()] == [InboundOutcome.APPLIED] * len(ANSWERS)
    answers = dict(Attendance.objects.filter(meeting=february).values_list("person__handle", "answer"))
    assert {name: answers[name] for name in ANSWERS} == {
        "susanne": "accepted",
        "birgit": "declined",
        "corinna": "tentative",
        "sven": "accepted",
    }
    page = read(desk.get(f"/sitzungen/{february.slug}/"))
    assert "2 kommen. Eine Person kommt vielleicht, eine Person kommt nicht." in page
    assert "Hanneken, BirgitJobcenter kommt nicht Kalender, 23.11.2026" in page
    assert (server.mails(OURS), len(server.mails(OURS, "Verarbeitet"))) == ([], len(ANSWERS))


def test_mailbox_that_does_not_exist_comes_back_as_a_dead_address(
    server: dovecot.Server, february: Meeting, cast: World
) -> None:
    if os.geteuid() != 0:
        groups.leave_out("postfix", "it changes users, so only root can start it")
    groups.require("postfix")
    cast.susanne.email = "gibtesnicht@verein.example"
    cast.susanne.save()
    ring.ring(at=THEN)
    server.wait_for(OURS)

    ring.ring(at=THEN)

    [row] = InboundMessage.objects.all()
    assert (row.outcome, row.person, row.about) == (
        InboundOutcome.BOUNCE,
        cast.susanne,
        OutboxMessage.objects.get(person=cast.susanne),
    )
    [trouble] = returned.troubles().addresses
    assert (trouble.person, trouble.last.status, trouble.last.inbound) == (cast.susanne, "5.1.1", row)
    assert OutboxMessage.objects.get(person=cast.susanne).state == OutboxState.FAILED
