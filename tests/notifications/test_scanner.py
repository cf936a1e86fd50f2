"""Mail scanners follow every link, by GET and HEAD. Nothing in the database may change by that."""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.signals import request_finished
from django.db import close_old_connections, models
from django.test import Client
from django.urls import reverse

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink, AddressWish, Person
from meetings.domain import answers, deputies
from meetings.enums import AgendaItemState
from meetings.models import ActionItem, CircularVote, Decision, DeputyRequest, Meeting, Minutes, Relay
from notifications.domain import ring, urls_for
from notifications.enums import MailKind, OutboxState
from notifications.models import InboundMessage, OutboxMessage
from tests.architecture.scenery import AT as SCENE
from tests.architecture.scenery import Scenery, addresses, build
from tests.factories.meetings import AgendaItemFactory
from tests.notifications.every_mail import MAILS, SUBJECTS
from tests.support import smtp_sink

pytestmark = pytest.mark.django_db

_LINK = re.compile(r"\b(?:https?|webcal)://[^\s\"'<>]+")
_TOKEN = re.compile(r"/([a-z2-7]+-[A-Za-z0-9_~-]{20})(?=[/.]|$)")


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


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


@pytest.mark.parametrize("kind", MailKind)
def test_following_every_link_of_a_mail_changes_nothing(client: Client, relay: smtp_sink.Sink, kind: MailKind) -> None:
    at = MAILS[kind].story()
    ring.ring(at=at)
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


def test_every_kind_of_mail_is_followed() -> None:
    assert set(MAILS) == set(MailKind)


def test_no_page_behind_any_personal_link_acts_on_get(client: Client) -> None:
    """Each kind of link at every address that takes one, whether it opens there or not."""
    scenery = build()
    subjects = _subjects(scenery)
    tokens = {purpose: _token(scenery, purpose, subjects[SUBJECTS[purpose]]) for purpose in LinkPurpose}
    pages = {name: names for name, names in addresses().items() if "token" in names}

    with clock.frozen(SCENE):
        before = everything()
        codes = {
            (purpose, code)
            for purpose, token in tokens.items()
            for name, names in pages.items()
            for code in look(client, reverse(name, kwargs=_given(scenery, name, names, token)))
        }
        after = everything()

    assert after == before
    assert {purpose for purpose, code in codes if code == 200} == set(LinkPurpose)
    assert max(code for _purpose, code in codes) < 500


def _given(scenery: Scenery, name: str, names: tuple[str, ...], token: str) -> dict[str, Any]:
    return {
        key: token if key == "token" else scenery.numbers.get(f"{name}.{key}", scenery.numbers.get(key, "x"))
        for key in names
    }


def _subjects(scenery: Scenery) -> dict[str, models.Model | None]:
    """By name of the model, what a link may be about."""
    member, ahead = scenery.people["member"], Meeting.objects.get(slug="2027-q1-arbeit")
    answers.call_roll(ahead)
    said = {"first_name": "Greta", "last_name": "Harms", "email": "greta@verein.example"}
    deputies.ask(ahead.attendance.get(person=member), **said, via=Via.LINK, by=member, at=SCENE)
    Decision.objects.update(responsible=member)
    return {
        "": None,
        "meeting": ahead,
        "alliance": ahead.alliance,
        "inboundmessage": InboundMessage.objects.get(person=member),
        "deputyrequest": DeputyRequest.objects.get(),
        "addresswish": AddressWish.objects.create(person=member, address="neu@verein.example", asked_at=SCENE),
        "agendaitem": AgendaItemFactory(meeting=ahead, proposer=member, state=AgendaItemState.PROPOSED),
        "minutes": Minutes.objects.get(),
        "actionitem": ActionItem.objects.get(owner=member),
        "decision": Decision.objects.get(),
        "relay": Relay.objects.get(),
        "circularvote": CircularVote.objects.get(ballots__person=member),
    }


def _token(scenery: Scenery, purpose: LinkPurpose, subject: models.Model | None) -> str:
    """Of the member; what only the chair releases, of the chair; a question to stand in, of whoever is asked."""
    person: Person = scenery.people["member"]
    if purpose in {LinkPurpose.RELEASE, LinkPurpose.AGENDA_RELEASE}:
        person = scenery.people["chair"]
    if isinstance(subject, DeputyRequest):
        person = subject.person
    return links.token(
        links.grant(person, purpose=purpose, subject=subject, until=SCENE + dt.timedelta(days=30), at=SCENE)
    )
