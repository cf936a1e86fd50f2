"""The Fachstelle's own words in a mail that is about to leave: a paragraph below its first one.

Not above it: the first sentence goes on from the greeting, in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.translation import gettext_lazy

#: Where `OutboxMessage.data` holds them.
INTRODUCTION = "introduction"
#: What every form for them says.
PLACE = gettext_lazy("Steht in jeder Mail unter dem ersten Absatz.")


def in_text(text: str, *, greeting: str, words: str) -> str:
    """Plain text with the words; unchanged where there are none."""
    return _inserted(text, f"{greeting},\n\n", "\n\n", f"{words.strip()}\n\n") if words else text


def in_html(page: str, *, greeting: str, words: str) -> str:
    """The same for a page whose styles are not inlined yet."""
    if not words:
        return page
    shown = "".join(f'<p class="t">{escape(part)}</p>\n' for part in _paragraphs(words))
    return _inserted(page, f"{escape(greeting)},</p>", "</p>", shown)


def joined(several: Iterable[str]) -> str:
    """The words of mails that go as one, what several say once."""
    return "\n\n".join(dict.fromkeys(one for words in several for one in _paragraphs(words)))


def without(words: str, others: Iterable[str]) -> str:
    """Those of their paragraphs that none of the others has."""
    elsewhere = {one for other in others for one in _paragraphs(other)}
    return "\n\n".join(one for one in _paragraphs(words) if one not in elsewhere)


def within(words: str, whole: str) -> str:
    """Those of their paragraphs that stand in the whole."""
    there = set(_paragraphs(whole))
    return "\n\n".join(one for one in _paragraphs(words) if one in there)


def _paragraphs(words: str) -> list[str]:
    found = re.split(r"\n\s*\n", words.replace("\r\n", "\n").strip())
    return [one for one in found if one]


def _inserted(whole: str, opening: str, end: str, words: str) -> str:
    """After the first `end` that follows `opening`; at the opening where none follows."""
    start = whole.find(opening)
    if start < 0:
        return whole
    start += len(opening)
    found = whole.find(end, start)
    place = found + len(end) if found >= 0 else start
    return whole[:place] + words + whole[place:]
