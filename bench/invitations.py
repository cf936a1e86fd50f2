"""The figures of `bench.mail`, in a process of its own: DATABASE_URL, REDIS_URL and EMAIL_URL name what it works with.

Rounds. In each one, right after the other: invitations end to end (from the ring that finds a meeting confirmed to
the last mail taken), the same mails again from the outbox (frozen, as after a relay that was down), and the same
bytes in a bare smtplib loop, by one process, and by as many as there are workers.

Read by the clock, our two workers stand beside one raw loop and beside two; by processor time of all who have a part in
it (workers or loops, database, relay) it makes no difference how many there are, and the figure holds on a busy machine.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import django

from bench.processes import children, cpu, resident, running

django.setup()

from django.core.management import call_command  # noqa: E402 -- the setup above comes first
from django.db import transaction  # noqa: E402

from bench import rendering  # noqa: E402
from buendnisse import clock  # noqa: E402
from buendnisse.config import celery_app  # noqa: E402
from buendnisse.enums import Role  # noqa: E402
from buendnisse.models import Alliance, Membership, Organisation, Person  # noqa: E402
from meetings.domain import planning  # noqa: E402
from meetings.enums import MeetingState  # noqa: E402
from meetings.models import Meeting  # noqa: E402
from notifications.domain import dispatch  # noqa: E402
from notifications.enums import OutboxState  # noqa: E402
from notifications.models import OutboxMessage  # noqa: E402
from notifications.tasks import ring, send  # noqa: E402

PEOPLE = 2000
WORKERS = 2
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PATIENCE = 400  # seconds a round may take
#: PostgreSQL and smtp-sink.
_SERVERS = [int(word) for word in os.environ["BENCH_PROCESSES"].split()]


def measure(folder: Path) -> dict[str, Any]:
    """Mails a second, least and median of the rounds, and the memory of the two workers all along."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("demo", verbosity=0, stdout=sys.stderr)  # what is printed here is the figures alone
    _enlarge()
    worker = (sys.executable, "-m", "celery", "-A", "buendnisse.config", "worker", "--concurrency", str(WORKERS))
    rounds, memory = [], {}
    with running(worker, log=folder / "worker.log", environment=dict(os.environ)) as parent:
        _wait_for_worker()
        for number in range(ROUNDS):
            meeting = _confirm(number)
            whole, seen = _timed(meeting, ring.delay, parent.pid)
            memory |= {f"round {number + 1}, {when}": value for when, value in seen.items()}
            payloads = [bytes(row.payload or b"") for row in _mails(meeting)]
            one, as_many = _raw(payloads, folder, loops=1), _raw(payloads, folder, loops=WORKERS)
            _mails(meeting).update(state=OutboxState.WAITING, sent_at=None)
            again, _seen = _timed(meeting, lambda: [send.delay() for _ in range(WORKERS)], parent.pid)
            rounds.append(Round(one, as_many, again, whole))
            print(f"round {number + 1}: {rounds[-1]} {seen}", file=sys.stderr, flush=True)
    fresh = _confirm(ROUNDS)
    dispatch.fan_out(at=clock.now())
    return {
        "a second": {
            "one raw loop": _spread([PEOPLE / it.one.seconds for it in rounds]),
            "two raw loops": _spread([PEOPLE / it.as_many.seconds for it in rounds]),
            "from the outbox": _spread([PEOPLE / it.outbox.seconds for it in rounds]),
            "end to end": _spread([PEOPLE / it.whole.seconds for it in rounds]),
        },
        "from the outbox": _ratios([(it.outbox, it) for it in rounds]),
        "end to end": _ratios([(it.whole, it) for it in rounds]),
        "ms of processors a mail": {
            "raw loop": _spread([it.one.ms for it in rounds], 3),
            "from the outbox": _spread([it.outbox.ms for it in rounds], 3),
            "end to end": _spread([it.whole.ms for it in rounds], 3),
        },
        "load": os.getloadavg()[0],
        "octets a mail": round(statistics.mean(map(len, payloads))),
        "rendering / email.message": rendering.measure(OutboxMessage.objects.filter(meeting_id=fresh.pk)[:100]),
        "memory of the workers, MB": memory,
    }


class Taken(NamedTuple):
    """What 2,000 mails took: seconds by the clock, and of processors."""

    seconds: float
    work: float

    @property
    def ms(self) -> float:
        return self.work / PEOPLE * 1000


class Round(NamedTuple):
    """One raw loop, as many as workers, from the outbox, end to end."""

    one: Taken
    as_many: Taken
    outbox: Taken
    whole: Taken


