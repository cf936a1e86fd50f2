"""A QR code as the path of an SVG picture, drawn here: no address of a person goes to a service for it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import segno

_QUIET = 4  # modules of white around it, as ISO/IEC 18004 wants


@dataclass(frozen=True)
class QrCode:
    """`path` draws the dark modules, one unit each, into a square of `size` units."""

    size: int
    path: str


def of(text: str) -> QrCode:
    """Readable when 15 % of it are hidden (level M)."""
    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    drawn = []
    for y, row in enumerate(matrix, start=_QUIET):
        x = _QUIET
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                drawn.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return QrCode(len(matrix) + 2 * _QUIET, "".join(drawn))
