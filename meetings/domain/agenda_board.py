"""What lies beside an agenda while it is built: proposals, relays due, what waits, and what was decided already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Person
from meetings.domain import (
    agenda_chain,
    agenda_confidential,
    agenda_fate,
    agenda_order,
    agenda_seen,
    agenda_sending,
    agenda_successor,
    relay_ground,
    similar_topics,
)
from meetings.domain.agenda_chain import Carried
from meetings.domain.agenda_order import Agenda, Numbered
from meetings.domain.agenda_rules import OPEN_MEETINGS
from meetings.domain.agenda_seen import Seen
from meetings.domain.similar_topics import Nearby
from meetings.domain.standing_told import Telling
from meetings.enums import AgendaItemState, RelayState
from meetings.models import AgendaItem, Meeting, Relay
from meetings.models.agenda_item import AgendaItemQuerySet

_DECIDED = (
    AgendaItemState.DECLINED,
    AgendaItemState.DELEGATED,
    AgendaItemState.MERGED,
    AgendaItemState.WITHDRAWN,
    AgendaItemState.DEFERRED,
)
#: Relays that wait for a place on an agenda of the target.
_WAITING = (RelayState.SENT, RelayState.ACKNOWLEDGED)
#: Relays that are told in the report of the source.
_HOME = (RelayState.ANSWERED, RelayState.RETURNED)
#: What the board shows of a topic beside the agenda, and of a relay: most columns are long texts it does not need.
_BESIDE = (
    "meeting",
    "alliance",
    "title",
    "description",
    "wished_result",
    "kind",
    "duration_minutes",
    "state",
    "reason",
    "is_late",
    "position",
    "submitted_at",
    "submitted_via",
    "relates_to",
    "continued_from",
    "merged_into",
    "proposer__first_name",
    "proposer__last_name",
    "proposer__salutation",
    "proposer__academic_title",
    "proposer__organisation__short_name",
    "answers__number",
    "answers__source__kind",
    "answers__source__name",
    "answers__source__short_name",
    "delegated_to__short_name",
    "merged_into__title",
)
_RELAY = (
    "number",
    "subject",
    "state",
    "kind",
    "due_on",
    "answered_at",
    "source__kind",
    "source__name",
    "source__short_name",
    "target__kind",
    "target__name",
    "target__short_name",
    "answer_decision__number",
    "source_item__state",
    "source_decision__number",
    "source_decision__state",
    "source_decision__revoked_on",
    "source_decision__superseded_on",
)


@dataclass(frozen=True)
class Offer:
    """A topic beside the agenda, and how long the agenda would be with it."""

    item: AgendaItem
    minutes_with: int
    is_too_long: bool
    carried: Carried | None = None
    joined: Sequence[AgendaItem] = ()
    only_for: str = ""  # "Vertraulich: nur für Jobcenter"
    nearby: Nearby | None = None


@dataclass(frozen=True)
class Waiting:
    """What another body asks and stands on no agenda yet. `fallen`: that what it carries does not hold any more."""

    relay: Relay
    fallen: str


@dataclass(frozen=True)
class Row:
    """A row of the agenda with what stands in its fields: what is stored, or what somebody typed that was refused.

    Numbers are words here already, and safe ones: forty rows name theirs a thousand times, and a page would format and
    escape each anew.
    """

    entry: Numbered
    pk: str
    number: str
    version: str
    carried: Carried | None
    joined: Sequence[AgendaItem]
    minutes: str
    presenter: str

    @property
    def item(self) -> AgendaItem:
        return self.entry.item

    @property
    def fills_itself(self) -> bool:
        """Whether the item says something of its own on the agenda; the board names only that it does."""
        return self.entry.fills_itself

    @property
    def line(self) -> str:
        """ "Beratung · Beginn etwa 10:05 Uhr · Nachtrag · kommt wieder, seit 3 Sitzungen offen"."""
        item, entry = self.entry.item, self.entry
        answers = item.answers
        parts = (
            _("fester Punkt") if entry.is_standing else entry.kind,
            _("Beginn etwa %s") % german.hour(entry.begins),
            _("antwortet auf %(number)s aus %(body)s") % {"number": answers.number, "body": answers.source.word}
            if answers
            else "",
            entry.fallen.rstrip("."),
            _("Nachtrag") if item.is_late else "",
            self.carried.words if self.carried else "",
            _("vertagt") if item.state == AgendaItemState.DEFERRED else "",
        )
        return " · ".join(filter(None, parts))


@dataclass(frozen=True)
class Board:
    """Everything the Fachstelle looks at while building one agenda."""

    meeting: Meeting
    agenda: Agenda
    rows: Sequence[Row]
    seen: Seen
    presenters: Sequence[str]
    returning: Sequence[Offer]
    proposals: Sequence[Offer]
    backlog: Sequence[Offer]
    decided: Sequence[tuple[AgendaItem, str]]  # with the key of the step that can be taken back, "0" for none
    relays: Sequence[Waiting]
    returns: Sequence[Relay]
    is_open: bool

    @property
    def waiting(self) -> int:
        """How much came from other bodies."""
        return len(self.relays) + len(self.returns)


def board(meeting: Meeting, *, reader: object, at: dt.datetime, typed: Mapping[str, str] | None = None) -> Board:
    """The board of one meeting. The number of queries does not depend on how much lies on it.

    `typed` are the fields of the rows as somebody sent them, where they were refused.
    """
    agenda = agenda_order.numbered(meeting, reader=reader, at=at, telling=Telling.NOTHING)
    chains = agenda_chain.carried(meeting.alliance_id)
    beside = list(_beside(agenda_confidential.marked(AgendaItem.objects.visible_to(reader, at=at)), meeting))
    joined = _joined(beside)
    rows = [item for item in beside if item.meeting_id == meeting.pk]
    backlog = [item for item in beside if item.state == AgendaItemState.BACKLOG]
    relays, returns = _relays(meeting, reader=reader, at=at)
    only_for = agenda_confidential.words_for([*rows, *backlog])
    proposed = [row for row in rows if row.state == AgendaItemState.PROPOSED]
    nearby = similar_topics.nearby(proposed, reader=reader, at=at)
    offers = [
        Offer(
            item,
            minutes,
            minutes > agenda.capacity,
            chains.get(item.pk),
            joined.get(item.pk, ()),
            only_for.get(item.pk, ""),
            nearby.get(item.pk),
        )
        for item in [*proposed, *backlog]
        for minutes in [agenda.minutes + item.duration_minutes]
    ]
    return Board(
        meeting=meeting,
        agenda=agenda,
        rows=[_row(entry, chains, joined, typed or {}) for entry in agenda.entries],
        seen=agenda_seen.now(entry.item.pk for entry in agenda.entries),
        presenters=list(presenters(meeting, at=at)),
        returning=[offer for offer in offers if offer.carried],
        proposals=[one for one in offers if not one.carried and one.item.state == AgendaItemState.PROPOSED],
        backlog=[one for one in offers if not one.carried and one.item.state == AgendaItemState.BACKLOG],
        decided=_decided(rows),
        relays=relays,
        returns=returns,
        is_open=meeting.state in OPEN_MEETINGS,
    )


def _decided(rows: Sequence[AgendaItem]) -> list[tuple[AgendaItem, str]]:
    found = [item for item in rows if item.state in _DECIDED and item.position == 0]
    steps = agenda_fate.last_steps(item.pk for item in found)
    return [(item, str(steps[item.pk].pk if item.pk in steps else 0)) for item in found]


def presenters(meeting: Meeting, *, at: dt.datetime) -> dict[str, Person]:
    """Who can be named on a row, by the words that name them there."""
    people = agenda_sending.reading(meeting, at=at).only("first_name", "last_name", "organisation__short_name")
    return {presenter_words(person): person for person in people}


def presenter_words(person: Person | None) -> str:
    """ "Susanne Overhage, BBS"."""
    return f"{person.full_name}, {person.organisation.short_name}" if person else ""


def ways(item: AgendaItem) -> list[tuple[str, str]]:
    """What may become of a topic instead, as code and sentence; `later:<meeting>` names the meeting."""
    found: list[tuple[str, str]] = []
    may_go = item.state != AgendaItemState.BACKLOG
    if may_go:
        found += [
            (f"later:{meeting.pk}", _("Verschieben in die Sitzung am %s.") % german.long_day(meeting.start))
            for meeting in agenda_successor.meetings_after(item)
        ]
    if may_go:
        found.append(
            ("backlog", _("Es kommt in den Themenspeicher und wird für die nächste Tagesordnung wieder vorgelegt."))
        )
    if item.state == AgendaItemState.PROPOSED:
        found.append(("delegate", _("Eine Stelle kümmert sich darum.")))
    if (
        item.state in {AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED, AgendaItemState.BACKLOG}
        and not item.answers_id
    ):
        found.append(("decline", _("Es wird nicht weiter verfolgt.")))
    return found


def _row(
    entry: Numbered, chains: Mapping[int, Carried], joined: Mapping[int, Sequence[AgendaItem]], typed: Mapping[str, str]
) -> Row:
    pk = entry.item.pk
    return Row(
        entry,
        mark_safe(str(pk)),  # noqa: S308 -- digits
        mark_safe(str(entry.number)),  # noqa: S308 -- digits
        mark_safe(str(entry.item.version)),  # noqa: S308 -- digits
        chains.get(pk),
        joined.get(pk, ()),
        minutes=typed.get(f"m-{pk}", str(entry.item.duration_minutes)),
        presenter=typed.get(f"p-{pk}", presenter_words(entry.item.presenter)),
    )


def _beside(seen: AgendaItemQuerySet, meeting: Meeting) -> AgendaItemQuerySet:
    """What is proposed for the meeting or was decided about it, what waits, and what is dealt with under any of it."""
    here = Q(meeting=meeting, state__in=[AgendaItemState.PROPOSED, *_DECIDED])
    waits = Q(meeting=None, state=AgendaItemState.BACKLOG)
    under = Q(state=AgendaItemState.MERGED) & (Q(merged_into__meeting=meeting) | Q(merged_into__meeting=None))
    found = seen.filter(here | waits | under, alliance_id=meeting.alliance_id)
    known = found.select_related("proposer__organisation", "answers__source", "delegated_to", "merged_into")
    return known.only(*_BESIDE).order_by("submitted_at", "pk")


def _relays(meeting: Meeting, *, reader: object, at: dt.datetime) -> tuple[list[Waiting], list[Relay]]:
    """What waits for a place on an agenda here, the one due first at the top; and what came home. One query."""
    waiting = Q(target_id=meeting.alliance_id, state__in=_WAITING)
    home = Q(source_id=meeting.alliance_id, state__in=_HOME)
    seen = Relay.objects.visible_to(reader, at=at).filter(waiting | home)
    related = ("source", "target", "answer_decision", "source_decision", "source_item")
    rows = list(seen.select_related(*related).only(*_RELAY).order_by("pk"))
    relays = [Waiting(relay, relay_ground.fallen(relay)) for relay in rows if relay.state in _WAITING]
    returns = [relay for relay in rows if relay.state in _HOME]
    relays.sort(key=lambda one: (one.relay.due_on is None, one.relay.due_on))
    returns.sort(key=lambda relay: (relay.answered_at is None, relay.answered_at))
    return relays, returns


def _joined(items: Sequence[AgendaItem]) -> dict[int, list[AgendaItem]]:
    """The topics that are dealt with under another one, by that one."""
    found: dict[int, list[AgendaItem]] = {}
    for item in items:
        if item.merged_into_id is not None:
            found.setdefault(item.merged_into_id, []).append(item)
    return found
