"""The picture of a way as SVG: classes, no inline style. Drawn here, since a template costs as much as everything else on the page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from django.utils.safestring import SafeString, mark_safe

from meetings.adapters.path_picture import Arrow, Box, Picture

_TOP = 24  # where the lines of the months begin


def drawn(picture: Picture) -> SafeString:
    """As a whole; what a person typed is escaped."""
    return mark_safe("\n".join(_parts(picture)))  # noqa: S308 -- numbers, our own classes, and escaped words


def _parts(picture: Picture) -> Iterator[str]:
    size = f'width="{picture.width}" height="{picture.height}" viewBox="0 0 {picture.width} {picture.height}"'
    yield f'<svg class="pic" {size} role="img" aria-label="{escape(picture.words)}">'
    yield f"<defs>{''.join(map(_head, picture.marks))}</defs>"
    for tick in picture.ticks:
        yield f'<line class="ln" x1="{tick.x}" x2="{tick.x}" y1="{_TOP}" y2="{picture.height}"/>'
        yield f'<text class="t-m" x="{tick.text_x}" y="16">{escape(tick.text)}</text>'
    for lane in picture.lanes:
        yield f'<text x="0" y="{lane.name_y}">{escape(lane.name)}</text>'
        yield f'<line class="ln" x1="{picture.left}" x2="{picture.width}" y1="{lane.y}" y2="{lane.y}"/>'
    for arrow in picture.arrows:
        yield _line(arrow, width="2.5")
    for flow in picture.flows:
        yield _line(flow, width="1.25")
    yield from map(_box, picture.boxes)
    yield from (_label(arrow) for arrow in picture.arrows if arrow.label)
    yield "</svg>"


def _head(mark: str) -> str:
    """The point of the arrows of one colour."""
    shape = 'viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"'
    return f'<marker id="m{mark}" {shape}><path class="f-e{mark}" d="M0 0L10 5L0 10z"/></marker>'


def _line(arrow: Arrow, *, width: str) -> str:
    how = " gone" if arrow.is_gone else " open" if arrow.is_open else ""
    css = f"s-{arrow.mark}{how}"
    return f'<path class="{css}" stroke-width="{width}" marker-end="url(#m{arrow.mark})" d="{arrow.d}"/>'


def _box(box: Box) -> str:
    fill, on = (f"f-bg s-{box.mark} open", "") if box.is_open else (f"f-{box.mark}", f"on-{box.mark} ")
    over = " over" if box.is_fallen else ""
    return (
        f'<rect class="{fill}" x="{box.left}" y="{box.top}" width="{box.width}" height="42" rx="3"/>'
        f'<text class="{on}t-s mid{over}" x="{box.x}" y="{box.title_y}">{escape(box.title)}</text>'
        f'<text class="t-s {on}n mid" x="{box.x}" y="{box.date_y}">{box.date}</text>'
    )


def _label(arrow: Arrow) -> str:
    """How many days it took, on a ground that keeps lines off it."""
    return (
        f'<rect class="f-bg" x="{arrow.label_left}" y="{arrow.label_top}" width="{arrow.label_width}" height="18"/>'
        f'<text class="t-s t-b mid" x="{arrow.label_x}" y="{arrow.label_y}">{escape(arrow.label)}</text>'
    )
