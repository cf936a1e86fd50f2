"""Invitations are going out; worker, beat and broker are killed in turn. Nobody is left out, nobody is told twice.

`KILLED_AMONG=2000 make test ARGS=tests/config/test_killed.py` does it with so many, and with a ring every 15 seconds
as in real life. With DATABASE_URL and REDIS_URL it is PostgreSQL, and a Redis of the test's own.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from notifications.models import OutboxMessage, RingState
from tests import groups
from tests.config.installation import Running
from tests.factories.buendnisse import AllianceFactory, MembershipFactory, PersonFactory
from tests.factories.meetings import MeetingFactory
from tests.support import redis_server, smtp_sink

PEOPLE = int(os.environ.get("KILLED_AMONG", "60"))
IS_PROOF = "KILLED_AMONG" in os.environ
#: How long the relay takes for a mail; s. Time enough to kill somebody in the middle.
DELAY = max(3 / PEOPLE, 0.002)
PATIENCE = 120.0  # seconds
#: What beat rang before it died may lie in the queue, and be older by so much than what it rings afterwards.
QUEUED = dt.timedelta(seconds=3)


@pytest.mark.django_db(transaction=True)
def test_every_invitation_arrives_although_worker_beat_and_broker_are_killed(tmp_path: Path) -> None:
    invite(PEOPLE)
    with smtp_sink.running(delay=DELAY) as sink, installation(tmp_path, sink) as (running, kill_broker):

        def once_arrived(part: float) -> None:
            assert sink.wait_for(lambda: len(dict(sink.mail)) >= part * PEOPLE, seconds=PATIENCE)

        for part, kill in ((0.2, kill_worker), (0.4, kill_beat), (0.6, kill_broker), (0.8, kill_worker)):
            once_arrived(part)
            kill(running)
            let_the_leases_run_out()
        once_arrived(1)
        all_arrived = clock.real_now()
        wait_for(lambda: not OutboxMessage.objects.exclude(state=OutboxState.SENT).exists())
        wait_for(lambda: RingState.objects.filter(last_at__gt=all_arrived + QUEUED).exists())

    copies = defaultdict(list)
    for recipient, data in sink.mail:
        copies[recipient].append(data)
    print(f"{PEOPLE} invitations, {len(sink.mail)} mails: {len(sink.mail) - len(copies)} came twice")  # noqa: T201 -- the proof's figure
    assert sorted(copies) == sorted(Person.objects.exclude(handle="imke").values_list("email", flat=True))
    assert {recipient for recipient, same in copies.items() if len(set(same)) != 1} == set()
    ids = [message_from_bytes(same[0])["Message-ID"] for same in copies.values()]
    assert sorted(ids) == sorted(OutboxMessage.objects.values_list("message_id", flat=True))
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {OutboxState.SENT}


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


@contextmanager
def installation(folder: Path, relay: smtp_sink.Sink) -> Iterator[tuple[Running, Callable[[Running], None]]]:
    """All processes on this test's database, and how to kill the broker: their own, or a Redis that we watch over."""
    options = {
        "DATABASE_URL": address_of_this_database(),
        "EMAIL_URL": f"smtp://127.0.0.1:{relay.port}",
        "ORGANIZER_EMAIL": settings.ORGANIZER_EMAIL,
    }
    if not IS_PROOF:
        options["DJANGO_SETTINGS_MODULE"] = "tests.config.ring_every_second"
    if settings.REDIS_URL:
        if (binary := shutil.which("redis-server")) is None:
            groups.leave_out("redis", "no redis-server here that could be killed")
        with (
            redis_server.running(binary, folder / "redis") as redis,
            started(folder / "var", options | {"REDIS_URL": redis.url}) as running,
        ):
            yield running, lambda _running: redis.kill()
        return
    with started(folder / "var", options) as running:
        yield running, lambda running: kill(running, "broker")


@contextmanager
def started(var_dir: Path, options: dict[str, str]) -> Iterator[Running]:
    running = Running(var_dir, workers=2 if IS_PROOF else 1, **options)
    try:
        yield running
    finally:
        assert running.end() == 0


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


def kill_worker(running: Running) -> None:
    kill(running, "worker")


def kill_beat(running: Running) -> None:
    kill(running, "beat")


def let_the_leases_run_out() -> None:
    """What the dead worker held returns after its lease, mails after five minutes and the ring after three; the leases
    are moved instead of waited for.

    What a living worker holds is claimed anew in the same moment, so this may cause a second copy of the
    same bytes, which is what the promise allows: at least once, always under one Message-ID.
    """
    OutboxMessage.objects.filter(state=OutboxState.SENDING).update(
        claimed_at=clock.real_now() - dt.timedelta(minutes=6)
    )
    RingState.objects.filter(lease_until__isnull=False).update(lease_until=clock.real_now())


def wait_for(holds: Callable[[], bool]) -> None:
    """Until the installation's own work has made it true; looked at ten times a second."""
    ends, pause = time.monotonic() + PATIENCE, threading.Event()
    while not holds():
        assert time.monotonic() < ends, "it did not come to that"
        pause.wait(0.1)
