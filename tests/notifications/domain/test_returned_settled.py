"""What was done about mail that came back is taken back: it waits again as before."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.domain import addresses
from buendnisse.models import FurtherAddress
from meetings.models import Meeting
from notifications import bounces as reading
from notifications.domain import bounces, outbox, returned, returned_settled
from notifications.domain.returned_settled import NotReopened
from notifications.enums import MailKind, OutboxState
from notifications.models import MailReturn, OutboxMessage
from tests.notifications.bounces import reports
from tests.notifications.domain.test_bounces import THEN, again, come_back, sent_to, state
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)


def listed() -> list[tuple[str, int, bool]]:
    return [(one.how, one.number, one.may_be_reopened) for one in returned_settled.history()]


def came_back(message: OutboxMessage, status: str = "5.1.1") -> MailReturn:
    row = come_back(message, status=status)
    assert row is not None
    return row


def copy_that_came_back(cast: World) -> tuple[MailReturn, FurtherAddress]:
    address = FurtherAddress.objects.create(person=cast.susanne, address="vorzimmer@bbs.example", gets_copy=True)
    message = outbox.write(kind=MailKind.COPY, person=cast.susanne, occasion="copy:1", at=AT, copy_to=address)
    assert message is not None
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=OutboxState.SENT, payload=b"x", to_address=address.address, message_id="<c@fachstelle.example>"
    )
    message.refresh_from_db()
    return came_back(message), address


def test_what_settles_itself_is_no_history(invited: Meeting, cast: World) -> None:
    came_back(sent_to(cast.susanne), status="5.2.2")

    assert listed() == []


def test_refusals_passed_on_together_are_open_together_again(invited: Meeting, cast: World) -> None:
    rows = [came_back(sent_to(person), "5.7.26") for person in (cast.susanne, cast.corinna)]
    returned.see(rows[0], by=cast.imke, at=THEN)
    other = came_back(sent_to(cast.birgit), "5.7.26")
    returned.see(other, by=cast.imke, at=THEN + HOUR)
    assert listed() == [("Weitergegeben", 1, True), ("Weitergegeben", 2, True)]

    returned_settled.reopen(rows[1], by=cast.imke, at=THEN + 2 * HOUR)

    assert listed() == [("Weitergegeben", 1, True)]
    [trouble] = returned.troubles().policy
    assert (trouble.number, trouble.domain) == (2, "verein.example")


def test_complaint_is_open_again(invited: Meeting, cast: World) -> None:
    report = reading.read(reports.complaint(message_id=sent_to(cast.susanne).message_id))
    assert report is not None
    row = bounces.settle(report, inbound=None, at=THEN)
    assert row is not None
    returned.see(row, by=cast.imke, at=THEN)
    assert listed() == [("Geklärt", 1, True)]

    returned_settled.reopen(row, by=cast.imke, at=THEN)

    assert [one.person for one in returned.troubles().complaints] == [cast.susanne]


def test_address_that_held_again_fails_and_holds_what_still_waits(invited: Meeting, cast: World) -> None:
    row = came_back(sent_to(cast.susanne))
    returned.holds(again(cast.susanne), by=cast.imke, at=THEN)
    assert listed() == [("Adresse gilt wieder", 1, True)]
    assert state(sent_to(cast.susanne)) == OutboxState.WAITING

    returned_settled.reopen(row, by=cast.imke, at=THEN)

    assert again(cast.susanne).mail_comes_back
    assert state(sent_to(cast.susanne)) == OutboxState.STOPPED
    [trouble] = returned.troubles().addresses
    assert (trouble.person, trouble.waiting, listed()) == (cast.susanne, 1, [])


def test_corrected_address_is_put_back(invited: Meeting, cast: World) -> None:
    before = cast.susanne.email
    row = came_back(sent_to(cast.susanne))
    susanne = again(cast.susanne)
    returned.correct(susanne, email="neu@bbs.example", version=susanne.version, by=cast.imke, at=THEN)
    assert listed() == [("Neue Adresse eingetragen", 1, True)]

    returned_settled.reopen(row, by=cast.imke, at=THEN)

    assert (again(cast.susanne).email, again(cast.susanne).mail_comes_back) == (before, True)
    assert not OutboxMessage.objects.filter(person=cast.susanne, state=OutboxState.WAITING).exists()


def test_address_changed_once_more_stays(invited: Meeting, cast: World) -> None:
    row = came_back(sent_to(cast.susanne))
    susanne = again(cast.susanne)
    returned.correct(susanne, email="neu@bbs.example", version=susanne.version, by=cast.imke, at=THEN)
    susanne = again(susanne)
    addresses.change(susanne, email="neuer@bbs.example", version=susanne.version, by=cast.imke, at=THEN + HOUR)

    assert listed() == [("Neue Adresse eingetragen", 1, False)]
    with pytest.raises(NotReopened, match="Inzwischen gilt etwas Neueres."):
        returned_settled.reopen(row, by=cast.imke, at=THEN + HOUR)
    assert again(cast.susanne).email == "neuer@bbs.example"


def test_old_address_that_somebody_signs_in_with_by_now_is_not_put_back(invited: Meeting, cast: World) -> None:
    before = cast.susanne.email
    row = came_back(sent_to(cast.susanne))
    susanne = again(cast.susanne)
    returned.correct(susanne, email="neu@bbs.example", version=susanne.version, by=cast.imke, at=THEN)
    type(cast.imke).objects.filter(pk=cast.susanne.pk).update(may_sign_in=True)
    type(cast.imke).objects.filter(pk=cast.imke.pk).update(email=before)

    with pytest.raises(NotReopened, match="Mit dieser Adresse meldet sich schon jemand anders an."):
        returned_settled.reopen(row, by=cast.imke, at=THEN + HOUR)
    row.refresh_from_db()
    assert (row.settled_at, again(cast.susanne).email) == (THEN, "neu@bbs.example")


def test_copies_that_went_again_stop(cast: World) -> None:
    row, address = copy_that_came_back(cast)
    returned.copies_again(row, by=cast.imke, at=THEN)
    assert listed() == [("Kopien gehen wieder", 1, True)]

    returned_settled.reopen(row, by=cast.imke, at=THEN)

    address.refresh_from_db()
    assert (address.gets_copy, len(returned.troubles().copies)) == (False, 1)


def test_copies_given_up_are_open_again(cast: World) -> None:
    row, _address = copy_that_came_back(cast)
    returned.see(row, by=cast.imke, at=THEN)
    assert listed() == [("Dabei bleibt es", 1, True)]

    returned_settled.reopen(row, by=cast.imke, at=THEN)

    assert len(returned.troubles().copies) == 1


def test_mail_without_its_bytes_did_not_arrive_either(invited: Meeting, cast: World) -> None:
    """The demo's mails never had any, and what they are written from is there."""
    OutboxMessage.objects.filter(person=cast.susanne).update(payload=None)
    came_back(sent_to(cast.susanne), "5.7.26")

    assert state(sent_to(cast.susanne)) == OutboxState.FAILED


def test_old_mail_that_cannot_be_written_anew_is_left(invited: Meeting, cast: World) -> None:
    OutboxMessage.objects.filter(person=cast.susanne).update(payload=None, data={})
    came_back(sent_to(cast.susanne), "5.7.26")

    assert state(sent_to(cast.susanne)) == OutboxState.SENT
