"""Word files: real headings, tables with a header row, German, a title. What the adapters of single documents share."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from meetings.adapters.document_data import Meta, Prose, Runs

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Signs that XML cannot hold.
_CONTROLS = {number: None for number in range(32) if chr(number) not in "\t\n"}
_FONT, _SIZE = "Arial", 11


class WordFile:
    """A document that is written from top to bottom. Every text may hold what people typed."""

    def __init__(self, meta: Meta) -> None:
        """Language, typeface, and what stands in the file's properties; the day is that of the data, not of the clock."""
        from docx import Document  # noqa: PLC0415 -- 6 MB that a web worker does without until somebody takes a Word file
        from docx.oxml.ns import qn  # noqa: PLC0415 -- the same
        from docx.shared import Cm, Pt  # noqa: PLC0415 -- the same

        self._file: Any = Document()
        style = self._file.styles["Normal"]
        style.font.name, style.font.size = _FONT, Pt(_SIZE)
        style.element.get_or_add_rPr().append(_element("lang", val="de-DE"))
        for there in self._file.styles.element.iter(qn("w:lang")):
            there.set(qn("w:val"), "de-DE")
        page = self._file.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2)
        facts = self._file.core_properties
        facts.title, facts.author, facts.language = clean(meta["title"]), clean(meta["author"]), "de-DE"
        facts.subject, facts.comments = clean(meta["running_head"]), ""
        day = dt.date.fromisoformat(meta["date"])
        facts.created = facts.modified = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- Word knows no zones

    def heading(self, text: str, level: int) -> None:
        self._file.add_heading(clean(text), level=level)

    def line(self, text: Runs, *, lead: str = "", style: str | None = None) -> None:
        """A paragraph; `lead` stands bold in front."""
        paragraph = self._file.add_paragraph(style=style)
        if lead:
            paragraph.add_run(f"{clean(lead)} ").bold = True
        _runs(paragraph, text)

    def points(self, points: Iterable[Runs], *, numbered: bool = False) -> None:
        for point in points:
            self.line(point, style="List Number" if numbered else "List Bullet")

    def prose(self, prose: Prose, *, level: int = 4) -> None:
        """Paragraphs, headings from `level` on, and lists. A plain text: an empty line starts a paragraph."""
        if isinstance(prose, str):
            for paragraph in filter(None, (part.strip() for part in prose.split("\n\n"))):
                self.line(paragraph)
            return
        for block in prose:
            match block["kind"]:
                case "list" | "numbers":
                    self.points(block.get("points", ()), numbered=block["kind"] == "numbers")
                case "heading":
                    self.heading(_text(block.get("run", "")), level)
                case _:
                    self.line(block.get("run", ""))

    def room(self, name: str, known: Runs, *, lines: int) -> None:
        """What is written already, then ruled lines to write on by hand, all under a bold name."""
        line = self._file.add_paragraph()
        line.add_run(clean(name)).bold = True
        line.paragraph_format.keep_with_next = True
        if known:
            self.line(known)
        for _line in range(1 if known else lines):
            _rule(self._file.add_paragraph())

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """With a header row that is repeated on each page and read aloud as such."""
        table = self._file.add_table(rows=1, cols=len(head))
        table.style = "Table Grid"
        for cell, text in zip(table.rows[0].cells, head, strict=True):
            cell.paragraphs[0].add_run(clean(text)).bold = True
        row = table.rows[0]._tr  # noqa: SLF001 -- python-docx knows no header rows
        row.get_or_add_trPr().append(_element("tblHeader", val="true"))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = clean(text)

    def content(self) -> bytes:
        """The bytes of the file as it stands."""
        out = io.BytesIO()
        self._file.save(out)
        return out.getvalue()


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return text.translate(_CONTROLS)


def _rule(paragraph: Any) -> None:
    """A line under the empty paragraph, high enough for handwriting."""
    from docx.shared import Pt  # noqa: PLC0415 -- see WordFile

    border = _element("pBdr")
    border.append(_element("bottom", val="single", sz="4", space="1", color="808080"))
    paragraph.paragraph_format.element.get_or_add_pPr().append(border)
    paragraph.paragraph_format.space_after = Pt(12)  # after the border: Word insists on their order


def _element(tag: str, **values: str) -> Any:
    """An element of Word's own with these attributes."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 -- see WordFile
    from docx.oxml.ns import qn  # noqa: PLC0415 -- the same

    found = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        found.set(qn(f"w:{name}"), value)
    return found


def _runs(paragraph: Any, text: Runs) -> None:
    for run in [text] if isinstance(text, str) else text:
        if isinstance(run, str):
            paragraph.add_run(clean(run))
            continue
        address = run.get("link", "")
        words = f"{run['t']} ({address})" if address and address != run["t"] else run["t"]
        paragraph.add_run(clean(words)).bold = run.get("bold", False) or None


def _text(runs: Runs) -> str:
    return runs if isinstance(runs, str) else "".join(run if isinstance(run, str) else run["t"] for run in runs)
