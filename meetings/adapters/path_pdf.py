"""The way of a relay as a document to print and to file."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from buendnisse import clock, german
from buendnisse.adapters.typesetting import typeset
from buendnisse.http import installation
from meetings.adapters.document_data import PathDocument, PathStep
from meetings.domain import relay_words
from meetings.domain.relay_path import Leg, Path, Stop


def render(path: Path, *, at: dt.datetime) -> bytes:
    """The PDF as of `at`."""
    return typeset("path", document(path, at=at))


def document(path: Path, *, at: dt.datetime) -> PathDocument:
    """What templates/documents/path.typ is filled with."""
    relay = path.relay
    own = installation()
    return {
        "meta": {
            "title": f"Weg einer Weiterleitung: {relay.subject}",
            "running_head": f"{relay.number} · {relay.subject}",
            "author": own.office_name,
            "date": clock.local_date(at).isoformat(),
        },
        "letterhead": {"name": own.district, "office": own.office_name},
        "overline": f"Weg einer Weiterleitung · {relay.number}",
        "title": relay.subject,
        "summary": _summary(path),
        "facts": [
            ("Von", relay.source.name),
            ("An", relay.target.name),
            ("Art", str(relay.get_kind_display())),
            ("Antwort bis", german.day(relay.due_on) if relay.due_on else ""),
            ("Stand", relay.state_word),
            ("Gedruckt am", german.day(at)),
        ],
        "lanes": [body.word for body in path.lanes],
        "steps": _steps(path),
        "figure_text": f"Der Weg zwischen {german.listing([body.word for body in path.lanes])}. "
        "Die nummerierten Schritte darunter nennen jede Station.",
        "legend": "Pfeil: Weiterleitung. Linie: Darauf baut der nächste Schritt auf. Voller Kreis: Beschluss.",
    }


def _summary(path: Path) -> str:
    count = german.count(len(path.legs), "Weiterleitung gehört", "Weiterleitungen gehören")
    sentence = f"{count} zu diesem Weg, {path.answered} davon sind beantwortet."
    if path.mean_days is not None:
        sentence += f" Im Mittel kam die Antwort nach {german.count(path.mean_days, 'Tag', 'Tagen')}."
    return sentence


def _steps(path: Path) -> list[PathStep]:
    """Everything that was decided, asked and answered, day by day: each a numbered step that knows those before it."""
    lanes = {body.pk: number for number, body in enumerate(path.lanes)}
    legs_to: defaultdict[int, list[Leg]] = defaultdict(list)
    for leg in path.legs:
        legs_to[id(leg.end)].append(leg)
    events: list[Leg | Stop] = []
    for stop in path.stops:
        events += [*legs_to[id(stop)], stop]
    steps: list[PathStep] = []
    said: dict[int, int] = {}
    waiting = list(path.flows)
    for event in sorted(events, key=_day):
        # An answer leads to what was said after it; where that was said before, only to the questions that rest on it.
        begins = event.start if isinstance(event, Leg) and event.ground else event
        sources = [flow.start for flow in waiting if flow.end is begins and id(flow.start) in said]
        if isinstance(event, Leg):
            steps.append(_asked(event, sources, lanes, said))
        else:
            steps.append(_said(event, legs_to[id(event)], sources, lanes, said))
            waiting = [flow for flow in waiting if not (flow.end is event and flow.start in sources)]
        said[id(event)] = len(steps)
    return steps


def _day(event: Leg | Stop) -> dt.date:
    """Where it stands on the axis. A question stands before its answer in any case, also where it was not sent yet."""
    if isinstance(event, Stop):
        return event.shown_on
    sent = event.relay.sent_at
    return min(clock.local_date(sent), event.end.shown_on) if sent else event.end.shown_on


def _asked(leg: Leg, sources: list[Stop], lanes: dict[int, int], said: dict[int, int]) -> PathStep:
    """`sources`: the answers it goes on from."""
    relay = leg.relay
    day = clock.local_date(relay.sent_at) if relay.sent_at else None
    return {
        "short_date": german.short_day(day) if day else "Entwurf",
        "lane": lanes[leg.start.body.pk],
        "to": lanes[leg.end.body.pk],
        "arrow": relay.number,
        "title": f"{relay.get_kind_display()} an {relay.target.word}",
        "line": " · ".join(
            filter(
                None,
                [
                    german.day(day) if day else "noch nicht gesendet",
                    f"Weiterleitung {relay.number}",
                    leg.ground,
                    relay_words.arrived(relay),
                    *_handed(leg),
                ],
            )
        ),
        "wording": relay.message,
        "follows": [before for stop in (leg.start, *sources) if (before := said.get(id(stop)))],
    }


def _said(stop: Stop, legs: list[Leg], sources: list[Stop], lanes: dict[int, int], said: dict[int, int]) -> PathStep:
    """`sources`: the answers it goes on from."""
    step: PathStep = {
        "short_date": german.short_day(stop.day) if stop.day else "offen",
        "lane": lanes[stop.body.pk],
        "decision": stop.decision is not None,
        "title": f"{stop.body.word} {stop.verb}",
        "line": " · ".join(filter(None, [*_when(stop), *_after(legs), stop.remark, *_letters(stop)])),
        "follows": [said[id(before)] for before in (*legs, *sources)],
    }
    if stop.wording:
        step["wording"] = stop.wording
    return step


def _after(legs: list[Leg]) -> list[str]:
    """ "Antwort nach 19 Tagen", for each relay that ended there."""
    return [
        ", ".join(filter(None, [f"{leg.came} {leg.took}", relay_words.came_home(leg.relay)]))
        for leg in legs
        if leg.took
    ]


def _handed(leg: Leg) -> list[str]:
    """ "Unterlage dazu: Liste der Kurse" """
    return [f"Unterlage dazu: {paper.title}" for paper in leg.papers]


def _letters(stop: Stop) -> list[str]:
    """ "Schreiben dazu: Stellungnahme des Ausschusses" """
    return [f"Schreiben dazu: {paper.title}" for paper in stop.papers]


def _when(stop: Stop) -> list[str]:
    if stop.day:
        return [german.day(stop.day), stop.label]
    return [f"{stop.label} {german.day(stop.expected_on)}" if stop.expected_on else stop.label]
