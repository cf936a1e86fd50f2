"""The ways of the demo's relays, line by line as the file tells them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.config.demo.stage import TODAY
from buendnisse.models import Person
from meetings.domain import relay_board, relay_path
from meetings.domain.relay_board import Filters
from meetings.domain.relay_path import Leg, Path
from meetings.models import Relay
from tests.config.demo.contents import FILES

pytestmark = pytest.mark.django_db

NOON = clock.at_local(TODAY, dt.time(12))
RELAYS: dict[str, dict[str, Any]] = {row["id"]: row for row in FILES["meetings"]["relays"]}
DECISIONS: dict[str, dict[str, Any]] = {row["id"]: row for row in FILES["meetings"]["decisions"]}


def way(number: str) -> Path:
    imke = Person.objects.get(handle="p-albers")
    return relay_path.path(Relay.objects.get(number=number), reader=imke, at=NOON)


def thread(start: str) -> set[str]:
    """The ids of the relays that hang together, followed in the file."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        found.add(one := waiting.pop())
        waiting += [other for other in RELAYS if other not in found and _touch(RELAYS[one], RELAYS[other])]
    return found


def _touch(one: dict[str, Any], other: dict[str, Any]) -> bool:
    decisions = [{row.get("source_decision"), row.get("answer_decision")} - {None} for row in (one, other)]
    named = {one.get("follows"), *one.get("supporting_relays", [])}
    names = {other.get("follows"), *other.get("supporting_relays", [])}
    return bool(decisions[0] & decisions[1]) or other["id"] in named or one["id"] in names


def _end(row: dict[str, Any]) -> tuple[str | None, int | None]:
    """What was said in the end, and after how many days; nothing while it is open."""
    if row["status"] in {"acknowledged", "on_agenda", "discussed", "draft"}:
        return None, None
    if row["status"] == "withdrawn":
        return row["withdrawal_reason"], None
    words = row.get("outcome_text") or row.get("decline_reason") or row.get("answer")
    if "answer_decision" in row:
        words = DECISIONS[row["answer_decision"]]["text"]
    ended = dt.date.fromisoformat(row.get("outcome_on") or row.get("answered_on") or row["declined_on"])
    return words, (ended - dt.date.fromisoformat(row["sent_on"])).days


def _told(leg: Leg) -> tuple[str, str, str, tuple[str | None, int | None]]:
    said = None if leg.is_open else leg.end.wording
    return leg.relay.number, leg.start.wording, leg.relay.message, (said, leg.days)


@pytest.mark.parametrize("start", sorted(RELAYS))
def test_every_way_tells_its_whole_thread(start: str) -> None:
    path = way(RELAYS[start]["number"])

    expected = [
        (row["number"], DECISIONS[row["source_decision"]]["text"], row["message"], _end(row))
        for row in (RELAYS[one] for one in thread(start))
    ]
    assert sorted(_told(leg) for leg in path.legs) == sorted(expected)


def test_rufbus_goes_outward_on_two_votes_and_comes_back() -> None:
    path = way("W-2026-03")

    assert [(leg.relay.number, leg.ground, leg.came, leg.days) for leg in path.legs] == [
        ("W-2026-03", "", "Antwort", 7),
        ("W-2026-04", "", "Antwort", 69),
        ("W-2026-06", "stützt sich auf W-2026-03 und W-2026-04", "Ergebnis", 19),
    ]
    assert [(flow.start.label, flow.end.label) for flow in path.flows] == [
        ("A-2026-03", "G-2026-05"),
        ("B-2026-05", "G-2026-05"),
    ]
    assert [stop.label for stop in path.stops] == ["G-2026-03", "A-2026-03", "B-2026-05", "G-2026-05", "angenommen"]


def test_second_rounds_say_what_they_go_on_from() -> None:
    for number, before in (("W-2026-05", "W-2026-02"), ("W-2026-11", "W-2026-08")):
        legs = {leg.relay.number: leg.ground for leg in way(number).legs}
        assert legs == {before: "", number: f"schließt an {before} an"}


def test_what_was_put_off_and_what_was_said_meanwhile() -> None:
    assert way("W-2026-07").stops[-1].remark.replace("\N{NO-BREAK SPACE}", " ") == (
        "Vertagt am 9. September 2026 und am 19. November 2026."
    )
    (stop,) = (stop for stop in way("W-2026-12").stops if stop.label == "beraten am")
    assert (stop.is_open, stop.remark, stop.wording) == (
        True,
        "Zwischenstand: B-2026-13.",
        DECISIONS["d-b-2026-13"]["text"],
    )


def test_overdue_one_stands_first() -> None:
    imke = Person.objects.get(handle="p-albers")
    bodies = relay_board.choices(at=NOON).bodies
    board = relay_board.board(imke, Filters(), bodies=bodies, at=NOON)

    assert [row.number for row in board.overdue] == ["W-2026-07"]
    assert [row.due_words for row in board.overdue] == ["seit 54\N{NO-BREAK SPACE}Tagen überfällig"]
    assert [section.total for section in (board.ours, board.theirs, board.quiet)] == [1, 4, 2]


def test_thread_of_the_lotsen_goes_home_to_what_was_decided_on_the_answer() -> None:
    stops = way("W-2025-01").stops

    assert [stop.decision.number for stop in stops if stop.decision] == ["B-2025-03", "G-2025-04", "B-2025-07"]
