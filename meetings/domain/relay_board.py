"""All relays at a glance: who acts next, what happens otherwise, what is overdue. The same few queries for any number.

What is open is read whole, since who acts next is computed and orders the list; what has ended is read a page at a
time. A page shows `A_PAGE` relays, the open ones first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Count, DateTimeField, F, Min, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Body, Topic
from meetings.domain import decision_register, relay_turn
from meetings.domain.relay_rules import ANSWERING
from meetings.domain.relay_turn import Turn, Waiting
from meetings.enums import RELAY_OPEN, RELAY_TRAVELLING, RelayKind, RelayState
from meetings.models import AgendaItem, Decision, Relay
from meetings.models.relay import RelayQuerySet

A_PAGE = 10
_RECENT = 40
_SUPPORTING = 8  # answers offered to lean on
_SOON = dt.timedelta(days=15)  # from here on a due date is coloured
_YEAR = dt.timedelta(days=365)  # as far back as answers are averaged, and decisions and answers are offered
#: What a row of an ended relay shows; nobody has to act on it any more.
_ENDED_LISTED = (
    "number",
    "kind",
    "subject",
    "state",
    "sent_at",
    "answer_kind",
    "answered_at",
    "declined_at",
    "outcome",
    "outcome_on",
    "source_id",
    "target_id",
)
_OVER = Waiting(Turn.NOBODY)
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

    relay: Relay
    waiting: Waiting
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

    `mean_days`: to an answer, over what was answered in the last twelve months; None without any, and where what
    has ended is not asked for.
    """

    overdue: Section
    ours: Section
    theirs: Section
    quiet: Section
    ended: Section
    page: Page[int]
    mean_days: int | None

    @property
    def open_count(self) -> int:
        return self.overdue.total + self.ours.total + self.theirs.total + self.quiet.total

    @property
    def is_empty(self) -> bool:
        return not self.page.paginator.count


@dataclass(frozen=True)
class Choices:
    """What the filters offer: everybody who ever sent or got a relay, all topics with their ids, every year since the first."""

    bodies: list[Body]
    topics: list[tuple[int, str]]
    years: list[int]


@dataclass(frozen=True)
class _Past:
    """How many have ended, and the mean time to an answer."""

    count: int = 0
    mean: dt.timedelta | None = None


def choices(*, at: dt.datetime) -> Choices:
    """What the filters offer; the latest year first. Two queries."""
    senders = Body.objects.only("kind", "name", "short_name", "prefix").annotate(
        first_number=Min("relays_sent__number")
    )
    bodies = list(
        senders.filter(Q(first_number__isnull=False) | Q(pk__in=Relay.objects.values("target"))).order_by("kind", "pk")
    )
    numbers = filter(None, (vars(body)["first_number"] for body in bodies))
    first = min((int(number.split("-")[1]) for number in numbers), default=None)
    years = list(range(local_date(at).year, first - 1, -1)) if first else []
    topics = Topic.objects.filter(merged_into__isnull=True).order_by("name").values_list("pk", "name")
    return Choices(bodies, list(topics), years)


def board(
    reader: object, filters: Filters, *, bodies: Iterable[Body], number: str | int | None = 1, at: dt.datetime
) -> Board:
    """Page `number` of the relays `reader` may see; a number that is no page gives the nearest.

    `bodies`: everybody who ever sent or got one, as `choices` found them.
    """
    known = {body.pk: body for body in bodies}
    relays = Relay.objects.visible_to(reader, at=at).filter(_narrowed(filters))
    ended = relays.filter(state__in=filters.ended_states)
    past = _past(ended, at=at) if filters.ended_states else _Past()
    sections = _open_sections(relays.filter(state__in=filters.open_states), filters, known, at=at)
    under_way = sum(len(found) for found in sections)
    page = Paginator(range(under_way + past.count), A_PAGE).get_page(number)
    first, last = page.start_index() - 1, page.end_index()
    shown, begun = [], 0
    for found in sections:
        shown.append(found[max(first - begun, 0) : max(last - begun, 0)])
        begun += len(found)
    window = slice(max(first - under_way, 0), max(last - under_way, 0))
    around = relay_turn.surroundings([one.target for part in shown for one in part], names_only=True, at=at)
    overdue, ours, theirs, quiet = (
        Section(tuple(_row(relay, at=at, around=around) for relay in part), len(found))
        for part, found in zip(shown, sections, strict=True)
    )
    return Board(
        overdue=overdue,
        ours=ours,
        theirs=theirs,
        quiet=quiet,
        ended=Section(_ended_rows(ended, window, known, at=at), past.count),
        page=page,
        mean_days=round(past.mean / dt.timedelta(days=1)) if past.mean is not None else None,
    )


