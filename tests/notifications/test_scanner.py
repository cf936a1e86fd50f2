"""Mail scanners follow every link, by GET and HEAD. Nothing in the database may change by that.

Those of mails that really left are followed in `test_every_mail.py`, where every kind is sent anyway.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AddressWish, Person
from meetings.domain import answers, deputies
from meetings.enums import AgendaItemState
from meetings.models import ActionItem, CircularVote, Decision, DeputyRequest, Meeting, Minutes, Relay
from notifications.enums import MailKind
from notifications.models import InboundMessage
from tests.architecture.scenery import AT as SCENE
from tests.architecture.scenery import Scenery, addresses, build
from tests.factories.meetings import AgendaItemFactory
from tests.notifications.every_mail import MAILS, SUBJECTS
from tests.notifications.scanning import everything, look

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


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
