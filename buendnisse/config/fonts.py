"""KERN's Fira Sans as TrueType, for documents: Typst cannot read woff2 and would fall back silently."""

from __future__ import annotations

import os
from pathlib import Path

from fontTools.ttLib import TTFont

# The weights the documents use. All of the family's 40 would only blur which one Typst picks.
STYLES = ("Regular", "Italic", "Medium", "SemiBold", "Bold")


class FontsMissing(Exception):
    """The front-end package does not hold a font the documents need."""


def convert(source: Path, target: Path) -> int:
    """Convert the fonts found anywhere under `source` to `target`/FiraSans-STYLE.ttf; the number converted.

    Skips what is newer than its source. A file is replaced in one step, so that a process that reads
    fonts meanwhile never sees half of one. Raises FontsMissing when the source lacks a font.
    """
    found = {path.name: path for path in sorted(source.rglob("FiraSans-*.woff2"))}
    wanted = {f"FiraSans-{style}": found.get(f"FiraSans-{style}.woff2") for style in STYLES}
    if missing := [name for name, path in wanted.items() if path is None]:
        raise FontsMissing(f"{source}: no {', '.join(missing)} (woff2)")
    target.mkdir(parents=True, exist_ok=True)
    return sum(_convert_one(path, target / f"{name}.ttf") for name, path in wanted.items() if path)


def _convert_one(woff2: Path, ttf: Path) -> bool:
    if ttf.exists() and ttf.stat().st_mtime >= woff2.stat().st_mtime:
        return False
    half = ttf.with_suffix(f".{os.getpid()}.part")
    # recalcTimestamp off: the same source gives the same bytes, and documents embed the font.
    with TTFont(woff2, recalcTimestamp=False) as font:
        font.flavor = None
        font.save(half)
    half.replace(ttf)
    return True
