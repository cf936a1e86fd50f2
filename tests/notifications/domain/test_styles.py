"""Inlining by shape gives what css-inline gives for the whole page."""

from html.parser import HTMLParser
from typing import Any

import css_inline
import pytest
from django.conf import settings

from notifications.domain import styles

LAYOUT = """<!DOCTYPE html>
<html lang="de"><head><title>{title}</title><style>
.h1>a {{ color: red }} @media (max-width:520px){{.card{{padding:1px !important}}}}
</style></head>
<body class="page"><div role="article" aria-label="{title}">
<table class="stack"><tr><td class="k">Wann:</td><td class="v">{text}</td></tr></table>
<p class="t l"> <a href="{url}">{text}</a> </p><p class="t"></p><br>
<div class="{button}"><a href="{url}">Ja</a></div></div></body></html>"""

WORDS: list[dict[str, str]] = [
    {"title": "Arbeit", "text": "Hülya", "url": "https://a.example/1/", "button": "b1"},
    {"title": "A &amp; B", "text": "Hülya &lt;b&gt; &#x27;Ö&quot; {0}", "url": "/?a=1&amp;b=2", "button": "b1"},
    {"title": "", "text": " ", "url": "", "button": "b2"},
    {"title": "0", "text": "href=&quot;x&quot; class=&quot;t&quot;\n  \\1 \\g&lt;0&gt;", "url": "#", "button": "b2"},
]


class Seen(HTMLParser):
    """What a reader makes of a page: tags with their attributes, and texts, references resolved."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[Any] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.events.append(tag)

    def handle_data(self, data: str) -> None:
        self.events.append(f"text {data}")


@pytest.mark.parametrize("words", WORDS)
def test_page_reads_as_if_it_had_been_inlined_whole(words: dict[str, str]) -> None:
    page = LAYOUT.format(**words)
    css = (settings.BASE_DIR / "templates/mail/mail.css").read_text()
    whole = css_inline.CSSInliner(extra_css=css, keep_style_tags=True, load_remote_stylesheets=False).inline(page)

    assert Seen(styles.inline(page)).events == Seen(whole).events


BLOCKS = [
    '<h2 class="h2">Für Sie</h2>',
    '<p class="t"><strong>Frage</strong><br>Zeile</p><div class="btns"><table class="btn"><tr><td class="b1"><a href="/1/">A</a></td></tr></table></div>',
    '<h3 class="h3">Arbeit</h3><ul class="list"><li>Eins</li><li>Zwei</li></ul><p class="t l"><a href="/2/">B</a></p>',
    "\n",
]


@pytest.mark.parametrize("blocks", [BLOCKS, BLOCKS[1:2], []])
def test_pieces_read_as_if_the_page_had_been_inlined_whole(blocks: list[str]) -> None:
    page = LAYOUT.format(**WORDS[0])
    css = (settings.BASE_DIR / "templates/mail/mail.css").read_text()
    whole = css_inline.CSSInliner(extra_css=css, keep_style_tags=True, load_remote_stylesheets=False)

    ready = styles.ready("".join(styles.piece(block) for block in blocks))
    inlined = styles.inline(page.replace('<p class="t"></p>', ready))

    assert Seen(inlined).events == Seen(whole.inline(page.replace('<p class="t"></p>', "".join(blocks)))).events
