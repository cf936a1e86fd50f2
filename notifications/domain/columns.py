"""Text as people read it in a fixed width: 72 columns, ordinary spaces, at most two blank lines, links whole."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache

_COLUMNS = 72


def plain(text: str) -> str:
    """The whole text, laid out."""
    return whole(lines(text))


def lines(text: str) -> list[str]:
    """Its lines, each no wider than it should be; one that had to be wrapped holds its line ends."""
    return [_line(line.rstrip()) for line in split(text)]


def split(text: str) -> list[str]:
    """The lines as they were written."""
    return text.replace("\N{SOFT HYPHEN}", "").splitlines()


def whole(laid_out: list[str]) -> str:
    """The text of these lines. Spaces that may not break are made ordinary here: "3. März" stayed on one line."""
    text = "\n".join(laid_out).replace("\N{NO-BREAK SPACE}", " ")
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return text.strip() + "\n"


def _line(line: str) -> str:
    return line if len(line) <= _COLUMNS or "://" in line else _wrapped(line)


@lru_cache(maxsize=1024)
def _wrapped(line: str) -> str:
    """One paragraph in lines of 72 columns; most are the same in every letter of a batch."""
    indent = re.match(r" *(- |\d+\. )?", line)
    start = indent[0] if indent else ""
    hanging = " " * len(start) if start.strip() else start
    return textwrap.fill(line, _COLUMNS, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
