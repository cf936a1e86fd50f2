"""What people do on the pages, in the words of the domain. Every page is looked at once, light and dark."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urljoin

from playwright.sync_api import Page, expect

from tests.journeys.conftest import assert_accessible, keep_picture
from tests.journeys.quarter import Letter

VENUE = "Kreishaus Haseburg, Sitzungsraum 1"

_seen: set[tuple[int, str]] = set()


def look_at(page: Page, name: str) -> None:
    """Let axe look at a page, once for each width."""
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    if (width, name) not in _seen:
        _seen.add((width, name))
        keep_picture(page, f"loop-{name}-{width}")
        assert_accessible(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def send(page: Page, name: str) -> None:
    """Press a button whose answer is another page, and wait for that: a script may save what is typed first."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def follow(page: Page, address: str, name: str) -> None:
    """Open a link of a letter."""
    page.goto(address)
    look_at(page, name)


# The Fachstelle: dates


def check_date(desk: Page, alliance: str, day: dt.date) -> list[str]:
    """Type a date from ten to twelve and have it checked; what speaks against it."""
    desk.goto("/sitzungen/neu/")
    look_at(desk, "planen")
    desk.get_by_label("Bündnis", exact=True).select_option(label=alliance)
    desk.get_by_label("Beginn", exact=True).fill("10:00")
    desk.get_by_label("Ende", exact=True).fill("12:00")
    desk.get_by_label("vor Ort", exact=True).check()
    desk.get_by_label("Ort", exact=False).and_(desk.locator("select")).select_option(label=VENUE)
    return check_day(desk, day, button="Termin prüfen")


def check_day(desk: Page, day: dt.date, *, button: str = "Noch einmal prüfen") -> list[str]:
    desk.get_by_label("Tag", exact=True).fill(day.isoformat())
    press(desk, button)
    look_at(desk, "geprueft")
    return desk.locator("#pruefung li").all_inner_texts()


def fix_date(desk: Page) -> str:
    """Fix the date that was checked; the address of the meeting."""
    desk.get_by_role("button", name=re.compile(r"^Festlegen und .* einladen$")).click()
    look_at(desk, "sitzung")
    return desk.url


def move_date(desk: Page, meeting: str, *, to: dt.date, reason: str) -> list[str]:
    """Move a meeting; what spoke against the new day."""
    desk.goto(meeting)
    desk.get_by_role("link", name="Verlegen", exact=True).click()
    look_at(desk, "verlegen")
    desk.get_by_label("Warum wird verlegt?").fill(reason)
    remarks = check_day(desk, to, button="Neuen Termin prüfen")
    press(desk, f"{'Trotzdem weiter' if remarks else 'Weiter'}: Mail ansehen")
    look_at(desk, "verlegung-vorschau")
    desk.get_by_role("button", name=re.compile("^Sitzung verlegen")).click()
    return remarks


def cancel(desk: Page, meeting: str, *, reason: str) -> None:
    desk.goto(meeting)
    desk.get_by_role("link", name="Absagen", exact=True).click()
    look_at(desk, "absagen")
    desk.get_by_label("Warum fällt die Sitzung aus?").fill(reason)
    desk.locator("form.form button.btn--primary").click()
    desk.get_by_role("button", name=re.compile("^Sitzung absagen")).click()


# The Fachstelle: the agenda


def open_board(desk: Page, meeting: str) -> None:
    desk.goto(meeting)
    desk.get_by_role("link", name="Tagesordnung bauen", exact=True).click()
    look_at(desk, "tagesordnung")


def accept(desk: Page, topic: str) -> None:
    press(desk, f"{topic}: aufnehmen")


def decline(desk: Page, topic: str, *, reason: str) -> None:
    desk.get_by_role("link", name=f"{topic}: nicht aufnehmen", exact=True).click()
    look_at(desk, "nicht-aufnehmen")
    desk.get_by_label("Ihr Grund").fill(reason)
    desk.get_by_role("button", name=re.compile("Bescheid geben$")).click()


def add_topic(desk: Page, topic: str) -> None:
    desk.get_by_role("link", name="Punkt hinzufügen", exact=True).click()
    look_at(desk, "punkt")
    desk.get_by_label("Titel auf der Tagesordnung").fill(topic)
    press(desk, "Auf die Tagesordnung setzen")


def move_up(desk: Page, number: int) -> None:
    """One place up, and wait until the page says so: the row moves without a new page."""
    press(desk, f"TOP {number} nach oben")
    desk.locator(f"[data-said*='Platz {number - 1}']").wait_for(state="attached")


def titles(desk: Page) -> list[str]:
    """The agenda in its order."""
    return desk.locator("ol.agenda .agenda__title").all_inner_texts()


def send_agenda(desk: Page) -> None:
    desk.get_by_role("link", name="Einladung verschicken", exact=True).click()
    look_at(desk, "versenden")
    reason = desk.get_by_label("Warum ohne Freigabe des Vorsitzes?")
    if reason.count():
        reason.fill("Am Telefon besprochen.")
    if desk.get_by_label("Warum ist es eilig?").count():
        desk.get_by_label("Warum ist es eilig?").fill("Der Termin lag früh fest.")
    desk.get_by_role("button", name=re.compile("^An .* verschicken$")).click()


# The Fachstelle: the meeting and its minutes


def begin(desk: Page, meeting: str, *, present: list[str]) -> None:
    desk.goto(f"{meeting}sitzung/")
    press(desk, "Sitzung beginnen")
    look_at(desk, "sitzungsmodus")
    for name in present:
        press(desk, f"ist da: {name}")


