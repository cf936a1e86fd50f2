"""A form to print and to write on: a meeting without a network, or without a second person who types."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from buendnisse import german
from meetings.domain import quorum, session_board
from meetings.domain.session_board import Stop
from meetings.enums import Presence
from meetings.models import Meeting

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Signs that XML cannot hold.
_CONTROLS = {number: None for number in range(32) if chr(number) not in "\t\n"}
_FONT, _SIZE = "Arial", 11


def form(meeting: Meeting, *, at: dt.datetime) -> bytes:
    """What is known of the meeting, and room for what is not: for the Fachstelle, so confidential items too."""
    file = Document()
    title = _("Mitschrift: %(body)s am %(day)s") % {"body": meeting.alliance.name, "day": german.day(meeting.start)}
    _set_up(file, title, at)
    file.add_heading(_plain(title), level=1)
    for name, value in _facts(meeting):
        line = file.add_paragraph()
        line.add_run(f"{name}: ").bold = True
        line.add_run(_plain(value))
    file.add_heading(_("Anwesenheit"), level=2)
    _people(file, meeting)
    counted = quorum.quorum(meeting)
    file.add_paragraph(
        _("Beschlussfähig ab %(needed)d von %(entitled)d Organisationen. Vertreten: ______")
        % {"needed": counted.needed, "entitled": counted.entitled}
    )
    for stop in session_board.with_outcome(meeting):
        _item(file, stop)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def file_name(meeting: Meeting) -> str:
    """mitschrift-2026-q4-arbeit.docx"""
    return f"mitschrift-{meeting.slug}.docx"


def _facts(meeting: Meeting) -> list[tuple[str, str]]:
    where = meeting.venue.name if meeting.venue and meeting.mode != "online" else _("online")
    told = [(_("Zeit"), german.when(meeting.start, meeting.end)), (_("Ort"), where)]
    if meeting.chair:
        told.append((_("Sitzungsleitung"), meeting.chair.full_name))
    return [*told, (_("Es schreibt"), "_" * 30), (_("Beginn und Ende"), "_" * 30)]


def _people(file: Any, meeting: Meeting) -> None:
    head = (_("Organisation"), _("Name"), _("Antwort"), _("da"), _("online"), _("ab"), _("bis"))
    rows = [
        (
            row.organisation.short_name,
            row.person.full_name,
            "" if meeting.answer_counts else row.get_answer_display(),
            "✓" if row.presence in quorum.THERE and row.channel != "online" else "",
            "✓" if row.presence in quorum.THERE and row.channel == "online" else "",
            f"{row.present_from:%H:%M}" if row.present_from else "",
            f"{row.present_until:%H:%M}" if row.present_until else "",
        )
        for row in session_board.people(meeting)
        if row.presence != Presence.SECRETARIAT
    ]
    table = file.add_table(rows=1, cols=len(head), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    _repeat(table.rows[0])
    for row in [*rows, *[("",) * len(head)] * 4]:  # room for guests
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = _plain(words)


def _item(file: Any, stop: Stop) -> None:
    item = stop.item
    file.add_heading(_plain(f"TOP {stop.number}: {item.title}"), level=2)
    begins = _("Beginn etwa %s Uhr") % stop.planned
    told = [begins, _("%d Minuten") % item.duration_minutes, item.get_kind_display()]
    file.add_paragraph(_plain(" · ".join([*told, *([item.presenter.full_name] if item.presenter else [])])))
    if item.wished_result:
        file.add_paragraph(_plain(_("Gewünschtes Ergebnis: %s") % item.wished_result))
    _room(file, _("Ergebnis"), item.result, lines=4)
    taken = "\n".join(f"{one.number}: {one.text}" for one in vars(item)["taken"])
    _room(file, _("Beschluss (Wortlaut)"), taken, lines=2)
    file.add_paragraph(_("☐ einvernehmlich   ☐ Empfehlung   ☐ zur Kenntnis   ☐ abgelehnt   ☐ vertagt"))
    file.add_paragraph(_("Nur wenn gezählt wurde: ja ____   nein ____   enthalten ____"))
    given = "\n".join(f"{one.task} ({one.owner.full_name}, {german.day(one.due_on)})" for one in vars(item)["given"])
    _room(file, _("Auftrag: Was? Wer, für welche Organisation? Bis wann?"), given, lines=2)


def _room(file: Any, name: str, known: str, *, lines: int) -> None:
    """What is written already, then lines to write on."""
    line = file.add_paragraph()
    line.add_run(name).bold = True
    line.paragraph_format.keep_with_next = True
    if known:
        file.add_paragraph(_plain(known))
    for _line in range(1 if known else lines):
        _ruled(file.add_paragraph())


def _ruled(paragraph: Any) -> None:
    """An empty line with a rule under it, high enough for handwriting."""
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "808080")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    paragraph.paragraph_format.element.get_or_add_pPr().append(border)
    paragraph.paragraph_format.space_after = Pt(12)  # after the border: Word insists on their order


def _set_up(file: Any, title: str, at: dt.datetime) -> None:
    """German throughout, so that a screen reader and the spelling check know; margins that leave room to write."""
    file.core_properties.title = title
    file.core_properties.language = "de-DE"
    file.core_properties.author = ""
    file.core_properties.created = file.core_properties.modified = at.replace(tzinfo=None)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_SIZE)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "de-DE")
    normal.element.get_or_add_rPr().append(language)
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)


def _repeat(row: Any) -> None:
    """The head of a table stands on every page."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)  # noqa: SLF001 -- python-docx knows no other way to it


def _plain(text: str) -> str:
    return text.translate(_CONTROLS)
