"""Mail programs read styles beside each element only, so mail.css is written there: once for each shape of page.

Which style an element gets depends on tags and classes, never on what people wrote. So a page is taken apart into
its shape (the tags, with places for texts and addresses) and its words; css-inline works on the shape, whose result
is kept, and the words are put back. Five hundred invitations have one or two shapes.

A letter with news has nearly as many shapes as readers, but is made of few blocks, each with a shape of its own
(`piece`). A page holds them ready; no selector of mail.css looks into them from outside.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import css_inline
from django.conf import settings

# A place is a number between two letters of the private use area: no name for anything, in HTML or elsewhere.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = "<!--|-->"
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
    """The page with its styles beside each element. `page` is HTML whose texts and attributes are escaped.

    What is `ready` in it is left as it is.
    """
    if _MARK not in page:
        return _whole(page)
    first, blocks, last = page.split(_MARK)
    return _whole(f"{first}<i>{_MIDDLE}</i>{last}").replace(f"<i>{_MIDDLE}</i>", blocks)


def ready(pieces: str) -> str:
    """For the one place of a page that holds pieces already inlined."""
    return f"{_MARK}{pieces}{_MARK}"


def piece(block: str) -> str:
    """A block of a page alone."""
    edge = f"<p>{_MIDDLE}</p>"
    return _whole(f"<html><body>{edge}{block}{edge}</body></html>").split(edge)[1]


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
