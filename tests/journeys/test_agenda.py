"""Two topics, from a phone without script to the invitation: one declined with a reason, one on the agenda."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import Installation
from meetings.domain import agenda, agenda_order, agenda_proposals, planning
from meetings.enums import AgendaItemState, MeetingState, ReleaseState
from meetings.models import AgendaItem, AgendaRelease, Meeting
from tests import world
from tests.factories.meetings import MeetingFactory, StandingItemFactory
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible, assert_accessible_everywhere, keep_picture
from tests.notifications import sending
from tests.support import smtp_sink

REASON = "Die Sitzung ist mit vier Themen schon voll. Im Juni haben wir mehr Zeit."


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> Iterator[world.World]:
    """The world on a clock of its own that shows its morning and runs on, in the server's threads too."""
    found = world.build()
    Installation.objects.update(is_demo=True, clock_shift_seconds=clock.shift_to(world.AT))
    clock.forget_shift()
    yield found
    clock.forget_shift()


@pytest.fixture
def sink(settings: Any) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running() as running:
        sending.use(settings, running)
        yield running


@pytest.fixture
def march(cast: world.World) -> Meeting:
    """Arbeit in March; the date was told, another topic stands on the agenda already."""
    for code, title, position in (("opening", "Begrüßung", -1), ("closing", "Verschiedenes", 1)):
        StandingItemFactory(alliance=cast.arbeit, code=code, title=title, position=position)
    meeting = MeetingFactory(
        slug="2027-q1-arbeit",
        alliance=cast.arbeit,
        quarter="2027-Q1",
        title="Arbeitsbündnis Arbeit – 1. Quartal 2027",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        venue=cast.venue,
    )
    planning.confirm(meeting, by=cast.imke, at=world.AT)
    agenda.add(
        meeting,
        title="Handlungskonzept",
        kind="discussion",
        minutes=25,
        presenter=cast.birgit,
        by=cast.imke,
        form_key=uuid.uuid4(),
        at=world.AT,
    )
    return meeting


def address(person: Any, meeting: Meeting) -> str:
    link = links.grant(person, purpose=LinkPurpose.PROPOSE, subject=meeting, until=meeting.end, at=world.AT)
    return reverse("meetings:propose", args=[links.token(link)])


def press(page: Page, name: str, role: Any = "button") -> None:
    """By keyboard: the focus on it, then the key that works for it."""
    target = page.get_by_role(role, name=name, exact=True).first
    target.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def deliver(sink: smtp_sink.Sink, *, after: dt.timedelta = dt.timedelta(minutes=2)) -> dict[str, Any]:
    return sending.deliver(sink, at=clock.now() + after)


def order(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.agenda_items.on_agenda().filter(position__gt=0)]


def the_chair_releases(desk: Page, phone: Page, cast: world.World, sink: smtp_sink.Sink) -> None:
    """By the link in the mail, on a phone without script; opening the page releases nothing."""
    press(desk, "Freigabe", "link")
    assert_accessible(desk)
    keep_picture(desk, "freigabe-1280")
    press(desk, "Zur Freigabe an den Vorsitz")
    mail = sending.text(deliver(sink, after=dt.timedelta(minutes=5))[cast.birgit.email])
    found = re.search(r"https?://[^/]+(/tagesordnung-freigeben/\S+)", mail)
    assert found is not None
    phone.goto(found[1])
    assert_accessible(phone)
    keep_picture(phone, "freigeben-320")
    assert not AgendaRelease.objects.filter(state=ReleaseState.RELEASED).exists()
    phone.get_by_role("button", name="Tagesordnung freigeben").click()
    assert phone.get_by_role("heading", level=1).inner_text() == "Danke, die Tagesordnung ist freigegeben"
    assert_accessible(phone)
    desk.reload()
    assert desk.get_by_text("Freigegeben von Birgit Hanneken").count() == 1
    keep_picture(desk, "freigegeben-1280")


