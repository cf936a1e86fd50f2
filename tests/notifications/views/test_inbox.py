"""The Posteingang: what lies in it, settled by one tap, and the question to whoever is said to have answered."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from buendnisse import clock
from meetings.domain import planning, replies
from meetings.models import Attendance, Meeting
from notifications.domain import tray_settling
from notifications.models import InboundMessage, Invitation
from tests.notifications import inbound_mail
from tests.notifications.inbound_mail import NOON, receive, reply
from tests.support import mail_programs
from tests.support.clients import signed_in
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

KAI = {"attendee": "kai@bbs.example", "name": "Kai Kollege"}


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> Iterator[None]:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER
    with clock.frozen(NOON + dt.timedelta(minutes=5)):
        yield


def text(response: Any) -> str:
    """What one reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def press(desk: Client, row: InboundMessage, do: str, **fields: object) -> Any:
    row.refresh_from_db()
    return desk.post(f"/posteingang/{row.pk}/", {"do": do, "version": row.version, **fields})


def on(meeting: Meeting, cast: World) -> dict[str, int]:
    """Somebody taps on the page as it is now."""
    return {"stand": Attendance.objects.get(meeting=meeting, person=cast.susanne).version}


def said(meeting: Meeting, cast: World) -> str:
    [found] = [one for one in replies.of(meeting) if one.person_id == cast.susanne.pk]
    return found.said


def buttons(response: Any) -> list[str]:
    found = re.findall(r'<(?:button|a) class="btn[^"]*"[^>]*>([^<]+)<', response.content.decode())
    return [label for label in found if label not in {"Menü", "Menü schließen", "Suchen"}]


def test_tray_where_nothing_ever_came_says_so(desk: Client) -> None:
    page = text(desk.get("/posteingang/"))
    assert ("Hier ist noch nichts angekommen" in page, "Alle Mails sind eingetragen" in page) == (True, False)
    assert desk.get("/posteingang/99/").status_code == 404


def test_tray_with_everything_settled_says_so(invited: Meeting, cast: World, desk: Client) -> None:
    receive(mail_programs.gmail(reply(invited, cast.susanne)))

    assert "Hier ist nichts zu klären Alle Mails sind eingetragen oder erledigt." in text(desk.get("/posteingang/"))


def test_line_says_who_what_and_why(invited: Meeting, cast: World, desk: Client) -> None:
    receive(mail_programs.gmail(reply(invited, cast.susanne, **KAI)))

    page = text(desk.get("/posteingang/"))

    assert "Kai Kollege kai@bbs.example" in page
    assert (
        "Arbeit, 11.02.2027, Einladung an Susanne Overhage: kommt Geantwortet hat jemand, der nicht eingeladen ist."
        in page
    )


def test_desk_names_what_waits(invited: Meeting, cast: World, desk: Client) -> None:
    assert "zu klären" not in text(desk.get("/"))
    inbound_mail.words(cast)

    page = text(desk.get("/"))

    assert "Eine Mail in Worten. Bitte lesen Sie sie." in page
    assert "1 Mail ist zu klären" in page


def test_stranger_is_settled_in_one_tap(invited: Meeting, cast: World, desk: Client) -> None:
    row = receive(mail_programs.gmail(reply(invited, cast.susanne, **KAI)))
    page = desk.get(f"/posteingang/{row.pk}/")
    assert buttons(page)[:4] == [
        "Für Susanne Overhage eintragen: kommt",
        "Eintragen und Adresse merken",
        "Gelesen, nichts zu tun",
        "Antworten",
    ]

    response = press(desk, row, "own", **on(invited, cast))

    assert response.headers["Location"] == "/posteingang/"
    assert said(invited, cast) == "kommt"
    assert "Die Antwort ist eingetragen. Ansehen oder zurücknehmen" in text(desk.get("/posteingang/"))
    press(desk, row, "reopen")
    assert said(invited, cast) == ""


def test_page_says_what_counts_now_and_that_it_is_newer(invited: Meeting, cast: World, desk: Client) -> None:
    row = receive(mail_programs.gmail(reply(invited, cast.susanne, **KAI)))
    assert "Jetzt gilt noch keine Antwort" in text(desk.get(f"/posteingang/{row.pk}/"))
    later = NOON + dt.timedelta(minutes=2)
    receive(mail_programs.outlook(reply(invited, cast.susanne, partstat="DECLINED", stamp=later, number=2)), at=later)

    page = desk.get(f"/posteingang/{row.pk}/")

    assert "Jetzt gilt kommt nicht, Kalender, 23.11.2026" in text(page)
    assert "Inzwischen gilt für Susanne Overhage eine neuere Antwort: kommt nicht." in text(page)
    assert buttons(page)[:3] == [
        "Gelesen, nichts zu tun",
        "Trotzdem für Susanne Overhage eintragen: kommt",
        "Trotzdem eintragen und Adresse merken",
    ]


