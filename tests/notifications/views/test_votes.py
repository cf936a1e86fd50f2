"""Pages of votes by mail: answered by link without an account, and everything the Fachstelle does in the browser."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from buendnisse import clock
from buendnisse.domain import papers
from buendnisse.enums import Role
from buendnisse.models import Person
from meetings.domain import circular, circular_end
from meetings.enums import CircularState
from meetings.models import Ballot, CircularVote
from notifications.domain import outbox, ring
from notifications.domain.letters.votes import ballot_url
from tests import world
from tests.factories.buendnisse import MembershipFactory, OrganisationFactory
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support import voting
from tests.support.clients import signed_in
from tests.support.voting import HOUR, answer
from tests.world import AT, World

pytestmark = pytest.mark.django_db

OVER = dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC)


@pytest.fixture
def cast() -> Iterator[World]:
    with clock.frozen(AT):
        yield world.build()


@pytest.fixture
def desk(cast: World) -> Client:
    return signed_in(cast.imke)


def page_of(person: Person, vote: CircularVote) -> str:
    return ballot_url(person, vote, at=AT).partition("8000")[2]


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(text.split())


def send(client: Client, address: str, **said: str) -> Any:
    version = Ballot.objects.get(person__handle=said.pop("handle", "susanne")).version
    return client.post(address, {"version": str(version), **said})


def test_looking_answers_nothing(cast: World, client: Client) -> None:
    vote = voting.begin(cast)

    for _again in range(2):
        response = client.get(page_of(cast.susanne, vote))

    assert response.status_code == 200
    assert "Bisher haben" not in words(response)
    assert Ballot.objects.filter(cast_at__isnull=False).count() == 0


def test_answer_by_link_and_how_the_vote_of_the_organisation_stands(cast: World, client: Client) -> None:
    vote = voting.begin(cast)
    address = page_of(cast.susanne, vote)

    answered = send(client, address, procedure="agrees", choice="yes", remark="")
    thanks = client.get(address)
    deputy = client.get(page_of(cast.rolf, vote))

    assert (answered.status_code, answered["Location"]) == (302, address)
    assert "Ihre Stimme: Ja . Sie gilt für: Berufsbildende Schulen Emsfurt." in words(thanks)
    assert "Sie sind die Stellvertretung" in words(deputy)


def test_deputy_reads_that_the_member_has_voted(cast: World, client: Client) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.rolf, "no")
    answer(vote, cast.susanne, "yes")

    text = words(client.get(page_of(cast.rolf, vote)))

    assert "Ihre Stimme: Ja ." in text
    assert "Susanne Overhage hat selbst abgestimmt. Deshalb zählt diese Stimme." in text


def test_nothing_is_lost_of_what_was_chosen(cast: World, client: Client) -> None:
    vote = voting.begin(cast)

    response = send(client, page_of(cast.susanne, vote), procedure="agrees", remark="Wir sind dabei.")

    assert "Bitte wählen Sie Ja, Nein oder Enthaltung." in words(response)
    assert "Wir sind dabei." in words(response)
    assert Ballot.objects.filter(cast_at__isnull=False).count() == 0


def test_objection_says_what_it_means_and_asks_for_no_vote(cast: World, client: Client) -> None:
    MeetingFactory(alliance=cast.arbeit, state="call_open")
    vote = voting.begin(cast)
    address = page_of(cast.susanne, vote)

    asked = words(client.get(address))
    send(client, address, procedure="objects", choice="yes")

    assert (
        "Sagen Sie Nein, endet die Abstimmung für alle. Dann beraten wir in der Sitzung am 3. Dezember 2026." in asked
    )
    assert "In einer Stunde endet die Abstimmung für alle." in words(client.get(address))
    assert Ballot.objects.get(person=cast.susanne).choice == ""


def test_stale_answer_shows_both(cast: World, client: Client) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "no")

    response = client.post(
        page_of(cast.susanne, vote), {"procedure": "agrees", "choice": "yes", "remark": "", "version": "1"}
    )

    assert response.status_code == 409
    assert "Gespeichert ist: Nein." in words(response)


def test_stale_answer_of_a_deputy_shows_their_own_and_not_the_members(cast: World, client: Client) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes")
    answer(vote, cast.rolf, "no")

    response = client.post(
        page_of(cast.rolf, vote), {"procedure": "agrees", "choice": "abstain", "remark": "", "version": "1"}
    )

    assert response.status_code == 409
    assert "Gespeichert ist: Nein." in words(response)


def test_deputy_reads_what_their_no_means_and_who_sees_the_answer(cast: World, client: Client) -> None:
    vote = voting.begin(cast)

    text = words(client.get(page_of(cast.rolf, vote)))

    assert "Sagen Sie Nein und bleibt es dabei, endet die Abstimmung am letzten Tag. Dann beraten wir" in text
    assert "endet die Abstimmung für alle" not in text
    assert "Wie Sie abstimmen, sehen die anderen Organisationen nicht." in text


def test_numbers_none_and_one_read_well(cast: World, client: Client, desk: Client) -> None:
    Person.objects.filter(handle__in=["birgit", "rolf"]).update(email="", may_sign_in=False)
    vote = voting.prepare(cast)
    preview = words(desk.get(f"/abstimmungen/{vote.number}/eroeffnen/"))
    circular.open_vote(vote, version=1, by=cast.imke, at=AT)
    answer(vote, cast.susanne, "yes")
    running = words(desk.get(f"/abstimmungen/{vote.number}/"))
    answer(vote, cast.birgit, "no")
    with clock.frozen(OVER):
        circular_end.close(vote, unreached=(), at=OVER)
        ended = words(client.get(page_of(cast.susanne, vote)))

    assert "1 Person bekommt eine Mail." in preview
    assert "1 von 2 Organisationen hat geantwortet: 1 ja" in running
    assert "1 von 2 Organisationen hat noch nicht geantwortet." in running
    assert "1 ja, 1 nein, 0 Enthaltungen. Darüber" in ended


def test_after_the_end_the_page_tells_the_result(cast: World, client: Client) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes")
    address = page_of(cast.birgit, vote)
    with clock.frozen(OVER):
        late = client.post(address, {"procedure": "agrees", "choice": "no", "version": "1"})
        circular_end.close(vote, unreached=(), at=OVER)
        ended = client.get(address)

    assert (late.status_code, ended.status_code) == (409, 200)
    assert "Angenommen. 1 ja, 0 nein, 0 Enthaltungen. 1 von 2 Organisationen hat nicht geantwortet." in words(ended)


def test_link_of_somebody_who_is_not_asked_opens_nothing(cast: World, client: Client) -> None:
    vote = voting.begin(cast)

    assert client.get(page_of(cast.hedwig, vote)).status_code == 410


def test_papers_of_the_vote_are_read_behind_the_link(cast: World, client: Client) -> None:
    paper = papers.add(
        ContentFile(b"Der Vertrag", name="vertrag.txt"),
        title="Vertrag",
        kind="Sonstiges",
        bodies=[cast.arbeit],
        organisation=None,
        dated=AT.date(),
        form_key=uuid.UUID(int=3),
        by=cast.imke,
        at=AT,
    )
    vote = voting.begin(cast, papers=[paper])
    address = page_of(cast.susanne, vote)

    assert b"".join(client.get(f"{address}unterlage/{paper.slug}/")) == b"Der Vertrag"
    assert client.get(f"{address}unterlage/anderes/").status_code == 404
    assert client.get(f"{page_of(cast.hedwig, vote)}unterlage/{paper.slug}/").status_code == 404
    paper.confidential_to.add(cast.birgit.organisation)
    assert client.get(f"{address}unterlage/{paper.slug}/").status_code == 404
    assert "Unterlagen" not in words(client.get(address))
    assert b"".join(client.get(f"{page_of(cast.birgit, vote)}unterlage/{paper.slug}/")) == b"Der Vertrag"


def test_from_the_wish_to_the_opening(cast: World, desk: Client) -> None:
    item = AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit), title="Rufbus")
    key = str(uuid.UUID(int=9))
    said = {"subject": "Rufbus", "text": "Der Rufbus fährt.", "kind": "recommendation", "background": "Es eilt."}

    form = desk.get(f"/abstimmungen/neu/?punkt={item.pk}")
    saved = desk.post(
        f"/abstimmungen/neu/?punkt={item.pk}",
        {**said, "closes_on": "2026-11-30", "form_key": key, "version": "1"},
    )
    preview = words(desk.get(saved["Location"]))
    opened = desk.post(saved["Location"], {"version": "1"})

    vote = CircularVote.objects.get()
    assert 'value="2026-11-30"' in form.content.decode()
    assert saved["Location"] == "/abstimmungen/U-A-2026-01/eroeffnen/"
    assert "Diese 2 Organisationen werden gefragt" in preview
    assert (opened["Location"], vote.state, vote.agenda_item) == (
        "/abstimmungen/U-A-2026-01/",
        CircularState.CIRCULATING,
        item,
    )


def test_preview_says_that_one_person_has_two_votes(cast: World, desk: Client) -> None:
    club = OrganisationFactory(name="Sportverein")
    MembershipFactory(body=cast.arbeit, person=cast.susanne, organisation=club, role=Role.DEPUTY_CHAIR)
    vote = voting.prepare(cast)

    response = desk.get(f"/abstimmungen/{vote.number}/eroeffnen/")

    assert response.status_code == 200
    assert "Susanne Overhage hat für zwei Organisationen eine Stimme" in words(response)


def test_bad_last_day_is_said_beside_the_field_and_nothing_is_lost(cast: World, desk: Client) -> None:
    said = {"subject": "Rufbus", "text": "Der Rufbus fährt.", "kind": "resolution", "closes_on": "2026-11-28"}

    response = desk.post("/abstimmungen/neu/?buendnis=arbeit", {**said, "form_key": str(uuid.uuid4()), "version": "1"})

    assert "Der nächste passende Tag ist der 30. November 2026." in words(response)
    assert "Der Rufbus fährt." in words(response)
    assert CircularVote.objects.count() == 0


def test_second_writer_of_a_draft_sees_both(cast: World, desk: Client) -> None:
    vote = voting.prepare(cast)
    said = {"subject": "A", "text": "A", "kind": "resolution", "closes_on": "2026-11-30", "form_key": vote.form_key}

    first = desk.post(f"/abstimmungen/{vote.number}/bearbeiten/", {**said, "version": "1"})
    second = desk.post(f"/abstimmungen/{vote.number}/bearbeiten/", {**said, "text": "B", "version": "1"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Jemand anderes hat den Entwurf inzwischen geändert" in words(second)


def test_taken_back_in_its_minute(cast: World, desk: Client) -> None:
    vote = voting.begin(cast)

    desk.post(f"/abstimmungen/{vote.number}/zuruecknehmen/")

    vote.refresh_from_db()
    assert vote.state == CircularState.DRAFT


def test_vote_on_the_telephone(cast: World, desk: Client) -> None:
    hinnerk = voting.by_telephone(cast)
    vote = voting.begin(cast)
    row = vote.ballots.get(person=hinnerk)

    before = words(desk.get(f"/abstimmungen/{vote.number}/"))
    done = desk.post(
        f"/abstimmungen/{vote.number}/stimme/{row.pk}/",
        {"procedure": "agrees", "choice": "abstain", "remark": "", "version": "1"},
    )
    after = words(desk.get(f"/abstimmungen/{vote.number}/"))

    assert "Keine E-Mail-Adresse. Bitte anrufen." in before
    assert done.status_code == 302
    assert "Hinnerk Többen am Telefon, eingetragen von Imke Albers" in after


def test_reached_by_telephone_and_not_after_all(cast: World, desk: Client) -> None:
    hinnerk = voting.by_telephone(cast)
    vote = voting.begin(cast)
    voter = vote.voters.get(organisation=hinnerk.organisation)
    address = f"/abstimmungen/{vote.number}/erreicht/{voter.pk}/"

    found = []
    for said in ({}, {"zuruecknehmen": "ja"}):
        desk.post(address, said)
        voter.refresh_from_db()
        found.append(voter.phoned_by)

    assert found == [cast.imke, None]


def test_cancelled_with_its_reason(cast: World, desk: Client) -> None:
    vote = voting.begin(cast)

    refused = desk.post(f"/abstimmungen/{vote.number}/abbrechen/", {"reason": ""})
    done = desk.post(f"/abstimmungen/{vote.number}/abbrechen/", {"reason": "Der Vertrag ist verlängert."})

    vote.refresh_from_db()
    assert (refused.status_code, done.status_code, vote.state) == (200, 302, CircularState.CANCELLED)


def test_members_see_no_figures_before_the_end(cast: World) -> None:
    Person.objects.update(may_sign_in=True)
    vote = voting.begin(cast)
    answer(vote, cast.birgit, "yes")
    cast.susanne.refresh_from_db()
    member = signed_in(cast.susanne)

    text = words(member.get(f"/abstimmungen/{vote.number}/"))
    listed = words(member.get("/abstimmungen/"))
    mine = words(member.get("/"))

    assert "Wie es ausgeht, steht hier nach dem Ende." in text
    assert "1 ja" not in text + listed
    assert "Wer gefragt ist" not in text
    assert "Sie haben noch nicht abgestimmt." in mine


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_however_long_it_is(
    cast: World, desk: Client, number: int, django_assert_num_queries: Any
) -> None:
    for key in range(number):
        voting.begin(cast, form_key=uuid.UUID(int=100 + key))
    desk.get("/abstimmungen/")

    with django_assert_num_queries(5):
        desk.get("/abstimmungen/")


def test_register_shows_the_result(cast: World, desk: Client) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes")
    ring.ring(at=AT + outbox.GRACE, send=False)
    with clock.frozen(OVER + HOUR):
        circular_end.close(vote, unreached=(), at=OVER)
        text = words(desk.get("/beschluesse/"))
        one = words(desk.get(f"/beschluesse/{vote.number}/"))

    assert "U-A-2026-01" in text
    assert "1 ja, 0 nein, 0 Enthaltungen von 2" in one
