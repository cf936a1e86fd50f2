"""200 invitations are going out; the worker is killed, then the broker. Nobody is left out, nobody is told twice."""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections import defaultdict
from email import message_from_bytes
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from buendnisse import clock
from buendnisse.models import Person
from meetings.domain import planning
from meetings.enums import MeetingState
from notifications.enums import OutboxState
from notifications.models import OutboxMessage
from tests.config.installation import Running
from tests.factories.buendnisse import AllianceFactory, MembershipFactory, PersonFactory
from tests.factories.meetings import MeetingFactory
from tests.support import smtp_sink

PEOPLE = 200
PATIENCE = 120.0  # seconds


@pytest.mark.django_db(transaction=True)
def test_every_invitation_arrives_once_although_worker_and_broker_are_killed(tmp_path: Path) -> None:
    invite(PEOPLE)
    with smtp_sink.running(delay=0.02) as sink:
        running = Running(
            tmp_path / "var",
            DATABASE_URL=address_of_this_database(),
            EMAIL_URL=f"smtp://127.0.0.1:{sink.port}",
            ORGANIZER_EMAIL=settings.ORGANIZER_EMAIL,
        )
        try:
            assert sink.wait_for(lambda: len(sink.mail) >= 40, seconds=PATIENCE)
            kill(running, "worker")
            let_five_minutes_pass_for_what_was_claimed()
            assert sink.wait_for(lambda: len(sink.mail) >= 100, seconds=PATIENCE)
            kill(running, "broker")
            let_five_minutes_pass_for_what_was_claimed()
            assert sink.wait_for(lambda: len(dict(sink.mail)) == PEOPLE, seconds=PATIENCE)
        finally:
            assert running.end() == 0

    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {OutboxState.SENT}
    ids = defaultdict(set)
    for recipient, data in sink.mail:
        ids[recipient].add(message_from_bytes(data)["Message-ID"])
    assert sorted(ids) == sorted(Person.objects.exclude(handle="imke").values_list("email", flat=True))
    assert {recipient: seen for recipient, seen in ids.items() if len(seen) != 1} == {}


def invite(number: int) -> None:
    """A meeting of so many members, fixed a minute ago."""
    at = clock.now()
    alliance = AllianceFactory()
    for _member in range(number):
        MembershipFactory(body=alliance)
    start = at + dt.timedelta(days=60)
    meeting = MeetingFactory(
        alliance=alliance, start=start, end=start + dt.timedelta(hours=2), state=MeetingState.PLANNED
    )
    imke = PersonFactory(handle="imke", office="fachstelle")
    planning.confirm(meeting, by=imke, at=at - dt.timedelta(minutes=2))


def address_of_this_database() -> str:
    """The test database, as another process finds it."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    host = found["HOST"]
    query = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
    net = "" if query else f"{host}:{found['PORT']}" if found["PORT"] else host
    secret = f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else ""
    return f"postgresql://{found['USER']}{secret}@{net}/{found['NAME']}{query}"


def kill(running: Running, name: str) -> None:
    """As the kernel does it when memory runs out. A worker's own children go with it."""
    os.kill(running.note()["children"][name], signal.SIGKILL)
    running.wait_for(f"{name} ist ausgefallen")


def let_five_minutes_pass_for_what_was_claimed() -> None:
    """What the dead worker held returns after its lease; the lease is moved instead of waited for.

    What a living worker holds is claimed anew in the same moment, so this may cause a second copy of the
    same bytes, which is what the promise allows: at least once, always under one Message-ID.
    """
    OutboxMessage.objects.filter(state=OutboxState.SENDING).update(
        claimed_at=clock.real_now() - dt.timedelta(minutes=6)
    )
