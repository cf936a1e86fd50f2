"""The order of an agenda, its TOP numbers and its times.

Standing items are the frame: opening and report stand before the topics, reports of the units and closing
after them. Topics move among themselves. Positions on an agenda are always 1 … n without a gap; 0 means
"not on the agenda", whatever the state says (an item deferred before the agenda left keeps no number).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Case, Sum, When
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Person, StandingItem
from buendnisse.models.sight import sight_of
from meetings.domain import agenda_confidential, agenda_papers, agenda_sent, relay_ground, standing_told
from meetings.domain.agenda_papers import PaperLine
from meetings.domain.agenda_rules import OPEN_MEETINGS
from meetings.domain.standing_told import NOTHING, Telling, Told
from meetings.enums import AgendaItemKind, AgendaItemState, Happened
from meetings.models import AgendaItem, Meeting

#: What pages, letters and documents show of an item; the minutes' long texts are not among it.
_SHOWN = (
    "meeting",
    "alliance",
    "position",
    "kind",
    "standing_code",
    "told",
    "title",
    "description",
    "duration_minutes",
    "proposer",
    "presenter__first_name",
    "presenter__last_name",
    "presenter__salutation",
    "presenter__academic_title",
    "presenter__organisation__short_name",
    "is_late",
    "state",
    "version",
    "answers__number",
    "answers__subject",
    "answers__source__kind",
    "answers__source__name",
    "answers__source__short_name",
    "answers__state",
    "answers__source_item__state",
    "answers__source_decision__number",
    "answers__source_decision__state",
    "answers__source_decision__revoked_on",
    "answers__source_decision__superseded_on",
    "continued_from",
)
#: What an item answers, with where it came from and what it stands on.
ANSWERING = ("answers__source", "answers__source_decision", "answers__source_item")
#: From here on a meeting has hardly any air left; the share is that of 110 in 120 minutes.
_TIGHT = 110 / 120


class CannotMove(Exception):
    """The item cannot be put there. `str()` is a German sentence."""


@dataclass(frozen=True)
class Numbered:
    """An item with its place: TOP number, and when it begins and ends if everything goes to plan."""

    item: AgendaItem
    number: int
    begins: dt.datetime
    ends: dt.datetime
    is_first_topic: bool = False
    is_last_topic: bool = False
    tells: Told = NOTHING  # what a standing item tells by itself
    papers: tuple[PaperLine, ...] = ()
    only_for: str = ""  # "Vertraulich: nur für Jobcenter"

    @property
    def fallen(self) -> str:
        """Of what the item answers: that it does not hold any more; mostly empty."""
        return relay_ground.fallen(self.item.answers)

    @property
    def told(self) -> tuple[str, ...]:
        """What a standing item tells, line by line."""
        return self.tells.lines

    @property
    def is_standing(self) -> bool:
        return bool(self.item.standing_code)

    @property
    def fills_itself(self) -> bool:
        """Whether this is a standing item that tells something of its own."""
        return standing_told.is_filled(self.item)

    @property
    def is_formal(self) -> bool:
        return self.item.kind == AgendaItemKind.FORMAL

    @property
    def kind(self) -> str:
        """ "Beratung"."""
        return str(AgendaItemKind(self.item.kind).label)

    @property
    def line(self) -> str:
        """ "Beginn etwa 10:05 Uhr · Beratung · Susanne Overhage (BBS) · Nachtrag"."""
        item, presenter = self.item, self.item.presenter
        parts = (
            _("Beginn etwa %s") % german.hour(self.begins),
            "" if self.is_standing else self.kind,
            f"{presenter.full_name} ({presenter.organisation.short_name})" if presenter else "",
            _("Nachtrag") if item.is_late else "",
            _("vertagt") if item.state == AgendaItemState.DEFERRED else "",
        )
        return " · ".join(filter(None, parts))


@dataclass(frozen=True)
class Agenda:
    """What stands on the agenda of one meeting, as one person may see it. Sums count everything, seen or not."""

    entries: tuple[Numbered, ...]
    minutes: int
    capacity: int

    @property
    def free(self) -> int:
        """Minutes left; below zero when the agenda is too long."""
        return self.capacity - self.minutes

    @property
    def over(self) -> int:
        """Minutes too many."""
        return max(-self.free, 0)

    @property
    def bar(self) -> int:
        """The sum in 600ths of the meeting, at most all of it, for a drawn bar."""
        return round(600 * min(self.minutes, self.capacity) / self.capacity)

    @property
    def is_too_long(self) -> bool:
        return self.minutes > self.capacity

    @property
    def is_tight(self) -> bool:
        return self.minutes > self.capacity * _TIGHT and not self.is_too_long

    @property
    def is_empty(self) -> bool:
        return not self.entries

    @property
    def fills_itself(self) -> bool:
        """Whether any of its items tells something of its own."""
        return any(entry.fills_itself for entry in self.entries)


def minutes_over(meeting: Meeting) -> int:
    """By how many minutes the agenda is longer than the meeting; zero where it fits."""
    on_it = AgendaItem.objects.on_agenda().filter(meeting=meeting, position__gt=0).order_by()
    minutes: int = on_it.aggregate(total=Sum("duration_minutes"))["total"] or 0
    return max(minutes - int((meeting.end - meeting.start).total_seconds() // 60), 0)


def numbered(meeting: Meeting, *, reader: object, at: dt.datetime, telling: Telling = Telling.TODAY) -> Agenda:
    """The agenda with numbers and times, as `reader` sees it at `at`.

    Confidential items a reader may not see are left out; the numbers of the others do not change, so that
    "TOP 4" means the same to everybody. Between two sendings members see what they were sent. Of the papers only those this reader may open are named. `telling` says
    how much standing items say of what they are filled with.
    """
    sight = sight_of(reader, at=at)
    rows = agenda_confidential.marked(AgendaItem.objects.on_agenda()).filter(meeting=meeting, position__gt=0).order_by()
    loaded = rows.select_related("presenter__organisation", *ANSWERING).only(*_SHOWN)
    if not sight.everything:
        visible = AgendaItem.objects.visible_to(sight, at=at).filter(meeting=meeting)
        loaded = loaded.annotate(is_seen=Case(When(pk__in=visible.values("pk"), then=True), default=False))
    # Put in order here: building an ORDER BY costs more than sorting a dozen rows.
    items = sorted(loaded, key=lambda item: (item.position, item.pk))
    seen = {item.pk for item in items if sight.everything or getattr(item, "is_seen", False)}
    papers = agenda_papers.of_items(seen, sight=sight)
    told = standing_told.of([item for item in items if item.pk in seen], meeting, sight=sight, at=at, telling=telling)
    only_for = agenda_confidential.words_for(item for item in items if item.pk in seen)
    topics = [item.pk for item in items if not item.standing_code]
    places = agenda_sent.places(items, meeting, sight=sight)
    entries: list[Numbered] = []
    begins = meeting.start
    for place in places:
        number, item = place.number, place.item
        ends = begins + dt.timedelta(minutes=place.minutes)
        if item is not None and item.pk in seen:
            is_first, is_last = bool(topics) and item.pk == topics[0], bool(topics) and item.pk == topics[-1]
            entry = Numbered(item, number, begins, ends, is_first_topic=is_first, is_last_topic=is_last)
            entry = replace(entry, tells=told.get(item.pk, NOTHING), papers=papers.get(item.pk, ()))
            entries.append(replace(entry, only_for=only_for.get(item.pk, "")))
        begins = ends
    return Agenda(
        tuple(entries),
        minutes=sum(place.minutes for place in places),
        capacity=round((meeting.end - meeting.start).total_seconds() / 60),
    )


def place(item: AgendaItem) -> None:
    """Put an item on its meeting's agenda: a topic behind the last topic, before the closing frame."""
    others = _items(item)
    others = [other for other in others if other.pk != item.pk]
    lead = _leading(others, item)
    topics = [other for other in others if not other.standing_code]
    tail = [other for other in others if other.standing_code and other.pk not in {one.pk for one in lead}]
    _number([*lead, *topics, item, *tail])


