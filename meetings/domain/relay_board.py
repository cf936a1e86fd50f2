"""All relays at a glance: who acts next, what happens otherwise, what is overdue. The same few queries for any number.

What is open is read whole, since who acts next is computed and orders the list; what has ended is read a page at a
time. A page shows `A_PAGE` relays, the open ones first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Avg, Count, F, Q, Subquery
from django.utils.translation import gettext as _

from buendnisse import clock, german
from buendnisse.clock import local_date
from buendnisse.models import Body, Sight, Topic, sight_of
from buendnisse.models.prepared import Prepared, columns_of
from meetings.domain import decision_register, relay_listed, relay_turn
from meetings.domain.decision_register import Wanted
from meetings.domain.relay_listed import Listed
from meetings.domain.relay_rules import ANSWERING
from meetings.domain.relay_turn import Turn
from meetings.enums import RELAY_OPEN, RELAY_TRAVELLING, RelayAnswerKind, RelayKind, RelayOutcome, RelayState
from meetings.models import AgendaItem, Decision, Relay
from meetings.models.relay import RelayQuerySet

A_PAGE = 10
_RECENT = 40
_SUPPORTING = 8  # answers offered to lean on
_SOON = dt.timedelta(days=15)  # from here on a due date is coloured
_YEAR = dt.timedelta(days=365)  # as far back as answers are averaged, and decisions and answers are offered
_NAMED = columns_of(Body, "id", "kind", "name", "short_name", "prefix")
#: Filters by more than one state; every single state is one too.
_SCOPES: Mapping[str, frozenset[RelayState]] = {
    "open": RELAY_OPEN,
    "overdue": RELAY_TRAVELLING,
    "ended": frozenset(RelayState) - RELAY_OPEN,
    "all": frozenset(RelayState),
}


@dataclass(frozen=True)
class Filters:
    """What the board is narrowed to; empty values narrow nothing.

    `source_id`, `target_id`: one direction, where `body_id` takes both. `scope`: open, overdue, ended, all, or one state. `turn`: whose move it is; only what is open has one.
    """

    words: str = ""
    body_id: int | None = None
    kind: str = ""
    topic_id: int | None = None
    turn: str = ""
    scope: str = "open"
    year: int | None = None
    source_id: int | None = None
    target_id: int | None = None

    @property
    def open_states(self) -> frozenset[RelayState]:
        return self._states & RELAY_OPEN

    @property
    def ended_states(self) -> frozenset[RelayState]:
        return frozenset() if self.turn else self._states - RELAY_OPEN

    @property
    def is_narrow(self) -> bool:
        return self != Filters(scope=self.scope) or self.scope not in {"open", "all"}

    @property
    def _states(self) -> frozenset[RelayState]:
        return _SCOPES[self.scope] if self.scope in _SCOPES else frozenset({RelayState(self.scope)})


@dataclass(frozen=True)
class Row:
    """A relay in ready words, so that a page only sets them.

    `lead` and `day`: "bis" "11.12.2026"; both empty without a due date. `urgency`: late, soon or nothing.
    """

    relay: Listed
    number: str
    subject: str
    kind: str
    state: str
    source: Body
    target: Body
    who: str = ""
    detail: str = ""
    otherwise: str = ""
    due_words: str = ""
    urgency: str = ""
    lead: str = ""
    day: dt.date | None = None


@dataclass(frozen=True)
class Ended(Row):
    """One that is over. `result`: its outcome or the kind of its answer; `took`: "nach 19 Tagen", "keine"."""

    result: str = ""
    took: str = ""


@dataclass(frozen=True)
class Section:
    """Relays that need the same; `rows` are those of this page, `total` counts those of every page."""

    rows: tuple[Row, ...]
    total: int

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Board:
    """Sections in the order of need; a relay stands in exactly one. `page` pages over all of them.

    `mine`: where it is the reader who speaks for who is asked; empty for the Fachstelle, whose own are `ours`.
    `mean_days`: to an answer, over what was answered in the last twelve months; None without any, and where what
    has ended is not asked for.
    """

    overdue: Section
    mine: Section
    ours: Section
    theirs: Section
    quiet: Section
    ended: Section
    page: Page[int]
    mean_days: int | None

    @property
    def open_count(self) -> int:
        return self.overdue.total + self.mine.total + self.ours.total + self.theirs.total + self.quiet.total

    @property
    def is_empty(self) -> bool:
        return not self.page.paginator.count


@dataclass(frozen=True)
class Choices:
    """What the filters offer: everybody who ever sent or got a relay, all topics with their ids, every year since the first."""

    bodies: list[Body]
    topics: Sequence[tuple[Any, ...]]
    years: list[int]


@dataclass(frozen=True)
class _Look:
    """Who looks for what, and on which day."""

    sight: Sight
    filters: Filters
    day: dt.date

    @property
    def open(self) -> RelayQuerySet:
        rows = self._seen.filter(state__in=self.filters.open_states)
        return rows.overdue(self.day) if self.filters.scope == "overdue" else rows

    @property
    def ended(self) -> RelayQuerySet:
        return self._seen.filter(state__in=self.filters.ended_states)

    @property
    def _seen(self) -> RelayQuerySet:
        """What a sight sees hangs on no moment."""
        at = clock.at_local(self.day, dt.time(12))
        return Relay.objects.visible_to(self.sight, at=at).filter(_narrowed(self.filters))


@dataclass(frozen=True)
class _Past:
    """How many have ended, and the mean time to an answer."""

    count: int = 0
    mean: dt.timedelta | None = None


def choices(*, at: dt.datetime) -> Choices:
    """What the filters offer; the latest year first. Two queries."""
    query, topics = _asking_for_bodies(), _asking_for_topics()
    rows = query.fetch()
    bodies = [Body.from_db(connection.alias, _NAMED, row[:-1]) for row in rows]
    years = range(local_date(at).year, int(rows[0][-1].split("-")[1]) - 1, -1) if rows else ()
    return Choices(bodies, topics.fetch(), list(years))


@cache
def _asking_for_bodies() -> Prepared:
    """Each body with the first number there is at all."""
    first = Relay.objects.order_by("number").values("number")[:1]
    there = Q(pk__in=Relay.objects.values("source")) | Q(pk__in=Relay.objects.values("target"))
    bodies = Body.objects.filter(there).order_by("kind", "pk")
    return Prepared(lambda: bodies.values_list(*_NAMED, Subquery(first)))


@cache
def _asking_for_topics() -> Prepared:
    topics = Topic.objects.filter(merged_into__isnull=True).order_by("name")
    return Prepared(lambda: topics.values_list("pk", "name"))


def board(
    reader: object, filters: Filters, *, bodies: Iterable[Body], number: str | int | None = 1, at: dt.datetime
) -> Board:
    """Page `number` of the relays `reader` may see; a number that is no page gives the nearest.

    `bodies`: everybody who ever sent or got one, as `choices` found them.
    """
    known = {body.pk: body for body in bodies}
    look = _Look(sight_of(reader, at=at), filters, local_date(at))
    past = _past(look, at=at) if filters.ended_states else _Past()
    sections = _open_sections(look, known, at=at)
    targets = [one.target for part in sections for one in part]
    around = relay_turn.surroundings(
        targets, names_only=True, is_ours=look.sight.everything, reader=look.sight.person_id, at=at
    )
    sections[1:1] = [[]]
    if not look.sight.everything:
        sections[1], sections[3] = _parted(sections[3], around)
    under_way = sum(len(found) for found in sections)
    page = Paginator(range(under_way + past.count), A_PAGE).get_page(number)
    first, last = page.start_index() - 1, page.end_index()
    shown, begun = [], 0
    for found in sections:
        shown.append(found[max(first - begun, 0) : max(last - begun, 0)])
        begun += len(found)
    overdue, mine, ours, theirs, quiet = (
        Section(tuple(_row(relay, at=at, around=around) for relay in part), len(found))
        for part, found in zip(shown, sections, strict=True)
    )
    ended = _ended_rows(look, max(first - under_way, 0), max(last - under_way, 0), known)
    return Board(
        overdue=overdue,
        mine=mine,
        ours=ours,
        theirs=theirs,
        quiet=quiet,
        ended=Section(ended, past.count),
        page=page,
        mean_days=round(past.mean / dt.timedelta(days=1)) if past.mean is not None else None,
    )


def decisions_to_relay(words: str = "", *, at: dt.datetime) -> list[Decision]:
    """Standing decisions, the latest first: where a relay usually begins. Those of the last year, or of any in which all `words` occur."""
    rows = decision_register.narrowed(Decision.objects.standing(), Wanted(words=words), at=at)
    if not words:
        rows = rows.filter(decided_on__gte=local_date(at) - _YEAR)
    return list(
        rows.select_related("alliance").prefetch_related("relays__target").order_by("-decided_on", "number")[:_RECENT]
    )


def decisions_that_may_answer(relay: Relay) -> list[Decision]:
    """Decisions the target has taken since it was asked, the latest first."""
    since = local_date(relay.sent_at) if relay.sent_at else dt.date.max
    return list(
        Decision.objects.filter(alliance_id=relay.target_id, state__in=ANSWERING, decided_on__gte=since).order_by(
            "-decided_on", "-number"
        )[:_RECENT]
    )


def that_may_support(body: Body, *, chosen: Iterable[Relay] = (), at: dt.datetime) -> list[Relay]:
    """What a question of this body may lean on: what came back to or from it in the last twelve months, the latest first.

    `chosen`: what a draft leans on already; it is offered however old it has become.
    """
    concerning = Relay.objects.filter(Q(source=body.pk) | Q(target=body.pk), answered_at__gte=at - _YEAR)
    answered = concerning.filter(state__in=[RelayState.RETURNED, RelayState.CLOSED]).exclude(
        kind=RelayKind.FOR_INFORMATION
    )
    recent = answered.select_related("source", "target").order_by("-answered_at", "-number")[:_SUPPORTING]
    return list(dict.fromkeys([*recent, *chosen]))


def _narrowed(filters: Filters) -> Q:
    """Everything but whose turn it is, which no query knows, and the states."""
    wanted = Q()
    for word in filters.words.split():
        wanted &= Q(number__icontains=word) | Q(subject__icontains=word) | Q(message__icontains=word)
    if filters.body_id:
        wanted &= Q(source=filters.body_id) | Q(target=filters.body_id)
    if sides := {name: pk for name, pk in (("source", filters.source_id), ("target", filters.target_id)) if pk}:
        wanted &= Q(**sides, sent_at__isnull=False)  # an arrow of the overview led here, which counts what was sent
    if filters.kind:
        wanted &= Q(kind=filters.kind)
    if filters.topic_id:
        about = (model.objects.filter(topics=filters.topic_id).values("pk") for model in (Decision, AgendaItem))
        wanted &= Q(source_decision__in=next(about)) | Q(source_item__in=next(about))
    if filters.year:
        wanted &= Q(number__startswith=f"W-{filters.year}-")
    return wanted


def _past(look: _Look, *, at: dt.datetime) -> _Past:
    """One query."""
    answered = Q(answered_at__gte=at - _YEAR) & ~Q(kind=RelayKind.FOR_INFORMATION)
    mean = Avg(F("answered_at") - F("sent_at"), filter=answered)
    return _Past(**look.ended.aggregate(count=Count("pk"), mean=mean))


def _open_sections(look: _Look, bodies: Mapping[int, Body], *, at: dt.datetime) -> list[list[Listed]]:
    """Overdue ones, ours, theirs, and what runs by itself, each by its due date. One query."""
    found = relay_listed.read_open(_asking_for_open(look), bodies) if look.filters.open_states else []
    parts: dict[str, list[Listed]] = {"overdue": [], Turn.FACHSTELLE: [], Turn.TARGET: [], Turn.NOBODY: []}
    anywhere = relay_turn.surroundings([], at=at)  # whose turn it is depends on nothing around
    for relay in sorted(found, key=_by_due):
        turn = relay_turn.waiting_for(relay, at=at, around=anywhere).turn
        if look.filters.turn in {"", turn}:
            parts["overdue" if relay_turn.is_overdue(relay, look.day) else turn].append(relay)
    return list(parts.values())


def _parted(theirs: list[Listed], around: relay_turn.Surroundings) -> tuple[list[Listed], list[Listed]]:
    """What waits for the reader, and what for others."""
    mine = [relay for relay in theirs if around.is_asked(relay.target_id)]
    return mine, [relay for relay in theirs if relay not in mine]


def _ended_rows(look: _Look, first: int, last: int, bodies: Mapping[int, Body]) -> tuple[Row, ...]:
    """The latest end first. One query; none for an empty stretch."""
    if first >= last:
        return ()
    return tuple(_ended_row(one) for one in relay_listed.read_ended(_asking_for_ended(look, first, last), bodies))


@lru_cache(maxsize=128)
def _asking_for_open(look: _Look) -> Prepared:
    return relay_listed.open_ones(look.open)


@lru_cache(maxsize=128)
def _asking_for_ended(look: _Look, first: int, last: int) -> Prepared:
    return relay_listed.ended_ones(look.ended, slice(first, last))


def _ended_row(relay: Listed) -> Ended:
    days = relay_turn.turnaround_days(relay)
    kind = relay.answer_kind and str(RelayAnswerKind(relay.answer_kind).label)
    return Ended(
        **_named(relay),
        day=local_date(relay.sent_at) if relay.sent_at else None,
        result=str(RelayOutcome(relay.outcome).label) if relay.outcome else kind,
        took=_("keine") if days is None else german.after(days),
    )


def _row(relay: Listed, *, at: dt.datetime, around: relay_turn.Surroundings) -> Row:
    today, waiting = local_date(at), relay_turn.waiting_for(relay, at=at, around=around)
    said = _named(relay)
    said |= {"who": waiting.who, "detail": waiting.detail, "otherwise": waiting.otherwise}
    if relay.answered_at:
        return Row(**said, due_words=_("beantwortet am"), day=local_date(relay.answered_at))
    if relay.due_on is None:
        return Row(**said, due_words=_("ohne Frist"))
    if relay.state == RelayState.DRAFT and relay.due_on < today:  # nobody was asked yet, so nobody is late
        return Row(**said, due_words=_("Frist schon vorbei"), urgency="late", lead=_("war bis"), day=relay.due_on)
    is_overdue = relay_turn.is_overdue(relay, today)
    is_soon = today <= relay.due_on <= today + _SOON
    return Row(
        **said,
        due_words=german.days_until(relay.due_on, today),
        urgency="late" if is_overdue else "soon" if is_soon else "",
        lead=_("war bis") if is_overdue else _("bis"),
        day=relay.due_on,
    )


def _named(relay: Listed) -> dict[str, Any]:
    return {
        "relay": relay,
        "number": relay.number,
        "subject": relay.subject,
        "kind": str(RelayKind(relay.kind).label),
        "state": relay.state_word,
        "source": relay.source,
        "target": relay.target,
    }


def _by_due(relay: Listed) -> tuple[dt.date, str]:
    return relay.due_on or dt.date.max, relay.number
