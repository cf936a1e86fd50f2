"""On a phone of 320 pixels without script: decline and have somebody asked to stand in; report a task; read what was missed."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page

from buendnisse import clock
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.domain import answers
from meetings.enums import Answer, DeputyRequestState, MeetingState, Presence
from meetings.models import ActionItem, Attendance, DeputyRequest, Meeting
from notifications.domain import dispatch, render, urls_for
from notifications.enums import MailKind
from notifications.models import OutboxMessage
from tests import world
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible, keep_picture
from tests.world import AT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cast(monkeypatch: pytest.MonkeyPatch) -> world.World:
    monkeypatch.setattr(clock, "now", lambda: AT)  # the server answers in threads that a frozen clock does not reach
    return world.build()


@pytest.fixture
def december(cast: world.World) -> Meeting:
    meeting = MeetingFactory(slug="2026-q4-arbeit", alliance=cast.arbeit, state=MeetingState.INVITED, venue=cast.venue)
    answers.call_roll(meeting)
    return meeting


def address(person: Person, purpose: LinkPurpose, subject: object) -> str:
    whole = urls_for.personal(person, purpose=purpose, subject=subject, at=AT)  # type: ignore[arg-type]
    return whole.removeprefix(urls_for.absolute(""))


def link_in(kind: MailKind, label: str) -> tuple[str, str]:
    """Whom the newest mail of a kind is for, and the path behind a label in its text."""
    dispatch.fan_out(at=AT)
    message = OutboxMessage.objects.filter(kind=kind).order_by("-pk")[0]
    text = render.render(message, at=AT).text
    (found,) = re.findall(rf"{label}:\n(\S+)", text)
    return message.person.email, found.removeprefix(urls_for.absolute(""))


def look(page: Page, name: str) -> str:
    assert_accessible(page)
    keep_picture(page, name)
    return " ".join(page.get_by_role("heading", level=1).inner_text().split())


def test_member_declines_and_somebody_named_says_yes(
    browser_page: OpenPage, cast: world.World, december: Meeting
) -> None:
    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(address(cast.susanne, LinkPurpose.ANSWER, december) + "nein/")
    assert look(phone, "absage-bestaetigen") == "Bitte bestätigen: Sie können nicht kommen"
    phone.get_by_role("button", name="Ich kann nicht kommen").click()
    assert look(phone, "absage-danke") == "Danke für Ihre Nachricht"
    phone.locator("summary").click()
    phone.get_by_label("Vorname und Nachname").fill("Greta Harms")
    phone.get_by_label("E-Mail-Adresse").fill("greta@verein")
    phone.get_by_role("button", name="Um Vertretung bitten").click()
    assert phone.get_by_label("Vorname und Nachname").input_value() == "Greta Harms"
    look(phone, "vertretung-adresse-fehlt")
    phone.get_by_label("E-Mail-Adresse").fill("greta@verein.example")
    phone.get_by_role("button", name="Um Vertretung bitten").click()
    assert look(phone, "vertretung-gebeten") == "Danke für Ihre Nachricht"
    assert not Attendance.objects.filter(meeting=december, person__last_name="Harms").exists()

    email, link = link_in(MailKind.DEPUTY_ASKED, "Zusagen oder absagen")
    assert email == "greta@verein.example"
    other = browser_page(width=PHONE, javascript=False)
    other.goto(link)
    assert look(other, "vertretung-frage").startswith("Susanne Overhage bittet Sie, sie am 3. Dezember")
    assert DeputyRequest.objects.get().state == DeputyRequestState.ASKED
    other.get_by_role("button", name="Ja, ich übernehme die Vertretung").click()
    assert look(other, "vertretung-zugesagt") == "Danke für Ihre Zusage"

    row = Attendance.objects.get(meeting=december, stands_in_for__person=cast.susanne)
    assert (row.person.full_name, row.answer) == ("Greta Harms", Answer.ACCEPTED)
    other.get_by_role("button", name="Antwort ändern").click()
    look(other, "vertretung-aendern")
    phone.reload()
    assert "Greta Harms kommt für Sie." in phone.inner_text("main")


def test_who_is_asked_says_no(browser_page: OpenPage, cast: world.World, december: Meeting) -> None:
    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(address(cast.susanne, LinkPurpose.ANSWER, december))
    phone.locator("summary").click()
    phone.get_by_label("Vorname und Nachname").fill("Greta Harms")
    phone.get_by_label("E-Mail-Adresse").fill("greta@verein.example")
    phone.get_by_role("button", name="Um Vertretung bitten").click()
    _email, link = link_in(MailKind.DEPUTY_ASKED, "Zusagen oder absagen")
    phone.goto(link)
    phone.get_by_role("button", name="Nein, ich kann nicht").click()
    assert look(phone, "vertretung-abgelehnt") == "Danke für Ihre Nachricht"
    phone.get_by_role("button", name="Ich vertrete doch").click()
    assert look(phone, "vertretung-doch") == "Danke für Ihre Zusage"


def test_owner_reports_a_task_by_link(browser_page: OpenPage, cast: world.World, december: Meeting) -> None:
    task = ActionItemFactory(agenda_item=AgendaItemFactory(meeting=december), owner=cast.susanne)
    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(address(cast.susanne, LinkPurpose.TASK, task))
    assert look(phone, "aufgabe") == "Wie steht es um Ihre Aufgabe?"
    phone.get_by_label("Es dauert länger").check()
    phone.get_by_label("Ein Satz dazu").fill("Der Raum ist bis Januar vermietet.")
    phone.get_by_role("button", name="Rückmeldung senden").click()
    assert phone.get_by_label("Ein Satz dazu").input_value() == "Der Raum ist bis Januar vermietet."
    look(phone, "aufgabe-bis-wann")
    phone.get_by_label("Bis wann?").fill("2027-01-15")
    phone.get_by_role("button", name="Rückmeldung senden").click()
    assert look(phone, "aufgabe-danke") == "Danke für Ihre Rückmeldung"
    phone.get_by_role("link", name="Doch anders?").click()
    phone.get_by_label("Die Aufgabe ist erledigt").check()
    phone.get_by_role("button", name="Rückmeldung senden").click()

    stored = ActionItem.objects.get(pk=task.pk)
    assert (stored.state, stored.due_on, stored.report) == (
        "done",
        dt.date(2027, 1, 15),
        "Der Raum ist bis Januar vermietet.",
    )


def test_member_reads_what_was_missed(browser_page: OpenPage, cast: world.World, december: Meeting) -> None:
    past = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2026-Q3",
        state=MeetingState.CLOSED,
        start=dt.datetime(2026, 9, 10, 8, tzinfo=dt.UTC),
        end=dt.datetime(2026, 9, 10, 10, tzinfo=dt.UTC),
    )
    Attendance.objects.create(
        meeting=past,
        person=cast.susanne,
        organisation=cast.susanne.organisation,
        role="member",
        presence=Presence.EXCUSED,
    )
    item = AgendaItemFactory(meeting=past)
    DecisionFactory(agenda_item=item, decided_on=dt.date(2026, 9, 10))
    task = ActionItemFactory(agenda_item=item, owner=cast.susanne)
    AgendaItemFactory(meeting=december, title="Rufbus am Abend")
    phone = browser_page(width=PHONE, javascript=False)
    phone.goto(address(cast.susanne, LinkPurpose.MISSED, cast.arbeit))
    assert look(phone, "verpasst") == "Was habe ich verpasst?"
    headings = [" ".join(text.split()) for text in phone.get_by_role("heading", level=2).all_inner_texts()]
    assert headings == [
        "Das wurde verabredet",
        "Zum Nachlesen",
        "Ihre Aufgaben",
        "Nächster Termin",
        "Darüber sprechen wir am 3. Dezember",
    ]
    phone.get_by_role("button", name=task.task).click()
    phone.wait_for_url("**/aufgabe/*/")
    assert look(phone, "verpasst-aufgabe") == "Wie steht es um Ihre Aufgabe?"
