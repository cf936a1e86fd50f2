"""The agenda as a Word file, from the same data as the PDF."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from meetings.adapters import agenda_pdf
from meetings.adapters.document_data import AgendaDocument, AgendaItem
from meetings.adapters.word_file import WordFile
from meetings.models import Meeting


def agenda_word(meeting: Meeting, *, reader: object, at: dt.datetime) -> bytes:
    """The agenda as `reader` may see it."""
    agenda, edition = agenda_pdf.seen_by(meeting, reader=reader, at=at)
    return word_of(agenda_pdf.document(meeting, agenda, edition, at=at))


def word_of(data: AgendaDocument) -> bytes:
    """The file of a document that is worded already."""
    file, head = WordFile(data["meta"]), data["letterhead"]
    file.line("\n".join(filter(None, [head["name"], head["office"], head.get("reach", "")])))
    file.heading(data["title"], 1)
    file.line(data["body_line"])
    if notice := data.get("notice"):
        file.line(notice["text"], lead=f"{notice['mark']}.")
    for name, value in data["facts"]:
        if value:
            file.line(value, lead=f"{name}:")
    file.heading(_("Tagesordnung"), 2)
    file.line(data["time_frame"])
    for item in data["items"]:
        _item(file, item)
    if papers := data.get("papers"):
        file.heading(_("Unterlagen"), 2)
        file.table((_("TOP"), _("Unterlage"), _("Stand")), [(p["item"], p["title"], p["standing"]) for p in papers])
    if following := data.get("next_meetings"):
        file.heading(_("Nächste Termine"), 2)
        file.points(following)
    return file.content()


def file_name(meeting: Meeting) -> str:
    """Tagesordnung-Arbeit-2026-12-03.docx"""
    return agenda_pdf.file_name(meeting).removesuffix("pdf") + "docx"


def _item(file: WordFile, item: AgendaItem) -> None:
    file.heading(f"TOP {item['number']} {item['title']}", 3)
    minutes = _("%d Minuten") % item.get("minutes", 0)
    begins = _("Beginn etwa %s Uhr") % item.get("begins", "")
    file.line(" · ".join(filter(None, [begins, minutes, item.get("kind", ""), item.get("presenter", "")])))
    file.prose(item.get("description", ""))
    for text in (item.get("origin", ""), item.get("confidential", "")):
        if text:
            file.line(text)
    file.points([_("Unterlage: %s") % paper["title"] for paper in item.get("papers", ())])
