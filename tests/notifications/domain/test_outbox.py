import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest
from django.db import transaction

from buendnisse import clock
from buendnisse.domain import journal, link_requests, links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from notifications.domain import outbox, ring
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import PersonFactory
from tests.support import smtp_sink
from tests.world import AT

pytestmark = pytest.mark.django_db(transaction=True)

LATER = AT + dt.timedelta(minutes=30)


@pytest.fixture
def sink(settings: Any) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running() as running:
        settings.SMTP = {
            "host": "127.0.0.1",
            "port": running.port,
            "user": "",
            "password": "",
            "tls": False,
            "starttls": False,
        }
        yield running


def write_code(person: Person, **kwargs: Any) -> OutboxMessage:
    message = outbox.write(
        kind=MailKind.CODE,
        person=person,
        at=AT,
        data={"code": "482915", "valid_until": (AT + dt.timedelta(hours=2)).isoformat()},
        **({"occasion": "code:1"} | kwargs),
    )
    assert message is not None
    return message


def state(message: OutboxMessage) -> str:
    return OutboxMessage.objects.get(pk=message.pk).state


def test_message_is_written_once_an_occasion() -> None:
    person = PersonFactory()
    write_code(person)

    again = outbox.write(kind=MailKind.CODE, person=person, occasion="code:1", at=AT)

    assert again is None
    assert OutboxMessage.objects.count() == 1


def test_person_without_mail_gets_none() -> None:
    person = PersonFactory(email="", mail_format="none")

    assert outbox.write(kind=MailKind.CODE, person=person, occasion="code:1", at=AT) is None


def test_later_message_of_a_matter_replaces_the_waiting_one() -> None:
    person = PersonFactory()
    first = write_code(person, matter="m", occasion="a")
    second = write_code(person, matter="m", occasion="b")

    assert [state(first), state(second)] == [OutboxState.SUPERSEDED, OutboxState.WAITING]


def test_message_leaves_with_the_bytes_it_was_frozen_with(sink: smtp_sink.Sink) -> None:
    person = PersonFactory(email="hedwig@besuchsdienst.example")
    message = write_code(person)

    assert outbox.send_batch(at=AT) == 1

    stored = OutboxMessage.objects.get(pk=message.pk)
    assert (stored.state, stored.to_address, stored.subject) == (
        "sent",
        "hedwig@besuchsdienst.example",
        "Ihr Code zum Anmelden",
    )
    [(recipient, data)] = sink.mail
    assert recipient == "hedwig@besuchsdienst.example"
    assert message_from_bytes(data)["Message-ID"] == stored.message_id


def test_code_is_forgotten_once_it_left(sink: smtp_sink.Sink) -> None:
    message = write_code(PersonFactory())

    outbox.send_batch(at=AT)

    stored = OutboxMessage.objects.get(pk=message.pk)
    assert (stored.payload, stored.data) == (None, {})


def test_batch_uses_one_connection(sink: smtp_sink.Sink) -> None:
    for number in range(5):
        write_code(PersonFactory(), occasion=f"code:{number}")

    assert outbox.send_batch(at=AT) == 5
    assert (len(sink.mail), sink.sessions) == (5, 1)


def test_refused_recipient_is_a_failure_with_the_relays_words_and_others_go(sink: smtp_sink.Sink) -> None:
    bad, good = PersonFactory(email="weg@verein.example"), PersonFactory()
    sink.answers["weg@verein.example"] = "550 5.1.1 user unknown"
    refused, taken = write_code(bad, occasion="a"), write_code(good, occasion="b")

    outbox.send_batch(at=AT)

    assert [state(refused), state(taken)] == [OutboxState.FAILED, OutboxState.SENT]
    assert OutboxMessage.objects.get(pk=refused.pk).failure == (
        "Die Adresse nimmt keine Mail an: 550 5.1.1 user unknown"
    )


def test_passing_refusal_waits_and_goes_again_with_the_same_bytes(sink: smtp_sink.Sink) -> None:
    person = PersonFactory(email="voll@verein.example")
    sink.answers["voll@verein.example"] = "452 4.2.2 mailbox full"
    message = write_code(person)
    outbox.send_batch(at=AT)
    frozen = OutboxMessage.objects.get(pk=message.pk)
    sink.answers.clear()

    assert frozen.state == OutboxState.WAITING
    assert outbox.send_batch(at=AT) == 0
    assert outbox.send_batch(at=LATER) == 1
    assert sink.mail[0][1] == bytes(frozen.payload or b"")


def test_relay_that_is_down_loses_nothing(settings: Any) -> None:
    with smtp_sink.running() as gone:
        port = gone.port
    settings.SMTP = {"host": "127.0.0.1", "port": port, "user": "", "password": "", "tls": False, "starttls": False}
    message = write_code(PersonFactory())

    outbox.send_batch(at=AT)

    assert state(message) == OutboxState.WAITING


def test_message_of_a_dead_worker_goes_again_with_the_same_bytes(sink: smtp_sink.Sink) -> None:
    message = write_code(PersonFactory())
    outbox.send_batch(at=AT)
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=OutboxState.SENDING, payload=sink.mail[0][1], claimed_at=clock.real_now() - dt.timedelta(minutes=6)
    )

    assert outbox.send_batch(at=AT) == 1
    assert sink.mail[0] == sink.mail[1]


