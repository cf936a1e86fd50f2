"""A form to print and to write on: a meeting without a network, or without a second person who types."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from meetings.adapters.word_file import WordFile
from meetings.domain import quorum, session_board
from meetings.domain.session_board import Stop
from meetings.enums import Presence
from meetings.models import Meeting

_EMPTY_ROWS = 4  # for guests


def form(meeting: Meeting, *, at: dt.datetime) -> bytes:
    """What is known of the meeting, and room for what is not: for the Fachstelle, so confidential items too."""
    title = _("Mitschrift: %(body)s am %(day)s") % {"body": meeting.alliance.name, "day": german.day(meeting.start)}
    file = WordFile(
        {"title": title, "running_head": title, "author": meeting.alliance.name, "date": local_date(at).isoformat()}
    )
    file.heading(title, 1)
    for name, value in _facts(meeting):
        file.line(value, lead=f"{name}:")
    file.heading(_("Anwesenheit"), 2)
    _people(file, meeting)
    counted = quorum.quorum(meeting)
    file.line(
        _("Beschlussfähig ab %(needed)d von %(entitled)d Organisationen. Vertreten: ______")
        % {"needed": counted.needed, "entitled": counted.entitled}
    )
    for stop in session_board.with_outcome(meeting):
        _item(file, stop)
    return file.content()


def file_name(meeting: Meeting) -> str:
    """mitschrift-2026-q4-arbeit.docx"""
    return f"mitschrift-{meeting.slug}.docx"


def _facts(meeting: Meeting) -> list[tuple[str, str]]:
    where = meeting.venue.name if meeting.venue and meeting.mode != "online" else _("online")
    told = [(_("Zeit"), german.when(meeting.start, meeting.end)), (_("Ort"), where)]
    if meeting.chair:
        told.append((_("Sitzungsleitung"), meeting.chair.full_name))
    return [*told, (_("Es schreibt"), "_" * 30), (_("Beginn und Ende"), "_" * 30)]


def _people(file: WordFile, meeting: Meeting) -> None:
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
    file.table(head, [*rows, *[("",) * len(head)] * _EMPTY_ROWS])


def _item(file: WordFile, stop: Stop) -> None:
    item = stop.item
    file.heading(f"TOP {stop.number}: {item.title}", 2)
    begins = _("Beginn etwa %s Uhr") % stop.planned
    told = [begins, _("%d Minuten") % item.duration_minutes, item.get_kind_display()]
    file.line(" · ".join([*told, *([item.presenter.full_name] if item.presenter else [])]))
    if item.wished_result:
        file.line(item.wished_result, lead=_("Gewünschtes Ergebnis:"))
    file.room(_("Ergebnis"), item.result, lines=4)
    taken = "\n".join(f"{one.number}: {one.text}" for one in vars(item)["taken"])
    file.room(_("Beschluss (Wortlaut)"), taken, lines=2)
    file.line(_("☐ einvernehmlich   ☐ Empfehlung   ☐ zur Kenntnis   ☐ abgelehnt   ☐ vertagt"))
    file.line(_("Nur wenn gezählt wurde: ja ____   nein ____   enthalten ____"))
    given = "\n".join(f"{one.task} ({one.owner.full_name}, {german.day(one.due_on)})" for one in vars(item)["given"])
    file.room(_("Auftrag: Was? Wer, für welche Organisation? Bis wann?"), given, lines=2)
