"""One rich agenda says the same in every form: page, mail, PDF, Word, folder, API, for a member and for who may read more."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from dataclasses import replace
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader, PdfWriter

from buendnisse import clock
from buendnisse.domain import links, mail_wishes
from buendnisse.enums import LinkPurpose
from buendnisse.models import Paper, Person
from meetings.adapters import agenda_pdf, agenda_word, folder_manifest, folder_pdf, run_sheet
from meetings.domain import agenda, agenda_order, agenda_sending, meeting_folder, planning
from meetings.enums import AgendaItemKind, FolderState
from meetings.models import AgendaItem, Meeting, MeetingFolder
from notifications.domain import dispatch, render
from notifications.domain import letters as letters_of
from notifications.models import OutboxMessage
from tests import world
from tests.factories.meetings import MeetingFactory, StandingItemFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db

LATER = AT + dt.timedelta(hours=1)
ALL = [
    (1, "Begrüßung und Tagesordnung", "10:00"),
    (2, "Fahrtkosten im Ehrenamt", "10:05"),
    (3, "Personalfall", "10:25"),
    (4, "Sprachcafé", "10:45"),
    (5, "Verschiedenes und Termine", "11:05"),
]
OPEN = [line for line in ALL if line[0] != 3]


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    """Sent to Arbeit: a frame, three topics of which one is for the Jobcenter only, papers of four kinds."""
    monkeypatch.setattr(clock, "now", lambda: LATER)
    for code, title, position in (
        ("opening", "Begrüßung und Tagesordnung", -2),
        ("closing", "Verschiedenes und Termine", 2),
    ):
        StandingItemFactory(alliance=cast.arbeit, code=code, title=title, position=position, duration_minutes=5)
    meeting = MeetingFactory(alliance=cast.arbeit, venue=cast.venue, chair=cast.birgit, slug="m-rich")
    planning.confirm(meeting, by=cast.imke, at=AT)
    said: dict[str, Any] = {"kind": AgendaItemKind.DISCUSSION, "minutes": 20, "presenter": cast.susanne}
    for title in ("Fahrtkosten im Ehrenamt", "Personalfall", "Sprachcafé"):
        agenda.add(meeting, title=title, **said, by=cast.imke, form_key=uuid.uuid4(), at=AT)
    secret = AgendaItem.objects.get(title="Personalfall")
    secret.confidential_to.add(cast.birgit.organisation)
    costs = AgendaItem.objects.get(title="Fahrtkosten im Ehrenamt")
    paper(cast, costs, "Kostenplan", "kosten.pdf", pdf(3))
    paper(cast, costs, "Kennwort nötig", "geheim.pdf", pdf(1, password="x"))
    paper(cast, AgendaItem.objects.get(title="Sprachcafé"), "Tabelle", "tabelle.xlsx", b"PK\x03\x04")
    paper(cast, AgendaItem.objects.get(title="Sprachcafé"), "Kaputt", "kaputt.pdf", b"%PDF-1.7 nothing")
    paper(cast, secret, "Gutachten", "gutachten.pdf", pdf(2))
    agenda_sending.send_agenda(meeting, by=cast.imke, at=LATER, without_release="Eilt.", urgency="Eilt.")
    return meeting


def pdf(pages: int, *, password: str = "") -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def paper(cast: World, item: AgendaItem, title: str, file_name: str, content: bytes) -> None:
    made = Paper.objects.create(slug=uuid.uuid4().hex, title=title, kind="Vorlage", dated=dt.date(2026, 11, 20))
    made.bodies.add(cast.arbeit)
    made.confidential_to.set(item.confidential_to.all())
    version = made.versions.create(number=1, dated=dt.date(2026, 11, 20), file_name=file_name, size=len(content))
    version.stored_as = default_storage.save(version.stored_as, ContentFile(content))
    version.save()
    item.papers.add(made)


def lines(text: str, found: str) -> list[tuple[int, str]]:
    """The numbers and titles a text shows, in its order."""
    titles = "|".join(re.escape(title) for _number, title, _hour in ALL)
    text = re.sub(r"\s+", " ", text)
    return [(int(number), title) for number, title in re.findall(found % titles, text)]


def page_of(meeting: Meeting, person: Person) -> str:
    link = links.grant(person, purpose=LinkPurpose.MEETING, subject=meeting, until=meeting.end, at=LATER)
    return Client().get(reverse("meetings:meeting_link", args=[links.token(link)])).content.decode()


def letter_to(person: Person) -> render.Rendered:
    dispatch.fan_out(at=LATER)
    message = OutboxMessage.objects.select_related("person__organisation").get(kind="agenda", person=person)
    return render.render(message, at=LATER)


@pytest.mark.parametrize(("handle", "wanted"), [("susanne", OPEN), ("birgit", ALL)])
def test_numbers_titles_and_times_agree(cast: World, meeting: Meeting, handle: str, wanted: list[Any]) -> None:
    person = getattr(cast, handle)
    named = [(number, title) for number, title, _hour in wanted]
    page, letter = page_of(meeting, person), letter_to(person)
    printed = PdfReader(io.BytesIO(agenda_pdf.agenda_pdf(meeting, reader=person, at=LATER)))
    word = Document(io.BytesIO(agenda_word.agenda_word(meeting, reader=person, at=LATER)))
    made = folder_pdf.assemble(folder_manifest.manifest(meeting, reader=person, at=LATER))[0]
    seen = agenda_order.numbered(meeting, reader=person, at=LATER)

    assert [(e.number, e.item.title, f"{clock.local(e.begins):%H:%M}") for e in seen.entries] == wanted
    assert lines(page, r'data-no="(\d)" value="\d"><div><h3>(%s)</h3>') == named
    assert lines(letter.text, r"(\d)\. (%s) ") == named
    assert lines(letter.html, r">(\d)\. (%s)</h3>") == named
    text = re.sub(r"\s+", " ", "\n".join(sheet.extract_text() for sheet in printed.pages))
    assert {(number, title) for number, title in lines(text, r"(\d) (%s)")} >= set(named)
    assert ("Personalfall" in text) == (len(wanted) == len(ALL))
    headings = [p.text for p in word.paragraphs if p.style is not None and p.style.name == "Heading 3"]
    assert headings == [f"TOP {number} {title}" for number, title in named]
    for _number, _title, hour in wanted:
        assert hour in text
        assert any(f"Beginn etwa {hour} Uhr" in p.text for p in word.paragraphs)
    outline = bookmarks(made)
    assert [line for line in outline if line.startswith("TOP")] == headings


def test_the_folder_joins_what_it_can_and_says_what_it_cannot(cast: World, meeting: Meeting) -> None:
    content, pages = folder_pdf.assemble(folder_manifest.manifest(meeting, reader=cast.susanne, at=LATER))
    reader = PdfReader(io.BytesIO(content))
    text = re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in reader.pages))

    assert pages == len(reader.pages) == 1 + 4 + 3
    assert bookmarks(content) == [
        "Tagesordnung",
        "TOP 1 Begrüßung und Tagesordnung",
        "TOP 2 Fahrtkosten im Ehrenamt",
        "Kostenplan",
        "Kennwort nötig",
        "TOP 4 Sprachcafé",
        "Tabelle",
        "Kaputt",
        "TOP 5 Verschiedenes und Termine",
    ]
    assert "mit einem Kennwort geschützt" in text
    assert "eine Datei im Format XLSX" in text
    assert "Diese Datei ist beschädigt" in text
    assert "Gutachten" not in text
    assert reader.metadata is not None
    assert (
        reader.metadata.title
        == "Sitzungsmappe: Arbeitsbündnis Arbeit am 3.\N{NO-BREAK SPACE}Dezember\N{NO-BREAK SPACE}2026"
    )
    assert reader.trailer["/Root"]["/Lang"] == "de-DE"


def test_a_folder_is_made_once_and_again_after_a_change(cast: World, meeting: Meeting) -> None:
    first = meeting_folder.ask(meeting, folder_manifest.manifest(meeting, reader=cast.susanne, at=LATER), at=LATER)
    again = meeting_folder.ask(meeting, folder_manifest.manifest(meeting, reader=cast.rolf, at=LATER), at=LATER)
    assert first.pk == again.pk  # they see the same

    dead = meeting_folder.claim(first.pk, at=LATER)  # a worker that dies now
    assert dead is not None
    assert meeting_folder.due(at=LATER) == []
    later = LATER + dt.timedelta(minutes=6)
    assert meeting_folder.due(at=later) == [first.pk]
    assert folder_pdf.make_due(at=later) == 1
    meeting_folder.finish(dead, b"late", pages=1)  # the dead one wakes: its file is thrown away

    row = MeetingFolder.objects.get()
    assert (row.state, row.pages, row.done, row.manifest) == (FolderState.DONE, 8, row.total, {})
    item = AgendaItem.objects.get(title="Sprachcafé")
    AgendaItem.objects.filter(pk=item.pk).update(title="Sprachcafé im Kreishaus")
    assert (
        meeting_folder.there(meeting, folder_manifest.manifest(meeting, reader=cast.susanne, at=LATER)) == row
    )  # not sent yet
    assert meeting_folder.there(meeting, folder_manifest.manifest(meeting, reader=cast.imke, at=LATER)) is None
    assert meeting_folder.forget_old(at=LATER + dt.timedelta(days=8)) == 1
    assert not default_storage.exists(row.stored_as)


def test_a_folder_whose_workers_all_died_failed_and_can_be_asked_for_again(cast: World, meeting: Meeting) -> None:
    manifest = folder_manifest.manifest(meeting, reader=cast.susanne, at=LATER)
    row, at = meeting_folder.ask(meeting, manifest, at=LATER), LATER
    claims = []
    for _try in range(3):
        claims.append(meeting_folder.claim(row.pk, at=at))
        at += dt.timedelta(minutes=6)

    first, *_others = claims
    assert first is not None
    meeting_folder.fail(first)  # the first one wakes: the row is not its own any more
    row.refresh_from_db()
    assert row.state == FolderState.WORKING
    assert meeting_folder.due(at=at) == []
    row.refresh_from_db()
    assert row.state == FolderState.FAILED
    again = meeting_folder.ask(meeting, manifest, at=at)
    assert (again.state, meeting_folder.due(at=at)) == (FolderState.WAITING, [row.pk])


def test_a_worker_told_to_stop_stops_within_a_paper(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    name = default_storage.save("paper", ContentFile(b"%PDF-1.7"))
    part = {"number": 1, "item": "", "title": "", "standing": "", "file_name": "a.pdf", "stored_as": name}

    def stop(_stream: object) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(folder_pdf, "PdfReader", stop)
    with pytest.raises(SoftTimeLimitExceeded):
        folder_pdf._read(part, left=9)  # type: ignore[arg-type]
    default_storage.delete(name)


def test_members_take_the_folder_by_link_and_strangers_do_not(cast: World, meeting: Meeting) -> None:
    link = links.grant(cast.susanne, purpose=LinkPurpose.MEETING, subject=meeting, until=meeting.end, at=LATER)
    page, file = (reverse(f"meetings:{name}", args=[links.token(link)]) for name in ("folder_link", "folder_link_pdf"))
    browser = Client()
    assert browser.get(file).status_code == 404

    browser.get(page)
    assert not MeetingFolder.objects.exists()  # looking asks for nothing
    assert "0 von 5 Teilen" in browser.post(page, follow=True).content.decode()
    folder_pdf.make_due(at=LATER)

    assert "Die Mappe ist fertig." in browser.get(page).content.decode()
    answer = browser.get(file)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    for close in answer._resource_closers:
        close()  # closing the response itself would end the test's transaction
    assert answer["Content-Disposition"] == 'attachment; filename="Sitzungsmappe-Arbeit-2026-12-03.pdf"'
    other = links.grant(cast.hedwig, purpose=LinkPurpose.MEETING, subject=meeting, until=meeting.end, at=LATER)
    assert browser.get(reverse("meetings:folder_link", args=[links.token(other)])).status_code == 404


def test_documents_are_tagged_and_carry_their_fonts(cast: World, meeting: Meeting) -> None:
    for content in (
        agenda_pdf.agenda_pdf(meeting, reader=cast.susanne, at=LATER),
        run_sheet.pdf(meeting, reader=cast.birgit, at=LATER),
    ):
        reader = PdfReader(io.BytesIO(content))
        root: Any = reader.trailer["/Root"]
        assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("de-DE", True)
        for page in reader.pages:
            fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
            for font in fonts.values():
                descendant = font.get_object()["/DescendantFonts"][0].get_object()
                described = descendant["/FontDescriptor"].get_object()
                assert {"/FontFile2", "/FontFile3"} & set(described)


def test_the_word_file_has_language_title_and_headings(cast: World, meeting: Meeting) -> None:
    word = Document(io.BytesIO(agenda_word.agenda_word(meeting, reader=cast.susanne, at=LATER)))

    assert (
        word.core_properties.title
        == "Tagesordnung: Arbeitsbündnis Arbeit am 3.\N{NO-BREAK SPACE}Dezember\N{NO-BREAK SPACE}2026"
    )
    assert word.core_properties.language == "de-DE"
    assert [cell.text for cell in word.tables[0].rows[0].cells] == ["TOP", "Unterlage", "Stand"]


def test_the_sheet_of_a_long_agenda_stays_on_one_page(cast: World, meeting: Meeting) -> None:
    said: dict[str, Any] = {"kind": AgendaItemKind.DISCUSSION, "minutes": 5, "presenter": cast.susanne}
    for number in range(14):
        agenda.add(meeting, title=f"Thema {number}", **said, by=cast.imke, form_key=uuid.uuid4(), at=LATER)

    content = run_sheet.pdf(meeting, reader=cast.birgit, at=LATER)

    assert len(PdfReader(io.BytesIO(content)).pages) == 1


def bookmarks(content: bytes) -> list[str]:
    def walk(nodes: Any) -> list[str]:
        found: list[str] = []
        for node in nodes:
            found += walk(node) if isinstance(node, list) else [str(node.title)]
        return found

    return walk(PdfReader(io.BytesIO(content)).outline)


def test_who_wants_no_portal_gets_the_papers_too(cast: World, meeting: Meeting) -> None:
    mail_wishes.choose(cast.susanne, replace(mail_wishes.wishes_of(cast.susanne), gets_papers=True), at=LATER)
    dispatch.fan_out(at=LATER)
    messages = OutboxMessage.objects.select_related("person__organisation").filter(kind="agenda")
    letters = {one.person.handle: letters_of.compose(one, LATER) for one in messages}

    names = [file.file_name for file in letters["susanne"].attachments]
    assert names == ["Tagesordnung-Arbeit-2026-12-03.pdf", "kosten.pdf", "geheim.pdf", "tabelle.xlsx", "kaputt.pdf"]
    assert [file.file_name for file in letters["birgit"].attachments] == ["Tagesordnung-Arbeit-2026-12-03.pdf"]
    assert "die Tagesordnung als PDF-Datei, 4 Unterlagen" in re.sub(r"\s+", " ", letter_to(cast.susanne).text)


def test_a_folder_that_would_be_too_long_leaves_a_paper_out_and_says_so(
    cast: World, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_pdf, "_MOST_IN_ALL", 2)

    content, _pages = folder_pdf.assemble(folder_manifest.manifest(meeting, reader=cast.susanne, at=LATER))

    text = re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    assert "Mit dieser Unterlage hätte die Mappe mehr als 2 Seiten." in text
