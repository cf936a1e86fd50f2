"""The picture on the Fachstelle's wall: who works with whom, and the relays of a year as arrows. Geometry only.

Three columns keep arrows off boxes: an arrow to another column first runs level out of its own, then bends in the
gutter, then runs level into its target, where its number stands. Alliances stand in turn right and left, so that
each pair of three sees each other. The template draws it with classes and no inline style; the tables beside it
say the same. Units are those of the viewBox.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import BodyKind
from buendnisse.models import Body
from meetings.domain.overview import AllianceNode, Flow, Overview, UnitNode

WIDTH = 1260
#: Where the columns stand: left edge and width of boxes.
_UNITS, _UNIT_WIDTH = 20, 250
_PANEL = 290
_HEAD = 84  # of the panel: the Fachstelle's own name
_LEFT, _RIGHT, _ALLIANCE_WIDTH = 440, 660, 210
_OUTSIDE, _OUTSIDE_WIDTH = 1040, 220
_GAP = 18  # between two boxes of a column
_BETWEEN = 128  # between two alliances, so that arrows have room to bend
_UNIT_HEIGHT, _ALLIANCE_HEIGHT, _OUTSIDE_HEIGHT = 92, 108, 64
_PORT = 30  # room an arrow needs on the edge of a box
_RUN = 96  # level way into a target: room for the number
_MARGIN = 12
_LABEL_HEIGHT, _CHARACTER = 22, 7.6
_THIN, _STEP, _THICK = 2.0, 1.6, 16.0
_LINE = 26  # characters of a unit's name in one line


@dataclass(frozen=True)
class Badge:
    """The letter of an alliance on a unit's box."""

    mark: str
    letter: str
    x: int
    y: int


@dataclass(frozen=True)
class Box:
    """`lines`: muted ones under the title. `is_over`: the unit has ended."""

    pk: int
    kind: str
    mark: str
    letter: str
    title: str
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int
    slug: str
    badges: tuple[Badge, ...] = ()
    is_over: bool = False

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def column(self) -> int:
        return 0 if self.x < _LEFT else 2 if self.x >= _OUTSIDE else 1


@dataclass(frozen=True)
class Arrow:
    """`width` is a number with a point, as SVG wants it; `words`: the whole of it for a screen reader. The label stands on the arrow's last level stretch."""

    d: str
    mark: str
    width: str
    flow: Flow
    label: str
    label_x: int
    label_y: int
    words: str

    @property
    def is_open(self) -> bool:
        return self.flow.open > 0

    @property
    def label_width(self) -> int:
        return round(len(self.label) * _CHARACTER) + 10

    @property
    def label_left(self) -> int:
        return self.label_x - self.label_width // 2

    @property
    def label_top(self) -> int:
        return self.label_y - _LABEL_HEIGHT // 2

    @property
    def label_base(self) -> int:
        return self.label_y + 5


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    panel: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    marks: tuple[str, ...]
    title: str
    words: str


@dataclass
class _End:
    """Where an arrow touches a box: on which side, and beside what it must stand in line."""

    flow: Flow
    is_start: bool
    box: Box
    side: str
    other: Box
    x: int = 0
    y: int = 0


def draw(found: Overview) -> Picture:
    """Place the boxes, share the edges among the arrows, draw them."""
    boxes = {box.pk: box for box in _boxes(found)}
    flows = [flow for flow in found.flows if flow.source.pk in boxes and flow.target.pk in boxes]
    ends = _ends(flows, boxes)
    arrows = tuple(_arrow(flow, ends[index, True], ends[index, False]) for index, flow in enumerate(flows))
    return Picture(
        width=WIDTH,
        height=max(box.y + box.height for box in boxes.values()) + 24 if boxes else _HEAD,
        panel=_PANEL,
        boxes=tuple(boxes.values()),
        arrows=arrows,
        marks=tuple(dict.fromkeys(arrow.mark for arrow in arrows)),
        title=_("Wer mit wem arbeitet, %d") % found.year,
        words=_words(found),
    )


