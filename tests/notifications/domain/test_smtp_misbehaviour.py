"""A relay that refuses, stalls, closes or makes us wait: tried again, given up after three days, and shown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from html import unescape
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from meetings.models import Meeting
from notifications.domain import dispatch, mail_room, outbox, returned
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from notifications.transport import smtp
from tests.notifications import sending
from tests.support import bad_relay, smtp_sink
from tests.support.bad_relay import Fault
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
START = sending.after_grace(AT)
SUSANNE = "susanne@verein.example"


@pytest.fixture
def message(february: Meeting, cast: World) -> OutboxMessage:
    """Susanne's invitation; those of the others are out of the way."""
    dispatch.fan_out(at=START)
    OutboxMessage.objects.exclude(person=cast.susanne).update(state=OutboxState.STOPPED)
    return OutboxMessage.objects.select_related("person").get(person=cast.susanne)


def now(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.select_related("person").get(pk=message.pk)


def waits_until(message: OutboxMessage) -> dt.timedelta:
    found = now(message)
    assert found.state == OutboxState.WAITING
    return found.not_before - START


@pytest.mark.usefixtures("_both_ways")
def test_greylist_is_passed_after_ten_minutes_with_the_same_bytes(
    message: OutboxMessage, relay: smtp_sink.Sink
) -> None:
    relay.answers[SUSANNE] = "450 4.7.1 Greylisted, try again in 5 minutes"
    outbox.send_batch(at=START)
    assert waits_until(message) == dt.timedelta(minutes=10)
    relay.answers.clear()

    outbox.send_batch(at=START + dt.timedelta(minutes=10))
    found = now(message)
    assert (found.state, found.failure, found.tried_since) == (OutboxState.SENT, "", None)
    assert relay.mail == [(SUSANNE, bytes(found.payload or b""))]


def test_each_try_waits_twice_as_long_up_to_six_hours(message: OutboxMessage, relay: smtp_sink.Sink) -> None:
    relay.answers[SUSANNE] = "451 4.3.0 Queue full"
    at, pauses = START, []
    while now(message).state == OutboxState.WAITING:
        outbox.send_batch(at=at)
        found = now(message)
        pauses.append(found.not_before - at)
        at = max(found.not_before, at)

    tens = [1, 2, 4, 8, 16, 32]
    assert pauses[:7] == [*(dt.timedelta(minutes=10 * one) for one in tens), 6 * HOUR]
    assert set(pauses[7:-1]) == {6 * HOUR}
    assert 3 * DAY <= at - START < 3 * DAY + 6 * HOUR
    assert now(message).state == OutboxState.FAILED


def test_what_was_given_up_is_in_the_postausgang_with_the_relays_words(
    message: OutboxMessage, relay: smtp_sink.Sink
) -> None:
    relay.answers[SUSANNE] = "451 4.3.0 Queue full"
    for day in range(4):
        outbox.send_batch(at=START + day * DAY)

    [line] = mail_room.bundles(OutboxState.FAILED, filters=mail_room.Filters())
    assert (line.failure, line.person) == (
        "Drei Tage versucht, dann aufgegeben. Der Mailserver nimmt die Mail noch nicht an: 451 4.3.0 Queue full",
        message.person,
    )
    relay.answers.clear()
    mail_room.act(now(message), do=mail_room.RELEASE, whole=False, by=message.person, at=START + 4 * DAY)
    outbox.send_batch(at=START + 4 * DAY)
    assert now(message).state == OutboxState.SENT


def test_relay_nobody_answers_at_is_given_up_after_three_days_too(
    message: OutboxMessage, relay: smtp_sink.Sink, settings: Any
) -> None:
    with smtp_sink.running() as gone:
        sending.use(settings, gone)
    outbox.send_batch(at=START)
    assert waits_until(message) == dt.timedelta(minutes=10)
    outbox.send_batch(at=START + 2 * DAY)
    assert now(message).state == OutboxState.WAITING

    outbox.send_batch(at=START + 3 * DAY)
    found = now(message)
    assert (found.state, found.attempts, found.failure) == (
        OutboxState.FAILED,
        0,
        "Drei Tage versucht, dann aufgegeben. Der Mailserver ist nicht erreichbar: Connection refused",
    )


Through = Callable[[Fault], AbstractContextManager[list[bytes]]]


@pytest.fixture
def through(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Through:
    """The relay does this, and we wait for its words only so long; the mails it got."""
    monkeypatch.setattr(smtp, "_TIMEOUT", 0.2)

    @contextmanager
    def relay_with(fault: Fault) -> Iterator[list[bytes]]:
        with bad_relay.running(fault) as (port, got):
            settings.SMTP = {**settings.SMTP, "host": "127.0.0.1", "port": port}
            yield got

    return relay_with


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault.SILENT_IN_DATA, "Der Mailserver ist verstummt: Connection unexpectedly closed: timed out"),
        (Fault.CLOSES, "Der Mailserver hat die Verbindung beendet: Connection unexpectedly closed"),
    ],
)
def test_relay_that_may_have_taken_the_mail_gets_the_same_bytes_again(
    message: OutboxMessage, through: Through, fault: Fault, why: str
) -> None:
    """The reader's program knows the Message-ID and shows it once."""
    with through(fault) as got:
        outbox.send_batch(at=START)
        assert waits_until(message) == dt.timedelta(minutes=10)
        outbox.send_batch(at=START + dt.timedelta(minutes=10))

    assert len(got) == 2
    assert got[0] == got[1]
    assert (now(message).attempts, now(message).failure) == (2, why)


