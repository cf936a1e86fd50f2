"""Frozen minutes in words, the same for page, mail and PDF."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from meetings.domain.minutes_content import (
    CorrectionContent,
    DecisionContent,
    ItemContent,
    MinutesContent,
    ParticipantContent,
    VotesContent,
)
from meetings.enums import (
    DECISION_STANDING,
    Channel,
    DecisionKind,
    DecisionState,
    MeetingMode,
    Presence,
)


@dataclass(frozen=True)
class ReadDecision:
    """`plain`: what became of it in one word for members; `is_agreed` unless it was turned down, put off or undone."""

    number: str
    kind: str
    standing: str
    text: str
    votes: str
    plain: str
    is_agreed: bool
    may_be_relayed: bool = False  # it was taken; how it stands today is asked where it is handed over


@dataclass(frozen=True)
class ReadTask:
    id: int
    task: str
    owner_id: int
    who: str
    due_on: dt.date


@dataclass(frozen=True)
class ReadItem:
    """One item as people read it. `corrections`: (since when, what)."""

    id: int
    number: int
    title: str
    kind: str
    presenter: str
    result: str
    decisions: list[ReadDecision]
    tasks: list[ReadTask]
    reports: list[tuple[str, str]]
    corrections: list[tuple[str, str]]
    papers: list[str]
    is_open: bool = True  # to every member, so that an excerpt may leave the house


@dataclass(frozen=True)
class ReadParticipant:
    name: str
    organisation: str
    participation: str


def items(content: MinutesContent) -> list[ReadItem]:
    return [_item(item) for item in content["items"]]


def participants(content: MinutesContent) -> list[ReadParticipant]:
    return [ReadParticipant(row["name"], row["organisation"], _participation(row)) for row in content["attendance"]]


def when(content: MinutesContent) -> str:
    """Mittwoch, 11. November 2026, 15:00 bis 17:00 Uhr"""
    return german.when(start(content), dt.datetime.fromisoformat(content["end"]))


def start(content: MinutesContent) -> dt.datetime:
    return dt.datetime.fromisoformat(content["start"])


def where(content: MinutesContent) -> str:
    """Kreishaus Haseburg und online"""
    if content["mode"] == MeetingMode.ONLINE:
        return _("online")
    place = content["place"] or _("Ort nicht eingetragen")
    return _("%(place)s und online") % {"place": place} if content["mode"] == MeetingMode.HYBRID else place


def quorum(content: MinutesContent) -> str:
    """14 von 15 stimmberechtigten Organisationen, beschlussfähig"""
    counted = content["quorum"]
    if counted["reached"] is None:
        return ""
    word = _("beschlussfähig") if counted["reached"] else _("nicht beschlussfähig")
    return _("%(present)d von %(entitled)d stimmberechtigten Organisationen, %(word)s") % {
        "present": counted["present"],
        "entitled": counted["entitled"],
        "word": word,
    }


def votes(counted: VotesContent | None) -> str:
    """Ja 16 · Nein 0 · Enthaltung 2 (je Organisation eine Stimme)"""
    if counted is None:
        return ""
    return _("Ja %(yes)d · Nein %(no)d · Enthaltung %(abstain)d (je Organisation eine Stimme)") % {
        "yes": counted["yes"],
        "no": counted["no"],
        "abstain": counted["abstain"],
    }


def _item(item: ItemContent) -> ReadItem:
    return ReadItem(
        id=item["id"],
        number=item["number"],
        title=item["title"],
        kind=item["kind"],
        presenter=item["presenter"],
        result=item["result"],
        decisions=[_decision(decision) for decision in item["decisions"]],
        tasks=[
            ReadTask(
                task["id"],
                task["task"],
                task["owner_id"],
                f"{task['owner']}, {task['organisation']}",
                dt.date.fromisoformat(task["due_on"]),
            )
            for task in item["tasks"]
        ],
        reports=[(report["unit"], report["text"]) for report in item["reports"]],
        corrections=[_correction(correction) for correction in item["corrections"]],
        papers=item["papers"],
        is_open=not item["only_for"],
    )


#: Said beside the number; a decision that was simply taken needs no word, and how it stands later is not said here.
_STANDING = {
    DecisionState.REJECTED: gettext_lazy("abgelehnt"),
    DecisionState.POSTPONED: gettext_lazy("vertagt"),
    DecisionState.REVOKED: gettext_lazy("aufgehoben"),
    DecisionState.SUPERSEDED: gettext_lazy("ersetzt"),
}


#: The same for members, who read no code.
_PLAIN = {
    DecisionState.REJECTED: gettext_lazy("Nicht angenommen"),
    DecisionState.POSTPONED: gettext_lazy("Vertagt"),
    DecisionState.REVOKED: gettext_lazy("Aufgehoben"),
    DecisionState.SUPERSEDED: gettext_lazy("Ersetzt"),
}


def _decision(decision: DecisionContent) -> ReadDecision:
    kind = DecisionKind(decision["kind"])
    state = DecisionState(decision["state"])
    word = _("Beschluss") if kind == DecisionKind.CONSENSUS else str(kind.label)
    agreed = _("einvernehmlich") if kind == DecisionKind.CONSENSUS else _("angenommen")
    plain = _("Zur Kenntnis genommen") if kind == DecisionKind.ACKNOWLEDGEMENT else _("Verabredet")
    return ReadDecision(
        number=decision["number"],
        kind=word,
        standing=str(_STANDING.get(state, agreed)),
        text=decision["text"],
        votes=votes(decision["votes"]),
        plain=str(_PLAIN.get(state, plain)),
        is_agreed=state not in _PLAIN and kind != DecisionKind.ACKNOWLEDGEMENT,
        may_be_relayed=state in DECISION_STANDING,
    )


def corrections(content: MinutesContent) -> list[tuple[str, str]]:
    """What was put right outside of any item: (since when, what)."""
    return [_correction(correction) for correction in content.get("corrections", [])]


def changed(correction: CorrectionContent) -> str:
    """What an objection changed, in sentences: „alt“ ersetzt durch „neu“. Empty where nothing is known of it."""
    old, new = correction["changed_from"], correction["changed_to"]
    words = []
    if old and new:
        words = [_("„%(old)s“ ersetzt durch „%(new)s“.") % {"old": old, "new": new}]
    elif old or new:
        words = [_("„%s“ gestrichen.") % old if old else _("„%s“ ergänzt.") % new]
    return " ".join([*words, *correction.get("also", [])])


def _correction(correction: CorrectionContent) -> tuple[str, str]:
    mark = _("Berichtigt nach einem Hinweis vom %(day)s:") % {
        "day": german.day(dt.date.fromisoformat(correction["on"]))
    }
    return mark, changed(correction) or correction["resolution"]


def _participation(row: ParticipantContent) -> str:
    words = [str(Presence(row["presence"]).label)]
    if row["presence"] == Presence.DEPUTY and row["stands_in_for"]:
        words = [_("anwesend für %(name)s") % {"name": row["stands_in_for"]}]
    if row["channel"] == Channel.ONLINE:
        words.append(_("online"))
    if row["since"]:
        words.append(_("ab %(hour)s Uhr") % {"hour": row["since"]})
    if row["until"]:
        words.append(_("bis %(hour)s Uhr") % {"hour": row["until"]})
    return ", ".join(words)
