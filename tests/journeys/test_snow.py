"""Snow at seven in the morning: cancelled from the desk on a phone, without script, and the one without mail is called."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from buendnisse import clock
from meetings.domain import answers
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting
from notifications.models import TelephoneMark
from tests import world
from tests.factories.buendnisse import PersonFactory
from tests.factories.meetings import MeetingFactory
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = dt.datetime(2026, 12, 3, 6, 0, tzinfo=dt.UTC)


def test_snow(browser_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        clock, "now", lambda: MORNING
    )  # the server answers in threads that a frozen clock does not reach
    cast = world.build()
    meeting = MeetingFactory(alliance=cast.arbeit, state=MeetingState.INVITED)
    answers.call_roll(meeting)
    alfons = PersonFactory(first_name="Alfons", last_name="Többen", email="", phone="00000 31 17")
    Attendance.objects.create(
        meeting=meeting, person=alfons, organisation=alfons.organisation, role="member", answer="accepted"
    )
    page = browser_page(width=PHONE, javascript=False, person=cast.imke)

    page.goto("/")
    page.get_by_role("link", name="Heute absagen").click()
    page.get_by_label("Die Straßen sind glatt und verschneit.").check()
    assert_accessible(page)
    page.get_by_role("button", name="Ohne Vorschau absagen").click()
    page.get_by_text("3 Mails gehen in 60").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Sofort senden").click()
    page.get_by_text("3 Mails sind auf dem Weg.").wait_for()

    page.goto("/")
    page.get_by_role("link", name="Telefonliste öffnen").click()
    page.get_by_role("link", name="Alfons Többen: 00000 31 17").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("^Erreicht.*Alfons")).click()
    page.get_by_role("heading", level=1, name="Noch niemand anzurufen").wait_for()
    assert TelephoneMark.objects.get().outcome == "reached"

    page.goto(f"/sitzungen/{meeting.slug}/")
    assert page.get_by_role("button", name="Absage zurücknehmen").count() == 0  # Alfons knows
    page.goto(f"/sitzungen/{meeting.slug}/telefonliste/")
    page.get_by_role("button", name=re.compile("^Rückgängig.*Alfons")).click()
    page.goto(f"/sitzungen/{meeting.slug}/")
    page.get_by_role("button", name="Absage zurücknehmen").click()
    page.get_by_text("Die Sitzung findet statt, niemand hat eine Mail bekommen.").wait_for()
    assert Meeting.objects.get().state == MeetingState.INVITED
