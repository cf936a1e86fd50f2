"""From the running meeting to approved minutes: the Fachstelle at its desk, a member on a phone without script."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.domain import minutes
from meetings.models import ActionItem, Minutes, Objection
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible, assert_accessible_everywhere, keep_picture
from tests.meetings import held

HOME = "/sitzungen/2026-q4-arbeit/"


@pytest.fixture(autouse=True)
def now(transactional_db: None) -> held.Held:
    return held.running()


def address(person: Person, purpose: LinkPurpose, subject: Minutes | ActionItem) -> str:
    """The link as it would stand in the mail; the server runs on the machine's clock."""
    at = clock.real_now()
    link = links.grant(person, purpose=purpose, subject=subject, until=at + dt.timedelta(days=60), at=at)
    page = {
        LinkPurpose.MINUTES: "protokoll",
        LinkPurpose.RELEASE: "protokoll-freigeben",
        LinkPurpose.TASK: "aufgabe",
    }[purpose]
    return f"/{page}/{links.token(link)}/"


def test_meeting_is_written_down_and_its_minutes_find_their_way(browser_page: OpenPage, now: held.Held) -> None:
    desk = browser_page(javascript=False, person=now.world.imke)
    phone = browser_page(width=PHONE, javascript=False)

    write_down(desk)
    keep_picture(desk, "live")
    end_and_ask_the_chair(desk)
    release(phone, address(now.world.birgit, LinkPurpose.RELEASE, now.minutes))
    desk.goto(f"{HOME}protokoll/")
    desk.get_by_role("link", name="Weiter zum Versand").click()
    assert_accessible(desk)
    desk.get_by_role("button", name=re.compile("^Protokoll verschicken und .* senden$")).click()
    desk.wait_for_url(f"**{HOME}protokoll/")
    report_a_mistake(phone, address(now.world.susanne, LinkPurpose.MINUTES, now.minutes))
    correct(desk)
    assert (Objection.objects.get().state, now.minutes.versions.count()) == ("accepted", 2)
    report_the_task(phone, address(now.world.susanne, LinkPurpose.TASK, ActionItem.objects.get()))
    assert ActionItem.objects.get().state == "done"

    assert minutes.approve_by_silence(at=clock.real_now() + dt.timedelta(days=60)) == 1
    desk.goto(f"{HOME}protokoll/")
    desk.get_by_text("Genehmigt am").first.wait_for()
    assert_accessible(desk)


def press(page: Page, button: str, *, after: str = "") -> None:
    if after:
        page.goto(after)
    with page.expect_navigation():  # every button posts here; the next step looks at the page that answers
        page.get_by_role("button", name=button, exact=True).click()


def write_down(desk: Page) -> None:
    desk.goto(f"{HOME}sitzung/")
    desk.get_by_role("button", name=re.compile(r"ist da\s*: Birgit Hanneken")).click()
    desk.get_by_label("Ergebnis", exact=False).first.fill("Die Tagesordnung ist angenommen.")
    press(desk, "Speichern und weiter zu TOP 2")
    desk.get_by_label("Ergebnis", exact=False).first.fill("Der Rufbus fährt ab dem 20. Januar.")
    press(desk, "Speichern")
    desk.get_by_text("Beschluss festhalten").click()
    desk.get_by_label("Beschluss", exact=True).fill("Der Rufbus fährt auch abends.")
    press(desk, "Beschluss feststellen")
    desk.get_by_text("Auftrag vergeben").first.click()
    desk.get_by_label("Was ist zu tun?").fill("Fahrplan erfragen")
    desk.get_by_label("Wer?").select_option(label="Overhage, Susanne (BBS)")
    desk.get_by_label("Bis wann?").fill((clock.real_now() + dt.timedelta(days=90)).date().isoformat())
    press(desk, "Auftrag vergeben")
    assert_accessible(desk)


def end_and_ask_the_chair(desk: Page) -> None:
    for page in ("anwesenheit/", "nachtragen/"):
        desk.goto(f"{HOME}{page}")
        assert_accessible(desk)
    press(desk, "Sitzung beenden", after=f"{HOME}sitzung/")
    assert_accessible(desk)
    press(desk, "Trotzdem beenden")
    press(desk, "An Birgit Hanneken zur Freigabe geben")
    assert_accessible(desk)


def release(phone: Page, link: str) -> None:
    phone.goto(link)
    assert_accessible(phone)
    press(phone, "Protokoll freigeben")
    phone.get_by_role("heading", name="Danke für Ihre Freigabe").wait_for()


def report_a_mistake(phone: Page, link: str) -> None:
    phone.goto(link)
    assert_accessible(phone)
    phone.get_by_role("link", name="Einen Fehler melden").first.click()
    phone.get_by_label("Zu welchem Punkt?").select_option(label="2. Rufbus am Abend")
    phone.get_by_label("Was stimmt nicht?").fill("Es ist der 21. Januar.")
    assert_accessible(phone)
    press(phone, "Fehler melden")
    phone.get_by_text("Die Fachstelle prüft das. Sie hören von uns.").wait_for()


def correct(desk: Page) -> None:
    desk.goto(f"{HOME}protokoll/")
    assert_accessible(desk)
    desk.get_by_label("Ja, das Protokoll wird berichtigt").check()
    desk.get_by_label("Diese Stelle …").fill("20. Januar")
    desk.get_by_label("… wird ersetzt durch").fill("21. Januar")
    desk.get_by_label("Antwort in einem Satz").fill("Datum berichtigt.")
    press(desk, "Antwort festhalten")
    desk.get_by_text("Der Einwand ist beantwortet. Fassung 2 geht an alle.").wait_for()


def report_the_task(phone: Page, link: str) -> None:
    phone.goto(link)
    assert_accessible(phone)
    phone.get_by_label("Die Aufgabe ist erledigt").check()
    press(phone, "Rückmeldung senden")
    phone.get_by_role("heading", name="Danke für Ihre Rückmeldung").wait_for()
    assert_accessible(phone)


def test_registers_are_accessible(browser_page: OpenPage, now: held.Held) -> None:
    page = browser_page(person=now.world.imke)
    page.goto(f"{HOME}sitzung/?punkt={now.bus.pk}")
    page.get_by_text("Beschluss festhalten").click()
    page.get_by_label("Beschluss", exact=True).fill("Der Rufbus fährt auch abends.")
    page.get_by_role("button", name="Beschluss feststellen").click()
    page.get_by_text("A-2026-01: gefasst").first.wait_for()

    registers = ("/beschluesse/", "/beschluesse/?q=nichts", "/beschluesse/A-2026-01/", "/auftraege/")
    for number, address_ in enumerate(registers):
        page.goto(address_)
        assert_accessible_everywhere(page, f"register-{number}")