def open_item(desk: Page, topic: str) -> None:
    with desk.expect_navigation():
        desk.get_by_role("navigation", name="Tagesordnung").get_by_role("link", name=topic).click()
    expect(desk.locator("h2#jetzt")).to_have_text(topic)


def note_result(desk: Page, topic: str, words: str) -> None:
    open_item(desk, topic)
    desk.get_by_role("textbox", name=re.compile("^Ergebnis")).fill(words)
    send(desk, "Speichern")


def decide(desk: Page, topic: str, words: str) -> str:
    """Take a decision under an item; its number."""
    open_item(desk, topic)
    desk.get_by_text("Beschluss festhalten", exact=True).click()
    look_at(desk, "beschluss")
    desk.get_by_role("textbox", name=re.compile("^Beschluss")).fill(words)
    send(desk, "Beschluss feststellen")
    return desk.locator(".quote a").last.inner_text()


def assign(desk: Page, topic: str, task: str, *, owner: str, due_on: dt.date) -> None:
    open_item(desk, topic)
    desk.locator("summary").get_by_text("Auftrag vergeben", exact=True).click()
    desk.get_by_label("Was ist zu tun?").fill(task)
    desk.get_by_label("Wer?", exact=True).select_option(label=owner)
    desk.get_by_label("Bis wann?").fill(due_on.isoformat())
    send(desk, "Auftrag vergeben")


def end(desk: Page) -> None:
    send(desk, "Sitzung beenden")
    send(desk, "Trotzdem beenden")
    look_at(desk, "protokoll")


def submit_minutes(desk: Page, meeting: str, *, chair: str) -> None:
    desk.goto(f"{meeting}protokoll/")
    press(desk, f"An {chair} zur Freigabe geben")


def circulate_minutes(desk: Page, meeting: str) -> None:
    desk.goto(f"{meeting}protokoll/")
    desk.get_by_role("link", name="Weiter zum Versand").click()
    look_at(desk, "protokoll-vorschau")
    desk.get_by_role("button", name=re.compile("^Protokoll verschicken")).click()
    look_at(desk, "protokoll-versandt")


def download(page: Page, link: str) -> bytes:
    """A document behind a link of the page."""
    address = page.get_by_role("link", name=link, exact=True).get_attribute("href")
    response = page.request.get(urljoin(page.url, address))
    assert response.headers["content-type"] == "application/pdf"
    return response.body()


# The Fachstelle: from one body to the other


def relay(desk: Page, decision: str, *, to: str, question: str, due_on: dt.date) -> str:
    """Hand a decision over; the number of its relay."""
    desk.goto(f"/beschluesse/{decision}/")
    look_at(desk, "beschlusskarte")
    desk.get_by_role("link", name="Weiterleiten", exact=True).click()
    look_at(desk, "weiterleiten")
    desk.get_by_role("checkbox", name=re.compile(f"^{to}")).check()
    desk.get_by_label("Ihre Frage in einem Satz").fill(question)
    desk.get_by_label("Antwort erbeten bis").fill(due_on.isoformat())
    press(desk, "Weiter: Termine prüfen")
    look_at(desk, "weiterleiten-geprueft")
    press(desk, "Jetzt weiterleiten")
    address, _mark, _fragment = desk.url.partition("#")  # browsers keep the form's fragment over a redirect
    return address.rstrip("/").rpartition("/")[2]


def take_up(desk: Page, number: str) -> None:
    desk.goto(f"/weiterleitungen/{number}/")
    desk.get_by_role("link", name="Auf die Tagesordnung nehmen", exact=True).click()
    look_at(desk, "aufnehmen")
    desk.locator("form.form button[type=submit]").click()


def look_at_path(desk: Page, number: str) -> str:
    """The page of a relay's way; its stops in words."""
    desk.goto(f"/weiterleitungen/{number}/")
    look_at(desk, "weg")
    return " ".join(desk.locator("ol.way").inner_text().split())


# A member with a telephone and letters


def answer(phone: Page, letter: Letter, label: str, *, confirm: str) -> str:
    """Press a button of the letter, confirm on the page; what the page says then."""
    follow(phone, letter.link(label), f"antwort-{letter.kind}")
    press(phone, confirm)
    look_at(phone, "danke")
    return heading(phone)


def change_answer(phone: Page, label: str) -> str:
    phone.get_by_role("link", name="Antwort ändern", exact=True).click()
    look_at(phone, "antwort-aendern")
    press(phone, label)
    look_at(phone, "danke-anders")
    return heading(phone)


def propose(phone: Page, call: Letter, title: str, *, meeting: str = "", description: str = "") -> str:
    """Propose a topic by the link of a call."""
    follow(phone, call.link("Ein Thema vorschlagen"), "thema")
    if meeting:
        phone.get_by_label(meeting).check()
    phone.get_by_label("Ihr Thema in einem Satz").fill(title)
    phone.get_by_label("Worum geht es?").fill(description)
    press(phone, "Thema senden")
    look_at(phone, "thema-danke")
    return heading(phone)


def release(phone: Page, letter: Letter) -> str:
    """The chair reads the minutes and agrees."""
    follow(phone, letter.link("Protokoll lesen und freigeben"), "freigeben")
    press(phone, "Protokoll freigeben")
    look_at(phone, "freigegeben")
    return heading(phone)
