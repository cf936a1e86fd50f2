"""Results entered after the meeting, on one page: a lost network, and a computer that others use, too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from buendnisse import clock
from meetings.models import AgendaItem
from tests.journeys.conftest import LOOKS, OpenPage, assert_accessible_everywhere
from tests.journeys.steps import send
from tests.meetings import held
from tests.meetings.held import AT


@pytest.fixture
def now(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> held.Held:
    """The server's clock stands still, for its threads too."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    return held.running()


def test_whole_meeting_is_noted_afterwards_on_one_page(browser_page: OpenPage, now: held.Held) -> None:
    page = browser_page(person=now.world.imke)
    page.goto("/sitzungen/2026-q4-arbeit/nachtragen/")
    for summary in page.locator("summary").all():
        summary.click()

    assert_accessible_everywhere(page, "catch-up", looks=LOOKS)


def test_what_is_entered_afterwards_survives_a_lost_network(browser_page: OpenPage, now: held.Held) -> None:
    page = browser_page(person=now.world.imke)
    page.goto("/sitzungen/2026-q4-arbeit/nachtragen/")
    result = page.locator(f"#id_i{now.bus.pk}-result")
    decision = page.locator(f"#id_d{now.bus.pk}-text")
    result.fill("Der Rufbus fährt.")
    page.locator("details", has=decision).locator("summary").click()
    decision.fill("Der Kreis bestellt den Rufbus.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Alles speichern").click()
    expect(page.locator("#aufbewahrt")).to_contain_text("Keine Verbindung.")

    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/sitzungen/2026-q4-arbeit/nachtragen/")
    expect(page.locator("#aufbewahrt")).to_have_text("Ihr nicht gespeicherter Text ist wieder da. Bitte speichern Sie.")
    expect(result).to_have_value("Der Rufbus fährt.")
    expect(decision).to_have_value("Der Kreis bestellt den Rufbus.")
    send(page, "Alles speichern")

    expect(decision).to_have_value("")
    result_now = AgendaItem.objects.get(pk=now.bus.pk).result
    assert (result_now, page.evaluate("localStorage.length")) == ("Der Rufbus fährt.", 0)
    assert [one.text for one in now.bus.decisions.all()] == ["Der Kreis bestellt den Rufbus."]


def test_a_shared_computer_keeps_nothing_after_signing_out(browser_page: OpenPage, now: held.Held) -> None:
    page = browser_page(person=now.world.imke)
    page.goto("/sitzungen/2026-q4-arbeit/nachtragen/")
    page.locator(f"#id_i{now.bus.pk}-result").fill("Der Rufbus fährt.")
    said: list[str] = []
    page.once("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url("**/anmelden/**")

    assert said == ["Ihr Text ist noch nicht gespeichert. Beim Abmelden geht er verloren. Trotzdem abmelden?"]
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
