"""The words of an HTML mail as plain text: nothing of it is ever shown as HTML, and nothing is loaded.

By hand: the library's parser takes time that grows with the square of the length, and refuses markers it does not know.
Here each character is looked at a few times, whatever it is; what is no markup is text.
"""

import html
import re

_SILENT = frozenset({"head", "script", "style", "title", "template", "noscript", "svg", "object"})
#: Nothing but their own end tag is markup in them.
_RAW = frozenset({"script", "style", "title"})
_ENDS_A_LINE = frozenset(
    {"br", "div", "p", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr", "ul", "ol"}
)
_NAME = re.compile(r"/?([a-zA-Z][^\s/<>]{0,40})")
#: Up to the end of a tag; a ">" in quotes does not end it. Possessive and short: nothing makes it look far and in vain.
_REST_OF_TAG = re.compile(r"""(?:[^<>"']{1,500}+|"[^"]{0,500}+"|'[^']{0,500}+'){0,20}+>""")


def of_html(page: str) -> str:
    """Paragraphs with at most one empty line between them."""
    lines = [" ".join(line.split()) for line in "".join(_Words(page).pieces).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


class _Words:
    """Text and line ends, in their order."""

    def __init__(self, page: str) -> None:
        self.pieces: list[str] = []
        self._page = page
        self._silent = 0
        at = 0
        while at < len(page):
            opens = page.find("<", at)
            self._say(page[at : opens if opens >= 0 else len(page)])
            at = self._after(opens) if opens >= 0 else len(page)

    def _after(self, opens: int) -> int:
        """Where text goes on behind the "<" at `opens`."""
        page = self._page
        if page.startswith("<!--", opens):
            return self._behind("-->", opens + 4)
        if page[opens + 1 : opens + 2] in {"!", "?"}:
            return self._behind(">", opens)
        name = _NAME.match(page, opens + 1)
        if name is None:
            self._say("<")
            return opens + 1
        ends = _REST_OF_TAG.match(page, name.end())
        behind = ends.end() if ends else self._behind(">", name.end())
        return self._tag(name[1].lower(), behind, is_end=name[0].startswith("/"))

    def _tag(self, name: str, behind: int, *, is_end: bool) -> int:
        if name == "body":
            self._silent = 0  # a head need not be closed
        elif name in _ENDS_A_LINE:
            self.pieces.append("\n")
        elif name in _RAW and not is_end:
            # Without an end tag all of the rest belongs to it.
            ends = re.compile(f"</{name}", re.IGNORECASE).search(self._page, behind)
            return self._behind(">", ends.end()) if ends else len(self._page)
        elif name in _SILENT - _RAW:
            if is_end:
                self._silent = max(0, self._silent - 1)
            elif not self._page.startswith("/>", behind - 2):  # that one has nothing in it
                self._silent += 1
        return behind

    def _behind(self, mark: str, start: int) -> int:
        found = self._page.find(mark, start)
        return found + len(mark) if found >= 0 else len(self._page)

    def _say(self, text: str) -> None:
        if text and not self._silent:
            self.pieces.append(" ".join(_unescaped(text).replace("\u00a0", " ").split("\n")))


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # a number of thousands of digits
        return text