def _ratios(pairs: Sequence[tuple[Taken, Round]]) -> dict[str, dict[str, float]]:
    """How near a way of ours comes to raw loops of the same round; 1 is as fast."""
    return {
        "by the clock / one raw loop": _spread([it.one.seconds / ours.seconds for ours, it in pairs], 3),
        "by the clock / two raw loops": _spread([it.as_many.seconds / ours.seconds for ours, it in pairs], 3),
        "by processor time / raw loop": _spread([it.one.work / ours.work for ours, it in pairs], 3),
    }


def _spread(values: Sequence[float], places: int = 1) -> dict[str, float]:
    return {"least": round(min(values), places), "median": round(statistics.median(values), places)}


def _enlarge() -> None:
    """One alliance of 2,000 members."""
    day = clock.local_date(clock.now())
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
    Membership.objects.filter(body=alliance).update(until=day - dt.timedelta(days=1))
    Membership.objects.bulk_create(
        Membership(body=alliance, person=person, organisation=organisation, role=Role.MEMBER, since=day)
        for person in people
    )


def _confirm(number: int) -> Meeting:
    """A meeting that has just been fixed; the minute of grace is over."""
    at = clock.now()
    start = clock.at_local(dt.date(2027, 6, 10) + dt.timedelta(days=92 * number), dt.time(10))
    with transaction.atomic():
        meeting = Meeting.objects.create(
            slug=f"bench-{number}",
            alliance=Alliance.objects.get(slug="arbeit"),
            quarter=f"{start.year}-Q{(start.month + 2) // 3}",
            title="Bench",
            start=start,
            end=start + dt.timedelta(hours=2),
            state=MeetingState.PLANNED,
            created_at=at,
            changed_at=at,
        )
        planning.confirm(meeting, by=Person.objects.get(handle="p-albers"), at=at - dt.timedelta(minutes=2))
    return meeting


def _mails(meeting: Meeting) -> Any:
    return OutboxMessage.objects.filter(meeting_id=meeting.pk, to_address__endswith="@bench.example").order_by("pk")


def _timed(meeting: Meeting, begin: Callable[[], object], worker: int) -> tuple[Taken, dict[str, list[float]]]:
    """Until every mail of the meeting is sent: what it took, and the workers' memory meanwhile."""
    memory = {"start": _memory(worker)}
    start, before = time.perf_counter(), _cpu(worker, *_SERVERS)
    begin()
    while (sent := _mails(meeting).filter(state=OutboxState.SENT).count()) < PEOPLE:
        if sent >= PEOPLE // 2:
            memory.setdefault("1,000", _memory(worker))
        if time.perf_counter() - start > PATIENCE:
            raise TimeoutError(f"{sent} of {PEOPLE} mails")
        time.sleep(0.25)  # looking costs the database time, too
    seconds = time.perf_counter() - start
    return Taken(seconds, _cpu(worker, *_SERVERS) - before), memory | {"2,000": _memory(worker)}


def _cpu(*programs: int) -> float:
    """Of all who have a part in it, so that a figure holds while others use the machine."""
    return sum(cpu(one) for one in programs)


def _memory(worker: int) -> list[float]:
    return sorted(round(resident(pid) / 1e6, 1) for pid in children(worker))


def _wait_for_worker() -> None:
    for _try in range(60):
        if celery_app.control.ping(timeout=1):
            return
    raise TimeoutError("the worker does not answer")


def _raw(payloads: list[bytes], folder: Path, *, loops: int) -> Taken:
    """Ready bytes over one connection a process, with nothing around them, from the first to the last."""
    port = str(urlsplit(os.environ["EMAIL_URL"]).port)
    senders = []
    for number in range(loops):
        file = folder / f"payloads-{number}"
        file.write_bytes(pickle.dumps(payloads[number::loops]))
        command = [sys.executable, "-m", "bench.raw_loop", port, str(file)]
        senders.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
    for one in senders:
        assert one.stdout is not None
        one.stdout.readline()
    parts = (os.getpid(), *_SERVERS[1:])
    start, before = time.perf_counter(), _cpu(*parts)
    for one in senders:
        assert one.stdin is not None
        one.stdin.write(b"\n")
        one.stdin.close()
    assert [one.wait(PATIENCE) for one in senders] == [0] * loops
    seconds = time.perf_counter() - start
    return Taken(seconds, _cpu(*parts) - before)


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1])), ensure_ascii=False))
