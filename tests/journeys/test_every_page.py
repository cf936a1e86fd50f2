"""Every address that shows a page, and every page behind a personal link: narrow and dark, wide and light."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from buendnisse import clock
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import AddressWish, Person
from meetings.enums import AgendaItemState
from meetings.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    CircularVote,
    Decision,
    DeputyRequest,
    Meeting,
    Minutes,
    Relay,
)
from notifications.domain import urls_for
from notifications.models import InboundMessage
from tests.architecture.scenery import AT, Scenery, addresses, build
from tests.architecture.test_permissions import TABLE
from tests.factories.meetings import AgendaItemFactory
from tests.journeys.conftest import DESK, PHONE, OpenPage, assert_accessible_everywhere

#: Files, frames inside other pages, and answers to machines.
NO_PAGE = (
    *(
        "_pdf",
        "_word",
        "run_sheet",
        "_csv",
        "_html",
        "_preview",
        "beforehand_mail",
        "_pulse",
        "paper_file",
        "_excerpt",
        "_sheet",
        "_ics",
        "_png",
    ),
    *("health-live", "health-ready"),
)


@pytest.fixture
def scenery(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Scenery:
    monkeypatch.setattr(clock, "now", lambda: AT)  # the server answers in threads that a frozen clock does not reach
    return build()


def test_every_page_of_the_fachstelle_is_accessible(browser_page: OpenPage, scenery: Scenery) -> None:
    page = browser_page(person=scenery.people["fachstelle"])

    names = addresses()
    for name, (answers_to_get, _) in sorted(TABLE.items()):
        if answers_to_get.endswith(".") and not name.endswith(NO_PAGE):
            _look(page, scenery.path(name, names[name]), name.replace(":", "-"))


@pytest.mark.parametrize("role", ["member", "chair", "reader", "admin"])
def test_own_page_of_everybody_is_accessible(browser_page: OpenPage, scenery: Scenery, role: str) -> None:
    _look(browser_page(person=scenery.people[role]), "/", role)


def test_every_page_behind_a_link_is_accessible(browser_page: OpenPage, scenery: Scenery) -> None:
    page, person = browser_page(), scenery.people["member"]
    ahead = Meeting.objects.get(slug="2027-q1-arbeit")
    Attendance.objects.create(meeting=ahead, person=person, organisation=person.organisation, role=Role.MEMBER)
    AgendaItemFactory(meeting=ahead, proposer=person, state=AgendaItemState.PROPOSED)
    chair = scenery.people["chair"]
    asking = Attendance.objects.create(meeting=ahead, person=chair, organisation=chair.organisation, role=Role.CHAIR)
    AddressWish.objects.create(person=person, address="neu@verein.example", asked_at=AT)
    DeputyRequest.objects.create(attendance=asking, person=person, asked_at=AT, expires_at=ahead.start)

    for purpose in LinkPurpose:
        reader = chair if purpose in {LinkPurpose.AGENDA_RELEASE, LinkPurpose.RELEASE} else person
        _look(page, _link(reader, purpose), f"link-{purpose}")


def _look(page: Page, address: str, name: str) -> None:
    response = page.goto(address)
    assert response is not None
    assert response.status == 200, f"{response.status} {address}"
    sandboxed = "sandbox" in response.headers.get("content-security-policy", "")
    assert not sandboxed, f"{address} is the inside of a frame, where axe would never end: see NO_PAGE"
    assert_accessible_everywhere(page, name, looks=((DESK, "light"), (PHONE, "dark")))


def _link(person: Person, purpose: LinkPurpose) -> str:
    ahead = Meeting.objects.get(slug="2027-q1-arbeit")
    subjects = {
        LinkPurpose.ANSWER: ahead,
        LinkPurpose.DEPUTY: DeputyRequest.objects.get(),
        LinkPurpose.REPLY: InboundMessage.objects.filter(person=person).first(),
        LinkPurpose.MISSED: ahead.alliance,
        LinkPurpose.REMARK: ahead.alliance,
        LinkPurpose.MEETING: ahead,
        LinkPurpose.PROPOSE: ahead,
        LinkPurpose.UNIT_REPORT: ahead,
        LinkPurpose.ITEM: AgendaItem.objects.filter(proposer=person).first(),
        LinkPurpose.MINUTES: Minutes.objects.get(),
        LinkPurpose.RELEASE: Minutes.objects.get(),
        LinkPurpose.AGENDA_RELEASE: ahead,
        LinkPurpose.TASK: ActionItem.objects.first(),
        LinkPurpose.DECISION: Decision.objects.order_by("pk").first(),
        LinkPurpose.RELAY: Relay.objects.get(),
        LinkPurpose.ADDRESS: AddressWish.objects.filter(person=person).first(),
        LinkPurpose.BALLOT: CircularVote.objects.running().get(),
    }
    return urls_for.personal(person, purpose=purpose, subject=subjects.get(purpose), at=AT).removeprefix(
        urls_for.absolute("")
    )
