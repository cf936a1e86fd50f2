"""The picture of a relay's way: lanes over time, boxes where something was said, arrows between. Geometry only.

`path_svg` draws it with classes and no inline style; the list beside it says the same in words.
Units are those of the viewBox (about pixels at 1216 wide).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from buendnisse import german
from buendnisse.clock import local_date
from meetings.domain.relay_path import Flow, Leg, Path, Stop
from meetings.enums import RelayState

_LEFT, _WIDTH = 216, 1216
_TOP, _LANE = 58, 104
_BOX_WIDTH, _BOX_HEIGHT = 116, 42
_GAP = 8  # between two boxes of a lane
_LABEL_HEIGHT = 18
_CHARACTER = 7.2  # mean width of a digit or letter at 12.5 units
_NAME, _TITLE = 20, 15  # signs that fit before a lane and into a box
_FEW = 9  # names of months that fit in a row


@dataclass(frozen=True)
class Box:
    """`is_fallen`: a decision that does not hold any more."""

    x: int
    y: int
    mark: str
    title: str
    date: str
    is_open: bool
    is_fallen: bool = False
    width: int = _BOX_WIDTH

    @property
    def left(self) -> int:
        return self.x - _BOX_WIDTH // 2

    @property
    def top(self) -> int:
        return self.y - _BOX_HEIGHT // 2

    @property
    def title_y(self) -> int:
        return self.y - 3

    @property
    def date_y(self) -> int:
        return self.y + 14


@dataclass(frozen=True)
class Arrow:
    """`is_gone`: a question that was taken back."""

    d: str
    mark: str
    is_open: bool
    label: str
    label_x: int
    label_y: int
    is_gone: bool = False

    @property
    def label_width(self) -> int:
        return round(len(self.label) * _CHARACTER) + 8

    @property
    def label_left(self) -> int:
        return self.label_x - self.label_width // 2

    @property
    def label_top(self) -> int:
        return self.label_y - _LABEL_HEIGHT + 4


@dataclass(frozen=True)
class Lane:
    name: str
    y: int

    @property
    def name_y(self) -> int:
        return self.y + 5


@dataclass(frozen=True)
class Tick:
    x: int
    text: str

    @property
    def text_x(self) -> int:
        return self.x + 5


@dataclass(frozen=True)
class Picture:
    """`words`: what a screen reader says instead of the picture."""

    width: int
    height: int
    left: int
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    flows: tuple[Arrow, ...]
    marks: tuple[str, ...]
    words: str

    @property
    def has_gone(self) -> bool:
        return any(arrow.is_gone for arrow in self.arrows)

    @property
    def has_fallen(self) -> bool:
        return any(box.is_fallen for box in self.boxes)


def draw(path: Path) -> Picture:
    """Place every stop by its day, then push boxes of one lane apart until none covers another."""
    lanes = {body.pk: _TOP + _LANE * number for number, body in enumerate(path.lanes)}
    first, last = _span(path)
    width = max(_WIDTH, _LEFT + max(_crowd(path), 2) * (_BOX_WIDTH + _GAP) + _BOX_WIDTH)
    places = _places(path, first, last, width)
    boxes = {id(stop): _box(stop, places[id(stop)], lanes[stop.body.pk]) for stop in path.stops}
    arrows = tuple(
        _arrow(leg, boxes[id(leg.start)], boxes[id(leg.end)], _scale(_set_out_on(leg), first, last, width))
        for leg in path.legs
    )
    flows = tuple(_flow(flow, boxes) for flow in path.flows)
    return Picture(
        width=width,
        height=_TOP + _LANE * (len(lanes) - 1) + _BOX_HEIGHT,
        left=_LEFT - _BOX_WIDTH // 2,
        lanes=tuple(Lane(_cut(body.word, _NAME), lanes[body.pk]) for body in path.lanes),
        ticks=tuple(_ticks(first, last, width)),
        boxes=tuple(boxes.values()),
        arrows=arrows,
        flows=flows,
        marks=tuple(dict.fromkeys(arrow.mark for arrow in (*arrows, *flows))),
        words=_words(path, first, last),
    )


def _span(path: Path) -> tuple[dt.date, dt.date]:
    """The first and the last day that is known: every way has begun on one."""
    days = [stop.shown_on for stop in path.stops if stop.shown_on != dt.date.max]
    return min(days), max(days)


def _crowd(path: Path) -> int:
    return max(sum(1 for stop in path.stops if stop.body.pk == body.pk) for body in path.lanes)


def _scale(day: dt.date, first: dt.date, last: dt.date, width: int) -> int:
    share = (min(day, last) - first).days / max((last - first).days, 1)
    return round(_LEFT + share * (width - _LEFT - _BOX_WIDTH // 2 - _GAP))


def _places(path: Path, first: dt.date, last: dt.date, width: int) -> dict[int, int]:
    """The middle of each stop's box: forward so that none covers the one before, then back from the right edge."""
    step = _BOX_WIDTH + _GAP
    places: dict[int, int] = {}
    for body in path.lanes:
        stops = [stop for stop in path.stops if stop.body.pk == body.pk]
        row: list[int] = []
        for stop in stops:
            wanted = _scale(stop.shown_on, first, last, width)
            row.append(max(wanted, row[-1] + step) if row else wanted)
        edge = width - _BOX_WIDTH // 2
        for number in reversed(range(len(row))):
            row[number] = min(row[number], edge)
            edge = row[number] - step
        places |= {id(stop): x for stop, x in zip(stops, row, strict=True)}
    return places


