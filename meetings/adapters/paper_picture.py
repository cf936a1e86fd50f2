"""How the first page of a PDF looks, as a small picture. Drawn by Typst, whose reader of PDF is memory-safe."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfReader

from meetings.adapters.folder_pdf import DAMAGED

logger = logging.getLogger(__name__)

WIDTH = 480  # pixels; the height follows the page
_LOWEST, _HIGHEST = 120, 960
_SOURCE = """
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)
#image("paper.pdf", width: 100%, height: 100%, fit: "contain", page: 1)
"""


def first_page(content: bytes) -> bytes | None:
    """A PNG; None where the file has no page that could be drawn."""
    import typst  # noqa: PLC0415 -- 7 MB that a web worker does without

    try:
        height = _height(content)
        if height is None:
            return None
        with TemporaryDirectory() as folder:
            source = Path(folder, "main.typ")
            source.write_text(_SOURCE.format(width=WIDTH, height=height), encoding="utf-8")
            Path(folder, "paper.pdf").write_bytes(content)
            return typst.compile(str(source), root=folder, ignore_system_fonts=True, format="png", ppi=72.0)
    except (*DAMAGED, typst.TypstError) as error:
        logger.warning("the first page of a paper could not be drawn: %s", type(error).__name__)
        return None


def _height(content: bytes) -> int | None:
    """Of the picture, so that all of the page is on it; None for a file that needs a password or has no page."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted or not reader.pages:
        return None
    page = reader.pages[0]
    wide, high = float(page.cropbox.width), float(page.cropbox.height)
    if page.rotation % 180:
        wide, high = high, wide
    if wide <= 0 or high <= 0:
        return None
    return round(min(max(WIDTH * high / wide, _LOWEST), _HIGHEST))
