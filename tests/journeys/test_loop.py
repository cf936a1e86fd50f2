"""One quarter of three alliances, all the way round: the Fachstelle at its desk, the members by their letters.

Arbeit meets in February and asks Gesellschaft, which answers in April; in June the answer is on Arbeit's agenda.
Members hold a phone of 320 pixels without scripts and know nothing but what their mails say.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from buendnisse import clock
from buendnisse.enums import DigestRhythm, Role
from buendnisse.models import Person
from notifications.enums import MailKind
from tests import world
from tests.factories.buendnisse import MembershipFactory, PersonFactory
from tests.factories.meetings import StandingItemFactory
from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE, OpenPage
from tests.journeys.quarter import Letter, Quarter, kinds
from tests.notifications import sending
from tests.support import smtp_sink

ARBEIT, BILDUNG, GESELLSCHAFT = "Arbeitsbündnis Arbeit", "Arbeitsbündnis Bildung", "Arbeitsbündnis Gesellschaft"
BUS = "Rufbus am Abend"
ROOM = "Ein Raum für Lerngruppen"
COURSES = "Sprachkurse neben der Arbeit"
NO_ROOM = "Die Sitzung ist mit dem Rufbus schon voll. Im Juni haben wir Zeit dafür."
RIDE = "Wir brauchen abends einen Rufbus zu den Sprachkursen."
QUESTION = "Bitte sagen Sie uns, von welchen Orten abends jemand fahren muss."
PLACES = "Gefahren werden muss von Emsfurt und Nordhagen."


@dataclass
class Story:
    cast: world.World
    gesine: Person
    quarter: Quarter
    desk: Page
    phone: Page


@pytest.fixture
def story(transactional_db: None, browser_page: OpenPage, live_server: LiveServer, settings: Any) -> Iterator[Story]:
    settings.BASE_URL = live_server.url
    cast = world.build()
    gesine = PersonFactory(handle="gesine", first_name="Gesine", last_name="Tholen")
    MembershipFactory(body=cast.gesellschaft, person=gesine, role=Role.CHAIR)
    for alliance in (cast.bildung, cast.gesellschaft, cast.arbeit):
        for code, title, position in (("opening", "Begrüßung", -2), ("relays", "Bericht der Fachstelle", -1)):
            StandingItemFactory(alliance=alliance, code=code, title=title, position=position)
    with smtp_sink.running() as sink:
        sending.use(settings, sink)
        quarter = Quarter(sink, start=world.AT)
        desk = browser_page(width=DESK, person=cast.imke)
        phone = browser_page(width=PHONE, javascript=False)
        yield Story(cast, gesine, quarter, desk, phone)


def test_quarter_goes_round(story: Story) -> None:
    arbeit = fix_the_dates(story)
    answer_and_change_ones_mind(story)
    move_the_meeting(story, arbeit)
    propose_topics(story)
    call_bildung_off(story)
    build_and_send_the_agenda(story, arbeit)
    decision = hold_the_meeting(story, arbeit)
    send_the_minutes(story, arbeit)
    approve_by_silence(story, arbeit)
    number = ask_gesellschaft(story, decision)
    answer = let_gesellschaft_decide(story, number)
    bring_the_answer_home(story, number, answer)
    every_monday_at_most_one_digest(story)


def fix_the_dates(story: Story) -> str:
    """What speaks against a day is shown before anything is saved; then the year's dates stand."""
    desk, quarter = story.desk, story.quarter
    remarks = steps.check_date(desk, ARBEIT, dt.date(2027, 3, 26))
    assert remarks != []
    assert "Karfreitag" in " ".join(remarks)
    assert steps.check_day(desk, dt.date(2027, 2, 11)) == []
    arbeit = steps.fix_date(desk)
    assert kinds(quarter.a_minute_passes()) == {"invitation": ["birgit", "corinna", "susanne"]}
    assert quarter.rings_again() == []

    for alliance, day in (
        (BILDUNG, dt.date(2027, 2, 24)),
        (GESELLSCHAFT, dt.date(2027, 4, 29)),
        (ARBEIT, dt.date(2027, 6, 10)),
    ):
        assert steps.check_date(desk, alliance, day) == []
        steps.fix_date(desk)
    quarter.a_minute_passes()
    assert quarter.rings_again() == []
    return arbeit