def remove(item: AgendaItem) -> None:
    """Take an item off the agenda and close the gap."""
    _set_position(item, 0)
    _number([other for other in _items(item) if other.pk != item.pk])


def move_up(item: AgendaItem, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """One place earlier among the topics. Raises CannotMove."""
    _move(item, -1, by=by, at=at, via=via)


def move_down(item: AgendaItem, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """One place later among the topics. Raises CannotMove."""
    _move(item, +1, by=by, at=at, via=via)


def move_to(item: AgendaItem, position: int, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """To TOP `position`; a number inside the frame means the nearest place a topic may have. Raises CannotMove."""
    with transaction.atomic():
        put(item, position)
        _record(item, by=by, at=at, via=via)


def put(item: AgendaItem, position: int) -> None:
    """`move_to` as part of another verb, which records it. Needs a transaction. Raises CannotMove."""
    items = _locked(item)
    topics = [other for other in items if not other.standing_code]
    first = next(number for number, other in enumerate(items, start=1) if other.pk == topics[0].pk)
    wanted = min(max(position - first, 0), len(topics) - 1)
    rest = [other for other in topics if other.pk != item.pk]
    _rearrange(items, [*rest[:wanted], item, *rest[wanted:]])


def _move(item: AgendaItem, step: int, *, by: Person, at: dt.datetime, via: str) -> None:
    with transaction.atomic():
        items = _locked(item)
        topics = [other for other in items if not other.standing_code]
        here = [other.pk for other in topics].index(item.pk)
        there = here + step
        if there < 0:
            raise CannotMove(_("Der Punkt steht schon an erster Stelle der Themen."))
        if there >= len(topics):
            raise CannotMove(_("Der Punkt steht schon an letzter Stelle der Themen."))
        topics[here], topics[there] = topics[there], topics[here]
        _rearrange(items, topics)
        _record(item, by=by, at=at, via=via)


def _locked(item: AgendaItem) -> list[AgendaItem]:
    """The agenda's items, held until the end of the transaction. Raises CannotMove for what cannot be moved."""
    if item.meeting_id is None:
        raise CannotMove(_("Dieses Thema steht auf keiner Tagesordnung."))
    if Meeting.objects.select_for_update().get(pk=item.meeting_id).state not in OPEN_MEETINGS:
        raise CannotMove(_("Die Tagesordnung dieser Sitzung ist abgeschlossen. Die Reihenfolge bleibt, wie sie ist."))
    items = _items(item)
    if item.standing_code:
        raise CannotMove(_("Dieser Punkt ist ein fester Punkt. Er behält seinen Platz."))
    if item.pk not in {other.pk for other in items}:
        raise CannotMove(_("Dieses Thema steht nicht auf der Tagesordnung."))
    return items


def _items(item: AgendaItem) -> list[AgendaItem]:
    if item.meeting_id is None:
        return []
    return list(AgendaItem.objects.filter(meeting_id=item.meeting_id, position__gt=0).on_agenda())


def _leading(items: Sequence[AgendaItem], item: AgendaItem) -> list[AgendaItem]:
    codes = set(
        StandingItem.objects.filter(alliance_id=item.alliance_id, position__lt=0).values_list("code", flat=True),
    )
    return [other for other in items if other.standing_code in codes]


def _rearrange(items: Sequence[AgendaItem], topics: Sequence[AgendaItem]) -> None:
    """Write a new order of the topics into the places topics have."""
    queue = iter(topics)
    _number([other if other.standing_code else next(queue) for other in items])


def _number(items: Iterable[AgendaItem]) -> None:
    for position, item in enumerate(items, start=1):
        _set_position(item, position)


def _set_position(item: AgendaItem, position: int) -> None:
    if item.position != position:
        AgendaItem.objects.filter(pk=item.pk).update(position=position)
        item.position = position


def _record(item: AgendaItem, *, by: Person, at: dt.datetime, via: str) -> None:
    item.refresh_from_db(fields=["position"])
    journal.record(
        Happened.ITEM_ORDERED,
        item,
        at=at,
        by=by,
        via=via,
        body=item.alliance,
        data={"meeting": item.meeting_id, "position": item.position},
    )
