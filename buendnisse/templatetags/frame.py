"""The page's frame: what the menu offers to whom, and which addresses exist."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import Resolver404, resolve
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import links
from buendnisse.models import AccessLink

register = template.Library()

#: In the order in which a later one may correct an earlier one.
STYLES = (
    "kern/fonts/fira-sans.css",
    "kern/kern.min.css",
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/parts.css",
    "css/forms.css",
    "css/pictures.css",
    "css/desk.css",
    "css/member.css",
    "css/print.css",
)


@dataclass(frozen=True)
class Section:
    """A place in the menu. `also` are addresses that belong to it without starting with its own."""

    href: str
    label: Any
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A section as one page shows it. `current`: page, true (somewhere below it) or empty."""

    href: str
    label: Any
    current: str


_ALLIANCES = Section("/buendnisse/", _("Bündnisse"), also=("/sitzungen/", "/kurzmeldungen/", "/rueckmeldungen/"))
_DECISIONS = Section("/beschluesse/", _("Beschlüsse"), also=("/abstimmungen/",))
_PAPERS = Section("/unterlagen/", _("Unterlagen"))
_CONTACTS = Section("/ansprechpersonen/", _("Ansprechpersonen"))
#: What the network knows of itself: one place in the menu, and these as tabs on each of its pages.
NETWORK: tuple[Section, ...] = (
    Section("/uebersicht/", _("Übersicht")),
    Section("/integrationsprozess/", _("Integrationsprozess")),
    Section("/themenfelder/", _("Themenfelder")),
    Section("/stellen/", _("Stellen und Projekte")),
    _CONTACTS,
)
_NETWORK = Section("/uebersicht/", _("Netzwerk"), also=tuple(section.href for section in NETWORK[1:]))

FACHSTELLE: tuple[Section, ...] = (
    Section("/", _("Schreibtisch")),
    Section("/planung/{year}/", _("Planung"), also=("/planung/",)),
    _ALLIANCES,
    _NETWORK,
    _DECISIONS,
    Section("/weiterleitungen/", _("Weiterleitungen")),
    Section("/auftraege/", _("Aufträge")),
    _PAPERS,
    Section("/posteingang/", _("Posteingang")),
    Section("/postausgang/", _("Postausgang")),
    Section("/verwaltung/", _("Verwaltung")),
)
READER: tuple[Section, ...] = (
    Section("/", _("Meine Seite")),
    _ALLIANCES,
    _NETWORK,
    _DECISIONS,
    Section("/weiterleitungen/", _("Weiterleitungen")),
    _PAPERS,
    _CONTACTS,
)
MEMBER: tuple[Section, ...] = (
    Section("/", _("Meine Seite")),
    _ALLIANCES,
    _NETWORK,
    _DECISIONS,
    Section("/weiterleitungen/", _("Bitten und Antworten")),
    Section("/auftraege/", _("Aufgaben")),
    _PAPERS,
    _CONTACTS,
)
ADMIN: tuple[Section, ...] = (Section("/", _("Start")),)

MENUS: dict[str, tuple[Section, ...]] = {
    "fachstelle": FACHSTELLE,
    "admin": ADMIN,
    "reader": READER,
    "member": MEMBER,
}


@cache
def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


@register.filter
def is_a_page(path: str) -> bool:
    """Whether an address of this installation is served: a menu never leads to a 404."""
    return _exists(path)


@register.filter
def dial(phone: str) -> str:
    """ "00000 4100" → "000004100", for a tel: link."""
    return re.sub(r"[^0-9+]", "", phone)


@register.simple_tag
@cache
def stylesheets() -> SafeString:
    """Links to all style sheets; their names change with a new version only, which starts a new process."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(name),) for name in STYLES))


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> SafeString:
    """The menu of the person who is signed in; nothing for anybody else."""
    request, user = context.get("request"), context.get("user")
    if request is None or user is None or not user.is_authenticated:
        return SafeString("")
    kinds = [kind for kind in ("fachstelle", "admin", "reader") if context.get(f"is_{kind}")]
    return _menu(kinds[0] if kinds else "member", request.path, context["today"].year + 1)


@lru_cache(maxsize=256)
def _menu(kind: str, path: str, year: int) -> SafeString:
    """It depends on nothing else: everybody of one kind sees the same on the same page."""
    hrefs = [(section, section.href.format(year=year)) for section in MENUS[kind]]
    entries = [
        Entry(href, section.label, _current(path, href, section.also)) for section, href in hrefs if _exists(href)
    ]
    return render_to_string("components/menu.html", {"entries": entries})


@register.simple_tag(takes_context=True)
def network_tabs(context: template.Context) -> SafeString:
    """The pages about the network, on each of them."""
    return _tabs(context["request"].path)


@lru_cache(maxsize=64)
def _tabs(path: str) -> SafeString:
    entries = [Entry(one.href, one.label, _current(path, one.href, one.also)) for one in NETWORK if _exists(one.href)]
    return render_to_string("components/network_tabs.html", {"entries": entries})


def _current(path: str, href: str, also: tuple[str, ...]) -> str:
    if path == href:
        return "page"
    below = [start for start in (href, *also) if start != "/"]
    return "true" if path.startswith(tuple(below)) else ""


@register.filter
def token(link: AccessLink) -> str:
    """The text of a personal link, for another page behind the same link."""
    return links.token(link)
