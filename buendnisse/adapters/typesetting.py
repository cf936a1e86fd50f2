"""Documents: fully worded data in, PDF/A-3a and PDF/UA-1 out, by Typst."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import Promise
from fontTools.ttLib import TTFont, TTLibError

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "documents"
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]

# Characters with a plain equivalent that says the same, used where the font lacks them.
EQUIVALENTS = {
    "\u2009": "\u00a0",  # thin space: between number and unit, so it must not break
    "\u202f": "\u00a0",  # narrow no-break space
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "–",
    "\u2610": "[ ]",  # ballot boxes
    "\u2611": "[x]",
    "\u2612": "[x]",
}
LINE_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n\n", "\u0085": "\n", "\v": "\n", "\f": "\n", "\t": " "})
UNKNOWN = "[?]"


class TypesettingFailed(Exception):
    """A document could not be set as the archive and accessibility standards demand.

    Never the reader's fault: missing fonts, a template's mistake, or data of another shape.
    """


def typeset(template: str, data: Mapping[str, object]) -> bytes:
    """The PDF of `templates/documents/<template>.typ` filled with `data`.

    The data's shape stands at the head of each template; every text in it is final wording and is set
    as it is, never evaluated. Same data, same bytes. Warnings count as errors, since an unknown font
    is only a warning and would leave us with another one. Raises TypesettingFailed.
    """
    import typst  # noqa: PLC0415 -- 7 MB that a web worker does without until somebody takes a PDF

    fonts = Path(settings.FONT_DIR)
    source = TEMPLATES / f"{template}.typ"
    if source.parent != TEMPLATES or not source.is_file():
        raise TypesettingFailed(f"no template {template!r}")
    text = json.dumps(printable(data, repertoire(fonts)), ensure_ascii=False, sort_keys=True)
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(source),
            root=str(TEMPLATES),  # a template can read nothing outside
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"data": text},
            pdf_standards=STANDARDS,
            timestamp=0,  # what the document's own date does not decide must not come from the clock
        )
    except typst.TypstError as error:
        raise TypesettingFailed(f"{template}: {error.message} {' '.join(error.hints)}".strip()) from error
    if warnings:
        raise TypesettingFailed(f"{template}: {'; '.join(warning.message for warning in warnings)}")
    return pdf


@lru_cache(maxsize=4)
def repertoire(fonts: Path) -> frozenset[int]:
    """The code points that every weight of Fira Sans in `fonts` can draw."""
    files = sorted(fonts.glob("FiraSans-*.ttf"))
    if not files:
        raise TypesettingFailed(f"no fonts in {fonts}: run make setup")
    try:
        return frozenset.intersection(*(_code_points(file) for file in files))
    except (TTLibError, OSError) as error:
        raise TypesettingFailed(f"unreadable font in {fonts}: {error}") from error


def _code_points(file: Path) -> frozenset[int]:
    with file.open("rb") as stream, TTFont(stream, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def printable(value: object, glyphs: frozenset[int]) -> object:
    """`value` with every text reduced to what the font can draw; numbers, flags and None as they are.

    One missing glyph makes PDF/A refuse the whole document: a name in Arabic must not cost us the minutes.
    What has no equivalent becomes `[?]`, once for a run of such characters.
    """
    match value:
        case Mapping():
            return {str(key): printable(part, glyphs) for key, part in value.items()}
        case list() | tuple():
            return [printable(part, glyphs) for part in value]
        case str() | Promise():
            return _printable_text(str(value), glyphs)
        case None | bool() | int() | float():
            return value
    raise TypesettingFailed(f"{type(value).__name__} is not wording: format it before typesetting")


def _printable_text(text: str, glyphs: frozenset[int]) -> str:
    parts: list[str] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_BREAKS)
    for character in unicodedata.normalize("NFC", lines):
        part = _drawable(character, glyphs)
        if part != UNKNOWN or not parts or parts[-1] != UNKNOWN:
            parts.append(part) if part else None
    return "".join(parts)


def _drawable(character: str, glyphs: frozenset[int]) -> str:
    """The character, its nearest equivalent, nothing (marks and controls of its neighbours), or `[?]`."""
    category = unicodedata.category(character)
    if character == "\n":
        return character
    if ord(character) in glyphs and category not in {"Cc", "Cn", "Co", "Cs"}:
        return character
    if category in {"Cc", "Cf", "Mn", "Me"}:  # variation selectors, joiners, directions, stray accents
        return ""
    if plain := EQUIVALENTS.get(character):
        return plain
    # Full-width letters, ligatures, circled digits, letters with an accent the font does not have.
    pieces = unicodedata.normalize("NFKD", character)
    bases = [piece for piece in pieces if unicodedata.category(piece) not in {"Mn", "Me"}]
    if pieces != character and bases and all(ord(piece) in glyphs for piece in bases):
        return "".join(bases)
    return UNKNOWN
