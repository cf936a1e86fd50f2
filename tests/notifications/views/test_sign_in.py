"""Signing in by mailed code: the same answer for everybody, and a code that works once, for its owner, for a while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from buendnisse import clock
from buendnisse.domain import admission, links
from buendnisse.models import Person
from notifications import adapters
from notifications.domain import ring
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests import world
from tests.factories.buendnisse import PersonFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

ASK, CONFIRM = "/anmelden/", "/anmelden/code/"


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Iterator[World]:
    with clock.frozen(AT):
        yield world.build()


def ask(client: Client, address: str) -> Any:
    return client.post(ASK, {"email": address}, follow=True)


def code_for(person: Person) -> str:
    message = OutboxMessage.objects.filter(person=person, kind=MailKind.CODE).latest("pk")
    return str(message.data["code"])


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize(("page", "is_told"), [("/sitzungen/2027-q1-arbeit/", 1), ("/planung/2027/", 0)])
def test_whoever_comes_from_a_calendar_is_told_that_members_need_no_account(
    cast: World, client: Client, page: str, is_told: int
) -> None:
    html = client.get(page, follow=True).content.decode()

    assert html.count("Mitglieder brauchen kein Konto: Alles zu dieser Sitzung steht in unseren") == is_told


def test_right_code_signs_in_with_a_new_session(cast: World, client: Client) -> None:
    page = ask(client, cast.imke.email.upper())
    before = client.session.session_key
    response = client.post(CONFIRM, {"code": f" {code_for(cast.imke)[:3]} {code_for(cast.imke)[3:]} "})

    assert page.redirect_chain == [(CONFIRM, 302)]
    assert response.headers["Location"] == "/"
    assert signed_in(client) == str(cast.imke.pk)
    assert client.session.session_key != before


def test_code_is_first_in_the_queue_and_leaves_at_once(cast: World, client: Client, settings: Any) -> None:
    settings.DEMO = True
    ask(client, cast.imke.email)
    message = OutboxMessage.objects.get()

    assert (message.person, message.priority, message.not_before) == (cast.imke, 100, AT)
    assert len(message.data["code"]) == 6
    ring.ring(at=AT)
    assert OutboxMessage.objects.get().state == OutboxState.SENT
    assert OutboxMessage.objects.get().subject == "Ihr Code zum Anmelden"


def test_wrong_code_says_so_and_keeps_the_page(cast: World, client: Client) -> None:
    ask(client, cast.imke.email)
    wrong = "000000" if code_for(cast.imke) != "000000" else "111111"
    response = client.post(CONFIRM, {"code": wrong})

    assert response.context["form"].errors == {
        "code": ["Dieser Code stimmt nicht. Bitte sehen Sie noch einmal in die E-Mail."]
    }
    assert signed_in(client) is None


def test_five_wrong_codes_end_the_attempt(cast: World, client: Client) -> None:
    ask(client, cast.imke.email)
    good = code_for(cast.imke)
    wrong = "000000" if good != "000000" else "111111"
    for _guess in range(5):
        response = client.post(CONFIRM, {"code": wrong})

    assert response.headers["Location"] == ASK
    client.post(CONFIRM, {"code": good})
    assert signed_in(client) is None


@pytest.mark.parametrize("who", ["unknown", "hedwig", "shared", "left"])
def test_everybody_else_is_told_the_same_and_gets_no_mail(cast: World, client: Client, who: str) -> None:
    address = {"hedwig": cast.hedwig.email}.get(who, "familie@verein.example")
    if who == "shared":
        PersonFactory(email=address)
        PersonFactory(email=address)
    if who == "left":
        PersonFactory(email=address, may_sign_in=True, active_until=clock.local_date(AT).replace(day=1))
    known = ask(Client(), cast.imke.email).content.decode().replace(cast.imke.email, address)
    page = ask(client, address)

    assert without_token(page.content.decode()) == without_token(known)
    assert [message.person for message in OutboxMessage.objects.all()] == [cast.imke]
    assert client.post(CONFIRM, {"code": ""}).context["form"].errors == {"code": ["Bitte füllen Sie dieses Feld aus."]}


def without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_expired_code_leads_back_to_the_start(cast: World, client: Client, settings: Any) -> None:
    ask(client, cast.imke.email)
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
    response = client.post(CONFIRM, {"code": code_for(cast.imke)})

    assert response.headers["Location"] == ASK
    assert signed_in(client) is None


def test_code_works_once_and_only_where_it_was_asked_for(cast: World, client: Client) -> None:
    ask(client, cast.imke.email)
    code = code_for(cast.imke)
    client.post(CONFIRM, {"code": code})
    client.post("/anmelden/abmelden/")
    client.post(CONFIRM, {"code": code})
    elsewhere = Client()
    elsewhere.post(CONFIRM, {"code": code})

    assert signed_in(client) is None
    assert signed_in(elsewhere) is None


def test_later_code_replaces_one_that_waits(cast: World, client: Client) -> None:
    ask(client, cast.imke.email)
    ask(Client(), cast.imke.email)

    states = [message.state for message in OutboxMessage.objects.order_by("pk")]
    assert states == [OutboxState.SUPERSEDED, OutboxState.WAITING]


def test_asking_too_often_is_refused_in_german(cast: World) -> None:
    for _time in range(5):
        ask(Client(), cast.imke.email)
    response = ask(Client(), cast.imke.email)

    assert response.context["form"].errors == {
        "email": ["Das waren zu viele Versuche. Bitte warten Sie eine Viertelstunde, oder rufen Sie uns an."]
    }


def test_withdrawn_permission_ends_the_session(cast: World, client: Client) -> None:
    client.force_login(cast.theda, backend="notifications.adapters.SignInBackend")
    Person.objects.filter(pk=cast.theda.pk).update(may_sign_in=False)

    assert client.get("/").headers["Location"] == "/anmelden/"


def test_signing_out_is_a_post(cast: World, client: Client) -> None:
    client.force_login(cast.imke, backend="notifications.adapters.SignInBackend")
    page = client.get("/anmelden/abmelden/")

    assert (page.status_code, signed_in(client)) == (200, str(cast.imke.pk))
    left = client.post("/anmelden/abmelden/")
    assert signed_in(client) is None
    assert (left.headers["Clear-Site-Data"], "Clear-Site-Data" in page.headers) == ('"storage"', False)


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/change/", "password/reset/", "login/", "confirm-email/", "reauthenticate/"]
)
def test_nothing_else_of_allauth_is_reachable(cast: World, client: Client, path: str) -> None:
    assert client.get(f"/anmelden/{path}").status_code == 404


def test_link_signs_in_once(cast: World, client: Client) -> None:
    path = f"/anmelden/einmal/{links.token(admission.sign_in_link(cast.imke, at=AT))}/"
    shown = client.get(path)

    assert (shown.status_code, signed_in(client)) == (200, None)
    assert client.post(path).headers["Location"] == "/"
    assert signed_in(client) == str(cast.imke.pk)
    assert Client().post(path).status_code == 410


def test_link_of_somebody_who_left_signs_nobody_in(cast: World, client: Client) -> None:
    link = admission.sign_in_link(cast.imke, at=AT)
    Person.objects.filter(pk=cast.imke.pk).update(may_sign_in=False)

    assert client.post(f"/anmelden/einmal/{links.token(link)}/").status_code == 410
    assert signed_in(client) is None


def test_fresh_installation_says_how_to_begin(client: Client) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert "manage.py admit" in page.content.decode()


def test_waking_a_broker_that_is_down_neither_fails_nor_hangs(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    began = time.monotonic()
    adapters.wake()

    assert time.monotonic() - began < 3


def test_browsers_send_the_origin_with_our_forms(cast: World, client: Client) -> None:
    """Under "no-referrer" a browser posts with "Origin: null", and every form of ours is refused (Fetch standard 3.1)."""
    assert client.get(ASK).headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="referrer" content="same-origin">' in client.get(ASK).content.decode()
