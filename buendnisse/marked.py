"""Marked-up text: what a clerk types into a plain field, read as headings, lists, bold and links.

A small part of CommonMark (markdown-it-py reads it): `# Überschrift`, `- Punkt` or `– Punkt`, `1. Punkt`,
`**wichtig**`, `[Text](https://…)`. Everything else stays as typed: a single star stays a star ("Schüler*innen"), a
lonely "3. Dezember …" stays a date and becomes no list, HTML stays letters. Text that knows no marks reads as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_READER = MarkdownIt("zero").enable(["heading", "list", "emphasis", "link"])
_DASH = re.compile(r"^(\s*)–\s+", re.MULTILINE)  # German typists write a dash before a point
_NUMBER = re.compile(r"^\s{0,3}(\d{1,9})([.)])\s+\S")
_BARE_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
_SAFE = ("https://", "http://", "mailto:")


@dataclass(frozen=True)
class Run:
    """A stretch of text. `link` is an https, http or mailto address, or empty."""

    text: str
    bold: bool = False
    link: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph or heading has one line of runs; a list (`list`, or `numbers` from 1) one for each point."""

    kind: str
    lines: tuple[Runs, ...]

    @property
    def runs(self) -> Runs:
        return self.lines[0] if self.lines else ()


@lru_cache(maxsize=512)
def blocks(text: str) -> tuple[Block, ...]:
    """The text as blocks; nothing for an empty one."""
    tokens = _READER.parse(_DASH.sub(r"\1- ", _keep_dates(text.replace("\r\n", "\n"))))
    found: list[Block] = []
    points: list[Runs] | None = None
    kinds: list[str] = []
    for before, token in pairwise([Token("", "", 0), *tokens]):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            kinds.append("list" if token.type == "bullet_list_open" else "numbers")
            points = [] if points is None else points
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            kind = kinds.pop()
            if not kinds and points is not None:  # a list inside a list is read as one list
                found.append(Block(kind, tuple(points)))
                points = None
        elif token.type == "inline":
            line = tuple(_runs(token.children or []))
            if points is not None:
                points.append(line)
            elif line:
                found.append(Block("heading" if before.type == "heading_open" else "paragraph", (line,)))
    return tuple(found)


def html(text: str, *, level: int = 4) -> SafeString:
    """The text as HTML; headings are `<h4>` unless `level` says otherwise. Nothing typed becomes a tag."""
    return mark_safe("".join(_block_html(block, level) for block in blocks(text)))  # noqa: S308 -- built of escaped parts


def plain(text: str) -> str:
    """The text for plain mail: points with a dash, links with their address, no stars."""
    return "\n\n".join(_block_plain(block) for block in blocks(text))


def _keep_dates(text: str) -> str:
    """Escape numbers at the start of a line that begin no list: a list counts 1, 2, …"""
    lines = text.split("\n")
    numbers = [_NUMBER.match(line) for line in lines]
    counted = [int(number.group(1)) if number else 0 for number in numbers]
    in_list: set[int] = set()
    for start, value in enumerate(counted):
        if value == 1:
            run = _run_from(counted, lines, start)
            in_list.update(run if len(run) > 1 else ())
    return "\n".join(
        f"\u2060{line}" if numbers[place] and place not in in_list else line for place, line in enumerate(lines)
    )


def _run_from(counted: Sequence[int], lines: Sequence[str], start: int) -> list[int]:
    """The places of 1, 2, 3 … from `start` on; lines of a point and one empty line may lie between."""
    run, wanted = [start], 2
    for place in range(start + 1, len(counted)):
        if counted[place] == wanted:
            run.append(place)
            wanted += 1
        elif counted[place]:
            break
    return run


def _runs(tokens: Sequence[Token]) -> Iterator[Run]:
    bold, link = False, ""
    text = ""
    for token in tokens:
        if token.type in {"strong_open", "strong_close", "link_open", "link_close"}:
            yield from _stretch(text, bold=bold, link=link)
            text = ""
            bold = token.type == "strong_open" if token.type.startswith("strong") else bold
            if token.type == "link_open":
                address = str(token.attrGet("href") or "")
                link = address if address.startswith(_SAFE) else ""
            elif token.type == "link_close":
                link = ""
        elif token.type in {"em_open", "em_close"}:
            text += token.markup
        else:
            text += "\n" if token.type in {"softbreak", "hardbreak"} else token.content
    yield from _stretch(text, bold=bold, link=link)


def _stretch(text: str, *, bold: bool, link: str) -> Iterator[Run]:
    text = text.replace("\u2060", "")
    if link:
        yield Run(text, bold, link)
        return
    end = 0
    for address in _BARE_LINK.finditer(text):
        if address.start() > end:
            yield Run(text[end : address.start()], bold)
        yield Run(address.group(), bold, address.group())
        end = address.end()
    if end < len(text):
        yield Run(text[end:], bold)


def _block_html(block: Block, level: int) -> SafeString:
    if block.kind in {"list", "numbers"}:
        tag = "ul" if block.kind == "list" else "ol"
        points = format_html_join("", "<li>{}</li>", ((_line_html(line),) for line in block.lines))
        return format_html('<{0} class="dots">{1}</{0}>', tag, points)
    tag = f"h{level}" if block.kind == "heading" else "p"
    return format_html("<{0}>{1}</{0}>", tag, _line_html(block.runs))


def _line_html(line: Runs) -> SafeString:
    return format_html_join("", "{}", ((_run_html(run),) for run in line))


def _run_html(run: Run) -> SafeString:
    words = mark_safe(str(conditional_escape(run.text)).replace("\n", "<br>"))  # noqa: S308 -- escaped before
    if run.link:
        words = format_html('<a href="{}" rel="noopener noreferrer">{}</a>', run.link, words)
    return format_html("<strong>{}</strong>", words) if run.bold else words


def _block_plain(block: Block) -> str:
    if block.kind == "list":
        return "\n".join(f"- {_line_plain(line)}" for line in block.lines)
    if block.kind == "numbers":
        return "\n".join(f"{number}. {_line_plain(line)}" for number, line in enumerate(block.lines, start=1))
    return _line_plain(block.runs)


def _line_plain(line: Runs) -> str:
    return "".join(f"{run.text} ({run.link})" if run.link and run.link != run.text else run.text for run in line)
