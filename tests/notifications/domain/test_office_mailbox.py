"""What is passed on to the Fachstelle's mailbox and comes back: it is nobody's address, and never lost in silence."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.enums import DigestRhythm
from buendnisse.models import Person
from notifications import bounces as reading
from notifications.domain import bounces, desk_post, returned
from notifications.enums import MailKind, OutboxState
from notifications.models import MailReturn, OutboxMessage
from tests.notifications import inbound_mail, sending
from tests.notifications.bounces import reports
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON, OFFICE
from tests.notifications.views.test_returned import PAGE, lines, words
from tests.support import smtp_sink
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def passed_on(cast: World, relay: smtp_sink.Sink) -> OutboxMessage:
    """Susanne's question went on to the Fachstelle's mailbox."""
    inbound_mail.has_mailbox()
    inbound_mail.words(cast)
    sending.deliver(relay, at=NOON + MINUTE)
    return OutboxMessage.objects.get(kind=MailKind.PASSED_ON)


def come_back(message: OutboxMessage) -> MailReturn:
    return bounces.refused(message, "550 5.1.1 user unknown", at=NOON + HOUR)


def test_mailbox_that_takes_no_mail_is_the_fachstelles_matter(passed_on: OutboxMessage, cast: World) -> None:
    row = come_back(passed_on)

    found = returned.troubles()
    assert ([one.last for one in found.mailboxes], found.addresses) == ([row], [])
    assert (row.address, row.settled_at) == (OFFICE, None)
    assert OutboxMessage.objects.get().state == OutboxState.FAILED
    assert Person.objects.exclude(failed_address="").count() == 0
    assert lines(desk_post.returned_mail()) == [
        (
            "Ihr Postfach nimmt keine Mail an",
            f"Was wir an {OFFICE} weitergeben, kommt zurück. Die Mails selbst stehen im Posteingang.",
            "Ansehen",
        )
    ]


def test_page_says_where_the_address_stands_and_is_told_when_it_was_seen(
    passed_on: OutboxMessage, cast: World, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + 2 * HOUR)
    row = come_back(passed_on)
    shown = desk.get(PAGE)
    assert f"Ihr Postfach {OFFICE}: eine Mail kam zurück" in words(shown)
    assert '<a href="/verwaltung/angaben/">' in shown.content.decode()

    said = words(desk.post(f"{PAGE}{row.pk}/", {"do": "seen"}, follow=True))

    assert ("Erledigt." in said, "Zurzeit ist nichts zu klären." in said) == (True, True)


def test_address_of_its_keeper_has_nothing_to_do_with_it(passed_on: OutboxMessage, relay: Any) -> None:
    """Neither does it hold what is passed on, nor settle what came back of it."""
    row, keeper = come_back(passed_on), passed_on.person
    returned.holds(keeper, by=keeper, at=NOON + HOUR)
    row.refresh_from_db()
    assert (row.settled_at, OutboxMessage.objects.get().state) == (None, OutboxState.FAILED)

    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(state=OutboxState.WAITING)
    Person.objects.filter(pk=keeper.pk).update(failed_address=keeper.email)
    bounces.refused(sent_to_its_keeper(message), "550 5.1.1 user unknown", at=NOON + HOUR)
    assert OutboxMessage.objects.get(pk=message.pk).state == OutboxState.WAITING


def sent_to_its_keeper(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.create(
        kind=MailKind.MINUTES,
        person=message.person,
        occasion="minutes:1",
        state=OutboxState.SENT,
        payload=b"x",
        to_address=message.person.email,
        created_at=NOON,
        not_before=NOON,
    )


def test_mailbox_that_calls_it_spam_ends_nobodys_letter(passed_on: OutboxMessage) -> None:
    digest = passed_on.person.digest
    report = reading.read(reports.complaint(message_id=passed_on.message_id))
    assert report is not None

    bounces.settle(report, inbound=None, at=NOON + HOUR)

    assert digest != DigestRhythm.NEVER
    assert Person.objects.get(pk=passed_on.person_id).digest == digest
    assert len(returned.troubles().mailboxes) == 1
