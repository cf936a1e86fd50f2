"""A Monday of a large house: a thousand people, twelve alliances, and news of every kind in each of them."""

from __future__ import annotations

import datetime as dt
import resource
import statistics
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from buendnisse import clock
from buendnisse.domain import journal
from buendnisse.enums import BodyKind, Role, Via
from buendnisse.models import Alliance, Installation, Membership, Organisation, Person
from meetings.enums import (
    AgendaItemState,
    CircularState,
    DecisionKind,
    DecisionState,
    Happened,
    MeetingState,
    MinutesState,
    NoticeState,
)
from meetings.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Ballot,
    CircularVote,
    CircularVoter,
    Decision,
    Meeting,
    Minutes,
    Notice,
)
from notifications.domain import batch, digest, digest_news, render
from notifications.enums import MailKind
from notifications.models import OutboxMessage

PEOPLE, BODIES, BATCH = 1000, 12, 100
_MONDAY = dt.date(2031, 3, 3)  # far from the demo's days
_KIB = 1024


def measure() -> dict[str, Any]:
    """CPU and queries of deciding who gets a letter, and of making each: subject, text, and HTML with its styles inlined."""
    at = clock.automatic_mail_time(_MONDAY)
    with transaction.atomic():
        _fill(at)
        digest.write(at=at - dt.timedelta(days=7))  # the Monday before, so that this one is told
        digest_news.forget()
        written, queries, seconds = _counted(lambda: digest.write(at=at))
        rows = OutboxMessage.objects.filter(kind=MailKind.DIGEST, created_at=at).order_by("pk")
        ids = list(rows.values_list("pk", flat=True))
        starts = range(0, len(ids), BATCH)
        new = [_render(ids[start : start + BATCH], at) for start in starts]  # every link is made for the first time
        batches = [_render(ids[start : start + BATCH], at) for start in starts]
        transaction.set_rollback(True)
    return {
        "letters": written,
        "choosing: queries a batch of 100": round(queries / (PEOPLE / BATCH), 1),
        "choosing: CPU ms a person": round(seconds * 1000 / PEOPLE, 2),
        "gathering the news once: queries": new[0]["queries"] - new[1]["queries"],
        "first Monday: queries a batch of 100": max(one["queries"] for one in new[1:]),
        "first Monday: CPU ms a letter": _median(new),
        "writing: queries a batch of 100": max(one["queries"] for one in batches),
        "writing: CPU ms a letter": _median(batches),
        "writing: bytes of HTML a letter": batches[0]["bytes"],
        "memory: growth in MiB from the second batch to the last": round(
            (batches[-1]["peak"] - new[1]["peak"]) / _KIB, 1
        ),
    }


def _median(batches: list[dict[str, float]]) -> float:
    return round(statistics.median(one["cpu"] for one in batches), 2)


def _counted(do: Callable[[], int]) -> tuple[int, int, float]:
    queries = 0

    def count(execute: Callable[..., Any], *call: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*call)

    with connection.execute_wrapper(count):
        start = time.process_time()
        done = do()
        seconds = time.process_time() - start
    return done, queries, seconds


def _render(ids: list[int], at: dt.datetime) -> dict[str, float]:
    messages = list(OutboxMessage.objects.filter(pk__in=ids).select_related("person__organisation", "copy_to"))
    installation = render.house()
    sizes: list[int] = []

    def letters() -> int:
        with batch.sharing(messages):
            sizes.extend(len(render.render(one, at=at, installation=installation).html) for one in messages)
        return len(sizes)

    made, queries, seconds = _counted(letters)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"queries": queries, "cpu": seconds * 1000 / made, "bytes": sum(sizes) // made, "peak": peak}


def _fill(at: dt.datetime) -> None:
    """Person n sits in 1 to 12 of the alliances. All news is of the week before `at`; what is asked is asked of all."""
    Installation.objects.get_or_create(pk=1)
    day = clock.local_date(at)
    organisations = Organisation.objects.bulk_create(
        Organisation(slug=f"bench-{n}", name=f"Verein {n}", short_name=f"V{n}", kind="verein") for n in range(BODIES)
    )
    people = Person.objects.bulk_create(
        Person(
            handle=f"brief-{n}",
            first_name="Robin",
            last_name=f"Muster {n}",
            organisation=organisations[n % BODIES],
            email=f"brief{n}@bench.example",
        )
        for n in range(PEOPLE)
    )
    bodies = [
        Alliance.objects.create(
            slug=f"brief-{n}",
            kind=BodyKind.ALLIANCE,
            name=f"Arbeitsbündnis Thema {n}",
            short_name=f"AB {n}",
            prefix=f"Z{n}",
        )
        for n in range(BODIES)
    ]
    seats = [(person, bodies[(n + k) % BODIES]) for n, person in enumerate(people) for k in range(1 + n % BODIES)]
    since = day - dt.timedelta(days=400)
    Membership.objects.bulk_create(
        Membership(body=body, person=person, organisation=person.organisation, role=Role.MEMBER, since=since)
        for person, body in seats
    )
    for number, body in enumerate(bodies):
        _news(number, body, organisations, [person for person, seat in seats if seat == body], at)