def decisions_to_relay(words: str = "", *, at: dt.datetime) -> list[Decision]:
    """Standing decisions, the latest first: where a relay usually begins. Those of the last year, or of any in which all `words` occur."""
    rows = decision_register.narrowed(Decision.objects.standing(), {"q": words}, at=at)
    if not words:
        rows = rows.filter(decided_on__gte=local_date(at) - _YEAR)
    return list(rows.select_related("alliance").order_by("-decided_on", "number")[:_RECENT])


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
    if filters.source_id:
        wanted &= Q(source=filters.source_id)
    if filters.target_id:
        wanted &= Q(target=filters.target_id)
    if filters.kind:
        wanted &= Q(kind=filters.kind)
    if filters.topic_id:
        about = (model.objects.filter(topics=filters.topic_id).values("pk") for model in (Decision, AgendaItem))
        wanted &= Q(source_decision__in=next(about)) | Q(source_item__in=next(about))
    if filters.year:
        wanted &= Q(number__startswith=f"W-{filters.year}-")
    return wanted


def _past(ended: RelayQuerySet, *, at: dt.datetime) -> _Past:
    """One query."""
    answered = Q(answered_at__gte=at - _YEAR) & ~Q(kind=RelayKind.FOR_INFORMATION)
    mean = Avg(F("answered_at") - F("sent_at"), filter=answered)
    return _Past(**ended.aggregate(count=Count("pk"), mean=mean))


def _open_sections(
    relays: RelayQuerySet, filters: Filters, bodies: Mapping[int, Body], *, at: dt.datetime
) -> list[list[Relay]]:
    """Overdue ones, ours, theirs, and what runs by itself, each by its due date."""
    today = local_date(at)
    if filters.scope == "overdue":
        relays = relays.overdue(today)
    found = relay_turn.listed_between(relays, bodies) if filters.open_states else []
    parts: dict[str, list[Relay]] = {"overdue": [], Turn.FACHSTELLE: [], Turn.TARGET: [], Turn.NOBODY: []}
    anywhere = relay_turn.surroundings([], at=at)  # whose turn it is depends on nothing around
    for relay in sorted(found, key=_by_due):
        turn = relay_turn.waiting_for(relay, at=at, around=anywhere).turn
        if filters.turn in {"", turn}:
            parts["overdue" if relay_turn.is_overdue(relay, today) else turn].append(relay)
    return list(parts.values())


def _ended_rows(
    relays: RelayQuerySet, window: slice, bodies: Mapping[int, Body], *, at: dt.datetime
) -> tuple[Row, ...]:
    """The latest end first."""
    if window.start >= window.stop:
        return ()
    ended = Coalesce("closed_at", "declined_at", "withdrawn_at", output_field=DateTimeField())
    latest = relays.order_by(ended.desc(nulls_last=True), "-number").only(*_ENDED_LISTED)[window]
    for relay in latest:
        relay.source, relay.target = bodies[relay.source_id], bodies[relay.target_id]
    return tuple(_ended_row(relay) for relay in latest)


def _ended_row(relay: Relay) -> Ended:
    days = relay_turn.turnaround_days(relay)
    return Ended(
        **_named(relay, _OVER),
        day=local_date(relay.sent_at) if relay.sent_at else None,
        result=str(relay.get_outcome_display() if relay.outcome else relay.get_answer_kind_display()),
        took=_("keine") if days is None else german.after(days),
    )


def _row(relay: Relay, *, at: dt.datetime, around: relay_turn.Surroundings) -> Row:
    today, waiting = local_date(at), relay_turn.waiting_for(relay, at=at, around=around)
    said = _named(relay, waiting)
    said |= {"who": waiting.who, "detail": waiting.detail, "otherwise": waiting.otherwise}
    if relay.answered_at:
        return Row(**said, due_words=_("beantwortet am"), day=local_date(relay.answered_at))
    if relay.due_on is None:
        return Row(**said, due_words=_("ohne Frist"))
    is_overdue = relay_turn.is_overdue(relay, today)
    is_soon = today <= relay.due_on <= today + _SOON
    return Row(
        **said,
        due_words=german.days_until(relay.due_on, today),
        urgency="late" if is_overdue else "soon" if is_soon else "",
        lead=_("war bis") if is_overdue else _("bis"),
        day=relay.due_on,
    )


def _named(relay: Relay, waiting: Waiting) -> dict[str, Any]:
    return {
        "relay": relay,
        "waiting": waiting,
        "number": relay.number,
        "subject": relay.subject,
        "kind": str(RelayKind(relay.kind).label),
        "state": relay.state_word,
        "source": relay.source,
        "target": relay.target,
    }


def _by_due(relay: Relay) -> tuple[dt.date, str]:
    return relay.due_on or dt.date.max, relay.number
