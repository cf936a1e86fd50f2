"""What Hedwig hands in by a link, without account and without script, is released and stands where the others read it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from meetings.enums import MinutesState
from meetings.models import Minutes
from tests.factories.meetings import AgendaItemFactory
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible, assert_accessible_everywhere
from tests.support.relay_scene import Scene, hand_over, set_scene
from tests.world import AT


@pytest.fixture(autouse=True)
def scene(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, live_server: LiveServer) -> Scene:
    settings.BASE_URL = live_server.url
    monkeypatch.setattr(clock, "now", lambda: AT)  # the server answers in threads a frozen clock does not reach
    made = set_scene()
    Minutes.objects.create(meeting=made.bildung_november, state=MinutesState.CIRCULATED)
    AgendaItemFactory(meeting=made.arbeit_december, title="Fachsprachkurs Pflege", position=1)
    type(made.cast.susanne).objects.filter(pk=made.cast.susanne.pk).update(may_sign_in=True)
    made.cast.susanne.refresh_from_db()
    return made


def test_notice_by_link_reaches_the_others(browser_page: OpenPage, scene: Scene) -> None:
    cast = scene.cast
    own = links.grant(cast.hedwig, purpose=LinkPurpose.NOTICE, until=AT + dt.timedelta(days=30), at=AT)
    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(f"/kurzmeldung/{links.token(own)}/")
    phone.get_by_role("button", name="Kurzmeldung senden").click()
    assert_accessible(phone)
    phone.get_by_label("Was gibt es Neues?").fill("Austauschabend für Ehrenamtliche am 3. Dezember.")
    phone.get_by_label("Arbeitsbündnis Bildung").check()
    phone.get_by_label("Bis wann gilt das?").fill("2026-12-03")
    phone.get_by_role("button", name="Kurzmeldung senden").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Danke für Ihre Kurzmeldung")
    assert_accessible(phone)

    desk = browser_page(person=cast.imke)
    desk.goto("/kurzmeldungen/")
    desk.get_by_role("link", name="Kürzen, umformulieren oder ablehnen").click()
    desk.get_by_label("Was gibt es Neues?").fill("Austauschabend am 3. Dezember.")
    desk.get_by_role("button", name="Freigeben").click()
    desk.get_by_role("link", name="Austauschabend am 3. Dezember.").click()
    assert_accessible_everywhere(desk, "notice-released")

    phone.reload()
    expect(phone.locator("main")).to_contain_text("So steht sie im Wochenbrief")
    assert_accessible(phone)

    member = browser_page(person=cast.susanne)
    member.goto("/buendnisse/bildung/")
    expect(member.locator("aside")).to_contain_text("Austauschabend am 3. Dezember.")
    expect(member.get_by_role("region", name="Arbeit")).to_contain_text("Fachsprachkurs Pflege")
    assert_accessible_everywhere(member, "body-with-others")
    member.get_by_role("region", name="Arbeit").get_by_role("button", name="Dazu etwas sagen").click()
    member.get_by_label("Was möchten Sie dazu sagen?").fill("Unsere Schule kann Räume stellen.")
    member.get_by_role("button", name="An die Fachstelle senden").click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Danke für Ihre Rückmeldung")
    assert_accessible_everywhere(member, "remark-made")

    desk.goto("/rueckmeldungen/")
    desk.get_by_role("link", name="Unsere Schule kann Räume stellen.").click()
    desk.get_by_label("Antwort per E-Mail").fill("Danke, das geben wir weiter.")
    desk.get_by_role("button", name="Antwort senden").click()
    expect(desk.get_by_role("status")).to_contain_text("Die Antwort geht in einer Minute per E-Mail.")


def test_picture_of_who_works_with_whom_by_keyboard(browser_page: OpenPage, scene: Scene) -> None:
    hand_over(scene)
    page = browser_page(person=scene.cast.imke)
    page.goto("/uebersicht/")
    assert_accessible_everywhere(page, "overview")

    page.set_viewport_size({"width": 1280, "height": 900})
    arrow = page.get_by_role("link", name="1 offen: Weiterleitungen von Bildung an Arbeit")
    arrow.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(
        re.compile(rf"\?von={scene.cast.bildung.pk}&an={scene.cast.arbeit.pk}&stand=all&jahr=2026$")
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Weiterleitungen")
