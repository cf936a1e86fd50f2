"""The Fachstelle schedules, moves and cancels; a member of 74 answers on a phone without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from meetings.models import Attendance, Meeting
from tests import world
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible
from tests.notifications import sending
from tests.support import smtp_sink
from tests.world import AT

pytestmark = pytest.mark.django_db(transaction=True)


def path_in(message: Any, ending: str) -> str:
    """The address in a mail that ends like this, without its host."""
    found = re.search(rf"https?://[^/\s]+(/\S+{ending})$", sending.text(message), re.MULTILINE)
    assert found
    return found[1]


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)


def test_date_goes_round(browser_page: OpenPage, live_server: LiveServer, settings: Any) -> None:
    cast = world.build()
    minute = AT + (sending.after_grace(AT) - AT)
    with smtp_sink.running() as relay:
        sending.use(settings, relay)
        desk = browser_page(person=cast.imke)
        desk.goto("/sitzungen/neu/?buendnis=gesellschaft")
        fill(desk, date="2031-02-12", start="17:00", end="19:00")
        desk.select_option("[name=venue]", str(cast.venue.pk))
        desk.get_by_role("button", name="Termin prüfen").click()
        desk.get_by_role("button", name=re.compile("einladen")).wait_for()
        assert_accessible(desk)
        desk.get_by_role("button", name=re.compile("einladen")).click()
        desk.get_by_role("heading", level=1, name=re.compile("Gesellschaft am 12")).wait_for()
        assert_accessible(desk)

        meeting = Meeting.objects.get()
        at = meeting.changed_at + (minute - AT)
        invitation = sending.deliver(relay, at=at)[cast.hedwig.email]
        phone = browser_page(width=PHONE, javascript=False)
        phone.goto(path_in(invitation, "/ja/"))
        assert_accessible(phone)
        phone.get_by_role("button", name="Ja, ich komme").click()
        phone.get_by_role("heading", level=1, name="Danke für Ihre Zusage").wait_for()
        assert_accessible(phone)
        assert Attendance.objects.get(person=cast.hedwig).answer == "accepted"

        desk.get_by_role("link", name="Verlegen").click()
        assert_accessible(desk)
        fill(desk, date="2031-02-19", reason="Am 12. Februar tagt der Kreistag.")
        desk.get_by_role("button", name="Neuen Termin prüfen").click()
        desk.get_by_role("button", name=re.compile("^(Trotzdem w|W)eiter: Mail ansehen$")).click()
        assert_accessible(desk)
        desk.get_by_role("button", name=re.compile("^Sitzung verlegen und .* senden$")).click()
        desk.get_by_role("heading", level=1, name=re.compile("Gesellschaft am 19")).wait_for()
        meeting.refresh_from_db()
        moved = sending.deliver(relay, at=meeting.changed_at + (minute - AT))[cast.hedwig.email]
        assert (sending.calendar(moved)["SEQUENCE"], sending.calendar(moved)["UID"]) == (
            "1",
            sending.calendar(invitation)["UID"],
        )

        desk.get_by_role("link", name="Absagen").click()
        assert_accessible(desk)
        fill(desk, reason="Es ist Glatteis angesagt.")
        desk.get_by_role("button", name="Weiter: Mail ansehen").click()
        assert_accessible(desk)
        desk.get_by_role("button", name=re.compile("^Sitzung absagen und .* senden$")).click()
        desk.get_by_text("Diese Sitzung fällt aus.").wait_for()
        meeting.refresh_from_db()
        cancelled = sending.deliver(relay, at=meeting.changed_at + (minute - AT))[cast.hedwig.email]
        assert (sending.calendar(cancelled)["METHOD"], cancelled["Subject"]) == (
            "CANCEL",
            "Abgesagt: Gesellschaft, 19.02.2031",
        )
        phone.goto(path_in(invitation, "/ja/"))
        phone.get_by_role("heading", level=1, name=re.compile("fällt aus")).wait_for()
