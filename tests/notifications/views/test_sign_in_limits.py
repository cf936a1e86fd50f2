"""How often a code may be asked for, and guessed: by address and by visitor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from buendnisse import clock
from buendnisse.models import Person
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests import world
from tests.factories.buendnisse import PersonFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

ASK, CONFIRM = "/anmelden/", "/anmelden/code/"
REFUSED = ["Das waren zu viele Versuche. Bitte warten Sie eine Viertelstunde, oder rufen Sie uns an."]


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Iterator[World]:
    with clock.frozen(AT):
        yield world.build()


def visitor(number: int) -> Client:
    """Somebody with a browser at a place of their own."""
    return Client(REMOTE_ADDR=f"192.0.2.{number}")


def ask(client: Client, address: str) -> Any:
    return client.post(ASK, {"email": address})


def code_for(person: Person) -> str:
    return str(OutboxMessage.objects.filter(person=person, kind=MailKind.CODE).latest("pk").data["code"])


def wrong_for(person: Person) -> str:
    return "000000" if code_for(person) != "000000" else "111111"


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def may_sign_in(count: int) -> list[Person]:
    return [PersonFactory(may_sign_in=True) for _number in range(count)]


def test_address_gets_five_codes_a_quarter_of_an_hour_whoever_asks(cast: World) -> None:
    answers = [ask(visitor(number), cast.imke.email) for number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [200]
    assert answers[5].context["form"].errors == {"email": REFUSED}
    assert OutboxMessage.objects.filter(person=cast.imke).count() == 5
    assert ask(visitor(9), cast.birgit.email).status_code == 302


def test_writing_the_address_otherwise_counts_as_the_same(cast: World) -> None:
    for number in range(5):
        ask(visitor(number), cast.imke.email)

    assert ask(visitor(6), cast.imke.email.upper()).status_code == 200


def test_visitor_asks_twenty_times_a_minute_for_whatever_addresses(cast: World) -> None:
    answers = [ask(visitor(1), f"nr{number}@verein.example").status_code for number in range(21)]

    assert answers == [302] * 20 + [200]
    assert ask(visitor(2), cast.imke.email).status_code == 302


def test_address_allows_ten_entries_a_quarter_of_an_hour_and_then_not_the_right_one(cast: World) -> None:
    for number in range(2):
        client = visitor(number)
        ask(client, cast.imke.email)
        for _guess in range(5):
            client.post(CONFIRM, {"code": wrong_for(cast.imke)})

    client = visitor(3)
    ask(client, cast.imke.email)
    answer = client.post(CONFIRM, {"code": code_for(cast.imke)})

    assert answer.context["form"].errors == {"code": REFUSED}
    assert not is_signed_in(client)
    other = visitor(3)
    ask(other, cast.birgit.email)
    other.post(CONFIRM, {"code": code_for(cast.birgit)})
    assert is_signed_in(other)


def test_visitor_makes_thirty_entries_a_minute_for_whatever_addresses(cast: World) -> None:
    people = may_sign_in(7)
    for person in people[:6]:
        client = visitor(1)
        ask(client, person.email)
        for _guess in range(5):
            client.post(CONFIRM, {"code": wrong_for(person)})

    tried = {}
    for number in (1, 2):
        client = visitor(number)
        ask(client, people[6].email)
        client.post(CONFIRM, {"code": code_for(people[6])})
        tried[number] = is_signed_in(client)

    assert tried == {1: False, 2: True}


def test_guesses_sent_at_once_are_counted_too(cast: World) -> None:
    """Each request that runs beside others reads the session as it was before any of them."""
    client = visitor(1)
    ask(client, cast.imke.email)
    before = Session.objects.get()
    for _guess in range(10):
        client.post(CONFIRM, {"code": wrong_for(cast.imke)})
        before.save()

    answer = client.post(CONFIRM, {"code": code_for(cast.imke)})

    assert answer.context["form"].errors == {"code": REFUSED}
    assert not is_signed_in(client)
