"""What somebody missed: from the last meeting attended on, else from joining, and for who is new the last year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.enums import Role
from buendnisse.models import Membership, Organisation
from meetings.domain import missed
from meetings.enums import DecisionState, MeetingState, MinutesState, Presence
from meetings.models import ActionItem, Attendance, Decision, Meeting, Minutes
from tests import world
from tests.factories.meetings import (
    ActionItemFactory,
    AgendaItemFactory,
    DecisionFactory,
    MeetingFactory,
    RelayFactory,
)
from tests.world import AT, World

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def cast() -> World:
    found = world.build()
    Membership.objects.update(since=dt.date(2025, 1, 1))
    return found


def meeting(cast: World, day: dt.date, *, state: str = MeetingState.CLOSED) -> Meeting:
    start = dt.datetime(day.year, day.month, day.day, 9, 0, tzinfo=dt.UTC)
    quarter = f"{day.year}-Q{(day.month + 2) // 3}"
    return MeetingFactory(
        alliance=cast.arbeit, start=start, end=start + dt.timedelta(hours=2), state=state, quarter=quarter
    )


def attend(cast: World, here: Meeting, presence: str = Presence.PRESENT) -> None:
    Attendance.objects.create(
        meeting=here, person=cast.susanne, organisation=cast.susanne.organisation, role=Role.MEMBER, presence=presence
    )


def decide(here: Meeting, **facts: Any) -> Decision:
    given = {"decided_on": here.start.date()} | facts
    return DecisionFactory(**{"agenda_item": AgendaItemFactory(meeting=here)} | given)


def of(cast: World, at: dt.datetime = AT) -> missed.Missed:
    return missed.of(cast.arbeit, cast.susanne, at=at)


def sentence(page: missed.Missed) -> str:
    return " ".join(page.sentence.split())  # its dates do not break


def test_begins_after_the_last_meeting_attended(cast: World) -> None:
    march, june, september = (meeting(cast, dt.date(2026, month, 11)) for month in (3, 6, 9))
    for here, presence in ((march, Presence.PRESENT), (june, Presence.PRESENT), (september, Presence.EXCUSED)):
        attend(cast, here, presence)
    after = [decide(here) for here in (march, june, september)][-1]

    page = of(cast)

    assert sentence(page) == "Sie waren zuletzt am 11. Juni 2026 dabei. Das ist seitdem passiert."
    assert page.decisions == [after]
    assert page.meetings == [(september, None)]


@pytest.mark.parametrize("was_there", [True, False])
def test_meeting_that_ended_before_its_hour_is_over(cast: World, *, was_there: bool) -> None:
    attend(cast, meeting(cast, dt.date(2026, 3, 5)))
    early, following = (
        meeting(cast, dt.date(2026, 11, 23), state=MeetingState.HELD),
        meeting(cast, dt.date(2027, 2, 25), state=MeetingState.CONFIRMED),
    )
    AgendaItemFactory(meeting=early, title="Rufbus")
    if was_there:
        attend(cast, early)

    page = of(cast, at=early.end - dt.timedelta(minutes=30))

    assert (page.dates, page.topics) == ([following], [])
    assert [one for one, _minutes in page.meetings] == ([] if was_there else [early])


def test_vote_by_mail_on_the_day_of_that_meeting_is_told(cast: World) -> None:
    june = meeting(cast, dt.date(2026, 6, 11))
    attend(cast, june)
    decide(june)
    by_mail = DecisionFactory(
        agenda_item=None,
        meeting=None,
        alliance=cast.arbeit,
        procedure="circular",
        decided_on=june.start.date(),
        number="U-A-2026-01",
    )

    assert of(cast).decisions == [by_mail]


def test_who_never_came_begins_with_joining(cast: World) -> None:
    Membership.objects.filter(person=cast.susanne, body=cast.arbeit).update(since=dt.date(2026, 6, 1))
    before, after = meeting(cast, dt.date(2026, 3, 11)), meeting(cast, dt.date(2026, 9, 11))
    decide(before)
    told = decide(after)

    page = of(cast)

    assert (sentence(page), page.decisions) == (
        "Sie gehören seit dem 1. Juni 2026 dazu. Das ist seitdem passiert.",
        [told],
    )


def test_new_member_reads_the_last_year(cast: World) -> None:
    Membership.objects.filter(person=cast.susanne, body=cast.arbeit).update(since=dt.date(2026, 11, 2))
    decide(meeting(cast, dt.date(2025, 9, 11)))
    first = decide(meeting(cast, dt.date(2025, 11, 23)))
    last = decide(meeting(cast, dt.date(2026, 9, 11)))

    page = of(cast)

    assert sentence(page) == "Schön, dass Sie dabei sind. Das war im letzten Jahr wichtig."
    assert page.decisions == [last, first]


def test_only_what_still_holds_and_only_so_much(cast: World) -> None:
    here = meeting(cast, dt.date(2026, 9, 11))
    item = AgendaItemFactory(meeting=here)
    held = [
        DecisionFactory(agenda_item=item, decided_on=dt.date(2026, 9, 11), number=f"A-2026-{number:02d}")
        for number in range(1, missed.MOST + 2)
    ]
    for state, day in ((DecisionState.REJECTED, None), (DecisionState.REVOKED, dt.date(2026, 10, 1))):
        decide(here, state=state, revoked_on=day)

    page = of(cast)

    assert page.decisions == held[:0:-1]
    assert page.more_decisions


def test_answers_that_came_home_since(cast: World) -> None:
    june = meeting(cast, dt.date(2026, 6, 11))
    attend(cast, june)
    asked = {"source": cast.arbeit, "target": cast.bildung, "source_item": AgendaItemFactory(meeting=june)}
    RelayFactory(**asked, state="closed", answer="Alt.", returned_at=june.end - DAY)
    RelayFactory(**asked, state="answered", answer="Noch nicht da.", answered_at=AT - DAY)
    RelayFactory(**asked | {"source": cast.bildung, "target": cast.arbeit}, state="returned", returned_at=AT - DAY)
    came = RelayFactory(**asked, state="returned", answer="Ja, ab Mai.", answered_at=AT - DAY, returned_at=AT - DAY)
    refused = RelayFactory(**asked, state="declined", reason="Bitte an den Kreis.", declined_at=AT - DAY)

    told = {answer.relay: answer.text for answer in of(cast).answers}

    assert told == {
        came: "Das Arbeitsbündnis Bildung antwortet: „Ja, ab Mai.“",
        refused: "Das Arbeitsbündnis Bildung ist dafür nicht die richtige Stelle: „Bitte an den Kreis.“",
    }


def test_own_tasks_next_dates_and_their_topics(cast: World) -> None:
    held = meeting(cast, dt.date(2026, 9, 11))
    item = AgendaItemFactory(meeting=held)
    mine = ActionItemFactory(agenda_item=item, owner=cast.susanne)
    ActionItemFactory(agenda_item=item, owner=cast.susanne, state="done", completed_on=dt.date(2026, 10, 1))
    ActionItemFactory(agenda_item=item, owner=cast.birgit)
    days = (dt.date(2026, 12, 3), dt.date(2027, 3, 11), dt.date(2027, 6, 10))
    dates = [meeting(cast, day, state=MeetingState.CONFIRMED) for day in days]
    MeetingFactory(alliance=cast.bildung, state=MeetingState.CONFIRMED)
    topic = AgendaItemFactory(meeting=dates[0], title="Rufbus am Abend")
    AgendaItemFactory(meeting=dates[0], title="Begrüßung", standing_code="opening")
    AgendaItemFactory(meeting=dates[0], title="Noch nicht angenommen", state="proposed")
    AgendaItemFactory(meeting=dates[1], title="Im Frühling")

    page = of(cast)

    assert (page.tasks, page.dates, page.topics) == ([mine], dates[:2], [topic])


def test_confidential_things_are_for_the_chosen_organisations(cast: World) -> None:
    held, ahead = meeting(cast, dt.date(2026, 9, 11)), meeting(cast, dt.date(2026, 12, 3), state=MeetingState.CONFIRMED)
    decision, topic = decide(held), AgendaItemFactory(meeting=ahead)
    others = Organisation.objects.exclude(pk=cast.susanne.organisation_id).first()
    for item in (decision.agenda_item, topic):
        item.confidential_to.add(others)

    page = of(cast)
    assert (page.decisions, page.topics) == ([], [])

    for item in (decision.agenda_item, topic):
        item.confidential_to.add(cast.susanne.organisation)
    page = of(cast)
    assert (page.decisions, page.topics) == ([decision], [topic])


def test_another_alliance_reads_only_what_is_out(cast: World) -> None:
    held = meeting(cast, dt.date(2026, 9, 11))
    decision = decide(held)
    row = Minutes.objects.create(meeting=held, state=MinutesState.DRAFT)

    page = missed.of(cast.arbeit, cast.hedwig, at=AT)
    assert (page.is_member, page.decisions, page.meetings) == (False, [], [(held, None)])

    Minutes.objects.update(state=MinutesState.CIRCULATED)
    page = missed.of(cast.arbeit, cast.hedwig, at=AT)
    assert (page.decisions, page.meetings) == ([decision], [(held, None)])
    assert of(cast).meetings == [(held, row)]
    assert missed.of(cast.arbeit, cast.sven, at=AT).decisions == []


def test_nothing_missed(cast: World) -> None:
    attend(cast, meeting(cast, dt.date(2026, 9, 11)))
    ahead = meeting(cast, dt.date(2026, 12, 3), state=MeetingState.CONFIRMED)

    page = of(cast)

    assert (page.is_nothing, page.dates) == (True, [ahead])
    assert sentence(page) == "Sie waren zuletzt am 11. September 2026 dabei."


@pytest.mark.parametrize("count", [1, 3])
def test_costs_the_same_however_much_there_is(cast: World, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        held = meeting(cast, dt.date(2026, 2 + 3 * number, 11))
        Minutes.objects.create(meeting=held, state=MinutesState.CIRCULATED)
        decision = decide(held, number=f"B-2026-{number:02d}")
        item = AgendaItemFactory(meeting=held)
        item.confidential_to.add(cast.susanne.organisation)
        ActionItemFactory(agenda_item=item, owner=cast.susanne)
        RelayFactory(
            source=cast.arbeit,
            target=cast.bildung,
            source_decision=decision,
            state="returned",
            returned_at=AT - DAY,
            answer_decision=decide(held, agenda_item=item, number=f"C-2026-{number:02d}"),
        )
        ahead = meeting(cast, dt.date(2027, 2 + 3 * number, 11), state=MeetingState.CONFIRMED)
        AgendaItemFactory(meeting=ahead)

    with django_assert_num_queries(13):
        page = of(cast)

    assert (len(page.meetings), len(page.answers), len(page.tasks)) == (count, count, count)
    assert ActionItem.objects.count() == count
