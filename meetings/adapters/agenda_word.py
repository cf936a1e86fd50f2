"""The agenda as a Word file, from the same data as the PDF: real headings, a table with a header row, in German."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from meetings.adapters import agenda_pdf
from meetings.adapters.document_data import AgendaDocument, AgendaItem, Prose, Runs
from meetings.models import Meeting

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Signs that XML cannot hold.
_CONTROLS = {number: None for number in range(32) if chr(number) not in "\t\n"}


def agenda_word(meeting: Meeting, *, reader: object, at: dt.datetime) -> bytes:
    """The agenda as `reader` may see it."""
    agenda, edition = agenda_pdf.seen_by(meeting, reader=reader, at=at)
    return word_of(agenda_pdf.document(meeting, agenda, edition, at=at))


def word_of(data: AgendaDocument) -> bytes:
    """The file of a document that is worded already."""
    file = Document()
    _set_up(file, data)
    head = data["letterhead"]
    file.add_paragraph("\n".join(filter(None, [head["name"], head["office"], head.get("reach", "")])))
    file.add_heading(_clean(data["title"]), level=1)
    file.add_paragraph(_clean(data["body_line"]))
    if notice := data.get("notice"):
        line = file.add_paragraph()
        line.add_run(f"{notice['mark']}. ").bold = True
        line.add_run(_clean(str(notice["text"])))
    for name, value in data["facts"]:
        if value:
            line = file.add_paragraph()
            line.add_run(f"{name}: ").bold = True
            line.add_run(_clean(str(value)))
    file.add_heading(_("Tagesordnung"), level=2)
    file.add_paragraph(_clean(data["time_frame"]))
    for item in data["items"]:
        _item(file, item)
    if papers := data.get("papers"):
        file.add_heading(_("Unterlagen"), level=2)
        _table(file, (_("TOP"), _("Unterlage"), _("Stand")), [(p["item"], p["title"], p["standing"]) for p in papers])
    if following := data.get("next_meetings"):
        file.add_heading(_("Nächste Termine"), level=2)
        for meeting in following:
            file.add_paragraph(_clean(meeting), style="List Bullet")
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def file_name(meeting: Meeting) -> str:
    """Tagesordnung-Arbeit-2026-12-03.docx"""
    return agenda_pdf.file_name(meeting).removesuffix("pdf") + "docx"


def _item(file: Any, item: AgendaItem) -> None:
    file.add_heading(_clean(f"TOP {item['number']} {item['title']}"), level=3)
    minutes = _("%d Minuten") % item.get("minutes", 0)
    begins = _("Beginn etwa %s Uhr") % item.get("begins", "")
    file.add_paragraph(" · ".join(filter(None, [begins, minutes, item.get("kind", ""), item.get("presenter", "")])))
    _prose(file, item.get("description", ""))
    for text in (item.get("origin", ""), item.get("confidential", "")):
        if text:
            file.add_paragraph(_clean(text))
    for paper in item.get("papers", ()):
        file.add_paragraph(_clean(_("Unterlage: %s") % paper["title"]), style="List Bullet")


def _prose(file: Any, prose: Prose) -> None:
    """Paragraphs, and lists as lists."""
    if isinstance(prose, str):
        if prose:
            file.add_paragraph(_clean(prose))
        return
    for block in prose:
        if "run" in block:
            _runs(file.add_paragraph(), block["run"])
        for point in block.get("points", ()):
            _runs(file.add_paragraph(style="List Bullet"), point)


def _runs(paragraph: Any, runs: Runs) -> None:
    for run in [runs] if isinstance(runs, str) else runs:
        if isinstance(run, str):
            paragraph.add_run(_clean(run))
        else:
            paragraph.add_run(_clean(run["t"])).bold = run.get("bold", False)


def _table(file: Any, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    table = file.add_table(rows=1, cols=len(head))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 -- python-docx knows no header rows
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(text)


def _set_up(file: Any, data: AgendaDocument) -> None:
    """Language, typeface, and what stands in the file's properties."""
    style = file.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(11)
    marks = style.element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "de-DE")
    marks.append(language)
    for there in file.styles.element.iter(qn("w:lang")):
        there.set(qn("w:val"), "de-DE")
    facts, meta = file.core_properties, data["meta"]
    facts.title, facts.author, facts.language = _clean(meta["title"]), _clean(meta["author"]), "de-DE"
    facts.subject, facts.comments = _clean(meta["running_head"]), ""
    day = dt.date.fromisoformat(meta["date"])
    facts.created = facts.modified = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- Word knows no zones


def _clean(text: str) -> str:
    return text.translate(_CONTROLS)
