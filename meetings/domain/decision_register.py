"""The register of decisions: what was looked for, among what the reader may see."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Prefetch, Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Change
from meetings.enums import DecisionKind, DecisionState, Happened
from meetings.models import Decision, Relay
from meetings.models.decision import DecisionQuerySet

#: A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LISTED = (
    "number",
    "decided_on",
    "text",
    "kind",
    "votes_yes",
    "votes_no",
    "votes_abstain",
    "state",
    "follow_up_on",
    "alliance__kind",
    "alliance__name",
    "alliance__prefix",
    "superseded_by__number",
)


@dataclass(frozen=True)
class Overview:
    """What there is at all, whatever is looked for. `years`: the latest first."""

    total: int
    years: list[int]
    sentence: str


def register(reader: object, *, at: dt.datetime) -> DecisionQuerySet:
    """All decisions this reader may see, the newest first, each with what a line shows."""
    rows = Decision.objects.visible_to(reader, at=at).select_related("alliance", "superseded_by").only(*_LISTED)
    return rows.prefetch_related(
        Prefetch("relays", Relay.objects.only("number", "state", "source_decision")),
        Prefetch("supersedes", Decision.objects.only("number", "superseded_by")),
    ).order_by("-decided_on", "-number")


def narrowed(rows: DecisionQuerySet, wanted: Mapping[str, Any]) -> DecisionQuerySet:
    """Only what was looked for. Every word of `q` must occur in number, text, note or item."""
    for word in (wanted.get("q") or "").split():
        words = Q(text__icontains=word) | Q(note__icontains=word) | Q(agenda_item__title__icontains=word)
        rows = rows.filter(Q(number__icontains=word) | (words & ~Q(state=DecisionState.MISTAKEN)))
    if wanted.get("buendnis"):
        rows = rows.filter(alliance=wanted["buendnis"])
    if wanted.get("stand"):
        rows = rows.filter(state=wanted["stand"])
    if wanted.get("thema"):
        rows = rows.filter(topics=wanted["thema"])
    if wanted.get("jahr"):
        rows = rows.filter(decided_on__year=wanted["jahr"])
    return rows


def overview(rows: DecisionQuerySet) -> Overview:
    """ "79 Beschlüsse seit Mai 2025: 57 umgesetzt, 16 in Umsetzung, …"; one query. Slips are listed and not told."""
    kept = rows.order_by().values_list("state", "decided_on__year")
    groups = list(kept.annotate(number=Count("pk"), first=Min("decided_on")))
    if not groups:
        return Overview(0, [], "")
    counted: Counter[str] = Counter()
    for state, _year, number, _first in groups:
        counted[state] += number
    total = counted.total()
    del counted[DecisionState.MISTAKEN]  # a number without a decision
    if not counted:
        return Overview(total, [], "")
    states = [_("%(count)d %(state)s") % {"count": counted[s], "state": s.label} for s in DecisionState if s in counted]
    first = min(day for _state, _year, _number, day in groups)
    sentence = _("%(total)s seit %(month)s: %(states)s.") % {
        "total": german.count(counted.total(), _("Beschluss"), _("Beschlüsse")),
        "month": f"{german.MONTHS[first.month - 1]} {first.year}",
        "states": ", ".join(states),
    }
    years = sorted({year for _state, year, _number, _first in groups}, reverse=True)
    return Overview(total, years, sentence)


def as_csv(rows: Iterable[Decision]) -> str:
    """A table for spreadsheets: semicolons, a mark for UTF-8, nothing that is run as a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _("Nummer"),
            _("Bündnis"),
            _("Datum"),
            _("Beschluss"),
            _("Ergebnis"),
            _("Stimmen"),
            _("Stand"),
            _("Wiedervorlage"),
        ]
    )
    for row in rows:
        votes = f"{row.votes_yes}/{row.votes_no}/{row.votes_abstain}" if row.was_counted else ""
        cells = [
            row.number,
            row.alliance.name,
            german.short_day(row.decided_on),
            "" if row.is_mistaken else row.text,
            "" if row.is_mistaken else str(DecisionKind(row.kind).label),
            "" if row.is_mistaken else votes,
            str(DecisionState(row.state).label),
            german.short_day(row.follow_up_on) if row.follow_up_on else "",
        ]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return "\N{BYTE ORDER MARK}" + stream.getvalue()


def tasks_of(decision: Decision) -> Q:
    """Tasks given in the decision, and those of its item that name no decision."""
    if decision.agenda_item_id is None:
        return Q(decision=decision)
    return Q(decision=decision) | Q(agenda_item=decision.agenda_item_id, decision__isnull=True)


def history(decision: Decision) -> list[tuple[Change, str]]:
    """What happened to it, the latest first."""
    rows = Change.objects.of(decision).select_related("by").order_by("-at", "-pk")
    return [(change, str(Happened(change.verb).label)) for change in rows if change.verb in Happened.values]
