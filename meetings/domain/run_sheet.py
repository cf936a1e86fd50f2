"""The Ablaufzettel: what whoever leads a meeting needs on one page. For the chair and the Fachstelle only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from buendnisse.enums import Role
from buendnisse.models import Person, sight_of
from meetings.domain import agenda_content, agenda_order, answers, quorum, replies, standing
from meetings.domain.agenda_order import Agenda, Numbered
from meetings.domain.replies import Reply
from meetings.domain.report_lines import REPORT
from meetings.enums import AgendaItemKind, Answer, DecisionState, Presence
from meetings.models import Attendance, Decision, Meeting

_WAS_THERE = (Presence.PRESENT, Presence.DEPUTY, Presence.GUEST, Presence.SECRETARIAT)
_MOST = 6  # names a list, so that one page is enough

_FRAME = {
    REPORT: gettext_lazy("Die Fachstelle berichtet. Rückfragen bitte gleich, Beratung bei den Punkten."),
    "units": gettext_lazy("Die Berichte liegen schriftlich vor. Gibt es Fragen?"),
}
_ASKED = {
    AgendaItemKind.DECISION: gettext_lazy("Wer kann das so mittragen? Wer nicht, und was fehlt?"),
    AgendaItemKind.INFORMATION: gettext_lazy("Danach Fragen."),
    AgendaItemKind.DISCUSSION: gettext_lazy("Was halten wir fest, wer kümmert sich, bis wann?"),
}


@dataclass(frozen=True)
class Part:
    """One item with the words to say. `goal`: what should come out of it."""

    entry: Numbered
    words: str
    goal: str


@dataclass(frozen=True)
class RunSheet:
    agenda: Agenda
    course: list[Part]
    lists: list[tuple[str, list[str]]]


def of(meeting: Meeting, *, reader: Person, at: dt.datetime) -> RunSheet:
    """The sheet as `reader` may see it: confidential items stay with their organisations."""
    agenda = agenda_order.numbered(meeting, reader=reader, at=at)
    rows = [row for row in replies.of(meeting) if row.is_asked]
    proposals = _proposals(agenda.entries)
    wanted = quorum.quorum(meeting)
    course = [
        Part(entry, _words(entry, meeting, proposals.get(entry.item.pk, ""), wanted), entry.item.wished_result)
        for entry in agenda.entries
    ]
    lists = [
        (_("Neue Gesichter"), _named(_new_faces(meeting, rows))),
        (_("Vertretungen und Gäste"), _stand_ins(rows)),
        (_("Entschuldigt"), _named(row for row in rows if row.answer == Answer.DECLINED and row.deputy is None)),
        (_("Wer kommt"), _who_comes(rows, wanted)),
    ]
    if unseen := agenda_content.hidden(agenda_content.content(meeting), sight_of(reader, at=at)):
        lists.append((_("Vertraulich: Diese Punkte leitet die Fachstelle ein"), [german.listing(unseen)]))
    return RunSheet(agenda, course, [(title, points or [_("Niemand bekannt.")]) for title, points in lists])


def _words(entry: Numbered, meeting: Meeting, proposal: str, wanted: quorum.Quorum) -> str:
    item = entry.item
    presenter = item.presenter.formal_name if item.presenter else ""
    if proposal:
        return _("Der Vorschlag lautet: %s Können alle das mittragen?") % german.sentence(proposal)
    start = _("%s, bitte.") % presenter if presenter else ""
    return _of_frame(item.standing_code, meeting, wanted) or german.sentences(
        start, str(_ASKED.get(AgendaItemKind(item.kind), ""))
    )


def _of_frame(code: str, meeting: Meeting, wanted: quorum.Quorum) -> str:
    """What is said at a standing item."""
    match code:
        case "opening":
            seats = {"needed": wanted.needed, "entitled": wanted.entitled}
            enough = _("Beschlussfähig sind wir ab %(needed)d von %(entitled)d Organisationen.") % seats
            wish = _("Gibt es Wünsche zur Tagesordnung oder Einwände zum Protokoll?")
            return german.sentences(_("Ich eröffne die Sitzung."), enough if wanted.entitled else "", wish)
        case "closing":
            after = standing.meeting_after(meeting)
            following = _("Nächste Sitzung: %s.") % german.moment(after.start) if after else ""
            return german.sentences(following, _("Ich danke Ihnen."))
    return str(_FRAME.get(code, ""))


def _proposals(entries: Iterable[Numbered]) -> dict[int, str]:
    """The wording that is to be decided, by item."""
    items = [entry.item.pk for entry in entries]
    rows = Decision.objects.filter(agenda_item__in=items, state=DecisionState.PROPOSED).order_by("pk")
    return {row.agenda_item_id: row.text for row in rows if row.agenda_item_id}


def _new_faces(meeting: Meeting, rows: list[Reply]) -> list[Reply]:
    """Who comes for the first time; nobody is new at an alliance's first meeting."""
    before = Attendance.objects.filter(
        meeting__alliance=meeting.alliance_id, meeting__start__lt=meeting.start, presence__in=_WAS_THERE
    )
    known = set(before.values_list("person_id", flat=True))
    return [row for row in rows if row.person_id not in known and row.answer != Answer.DECLINED] if known else []


def _stand_ins(rows: list[Reply]) -> list[str]:
    found = []
    for row in rows:
        if row.stands_in_for:
            found.append(_("%(name)s für %(other)s") % {"name": _who(row), "other": row.stands_in_for})
        elif row.role == Role.GUEST:
            found.append(_("%s, Gast") % _who(row))
    return _cut(found)


def _who_comes(rows: list[Reply], wanted: quorum.Quorum) -> list[str]:
    found = [answers.summarise(rows).sentence]
    if wanted.entitled:
        seats = {"needed": wanted.needed, "entitled": wanted.entitled}
        found.append(_("Beschlussfähig ab %(needed)d von %(entitled)d Organisationen.") % seats)
    return found


def _named(rows: Iterable[Reply]) -> list[str]:
    return _cut([_who(row) for row in rows])


def _who(row: Reply) -> str:
    return f"{row.full_name} ({row.organisation})"


def _cut(names: list[str]) -> list[str]:
    rest = len(names) - _MOST
    return [*names[:_MOST], _("und %d weitere") % rest] if rest > 0 else names