def answer_and_change_ones_mind(story: Story) -> None:
    """Susanne comes, cannot come after all, names Rolf, and comes herself again."""
    susanne, phone, quarter = story.cast.susanne, story.phone, story.quarter
    invitation = quarter.newest(MailKind.INVITATION, susanne, about="Arbeit, 11.02.2027")
    assert invitation.calendar["METHOD"] == "REQUEST"
    assert invitation.calendar["SEQUENCE"] == "0"

    assert steps.answer(phone, invitation, "Ich komme", confirm="Ja, ich komme") == "Danke für Ihre Zusage"
    assert steps.change_answer(phone, "Ich kann nicht kommen") == "Danke für Ihre Nachricht"
    steps.press(phone, "Rolf Eilers kommt für mich")
    steps.look_at(phone, "vertretung")
    letters = quarter.a_minute_passes()
    assert kinds(letters) == {"invitation": ["rolf"], "uninvited": ["susanne"]}
    phone.get_by_role("link", name="Antwort ändern", exact=True).click()
    steps.press(phone, "Vertretung zurücknehmen")
    steps.press(phone, "Ich komme")
    assert steps.heading(phone) == "Danke für Ihre Zusage"
    assert kinds(quarter.a_minute_passes()) == {"invitation": ["susanne"], "uninvited": ["rolf"]}
    again = quarter.newest(MailKind.INVITATION, susanne, about="Arbeit, 11.02.2027")
    assert again.calendar["UID"] == invitation.calendar["UID"]
    assert int(again.calendar["SEQUENCE"]) > int(invitation.calendar["SEQUENCE"])
    assert quarter.rings_again() == []


def move_the_meeting(story: Story, arbeit: str) -> None:
    """A week later: the same entry in every calendar, at a higher SEQUENCE."""
    cast, quarter = story.cast, story.quarter
    before = quarter.newest(MailKind.INVITATION, cast.birgit, about="Arbeit, 11.02.2027")
    remarks = steps.move_date(story.desk, arbeit, to=dt.date(2027, 2, 18), reason="Am 11. Februar tagt der Kreistag.")
    assert [remark.replace("\N{NO-BREAK SPACE}", " ") for remark in remarks] == [
        "zur Kenntnis Nur 6 Tage vor Bildung (24. Februar). Eine Person ist in beiden."
    ]
    letters = quarter.a_minute_passes()
    assert kinds(letters) == {"moved": ["birgit", "corinna", "susanne"]}
    moved = quarter.newest(MailKind.MOVED, cast.birgit)
    assert moved.calendar["UID"] == before.calendar["UID"]
    assert int(moved.calendar["SEQUENCE"]) > int(before.calendar["SEQUENCE"])
    assert moved.calendar["DTSTART"] == "20270218T100000"
    assert "Am 11. Februar tagt der Kreistag." in moved.sentences
    said = steps.answer(story.phone, quarter.newest(MailKind.MOVED, cast.susanne), "Ich komme", confirm="Ja, ich komme")
    assert said == "Danke für Ihre Zusage"


def propose_topics(story: Story) -> None:
    """The call goes out by itself; Susanne has two topics for Arbeit."""
    quarter, phone, susanne = story.quarter, story.phone, story.cast.susanne
    letters = quarter.mornings_pass_until(dt.date(2027, 1, 11))
    assert kinds(letters)["call"] == ["birgit", "rolf", "susanne"]
    call = quarter.newest(MailKind.CALL, susanne)

    where = "Arbeit, Donnerstag, 18. Februar 2027"
    assert steps.propose(phone, call, BUS, meeting=where, description="Abends fährt nichts.") == "Danke für Ihr Thema"
    assert steps.propose(phone, call, ROOM, meeting=where) == "Danke für Ihr Thema"
    assert kinds(quarter.a_minute_passes()) == {"item_received": ["susanne", "susanne"]}


def build_and_send_the_agenda(story: Story, arbeit: str) -> None:
    """One topic is taken, one is not, and its proposer reads why; then the invitation goes out."""
    quarter, desk, susanne = story.quarter, story.desk, story.cast.susanne
    quarter.mornings_pass_until(dt.date(2027, 2, 1))
    steps.open_board(desk, arbeit)
    steps.accept(desk, BUS)
    steps.decline(desk, ROOM, reason=NO_ROOM)
    assert kinds(quarter.a_minute_passes()) == {"item_fate": ["susanne", "susanne"]}
    assert NO_ROOM in quarter.newest(MailKind.ITEM_FATE, susanne).sentences
    steps.add_topic(desk, COURSES)
    assert steps.titles(desk) == ["Begrüßung", "Bericht der Fachstelle", BUS, COURSES]
    steps.move_up(desk, 4)
    assert steps.titles(desk) == ["Begrüßung", "Bericht der Fachstelle", COURSES, BUS]
    steps.send_agenda(desk)
    assert kinds(quarter.a_minute_passes()) == {"agenda": ["birgit", "corinna", "rolf", "susanne"]}
    assert quarter.rings_again() == []
    agenda = quarter.newest(MailKind.AGENDA, susanne)

    steps.follow(story.phone, agenda.link("Die Tagesordnung und die Unterlagen öffnen"), "sitzung-lesen")


