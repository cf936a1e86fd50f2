"""Journey 1: the Fachstelle plans a year, and each member gets one mail. By mouse and by keyboard; the member on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from buendnisse.clock import local_date
from meetings.enums import MeetingState
from meetings.models import Meeting
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible, keep_picture
from tests.meetings import district
from tests.notifications import sending
from tests.support import smtp_sink

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = 2031  # far enough from the machine's clock


class Clicks:
    """Counts what a hand does."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def on(self, role: Any, name: str | re.Pattern[str]) -> None:
        self.number += 1
        self.page.get_by_role(role, name=name).first.click()

    def open(self, slot: str) -> None:
        self.number += 1
        self.page.locator(f'[id="{slot}"] summary', has_text="Anderer Tag").click()


def test_year_is_planned_in_fifteen_clicks(browser_page: OpenPage, live_server: LiveServer, settings: Any) -> None:
    cast = district.build()
    with smtp_sink.running() as relay:
        sending.use(settings, relay)
        desk = browser_page(person=cast.imke)
        desk.goto(f"/planung/{YEAR}/")
        assert_accessible(desk)
        keep_picture(desk, "year-1280")
        hand = Clicks(desk)

        hand.open(f"{YEAR}-q2-bildung")
        wanted = desk.get_by_role("button", name=re.compile(r"^Bildung: .* nehmen$")).first.get_attribute("value")
        hand.on("button", re.compile(r"^Bildung: .* nehmen$"))
        expect(desk.get_by_text("Ihr Entwurf ist gespeichert", exact=False).first).to_be_visible()
        assert local_date(Meeting.objects.get(slug=f"{YEAR}-q2-bildung").start).isoformat() == wanted
        hand.open(f"{YEAR}-q4-arbeit")
        hand.on("button", re.compile(r"^Arbeit: .* nehmen$"))
        hand.on("link", "Vorschau der Mails")
        assert_accessible(desk)
        keep_picture(desk, "year-preview-1280")
        desk.get_by_label("Eigene Einleitung", exact=False).fill("Auf ein gutes Jahr.")
        hand.on("button", re.compile(r"^12 Termine festlegen und 3 Mails senden$"))
        expect(desk.get_by_text("In einer Minute gehen die Mails", exact=False)).to_be_visible()
        assert_accessible(desk)

        assert hand.number <= 15
        meetings = Meeting.objects.filter(quarter__startswith=f"{YEAR}-")
        assert set(meetings.values_list("state", flat=True)) == {MeetingState.CONFIRMED}

        letters = sending.deliver(relay, at=sending.after_grace(meetings[0].changed_at))
        assert sorted(letters) == sorted([cast.hedwig.email, cast.birgit.email, cast.susanne.email])
        text = sending.text(letters[cast.hedwig.email])
        assert text.count("Auf ein gutes Jahr.") == 1
        calendar = re.search(r"https?://[^/\s]+(/kalender/\S+)", text)
        assert calendar

        phone = browser_page(width=PHONE, javascript=False)
        phone.goto(calendar[1])
        assert_accessible(phone)
        keep_picture(phone, "calendar-320")


def test_year_is_planned_by_keyboard_alone(browser_page: OpenPage, live_server: LiveServer) -> None:
    cast = district.build()
    desk = browser_page(person=cast.imke, width=PHONE)
    desk.goto(f"/planung/{YEAR}/")
    assert_accessible(desk)
    keep_picture(desk, "year-320")

    desk.locator(f'[id="{YEAR}-q2-bildung"] summary', has_text="Anderer Tag").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    first = desk.evaluate("document.activeElement.value")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Ihr Entwurf ist gespeichert", exact=False).first).to_be_visible()
    assert local_date(Meeting.objects.get(slug=f"{YEAR}-q2-bildung").start).isoformat() == first

    desk.get_by_role("link", name="Vorschau der Mails").first.focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", level=1, name=f"Termine {YEAR} festlegen").wait_for()
    keep_picture(desk, "year-preview-320")
    desk.get_by_role("button", name=re.compile(r"^12 Termine festlegen")).focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Alles zurücknehmen").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Niemand hat davon erfahren", exact=False).first).to_be_visible()
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.PLANNED}
