"""A decision of Arbeit goes to Bildung, is answered there by a decision, and the answer comes home by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Contact, Topic
from meetings.domain import decisions, relay
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Attendance, Meeting, Relay
from tests.journeys.conftest import OpenPage, assert_accessible, assert_accessible_everywhere
from tests.support.relay_scene import Scene, decide, hand_over, meeting, set_scene
from tests.world import AT

FEBRUARY = dt.datetime(2027, 2, 17, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def scene(transactional_db: None) -> Scene:
    return set_scene()


@pytest.fixture(autouse=True)
def _server_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server answers in threads of its own, which a frozen clock does not reach."""
    monkeypatch.setattr(clock, "now", lambda: AT)


def test_decision_travels_and_its_answer_comes_home(browser_page: OpenPage, scene: Scene) -> None:
    asked = decide(AgendaItem.objects.create(meeting=scene.arbeit_december, alliance=scene.cast.arbeit, title="Pflege"))
    page = browser_page(person=scene.cast.imke)

    page.goto("/weiterleitungen/")
    page.get_by_role("link", name="Beschluss weiterleiten").click()
    page.get_by_role("link", name=f"{asked.number} weiterleiten").click()
    page.get_by_label("Bildung, tagt am").check()
    page.get_by_label("Was wird erbeten?").select_option(label="Bitte um Stellungnahme")
    page.get_by_label("Worum geht es?").fill("Fachsprachkurs Pflege")
    page.get_by_label("Ihre Frage in einem Satz").fill("Bitte sagen Sie, ob ein Kurs möglich ist.")
    page.get_by_label("Antwort erbeten bis").fill("2027-03-01")
    page.get_by_role("button", name="Weiter: Termine prüfen").click()
    expect(page.locator("#vorschau")).to_contain_text("17. Februar 2027")
    expect(page.locator("#vorschau")).to_be_focused()
    expect(page.get_by_role("heading", name="Bevor es hinausgeht")).to_be_in_viewport()
    assert_accessible(page)
    page.get_by_role("button", name="Jetzt weiterleiten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fachsprachkurs Pflege")

    page.get_by_role("link", name="Auf die Tagesordnung nehmen").click()
    page.get_by_role("button", name="Auf die Tagesordnung nehmen").click()
    expect(page.get_by_role("status")).to_contain_text("Steht auf der Tagesordnung.")

    item = AgendaItem.objects.get(answers__number="W-2026-01")
    _hold(scene, item)
    page.reload()
    expect(page.locator(".way")).to_contain_text("Ein Kurs ist ab Mai möglich.")
    expect(page.get_by_label("Stand")).to_contain_text("Antwort zugestellt")
    sent = Relay.objects.get()
    assert sent.returned_item is not None
    assert (sent.returned_item.standing_code, sent.returned_item.meeting) == ("relays", scene.arbeit_march)


def test_the_other_way_round_and_the_chair_acts_from_the_letter(browser_page: OpenPage, scene: Scene) -> None:
    """From the decision's page to Arbeit; its chair, on a telephone and without script, takes it up, and slips once."""
    desk = browser_page(person=scene.cast.imke)
    desk.goto(f"/beschluesse/{scene.decision.number}/")
    desk.get_by_role("link", name="Weiterleiten", exact=True).click()
    desk.get_by_label("Arbeit, tagt am").check()
    desk.get_by_label("Ihre Frage in einem Satz").fill("Zu welchen Zeiten fehlt Betreuung?")
    desk.get_by_label("Begleittext").fill("In den Kursen sitzen 40 Eltern.")
    desk.get_by_label("Antwort erbeten bis").fill("2026-12-01")
    desk.get_by_role("button", name="Weiter: Termine prüfen").click()
    desk.get_by_role("button", name="Neue Frist: 10. Dezember 2026").click()
    expect(desk.get_by_label("Antwort erbeten bis")).to_have_value("2026-12-10")
    desk.get_by_role("button", name="Jetzt weiterleiten").click()
    expect(desk.get_by_role("status")).to_contain_text("Weitergeleitet.")

    sent = Relay.objects.get()
    until = AT + dt.timedelta(days=30)
    link = links.grant(scene.cast.birgit, purpose=LinkPurpose.RELAY, subject=sent, until=until, at=AT)
    phone = browser_page(width=320, javascript=False)
    for _slip in range(2):
        phone.goto(f"/weg/{links.token(link)}/")
        phone.get_by_role("link", name="Auf die Tagesordnung nehmen").click()
        if _slip == 0:
            assert_accessible(phone)
        phone.get_by_label("11. März 2027").check()
        phone.get_by_role("button", name="Auf die Tagesordnung nehmen").click()
        expect(phone.get_by_role("status")).to_contain_text("Steht auf der Tagesordnung.")
        if _slip == 0:
            phone.get_by_role("button", name="Rückgängig").click()
            expect(phone.get_by_role("status")).to_contain_text("Rückgängig gemacht.")

    decide_in(scene.arbeit_march, AgendaItem.objects.get(answers=sent), "Betreuung fehlt ab 16 Uhr.")
    phone.reload()
    expect(phone.locator(".way")).to_contain_text("Betreuung fehlt ab 16 Uhr.")
    home = Relay.objects.select_related("returned_item__meeting").get().returned_item
    assert home is not None
    assert (home.standing_code, home.meeting) == ("relays", scene.bildung_february)


