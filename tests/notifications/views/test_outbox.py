"""The Postausgang: bundles, previews, and time to stop."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.models import Change, Person
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests import world
from tests.factories.buendnisse import PersonFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

BACKEND = "notifications.adapters.SignInBackend"


@pytest.fixture
def cast() -> Iterator[World]:
    with clock.frozen(AT):
        yield world.build()


def mail(person: Person, **fields: Any) -> OutboxMessage:
    given = {
        "kind": MailKind.LINK,
        "occasion": "link:1",
        "created_at": AT,
        "not_before": AT + dt.timedelta(seconds=40),
        "data": {"link": 0},
    }
    return OutboxMessage.objects.create(person=person, **(given | fields))


def code(person: Person, **fields: Any) -> OutboxMessage:
    data = {"code": "482915", "valid_until": (AT + dt.timedelta(minutes=15)).isoformat()}
    return mail(person, **({"kind": MailKind.CODE, "occasion": "code:1", "data": data} | fields))


def states() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("state", flat=True))


def test_same_mail_to_many_is_one_line(desk: Client) -> None:
    for _number in range(3):
        mail(PersonFactory())
    [line] = desk.get("/postausgang/").context["waiting"]

    assert (line.label, line.count, line.person) == ("Neuer Link", 3, None)
    assert "geht in 40\N{NO-BREAK SPACE}Sekunden" in desk.get("/postausgang/").content.decode()


def test_digests_of_one_ring_are_one_line(desk: Client) -> None:
    for number in range(2):
        mail(
            PersonFactory(),
            kind=MailKind.DIGEST,
            occasion=f"digest:{number}:2026-11-23",
            state=OutboxState.SENT,
            sent_at=AT,
        )

    assert [line.count for line in desk.get("/postausgang/").context["sent"]] == [2]


def test_failed_mail_names_person_and_reason_and_goes_again(desk: Client) -> None:
    message = mail(PersonFactory(), state=OutboxState.FAILED, failure="Das Postfach ist voll.")
    [line] = desk.get("/postausgang/").context["failed"]
    desk.post(f"/postausgang/{message.pk}/", {"do": "release"})

    assert (line.person, line.failure) == (message.person, "Das Postfach ist voll.")
    assert states() == [OutboxState.WAITING]


def test_one_state_has_pages_and_filters(desk: Client) -> None:
    for row in range(31):
        mail(PersonFactory(), occasion=f"link:{row}", state=OutboxState.SENT, sent_at=AT)
    code(PersonFactory(), state=OutboxState.SENT, sent_at=AT, data={})

    assert len(desk.get("/postausgang/?stand=sent&seite=2").context["lines"]) == 2
    assert [line.label for line in desk.get("/postausgang/?stand=sent&art=code").context["lines"]] == [
        "Code zum Anmelden"
    ]
    assert desk.get("/postausgang/?stand=sent&sitzung=abc").status_code == 200


def test_stop_release_and_hurry_one_or_all(desk: Client) -> None:
    first, _second = mail(PersonFactory()), mail(PersonFactory())
    path = f"/postausgang/{first.pk}/"

    desk.post(path, {"do": "stop"})
    assert states() == [OutboxState.STOPPED, OutboxState.WAITING]
    desk.post(path, {"do": "stop", "whole": "on"})
    assert states() == [OutboxState.STOPPED, OutboxState.STOPPED]
    desk.post(path, {"do": "release", "whole": "on"})
    assert states() == [OutboxState.WAITING, OutboxState.WAITING]
    desk.post(path, {"do": "hurry", "whole": "on"})
    assert set(OutboxMessage.objects.values_list("not_before", flat=True)) == {AT}
    assert [change.verb for change in Change.objects.order_by("pk")] == [
        "mail.stop",
        "mail.stop",
        "mail.release",
        "mail.hurry",
    ]


def test_mail_that_left_is_not_stopped(desk: Client) -> None:
    message = mail(PersonFactory(), state=OutboxState.SENT, sent_at=AT)
    page = desk.post(f"/postausgang/{message.pk}/", {"do": "stop"}, follow=True)

    assert states() == [OutboxState.SENT]
    assert "Das ging nicht mehr" in page.content.decode()
    assert Change.objects.count() == 0


def test_code_is_hidden(desk: Client) -> None:
    message = code(PersonFactory())

    assert "482915" not in desk.get(f"/postausgang/{message.pk}/").content.decode()
    assert desk.get(f"/postausgang/{message.pk}/html/").content.decode() == ""


def test_html_is_framed_and_may_load_nothing(desk: Client) -> None:
    response = desk.get(f"/postausgang/{code(PersonFactory()).pk}/html/")

    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
    )
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("who", ["birgit", "theda", "lueder"])
def test_only_the_fachstelle_looks(cast: World, client: Client, who: str) -> None:
    client.force_login(getattr(cast, who), backend=BACKEND)

    assert client.get("/postausgang/").status_code == 403
    assert client.post(f"/postausgang/{mail(cast.imke).pk}/", {"do": "stop"}).status_code == 403
    assert states() == [OutboxState.WAITING]


def test_filter_bars_of_both_post_boxes_are_alike(desk: Client) -> None:
    bars = [
        re.findall(r'<form class="filters".*?</form>', desk.get(path).content.decode(), re.DOTALL)
        for path in ("/postausgang/", "/posteingang/")
    ]

    shapes = [
        [re.findall(r'class="(field[^"]*|btn[^"]*)"|aria-label="([^"]*)"', bar) for bar in found] for found in bars
    ]
    search, grows, field, button = (
        ("", "Mails suchen"),
        ("field field--grow", ""),
        ("field", ""),
        ("btn btn--primary", ""),
    )
    assert [[sorted(set(one)) for one in shape] for shape in shapes] == [[sorted([search, grows, field, button])]] * 2