def hold_the_meeting(story: Story, arbeit: str) -> str:
    """Two organisations are there, a decision gets its number, Susanne a task."""
    desk, quarter = story.desk, story.quarter
    quarter.mornings_pass_until(dt.date(2027, 2, 18), dt.time(10, 0))
    steps.begin(desk, arbeit, present=["Birgit Hanneken", "Susanne Overhage"])
    steps.note_result(desk, BUS, "Abends fährt nach 19 Uhr kein Bus.")
    number = steps.decide(desk, BUS, RIDE)
    assert number == "A-2027-01"
    steps.assign(desk, BUS, "Fahrplan erfragen", owner="Overhage, Susanne (BBS)", due_on=dt.date(2027, 3, 12))
    steps.end(desk)
    return number


def send_the_minutes(story: Story, arbeit: str) -> None:
    """The chair releases by a link, then all read them; a member finds nothing wrong."""
    desk, quarter, phone, cast = story.desk, story.quarter, story.phone, story.cast
    quarter.mornings_pass_until(dt.date(2027, 2, 22))
    steps.submit_minutes(desk, arbeit, chair="Birgit Hanneken")
    assert kinds(quarter.a_minute_passes()) == {"minutes_review": ["birgit"]}
    assert steps.release(phone, quarter.newest(MailKind.MINUTES_REVIEW, cast.birgit)) == "Danke für Ihre Freigabe"
    steps.circulate_minutes(desk, arbeit)
    assert kinds(quarter.a_minute_passes()) == {"minutes": ["birgit", "rolf", "susanne"]}
    assert quarter.rings_again() == []
    letter = quarter.newest(MailKind.MINUTES, cast.susanne)

    steps.follow(phone, letter.link("Das ganze Protokoll lesen"), "protokoll-lesen")
    assert steps.download(phone, "Protokoll als PDF")[:5] == b"%PDF-"
    assert steps.download(desk, "Protokoll als PDF")[:5] == b"%PDF-"
    steps.follow(phone, letter.link("Aufgabe zurückmelden"), "aufgabe")
    phone.get_by_label("Die Aufgabe ist erledigt").check()
    steps.press(phone, "Rückmeldung senden")
    assert steps.heading(phone) == "Danke für Ihre Rückmeldung"


def approve_by_silence(story: Story, arbeit: str) -> None:
    """Nobody reports anything for two weeks."""
    story.desk.goto(f"{arbeit}protokoll/")
    expect(story.desk.locator("main")).to_contain_text("Einwände sind möglich bis Montag, 8. März 2027.")
    story.quarter.mornings_pass_until(dt.date(2027, 3, 9))
    story.desk.goto(f"{arbeit}protokoll/")
    expect(story.desk.locator("main")).to_contain_text("Genehmigt am 9. März 2027")


def ask_gesellschaft(story: Story, decision: str) -> str:
    """Arbeit's decision goes over to Gesellschaft, whose chair reads of it."""
    number = steps.relay(story.desk, decision, to="Gesellschaft", question=QUESTION, due_on=dt.date(2027, 5, 12))
    assert number == "W-2027-01"
    assert kinds(story.quarter.a_minute_passes()) == {"relay": ["gesine"]}
    asked = story.quarter.newest(MailKind.RELAY, story.gesine)
    assert QUESTION in asked.sentences
    steps.follow(story.phone, asked.link("Ansehen und antworten"), "weg-lesen")
    steps.take_up(story.desk, number)
    return number


