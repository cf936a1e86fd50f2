"""The middle of a letter with news, as HTML with its styles inlined and as text: from pieces that many letters share.

A block reads the same for everybody who gets it, but for its addresses. So it is rendered once with places for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from notifications.domain import styles
from notifications.domain.digest_pick import Picked

_PLACE = "\ue003"  # no name for anything, in HTML or elsewhere
#: The addresses of each block (by its identity) in the order of its links; none for whoever gets a copy.
Addresses = Mapping[int, Sequence[str]]


def html(picked: Picked, addresses: Addresses) -> SafeString:
    """For a page that goes through `styles.inline`."""
    found = "".join(_filled(piece, [escape(url) for url in urls]) for piece, urls in _pieces(picked, addresses, "html"))
    return mark_safe(styles.ready(found))  # noqa: S308 -- made of rendered templates and escaped addresses


def text(picked: Picked, addresses: Addresses) -> str:
    """In the lines of the template; `columns.plain` wraps them."""
    return "".join(_filled(piece, urls) for piece, urls in _pieces(picked, addresses, "txt"))


def _pieces(picked: Picked, addresses: Addresses, form: str) -> Iterable[tuple[Sequence[str], Sequence[str]]]:
    sections = (
        ("ask", _("Für Sie"), picked.asks),
        ("meeting", _("Ihre Sitzungen"), picked.own),
        ("answer", "", picked.answers),
        ("meeting", _("Bei den anderen"), picked.others),
        ("open", _("Noch offen"), picked.late),
    )
    for kind, heading, blocks in sections:
        if heading and blocks:
            yield _rendered(form, "heading", heading, (), (), later=False), ()
        for number, block in enumerate(blocks):
            urls = addresses.get(id(block), ())
            labels = tuple(link.label for link in block.links) if urls else ()
            later = kind == "ask" and number > 0
            yield _rendered(form, kind, block.title, tuple(block.lines), labels, later=later), urls
    if picked.notices:
        yield _rendered(form, "notices", "", picked.notices, (), later=False), ()


@lru_cache(maxsize=2048)
def _rendered(
    form: str, kind: str, title: str, lines: tuple[str, ...], labels: tuple[str, ...], *, later: bool
) -> tuple[str, ...]:
    """A block between its addresses. `later`: not the first question, so its button is drawn as an outline."""
    links = [{"label": label, "url": _PLACE} for label in labels]
    context = {"title": title, "lines": lines, "links": links, "later": later}
    template = get_template(f"mail/parts/news_{kind}.{form}", using="text" if form == "txt" else None)
    found = template.render(context)
    return tuple((styles.piece(found) if form == "html" else found).split(_PLACE))


def _filled(piece: Sequence[str], urls: Sequence[str]) -> str:
    first, *rest = piece
    return "".join([first, *(part for pair in zip(urls, rest, strict=True) for part in pair)])