@pytest.mark.parametrize("do", ["own", "alias", "deputy"])
def test_tap_on_a_page_a_newer_answer_outdated_enters_nothing(
    invited: Meeting, cast: World, desk: Client, do: str
) -> None:
    row = receive(mail_programs.gmail(reply(invited, cast.susanne, **KAI)))
    seen = re.findall(r'name="stand" value="(\d+)"', desk.get(f"/posteingang/{row.pk}/").content.decode())
    fields = {"stand": seen[0], "name": "Kai Kollege", "email": "kai@bbs.example"}
    later = NOON + dt.timedelta(minutes=2)
    receive(mail_programs.outlook(reply(invited, cast.susanne, partstat="DECLINED", stamp=later, number=2)), at=later)

    for stand in (fields, {**fields, "stand": ""}):
        refused = desk.post(f"/posteingang/{row.pk}/", {"do": do, "version": row.version, **stand})
        assert refused.status_code == 409
        assert "Inzwischen hat jemand anderes das geändert. Bitte vergleichen Sie." in text(refused)
        assert "Inzwischen gilt für Susanne Overhage eine neuere Antwort: kommt nicht." in text(refused)
        assert said(invited, cast) == "kommt nicht"
    press(desk, row, do, **{**fields, **on(invited, cast)})
    assert said(invited, cast) == ("kommt nicht; Kai Kollege vertritt" if do == "deputy" else "kommt")


def test_another_answer_entered_by_hand_is_held_against_what_counts_as_well(
    invited: Meeting, cast: World, desk: Client
) -> None:
    row = receive(mail_programs.gmail(reply(invited, cast.susanne, **KAI)))
    own = Attendance.objects.get(meeting=invited, person=cast.susanne)
    seen = {"attendance": own.pk, "answer": "tentative", "stand": own.version}
    later = NOON + dt.timedelta(minutes=2)
    receive(mail_programs.outlook(reply(invited, cast.susanne, partstat="DECLINED", stamp=later, number=2)), at=later)

    assert press(desk, row, "enter", **seen).status_code == 409
    assert said(invited, cast) == "kommt nicht"
    press(desk, row, "enter", **{**seen, **on(invited, cast)})
    assert said(invited, cast) == "kommt vielleicht"


def test_choice_of_whose_answer_it_is_says_what_each_has_said(invited: Meeting, cast: World, desk: Client) -> None:
    row = receive(mail_programs.words("Ich komme doch."))
    assert "Overhage, Susanne (BBS): Arbeit, 11.02.2027<" in desk.get(f"/posteingang/{row.pk}/").content.decode()
    receive(mail_programs.outlook(reply(invited, cast.susanne, partstat="DECLINED")))

    page = desk.get(f"/posteingang/{row.pk}/").content.decode()

    assert "Overhage, Susanne (BBS): Arbeit, 11.02.2027, jetzt: kommt nicht<" in page


def test_deputy_starts_with_the_name_of_the_mail(invited: Meeting, cast: World, desk: Client) -> None:
    row = receive(mail_programs.gmail(reply(invited, cast.susanne, attendee="kai@bbs.example")))
    named = receive(mail_programs.outlook(reply(invited, cast.susanne, **KAI)))
    assert 'value="kai@bbs.example"' in desk.get(f"/posteingang/{row.pk}/").content.decode()
    assert 'value="Kai Kollege"' in desk.get(f"/posteingang/{named.pk}/").content.decode()

    refused = press(desk, named, "deputy", name="Kai", email="kai@bbs.example", **on(invited, cast))
    assert "Bitte nennen Sie Vornamen und Nachnamen." in text(refused)
    press(desk, named, "deputy", name="Kai Kollege", email="kai@bbs.example", **on(invited, cast))

    assert said(invited, cast) == "kommt nicht; Kai Kollege vertritt"