def test_a_topic_from_the_phone_to_the_invitation(
    browser_page: OpenPage, cast: world.World, march: Meeting, sink: smtp_sink.Sink
) -> None:
    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(address(cast.susanne, march))
    assert_accessible(phone)
    phone.get_by_label("Worum geht es?").fill("Wie viele Gespräche haben stattgefunden?")
    phone.get_by_role("button", name="Thema senden").click()
    assert_accessible(phone)
    assert phone.get_by_label("Worum geht es?").input_value() == "Wie viele Gespräche haben stattgefunden?"
    keep_picture(phone, "thema-fehler-320")
    phone.get_by_label("Ihr Thema in einem Satz").fill("100-Tage-Gespräche: Erfahrungen")
    phone.get_by_role("button", name="Thema senden").click()
    assert phone.get_by_role("heading", level=1).inner_text() == "Danke für Ihr Thema"
    assert_accessible(phone)
    keep_picture(phone, "thema-danke-320")
    declined = agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=march,
        title="Schichtfahrgemeinschaften",
        proposer=cast.birgit,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=clock.now(),
    )
    assert "Ihr Thema ist angekommen" in deliver(sink)[cast.susanne.email]["Subject"]

    desk = browser_page(person=cast.imke)
    desk.goto(reverse("meetings:agenda", args=[march.slug]))
    assert_accessible(desk)
    keep_picture(desk, "tagesordnung-1280")
    press(desk, "Schichtfahrgemeinschaften: nicht aufnehmen", "link")
    assert_accessible(desk)
    keep_picture(desk, "nicht-aufnehmen-1280")
    desk.get_by_label("Ihr Grund").fill(REASON)
    press(desk, "Frau Hanneken Bescheid geben")
    press(desk, "100-Tage-Gespräche: Erfahrungen: aufnehmen")
    assert order(march) == ["Begrüßung", "Handlungskonzept", "100-Tage-Gespräche: Erfahrungen", "Verschiedenes"]
    desk.get_by_role("button", name="TOP 3 nach oben", exact=True).press("Enter")
    expect(desk.locator("#ansage")).to_have_text("TOP 3 steht jetzt an Platz 2: 100-Tage-Gespräche: Erfahrungen.")
    assert order(march) == ["Begrüßung", "100-Tage-Gespräche: Erfahrungen", "Handlungskonzept", "Verschiedenes"]
    assert desk.evaluate("document.activeElement.id") == f"punkt-{AgendaItem.objects.get(title__startswith='100').pk}"
    assert_accessible(desk)
    keep_picture(desk, "tagesordnung-geordnet-1280")

    fates = deliver(sink, after=dt.timedelta(minutes=4))
    declined.refresh_from_db()
    assert declined.state == AgendaItemState.DECLINED
    assert REASON.partition(".")[0] in sending.text(fates[cast.birgit.email])
    assert fates[cast.susanne.email]["Subject"] == "Arbeit, 11.03.2027: Ihr Thema ist auf der Tagesordnung"

    the_chair_releases(desk, browser_page(width=PHONE, javascript=False), cast, sink)
    press(desk, "Weiter zum Versand", "link")
    assert_accessible(desk)
    keep_picture(desk, "versenden-1280")
    press(desk, "An 4 Personen verschicken")
    march.refresh_from_db()
    assert march.state == MeetingState.INVITED
    mails = deliver(sink, after=dt.timedelta(minutes=8))
    assert {person.email for person in (cast.birgit, cast.susanne, cast.rolf, cast.corinna)} <= set(mails)
    assert "2. 100-Tage-Gespräche: Erfahrungen" in sending.text(mails[cast.susanne.email])


def test_board_is_accessible_everywhere(browser_page: OpenPage, cast: world.World, march: Meeting) -> None:
    item = agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=march,
        title="Schichtfahrgemeinschaften mit der Rufbus-Spätfahrt verbinden",
        proposer=cast.susanne,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=world.AT,
    )
    page = browser_page(person=cast.imke)
    for name in ("agenda", "agenda_add"):
        page.goto(reverse(f"meetings:{name}", args=[march.slug]))
        assert_accessible_everywhere(page, name)
    for name in ("agenda_edit", "agenda_put_off", "agenda_merge", "agenda_copy"):
        page.goto(reverse(f"meetings:{name}", args=[march.slug, item.pk]))
        assert_accessible_everywhere(page, name)
    page.goto(reverse("notifications:send_agenda", args=[march.slug]))
    assert_accessible_everywhere(page, "versenden")
    assert agenda_order.numbered(march, reader=cast.imke, at=world.AT).capacity == 120
