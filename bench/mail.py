"""500 invitations through the worker, end to end, against a bare loop of ready bytes into the same SMTP sink."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import smtplib
import sys
import time
from pathlib import Path
from typing import Any

from django.db import transaction

from bench.processes import free_port, running, wait_for_port
from buendnisse import clock
from buendnisse.config import broker, celery_app
from buendnisse.enums import Role
from buendnisse.models import Alliance, Membership, Organisation, Person
from meetings.domain import planning
from meetings.enums import MeetingState
from meetings.models import Meeting
from notifications.enums import OutboxState
from notifications.models import OutboxMessage
from notifications.tasks import ring

PEOPLE = 500
PATIENCE = 180  # seconds


def measure(folder: Path) -> dict[str, Any]:
    """Seconds from the first ring after the grace period to the last message accepted by the sink."""
    sink = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if sink is None:
        return {"left out": "Postfix's smtp-sink is not on this machine"}
    port = free_port()
    environment = dict(os.environ) | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    with running([sink, *user, f"127.0.0.1:{port}", "500"], log=folder / "sink.log", environment=environment):
        wait_for_port(port, 10)
        _invite(folder)
        ours = _through_the_worker(folder, environment)
        payloads = [
            bytes(row.payload or b"")
            for row in OutboxMessage.objects.filter(state=OutboxState.SENT, payload__isnull=False)[:PEOPLE]
        ]
        raw = _raw(port, payloads)
    return {
        "invitations a second": round(PEOPLE / ours, 1),
        "raw loop a second": round(len(payloads) / raw, 1),
        "ours / raw": round((PEOPLE / ours) / (len(payloads) / raw), 3),
    }


def _invite(folder: Path) -> None:
    """One alliance of 500 members, and a meeting of it that has just been fixed."""
    at = clock.now()
    alliance = Alliance.objects.get(slug="arbeit")
    organisation = Organisation.objects.get(slug="fachstelle")
    people = Person.objects.bulk_create(
        Person(
            handle=f"bench-{number}",
            first_name="Robin",
            last_name=f"Muster {number}",
            organisation=organisation,
            email=f"m{number}@bench.example",
        )
        for number in range(PEOPLE)
    )
    Membership.objects.filter(body=alliance).update(until=clock.local_date(at) - dt.timedelta(days=1))
    Membership.objects.bulk_create(
        Membership(
            body=alliance, person=person, organisation=organisation, role=Role.MEMBER, since=clock.local_date(at)
        )
        for person in people
    )
    start = clock.at_local(dt.date(2027, 6, 10), dt.time(10))
    with transaction.atomic():
        meeting = Meeting.objects.create(
            slug="bench",
            alliance=alliance,
            quarter="2027-Q2",
            title="Bench",
            start=start,
            end=start + dt.timedelta(hours=2),
            state=MeetingState.PLANNED,
            created_at=at,
            changed_at=at,
        )
        planning.confirm(meeting, by=Person.objects.get(handle="p-albers"), at=at - dt.timedelta(minutes=2))


def _through_the_worker(folder: Path, environment: dict[str, str]) -> float:
    """Broker and worker as `manage.py run` starts them; the ring is queued once the worker is up."""
    socket = broker.socket_for(folder)
    broker.prepare_folder(socket.parent)
    environment = environment | {"REDIS_URL": broker.url(socket)}
    celery_app.conf.broker_url = broker.url(socket)
    worker = (sys.executable, "-m", "celery", "-A", "buendnisse.config", "worker", "--concurrency", "2")
    with (
        running(broker.command(socket, folder / "broker"), log=folder / "broker.log", environment=environment),
        running(worker, log=folder / "worker.log", environment=environment),
    ):
        _wait_for_worker()
        start = time.perf_counter()
        ring.delay()
        while _sent() < PEOPLE:
            if time.perf_counter() - start > PATIENCE:
                raise TimeoutError((folder / "worker.log").read_text()[-3000:])
            time.sleep(0.05)
        return time.perf_counter() - start


def _sent() -> int:
    return OutboxMessage.objects.filter(state=OutboxState.SENT, to_address__endswith="@bench.example").count()


def _wait_for_worker() -> None:
    for _try in range(60):
        if celery_app.control.ping(timeout=1):
            return
    raise TimeoutError("the worker does not answer")


def _raw(port: int, payloads: list[bytes]) -> float:
    """The same bytes again, over one connection, with nothing around them."""
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as session:
        for number, payload in enumerate(payloads):
            session.sendmail("buendnisse@fachstelle.example", [f"m{number}@bench.example"], payload)
    return time.perf_counter() - start