def _boxes(found: Overview) -> list[Box]:
    """The three columns, each in the middle of the height the tallest one needs."""
    ports = _crowd(found.flows)
    units = [(one, max(_UNIT_HEIGHT, _MARGIN + _PORT * ports[one.body.pk])) for one in found.units_then]
    alliances = [(one, max(_ALLIANCE_HEIGHT, _MARGIN + _PORT * ports[one.body.pk])) for one in found.alliances]
    outside = [(one, max(_OUTSIDE_HEIGHT, _MARGIN + _PORT * ports[one.pk])) for one in found.outside]
    heights = [
        _HEAD + sum(height + _GAP for _one, height in units),
        sum(height + _BETWEEN for _one, height in alliances) - _BETWEEN,
        sum(height + 2 * _GAP for _one, height in outside) - 2 * _GAP,
    ]
    whole = max(heights)
    boxes, y = [], _HEAD
    for unit, height in units:
        boxes.append(_unit(unit, y, height))
        y += height + _GAP
    y = max(_GAP, (whole - heights[1]) // 2)
    for index, (alliance, height) in enumerate(alliances):
        boxes.append(_alliance(alliance, found.year, _LEFT if index % 2 else _RIGHT, y, height))
        y += height + _BETWEEN
    y = max(_GAP, (whole - heights[2]) // 2)
    for body, height in outside:
        boxes.append(_outside(body, y, height))
        y += height + 2 * _GAP
    return boxes


def _crowd(flows: Sequence[Flow]) -> dict[int, int]:
    """How many arrows touch the left or right edge of each box: those from and to other columns."""
    found: dict[int, int] = defaultdict(int)
    for flow in flows:
        if flow.source.kind != flow.target.kind:
            found[flow.source.pk] += 1
            found[flow.target.pk] += 1
    return found


def _unit(node: UnitNode, y: int, height: int) -> Box:
    body = node.body
    lines = [_cut(body.programme), _cut(body.funder)]
    if body.valid_until:
        until = german.short_day(body.valid_until)
        lines.append(_("beendet %s") % until if node.ended else _("bis %s") % until)
    right = _UNITS + _UNIT_WIDTH - 22
    badges = tuple(
        Badge(one.mark, one.prefix, right - 30 * place, y + 22) for place, one in enumerate(reversed(node.bodies))
    )
    return Box(
        body.pk, "unit", "x", "", _cut(body.word, _LINE - 4 * len(badges)), tuple(lines),
        _UNITS, y, _UNIT_WIDTH, height, body.slug, badges, is_over=node.ended is not None,
    )  # fmt: skip


def _alliance(node: AllianceNode, year: int, x: int, y: int, height: int) -> Box:
    lines = (
        german.count(node.people, _("Person"), _("Personen")),
        _("%(count)s %(year)d")
        % {"count": german.count(node.decisions, _("Beschluss"), _("Beschlüsse")), "year": year},
    )
    body = node.body
    return Box(body.pk, "alliance", body.mark, body.prefix, body.word, lines, x, y, _ALLIANCE_WIDTH, height, body.slug)


def _outside(body: Body, y: int, height: int) -> Box:
    word = _("Ausschuss") if body.kind == BodyKind.COMMITTEE else _("außerhalb")
    return Box(
        body.pk, "outside", "x", "", _cut(body.word, 24), (word,),
        _OUTSIDE, y, _OUTSIDE_WIDTH, height, body.slug,
    )  # fmt: skip


def _ends(flows: Sequence[Flow], boxes: dict[int, Box]) -> dict[tuple[int, bool], _End]:
    """Both ends of each arrow, spread over the edges they touch in the order of where they come from."""
    found: dict[tuple[int, bool], _End] = {}
    edges: dict[tuple[int, str], list[_End]] = defaultdict(list)
    for index, flow in enumerate(flows):
        source, target = boxes[flow.source.pk], boxes[flow.target.pk]
        for is_start, box, other in ((True, source, target), (False, target, source)):
            end = _End(flow, is_start, box, _side(box, other), other)
            found[index, is_start] = end
            edges[box.pk, end.side].append(end)
    for (_pk, side), ends in edges.items():
        level = side in {"left", "right"}
        # Pairs there and back keep their order at both ends, so that they never cross.
        ends.sort(key=lambda end: (end.other.middle[level], _pair(end), end.flow.source.pk))
        for place, end in enumerate(ends, start=1):
            _place(end, place / (len(ends) + 1))
    return found


def _pair(end: _End) -> tuple[int, int]:
    return min(end.flow.source.pk, end.flow.target.pk), max(end.flow.source.pk, end.flow.target.pk)


def _side(box: Box, other: Box) -> str:
    if box.column != other.column:
        return "right" if other.column > box.column else "left"
    if box.column == 1:
        return "bottom" if other.y > box.y else "top"
    return "right" if box.column == 0 else "left"


def _place(end: _End, share: float) -> None:
    box = end.box
    if end.side in {"left", "right"}:
        end.x = box.x if end.side == "left" else box.x + box.width
        end.y = round(box.y + share * box.height)
    else:
        end.x = round(box.x + share * box.width)
        end.y = box.y if end.side == "top" else box.y + box.height


def _arrow(flow: Flow, start: _End, end: _End) -> Arrow:
    label = str(flow.total) if not flow.open else _open(flow)
    if start.side in {"top", "bottom"}:
        d, label_at = _upright(start, end)
    else:
        d, label_at = _level(start, end)
    return Arrow(
        d=d,
        mark=flow.source.mark,
        width=f"{min(_THICK, _THIN + _STEP * flow.total):.1f}",
        flow=flow,
        label=label,
        label_x=label_at[0],
        label_y=label_at[1],
        words=f"{flow.source.word} {_('an')} {flow.target.word}: {spoken(flow)}",
    )


def _open(flow: Flow) -> str:
    if flow.open == flow.total:
        return _("%d offen") % flow.open
    return _("%(total)d, %(open)d offen") % {"total": flow.total, "open": flow.open}


def spoken(flow: Flow) -> str:
    """ "3 Weiterleitungen, 1 offen, 1 überfällig" """
    parts = [german.count(flow.total, _("Weiterleitung"), _("Weiterleitungen"))]
    if flow.open:
        parts.append(_("%d offen") % flow.open)
    if flow.overdue:
        parts.append(_("%d überfällig") % flow.overdue)
    return ", ".join(parts)


def _upright(start: _End, end: _End) -> tuple[str, tuple[int, int]]:
    """Between two alliances: down or up, bending in between. The number stands near the target."""
    way = 1 if end.y > start.y else -1
    tip = end.y - way * 4
    bend = (tip - start.y) // 2
    d = f"M{start.x} {start.y} C{start.x} {start.y + bend} {end.x} {tip - bend} {end.x} {tip}"
    return d, (end.x, tip - way * 34)


def _level(start: _End, end: _End) -> tuple[str, tuple[int, int]]:
    """Between two columns: level past one's own column, bending in the gutter, level into the target."""
    way = 1 if end.x > start.x or end.side == "left" else -1
    tip = end.x - way * 4
    leave = _leaves(start, way)
    into = tip - way * _RUN
    bend = (leave + into) // 2
    d = f"M{start.x} {start.y} H{leave} C{bend} {start.y} {bend} {end.y} {into} {end.y} H{tip}"
    return d, (tip - way * (_RUN // 2 + 6), end.y)


def _leaves(start: _End, way: int) -> int:
    """Where the arrow has left its column and may bend."""
    if start.box.column == 1:
        return _RIGHT + _ALLIANCE_WIDTH + 14 if way > 0 else _LEFT - 8
    return start.x + way * 14


def _words(found: Overview) -> str:
    names = german.listing([node.body.word for node in found.alliances])
    total = german.count(found.total, _("Weiterleitung"), _("Weiterleitungen"))
    return _(
        "Links die Fachstelle mit ihren Stellen und Projekten, in der Mitte die Arbeitsbündnisse %(names)s, rechts die "
        "Gremien außerhalb. Dazwischen als Pfeile: %(total)s, davon %(open)d offen. Die Tabellen darunter nennen jede Zahl."
    ) % {"names": names, "total": total, "open": found.open}


def _cut(text: str, most: int = 34) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
