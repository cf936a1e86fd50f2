"""Unterlagen in the browser and behind a personal link: headers, refusals, handing in, and how many queries."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from buendnisse.adapters import typesetting
from buendnisse.domain import links, papers
from buendnisse.enums import LinkPurpose
from buendnisse.models import Change, Paper, Person, Topic
from meetings.adapters import paper_text
from meetings.domain import item_papers
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Attendance, Meeting
from tests.buendnisse.adapters import documents
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support import files
from tests.support.clients import signed_in
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

DAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def meeting(cast: World) -> Meeting:
    """Arbeit on 3 December, the agenda is sent; Corinna is a guest."""
    Person.objects.update(may_sign_in=True)
    meeting: Meeting = MeetingFactory(
        alliance=cast.arbeit, state=MeetingState.INVITED, slug="2026-q4-arbeit", agenda_sent_at=AT
    )
    Attendance.objects.create(
        meeting=meeting, person=cast.corinna, organisation=cast.corinna.organisation, role="guest"
    )
    return meeting


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    one: AgendaItem = AgendaItemFactory(meeting=meeting, title="Rufbus am Abend", kind="discussion")
    return one


def hand_in(cast: World, item: AgendaItem, title: str = "Kosten des Rufbusses") -> Paper:
    return item_papers.hand_in(
        item, files.pdf("Rufbus – Kosten.pdf"), title=title, organisation=None, dated=DAY, form_key=uuid.uuid4(), by=cast.imke, at=AT
    )  # fmt: skip


def address(paper: Paper, number: int = 1) -> str:
    return reverse("meetings:paper_file", args=[paper.slug, number])


def by_link(person: Person, meeting: Meeting, paper: Paper, purpose: LinkPurpose = LinkPurpose.MEETING) -> str:
    link = links.grant(person, purpose=purpose, subject=meeting, until=meeting.end, at=AT)
    return reverse("meetings:paper_newest_by_letter", args=[links.token(link), paper.slug])


def test_file_comes_as_an_attachment_that_nobody_keeps(cast: World, item: AgendaItem) -> None:
    answer: Any = signed_in(cast.susanne).get(address(hand_in(cast, item)))

    assert b"".join(answer.streaming_content) == files.PDF
    assert {name: answer[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''Rufbus%20%E2%80%93%20Kosten.pdf",
        "X-Content-Type-Options": "nosniff",
    }
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


WHO = {
    "imke": 200,
    "theda": 200,
    "birgit": 200,
    "susanne": 200,
    "rolf": 200,
    "corinna": 200,
    "hedwig": 404,
    "sven": 404,
    "lueder": 403,
}


@pytest.mark.parametrize("name", WHO)
def test_file_is_handed_out_by_permission(cast: World, item: AgendaItem, name: str) -> None:
    answer: Any = signed_in(getattr(cast, name)).get(address(hand_in(cast, item)))

    answer.close()
    assert answer.status_code == WHO[name]


def test_stranger_is_asked_to_sign_in(client: Client, cast: World, item: AgendaItem) -> None:
    where = address(hand_in(cast, item))

    assert client.get(where)["Location"] == f"/anmelden/?next={where}"


def test_what_is_not_there_is_not_found(cast: World, item: AgendaItem) -> None:
    paper = hand_in(cast, item)
    imke = signed_in(cast.imke)
    lost = hand_in(cast, item, "Verloren")
    default_storage.delete(lost.versions.get().stored_as)

    assert [imke.get(where).status_code for where in (address(paper, 2), "/unterlagen/nie/1/", address(lost))] == [
        404
    ] * 3


def test_link_of_the_meeting_opens_its_papers_and_no_others(client: Client, cast: World, item: AgendaItem) -> None:
    meeting, paper = item.meeting, hand_in(cast, item)
    assert meeting is not None
    elsewhere = hand_in(cast, AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit, quarter="2026-Q3")))

    def status(where: str) -> int:
        answer: Any = client.get(where)
        if answer.streaming:
            b"".join(answer.streaming_content)
        return int(answer.status_code)

    assert status(by_link(cast.susanne, meeting, paper)) == 200
    assert status(by_link(cast.corinna, meeting, paper)) == 200
    assert status(by_link(cast.hedwig, meeting, paper)) == 404
    assert status(by_link(cast.susanne, meeting, elsewhere)) == 404
    assert status(by_link(cast.susanne, meeting, paper, LinkPurpose.PROPOSE)) == 410


def test_papers_are_links_on_the_page_behind_the_link(client: Client, cast: World, item: AgendaItem) -> None:
    meeting, paper = item.meeting, hand_in(cast, item)
    assert meeting is not None
    link = links.grant(cast.corinna, purpose=LinkPurpose.MEETING, subject=meeting, until=meeting.end, at=AT)
    page = reverse("meetings:meeting_link", args=[links.token(link)])

    where = f'href="{page}unterlage/{paper.slug}/1/"'

    assert client.get(page).content.decode().count(where) == 1


def test_titles_are_not_shown_to_other_alliances(cast: World, item: AgendaItem) -> None:
    paper = hand_in(cast, item)

    pages = {
        name: signed_in(getattr(cast, name)).get("/sitzungen/2026-q4-arbeit/").content.decode()
        for name in ("susanne", "hedwig")
    }

    assert {name: page.count(paper.title) for name, page in pages.items()} == {"susanne": 1, "hedwig": 0}


@pytest.mark.parametrize("name", ["new", "hand_in", "version"])
def test_only_the_fachstelle_hands_in(cast: World, item: AgendaItem, name: str) -> None:
    where = {
        "new": "/unterlagen/neu/",
        "hand_in": reverse("meetings:paper_hand_in", args=["2026-q4-arbeit", item.pk]),
        "version": reverse("meetings:paper_version", args=[hand_in(cast, item).slug]),
    }[name]

    people = (cast.imke, cast.birgit, cast.theda, cast.corinna, cast.lueder)

    assert [signed_in(person).get(where).status_code for person in people] == [200, 403, 403, 403, 403]


def test_paper_is_handed_in_for_an_item_and_marked_late(cast: World, item: AgendaItem) -> None:
    where = reverse("meetings:paper_hand_in", args=["2026-q4-arbeit", item.pk])
    said = {"form_key": str(uuid.uuid4()), "title": "Kosten", "dated": "2026-11-20", "file": files.pdf()}

    answer = signed_in(cast.imke).post(where, said)

    assert answer["Location"] == f"/sitzungen/2026-q4-arbeit/#punkt-{item.pk}"
    paper = item.papers.get()
    assert (paper.title, paper.kind, paper.is_late, list(paper.bodies.all())) == (
        "Kosten",
        "Sitzungsunterlage",
        True,
        [cast.arbeit.body_ptr],
    )


def test_refused_file_keeps_what_was_typed(cast: World, meeting: Meeting) -> None:
    said = {
        "form_key": str(uuid.uuid4()),
        "title": "Konzept Teilhabe",
        "kind": "Konzept",
        "bodies": [cast.arbeit.pk],
        "dated": "2026-11-20",
        "file": files.named("a.exe", b"MZ"),
    }

    answer = signed_in(cast.imke).post("/unterlagen/neu/", said)

    form = answer.context["form"]
    assert list(form.errors) == ["file"]
    assert (form["title"].value(), Paper.objects.count()) == ("Konzept Teilhabe", 0)
    assert 'value="Konzept Teilhabe"' in answer.content.decode()


def test_standing_paper_and_its_next_version(cast: World, meeting: Meeting) -> None:
    imke = signed_in(cast.imke)
    said = {
        "form_key": str(uuid.uuid4()),
        "title": "Konzept Teilhabe",
        "kind": "Konzept",
        "bodies": [cast.arbeit.pk, cast.bildung.pk],
        "dated": "2026-11-20",
        "file": files.pdf(),
    }
    imke.post("/unterlagen/neu/", said)
    paper = Paper.objects.get()

    imke.post(
        f"/unterlagen/{paper.slug}/fassung/",
        {"number": 2, "dated": "2026-11-23", "note": "Zahlen ergänzt", "file": files.pdf("Neu.pdf")},
    )

    assert (paper.is_standing, [body.slug for body in paper.bodies.order_by("slug")]) == (True, ["arbeit", "bildung"])
    assert [version.file_name for version in paper.newest_first] == ["Neu.pdf", "Leitfaden.pdf"]


def test_wrong_version_is_taken_back_with_its_file(
    cast: World, meeting: Meeting, django_capture_on_commit_callbacks: Any
) -> None:
    paper = papers.add(
        files.pdf(), title="Konzept", kind="Konzept", bodies=[cast.arbeit], organisation=None, dated=DAY,
        form_key=uuid.uuid4(), by=cast.imke, at=AT,
    )  # fmt: skip
    wrong = papers.add_version(paper, files.pdf("Brief.pdf"), number=2, dated=DAY, by=cast.imke, at=AT)
    imke = signed_in(cast.imke)

    def take_back(number: int) -> tuple[list[str], list[int]]:
        with django_capture_on_commit_callbacks(execute=True):
            answer = imke.post(f"/unterlagen/{paper.slug}/{number}/zuruecknehmen/", follow=True)
        numbers = list(paper.versions.order_by("number").values_list("number", flat=True))
        return [str(one) for one in answer.context["messages"]], numbers

    assert take_back(1) == (
        ["Fassung 1 ist nicht mehr die neueste. Bitte sehen Sie nach, welche Sie zurücknehmen wollen."],
        [1, 2],
    )
    assert default_storage.exists(wrong.stored_as)
    assert take_back(2) == (["Fassung 2 ist zurückgenommen, ihre Datei gelöscht."], [1])
    assert not default_storage.exists(wrong.stored_as)
    assert take_back(1) == (["Es gibt keine andere Fassung, die dann gilt. Legen Sie zuerst die richtige dazu."], [1])
    verbs = Change.objects.filter(subject_type="paper").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["paper.added", "paper.version_added", "paper.version_taken_back"]


def test_empty_shelf_says_what_will_stand_here(cast: World, meeting: Meeting) -> None:
    sven = signed_in(cast.sven)

    assert "Noch keine Unterlage für Sie." in sven.get("/unterlagen/").content.decode()
    assert "Dazu haben wir nichts gefunden." in sven.get("/unterlagen/?q=bus").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_shelf_needs_the_same_queries_whatever_stands_on_it(
    cast: World, item: AgendaItem, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        paper = hand_in(cast, item, f"Unterlage {number}")
        papers.add_version(paper, files.pdf("Neu.pdf"), number=2, dated=DAY, by=cast.imke, at=AT)
    client = signed_in(cast.susanne)

    # session, person, sight, sight for meetings, count, papers, bodies, versions, items, alliances, installation
    with django_assert_num_queries(11):
        page = client.get("/unterlagen/").content.decode()

    assert page.count("2 Fassungen") == count


def test_a_paper_has_a_page_with_its_first_page_for_those_who_may_read_it(cast: World, meeting: Meeting) -> None:
    topic = Topic.objects.create(slug="arbeit", name="Arbeit")
    with_page = files.pdf("Konzept.pdf", typesetting.typeset("path", documents.path()))
    paper = papers.add(
        with_page, title="Handlungskonzept", kind="Konzept", bodies=[cast.arbeit], topics=[topic], organisation=None,
        dated=DAY, form_key=uuid.uuid4(), by=cast.imke, at=AT,
    )  # fmt: skip
    reader, address = signed_in(cast.susanne), f"/unterlagen/{paper.slug}/"
    assert reader.get(f"{address}1/bild.png").status_code == 404
    assert reader.get(address).context["look"].picture is None

    assert paper_text.read_due(at=AT) == 1

    picture = reader.get(f"{address}1/bild.png")
    assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert b"".join(picture.streaming_content)[:8] == b"\x89PNG\r\n\x1a\n"
    look = reader.get(address).context["look"]
    assert (look.picture, look.topics, [version.number for version in look.versions]) == (1, [topic], [1])
    for other in (cast.hedwig, cast.sven):
        assert [signed_in(other).get(one).status_code for one in (address, f"{address}1/bild.png")] == [404, 404]


def test_a_paper_is_described_anew_ends_and_holds_again(cast: World, desk: Client) -> None:
    paper = papers.add(
        files.pdf(), title="Konzept", kind="Konzept", bodies=[cast.arbeit], organisation=None, dated=DAY,
        form_key=uuid.uuid4(), by=cast.imke, at=AT,
    )  # fmt: skip
    address = f"/unterlagen/{paper.slug}/"
    said = {"version": 1, "title": "Handlungskonzept", "kind": "Konzept", "bodies": [cast.bildung.pk, cast.arbeit.pk]}
    assert desk.post(f"{address}angaben/", said)["Location"] == address

    stale = desk.post(f"{address}angaben/", said | {"title": "Mein Titel"})

    assert (stale.status_code, stale.context["differing"]) == (409, [("Titel", "Mein Titel", "Handlungskonzept")])
    assert stale.context["form"]["title"].value() == "Mein Titel"
    desk.post(f"{address}gueltig/", {"do": "end"})
    assert [list(desk.get(f"/unterlagen/{query}").context["page"]) for query in ("", "?wozu=frueher")] == [[], [paper]]
    desk.post(f"{address}gueltig/", {"do": "back"})
    assert list(desk.get("/unterlagen/").context["page"]) == [paper]
    verbs = ["paper.added", "paper.changed", "paper.ended", "paper.resumed"]
    assert list(Change.objects.filter(subject_type="paper").order_by("pk").values_list("verb", flat=True)) == verbs


@pytest.mark.parametrize("count", [1, 3])
def test_meeting_needs_the_same_queries_whatever_papers_it_has(
    cast: World, item: AgendaItem, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        hand_in(cast, item, f"Unterlage {number}")
    client = signed_in(cast.susanne)

    # session, person, sight, meeting, answers, votes, agenda, papers, confidential, may propose, installation
    with django_assert_num_queries(11):
        page = client.get("/sitzungen/2026-q4-arbeit/").content.decode()

    assert page.count("Unterlage:") == count
