"""A cancellation on its way: hurried, or taken back while nobody has heard of it."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Change, FurtherAddress
from meetings.domain import planning
from meetings.enums import MeetingState
from meetings.models import Meeting
from notifications.domain import dispatch, mail_room, recall, ring, telephone
from notifications.enums import CallOutcome, MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.meetings import MeetingFactory
from tests.notifications import sending
from tests.notifications.short_notice import HOUR, MINUTE, MORNING, cancel, row
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db

SUSANNE, BIRGIT, CORINNA = (f"{name}@verein.example" for name in ("susanne", "birgit", "corinna"))


def take_back(meeting: Meeting, cast: World, *, at: dt.datetime) -> None:
    recall.take_back(meeting, by=cast.imke, at=at)


def refusal(meeting: Meeting, cast: World, *, at: dt.datetime = MORNING + MINUTE) -> str:
    with pytest.raises(recall.RecallRefused) as refused:
        take_back(meeting, cast, at=at)
    return str(refused.value)


def states(kind: MailKind = MailKind.CANCELLED) -> list[str]:
    return list(OutboxMessage.objects.filter(kind=kind).order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("is_written", [True, False], ids=["after a ring", "before the first ring"])
def test_nobody_hears_of_a_cancellation_that_was_taken_back(
    invited: Meeting, cast: World, relay: smtp_sink.Sink, is_written: bool
) -> None:
    FurtherAddress.objects.create(person=cast.susanne, address="vertretung@verein.example", gets_copy=True)
    ring.ring(at=MORNING)  # calls and reminders of the weeks before
    invited.refresh_from_db()
    before = invited.state
    cancel(invited, cast)
    if is_written:
        dispatch.fan_out(at=MORNING)
    take_back(invited, cast, at=MORNING + MINUTE / 2)

    assert Meeting.objects.get().state == before
    assert sending.deliver(relay, at=MORNING + 2 * MINUTE) == {}
    assert set(states()) <= {OutboxState.SUPERSEDED}


def test_invitation_the_cancellation_had_replaced_goes_after_all(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    FurtherAddress.objects.create(person=cast.susanne, address="vertretung@verein.example", gets_copy=True)
    dispatch.fan_out(at=AT)
    cancel(february, cast, at=AT + MINUTE / 4)
    dispatch.fan_out(at=AT + MINUTE / 4)
    take_back(february, cast, at=AT + MINUTE / 2)

    got = sending.deliver(relay, at=AT + 2 * MINUTE)
    assert sorted(got) == [BIRGIT, CORINNA, SUSANNE, "vertretung@verein.example"]
    assert {sending.calendar(got[name])["METHOD"] for name in (BIRGIT, CORINNA, SUSANNE)} == {"REQUEST"}
    assert sending.calendar(got[SUSANNE])["SEQUENCE"] == "0"


def test_move_the_cancellation_had_replaced_is_told_after_all(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    day = dt.timedelta(days=7)
    facts = {"start": invited.start + day, "end": invited.end + day, "venue": invited.venue}
    planning.move_date(invited, **facts, version=invited.version, by=cast.imke, at=MORNING)
    cancel(invited, cast, at=MORNING + MINUTE / 4)
    dispatch.fan_out(at=MORNING + MINUTE / 3)
    take_back(invited, cast, at=MORNING + MINUTE / 2)

    got = sending.deliver(relay, at=MORNING + 2 * MINUTE)
    assert (got[SUSANNE]["Subject"], sending.calendar(got[SUSANNE])["SEQUENCE"]) == (
        "Verlegt: Arbeit, 11.02.2027: neu 18.02.2027, 10:00 Uhr",
        "1",
    )


def test_cancelled_once_more_is_told(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    cancel(invited, cast)
    dispatch.fan_out(at=MORNING)
    take_back(invited, cast, at=MORNING + MINUTE / 2)
    cancel(invited, cast, at=MORNING + MINUTE)

    got = sending.deliver(relay, at=MORNING + MINUTE)
    got |= sending.deliver(relay, at=MORNING + 2 * MINUTE)
    assert (sorted(got), sending.calendar(got[SUSANNE])["METHOD"]) == ([BIRGIT, CORINNA, SUSANNE], "CANCEL")


def test_mail_held_back_leaves_time(invited: Meeting, cast: World) -> None:
    cancel(invited, cast, at=AT + HOUR)
    dispatch.fan_out(at=AT + HOUR)
    first = OutboxMessage.objects.filter(kind=MailKind.CANCELLED)[0]
    mail_room.act(first, do=mail_room.STOP, whole=True, by=cast.imke, at=AT + HOUR)
    take_back(invited, cast, at=AT + 8 * HOUR)

    assert (Meeting.objects.get().state, states()) == ("confirmed", [OutboxState.SUPERSEDED] * 3)


@pytest.mark.parametrize("state", [OutboxState.SENDING, OutboxState.SENT])
def test_one_mail_that_left_is_too_many(invited: Meeting, cast: World, state: OutboxState) -> None:
    cancel(invited, cast)
    dispatch.fan_out(at=MORNING)
    OutboxMessage.objects.filter(kind=MailKind.CANCELLED, person=cast.susanne).update(state=state)

    assert refusal(invited, cast) == (
        "Die Absage ist schon unterwegs und kann nicht zurückgenommen werden. Planen Sie einen neuen Termin."
    )
    assert Meeting.objects.get().state == MeetingState.CANCELLED
    assert sorted(states()) == sorted([state, OutboxState.WAITING, OutboxState.WAITING])
    assert not Change.objects.filter(verb="meeting.restored").exists()


def test_who_was_told_on_the_telephone_was_told(invited: Meeting, cast: World) -> None:
    cancel(invited, cast)
    number = row(invited, cast.susanne).pk
    telephone.mark(invited, row=number, outcome=CallOutcome.REACHED, by=cast.imke, at=MORNING)
    said = refusal(invited, cast)
    telephone.take_back(invited, row=number, by=cast.imke, at=MORNING)
    take_back(invited, cast, at=MORNING + MINUTE / 2)

    assert said == (
        "Am Telefon weiß schon jemand von der Absage. Nehmen Sie erst „erreicht“ auf der Telefonliste zurück."
    )
    assert Meeting.objects.get().state == MeetingState.CONFIRMED


def test_reasons_of_the_meeting_itself_are_told(invited: Meeting, cast: World) -> None:
    assert refusal(invited, cast) == "Diese Sitzung ist nicht abgesagt."
    cancel(invited, cast)
    MeetingFactory(alliance=cast.arbeit, quarter="2027-Q1")
    dispatch.fan_out(at=MORNING)

    assert refusal(invited, cast) == (
        "Für dieses Quartal steht inzwischen ein anderer Termin. Bitte sagen Sie erst diesen ab."
    )
    assert states() == [OutboxState.WAITING] * 3


@pytest.mark.parametrize("is_written", [True, False], ids=["after a ring", "before the first ring"])
def test_mail_goes_at_once(invited: Meeting, cast: World, relay: smtp_sink.Sink, is_written: bool) -> None:
    cancel(invited, cast)
    if is_written:
        dispatch.fan_out(at=MORNING)

    assert recall.send_now(invited, by=cast.imke, at=MORNING + MINUTE / 12) == 3
    assert sorted(sending.deliver(relay, at=MORNING + MINUTE / 12)) == [BIRGIT, CORINNA, SUSANNE]
    change = Change.objects.get(verb="mail.hurry")
    assert (change.subject_type, change.subject_id, change.data) == ("meeting", invited.pk, {"messages": 3})


def test_nothing_is_hurried_where_nothing_waits(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    said = []
    for at in (MORNING, MORNING + 3 * MINUTE):
        with pytest.raises(recall.RecallRefused) as refused:
            recall.send_now(invited, by=cast.imke, at=at)
        said.append(str(refused.value))
        if at == MORNING:
            cancel(invited, cast)
            ring.ring(at=MORNING)
            ring.ring(at=MORNING + MINUTE)

    assert said == ["Diese Sitzung ist nicht abgesagt.", "Es wartet keine Mail zu dieser Absage."]
    assert not Change.objects.filter(verb="mail.hurry").exists()
