"""The Posteingang: what lies in it, settled by one tap, and the question to whoever is said to have answered."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink
from meetings.domain import answers, planning, replies
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import tray_settling
from notifications.models import InboundMessage
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
    assert "Verlegen" in buttons(checked) or "Trotzdem verlegen" in buttons(checked)

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

    assert "„Da ist Zeugniskonferenz.“ Der Vorschlag galt dem früheren Termin." in text(page)
    assert "Der Vorschlag galt dem früheren Termin. Jetzt ist die Sitzung am Donnerstag, 25. Februar 2027" in text(mail)
    for shown in (page, mail):
        assert ("Der Termin bleibt" in buttons(shown), "Diesen Tag prüfen" in buttons(shown)) == (False, True)
    press(desk, row, "read")
    assert "schlägt vor" not in text(desk.get(f"/sitzungen/{invited.slug}/"))


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
    [address] = re.findall(r'href="([^"]+)">Thema daraus machen', page)
    assert address == f"/sitzungen/{invited.slug}/tagesordnung/neuer-punkt/?titel=Rufbus%20am%20Abend"
    assert ">Rufbus am Abend<" in " ".join(desk.get(address).content.decode().split()).replace("> ", ">")


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


# --- The question to the invited person -------------------------------------------------------------------------------


def page_of(cast: World, row: InboundMessage) -> str:
    until = NOON + dt.timedelta(days=90)
    return f"/rueckfrage/{links.token(links.grant(cast.susanne, purpose=LinkPurpose.REPLY, subject=row, until=until, at=NOON))}/"


def test_person_takes_back_an_answer_by_link(invited: Meeting, cast: World, client: Client) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    page = page_of(cast, row)
    assert "Ist diese Antwort von Ihnen?" in text(client.get(page))
    assert said(invited, cast) == "kommt"

    client.post(page, {"antwort": "nein"})

    after = text(client.get(page))
    assert "Die Antwort ist zurückgenommen" in after
    assert (
        "Für die Sitzung am Donnerstag, 11. Februar 2027 ist jetzt keine Antwort von Ihnen eingetragen. "
        "Die Fachstelle weiß Bescheid." in after
    )
    assert "Jetzt antworten" in after
    assert said(invited, cast) == ""


def test_person_claims_after_all_what_they_took_back(invited: Meeting, cast: World, client: Client) -> None:
    AccessLink.objects.filter(purpose=LinkPurpose.ANSWER).delete()  # as where no letter has asked yet
    row = inbound_mail.from_elsewhere(invited, cast)
    page = page_of(cast, row)
    client.post(page, {"antwort": "nein"})
    taken_back = client.get(page)
    assert "War die Antwort „zugesagt“ doch von Ihnen? Dann gilt sie wieder." in text(taken_back)
    assert "Jetzt antworten" in text(taken_back)

    client.post(page, {"antwort": "ja"})

    assert said(invited, cast) == "kommt"
    after = text(client.get(page))
    assert "ist jetzt eingetragen: zugesagt. Wenn das stimmt, müssen Sie nichts tun." in after
    assert "Doch, sie war von mir" not in after


def test_what_was_taken_back_is_offered_no_more_once_the_person_has_answered(
    invited: Meeting, cast: World, client: Client
) -> None:
    page = page_of(cast, inbound_mail.from_elsewhere(invited, cast))
    client.post(page, {"antwort": "nein"})
    own = Attendance.objects.select_related("meeting__alliance").get(meeting=invited, person=cast.susanne)
    answers.answer(own, answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=NOON)

    shown = text(client.get(page))

    assert "ist jetzt eingetragen: abgesagt." in shown
    assert "Doch, sie war von mir" not in shown


@pytest.mark.parametrize("answer", [Answer.DECLINED, Answer.ACCEPTED])
def test_link_of_an_answer_the_person_said_otherwise_since_says_what_counts(
    invited: Meeting, cast: World, client: Client, answer: Answer
) -> None:
    page = page_of(cast, inbound_mail.from_elsewhere(invited, cast))
    own = Attendance.objects.select_related("meeting__alliance").get(meeting=invited, person=cast.susanne)
    answers.answer(own, answer=answer, via=Via.LINK, by=cast.susanne, at=NOON)

    for shown in (client.get(page), client.post(page, {"antwort": "nein"})):
        found = text(shown)
        assert "Inzwischen gilt etwas anderes" in found
        now = "abgesagt" if answer == Answer.DECLINED else "zugesagt"
        assert f"ist jetzt eingetragen: {now}." in found
        assert "Sie gilt schon" not in found
        assert "Nein, bitte zurücknehmen" not in found


def test_answer_that_was_taken_back_is_not_offered_again(
    invited: Meeting, cast: World, desk: Client, client: Client
) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    client.post(page_of(cast, row), {"antwort": "nein"})

    page = desk.get(f"/posteingang/{row.pk}/")
    assert "Die eingeladene Person hat gesagt, dass die Antwort nicht von ihr ist." in text(page)
    assert buttons(page)[0] == "Gelesen, nichts zu tun"


def test_person_keeps_an_answer_by_link(invited: Meeting, cast: World, client: Client) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    page = page_of(cast, row)

    client.post(page, {"antwort": "ja"})
    late = client.post(page, {"antwort": "nein"})

    assert late.status_code == 200
    assert "Für die Sitzung am Donnerstag, 11. Februar 2027 ist jetzt eingetragen: zugesagt." in text(client.get(page))
    assert said(invited, cast) == "kommt"


def another(meeting: Meeting, cast: World, program: Any = mail_programs.nextcloud) -> InboundMessage:
    """A no, an hour newer than what came from elsewhere before."""
    stamp = mail_programs.STAMP + dt.timedelta(hours=1)
    return receive(program(reply(meeting, cast.susanne, partstat="DECLINED", stamp=stamp, number=2)))


def test_link_of_an_answer_another_came_after_asks_about_that(
    invited: Meeting, cast: World, desk: Client, client: Client
) -> None:
    page = page_of(cast, inbound_mail.from_elsewhere(invited, cast))
    newer = another(invited, cast)

    shown = client.get(page)
    assert (shown.context["row"], "Antwort abgesagt" in text(shown)) == (newer, True)
    client.post(page, {"antwort": "nein", "mail": newer.pk})

    assert "Die Antwort ist zurückgenommen" in text(client.get(page))
    assert said(invited, cast) == ""
    assert "Eine neuere Antwort gilt schon." in text(desk.get(f"/posteingang/{newer.pk - 1}/"))


def test_no_to_one_answer_is_none_to_another_that_came_meanwhile(invited: Meeting, cast: World, client: Client) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    page = page_of(cast, row)
    another(invited, cast)

    seen = client.post(page, {"antwort": "nein", "mail": row.pk})

    assert "Inzwischen kam eine weitere Antwort. Bitte prüfen Sie diese." in text(seen)
    assert said(invited, cast) == "kommt nicht"


def test_link_of_an_answer_a_proven_one_came_after_says_what_counts(
    invited: Meeting, cast: World, client: Client
) -> None:
    page = page_of(cast, inbound_mail.from_elsewhere(invited, cast))
    another(invited, cast, mail_programs.outlook)

    shown = text(client.get(page))

    assert "Inzwischen gilt etwas anderes" in shown
    assert "Für die Sitzung am Donnerstag, 11. Februar 2027 ist jetzt eingetragen: abgesagt." in shown
    client.post(page, {"antwort": "nein"})
    assert said(invited, cast) == "kommt nicht"


def test_link_of_another_person_opens_nothing(invited: Meeting, cast: World, client: Client) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    InboundMessage.objects.update(person=cast.birgit)
    assert client.get(page_of(cast, row)).status_code == 410
