"""Minutes as a Word file: the words and numbers of the PDF, with headings, lists and header rows."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml.ns import qn

from buendnisse.models import sight_of
from meetings.adapters import minutes_word
from tests.meetings.adapters.test_excerpt_pdf import sent
from tests.meetings.held import LATER

pytestmark = pytest.mark.django_db


def test_the_file_says_what_the_minutes_say() -> None:
    now, version = sent()

    file = Document(io.BytesIO(minutes_word.minutes_word(version, sight=sight_of(now.world.susanne, at=LATER))))

    lines = [(line.style.name, line.text) for line in file.paragraphs]
    start = lines.index(("Heading 3", "TOP 2 Rufbus am Abend"))
    assert lines[start : start + 8] == [
        ("Heading 3", "TOP 2 Rufbus am Abend"),
        ("Normal", "Frau Overhage, BBS"),
        ("Normal", "Der Bus fährt abends."),
        ("List Bullet", "Montag"),
        ("List Bullet", "Freitag"),
        ("Heading 4", "Beschluss A-2026-01 · einvernehmlich"),
        ("Normal", "Der Bus fährt."),
        ("List Bullet", "Fahrplan – Susanne Overhage, BBS, bis 11.12.2026"),
    ]
    assert lines[1] == ("Heading 1", "Ergebnisprotokoll der Sitzung vom 19.\xa0November\xa02026")
    assert [[cell.text for cell in row.cells] for row in file.tables[0].rows] == [
        ["TOP", "Auftrag", "Zuständig", "Bis"],
        ["2", "Fahrplan", "Susanne Overhage, BBS", "11.12.2026"],
    ]
    assert all(table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for table in file.tables)
    assert file.core_properties.language == "de-DE"


def test_what_is_confidential_is_not_in_the_file_of_others() -> None:
    now, version = sent(confidential=True)

    file = Document(io.BytesIO(minutes_word.minutes_word(version, sight=sight_of(now.world.susanne, at=LATER))))

    text = "\n".join(line.text for line in file.paragraphs)
    assert "Rufbus" not in text
    assert "TOP 2 Vertraulicher Punkt" in text
