"""Between a year's dates and the invitation: what each pair of events makes of what people hear, and in which form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import agenda_sending, answers, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from tests.factories.meetings import AgendaItemFactory
from tests.notifications import sending, year
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)
WEEK = dt.timedelta(days=7)
PEOPLE = {"susanne@verein.example": "Susanne", "rolf@verein.example": "Rolf"}

Act = Callable[[Meeting, World, dt.datetime], None]


def member(meeting: Meeting, person: Person) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=person)


def move(meeting: Meeting, cast: World, at: dt.datetime) -> None:
    start, end = meeting.start + WEEK, meeting.end + WEEK
    planning.move_date(
        meeting,
        start=start,
        end=end,
        venue=meeting.venue,
        version=meeting.version,
        conflict_reason="Es ging nicht anders.",
        by=cast.imke,
        at=at,
    )


def cancel(meeting: Meeting, cast: World, at: dt.datetime) -> None:
    planning.cancel(meeting, reason="Der Raum ist nicht frei.", by=cast.imke, at=at)


def deputy(meeting: Meeting, cast: World, at: dt.datetime) -> None:
    answers.name_deputy(member(meeting, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=at)


def no_deputy(meeting: Meeting, cast: World, at: dt.datetime) -> None:
    answers.withdraw_deputy(member(meeting, cast.susanne), via=Via.LINK, by=cast.susanne, at=at)


def accept(meeting: Meeting, cast: World, at: dt.datetime) -> None:
    answers.answer(member(meeting, cast.susanne), answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=at)


def invite(meeting: Meeting, cast: World, at: dt.datetime) -> None:
    AgendaItemFactory(meeting=meeting, alliance=meeting.alliance, position=1, state="accepted", kind="information")
    agenda_sending.send_agenda(meeting, by=cast.imke, at=at, without_release="Eilt.", urgency="Eilt.")


def told(got: dict[str, Any]) -> dict[str, str]:
    """Who hears what: the subject without body and date, and the calendar object or "in Worten"."""
    found = {}
    for address, message in got.items():
        if address in PEOPLE:
            subject = str(message["Subject"])
            form = sending.calendar(message).get("METHOD", "in Worten")
            found[PEOPLE[address]] = f"{subject}, {form}"
    return found


@pytest.fixture
def arbeit(cast: World, relay: smtp_sink.Sink) -> Meeting:
    """Arbeit, 11 February 2027, told with the year's dates."""
    meeting = year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11))
    year.confirm([meeting], cast)
    sending.deliver(relay, at=AT + MINUTE)
    return meeting


MOVED = "Verlegt: Arbeit, 11.02.2027: neu 18.02.2027, 10:00 Uhr, in Worten"
CANCELLED = "Abgesagt: Arbeit, 11.02.2027, in Worten"
DEPUTY_COMES = "Arbeit, 11.02.2027: Ihre Vertretung ist eingetragen, in Worten"
PLEASE_COME = "Arbeit, 11.02.2027: Bitte vertreten Sie Frau Overhage, REQUEST"
BACK = "Arbeit, 11.02.2027: Sie sind wieder eingeladen, in Worten"
NOT_NEEDED = "Arbeit, 11.02.2027: Sie müssen nicht mehr vertreten, CANCEL"
INVITED = "Arbeit, 11.02.2027: Einladung und Tagesordnung, REQUEST"
READ = "Arbeit, 11.02.2027: Tagesordnung, in Worten"

