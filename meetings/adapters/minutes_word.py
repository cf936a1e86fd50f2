"""Minutes as a Word file, from the same data as the PDF: for whoever goes on working with the text."""

from __future__ import annotations

from django.utils.translation import gettext as _

from buendnisse.models import Sight
from meetings.adapters import minutes_pdf
from meetings.adapters.document_data import MinutesDocument, MinutesItem
from meetings.adapters.word_file import WordFile
from meetings.models import MinutesVersion


def minutes_word(version: MinutesVersion, *, sight: Sight) -> bytes:
    """One version, without what this reader may not see."""
    return word_of(minutes_pdf.document(version, sight=sight))


def file_name(version: MinutesVersion) -> str:
    """protokoll-2026-q4-arbeit-fassung-2.docx"""
    return minutes_pdf.file_name(version).removesuffix("pdf") + "docx"


def word_of(data: MinutesDocument) -> bytes:
    """The file of a document that is worded already."""
    file, head = WordFile(data["meta"]), data["letterhead"]
    file.line("\n".join(filter(None, [head["name"], head["office"]])))
    file.heading(data["title"], 1)
    file.line(data["body_line"])
    file.line(data["version"]["standing"], lead=f"{data['version']['mark']}:")
    for name, value in data["facts"]:
        if value:
            file.line(value, lead=f"{name}:")
    file.heading(_("Ergebnisse"), 2)
    for item in data["items"]:
        _item(file, item)
    if tasks := data["tasks"]:
        file.heading(_("Aufträge aus dieser Sitzung"), 2)
        head_row = (_("TOP"), _("Auftrag"), _("Zuständig"), _("Bis"))
        file.table(head_row, [(task["item"], task["what"], task["who"], task["due"]) for task in tasks])
    attendance = data["attendance"]
    file.heading(_("Anwesenheit"), 2)
    file.prose(attendance["sentence"])
    rows = [(one["name"], one["organisation"], one["participation"]) for one in attendance["people"]]
    if rows:
        file.table((_("Name"), _("Organisation"), _("Teilnahme")), rows)
    if annexes := data.get("annexes"):
        file.heading(_("Anlagen"), 2)
        file.points(annexes, numbered=True)
    if corrections := data.get("corrections"):
        file.heading(_("Fassungen und Berichtigungen"), 2)
        rows = [(one["date"], one["place"], one["text"]) for one in corrections]
        file.table((_("Datum"), _("Stelle"), _("Was")), rows)
    file.prose(data.get("closing", ""))
    return file.content()


def _item(file: WordFile, item: MinutesItem) -> None:
    file.heading(f"TOP {item['number']} {item['title']}", 3)
    if presenter := item.get("presenter"):
        file.line(presenter)
    decisions = item.get("decisions", ())
    file.prose(item.get("result") or ("" if decisions else _("Kein Ergebnis festgehalten.")))
    for decision in decisions:
        standing = decision.get("standing", "")
        file.heading(" · ".join(filter(None, [f"{decision['kind']} {decision['number']}", standing])), 4)
        file.prose(decision["text"], level=5)
        if votes := decision.get("votes"):
            file.line(votes)
    file.points([f"{task['what']} – {task['who']}, bis {task['due']}" for task in item.get("tasks", ())])
    for correction in item.get("corrections", ()):
        file.line(correction["text"], lead=correction["mark"])
