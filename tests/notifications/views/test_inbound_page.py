"""The page of one mail: what it says first, which button stands first, and what is said once it is settled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.models import SharedMailbox
from meetings.models import AgendaItem, Meeting
from notifications.models import InboundMessage, OutboxMessage
from tests.notifications import inbound_mail, sending
from tests.notifications.inbound_mail import MINUTE, NOON, OFFICE, receive, reply
from tests.notifications.views.test_inbox import buttons, on, press, said, text
from tests.support import mail_programs, smtp_sink
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> Iterator[None]:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER
    with clock.frozen(NOON + dt.timedelta(minutes=5)):
        yield


def note(desk: Client, row: InboundMessage) -> str:
    """The sentences that head the page."""
    found = re.search(
        r'<p class="note[^"]*">(.*?)</p>', desk.get(f"/posteingang/{row.pk}/").content.decode(), re.DOTALL
    )
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def primary(response: Any) -> list[str]:
    """The buttons that stand out, those in folds left out."""
    page = re.sub(r"<details.*?</details>", "", response.content.decode(), flags=re.DOTALL)
    return re.findall(r'<(?:button|a) class="btn btn--primary"[^>]*>([^<]+)<', page)


def delegated(meeting: Meeting, cast: World, name: str = "Kai Kollege") -> InboundMessage:
    other = f"ATTENDEE;PARTSTAT=NEEDS-ACTION;CN={name}:mailto:kai@bbs.example\r\n"
    raw = mail_programs.thunderbird(reply(meeting, cast.susanne, partstat="DELEGATED")).replace(
        b"ATTENDEE;RSVP=TRUE", other.encode() + b'ATTENDEE;DELEGATED-TO="mailto:kai@bbs.example";RSVP=TRUE'
    )
    return receive(raw[: raw.index(b"application/ics")])


def test_deputy_a_calendar_names_is_invited_in_one_tap(invited: Meeting, cast: World, desk: Client) -> None:
    row = delegated(invited, cast)
    page = desk.get(f"/posteingang/{row.pk}/")
    assert primary(page) == ["Kai Kollege als Vertretung einladen"]
    fields = dict(re.findall(r'<input type="hidden" name="(name|email)" value="([^"]*)"', page.content.decode()))

    press(desk, row, "deputy", **fields, **on(invited, cast))

    assert said(invited, cast) == "kommt nicht; Kai Kollege ist als Vertretung eingeladen"
    assert note(desk, row).endswith("Die Person wollte, dass jemand anderes kommt.")


def test_deputy_without_a_whole_name_is_asked_for(invited: Meeting, cast: World, desk: Client) -> None:
    page = desk.get(f"/posteingang/{delegated(invited, cast, 'Kai').pk}/")

    assert primary(page) == ["Gelesen, nichts zu tun"]
    assert "Jemand vertritt Susanne Overhage" in text(page)


def test_words_of_an_invited_person_are_not_put_aside_by_the_first_button(
    invited: Meeting, cast: World, desk: Client
) -> None:
    assert primary(desk.get(f"/posteingang/{inbound_mail.words(cast).pk}/")) == []
    foreign = receive(mail_programs.words("Werbung", sender="wer@anders.example", name="Wer Anders", number=2))
    assert primary(desk.get(f"/posteingang/{foreign.pk}/")) == ["Gelesen, nichts zu tun"]


def test_confirmed_answer_asks_for_nothing_any_more(invited: Meeting, cast: World, desk: Client) -> None:
    said_by_program = reply(invited, cast.susanne, headers=("Auto-Submitted: auto-generated",))
    row = receive(mail_programs.nextcloud(said_by_program))
    assert "Bitte prüfen Sie sie." in note(desk, row)

    press(desk, row, "confirm")

    assert note(desk, row) == (
        "Erledigt: Antwort bestätigt, Imke Albers, 23.11.2026, 12:05 Uhr. "
        "Ein Programm hat geantwortet, und die Adresse war nicht belegt."
    )


def test_provisional_answer_says_what_comes_back_without_it(invited: Meeting, cast: World, desk: Client) -> None:
    receive(mail_programs.outlook(reply(invited, cast.susanne, partstat="DECLINED")))
    later = NOON + MINUTE
    row = receive(mail_programs.nextcloud(reply(invited, cast.susanne, stamp=later, number=2)), at=later)

    assert "Jetzt gilt kommt, Kalender, 23.11.2026 Davor kommt nicht" in text(desk.get(f"/posteingang/{row.pk}/"))


def test_facts_to_decide_by_stand_before_the_buttons_and_the_mail(invited: Meeting, cast: World, desk: Client) -> None:
    page = text(desk.get(f"/posteingang/{inbound_mail.proposal(invited, cast).pk}/"))

    order = ["Antwort kommt vielleicht", "Vorschlag Donnerstag", "Bemerkung Da ist", "Was soll geschehen?", "Die Mail"]
    assert sorted(order, key=page.index) == order
    assert "Die Antwort dazu ist eingetragen: kommt vielleicht." in page


def test_answer_beside_a_proposal_is_entered_and_taken_out(invited: Meeting, cast: World, desk: Client) -> None:
    start = invited.start + dt.timedelta(days=7)
    unproven = reply(invited, cast.susanne, method="COUNTER", partstat="DECLINED", proven=False, start=start)
    row = receive(mail_programs.outlook(unproven.but(end=start + inbound_mail.HOUR)))
    page = desk.get(f"/posteingang/{row.pk}/")
    assert primary(page) == ["Diesen Tag prüfen"]
    assert "Für Susanne Overhage eintragen: kommt nicht" in buttons(page)
    beside = "Die Antwort dazu ist nicht eingetragen: kommt nicht."
    assert beside in text(desk.get(f"/sitzungen/{invited.slug}/"))

    press(desk, row, "own", **on(invited, cast))
    assert said(invited, cast) == "kommt nicht"
    assert "Die Antwort dazu ist eingetragen: kommt nicht." in text(desk.get(f"/sitzungen/{invited.slug}/"))

    press(desk, row, "take_out")
    assert said(invited, cast) == ""


def test_answer_about_another_meeting_is_said_to_leave_the_proposal_open(
    invited: Meeting, cast: World, desk: Client
) -> None:
    row, other = inbound_mail.proposal(invited, cast), inbound_mail.later_meeting(invited, cast)
    own = inbound_mail.row_of(other, cast.susanne)

    press(desk, row, "enter", attendance=own.pk, answer="accepted")

    assert said(other, cast) == "kommt"
    assert "Die Antwort ist eingetragen. Der Vorschlag ist noch offen. Ansehen" in text(
        page := desk.get("/posteingang/")
    )
    assert "zurücknehmen" not in text(page)
    assert "Susanne Overhage schlägt vor" in text(desk.get(f"/sitzungen/{invited.slug}/"))


def test_after_taking_back_there_is_nothing_to_take_back(cast: World, desk: Client) -> None:
    row = inbound_mail.words(cast)
    press(desk, row, "read")
    assert "Als gelesen abgelegt. Ansehen oder zurücknehmen" in text(desk.get("/posteingang/"))

    press(desk, row, "reopen")

    page = text(desk.get("/posteingang/"))
    assert "Die Mail ist wieder offen. Ansehen" in page
    assert "zurücknehmen" not in page


def test_address_several_people_have(cast: World, desk: Client) -> None:
    shared = SharedMailbox.objects.create(address="buero@verein.example")
    shared.people.set([cast.susanne, cast.birgit])
    row = receive(mail_programs.words("Guten Tag", sender="buero@verein.example", name="Büro"))

    assert "Diese Adresse haben" in text(desk.get(f"/posteingang/{row.pk}/"))


def test_address_one_person_has(invited: Meeting, cast: World, desk: Client) -> None:
    row = receive(mail_programs.words("Guten Tag"))
    InboundMessage.objects.filter(pk=row.pk).update(person=None)

    assert "Diese Adresse hat Susanne Overhage" in text(desk.get(f"/posteingang/{row.pk}/"))


WINMAIL = (
    b'From: "Susanne Overhage" <susanne@verein.example>\r\nMessage-ID: <w@verein.example>\r\nSubject: Zusage\r\n'
    b'Content-Type: multipart/mixed; boundary="w"\r\n\r\n--w\r\nContent-Type: text/plain\r\n\r\n\r\n'
    b'--w\r\nContent-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n'
    b'Content-Disposition: attachment; filename="winmail.dat"\r\n\r\neJ8+IgAA\r\n--w--\r\n'
)


def test_what_only_outlook_reads_is_said_to_be_that(cast: World, desk: Client, relay: smtp_sink.Sink) -> None:
    inbound_mail.has_mailbox()
    row = receive(WINMAIL)

    assert note(desk, row) == (
        "Outlook hat die Mail in einer Form geschickt, die wir nicht lesen können (winmail.dat). Bitte fragen Sie nach."
    )
    passed_on = sending.text(sending.deliver(relay, at=NOON + MINUTE)[OFFICE])
    assert "Die Mail enthält keinen Text." in passed_on
    assert "\n>" not in passed_on


def test_files_are_not_to_be_passed_on_twice(cast: World, desk: Client) -> None:
    row = receive(WINMAIL)
    tip = "Geben Sie die Mail dafür an Ihr Postfach weiter."
    inbound_mail.has_mailbox()
    assert tip in text(desk.get(f"/posteingang/{row.pk}/"))

    press(desk, row, "pass_on")

    page = text(desk.get(f"/posteingang/{row.pk}/"))
    assert "Weitergegeben an das Postfach der Fachstelle" in page
    assert tip not in page


def test_topic_starts_with_what_the_mail_says_itself(invited: Meeting, cast: World, desk: Client) -> None:
    ours = OutboxMessage.objects.get(person=cast.susanne, kind="invitation")
    raw = mail_programs.words(
        "Bitte über den Rufbus sprechen.\n\n> Guten Tag\n> Kommen Sie?",
        subject=f"AW: {ours.subject}",
        answers_to=ours.message_id,
    )
    row = receive(raw)
    page = desk.get(f"/posteingang/{row.pk}/").content.decode()
    [address] = re.findall(r'formaction="([^"]+)">Thema daraus machen', page)
    fields = dict(re.findall(r'<input type="hidden" name="(betreff|text)" value="([^"]*)"', page))
    assert fields == {"betreff": "", "text": "Bitte über den Rufbus sprechen."}

    form = desk.post(address, {**fields, "aus_mail": "1"})

    assert form.status_code == 200
    assert form.context["form"].errors == {}
    assert form.context["form"]["description"].value() == "Bitte über den Rufbus sprechen."
    assert not AgendaItem.objects.filter(description__contains="Rufbus").exists()


def test_note_of_who_comes_stands_in_the_list_of_who_got_what(invited: Meeting, cast: World, desk: Client) -> None:
    receive(mail_programs.gmail(reply(invited, cast.susanne, comment="Komme etwas später")))

    assert "kommt Kalender, 23.11.2026 „Komme etwas später“" in text(desk.get(f"/sitzungen/{invited.slug}/mails/"))
