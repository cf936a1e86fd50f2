"""Twenty years of an office: thousands of decisions and hundreds of relays beside the demo, as lists must bear them."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

from django.db import transaction

from buendnisse import clock
from buendnisse.models import Alliance, Body, Person, Topic
from meetings.enums import (
    RELAY_OPEN,
    AgendaItemState,
    DecisionKind,
    DecisionState,
    MeetingState,
    MinutesState,
    RelayAnswerKind,
    RelayKind,
    RelayState,
)
from meetings.models import ActionItem, AgendaItem, Decision, Meeting, Minutes, Relay

_FIRST, _LAST = 2005, 2024  # years in which the demo holds nothing
_STATES = (DecisionState.DONE, DecisionState.DONE, DecisionState.IN_PROGRESS, DecisionState.ADOPTED)
_TEXT = (
    "Das Arbeitsbündnis bittet die Fachstelle, den Bedarf an Kinderbetreuung während der Sprachkurse zu erheben "
    "und bis zur nächsten Sitzung darüber zu berichten. Die Träger nennen dafür Orte, Zeiten und Wartelisten."
)
_KINDS = (
    RelayKind.OPINION_REQUESTED,
    RelayKind.COOPERATION_REQUESTED,
    RelayKind.VOTE_REQUESTED,
    RelayKind.FEEDBACK_REQUESTED,
    RelayKind.FOR_INFORMATION,
)
#: Where the open relays of the fill stand.
_WAITING = (RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.ON_AGENDA, RelayState.DISCUSSED)


def fill(*, decisions: int = 2000, relays: int = 500) -> None:
    """Add that many of each to the demo.

    Held meetings with approved minutes; decisions with topics, every fourth with a task; relays, every twentieth open.
    """
    with transaction.atomic():
        found = _decisions(_meetings(), decisions)
        _relays(found, relays)


def chain(length: int, *, year: int) -> Relay:
    """One matter that was handed on that often from `year` on, each answer the next question; the first relay of it."""
    one, other = Alliance.objects.in_order()[:2]
    by = _fachstelle()
    with transaction.atomic():
        said = list(Decision.objects.filter(number__contains=f"-{year}-").order_by("pk")[: length + 1])
        for number, decision in enumerate(said):
            decision.alliance = other if number % 2 else one
        Decision.objects.bulk_update(said, ["alliance"])
        made = []
        for number, (asked, answer) in enumerate(pairwise(said)):
            sent = clock.at_local(dt.date(year, 1, 3) + dt.timedelta(days=90 * number), dt.time(9))
            words = {"sent": sent, "state": RelayState.CLOSED, "sent_by": by, "answer_decision": answer}
            made.append(_relay(f"W-{year}-{number + 1:02d}", answer.alliance, asked, **words))
        return Relay.objects.bulk_create(made)[0]


def _meetings() -> list[Meeting]:
    rows = []
    for year in range(_FIRST, _LAST + 1):
        for quarter in range(4):
            for offset, alliance in enumerate(Alliance.objects.in_order()[:3]):
                start = clock.at_local(dt.date(year, 3 * quarter + 2, 5 + 7 * offset), dt.time(10))
                rows.append(
                    Meeting(
                        slug=f"archiv-{year}-{quarter + 1}-{alliance.pk}",
                        alliance=alliance,
                        quarter=f"{year}-Q{quarter + 1}",
                        title=f"{alliance.name}, {quarter + 1}. Quartal {year}",
                        start=start,
                        end=start + dt.timedelta(hours=2),
                        state=MeetingState.CLOSED,
                        created_at=start,
                        changed_at=start,
                    )
                )
    made = Meeting.objects.bulk_create(rows)
    Minutes.objects.bulk_create(
        Minutes(
            meeting=meeting,
            state=MinutesState.APPROVED,
            circulated_at=meeting.end + dt.timedelta(days=10),
            approved_on=clock.local_date(meeting.end) + dt.timedelta(days=30),
        )
        for meeting in made
    )
    return made


def _decisions(meetings: list[Meeting], count: int) -> list[Decision]:
    """The oldest first; several under the same item, as many as one meeting takes."""
    items = AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            alliance_id=meeting.alliance_id,
            title=f"Kinderbetreuung und Kurse im Jahr {meeting.start.year}",
            position=1,
            state=AgendaItemState.DISCUSSED,
        )
        for meeting in meetings
    )
    rows = []
    for number in range(count):
        item = items[number * len(items) // count]
        day = clock.local_date(item.meeting.start) if item.meeting else dt.date(_FIRST, 1, 1)
        rows.append(
            Decision(
                number=f"X-{day.year}-{number + 1:04d}",
                alliance_id=item.alliance_id,
                meeting=item.meeting,
                agenda_item=item,
                kind=DecisionKind.CONSENSUS,
                text=f"{_TEXT} Gefasst unter der laufenden Nummer {number + 1}.",
                decided_on=day,
                state=_STATES[number % len(_STATES)],
                follow_up_on=day + dt.timedelta(days=365) if number % 3 == 0 else None,
            )
        )
    made = Decision.objects.bulk_create(rows)
    topics = list(Topic.objects.order_by("pk"))
    carried = Decision.topics.through.objects
    carried.bulk_create(
        Decision.topics.through(decision=row, topic=topics[number % len(topics)]) for number, row in enumerate(made)
    )
    _tasks(made[::4])
    return made


def _tasks(decisions: list[Decision]) -> None:
    by = _fachstelle()
    ActionItem.objects.bulk_create(
        ActionItem(
            alliance_id=row.alliance_id,
            meeting_id=row.meeting_id,
            agenda_item_id=row.agenda_item_id,
            decision=row,
            owner=by,
            organisation=by.organisation,
            task="Bedarf erheben und berichten",
            due_on=row.decided_on + dt.timedelta(days=60),
            state="done",
            completed_on=row.decided_on + dt.timedelta(days=50),
        )
        for row in decisions
    )


def _relays(decisions: list[Decision], count: int) -> None:
    """Each carries a decision of its own; the latest ones are the open ones, with due dates around today."""
    by, today = _fachstelle(), clock.local_date(clock.now())
    alliances: list[Body] = list(
        Body.objects.filter(pk__in=Alliance.objects.in_order()[:3].values("pk")).order_by("pk")
    )
    index = {body.pk: number for number, body in enumerate(alliances)}
    rows = []
    for number in range(count):
        asked = decisions[number * len(decisions) // count]
        target = alliances[(index[asked.alliance_id] + 1 + number % 2) % len(alliances)]
        is_open = number >= count - count // 20
        day = today - dt.timedelta(days=count - number) if is_open else asked.decided_on + dt.timedelta(days=3)
        sent = clock.at_local(day, dt.time(9))
        state = _WAITING[number % len(_WAITING)] if is_open else RelayState.CLOSED
        row = _relay(f"W-{day.year}-{1000 + number}", target, asked, sent=sent, state=state, sent_by=by)
        row.kind = _KINDS[number % len(_KINDS)]
        row.due_on = today + dt.timedelta(days=number % 90 - 30) if is_open else day + dt.timedelta(days=90)
        rows.append(row)
    made = Relay.objects.bulk_create(rows)
    _take_up([row for row in made if row.state in {RelayState.ON_AGENDA, RelayState.DISCUSSED}])


def _take_up(relays: list[Relay]) -> None:
    """Those on an agenda stand on the next one of their target."""
    now = clock.now()
    coming: dict[int, Meeting] = {}
    for meeting in Meeting.objects.upcoming(now).filter(start__gt=now).order_by("-start"):
        coming[meeting.alliance_id] = meeting
    for relay in relays:
        relay.target_item = AgendaItem(
            meeting=coming[relay.target_id],
            alliance_id=relay.target_id,
            title=relay.subject,
            position=0,
            state=AgendaItemState.ACCEPTED,
            answers=relay,
        )
    AgendaItem.objects.bulk_create(relay.target_item for relay in relays if relay.target_item)
    Relay.objects.bulk_update(relays, ["target_item"])


def _relay(number: str, target: Body, asked: Decision, *, sent: dt.datetime, state: RelayState, **given: Any) -> Relay:
    answered = None if state in RELAY_OPEN else sent + dt.timedelta(days=60)
    return Relay(
        number=number,
        source_id=asked.alliance_id,
        target_id=target.pk,
        source_decision=asked,
        source_item_id=asked.agenda_item_id,
        kind=RelayKind.OPINION_REQUESTED,
        subject="Kinderbetreuung während der Kurse",
        message="Bitte sagen Sie uns, zu welchen Zeiten Betreuung fehlt und wer sie übernehmen kann.",
        due_on=clock.local_date(sent) + dt.timedelta(days=90),
        state=state,
        sent_at=sent,
        answer="" if state in RELAY_OPEN else "Betreuung fehlt vor allem ab 16 Uhr.",
        answer_kind="" if state in RELAY_OPEN else RelayAnswerKind.FULL,
        answered_at=answered,
        returned_at=answered,
        closed_at=answered,
        **given,
    )


def _fachstelle() -> Person:
    return Person.objects.filter(office="fachstelle").select_related("organisation").order_by("pk")[0]
