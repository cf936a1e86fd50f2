"""The connection ended once a mail was on its way: nobody knows whether it arrived, and what follows must be true either way."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes

import pytest

from buendnisse import clock
from buendnisse.models import FurtherAddress, Person
from meetings.domain import planning
from meetings.models import Meeting
from notifications.domain import dispatch, outbox, recall, ring
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.notifications import sending
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_both_ways")]

START = sending.after_grace(AT)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def entries(relay: smtp_sink.Sink, person: Person) -> list[tuple[str, str, str]]:
    """METHOD, SEQUENCE and UID of what was handed over for this person."""
    found = []
    for recipient, raw in relay.mail:
        if recipient == person.email:
            mail = message_from_bytes(raw)
            told = sending.calendar(mail)
            found.append((told["METHOD"], told["SEQUENCE"], told["UID"]))
    return found


def of(person: Person, kind: MailKind = MailKind.INVITATION) -> OutboxMessage:
    return OutboxMessage.objects.filter(person=person, kind=kind).latest("pk")


def cancel(meeting: Meeting, cast: World, *, at: dt.datetime) -> None:
    planning.cancel(Meeting.objects.get(pk=meeting.pk), reason="Glatteis.", by=cast.imke, at=at)


def move(meeting: Meeting, cast: World, *, days: int, at: dt.datetime) -> None:
    now, shift = Meeting.objects.get(pk=meeting.pk), dt.timedelta(days=days)
    moved = {"start": now.start + shift, "end": now.end + shift, "venue": now.venue, "reason": "Der Raum."}
    planning.move_date(now, **moved, version=now.version, by=cast.imke, at=at)


def test_cancellation_of_an_invitation_that_may_have_arrived_goes_and_is_the_last_word(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    relay.hangs_up_after.add(cast.susanne.email)
    ring.ring(at=START)
    lost = of(cast.susanne)
    assert (lost.state, lost.may_have_arrived) == (OutboxState.WAITING, True)
    relay.hangs_up_after.clear()
    cancel(february, cast, at=START + MINUTE)

    for later in (2 * MINUTE, 15 * MINUTE, DAY):
        ring.ring(at=START + later)

    told = entries(relay, cast.susanne)
    requests, last = told[:-1], told[-1]
    assert {method for method, _sequence, _uid in requests} == {"REQUEST"}
    assert last == ("CANCEL", "1", requests[0][2])
    assert of(cast.susanne).state == OutboxState.SUPERSEDED


def test_invitation_at_whose_address_the_line_broke_did_not_arrive_and_neither_is_its_cancellation_sent(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    relay.hangs_up_at.add(cast.susanne.email)
    ring.ring(at=START)
    lost = of(cast.susanne)
    assert (lost.state, lost.may_have_arrived) == (OutboxState.WAITING, False)
    relay.hangs_up_at.clear()
    cancel(february, cast, at=START + MINUTE)

    ring.ring(at=START + DAY)

    assert entries(relay, cast.susanne) == []


def test_what_a_dead_worker_left_may_have_arrived_even_if_the_next_one_finds_no_relay(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    ring.ring(at=START)
    long_ago = clock.real_now() - dt.timedelta(minutes=6)
    mails = OutboxMessage.objects.filter(pk=of(cast.susanne).pk)
    mails.update(state=OutboxState.SENDING, claimed_at=long_ago, sent_at=None)
    relay.hangs_up_at.add(cast.susanne.email)
    outbox.send_batch(at=START + MINUTE)
    relay.hangs_up_at.clear()
    cancel(february, cast, at=START + MINUTE)

    ring.ring(at=START + 3 * MINUTE)

    assert [method for method, _sequence, _uid in entries(relay, cast.susanne)] == ["REQUEST", "CANCEL"]


def test_move_that_may_not_have_arrived_is_told_again_though_it_was_taken_back_and_made_once_more(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    relay.hangs_up_after.add(cast.susanne.email)
    move(invited, cast, days=7, at=START)
    ring.ring(at=START + MINUTE)
    relay.hangs_up_after.clear()
    before = len(relay.mail)
    move(invited, cast, days=7, at=START + 2 * MINUTE)
    dispatch.fan_out(at=START + 2 * MINUTE)
    move(invited, cast, days=-7, at=START + 2 * MINUTE)

    for later in (3 * MINUTE, DAY):
        ring.ring(at=START + later)

    [letter] = [message_from_bytes(raw) for recipient, raw in relay.mail[before:] if recipient == cast.susanne.email]
    assert letter["Subject"].startswith("Arbeit, 18.02.2027")
    assert "18. Februar 2027" in sending.text(letter)
    told = [(method, sequence) for method, sequence, _uid in entries(relay, cast.susanne)]
    assert told[0] == ("REQUEST", "0")
    assert set(told[1:-1]) == {("REQUEST", "1")}
    assert told[-1] == ("REQUEST", "1")


def test_cancellation_that_may_have_arrived_cannot_be_taken_back(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    everybody = set(OutboxMessage.objects.values_list("to_address", flat=True))
    relay.hangs_up_after.update(everybody)
    cancel(invited, cast, at=START)
    ring.ring(at=START + MINUTE)
    meeting = Meeting.objects.get(pk=invited.pk)

    with pytest.raises(recall.RecallRefused, match="schon unterwegs"):
        recall.take_back(meeting, by=cast.imke, at=START + 2 * MINUTE)

    assert OutboxMessage.objects.filter(kind=MailKind.CANCELLED).exclude(may_have_arrived=True).count() == 0


def test_further_address_hears_of_the_end_of_what_it_may_have_read(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    office = "vorzimmer@verein.example"
    FurtherAddress.objects.create(person=cast.susanne, address=office, gets_copy=True)
    relay.hangs_up_after.add(office)
    ring.ring(at=START)
    relay.hangs_up_after.clear()
    before = len(relay.mail)
    cancel(february, cast, at=START + MINUTE)

    ring.ring(at=START + 2 * MINUTE)

    assert [recipient for recipient, _raw in relay.mail[before:]].count(office) == 1
