"""Answering by link: a GET shows, a button acts, everything can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.domain import planning
from meetings.models import Attendance, DeputyRequest, Meeting
from tests.factories.meetings import AgendaItemFactory
from tests.notifications import year
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def at_nine() -> Iterator[None]:
    with clock.frozen(AT):
        yield


def address(person: Person, meeting: Meeting, purpose: LinkPurpose = LinkPurpose.ANSWER) -> str:
    link = links.grant(person, purpose=purpose, subject=meeting, until=meeting.end + dt.timedelta(days=42), at=AT)
    path = {LinkPurpose.ANSWER: "antwort", LinkPurpose.MEETING: "sitzung"}[purpose]
    return f"/{path}/{links.token(link)}/"


def row(meeting: Meeting, person: Person) -> Attendance:
    return Attendance.objects.get(meeting=meeting, person=person)


def test_opening_the_link_answers_nothing(client: Client, cast: World, february: Meeting) -> None:
    response = client.get(f"{address(cast.susanne, february)}ja/")

    assert (response.status_code, row(february, cast.susanne).answer) == (200, "pending")


@pytest.mark.parametrize(
    ("wish", "answer"),
    [("ja", "accepted"), ("online", "accepted_online"), ("vielleicht", "tentative"), ("nein", "declined")],
)
def test_one_button_answers(client: Client, cast: World, february: Meeting, wish: str, answer: str) -> None:
    url = address(cast.susanne, february)

    response = client.post(f"{url}{wish}/", {"antwort": wish})

    assert (response.status_code, response["Location"]) == (302, url)
    stored = row(february, cast.susanne)
    assert (stored.answer, stored.answered_via) == (answer, "mail_link")


def test_thanks_say_what_counts_and_how_to_get_home(client: Client, cast: World, february: Meeting) -> None:
    client.post(address(cast.birgit, february), {"antwort": "online"})

    page = client.post(address(cast.susanne, february), {"antwort": "ja"}, follow=True).context["page"]

    assert (page.thanks, page.how_many, page.bus) == (
        "Danke für Ihre Zusage",
        "Mit Ihnen kommen 2: eine vor Ort, eine online.",
        "Letzter Bus: Stadtbus bis 21:10 Uhr ab Kreishaus.",
    )


def test_answer_can_be_changed(client: Client, cast: World, february: Meeting) -> None:
    url = address(cast.susanne, february)
    client.post(url, {"antwort": "ja"})
    client.post(url, {"antwort": "nein"})

    assert row(february, cast.susanne).answer == "declined"


def test_standing_deputy_comes_in_one_tap(client: Client, cast: World, february: Meeting) -> None:
    client.post(address(cast.susanne, february), {"vertretung": cast.rolf.pk})

    deputy = row(february, cast.rolf)
    assert (deputy.stands_in_for, deputy.is_asked) == (row(february, cast.susanne), True)


def test_member_reads_one_truth_about_the_deputy(client: Client, cast: World, february: Meeting) -> None:
    url = address(cast.susanne, february)
    client.post(url, {"vertretung": cast.rolf.pk})

    told = []
    for answer in ("pending", "accepted", "declined"):
        Attendance.objects.filter(meeting=february, person=cast.rolf).update(answer=answer)
        pages = [client.get(f"{url}{query}").content.decode() for query in ("", "?aendern=1")]
        told.append([page.count(sentence) for page in pages for sentence in SENTENCES])

    assert [[bool(times) for times in counts] for counts in told] == [
        [True, False, False] * 2,
        [False, True, False] * 2,
        [False, False, True] * 2,
    ]


SENTENCES = (
    "Rolf Eilers ist als Ihre Vertretung eingeladen.",
    "Rolf Eilers kommt für Sie.",
    "Rolf Eilers kann Sie nicht vertreten. Sie können jemand anderen nennen.",
)


def test_own_point_of_who_cannot_come_needs_somebody_else(client: Client, cast: World, february: Meeting) -> None:
    AgendaItemFactory(meeting=february, title="Rufbus", presenter=cast.susanne, position=1)
    url = address(cast.susanne, february)

    pages = [client.post(url, {"antwort": wish}, follow=True).content.decode() for wish in ("ja", "nein")]

    wanted = (
        "Sie berichten zu: „Rufbus“.",
        "Ihr Punkt „Rufbus“ steht noch auf der Tagesordnung. Wer berichtet für Sie?",
    )
    assert [[page.count(words) for words in wanted] for page in pages] == [[1, 0], [0, 1]]


def test_mistyped_deputy_leaves_the_no_in_sight(client: Client, cast: World, february: Meeting) -> None:
    url = address(cast.susanne, february)
    client.post(url, {"antwort": "nein"})

    page = client.post(url, {"name": "Greta Harms", "email": "keine Adresse"}).content.decode()

    assert (page.count("Sie kommen am 11.\xa0Februar nicht."), page.count("Kommen Sie am")) == (1, 0)
    assert 'value="keine Adresse"' in page


def test_stranger_is_no_standing_deputy(client: Client, cast: World, february: Meeting) -> None:
    response = client.post(address(cast.susanne, february), {"vertretung": cast.sven.pk})

    assert response.context["page"].refused == "Diese Vertretung ist nicht mehr eingetragen."
    assert not Attendance.objects.filter(meeting=february, person=cast.sven).exists()


def test_anyone_can_be_named_by_name_and_address(client: Client, cast: World, february: Meeting) -> None:
    url = address(cast.susanne, february)
    client.post(url, {"name": "Uwe van der Hölscher", "email": "uwe@bbs.example"})

    named = Person.objects.get(email="uwe@bbs.example")
    assert (named.first_name, named.last_name, named.organisation, named.may_sign_in) == (
        "Uwe van der",
        "Hölscher",
        cast.susanne.organisation,
        False,
    )
    assert DeputyRequest.objects.get().attendance == row(february, cast.susanne)
    assert not Attendance.objects.filter(meeting=february, person=named).exists()  # only after saying yes


def test_incomplete_address_is_said_and_what_was_typed_is_kept(client: Client, cast: World, february: Meeting) -> None:
    response = client.post(address(cast.susanne, february), {"name": "Uwe Hölscher", "email": "uwe@landtechnik"})

    form = response.context["form"]
    assert (list(form.errors), form["name"].value()) == (["email"], "Uwe Hölscher")
    assert "<title>Fehler: " in response.content.decode()


def test_taking_the_deputy_back_asks_the_member_again(client: Client, cast: World, february: Meeting) -> None:
    url = address(cast.susanne, february)
    client.post(url, {"vertretung": cast.rolf.pk})
    client.post(url, {"zurueck": "ja"})

    assert (row(february, cast.susanne).answer, row(february, cast.rolf).is_asked) == ("pending", False)


def test_deputy_who_is_needed_no_longer_reads_so(client: Client, cast: World, february: Meeting) -> None:
    url = address(cast.susanne, february)
    client.post(url, {"vertretung": cast.rolf.pk})
    client.post(url, {"antwort": "ja"})

    response = client.post(address(cast.rolf, february), {"antwort": "ja"})

    assert response.context["page"].refused == "Sie sind zu dieser Sitzung nicht mehr eingeladen."


def test_cancelled_meeting_takes_no_answer(client: Client, cast: World, february: Meeting) -> None:
    planning.cancel(february, reason="Glatteis.", by=cast.imke, at=AT)

    response = client.post(address(cast.susanne, february), {"antwort": "ja"})

    assert response.context["page"].refused == "Diese Sitzung fällt aus. Sie müssen nicht antworten."
    assert row(february, cast.susanne).answer == "pending"


def test_unknown_wish_is_no_page(client: Client, cast: World, february: Meeting) -> None:
    assert client.get(f"{address(cast.susanne, february)}bestimmt/").status_code == 404


def test_link_for_the_page_does_not_answer(client: Client, cast: World, february: Meeting) -> None:
    token = address(cast.susanne, february, LinkPurpose.MEETING).split("/")[2]

    assert client.post(f"/antwort/{token}/", {"antwort": "ja"}).status_code == 410


def test_page_of_the_meeting_by_link_shows_the_own_answer(client: Client, cast: World, february: Meeting) -> None:
    client.post(address(cast.susanne, february), {"antwort": "ja"})

    response = client.get(address(cast.susanne, february, LinkPurpose.MEETING))

    assert (response.status_code, response.context["page"].own.answer) == (200, "accepted")


def test_page_by_link_asks_quietly_before_the_invitation(client: Client, cast: World) -> None:
    (meeting,) = [year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11))]
    year.confirm([meeting], cast)
    url = address(cast.susanne, meeting, LinkPurpose.MEETING)

    before = client.get(url).content.decode()
    client.post(address(cast.susanne, meeting), {"antwort": "nein"})
    after = client.get(url).content.decode()

    quietly = (
        "Die Einladung kommt zwei Wochen vorher. Wenn Sie schon jetzt wissen, dass Sie nicht können, sagen Sie es hier."
    )
    assert f"<p>{quietly}</p>" in before
    asks = ("Wir haben noch keine Antwort von Ihnen.", "Jetzt antworten", "sagen Sie es hier", "Antwort ändern")
    assert [[word for word in asks if word in page] for page in (before, after)] == [
        ["sagen Sie es hier"],
        ["Antwort ändern"],
    ]


def test_button_on_the_page_of_the_meeting_goes_on_to_the_own_answer(
    client: Client, cast: World, february: Meeting
) -> None:
    reached = client.post(address(cast.susanne, february, LinkPurpose.MEETING))

    assert (reached.status_code, reached["Location"]) == (302, address(cast.susanne, february))


def test_page_by_link_asks_plainly_where_the_invitation_has_left(
    client: Client, cast: World, february: Meeting
) -> None:
    html = client.get(address(cast.susanne, february, LinkPurpose.MEETING)).content.decode()

    assert ("Jetzt antworten" in html, "Die Einladung kommt" in html) == (True, False)


def test_page_by_link_of_a_cancelled_meeting_looks_ahead_to_nothing(
    client: Client, cast: World, february: Meeting
) -> None:
    looking_ahead = ("Bisher komm", "An der Videokonferenz teilnehmen", "Die Tagesordnung bekommen Sie")
    client.post(address(cast.birgit, february), {"antwort": "ja"})
    url = address(cast.birgit, february, LinkPurpose.MEETING)
    before = client.get(url).content.decode()
    planning.cancel(february, reason="der Raum ist nicht frei", by=cast.imke, at=AT)
    after = client.get(url).content.decode()

    assert [[word for word in looking_ahead if word in page] for page in (before, after)] == [list(looking_ahead), []]
    assert "<p>Der Raum ist nicht frei.</p>" in after


def test_guest_cannot_name_a_deputy(client: Client, cast: World, february: Meeting) -> None:
    response = client.post(address(cast.corinna, february), {"name": "Uwe Hölscher", "email": "uwe@bbs.example"})

    assert response.context["page"].refused == "Eine Vertretung kann nur nennen, wer selbst Mitglied ist."
    assert Person.objects.filter(email="uwe@bbs.example").count() == 0
