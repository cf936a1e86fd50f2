"""Two people at one board: whoever orders says which order they have seen, and learns who changed it since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local
from buendnisse.models import Change
from meetings.domain.agenda_rules import AgendaRefused
from meetings.enums import Happened
from meetings.models import AgendaItem, Meeting

_TOLD = 3  # more than three lines nobody compares


@dataclass(frozen=True)
class Seen:
    """The items of an agenda in the order somebody has seen, and the last change of the journal at that moment."""

    change: int
    order: tuple[int, ...]

    @property
    def stamp(self) -> str:
        """ "4711:12.15.18" """
        return f"{self.change}:{'.'.join(map(str, self.order))}"

    @property
    def places(self) -> dict[int, int]:
        """TOP numbers as they were seen."""
        return {pk: number for number, pk in enumerate(self.order, start=1)}


class OrderStale(AgendaRefused):
    """The agenda was put in another order meanwhile. `told` names what changed, who did it and when."""

    def __init__(self, told: list[str]) -> None:
        super().__init__(_("Die Tagesordnung hat sich inzwischen geändert. Ihr Schritt ist nicht gespeichert."))
        self.told = told


def now(order: Iterable[int]) -> Seen:
    """What somebody sees who looks at this moment."""
    latest = Change.objects.order_by("-pk").values_list("pk", flat=True).first()
    return Seen(latest or 0, tuple(order))


def read(stamp: str) -> Seen:
    """A stamp out of a form; what is none is an agenda nobody has seen."""
    change, _colon, order = stamp.partition(":")
    numbers = order.split(".") if order else []
    if not change.isdecimal() or not all(one.isdecimal() for one in numbers) or len(stamp) > 4000:  # noqa: PLR2004 -- 400 items
        return Seen(0, ())
    return Seen(int(change), tuple(map(int, numbers)))


def changes_since(seen: Seen, meeting: Meeting) -> list[str]:
    """The latest steps at this agenda since it was seen: "23.11.2026, 09:14 Uhr, Imke Albers: „Rufbus“, Reihenfolge geändert (Platz 4)"."""
    rows = Change.objects.filter(pk__gt=seen.change, subject_type="agendaitem", data__meeting=meeting.pk)
    latest = list(rows.select_related("by").order_by("-pk")[:_TOLD])
    titles = dict(AgendaItem.objects.filter(pk__in=[row.subject_id for row in latest]).values_list("pk", "title"))
    return [line(row, titles.get(row.subject_id, "")) for row in reversed(latest)]


def last_step(item: AgendaItem) -> str:
    """Who did what with a topic last, for somebody who came second; empty where nothing is known."""
    row = Change.objects.of(item).select_related("by").order_by("-pk").first()
    return _("Zuletzt: %s.") % line(row, item.title) if row else ""


def line(change: Change, title: str) -> str:
    """One step in words."""
    moment = local(change.at)
    who = change.by.full_name if change.by else _("von selbst")
    what = str(Happened(change.verb).label)
    place = change.data.get("position") if change.verb == Happened.ITEM_ORDERED else None
    if place:
        what = _("%(what)s (Platz %(place)d)") % {"what": what, "place": place}
    return _("%(day)s, %(time)s, %(who)s: „%(title)s“, %(what)s") % {
        "day": german.short_day(moment),
        "time": german.hour(moment),
        "who": who,
        "title": title,
        "what": what,
    }