def decide_in(meeting: Meeting, item: AgendaItem, text: str) -> None:
    """Arbeit decides in its session; as the minutes write it."""
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.IN_SESSION)
    item.refresh_from_db()
    decisions.adopt(item, kind="consensus", text=text, by=Relay.objects.get().sent_by, at=AT)


def test_relay_pages_are_accessible(browser_page: OpenPage, scene: Scene) -> None:
    sent = hand_over(scene)
    hand_over(scene, to=scene.cast.gesellschaft)
    late = hand_over(scene, to=scene.unit)
    Relay.objects.filter(pk=late.pk).update(due_on=dt.date(2026, 11, 1))
    relay.withdraw(hand_over(scene), reason="Erledigt.", by=scene.cast.imke, at=AT)
    Relay.objects.get(number="W-2026-02").supporting.add(sent)
    meeting(scene.cast.gesellschaft, 2027, 3, 3, quarter="2027-Q1")
    page = browser_page(person=scene.cast.imke)

    for name, address in {
        "weiterleitungen": "/weiterleitungen/?stand=all",
        "nichts-gefunden": "/weiterleitungen/?q=Rufbus",
        "weg": f"/weiterleitungen/{sent.number}/",
        "aufnehmen": f"/weiterleitungen/{sent.number}/aufnehmen/",
        "wege": "/planung/wege/",
        "wege-aendern": f"/planung/wege/{scene.cast.bildung.slug}/",
        "nicht-zustaendig": f"/weiterleitungen/{sent.number}/nicht-zustaendig/",
        "weiterleiten": f"/weiterleitungen/neu/?decision={scene.decision.pk}",
    }.items():
        page.goto(address)
        assert_accessible_everywhere(page, name)


def test_board_is_searched_and_narrowed_by_keyboard(browser_page: OpenPage, scene: Scene) -> None:
    hand_over(scene, subject="Rufbus am Abend")
    hand_over(scene, to=scene.unit)
    page = browser_page(person=scene.cast.imke)
    page.goto("/weiterleitungen/")

    page.get_by_role("searchbox", name="Suche", exact=True).focus()
    page.keyboard.type("rufbus")
    page.keyboard.press("Enter")
    expect(page.locator(".board__title")).to_have_text(["Rufbus am Abend"])

    page.get_by_role("link", name="Alle offenen zeigen").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".board__title")).to_have_count(2)

    page.get_by_label("Wer ist dran").focus()
    page.keyboard.type("die gefragte")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".board__who")).to_contain_text(["KMT"])


def test_long_address_of_whom_to_ask_wraps_on_a_telephone(browser_page: OpenPage, scene: Scene) -> None:
    topic = Topic.objects.create(slug="sprache", name="Sprache")
    address = "carsten.vossberg@sprachkoordination-haseland.example"
    Contact.objects.create(person=scene.cast.susanne, topic=topic, email=address)
    scene.decision.topics.add(topic)
    page = browser_page(width=320, person=scene.cast.imke)

    page.goto(f"/beschluesse/{scene.decision.number}/")

    expect(page.get_by_role("contentinfo")).to_contain_text(address)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_picture_is_pushed_sideways_by_keyboard_on_a_telephone(browser_page: OpenPage, scene: Scene) -> None:
    sent = hand_over(scene)
    page = browser_page(person=scene.cast.imke)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"/weiterleitungen/{sent.number}/")

    picture = page.get_by_role("region", name="Der Weg als Bild")
    expect(picture).to_have_js_property("scrollLeft", 0)  # where the lanes have their names
    picture.focus()
    page.keyboard.press("ArrowRight")
    expect(picture).not_to_have_js_property("scrollLeft", 0)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def _hold(scene: Scene, item: AgendaItem) -> None:
    """Bildung meets and decides; as the minutes write it."""
    Meeting.objects.filter(pk=scene.bildung_february.pk).update(state=MeetingState.IN_SESSION, voting_organisations=1)
    Attendance.objects.create(
        meeting=scene.bildung_february,
        person=scene.cast.susanne,
        organisation=scene.cast.susanne.organisation,
        role="member",
        presence="present",
        casts_vote=True,
    )
    item.refresh_from_db()
    decisions.adopt(item, kind="consensus", text="Ein Kurs ist ab Mai möglich.", by=scene.cast.imke, at=FEBRUARY)