def test_words_become_an_answer(invited: Meeting, cast: World, desk: Client) -> None:
    row = receive(mail_programs.words("Guten Tag,\nich komme gern.\n<img src=x onerror=alert(1)>"))
    page = desk.get(f"/posteingang/{row.pk}/").content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;" in page

    nothing = press(desk, row, "enter")
    assert nothing.status_code == 200
    assert nothing.context["enter_form"].errors.keys() == {"attendance", "answer"}
    assert "<details open>" in nothing.content.decode()
    attendance = Attendance.objects.get(meeting=invited, person=cast.susanne)
    press(desk, row, "enter", attendance=attendance.pk, answer="accepted")

    assert said(invited, cast) == "kommt"


def test_proposal_stands_on_the_meetings_page_with_the_way_to_check_it(
    invited: Meeting, cast: World, desk: Client
) -> None:
    row = inbound_mail.proposal(invited, cast)
    page = desk.get(f"/sitzungen/{invited.slug}/")
    assert (
        "Susanne Overhage schlägt vor: Donnerstag, 18. Februar 2027, 14:00 bis 16:00 Uhr. „Da ist Zeugniskonferenz.“ "
        "Der Termin ist nicht geändert." in text(page)
    )
    [address] = re.findall(r'href="(/sitzungen/[^"]+)">Diesen Tag prüfen', page.content.decode())
    checked = desk.get(address.replace("&amp;", "&"))
    assert 'value="2027-02-18"' in checked.content.decode()
    assert 'value="14:00"' in checked.content.decode()
    assert {"Weiter: Mail ansehen", "Trotzdem weiter: Mail ansehen"} & set(buttons(checked))

    press(desk, row, "keep")
    assert "schlägt vor" not in text(desk.get(f"/sitzungen/{invited.slug}/"))
    row.refresh_from_db()
    assert (row.state, row.settlement) == ("settled", "date_kept")


def test_proposal_for_the_earlier_date_says_so_and_is_no_longer_turned_down(
    invited: Meeting, cast: World, desk: Client
) -> None:
    row = inbound_mail.proposal(invited, cast)
    day = dt.timedelta(days=14)
    facts = {"start": invited.start + day, "end": invited.end + day, "venue": invited.venue}
    planning.move_date(invited, **facts, version=invited.version, by=cast.imke, at=NOON)
    page, mail = desk.get(f"/sitzungen/{invited.slug}/"), desk.get(f"/posteingang/{row.pk}/")

    assert "„Da ist Zeugniskonferenz.“ Der Vorschlag galt einer früheren Fassung der Einladung." in text(page)
    assert (
        "Der Vorschlag galt einer früheren Fassung der Einladung. Jetzt ist die Sitzung am Donnerstag, 25. Februar 2027"
        in text(mail)
    )
    for shown in (page, mail):
        assert ("Der Termin bleibt" in buttons(shown), "Diesen Tag prüfen" in buttons(shown)) == (False, True)
    press(desk, row, "read")
    assert "schlägt vor" not in text(desk.get(f"/sitzungen/{invited.slug}/"))


def test_proposal_for_an_earlier_version_of_the_same_date_is_not_said_to_be_for_another(
    invited: Meeting, cast: World, desk: Client
) -> None:
    row = inbound_mail.proposal(invited, cast)
    Invitation.objects.filter(meeting=invited).update(sequence=F("sequence") + 1)  # another room, say

    for address in (f"/sitzungen/{invited.slug}/", f"/posteingang/{row.pk}/"):
        page = text(desk.get(address))
        assert ("Der Vorschlag galt einer früheren Fassung der Einladung." in page, "früheren Termin" in page) == (
            True,
            False,
        )
    assert "Der Vorschlag galt einer früheren Fassung der Einladung. Bitte lesen Sie" in text(press(desk, row, "keep"))


def test_nonsense_of_a_proposed_day_is_a_clear_sentence(invited: Meeting, desk: Client) -> None:
    page = desk.get(f"/sitzungen/{invited.slug}/verlegen/?tag=bald&von=nie")
    assert "Bitte schreiben Sie den Tag so: 03.12.2026." in text(page)
    invited.refresh_from_db()
    assert invited.start == dt.datetime(2027, 2, 11, 9, 0, tzinfo=dt.UTC)


