from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import AccessLink, Person
from notifications.domain import outbox, previews
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests import world
from tests.world import AT, World

pytestmark = pytest.mark.django_db

TOKEN = "/mq-abcDEF0123456789_~Xy/"


@pytest.fixture
def cast() -> World:
    return world.build()


def link_mail(person: Person) -> OutboxMessage:
    link = AccessLink.objects.create(
        person=person, purpose="unsubscribe", created_at=AT, expires_at=AT + dt.timedelta(days=3)
    )
    message = outbox.write(kind=MailKind.LINK, person=person, occasion="link:1", at=AT, data={"link": link.pk})
    assert message is not None
    return message


def code_mail(person: Person) -> OutboxMessage:
    data = {"code": "482915", "valid_until": (AT + dt.timedelta(minutes=15)).isoformat()}
    message = outbox.write(kind=MailKind.CODE, person=person, occasion="code:1", at=AT, data=data)
    assert message is not None
    return message


def test_code_is_never_shown(cast: World) -> None:
    shown = previews.preview(code_mail(cast.imke), at=AT, is_open=False)

    assert shown == previews.Preview(gone="code")


def test_code_is_shown_in_the_demo(cast: World) -> None:
    shown = previews.preview(code_mail(cast.imke), at=AT, is_open=True)

    assert "482915" in shown.text
    assert "482915" in shown.html


def test_mail_whose_occasion_is_over_says_so(cast: World) -> None:
    shown = previews.preview(code_mail(cast.imke), at=AT + dt.timedelta(hours=1), is_open=True)

    assert shown.gone == "over"


def test_looking_grants_no_link_and_freezes_nothing(cast: World) -> None:
    message = link_mail(cast.susanne)
    before = list(AccessLink.objects.values())
    previews.preview(message, at=AT, is_open=False)

    assert list(AccessLink.objects.values()) == before
    assert (OutboxMessage.objects.get().payload, message.message_id) == (None, "")


def test_personal_links_are_masked_everywhere() -> None:
    payload = (
        "From: a@x.example\r\nTo: b@x.example\r\nSubject: Sitzung\r\nMessage-ID: <1@x.example>\r\n"
        f"List-Unsubscribe: <https://x.example/abbestellen{TOKEN}>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=x\r\n\r\n"
        f"--x\r\nContent-Type: text/plain\r\n\r\nhttps://x.example/antwort{TOKEN}zusagen/\r\n"
        f'--x\r\nContent-Type: text/html\r\n\r\n<a href="https://x.example/antwort{TOKEN}">hier</a>\r\n--x--\r\n'
    ).encode()
    message = OutboxMessage(kind=MailKind.AGENDA, payload=payload, message_id="<1@x.example>")

    shown = previews.preview(message, at=AT, is_open=False)

    assert shown.text.strip() == "https://x.example/antwort/…/zusagen/"
    assert shown.html.strip() == '<a href="https://x.example/antwort/…/">hier</a>'
    assert dict(shown.headers)["List-Unsubscribe"] == "<https://x.example/abbestellen/…/>"
    assert TOKEN in previews.preview(message, at=AT, is_open=True).text
