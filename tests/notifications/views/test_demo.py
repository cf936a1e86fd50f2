"""The demo's roles, and that they exist nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.models import AccessLink, DemoRole, Installation
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests import world
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Iterator[World]:
    with clock.frozen(AT):
        yield world.build()


@pytest.fixture
def demo(cast: World, settings: Any) -> World:
    settings.DEMO = True
    Installation.objects.update(is_demo=True)
    DemoRole.objects.create(code="fachstelle", person=cast.imke, label="Leitung der Fachstelle", position=1)
    DemoRole.objects.create(code="volunteer", person=cast.hedwig, label="Ehrenamtliche", position=2)
    return cast


@pytest.mark.parametrize(("environment", "database"), [(False, False), (True, False), (False, True)])
def test_there_are_no_roles_outside_a_demo(
    cast: World, client: Client, settings: Any, *, environment: bool, database: bool
) -> None:
    settings.DEMO = environment
    Installation.objects.update(is_demo=database)

    assert client.get("/demo/rollen/").status_code == 404
    assert client.post("/demo/rollen/", {"person": cast.imke.pk}).status_code == 404
    assert client.get(f"/demo/post/{cast.hedwig.pk}/").status_code == 404
    assert client.get("/").headers["Location"] == "/anmelden/"


def test_start_page_leads_to_the_roles(demo: World, client: Client) -> None:
    page = client.get("/", follow=True)

    assert page.redirect_chain == [("/demo/rollen/", 302)]
    assert [role.label for role in page.context["roles"]] == ["Leitung der Fachstelle", "Ehrenamtliche"]


def test_choosing_somebody_with_an_account_signs_in(demo: World, client: Client) -> None:
    assert client.post("/demo/rollen/", {"person": demo.imke.pk}).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(demo.imke.pk)


def test_choosing_somebody_without_opens_the_mailbox(demo: World, client: Client) -> None:
    client.post("/demo/rollen/", {"person": demo.imke.pk})
    page = client.post("/demo/rollen/", {"person": demo.hedwig.pk}, follow=True)

    assert page.redirect_chain == [(f"/demo/post/{demo.hedwig.pk}/", 302)]
    assert "_auth_user_id" not in client.session
    [settings_page] = [one for one in page.context["pages"] if str(one.label) == "E-Mails einstellen"]
    assert client.get(settings_page.path).status_code == 200


def test_waiting_mail_is_delivered_at_once_and_read_with_links_that_work(demo: World, client: Client) -> None:
    link = AccessLink.objects.create(
        person=demo.hedwig, purpose="settings", created_at=AT, expires_at=AT.replace(year=2027)
    )
    message = OutboxMessage.objects.create(
        kind=MailKind.LINK, person=demo.hedwig, occasion="link:1", created_at=AT, not_before=AT, data={"link": link.pk}
    )
    box = f"/demo/post/{demo.hedwig.pk}/"
    before = client.get(box).context["waiting"]
    client.post(f"{box}zustellen/")
    page = client.get(f"{box}{message.pk}/")
    frame = client.get(f"{box}{message.pk}/html/")

    assert before == [message]
    assert OutboxMessage.objects.get().state == OutboxState.SENT
    path = next(word for word in page.context["mail"].text.split() if "/einstellungen/" in word).split("/", 3)[3]
    assert client.get(f"/{path}").status_code == 200
    assert '<base target="_top">' in frame.content.decode()
    assert frame.headers["Content-Security-Policy"].endswith(
        "sandbox allow-same-origin allow-top-navigation-by-user-activation"
    )


def test_nobody_is_404(demo: World, client: Client) -> None:
    assert client.post("/demo/rollen/", {"person": "x"}).status_code == 404
    assert client.get("/demo/post/99999/").status_code == 404
    assert client.get(f"/demo/post/{demo.hedwig.pk}/99999/").status_code == 404