def let_gesellschaft_decide(story: Story, number: str) -> str:
    """It stands on their agenda as an item of their own; their decision is the answer."""
    desk, quarter, phone, cast = story.desk, story.quarter, story.phone, story.cast
    gesellschaft = "/sitzungen/2027-q2-gesellschaft/"
    topic = f"{BUS}: Bitte um Stellungnahme aus Arbeit"
    quarter.mornings_pass_until(dt.date(2027, 4, 14))
    steps.open_board(desk, gesellschaft)
    assert steps.titles(desk) == ["Begrüßung", "Bericht der Fachstelle", topic]
    steps.send_agenda(desk)
    assert kinds(quarter.a_minute_passes()) == {"agenda": ["gesine", "hedwig"]}
    assert steps.answer(phone, quarter.newest(MailKind.AGENDA, cast.hedwig), "Ich komme", confirm="Ja, ich komme") == (
        "Danke für Ihre Zusage"
    )
    quarter.mornings_pass_until(dt.date(2027, 4, 29), dt.time(10, 0))
    steps.begin(desk, gesellschaft, present=["Gesine Tholen", "Hedwig Burlage"])
    answer = steps.decide(desk, topic, PLACES)
    assert answer == "G-2027-01"
    steps.end(desk)
    assert kinds(quarter.a_minute_passes()) == {"relay_answer": ["birgit", "susanne"]}
    return answer


def bring_the_answer_home(story: Story, number: str, answer: str) -> None:
    """Whoever asked reads the answer, Arbeit's next agenda holds it, and one page shows the whole way."""
    quarter, desk, cast = story.quarter, story.desk, story.cast
    home = quarter.newest(MailKind.RELAY_ANSWER, cast.susanne)
    assert PLACES in home.sentences
    steps.follow(story.phone, home.link("Den ganzen Weg ansehen"), "weg-beantwortet")
    steps.open_board(desk, "/sitzungen/2027-q2-arbeit/")
    told = f"Antwort aus Gesellschaft: {BUS} ({number})"
    desk.get_by_role("link", name="TOP 2: ansehen, was hier steht").click()
    expect(desk.locator("main")).to_contain_text(told)
    quarter.mornings_pass_until(dt.date(2027, 5, 26))
    steps.open_board(desk, "/sitzungen/2027-q2-arbeit/")
    steps.add_topic(desk, COURSES)
    steps.send_agenda(desk)
    assert kinds(quarter.a_minute_passes()) == {"agenda": ["birgit", "corinna", "rolf", "susanne"]}
    assert told in quarter.newest(MailKind.AGENDA, cast.susanne).sentences

    way = steps.look_at_path(desk, number)
    assert [words in way for words in (RIDE, QUESTION, answer, PLACES)] == [True] * 4


def call_bildung_off(story: Story) -> None:
    """The third alliance cannot meet: the entry leaves the calendar again."""
    susanne, quarter = story.cast.susanne, story.quarter
    invitation = quarter.newest(MailKind.INVITATION, susanne, about="Bildung, 24.02.2027")
    steps.cancel(story.desk, "/sitzungen/2027-q1-bildung/", reason="Das Kreishaus ist an diesem Tag geschlossen.")
    assert kinds(quarter.a_minute_passes()) == {"cancelled": ["susanne"]}
    cancelled = quarter.newest(MailKind.CANCELLED, susanne)
    assert cancelled.calendar["METHOD"] == "CANCEL"
    assert cancelled.calendar["UID"] == invitation.calendar["UID"]


def every_monday_at_most_one_digest(story: Story) -> None:
    """Each person with news has one letter a week at most, none is empty, and one click ends them."""
    digests = [letter for letter in story.quarter.letters if letter.kind == MailKind.DIGEST]
    assert {clock.local(letter.at).strftime("%a %H:%M") for letter in digests} == {"Mon 07:00"}
    assert set(Counter((letter.at, letter.to) for letter in digests).values()) == {1}
    assert {letter.to.partition("@")[0] for letter in digests} == {
        "birgit", "susanne", "rolf", "hedwig", "gesine", "theda"
    }  # fmt: skip
    assert [letter.subject for letter in digests if not has_news(letter)] == []

    last = story.quarter.newest(MailKind.DIGEST, story.cast.susanne)
    one_click = str(last.message["List-Unsubscribe"]).strip("<>")
    assert last.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    steps.follow(story.phone, one_click, "abbestellen")
    assert story.phone.request.post(one_click, form={"List-Unsubscribe": "One-Click"}).ok
    story.cast.susanne.refresh_from_db()
    assert story.cast.susanne.digest == DigestRhythm.NEVER


def has_news(letter: Letter) -> bool:
    """A heading with something under it, between greeting and farewell."""
    body = letter.text.partition("das ist neu seit")[2].partition("Mit freundlichen Grüßen")[0]
    return len(body.split("---\n")) > 1 and len(body.split()) > len(["Tag,", "Datum."])