def test_stale_button_is_told_what_happened(invited: Meeting, cast: World, desk: Client) -> None:
    row = inbound_mail.words(cast)
    tray_settling.read(row, version=1, by=cast.imke, at=NOON)

    response = desk.post(f"/posteingang/{row.pk}/", {"do": "read", "version": 1})

    assert response.status_code == 409
    assert "Inzwischen hat jemand anderes das geändert." in text(response)
    assert "Erledigt: gelesen, Imke Albers" in text(response)


@pytest.mark.parametrize("do", ["own", "alias", "deputy", "keep", "confirm", "reject", "pass_on", "nonsense", ""])
def test_buttons_that_do_not_fit_change_nothing(invited: Meeting, cast: World, desk: Client, do: str) -> None:
    row = inbound_mail.words(cast)
    response = press(desk, row, do, name="Kai Kollege", email="kai@bbs.example")

    row.refresh_from_db()
    assert (response.status_code, row.state, row.version) == (200, "open", 1)


def test_mail_is_passed_on_by_hand(cast: World, desk: Client) -> None:
    row = inbound_mail.words(cast)
    inbound_mail.has_mailbox()
    assert "An unser Postfach weitergeben" in buttons(desk.get(f"/posteingang/{row.pk}/"))

    press(desk, row, "pass_on")

    row.refresh_from_db()
    assert (row.settlement, row.data) == ("passed_on", {"passed_on": True})


def test_mail_in_words_becomes_a_topic(invited: Meeting, cast: World, desk: Client) -> None:
    row = receive(mail_programs.words("Bitte über den Rufbus sprechen.", subject="AW: Re: Rufbus am Abend"))
    page = desk.get(f"/posteingang/{row.pk}/").content.decode()
    assert f'formaction="/sitzungen/{invited.slug}/tagesordnung/neuer-punkt/">Thema daraus machen' in page
    fields = dict(re.findall(r'<input type="hidden" name="(betreff|text)" value="([^"]*)"', page))
    assert fields == {"betreff": "Rufbus am Abend", "text": "Bitte über den Rufbus sprechen."}
    form = desk.post(f"/sitzungen/{invited.slug}/tagesordnung/neuer-punkt/", {**fields, "aus_mail": "1"})
    assert ">Rufbus am Abend<" in " ".join(form.content.decode().split()).replace("> ", ">")


def test_filters_and_search_find_it_again(invited: Meeting, cast: World, desk: Client) -> None:
    inbound_mail.words(cast)
    inbound_mail.from_elsewhere(invited, cast)
    assert "Frage zur Sitzung" in text(desk.get("/posteingang/?suche=frage"))
    assert "Nichts gefunden" in text(desk.get("/posteingang/?suche=gibtesnicht"))
    assert "Nichts gefunden" in text(desk.get("/posteingang/?art=report"))
    assert "vorläufig" in text(desk.get("/posteingang/?stand=vorlaeufig"))
    assert desk.get("/posteingang/?stand=x&seite=99&art=y").status_code == 200


def test_text_that_was_deleted_is_said(cast: World, desk: Client) -> None:
    row = inbound_mail.words(cast)
    InboundMessage.objects.update(raw=None)
    assert "Der Text ist gelöscht. Wir bewahren Mails 90 Tage lang auf." in text(desk.get(f"/posteingang/{row.pk}/"))


@pytest.mark.parametrize("name", ["theda", "lueder", "birgit"])
def test_others_see_nothing_of_it(cast: World, name: str) -> None:
    row = inbound_mail.words(cast)
    client = signed_in(getattr(cast, name))
    codes = [client.get(address).status_code for address in ("/posteingang/", f"/posteingang/{row.pk}/")]
    assert codes == [403, 403]


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_however_long_it_is(
    invited: Meeting, cast: World, desk: Client, count: int, django_assert_num_queries: Any
) -> None:
    people = [cast.susanne, cast.birgit, cast.corinna]
    for number, person in enumerate(people[:count]):
        receive(mail_programs.gmail(reply(invited, person, attendee=f"x{number}@bbs.example")))
    desk.get("/posteingang/")

    with django_assert_num_queries(5):  # session, person, counts, rows, installation
        assert len(desk.get("/posteingang/").context["rows"]) == count


def test_button_a_mail_without_an_answer_does_not_have_enters_nothing(
    invited: Meeting, cast: World, desk: Client
) -> None:
    row = receive(mail_programs.gmail(reply(invited, cast.susanne, partstat="DELEGATED")))

    page = press(desk, row, "own")

    assert (page.status_code, page.context["page"].row.state, said(invited, cast)) == (200, "open", "")
