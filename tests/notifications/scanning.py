"""What a mail scanner does: it follows every link, by GET and HEAD. Nothing in the database may change by that."""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.apps import apps
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink
from notifications.domain import urls_for
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.notifications.every_mail import MAILS

_LINK = re.compile(r"\b(?:https?|webcal)://[^\s\"'<>]+")
_TOKEN = re.compile(r"/([a-z2-7]+-[A-Za-z0-9_~-]{20})(?=[/.]|$)")


def everything() -> dict[str, list[str]]:
    """Every row of every table, sessions among them."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
    }


def look(client: Client, address: str) -> set[int]:
    """Follow it both ways; what a browser with no session is sent on to is followed too."""
    responses = [ask(address, follow=True) for ask in (client.get, client.head)]
    request_finished.disconnect(close_old_connections)  # as the test client itself does: the test goes on
    for response in responses:
        response.close()
    request_finished.connect(close_old_connections)
    return {response.status_code for response in responses}


def sent(kind: MailKind) -> dict[int, EmailMessage]:
    """The mails of this kind as they left, by number of their message."""
    rows = OutboxMessage.objects.filter(kind=kind, state=OutboxState.SENT).order_by("pk")
    return {row.pk: message_from_bytes(bytes(row.payload or b""), policy=policy.default) for row in rows}  # type: ignore[misc]


def links_in(mail: EmailMessage) -> set[str]:
    """What a scanner finds: in the texts, the calendar entry and the header to unsubscribe."""
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    unfolded = "\n".join([*texts, str(mail["List-Unsubscribe"])]).replace("\r\n ", "")
    return {found.rstrip(".,") for found in _LINK.findall(unfolded)}


def opened(found: set[str], at: dt.datetime) -> set[AccessLink]:
    tokens = {token for address in found for token in _TOKEN.findall(address)}
    return {links.open_token(token, purpose=None, at=at) for token in tokens}


def follow_every_link(client: Client, kind: MailKind, *, at: dt.datetime) -> None:
    """As a scanner does, in the mails of this kind that left. Nothing changes, and each link opens what it should."""
    mails = sent(kind)
    found = {number: links_in(mail) for number, mail in mails.items()}
    assert mails

    with clock.frozen(at):
        before = everything()
        ours = {link for each in found.values() for link in each if link.startswith(urls_for.absolute("/"))}
        answers_given = {link: look(client, link.removeprefix(urls_for.absolute(""))) for link in sorted(ours)}
        after = everything()

    assert after == before
    assert {link: codes for link, codes in answers_given.items() if codes != {200}} == {}
    own = {(link.purpose, link.subject_type) for each in found.values() for link in opened(each, at)}
    assert own - {(LinkPurpose.SETTINGS, "")} == MAILS[kind].opens
    for number, each in found.items():
        assert {link.person_id for link in opened(each, at)} <= {OutboxMessage.objects.get(pk=number).person_id}