@pytest.mark.parametrize(
    ("fault", "attempts", "why"),
    [
        (Fault.NO_BANNER, 0, "Der Mailserver antwortet nicht: Connection unexpectedly closed: timed out"),
        (Fault.SILENT, 1, "Der Mailserver ist verstummt: Connection unexpectedly closed: timed out"),
    ],
)
def test_relay_that_says_nothing_holds_a_batch_only_so_long(
    message: OutboxMessage, through: Through, fault: Fault, attempts: int, why: str
) -> None:
    """A relay that does not even greet is down, and no message's fault."""
    with through(fault):
        outbox.send_batch(at=START)

    assert waits_until(message) == dt.timedelta(minutes=10)
    assert (now(message).attempts, now(message).failure) == (attempts, why)


@pytest.mark.usefixtures("_both_ways")
def test_mail_refused_as_a_whole_is_the_its_matter_and_not_tried_again(
    message: OutboxMessage, relay: smtp_sink.Sink
) -> None:
    relay.answers_to_data[SUSANNE] = "554 5.7.1 Message rejected as spam"
    outbox.send_batch(at=START)

    found = now(message)
    assert (found.state, found.failure) == (
        OutboxState.FAILED,
        "Der Mailserver weist unsere Mail ab: 554 5.7.1 Message rejected as spam",
    )
    [trouble] = returned.troubles().policy
    assert (trouble.person, trouble.last.diagnostic) == (message.person, "554 5.7.1 Message rejected as spam")
    assert outbox.send_batch(at=START + DAY) == 0
    assert not now(message).person.mail_comes_back


@pytest.mark.usefixtures("_both_ways")
def test_greylist_after_the_mail_is_passed_too(message: OutboxMessage, relay: smtp_sink.Sink) -> None:
    relay.answers_to_data[SUSANNE] = "451 4.7.1 Greylisted"
    outbox.send_batch(at=START)
    assert waits_until(message) == dt.timedelta(minutes=10)
    relay.answers_to_data.clear()

    outbox.send_batch(at=START + dt.timedelta(minutes=10))
    assert relay.mail == [(SUSANNE, bytes(now(message).payload or b""))]


@pytest.mark.usefixtures("_both_ways")
def test_code_is_tried_every_minute_and_not_after_it_is_over(cast: World, relay: smtp_sink.Sink) -> None:
    relay.answers[cast.birgit.email] = "450 4.7.1 Greylisted"
    data = {"code": "482915", "valid_until": (START + dt.timedelta(minutes=15)).isoformat()}
    code = outbox.write(kind=MailKind.CODE, person=cast.birgit, occasion="code:2", at=START, data=data)
    assert code is not None

    outbox.send_batch(at=START)
    assert waits_until(code) == dt.timedelta(minutes=1)
    outbox.send_batch(at=START + dt.timedelta(minutes=15))
    assert now(code).state == OutboxState.FAILED


def test_postausgang_says_why_a_mail_waits_and_why_another_did_not_arrive(
    message: OutboxMessage, relay: smtp_sink.Sink, desk: Client
) -> None:
    relay.answers[SUSANNE] = "450 4.7.1 Greylisted"
    outbox.send_batch(at=START)
    with clock.frozen(START):
        waits, letter = page(desk, "/postausgang/"), page(desk, f"/postausgang/{message.pk}/")
    relay.answers[SUSANNE] = "550 5.1.1 user unknown"
    outbox.send_batch(at=START + HOUR)
    with clock.frozen(START + HOUR):
        failed, people = page(desk, "/postausgang/"), page(desk, "/verwaltung/personen/")

    why = "Der Mailserver nimmt die Mail noch nicht an: 450 4.7.1 Greylisted"
    assert f"Noch nicht hinausgegangen. {why} neuer Versuch in 10 Minuten" in waits
    assert f"Noch nicht hinausgegangen. {why} Neuer Versuch in 10 Minuten an" in letter
    assert "Die Adresse nimmt keine Mail an: 550 5.1.1 user unknown Noch einmal senden" in failed
    assert f"{SUSANNE} Mails kommen zurück Adresse prüfen" in people


def test_relay_that_does_not_know_us_lets_everything_wait(message: OutboxMessage, through: Through) -> None:
    with through(Fault.REFUSES_US):
        outbox.send_batch(at=START)

    assert now(message).failure == "Der Mailserver lässt uns nicht hinein: 554 5.7.1 not you"
    assert waits_until(message) == dt.timedelta(minutes=10)


def page(desk: Client, path: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", desk.get(path).content.decode())).split())
