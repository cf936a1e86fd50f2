"""The words of an HTML mail as plain text: nothing of it is ever shown as HTML, and nothing is loaded."""

from html.parser import HTMLParser

_SILENT = frozenset({"head", "script", "style", "title", "template", "noscript", "svg", "object"})
_ENDS_A_LINE = frozenset(
    {"br", "div", "p", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr", "ul", "ol"}
)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _ENDS_A_LINE:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _ENDS_A_LINE:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(" ".join(data.replace("\u00a0", " ").split("\n")))


def of_html(page: str) -> str:
    """Paragraphs with at most one empty line between them."""
    words = _Words()
    words.feed(page)
    words.close()
    lines = [" ".join(line.split()) for line in "".join(words.pieces).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
