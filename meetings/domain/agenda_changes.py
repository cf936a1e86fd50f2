"""What is new between two wordings of an agenda, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Sight
from meetings.domain import agenda_sent
from meetings.domain.agenda_content import AgendaContent, ItemContent, as_content, may_read
from meetings.enums import AgendaItemKind
from meetings.models import Meeting


@dataclass(frozen=True)
class Changes:
    """Each a list of phrases, in the order of the agenda."""

    new: Sequence[str] = ()
    changed: Sequence[str] = ()
    dropped: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.dropped)

    @property
    def lines(self) -> list[str]:
        """ "Neu: TOP 4 „Sprachcafé“." """
        named = ((_("Neu"), self.new), (_("Geändert"), self.changed), (_("Entfällt"), self.dropped))
        return [f"{word}: {'; '.join(phrases)}." for word, phrases in named if phrases]


@dataclass(frozen=True)
class Edition:
    """One sent version as its reader meets it: "Geänderte Fassung (2)", and what is new in it."""

    number: int
    changes: Changes
    introduction: str = ""
    urgency: str = ""

    @property
    def mark(self) -> str:
        return _("Geänderte Fassung (%d)") % self.number if self.number > 1 else ""


def compare(before: AgendaContent, after: AgendaContent, *, sight: Sight) -> Changes:
    """From one wording to the other, as this reader may know it. Items are the same by their id, whatever the number."""
    old = {item["id"]: item for item in before["items"] if may_read(item, sight)}
    new = {item["id"]: item for item in after["items"] if may_read(item, sight)}
    moved = _moved(before, after)
    gone = {key for key, item in new.items() if item["is_deferred"] and key in old and not old[key]["is_deferred"]}
    return Changes(
        new=[_named(item) for key, item in new.items() if key not in old],
        changed=[
            f"{_named(item)} ({german.listing(what)})"
            for key, item in new.items()
            if key in old and key not in gone and (what := list(_differences(old[key], item, is_moved=key in moved)))
        ],
        dropped=[
            *(_("„%(title)s“ (war TOP %(number)d)") % item for key, item in old.items() if key not in new),
            *(_("TOP %(number)d „%(title)s“ (vertagt)") % new[key] for key in sorted(gone)),
        ],
    )


def edition(meeting: Meeting, *, sight: Sight, number: int | None = None) -> Edition | None:
    """A version that was sent, the newest unless named, against the one before. None where none was kept."""
    rows = {row.number: row for row in agenda_sent.versions(meeting)}
    row = rows.get(number or max(rows, default=0))
    if row is None:
        return None
    before = rows.get(row.number - 1)
    changes = Changes()
    if before is not None:
        changes = compare(as_content(before.content), as_content(row.content), sight=sight)
    return Edition(row.number, changes, row.introduction, row.urgency)


def _named(item: ItemContent) -> str:
    return _("TOP %(number)d „%(title)s“") % item


def _differences(old: ItemContent, new: ItemContent, *, is_moved: bool) -> Iterator[str]:
    if old["title"] != new["title"]:
        yield _("hieß „%s“") % old["title"]
    if is_moved:
        yield _("war TOP %d") % old["number"]
    if old["minutes"] != new["minutes"]:
        yield _("%(now)d statt %(then)d Minuten") % {"now": new["minutes"], "then": old["minutes"]}
    if old["kind"] != new["kind"]:
        yield _("jetzt %s") % AgendaItemKind(new["kind"]).label
    if old["presenter"] != new["presenter"]:
        yield _("es berichtet %s") % new["presenter"] if new["presenter"] else _("noch niemand berichtet")
    if old["description"] != new["description"]:
        yield _("neuer Text")
    if old["only_for"] != new["only_for"]:
        yield _("jetzt vertraulich") if new["only_for"] else _("nicht mehr vertraulich")
    yield from _papers(old, new)


def _papers(old: ItemContent, new: ItemContent) -> Iterator[str]:
    known = {paper["slug"]: paper["number"] for paper in old["papers"]}
    for paper in new["papers"]:
        if paper["slug"] not in known:
            yield _("neue Unterlage „%s“") % paper["title"]
        elif paper["number"] != known[paper["slug"]]:
            yield _("neue Fassung der Unterlage „%s“") % paper["title"]


def _moved(before: AgendaContent, after: AgendaContent) -> frozenset[int]:
    """Items that changed places with others; one more above moves nobody."""
    there = {item["id"] for item in after["items"]}
    old = [item["id"] for item in before["items"] if item["id"] in there]
    known = set(old)
    new = [item["id"] for item in after["items"] if item["id"] in known]
    return frozenset(one for one, other in zip(old, new, strict=True) if one != other) | frozenset(
        other for one, other in zip(old, new, strict=True) if one != other
    )