#: First event, second event: what the first makes people hear, and then the second, each after its mail has left.
PAIRS: list[tuple[Act, Act, dict[str, str], dict[str, str]]] = [
    (move, cancel, {"Susanne": MOVED}, {"Susanne": "Abgesagt: Arbeit, 18.02.2027, in Worten"}),
    (
        move,
        move,
        {"Susanne": MOVED},
        {"Susanne": "Verlegt: Arbeit, 18.02.2027: neu 25.02.2027, 10:00 Uhr, in Worten"},
    ),
    (
        move,
        deputy,
        {"Susanne": MOVED},
        {name: text.replace("11.02", "18.02") for name, text in {"Susanne": DEPUTY_COMES, "Rolf": PLEASE_COME}.items()},
    ),
    (
        move,
        invite,
        {"Susanne": MOVED},
        {
            "Susanne": INVITED.replace("11.02", "18.02"),
            "Rolf": READ.replace("11.02", "18.02"),
        },
    ),
    (
        deputy,
        move,
        {"Susanne": DEPUTY_COMES, "Rolf": PLEASE_COME},
        {"Susanne": "Arbeit, 18.02.2027: Sie sind wieder eingeladen, in Worten", "Rolf": NOT_NEEDED},
    ),
    (
        deputy,
        cancel,
        {"Susanne": DEPUTY_COMES, "Rolf": PLEASE_COME},
        {"Rolf": "Abgesagt: Arbeit, 11.02.2027, CANCEL"},
    ),
    (
        deputy,
        no_deputy,
        {"Susanne": DEPUTY_COMES, "Rolf": PLEASE_COME},
        {"Susanne": BACK, "Rolf": NOT_NEEDED},
    ),
    (
        deputy,
        invite,
        {"Susanne": DEPUTY_COMES, "Rolf": PLEASE_COME},
        {"Susanne": READ, "Rolf": INVITED},
    ),
    (accept, move, {}, {"Susanne": MOVED}),
    (accept, cancel, {}, {"Susanne": CANCELLED}),
    (accept, deputy, {}, {"Susanne": DEPUTY_COMES, "Rolf": PLEASE_COME}),
    (accept, invite, {}, {"Susanne": INVITED, "Rolf": READ}),
    (
        invite,
        move,
        {"Susanne": INVITED, "Rolf": READ},
        {"Susanne": MOVED.replace("in Worten", "REQUEST")},
    ),
    (
        invite,
        cancel,
        {"Susanne": INVITED, "Rolf": READ},
        {"Susanne": CANCELLED.replace("in Worten", "CANCEL")},
    ),
    (
        invite,
        deputy,
        {"Susanne": INVITED, "Rolf": READ},
        {"Susanne": DEPUTY_COMES.replace("in Worten", "CANCEL"), "Rolf": PLEASE_COME},
    ),
]


def names(pairs: Sequence[tuple[Any, ...]]) -> list[str]:
    return [f"{pair[0].__name__}-{pair[1].__name__}" for pair in pairs]


@pytest.mark.parametrize("pair", PAIRS, ids=names(PAIRS))
def test_pair_of_events(
    pair: tuple[Act, Act, dict[str, str], dict[str, str]], arbeit: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    first, second, then, afterwards = pair
    heard = []
    for number, act in enumerate((first, second)):
        at = AT + dt.timedelta(minutes=10 * (number + 1))
        act(arbeit, cast, at)
        heard.append(told(sending.deliver(relay, at=at + 2 * MINUTE)))
        arbeit.refresh_from_db()

    assert heard == [then, afterwards]


#: Both within the minute in which no mail leaves yet.
AT_ONCE: list[tuple[Act, Act, dict[str, str]]] = [
    (move, cancel, {"Susanne": CANCELLED}),
    (deputy, no_deputy, {}),
    (deputy, move, {"Susanne": MOVED}),
    (deputy, cancel, {"Susanne": CANCELLED}),
    (no_deputy, move, {"Susanne": MOVED}),
]


@pytest.mark.parametrize("pair", AT_ONCE, ids=names(AT_ONCE))
def test_pair_of_events_within_a_minute(
    pair: tuple[Act, Act, dict[str, str]], arbeit: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    first, second, expected = pair
    at = AT + 10 * MINUTE
    if first is no_deputy:
        deputy(arbeit, cast, at)
    first(arbeit, cast, at)
    second(arbeit, cast, at + MINUTE / 2)

    assert told(sending.deliver(relay, at=at + 3 * MINUTE)) == expected


def test_member_whose_deputy_came_before_the_dates_left_hears_of_it_when_asked_again(
    cast: World, relay: smtp_sink.Sink
) -> None:
    meeting = year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11))
    year.confirm([meeting], cast)
    deputy(meeting, cast, AT + MINUTE / 3)
    first = told(sending.deliver(relay, at=AT + 3 * MINUTE))
    no_deputy(meeting, cast, AT + 5 * MINUTE)

    then = told(sending.deliver(relay, at=AT + 7 * MINUTE))

    assert first == {"Rolf": PLEASE_COME}
    assert then == {"Susanne": "Arbeit, 11.02.2027: Der Termin steht, in Worten", "Rolf": NOT_NEEDED}


def test_words_before_the_invitation_hold_no_word_of_a_calendar_entry(
    arbeit: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    texts = []
    for number, act in enumerate((deputy, no_deputy, move, cancel)):
        at = AT + dt.timedelta(minutes=10 * (number + 1))
        act(arbeit, cast, at)
        texts.append(sending.text(sending.deliver(relay, at=at + 2 * MINUTE)["susanne@verein.example"]))
        arbeit.refresh_from_db()

    assert ["Im Anhang" in text or "im Anhang" in text for text in texts] == [False] * 4
