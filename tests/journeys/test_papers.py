"""A paper's way: the Fachstelle hands it in, a member loads it, a guest loads it from the mail's page."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Contact, Paper, Topic
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible, assert_accessible_everywhere
from tests.support import files


@pytest.fixture(autouse=True)
def cast(transactional_db: None, settings: Any, tmp_path: Path) -> world.World:
    settings.MEDIA_ROOT = tmp_path / "papers"
    cast = world.build()
    topic = Topic.objects.create(slug="arbeit", name="Arbeit")
    Contact.objects.create(
        person=cast.birgit, topic=topic, phone="00000 4105", email="birgit.hanneken@arbeitsmarkt-haseland.example"
    )
    return cast


@pytest.fixture
def meeting(cast: world.World) -> Meeting:
    now = clock.now()
    meeting: Meeting = MeetingFactory(
        alliance=cast.arbeit,
        slug="2026-q4-arbeit",
        state=MeetingState.INVITED,
        start=now + dt.timedelta(days=10),
        end=now + dt.timedelta(days=10, hours=2),
        agenda_sent_at=now,
    )
    Attendance.objects.create(
        meeting=meeting, person=cast.corinna, organisation=cast.corinna.organisation, role="guest"
    )
    AgendaItemFactory(meeting=meeting, title="Rufbus am Abend", kind="discussion", position=1)
    return meeting


def test_paper_is_handed_in_and_reaches_member_and_guest(
    browser_page: OpenPage, cast: world.World, meeting: Meeting, tmp_path: Path
) -> None:
    leaflet = tmp_path / "Kosten.pdf"
    leaflet.write_bytes(files.PDF)
    wrong = tmp_path / "Kosten.exe"
    wrong.write_bytes(b"MZ\0\0")

    imke = browser_page(person=cast.imke)
    imke.goto("/sitzungen/2026-q4-arbeit/")
    imke.get_by_role("link", name="Unterlage nachreichen").click()
    imke.get_by_label("Titel").fill("Kosten des Rufbusses")
    imke.get_by_label("Datei").set_input_files(wrong)
    imke.get_by_role("button", name="Hinzufügen").click()
    assert_accessible_everywhere(imke, "unterlage-fehler")
    imke.get_by_label("Datei").set_input_files(leaflet)
    imke.get_by_role("button", name="Hinzufügen").click()
    assert imke.get_by_role("link", name="Kosten des Rufbusses").count() == 1
    assert_accessible(imke)

    for name, address in (("unterlagen", "/unterlagen/"), ("unterlage-neu", "/unterlagen/neu/")):
        imke.goto(address)
        assert_accessible_everywhere(imke, name)
    imke.goto(f"/unterlagen/{Paper.objects.get().slug}/fassung/")
    assert_accessible(imke)

    birgit = browser_page(width=PHONE, person=cast.birgit, javascript=False)
    birgit.goto("/unterlagen/")
    assert birgit.get_by_text("nachgereicht").count() == 1
    assert_accessible(birgit)
    with birgit.expect_download() as loading:
        birgit.get_by_role("link", name="Kosten des Rufbusses (").click()
    assert loading.value.suggested_filename == "Kosten.pdf"

    link = links.grant(cast.corinna, purpose=LinkPurpose.MEETING, subject=meeting, until=meeting.end, at=clock.now())
    corinna = browser_page(width=PHONE, javascript=False)
    corinna.goto(f"/sitzung/{links.token(link)}/")
    assert_accessible_everywhere(corinna, "sitzung-link")
    with corinna.expect_download() as loading:
        corinna.get_by_role("link", name="Kosten des Rufbusses (").click()
    assert Path(loading.value.path()).read_bytes() == files.PDF


def test_contacts_are_found_and_accessible(browser_page: OpenPage, cast: world.World) -> None:
    page = browser_page(width=PHONE, person=cast.birgit, javascript=False)
    page.goto("/ansprechpersonen/")

    assert page.get_by_role("link", name="Telefon 00000 4105").get_attribute("href") == "tel:000004105"
    assert_accessible_everywhere(page, "ansprechpersonen")
