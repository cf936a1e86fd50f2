"""The picture on the Fachstelle's wall: who works with whom, and the relays of a year as arrows. Geometry only.

Three columns keep arrows off boxes: an arrow to another column first runs level out of its own, then bends in the
gutter, then runs level into its target, where its number stands. Alliances stand in turn right and left, so that
each pair of three sees each other. The template draws it with classes and no inline style; the tables beside it
say the same. Units are those of the viewBox.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Body
from meetings.adapters.overview_shapes import LINE_HEIGHT, Arrow, Badge, Box, Picture
from meetings.domain.overview import AllianceNode, Flow, Overview, UnitNode

WIDTH = 1264
#: Where the columns stand: left edge and width of boxes.
_UNITS, _UNIT_WIDTH = 20, 250
_PANEL = 290
_HEAD = 84  # of the panel: the Fachstelle's own name
_LEFT, _RIGHT, _ALLIANCE_WIDTH = 420, 644, 224
_OUTSIDE, _OUTSIDE_WIDTH = 1036, 226
_GAP = 16  # between two boxes of a column
_BETWEEN, _FAR = 136, 190  # between two alliances: room for arrows to bend, and no more than that
_UNIT_HEIGHT, _ALLIANCE_HEIGHT, _OUTSIDE_HEIGHT = 42, 108, 64
_PORT = 30  # room an arrow needs on the edge of a box
_RUN = 96  # level way into a target: room for the number
_MARGIN = 12
_TIP = 20  # the head of an arrow, and air before the box
_NEAR_LABEL, _FAR_LABEL = 24, 54  # from the head of an upright arrow: numbers side by side must not touch
_STRAIGHT = 60  # less aside than this is straight down
_THIN, _STEP, _THICK = 2.0, 1.6, 16.0
_NAME, _WORDS = 27, 34  # characters that fit the name and a line of a unit


@dataclass
class _End:
    """Where an arrow touches a box: on which side, and beside what it must stand in line."""

    flow: Flow
    is_start: bool
    box: Box
    side: str
    other: Box
    has_return: bool
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
    units = [_unit(one, ports[one.body.pk]) for one in found.units_then]
    alliances = [_alliance(one, found.year, index, ports[one.body.pk]) for index, one in enumerate(found.alliances)]
    outside = [_outside(one, ports[one.pk]) for one in found.outside]
    whole = max(_HEAD + _tall(units, _GAP), _tall(alliances, _BETWEEN), _tall(outside, 2 * _GAP))
    room = whole - _tall(alliances, 0)
    between = max(_BETWEEN, min(_FAR, room // max(len(alliances) - 1, 1)))
    return [
        *_stacked(units, _HEAD, _GAP),
        *_stacked(alliances, max(4, (whole - _tall(alliances, between)) // 2), between),
        *_stacked(outside, max(4, (whole - _tall(outside, 2 * _GAP)) // 2), 2 * _GAP),
    ]


def _tall(boxes: Sequence[Box], gap: int) -> int:
    return sum(box.height for box in boxes) + gap * max(len(boxes) - 1, 0)


def _stacked(boxes: Sequence[Box], y: int, gap: int) -> Iterator[Box]:
    for box in boxes:
        badges = tuple(replace(badge, y=badge.y + y) for badge in box.badges)
        yield replace(box, y=y, badges=badges)
        y += box.height + gap


def _crowd(flows: Sequence[Flow]) -> dict[int, int]:
    """How many arrows touch the left or right edge of each box: those from and to other columns."""
    found: dict[int, int] = defaultdict(int)
    for flow in flows:
        if flow.source.kind != flow.target.kind:
            found[flow.source.pk] += 1
            found[flow.target.pk] += 1
    return found


def _unit(node: UnitNode, ports: int) -> Box:
    body = node.body
    lines = [*textwrap.wrap(body.programme, _WORDS, max_lines=3, placeholder="…"), _cut(body.funder, _WORDS)]
    if body.valid_until:
        until = german.short_day(body.valid_until)
        lines.append(_("beendet %s") % until if node.ended else _("bis %s") % until)
    right = _UNITS + _UNIT_WIDTH - 22
    badges = [Badge(one.mark, one.prefix, right - 30 * place, 22) for place, one in enumerate(reversed(node.bodies))]
    return Box(
        pk=body.pk,
        kind="unit",
        mark="x",
        title=_cut(body.word, _NAME - 4 * len(badges)),
        lines=tuple(lines),
        x=_UNITS,
        y=0,
        width=_UNIT_WIDTH,
        height=max(_UNIT_HEIGHT + LINE_HEIGHT * len(lines), _MARGIN + _PORT * ports),
        slug=body.slug,
        badges=tuple(badges),
        is_over=node.ended is not None,
    )


def _alliance(node: AllianceNode, year: int, index: int, ports: int) -> Box:
    x = _LEFT if index % 2 else _RIGHT
    taken = german.count(node.decisions, _("Beschluss"), _("Beschlüsse"))
    return Box(
        pk=node.body.pk,
        kind="alliance",
        mark=node.body.mark,
        title=node.body.word,
        lines=(german.count(node.people, _("Person"), _("Personen")), f"{taken} {year}"),
        x=x,
        y=0,
        width=_ALLIANCE_WIDTH,
        height=max(_ALLIANCE_HEIGHT, _MARGIN + _PORT * ports),
        slug=node.body.slug,
        badges=(Badge(node.body.mark, node.body.prefix, x + 30, 30, half=14),),
    )


def _outside(body: Body, ports: int) -> Box:
    """Under it whose committee it is, where the name says so: "Kreistag Haseland – Jugendhilfeausschuss"."""
    whose, dash, _rest = body.name.partition(" – ")
    return Box(
        pk=body.pk,
        kind="outside",
        mark="x",
        title=_cut(body.word, 24),
        lines=(_cut(whose if dash else body.get_kind_display(), 32),),
        x=_OUTSIDE,
        y=0,
        width=_OUTSIDE_WIDTH,
        height=max(_OUTSIDE_HEIGHT, _MARGIN + _PORT * ports),
        slug=body.slug,
    )


def _ends(flows: Sequence[Flow], boxes: dict[int, Box]) -> dict[tuple[int, bool], _End]:
    """Both ends of each arrow, spread over the edges they touch in the order of where they come from."""
    found: dict[tuple[int, bool], _End] = {}
    edges: dict[tuple[int, str], list[_End]] = defaultdict(list)
    ways = {(flow.source.pk, flow.target.pk) for flow in flows}
    for index, flow in enumerate(flows):
        has_return = (flow.target.pk, flow.source.pk) in ways
        source, target = boxes[flow.source.pk], boxes[flow.target.pk]
        for is_start, box, other in ((True, source, target), (False, target, source)):
            end = _End(flow, is_start, box, _side(box, other), other, has_return)
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
        words=_named(flow, label),
    )


def _named(flow: Flow, label: str) -> str:
    """The name of an arrow's link begins with what is seen of it."""
    names = {"label": label, "source": flow.source.word, "target": flow.target.word}
    words = _("%(label)s: Weiterleitungen von %(source)s an %(target)s") % names
    return f"{words}, {_('%d überfällig') % flow.overdue}" if flow.overdue else words


