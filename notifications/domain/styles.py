"""Mail programs read styles beside each element only, so mail.css is written there: once for each shape of page.

Which style an element gets depends on tags and classes, never on what people wrote. So a page is taken apart into
its shape (the tags, with places for texts and addresses) and its words; css-inline works on the shape, whose result
is kept, and the words are put back. Five hundred invitations have one or two shapes.

A letter with news has nearly as many shapes as readers, but is made of few blocks. Where a template marks them (`BLOCK`
between two that stand side by side), each has a shape of its own. No selector of mail.css looks across such a mark.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import css_inline
from django.conf import settings

# A place is a number between two letters of the private use area: no name for anything, in HTML or elsewhere.
_OPEN, _CLOSE = "\ue000", "\ue001"
#: In a template: one block ends here, the next begins. Before the first one and behind the last one there is a mark, too.
BLOCK = "<!--|-->"
_MIDDLE = "\ue002"
_PLACE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
# A <style> element whole; the value of an attribute that holds words or an address; a text.
_WORDS = re.compile(
    r"<style>.*?</style>"
    r'|(?P<attribute>\s(?:href|aria-label|alt|title|src)=")(?P<value>[^"]*)'
    r"|>(?P<text>[^<]*[^<\s][^<]*)",
    re.DOTALL,
)


def inline(page: str) -> str:
    """The page with its styles beside each element. `page` is HTML whose texts and attributes are escaped."""
    first, *blocks = page.split(BLOCK)
    if not blocks:
        return _whole(page)
    last = blocks.pop()  # the page around the blocks is closed behind the last mark
    frame, _mark, end = _whole(f"{first}<i>{_MIDDLE}</i>{last}").partition(f"<i>{_MIDDLE}</i>")
    return "".join([frame, *map(_piece, blocks), end])


def _piece(block: str) -> str:
    """One block alone, as it is in its page."""
    before, found = f"<p>{_MIDDLE}</p>", _whole(f"<html><body><p>{_MIDDLE}</p>{block}<p>{_MIDDLE}</p></body></html>")
    return found.split(before)[1]


def _whole(page: str) -> str:
    words: list[str] = []

    def take(found: re.Match[str]) -> str:
        if (text := found["text"]) is not None:
            words.append(text)
            return f">{_OPEN}{len(words) - 1}{_CLOSE}"
        if (value := found["value"]) is not None:
            words.append(value)
            return f"{found['attribute']}{_OPEN}{len(words) - 1}{_CLOSE}"
        return found[0]

    shape = _WORDS.sub(take, page)
    literals, places = _inlined(shape)
    whole = [literals[0]]
    for place, literal in zip(places, literals[1:], strict=True):
        whole += words[place], literal
    return "".join(whole)


@lru_cache(maxsize=512)
def _inlined(shape: str) -> tuple[list[str], list[int]]:
    """What stands between the places, and the places in the order css-inline left them."""
    pieces = _PLACE.split(_inliner().inline(shape))
    return pieces[0::2], [int(number) for number in pieces[1::2]]


@cache
def _inliner() -> css_inline.CSSInliner:
    css = (Path(settings.BASE_DIR) / "templates/mail/mail.css").read_text(encoding="utf-8")
    return css_inline.CSSInliner(extra_css=css, keep_style_tags=True, load_remote_stylesheets=False)