def _news(
    number: int, body: Alliance, organisations: list[Organisation], members: list[Person], at: dt.datetime
) -> None:
    week = at - dt.timedelta(days=3)
    past = _meeting(body, at - dt.timedelta(days=20), MeetingState.HELD)
    coming = _meeting(body, at + dt.timedelta(days=10, hours=number), MeetingState.INVITED, agenda_sent_at=week)
    minutes = Minutes.objects.create(meeting=past, state=MinutesState.CIRCULATED, circulated_at=week)
    held = AgendaItem.objects.create(
        meeting=past, alliance=body, title="Sprachkurse", position=1, state=AgendaItemState.DISCUSSED
    )
    for place in range(3):
        Decision.objects.create(
            number=f"Z{number}-2031-{place:02d}",
            alliance=body,
            meeting=past,
            agenda_item=held,
            kind=DecisionKind.CONSENSUS,
            text="Das Arbeitsbündnis bittet die Träger, die Kurszeiten bis zum Sommer mit den Kitas abzustimmen.",
            decided_on=clock.local_date(past.start),
            state=DecisionState.ADOPTED,
        )
    items = [
        AgendaItem.objects.create(
            meeting=coming,
            alliance=body,
            title=f"Thema {place} in {body.word}",
            position=place,
            state=AgendaItemState.ACCEPTED,
        )
        for place in range(5)
    ]
    items[0].confidential_to.add(organisations[number])
    vote = CircularVote.objects.create(
        number=f"U-Z{number}-2031-01",
        alliance=body,
        subject="Logo für den Flyer",
        text="Wir nehmen das zweite Logo.",
        opened_on=clock.local_date(week),
        opened_at=week,
        closes_on=clock.local_date(at) + dt.timedelta(days=4),
        state=CircularState.CIRCULATING,
    )
    voters = {one.pk: CircularVoter.objects.create(vote=vote, organisation=one) for one in organisations}
    Ballot.objects.bulk_create(Ballot(vote=vote, voter=voters[one.organisation_id], person=one) for one in members[:60])
    Attendance.objects.bulk_create(
        Attendance(meeting=coming, person=one, organisation=one.organisation, role=Role.MEMBER) for one in members[::3]
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            alliance=body,
            meeting=past,
            agenda_item=held,
            owner=one,
            organisation=one.organisation,
            task="Kurszeiten sammeln",
            due_on=clock.local_date(at) + dt.timedelta(days=3),
        )
        for one in members[:40]
    )
    notice = Notice.objects.create(
        text=f"Neuer Kurs im Haus {number}.",
        state=NoticeState.RELEASED,
        valid_until=clock.local_date(at) + dt.timedelta(days=30),
        from_organisation=organisations[number],
        submitted_at=week,
        released_at=week,
    )
    notice.bodies.set([body])
    told = [
        (Happened.MINUTES_CIRCULATED, minutes),
        (Happened.MEETING_INVITED, coming),
        (Happened.CIRCULAR_OPENED, vote),
        *((Happened.ITEM_ACCEPTED, item) for item in items),
    ]
    for verb, thing in told:
        journal.record(verb, thing, at=week, by=None, via=Via.COMMAND, body=body)


def _meeting(body: Alliance, start: dt.datetime, state: MeetingState, **given: Any) -> Meeting:
    return Meeting.objects.create(
        slug=uuid.uuid4().hex,
        alliance=body,
        quarter=f"{start.year}-Q{1 if state == MeetingState.HELD else 2}",
        title=f"{body.name}, {start:%d.%m.%Y}",
        start=start,
        end=start + dt.timedelta(hours=2),
        state=state,
        created_at=start - dt.timedelta(days=200),
        changed_at=start - dt.timedelta(days=200),
        **given,
    )