def test_message_a_living_worker_holds_is_left_alone(sink: smtp_sink.Sink) -> None:
    message = write_code(PersonFactory())
    OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxState.SENDING, claimed_at=clock.real_now())

    assert outbox.send_batch(at=AT) == 0
    assert sink.mail == []


def test_message_waits_while_an_earlier_one_of_its_matter_is_on_its_way(sink: smtp_sink.Sink) -> None:
    person = PersonFactory()
    first = write_code(person, matter="invite:1", occasion="a")
    OutboxMessage.objects.filter(pk=first.pk).update(state=OutboxState.SENDING, claimed_at=clock.real_now())
    second = write_code(person, matter="invite:1", occasion="b")

    assert outbox.send_batch(at=AT) == 0
    assert state(second) == OutboxState.WAITING


def test_code_goes_before_other_mail(sink: smtp_sink.Sink) -> None:
    link = links.grant(PersonFactory(), purpose=LinkPurpose.SETTINGS, until=AT, at=AT)
    outbox.write(
        kind=MailKind.LINK, person=link.person, occasion="l", at=AT - dt.timedelta(hours=1), data={"link": link.pk}
    )
    code = write_code(PersonFactory())

    outbox.send_batch(at=AT, limit=1)

    assert state(code) == OutboxState.SENT


def test_code_that_is_over_is_not_sent(sink: smtp_sink.Sink) -> None:
    message = write_code(PersonFactory())

    outbox.send_batch(at=AT + dt.timedelta(hours=3))

    assert (state(message), sink.mail) == (OutboxState.SUPERSEDED, [])


def test_stopped_message_stays_until_it_is_released(sink: smtp_sink.Sink) -> None:
    message = write_code(PersonFactory())
    outbox.stop(message)

    assert outbox.send_batch(at=AT) == 0
    outbox.release(message, at=AT)
    assert outbox.send_batch(at=AT) == 1


def test_sent_message_cannot_be_stopped(sink: smtp_sink.Sink) -> None:
    message = write_code(PersonFactory())
    outbox.send_batch(at=AT)

    with pytest.raises(outbox.NotWaiting):
        outbox.stop(message)


def test_without_a_relay_mail_waits_outside_a_demo(settings: Any) -> None:
    settings.SMTP = {"host": "", "port": 0, "user": "", "password": "", "tls": False, "starttls": False}
    message = write_code(PersonFactory())

    assert outbox.send_batch(at=AT) == 0
    assert state(message) == OutboxState.WAITING


def test_second_ring_at_one_moment_does_nothing(sink: smtp_sink.Sink) -> None:
    person = PersonFactory()
    link = links.grant(person, purpose=LinkPurpose.SETTINGS, until=AT, at=AT)
    link_requests.request(link, at=AT)
    moment = AT + outbox.GRACE

    first = ring.ring(at=moment)
    second = ring.ring(at=moment)

    assert (first.written, first.sent, second.is_quiet(), len(sink.mail)) == (1, 1, True, 1)


def test_change_waits_a_minute_before_it_leaves(sink: smtp_sink.Sink) -> None:
    link = links.grant(PersonFactory(), purpose=LinkPurpose.SETTINGS, until=AT, at=AT)
    link_requests.request(link, at=AT)

    assert ring.ring(at=AT + dt.timedelta(seconds=59)).sent == 0
    assert ring.ring(at=AT + dt.timedelta(seconds=60)).sent == 1


def test_ring_by_two_at_once_is_refused(sink: smtp_sink.Sink) -> None:
    ring.ring(at=AT)  # closes the first window of the letters
    token = ring._take_lease()

    with pytest.raises(ring.AlreadyRinging):
        ring.ring(at=AT)
    ring._give_back(token, ring.Rung(AT))
    assert ring.ring(at=AT).at == AT


def test_ring_into_the_future_is_refused_outside_a_demo() -> None:
    with clock.frozen(AT), pytest.raises(ring.RingRefused) as refused:
        ring.move_clock(to=AT + dt.timedelta(days=1))

    assert str(refused.value) == "Dieser Zeitpunkt liegt in der Zukunft. Das geht nur in einer Demo."


def test_ring_before_the_last_one_is_refused() -> None:
    ring.ring(at=AT)

    with pytest.raises(ring.RingRefused):
        ring.move_clock(to=AT - dt.timedelta(minutes=1))


def test_change_outside_a_transaction_is_refused() -> None:
    assert not transaction.get_connection().in_atomic_block
    with pytest.raises(journal.OutsideTransaction):
        journal.record("x", PersonFactory(), at=AT, by=None)


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("vertretung@verein-süd.example", "vertretung@xn--verein-sd-x9a.example"),
        ("vertretung@[127.0.0.1]", ""),
        ("förderkreis@verein.example", ""),
    ],
)
def test_strange_address_holds_up_nobody_else(sink: smtp_sink.Sink, address: str, sent_to: str) -> None:
    people = [
        PersonFactory(email="vorher@x.example"),
        PersonFactory(email=address),
        PersonFactory(email="nachher@x.example"),
    ]
    messages = [write_code(person, occasion=f"code:{number}") for number, person in enumerate(people)]

    outbox.send_batch(at=AT)

    assert [state(message) for message in messages] == ["sent", "sent" if sent_to else "failed", "sent"]
    assert [recipient for recipient, _data in sink.mail] == [
        recipient for recipient in ("vorher@x.example", sent_to, "nachher@x.example") if recipient
    ]
