"""Mail scanners follow every link, by GET and HEAD. Nothing in the database may change by that."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from buendnisse import clock
from buendnisse.clock import at_local
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import Person
from meetings.domain import agenda, agenda_proposals, calls, decisions, planning
from meetings.domain.schedule import schedule
from meetings.enums import AgendaItemState, DeadlineKind, DecisionState
from meetings.models import AgendaItem, Meeting
from notifications.domain import render, ring, urls_for
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests.architecture.scenery import AT as SCENE
from tests.architecture.scenery import addresses, build
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

_LINK = re.compile(r"https?://[^\s\"'<>]+")


def everything() -> dict[str, list[str]]:
    """Every row of every table, sessions among them."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
    }


def look(client: Client, address: str) -> set[int]:
    return {client.get(address).status_code, client.head(address).status_code}


@pytest.fixture
def told(cast: World) -> dt.datetime:
    """Mails of one quarter, from the date to the fate of topics; the moment the last of them was written."""
    march = planning.plan(
        cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        mode="onsite",
        venue=cast.venue,
        form_key=uuid.uuid4(),
        by=cast.imke,
        at=AT,
    )
    planning.confirm(march, by=cast.imke, at=AT)
    done = DecisionFactory(
        agenda_item=AgendaItemFactory(
            meeting=MeetingFactory(alliance=cast.arbeit), proposer=cast.susanne, state=AgendaItemState.DISCUSSED
        ),
        state=DecisionState.IN_PROGRESS,
    )
    decisions.follow_up(done, state=DecisionState.DONE, version=1, by=cast.imke, at=AT)
    ring.ring(at=AT, send=False)
    ring.ring(at=at_local(schedule(march)[DeadlineKind.CALL_FOR_ITEMS], dt.time(7, 0)), send=False)
    at = at_local(schedule(march)[DeadlineKind.REMINDER], dt.time(7, 0))
    ring.ring(at=at, send=False)
    assert calls.unanswered(march, at=at)
    for title in ("Rufbus", "Elternlotsen"):
        propose(cast, march, title, at)
    agenda.decline(AgendaItem.objects.get(title="Rufbus"), reason="Voll.", by=cast.imke, at=at)
    ring.ring(at=at, send=False)
    return at


def propose(cast: World, meeting: Meeting, title: str, at: dt.datetime) -> AgendaItem:
    return agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=meeting,
        title=title,
        proposer=cast.susanne,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=at,
    )


def rendered(at: dt.datetime) -> dict[str, set[str]]:
    """By kind of mail, the links in it."""
    found: dict[str, set[str]] = {}
    for message in OutboxMessage.objects.select_related("person__organisation", "copy_to").order_by("pk"):
        try:
            letter = render.render(message, at=at)
        except NothingToSay:
            continue
        found.setdefault(message.kind, set()).update(_LINK.findall(f"{letter.text} {letter.html}"))
    return found


def test_following_every_link_in_mails_changes_nothing(client: Client, cast: World, told: dt.datetime) -> None:
    mails = rendered(told)
    assert {
        MailKind.INVITATION,
        MailKind.CALL,
        MailKind.CALL_REMINDER,
        MailKind.ITEM_RECEIVED,
        MailKind.ITEM_FATE,
        MailKind.ITEM_DONE,
    } <= set(mails)

    with clock.frozen(told):
        before = everything()
        ours = {link for found in mails.values() for link in found if link.startswith(urls_for.absolute(""))}
        answers = {link: look(client, link.removeprefix(urls_for.absolute(""))) for link in sorted(ours)}
        after = everything()

    assert {link: codes for link, codes in answers.items() if codes != {200}} == {}
    assert after == before


def test_no_page_behind_any_personal_link_acts_on_get(client: Client) -> None:
    """Each kind of link at every address that takes one, whether it opens there or not."""
    scenery = build()
    person, ahead = scenery.people["member"], Meeting.objects.get(slug="2027-q1-arbeit")
    AgendaItemFactory(meeting=ahead, proposer=person, state=AgendaItemState.PROPOSED)
    tokens = {purpose: _token(person, purpose, ahead) for purpose in LinkPurpose}
    pages = {name: names for name, names in addresses().items() if "token" in names}

    with clock.frozen(SCENE):
        before = everything()
        codes = {
            code
            for token in tokens.values()
            for name, names in pages.items()
            for code in look(client, reverse(name, kwargs=_given(scenery, name, names, token)))
        }
        after = everything()

    assert after == before
    assert 200 in codes
    assert max(codes) < 500


def _given(scenery: Any, name: str, names: tuple[str, ...], token: str) -> dict[str, Any]:
    return {
        key: token if key == "token" else scenery.numbers.get(f"{name}.{key}", scenery.numbers.get(key, "x"))
        for key in names
    }


def _token(person: Person, purpose: LinkPurpose, ahead: Meeting) -> str:
    subject: Any = AgendaItem.objects.get(proposer=person) if purpose == LinkPurpose.ITEM else ahead
    until = SCENE + dt.timedelta(days=30)
    return links.token(links.grant(person, purpose=purpose, subject=subject, until=until, at=SCENE))
