"""A way as a page lists it: each stop, and the relays that led to it, in ready words with their addresses."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from buendnisse import german
from buendnisse.models import Body, Paper
from meetings.domain import relay_words
from meetings.domain.relay_path import Leg, Path, Stop


@dataclass(frozen=True)
class Sheet:
    """A paper; `href` is empty where it has no file, or none for this reader here."""

    title: str
    href: str


@dataclass(frozen=True)
class Asked:
    """A relay that led to a stop. `said`: ", Bitte um Stellungnahme aus Bildung, am 3. Dezember 2026 · Antwort nach 19 Tagen"."""

    number: str
    href: str
    said: str
    message: str
    cover: str
    papers: tuple[Sheet, ...]


@dataclass(frozen=True)
class Step:
    """A stop. `iso` and `day` are empty where it is still due and nobody knows when; `due` then says what is awaited."""

    body: Body
    came_by: tuple[Asked, ...]
    iso: str
    day: str
    due: str
    number: str
    href: str
    verb: str
    remark: str
    papers: tuple[Sheet, ...]
    wording: str


def listed(way: Path, *, is_by_link: bool) -> list[Step]:
    """In the order they happened. Behind a personal link there are no other pages, and of papers only those of its own relay."""
    pages = _Pages("", "") if is_by_link else _Pages(reverse("meetings:relay_board"), reverse("meetings:decisions"))
    return [_step(stop, way, pages) for stop in way.stops]


@dataclass(frozen=True)
class _Pages:
    """What the addresses of relays and decisions begin with; both empty behind a personal link."""

    relays: str
    decisions: str


def _step(stop: Stop, way: Path, pages: _Pages) -> Step:
    day, number = stop.day or stop.expected_on, stop.decision.number if stop.decision else ""
    return Step(
        body=stop.body,
        came_by=tuple(_asked(leg, way, pages) for leg in stop.came_by),
        iso=day.isoformat() if day else "",
        day=german.short_day(day) if day else "",
        due="" if stop.day else german.capitalised(stop.label),
        number=number,
        href=f"{pages.decisions}{number}/" if stop.is_linked and pages.decisions else "",
        verb=stop.verb,
        remark=german.capitalised(stop.remark),
        papers=tuple(Sheet(paper.title, _letter(paper, way, pages)) for paper in stop.papers),
        wording=stop.wording,
    )


def _asked(leg: Leg, way: Path, pages: _Pages) -> Asked:
    relay = leg.relay
    said = f", {relay.get_kind_display()} aus {relay.source.word}"
    if relay.sent_at:
        said += f", am {german.day(relay.sent_at)}"
    if leg.ground:
        said += f", {leg.ground}"
    if arrived := relay_words.arrived(relay):
        said += f", {arrived}"
    if leg.took:
        said += f" · {leg.came} {leg.took}"
    if came_home := relay_words.came_home(relay):
        said += f", {came_home}"
    page = f"{pages.relays}{relay.number}/" if pages.relays else ""
    sheets = tuple(Sheet(paper.title, _handed(paper, leg, way, pages)) for paper in leg.papers)
    return Asked(relay.number, f"{page}#w-{relay.number}", said, relay.message, relay.cover, sheets)


def _handed(paper: Paper, leg: Leg, way: Path, pages: _Pages) -> str:
    """Where a paper that was handed on is read."""
    if not _file(paper):
        return ""
    if pages.relays:
        return reverse("meetings:relay_paper", args=[leg.relay.number, paper.slug])
    return _by_link(paper) if leg.relay.pk == way.relay.pk else ""


def _letter(paper: Paper, way: Path, pages: _Pages) -> str:
    """Where the letter of an answer is read."""
    number = _file(paper)
    if not number:
        return ""
    if pages.relays:
        return reverse("meetings:paper_file", args=[paper.slug, number])
    return _by_link(paper) if paper.pk in way.letters else ""


def _by_link(paper: Paper) -> str:
    """Beneath the page of the letter itself."""
    return f"unterlage/{paper.slug}/"


def _file(paper: Paper) -> int:
    """The number of its newest version, 0 where that has no file."""
    newest = paper.newest
    return newest.number if newest is not None and newest.file_name else 0
