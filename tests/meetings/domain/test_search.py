"""What is found, in which order, and that the index follows what happens."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from typing import Any

import pytest
from django.db import connection

from meetings.adapters import paper_text
from meetings.domain import decisions, item_papers, minutes, search, search_index, search_words
from meetings.models import PaperText, SearchEntry, SearchState
from tests import world
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.meetings import held
from tests.meetings.held import LATER
from tests.support import files, relay_scene

pytestmark = pytest.mark.django_db
AT = held.AT


def found(query: str, reader: Any, **given: Any) -> list[tuple[str, str]]:
    wanted = search_words.query(query)
    ids = search.find(wanted, reader=reader, at=LATER, **given).ids
    return [(hit.entry.kind, hit.entry.number or hit.entry.title) for hit in search.hits(ids, wanted)]


def test_number_first_then_titles_then_the_newest() -> None:
    now = held.running()
    old = MeetingFactory(
        alliance=now.world.arbeit, start=LATER - dt.timedelta(days=400), state="held", quarter="2025-Q4"
    )
    item = AgendaItemFactory(meeting=old, title="Fahrplan", state="discussed")
    DecisionFactory(agenda_item=item, number="A-2025-01", text="Der Rufbus bleibt.", decided_on=dt.date(2025, 10, 1))
    DecisionFactory(agenda_item=item, number="A-2025-02", text="Wie der Rufbus in A-2025-01.", decided_on=AT.date())
    search_index.refresh(at=LATER)

    assert found("Rufbus", now.world.imke) == [
        ("topic", "Rufbus am Abend"),
        ("decision", "A-2025-02"),
        ("decision", "A-2025-01"),
    ]
    assert found("A-2025-01", now.world.imke) == [("decision", "A-2025-01"), ("decision", "A-2025-02")]
    assert found("rufbus", now.world.imke, kind="topic") == [("topic", "Rufbus am Abend")]
    assert found("rufbus", now.world.imke, body=now.world.bildung) == []


def test_minutes_are_found_by_those_who_read_them_once_they_are_out() -> None:
    now = held.over()
    search_index.refresh(at=LATER)
    assert found("Januar", now.world.susanne) == []

    _circulate(now)
    search_index.refresh(at=LATER)

    assert found("Januar", now.world.susanne) == [("minutes", "Rufbus am Abend")]
    assert found("Januar", now.world.hedwig) == []
    assert found("Januar", now.world.lueder) == []


def _circulate(now: held.Held) -> None:
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=LATER)
    minutes.release(now.minutes, by=now.world.birgit, at=LATER)
    minutes.circulate(now.minutes, by=now.world.imke, at=LATER)


def test_a_planned_meeting_is_no_business_of_members() -> None:
    now = held.running()
    planned = MeetingFactory(alliance=now.world.arbeit, state="planned", quarter="2027-Q1")
    AgendaItemFactory(meeting=planned, title="Geheimnis der Planung")
    search_index.refresh(at=LATER)

    assert found("Geheimnis", now.world.imke) == [("topic", "Geheimnis der Planung")]
    assert found("Geheimnis", now.world.susanne) == []


def test_the_index_follows_a_verb_and_does_nothing_when_nothing_happened() -> None:
    now = held.running()
    assert search_index.refresh(at=AT) == 3
    assert search_index.refresh(at=AT) == 0

    decisions.adopt(now.bus, kind="consensus", text="Die Bücherei öffnet früher.", by=now.world.imke, at=AT)
    assert found("Buecherei", now.world.imke) == []
    assert search_index.refresh(at=AT) == 1

    assert found("Buecherei", now.world.imke) == [("decision", "A-2026-01")]


def test_a_ring_that_was_killed_is_made_up_for() -> None:
    now = held.running()
    assert search_index.refresh(at=AT, most=1) == 1  # as if it had ended there
    assert SearchState.objects.get().stamp == ""

    assert search_index.refresh(at=AT) == 2
    assert found("Rufbus", now.world.imke) == [("topic", "Rufbus am Abend")]


def test_a_broken_index_is_repaired_the_next_day_and_what_is_gone_is_removed() -> None:
    now = held.running()
    search_index.refresh(at=AT)
    SearchEntry.objects.filter(title="Rufbus am Abend").delete()
    SearchEntry.objects.create(kind="decision", subject_id=4711, title="Gab es nie", title_words=" ", words=" ")
    assert search_index.refresh(at=AT) == 0

    assert search_index.refresh(at=AT + dt.timedelta(days=1)) == 2
    assert found("Rufbus", now.world.imke) == [("topic", "Rufbus am Abend")]
    assert not SearchEntry.objects.filter(subject_id=4711).exists()


def test_papers_are_found_by_what_stands_in_their_file() -> None:
    now = held.running()
    file = files.named("Leitfaden.txt", "Die Dolmetscherkosten trägt der Kreis.".encode())
    item_papers.hand_in(
        now.bus, file, title="Leitfaden", organisation=None, dated=AT.date(), form_key=uuid.uuid4(), by=now.world.imke,
        at=AT,
    )  # fmt: skip
    search_index.refresh(at=AT)
    assert found("Dolmetscher", now.world.susanne) == []

    assert paper_text.read_due(at=AT) == 1
    assert paper_text.read_due(at=AT) == 0
    search_index.refresh(at=AT)

    assert found("Dolmetscher", now.world.susanne) == [("paper", "Leitfaden")]
    assert found("Dolmetscher", now.world.hedwig) == []


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_office_file_has_no_words_and_holds_up_no_other(packing: int) -> None:
    now = held.running()
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", packing) as archive:
        archive.writestr("word/document.xml", "<w:p>Dolmetscherkosten</w:p>" * 20)
    torn = bytearray(whole.getvalue())
    torn[60:68] = b"\xff" * 8
    for title, content in (("Heil", whole.getvalue()), ("Kaputt", bytes(torn))):
        item_papers.hand_in(
            now.bus, files.named("a.docx", content), title=title, organisation=None, dated=AT.date(),
            form_key=uuid.uuid4(), by=now.world.imke, at=AT,
        )  # fmt: skip

    assert paper_text.read_due(at=AT) == 2

    rows = PaperText.objects.order_by("pk").values_list("version__paper__title", "is_read", "tries")
    assert sorted(rows) == [("Heil", True, 1), ("Kaputt", True, 1)]
    search_index.refresh(at=AT)
    assert found("Dolmetscherkosten", now.world.susanne) == [("paper", "Heil")]


def test_a_file_that_kills_its_reader_is_tried_twice_and_left_alone() -> None:
    now = held.running()
    paper = item_papers.hand_in(
        now.bus, files.pdf(), title="Kaputt", organisation=None, dated=AT.date(), form_key=uuid.uuid4(),
        by=now.world.imke, at=AT,
    )  # fmt: skip
    version = paper.newest
    PaperText.objects.create(version=version, tries=1, claimed_at=AT)  # its worker died

    assert paper_text.read_due(at=AT + dt.timedelta(minutes=1)) == 0
    assert paper_text.read_due(at=AT + dt.timedelta(minutes=6)) == 1
    row = PaperText.objects.get()
    assert (row.tries, row.is_read, row.text) == (2, True, "")


def test_long_names_are_cut_where_they_are_shown_and_found_in_whole() -> None:
    cast = world.build()
    meeting = MeetingFactory(alliance=cast.arbeit, title=("Kreisweites Treffen für gutes Ankommen " * 6)[:200])
    AgendaItemFactory(meeting=meeting, title="Rufbus", state="accepted")

    search_index.refresh(at=AT)

    entry = SearchEntry.objects.get(title="Rufbus")
    assert (len(entry.standing), entry.standing[-1]) == (200, "…")
    assert search.find(search_words.query("Rufbus Ankommen"), reader=cast.imke, at=AT).total == 1


def test_an_entry_the_database_does_not_take_holds_up_no_other() -> None:
    meeting = MeetingFactory(alliance=world.build().arbeit)
    one, _other = (AgendaItemFactory(meeting=meeting, title=title, state="accepted") for title in ("Rufbus", "Kita"))
    refuse_in_the_index(one.pk)

    search_index.refresh(at=AT)

    assert list(SearchEntry.objects.filter(kind="topic").values_list("title", flat=True)) == ["Kita"]


def refuse_in_the_index(pk: int) -> None:
    """The database takes no entry of this number; undone with everything else the test has done."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER picky BEFORE INSERT ON meetings_searchentry WHEN NEW.subject_id = {pk}"
                " BEGIN SELECT RAISE(ABORT, 'not this one'); END"
            )
        else:
            cursor.execute(f"ALTER TABLE meetings_searchentry ADD CONSTRAINT picky CHECK (subject_id <> {pk})")


def test_decision_is_found_by_the_number_of_the_relay_that_left_with_it() -> None:
    scene = relay_scene.set_scene()
    sent, draft = relay_scene.hand_over(scene), relay_scene.hand_over(scene, as_draft=True)
    search_index.refresh(at=LATER)

    assert [list(search.decisions(one.number)) for one in (sent, draft)] == [[{"subject_id": scene.decision.pk}], []]