def _open(flow: Flow) -> str:
    if flow.open == flow.total:
        return _("%d offen") % flow.open
    return _("%(total)d, %(open)d offen") % {"total": flow.total, "open": flow.open}


def spoken(flow: Flow) -> str:
    """ "3 Weiterleitungen, 2 offen, 1 überfällig", "1 Weiterleitung, überfällig": an arrow in words."""
    parts = [german.count(flow.total, _("Weiterleitung"), _("Weiterleitungen"))]
    if flow.total == 1:
        how = _("überfällig") if flow.overdue else _("offen") if flow.open else ""
        return ", ".join(filter(None, [*parts, how]))
    if flow.open:
        parts.append(_("%d offen") % flow.open)
    if flow.overdue:
        parts.append(_("%d überfällig") % flow.overdue)
    return ", ".join(parts)


def _upright(start: _End, end: _End) -> tuple[str, tuple[int, int]]:
    """Between two alliances: down or up, bending in between. The number stands near the target."""
    way = 1 if end.y > start.y else -1
    tip = end.y - way * _TIP
    top, bottom = (start, end) if way > 0 else (end, start)
    high, low = sorted((start.y, tip))
    bend = round(high + _bend(start, aside=bottom.x - top.x) * (low - high))
    d = f"M{start.x} {start.y} C{start.x} {bend} {end.x} {bend} {end.x} {tip}"
    is_straight = abs(end.x - start.x) < _STRAIGHT
    return d, (end.x, tip - way * (_FAR_LABEL if is_straight else _NEAR_LABEL))


def _bend(start: _End, *, aside: int) -> float:
    """Where on its way down the arrow turns aside. Of two there and back one turns early and one late: they keep apart."""
    if not start.has_return:
        return 0.5
    is_left = start.flow.source.pk < start.flow.target.pk  # as `_ends` put them
    return 0.7 if is_left == (aside > 0) else 0.3


def _level(start: _End, end: _End) -> tuple[str, tuple[int, int]]:
    """Between two columns: level past one's own column, bending in the gutter, level into the target."""
    way = 1 if end.side == "left" else -1
    tip = end.x - way * _TIP
    leave = _leaves(start, 1 if start.side == "right" else -1)
    into = tip - way * (_RUN - _TIP)
    bend = (leave + into) // 2
    d = f"M{start.x} {start.y} H{leave} C{bend} {start.y} {bend} {end.y} {into} {end.y} H{tip}"
    return d, (tip - way * (_RUN - _TIP) // 2, end.y)


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


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
