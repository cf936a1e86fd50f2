"""A cancelled meeting loses no topic: once the cancellation has been said, each goes where people find it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from buendnisse.models import Change
from meetings.domain import agenda_proposals, relay
from meetings.enums import AgendaItemState, Happened, RelayState
from meetings.models import AgendaItem, Meeting
from notifications.domain import dispatch, recall
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.notifications.short_notice import DAY, MINUTE, MORNING, cancel
from tests.support import relay_scene
from tests.world import AT, World

pytestmark = pytest.mark.django_db

SAID = MORNING + 3 * MINUTE


def topics(meeting: Meeting, cast: World) -> list[AgendaItem]:
    """One of each state a topic can wait in, all from Susanne, beside a standing item."""
    AgendaItemFactory(meeting=meeting, standing_code="opening", state="planned", position=1)
    return [
        AgendaItemFactory(meeting=meeting, title=state, state=state, position=place, proposer=cast.susanne)
        for state, place in (("proposed", 0), ("accepted", 2), ("scheduled", 3))
    ]


def next_one(cast: World) -> Meeting:
    start = dt.datetime(2027, 5, 13, 8, 0, tzinfo=dt.UTC)
    made: Meeting = MeetingFactory(
        alliance=cast.arbeit, quarter="2027-Q2", state="confirmed", start=start, end=start + dt.timedelta(hours=2)
    )
    return made


def leave(at: dt.datetime = MORNING) -> None:
    dispatch.fan_out(at=at)
    OutboxMessage.objects.filter(kind=MailKind.CANCELLED).update(state=OutboxState.SENT, sent_at=at + MINUTE)


def test_topics_go_to_the_next_meeting_with_their_proposers(february: Meeting, cast: World) -> None:
    may, before = next_one(cast), topics(february, cast)
    cancel(february, cast)
    leave()

    assert [recall.pass_topics_on(at=SAID), recall.pass_topics_on(at=SAID)] == [3, 0]

    rows = AgendaItem.objects.filter(meeting=may, standing_code="").order_by("continued_from")
    assert [(item.title, item.state, item.proposer) for item in rows] == [
        ("proposed", AgendaItemState.PROPOSED, cast.susanne),
        ("accepted", AgendaItemState.ACCEPTED, cast.susanne),
        ("scheduled", AgendaItemState.ACCEPTED, cast.susanne),
    ]
    assert [item.continued_from for item in rows] == before
    change = Change.objects.filter(verb=Happened.ITEM_DEFERRED).first()
    assert change is not None
    assert (change.by, change.via, AgendaItem.objects.get(pk=before[0].pk).reason) == (
        None,
        "rule",
        "Die Sitzung am 11.\u00a0Februar\u00a02027 ist abgesagt.",
    )


def test_topics_wait_in_the_themenspeicher_where_no_meeting_follows(february: Meeting, cast: World) -> None:
    topics(february, cast)
    cancel(february, cast)
    leave()

    recall.pass_topics_on(at=SAID)

    kept = AgendaItem.objects.filter(state=AgendaItemState.BACKLOG, meeting=None)
    assert sorted(kept.values_list("title", flat=True)) == ["accepted", "proposed", "scheduled"]


def test_topics_stay_while_the_cancellation_can_be_taken_back(february: Meeting, cast: World) -> None:
    next_one(cast)
    before = [(item.pk, item.state) for item in topics(february, cast)]
    cancel(february, cast)
    dispatch.fan_out(at=MORNING)

    in_time, held_up = recall.pass_topics_on(at=MORNING + MINUTE), recall.pass_topics_on(at=MORNING + 60 * MINUTE)
    recall.take_back(february, by=cast.imke, at=MORNING + 60 * MINUTE)

    assert (in_time, held_up, recall.pass_topics_on(at=MORNING + 90 * MINUTE)) == (0, 0, 0)
    stored = AgendaItem.objects.filter(meeting=february, standing_code="").order_by("pk")
    assert [(item.pk, item.state) for item in stored] == before


def test_mail_that_never_leaves_holds_topics_only_until_the_hour(february: Meeting, cast: World) -> None:
    topics(february, cast)
    cancel(february, cast)
    dispatch.fan_out(at=MORNING)

    assert recall.pass_topics_on(at=MORNING + DAY) == 3


def test_topic_of_a_later_meeting_does_not_come_sooner(february: Meeting, cast: World) -> None:
    may = next_one(cast)
    item = agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=may,
        title="Sommer",
        proposer=cast.susanne,
        via="link",
        form_key=uuid.uuid4(),
        at=AT,
    )
    cancel(may, cast)
    leave()

    recall.pass_topics_on(at=SAID)

    item.refresh_from_db()
    assert (item.state, item.meeting) == (AgendaItemState.BACKLOG, None)


def test_relay_waits_for_the_item_that_goes_on() -> None:
    scene = relay_scene.set_scene()
    sent, item = relay_scene.taken_up(scene)
    june = relay_scene.meeting(scene.cast.arbeit, 2027, 6, 10, quarter="2027-Q2")
    cancel(scene.arbeit_march, scene.cast, at=AT + DAY)
    leave(AT + DAY)

    recall.pass_topics_on(at=AT + DAY + 3 * MINUTE)

    sent.refresh_from_db()
    assert sent.target_item is not None
    assert (sent.state, sent.target_item.meeting, sent.target_item.continued_from) == (RelayState.ON_AGENDA, june, item)
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=AT + 2 * DAY)
