"""What was composed is frozen only where nobody else has frozen, or taken over, the same in the meantime."""

import datetime as dt

import pytest

from meetings.models import Attendance, Meeting
from notifications.domain import batch, dispatch, freezing, invitations, outbox
from notifications.domain.letter import Overtaken
from notifications.enums import MailKind, OutboxState
from notifications.models import Invitation, OutboxMessage
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

LATER = AT + dt.timedelta(minutes=5)


@pytest.fixture
def waiting(cast: World, february: Meeting) -> OutboxMessage:
    dispatch.fan_out(at=LATER)
    return OutboxMessage.objects.get(kind=MailKind.INVITATION, person=cast.susanne)


def test_entry_that_somebody_else_froze_is_not_overwritten(waiting: OutboxMessage, february: Meeting) -> None:
    attendance = Attendance.objects.get(meeting=february, person=waiting.person)
    part = invitations.request(waiting, february, attendance, at=LATER)
    Invitation.objects.filter(person=waiting.person).update(sequence=3, last_method="CANCEL")

    with pytest.raises(Overtaken):
        part.on_frozen("<a@b.example>")

    assert Invitation.objects.get(person=waiting.person).sequence == 3


def test_message_of_another_worker_is_neither_frozen_nor_marked(waiting: OutboxMessage) -> None:
    OutboxMessage.objects.filter(pk=waiting.pk).update(state=OutboxState.SENDING, claimed_by="somebody else")
    waiting.claimed_by = "me"

    assert freezing.freeze([waiting], at=LATER) == []

    row = OutboxMessage.objects.get(pk=waiting.pk)
    assert (row.state, row.payload, row.message_id) == (OutboxState.SENDING, None, "")
    assert Invitation.objects.get(person=waiting.person).last_method == ""


def test_change_is_told_once_and_replaces_what_waits(waiting: OutboxMessage, relay: smtp_sink.Sink) -> None:
    before = OutboxMessage.objects.count()

    assert dispatch.fan_out(at=LATER) == 0

    assert OutboxMessage.objects.count() == before
    assert outbox.send_batch(at=LATER) == before
    assert sorted(recipient for recipient, _ in relay.mail) == sorted(
        OutboxMessage.objects.filter(state=OutboxState.SENT).values_list("to_address", flat=True)
    )


def test_one_letter_of_several_that_somebody_else_took_holds_up_no_other(waiting: OutboxMessage) -> None:
    OutboxMessage.objects.update(state=OutboxState.SENDING, claimed_by="me")
    mails = list(OutboxMessage.objects.filter(kind=MailKind.INVITATION).order_by("pk"))
    OutboxMessage.objects.filter(pk=waiting.pk).update(claimed_by="somebody else")
    others = [one.pk for one in mails if one.pk != waiting.pk]

    with batch.sharing(mails):
        ready = freezing.freeze(mails, at=LATER)

    assert len(others) == 2
    assert [one.pk for one in ready] == others
    rows = OutboxMessage.objects.filter(pk__in=others).order_by("pk")
    assert [bytes(row.payload or b"") for row in rows] == [one.payload for one in ready]
    told = Invitation.objects.exclude(last_method="")
    assert sorted(told.values_list("person", "sequence")) == sorted((one.person_id, 0) for one in ready)
    assert all(row.message_id in (row.payload or b"").decode() for row in rows)


def test_one_letter_that_cannot_be_stored_holds_up_no_other(waiting: OutboxMessage) -> None:
    """Something nobody foresaw: what a letter is to keep cannot be written down."""
    OutboxMessage.objects.update(state=OutboxState.SENDING, claimed_by="me")
    mails = list(OutboxMessage.objects.filter(kind=MailKind.INVITATION).order_by("pk"))
    odd = next(one for one in mails if one.pk == waiting.pk)
    odd.data = {**odd.data, "odd": object()}

    with batch.sharing(mails):
        ready = freezing.freeze(mails, at=LATER)

    assert {one.pk for one in ready} == {one.pk for one in mails} - {odd.pk}
    failed = OutboxMessage.objects.get(state=OutboxState.FAILED)
    assert (failed.pk, failed.failure) == (odd.pk, "Die Mail konnte nicht erstellt werden.")


def test_two_letters_to_one_person_build_on_each_other_in_one_batch(
    waiting: OutboxMessage, february: Meeting, relay: smtp_sink.Sink
) -> None:
    """The second is composed once the first is stored, however many others stand between them."""
    second = OutboxMessage.objects.get(pk=waiting.pk)
    second.pk, second.occasion = None, "invitation:again"
    second.save()

    outbox.send_batch(at=LATER)

    row = OutboxMessage.objects.get(pk=second.pk)
    assert (row.state, row.payload) == (OutboxState.SUPERSEDED, None)
    assert [recipient for recipient, _raw in relay.mail].count(waiting.person.email) == 1