def _box(stop: Stop, x: int, y: int) -> Box:
    day = stop.shown_on
    date = german.short_day(day) if day != dt.date.max else ""
    if stop.is_refusal and stop.decision is not None:
        date += ", nein"
    title = stop.label.partition(",")[0]  # "Entwurf, Antwort bis" stands over its day
    return Box(x, y, stop.body.mark, _cut(title, _TITLE), date, stop.is_open, is_fallen=stop.is_fallen)


def _set_out_on(leg: Leg) -> dt.date:
    """The day it was sent; one that waits unsent hangs at what it carries."""
    sent = leg.relay.sent_at
    return max(leg.start.shown_on, local_date(sent)) if sent else leg.start.shown_on


def _cut(text: str, most: int) -> str:
    """So many signs at most, the last one "…" where some are left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _arrow(leg: Leg, start: Box, end: Box, sent_x: int) -> Arrow:
    """Along its own lane until the day it was sent, and from there to the answer."""
    way = 1 if end.y > start.y else -1
    x1 = max(start.x, min(sent_x, end.x))
    is_outside = x1 > start.x + _BOX_WIDTH // 2
    y1, y2 = start.y if is_outside else start.y + way * _BOX_HEIGHT // 2, end.y - way * (_BOX_HEIGHT // 2 + 2)
    bend = way * 34
    begins = f"M{start.x + _BOX_WIDTH // 2} {y1} L{x1} {y1}" if is_outside else f"M{x1} {y1}"
    label = german.count(leg.days, "Tag", "Tage") if leg.days is not None else ""
    return Arrow(
        d=f"{begins} C{x1} {y1 + bend} {end.x} {y2 - bend} {end.x} {y2}",
        mark=start.mark,
        is_open=leg.is_open,
        label=label,
        label_x=(x1 + end.x) // 2,
        label_y=(y1 + y2) // 2 + 5,
        is_gone=leg.relay.state == RelayState.WITHDRAWN,
    )


def _flow(flow: Flow, boxes: dict[int, Box]) -> Arrow:
    """From the right edge of what was answered to the left edge of what goes on from it, or straight up or down."""
    start, end = boxes[id(flow.start)], boxes[id(flow.end)]
    half = _BOX_WIDTH // 2
    x1, x2 = start.x + half, end.x - half - 2
    if x2 < x1 + _GAP:  # one above the other
        way = 1 if end.y > start.y else -1
        x = (start.x + end.x) // 2 + half // 2
        d = f"M{_within(start, x)} {start.y + way * _BOX_HEIGHT // 2} L{_within(end, x)} {end.y - way * (_BOX_HEIGHT // 2 + 2)}"
    else:
        middle = (x1 + x2) // 2
        d = f"M{x1} {start.y} C{middle} {start.y} {middle} {end.y} {x2} {end.y}"
    return Arrow(d, start.mark, is_open=False, label="", label_x=0, label_y=0)


def _within(box: Box, x: int) -> int:
    """The place on its edge that is nearest to `x`, off its corners."""
    return min(max(x, box.left + _GAP), box.left + box.width - _GAP)


def _ticks(first: dt.date, last: dt.date, width: int) -> list[Tick]:
    """The first of a month, every one of them or every second, third … so that the names fit."""
    months: list[dt.date] = []
    day = first.replace(day=1)
    while day <= last:
        if day >= first:
            months.append(day)
        day = (day + dt.timedelta(days=32)).replace(day=1)
    every = max(1, -(-len(months) // _FEW))
    return [Tick(_scale(month, first, last, width), _month(month)) for month in months[::every]]


def _month(day: dt.date) -> str:
    return f"{german.MONTHS[day.month - 1][:3]} {day.year}"


def _words(path: Path, first: dt.date, last: dt.date) -> str:
    names = german.listing([body.word for body in path.lanes])
    days = f"von {german.day(first)} bis {german.day(last)}" if first < last else f"am {german.day(first)}"
    return f"Der Weg {days} zwischen {names}. Die Liste darunter nennt jeden Schritt."
