"""What happens to a topic until the meeting."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from buendnisse.enums import Via
from buendnisse.models import Change, Paper
from meetings.domain import agenda, agenda_own, agenda_proposals, agenda_sending
from meetings.enums import AgendaItemState, Happened, MeetingState
from meetings.models import AgendaItem, CircularVote, Meeting
from tests import world
from tests.factories.meetings import (
    AgendaItemFactory,
    DecisionFactory,
    MeetingFactory,
    RelayFactory,
    StandingItemFactory,
)
from tests.world import AT, World

pytestmark = pytest.mark.django_db

KEY = uuid.UUID("0b6f9a52-7f2e-4a8e-9d0f-3f1a5d2c7e10")


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    """Arbeit meets on 11 March 2027; topics by 18 February, papers until 8 March."""
    for code, position in (("opening", -2), ("relays", -1), ("units", 1), ("closing", 2)):
        StandingItemFactory(alliance=cast.arbeit, code=code, position=position)
    return MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CALL_OPEN,
        venue=cast.venue,
    )


def propose(cast: World, meeting: Meeting | None, **given: Any) -> AgendaItem:
    fields: dict[str, Any] = {
        "alliance": cast.arbeit,
        "meeting": meeting,
        "title": "100-Tage-Gespräche",
        "proposer": cast.susanne,
        "via": Via.LINK,
        "form_key": uuid.uuid4(),
        "at": AT,
    }
    return agenda_proposals.propose(**(fields | given))


def verbs() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("verb", flat=True))


def titles(meeting: Meeting) -> list[str]:
    return [
        item.title if not item.standing_code else item.standing_code
        for item in meeting.agenda_items.on_agenda().filter(position__gt=0)
    ]


def test_propose_stores_a_proposal_with_its_change(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting, title="  100-Tage-Gespräche ")

    assert (item.title, item.state, item.is_late, item.duration_minutes) == (
        "100-Tage-Gespräche",
        AgendaItemState.PROPOSED,
        False,
        20,
    )
    assert item.proposing_organisation == cast.susanne.organisation
    assert verbs() == [Happened.ITEM_PROPOSED]


def test_propose_twice_with_one_key_is_one_topic(cast: World, meeting: Meeting) -> None:
    first = propose(cast, meeting, form_key=KEY)
    second = propose(cast, meeting, form_key=KEY)

    assert first == second
    assert AgendaItem.objects.filter(standing_code="").count() == 1


def test_propose_without_a_title_is_refused(cast: World, meeting: Meeting) -> None:
    with pytest.raises(agenda.TitleMissing, match="^Bitte nennen Sie Ihr Thema in einem Satz.$"):
        propose(cast, meeting, title="  ")

    assert AgendaItem.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "state", "is_late"),
    [
        (dt.date(2027, 2, 18), AgendaItemState.PROPOSED, False),
        (dt.date(2027, 2, 19), AgendaItemState.PROPOSED, True),
        (dt.date(2027, 3, 8), AgendaItemState.PROPOSED, True),
        (dt.date(2027, 3, 9), AgendaItemState.BACKLOG, False),
    ],
)
def test_propose_goes_where_the_day_puts_it(
    cast: World, meeting: Meeting, day: dt.date, state: str, is_late: bool
) -> None:
    item = propose(cast, meeting, at=dt.datetime.combine(day, dt.time(22, 30), tzinfo=dt.UTC))

    assert (item.state, item.is_late) == (state, is_late)
    assert (item.meeting is None) == (state == AgendaItemState.BACKLOG)


def test_propose_for_a_meeting_in_session_waits_in_the_themenspeicher(cast: World, meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.IN_SESSION)
    meeting.refresh_from_db()

    assert propose(cast, meeting).state == AgendaItemState.BACKLOG


def test_accept_puts_the_topic_between_the_frame(cast: World, meeting: Meeting) -> None:
    one, two = propose(cast, meeting, title="Eins"), propose(cast, meeting, title="Zwei")

    agenda.accept(one, by=cast.imke, at=AT)
    agenda.accept(two, by=cast.imke, at=AT)

    assert titles(meeting) == ["opening", "relays", "Eins", "Zwei", "units", "closing"]
    assert [item.position for item in meeting.agenda_items.on_agenda()] == [1, 2, 3, 4, 5, 6]
    assert one.state == AgendaItemState.ACCEPTED


def test_accept_after_sending_is_scheduled_at_once_as_late(cast: World, meeting: Meeting) -> None:
    agenda.accept(propose(cast, meeting), by=cast.imke, at=AT)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.", urgency="Eilt.")
    late = propose(cast, meeting, title="Nachtrag")

    agenda.accept(late, by=cast.imke, at=AT)

    assert (late.state, late.is_late) == (AgendaItemState.SCHEDULED, True)


def test_accept_from_the_themenspeicher_needs_a_meeting(cast: World, meeting: Meeting) -> None:
    item = propose(cast, None)

    with pytest.raises(agenda.TooLate):
        agenda.accept(item, by=cast.imke, at=AT)
    agenda.accept(item, meeting=meeting, by=cast.imke, at=AT)

    assert (item.state, item.meeting) == (AgendaItemState.ACCEPTED, meeting)


def test_schedule_places_at_a_position(cast: World, meeting: Meeting) -> None:
    agenda.accept(propose(cast, meeting, title="Eins"), by=cast.imke, at=AT)
    two = propose(cast, meeting, title="Zwei")

    agenda.schedule(two, position=3, by=cast.imke, at=AT)

    assert titles(meeting) == ["opening", "relays", "Zwei", "Eins", "units", "closing"]
    assert two.state == AgendaItemState.SCHEDULED


def test_decline_keeps_the_reason_and_says_it_in_the_journal_by_code_only(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    agenda.decline(item, reason=" Die Sitzung ist voll. ", by=cast.imke, at=AT)

    assert (item.state, item.reason) == (AgendaItemState.DECLINED, "Die Sitzung ist voll.")
    change = Change.objects.get(verb=Happened.ITEM_DECLINED)
    assert (change.by, change.data) == (cast.imke, {"meeting": meeting.pk, "was": "proposed", "place": 0})


def test_decline_without_a_reason_is_refused(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    with pytest.raises(agenda.ReasonMissing):
        agenda.decline(item, reason=" ", by=cast.imke, at=AT)

    item.refresh_from_db()
    assert item.state == AgendaItemState.PROPOSED


def test_decline_of_an_answer_to_a_relay_is_refused(cast: World, meeting: Meeting) -> None:
    source = DecisionFactory(meeting=meeting, alliance=cast.arbeit, agenda_item=AgendaItemFactory(meeting=meeting))
    relay = RelayFactory(source=cast.bildung, target=cast.arbeit, source_decision=source)
    item = propose(cast, meeting)
    AgendaItem.objects.filter(pk=item.pk).update(answers=relay)
    item.refresh_from_db()

    with pytest.raises(agenda.HoldsRelay):
        agenda.decline(item, reason="Voll.", by=cast.imke, at=AT)


def test_delegate_names_who_cares(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    agenda.delegate(item, to=cast.birgit.organisation, reason="Frau Hanneken ruft Sie an.", by=cast.imke, at=AT)

    assert (item.state, item.delegated_to) == (AgendaItemState.DELEGATED, cast.birgit.organisation)


def test_defer_of_a_proposal_to_the_themenspeicher_moves_the_item(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    result = agenda.defer(item, to=None, reason="Im Juni ist mehr Zeit.", by=cast.imke, at=AT)

    assert result == item
    assert (item.state, item.meeting_id, item.reason) == (AgendaItemState.BACKLOG, None, "Im Juni ist mehr Zeit.")
    assert verbs()[-1] == Happened.ITEM_BACKLOGGED


def test_defer_to_a_later_meeting_leaves_a_successor(cast: World, meeting: Meeting) -> None:
    later = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q2",
        start=dt.datetime(2027, 6, 10, 8, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 6, 10, 10, 0, tzinfo=dt.UTC),
        state=MeetingState.CONFIRMED,
    )
    item = propose(cast, meeting)
    agenda.accept(item, by=cast.imke, at=AT)

    successor = agenda.defer(item, to=later, reason="Die Zahlen fehlen noch.", by=cast.imke, at=AT)

    assert (item.state, item.position) == (AgendaItemState.DEFERRED, 0)
    assert (successor.continued_from, successor.meeting, successor.state) == (item, later, AgendaItemState.ACCEPTED)
    assert titles(meeting) == ["opening", "relays", "units", "closing"]
    assert titles(later) == ["opening", "relays", "100-Tage-Gespräche", "units", "closing"]


def test_defer_to_another_alliance_is_refused(cast: World, meeting: Meeting) -> None:
    elsewhere = MeetingFactory(alliance=cast.bildung, quarter="2027-Q1", start=meeting.start, end=meeting.end)

    with pytest.raises(agenda.TooLate):
        agenda.defer(propose(cast, meeting), to=elsewhere, reason="Später.", by=cast.imke, at=AT)


def test_restore_brings_back_what_was_put_off(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.schedule(item, by=cast.imke, at=AT)
    successor = agenda.defer(item, to=None, reason="Später.", by=cast.imke, at=AT)
    assert successor != item

    agenda.restore(item, by=cast.imke, at=AT)

    assert (item.state, item.reason) == (AgendaItemState.SCHEDULED, "")
    assert titles(meeting) == ["opening", "relays", item.title, "units", "closing"]
    assert AgendaItem.objects.filter(pk=successor.pk).exists() is False


def test_accept_twice_is_one_step(cast: World, meeting: Meeting) -> None:
    one, two = propose(cast, meeting, title="Eins"), propose(cast, meeting, title="Zwei")
    agenda.accept(one, by=cast.imke, at=AT)
    agenda.accept(two, by=cast.imke, at=AT)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.", urgency="Eilt.")
    before, standing = verbs(), titles(meeting)
    one.refresh_from_db()

    agenda.accept(one, by=cast.imke, at=AT)

    assert (verbs(), titles(meeting)) == (before, standing)
    assert (one.state, one.is_late, one.position) == (AgendaItemState.SCHEDULED, False, 3)


def deferred(cast: World, meeting: Meeting) -> tuple[AgendaItem, AgendaItem]:
    item = propose(cast, meeting)
    agenda.schedule(item, by=cast.imke, at=AT)
    return item, agenda.defer(item, to=None, reason="Später.", by=cast.imke, at=AT)


def test_restore_is_refused_once_a_paper_lies_with_the_successor(cast: World, meeting: Meeting) -> None:
    item, successor = deferred(cast, meeting)
    successor.papers.add(Paper.objects.create(slug="plan", title="Plan", kind="Unterlage", dated=AT.date()))

    with pytest.raises(agenda.TooLate) as refused:
        agenda.restore(item, by=cast.imke, at=AT)

    assert str(refused.value) == (
        "Mit diesem Thema ist schon weitergearbeitet worden. Es lässt sich nicht mehr zurückholen."
    )
    assert successor.papers.count() == 1


@pytest.mark.parametrize("field", ["agenda_item", "next_item"])
def test_restore_is_refused_once_the_successor_is_voted_on(cast: World, meeting: Meeting, field: str) -> None:
    item, successor = deferred(cast, meeting)
    vote: dict[str, Any] = {"number": "U-A-2026-01", "subject": "Rufbus", "text": "Er fährt.", field: successor}
    CircularVote.objects.create(alliance=cast.arbeit, closes_on=AT.date(), **vote)

    with pytest.raises(agenda.TooLate):
        agenda.restore(item, by=cast.imke, at=AT)


@pytest.mark.parametrize("has_next", [True, False])
def test_restore_of_what_was_discussed_stands_where_it_stood(cast: World, meeting: Meeting, has_next: bool) -> None:
    item = propose(cast, meeting)
    agenda.schedule(item, by=cast.imke, at=AT)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.HELD)
    AgendaItem.objects.filter(pk=item.pk).update(state=AgendaItemState.DISCUSSED)
    item = AgendaItem.objects.get(pk=item.pk)
    after = meeting.end + dt.timedelta(hours=1)
    if has_next:
        start = meeting.start + dt.timedelta(days=91)
        MeetingFactory(alliance=cast.arbeit, quarter="2027-Q2", start=start, end=start + dt.timedelta(hours=2))
    agenda.defer(item, to=None, reason="Später.", by=cast.imke, at=after)

    agenda.restore(item, by=cast.imke, at=after)

    assert (item.state, item.meeting, item.position) == (AgendaItemState.SCHEDULED, meeting, 3)


def test_restore_is_refused_once_the_successor_moved_on(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.schedule(item, by=cast.imke, at=AT)
    successor = agenda.defer(item, to=None, reason="Später.", by=cast.imke, at=AT)
    agenda.edit(successor, version=1, by=cast.imke, at=AT, title="Neuer Zuschnitt")

    with pytest.raises(agenda.TooLate):
        agenda.restore(item, by=cast.imke, at=AT)


@pytest.mark.parametrize("step", ["decline", "accept", "withdraw"])
def test_restore_takes_a_step_back(cast: World, meeting: Meeting, step: str) -> None:
    item = propose(cast, meeting)
    given = {"reason": "Voll."} if step == "decline" else {}
    getattr(agenda_own if step == "withdraw" else agenda, step)(item, by=cast.imke, at=AT, **given)

    agenda.restore(item, by=cast.imke, at=AT)

    assert (item.state, item.reason, item.position) == (AgendaItemState.PROPOSED, "", 0)
    assert verbs()[-1] == Happened.ITEM_RESTORED


def test_restore_goes_back_step_by_step(cast: World, meeting: Meeting) -> None:
    one, item = propose(cast, meeting, title="Eins"), propose(cast, None, title="Zwei")
    agenda.accept(item, meeting=meeting, by=cast.imke, at=AT)
    agenda.accept(one, by=cast.imke, at=AT)
    agenda.decline(item, reason="Nein.", by=cast.imke, at=AT)
    assert titles(meeting) == ["opening", "relays", "Eins", "units", "closing"]

    agenda.restore(item, by=cast.imke, at=AT)
    assert titles(meeting) == ["opening", "relays", "Zwei", "Eins", "units", "closing"]
    agenda.restore(item, by=cast.imke, at=AT)

    assert (item.state, item.meeting, item.position) == (AgendaItemState.BACKLOG, None, 0)


def test_accept_for_a_cancelled_meeting_is_refused(cast: World, meeting: Meeting) -> None:
    item = propose(cast, None)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CANCELLED)
    meeting.refresh_from_db()

    with pytest.raises(agenda.TooLate) as refused:
        agenda.accept(item, meeting=meeting, by=cast.imke, at=AT)

    assert str(refused.value) == (
        "Die Sitzung am 11.\xa0März\xa02027 ist abgesagt. Nehmen Sie das Thema in eine andere Sitzung auf."
    )


def test_accept_for_a_second_meeting_is_refused(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.accept(item, by=cast.imke, at=AT)
    june = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q2",
        start=dt.datetime(2027, 6, 10, 8, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 6, 10, 10, 0, tzinfo=dt.UTC),
    )

    with pytest.raises(agenda.TooLate) as refused:
        agenda.accept(item, meeting=june, by=cast.imke, at=AT)

    assert str(refused.value) == (
        "Dieses Thema gehört schon zur Sitzung am 11.\xa0März\xa02027. "
        "Verschieben Sie es dort, oder kopieren Sie es als neues Thema."
    )
    assert item.meeting == meeting


def test_withdraw_after_the_agenda_left_is_refused(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.accept(item, by=cast.imke, at=AT)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.", urgency="Eilt.")
    item.refresh_from_db()

    with pytest.raises(agenda.TooLate):
        agenda_own.withdraw(item, by=cast.susanne, at=AT)


def test_edit_raises_the_version_and_refuses_a_stale_one(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.edit(item, version=1, by=cast.imke, at=AT, title="Neu")

    with pytest.raises(agenda.Stale) as refused:
        agenda.edit(item, version=1, by=cast.imke, at=AT, title="Anders")

    assert (refused.value.current.title, refused.value.current.version) == ("Neu", 2)


def test_edit_of_a_discussed_item_is_refused(cast: World, meeting: Meeting) -> None:
    item = AgendaItemFactory(meeting=meeting, state=AgendaItemState.DISCUSSED)

    with pytest.raises(agenda.TooLate):
        agenda.edit(item, version=1, by=cast.imke, at=AT, title="Neu")


def test_edit_own_is_for_the_proposer_and_only_until_a_decision(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    agenda_own.edit_own(item, version=1, by=cast.susanne, at=AT, title="Genauer")
    with pytest.raises(agenda.NotYours):
        agenda_own.edit_own(item, version=2, by=cast.hedwig, at=AT, title="Fremd")
    agenda.accept(item, by=cast.imke, at=AT)
    with pytest.raises(agenda.TooLate):
        agenda_own.edit_own(item, version=2, by=cast.susanne, at=AT, title="Zu spät")

    item.refresh_from_db()
    assert item.title == "Genauer"


def test_add_puts_the_fachstelles_own_topic_on_the_agenda_once(cast: World, meeting: Meeting) -> None:
    for _tap in range(2):
        agenda.add(
            meeting,
            title="Handlungskonzept",
            kind="discussion",
            minutes=25,
            presenter=cast.birgit,
            by=cast.imke,
            form_key=KEY,
            at=AT,
        )

    assert titles(meeting) == ["opening", "relays", "Handlungskonzept", "units", "closing"]
