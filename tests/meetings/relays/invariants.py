"""What must hold for relays whatever has happened, each said as an assertion about the database as it is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from django.db.models import Q

from buendnisse.models import Body, Change, Sight, sight_of
from meetings.domain import (
    agenda_order,
    relay_board,
    relay_item,
    relay_options,
    relay_path,
    relay_turn,
    standing_lines,
    standing_look,
)
from meetings.domain.relay_options import Option
from meetings.domain.relay_turn import Turn
from meetings.enums import (
    BEGUN,
    NOT_AHEAD,
    RELAY_OPEN,
    RELAY_TRAVELLING,
    AgendaItemState,
    DecisionState,
    Happened,
    MeetingState,
    RelayKind,
    RelayState,
)
from meetings.models import AgendaItem, Decision, Meeting, Relay
from tests.world import World

_LIVE = (AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED, AgendaItemState.BACKLOG)
#: What a sentence to the Fachstelle calls for: words of it, and the buttons, or either of two sets of them.
_CALLS_FOR: tuple[tuple[str, tuple[frozenset[Option], ...]], ...] = (
    ("Nehmen Sie den Entwurf zurück.", (frozenset({Option.WITHDRAW}),)),
    ("Nehmen Sie die Bitte zurück, oder lassen Sie sie laufen.", (frozenset({Option.WITHDRAW, Option.KEEP}),)),
    ("Noch nicht gesendet.", (frozenset({Option.SEND}),)),
    ("Noch nicht eingeplant.", (frozenset({Option.TAKE_UP}),)),
    ("Abstimmung per E-Mail oder neue Frist?", (frozenset({Option.VOTE, Option.NEW_DATE}),)),
    ("noch keine Sitzung fest, die es aufnehmen kann.", (frozenset({Option.TAKE_UP, Option.VOTE}),)),
    ("Liegt im Themenspeicher von", (frozenset({Option.TAKE_UP}),)),
    ("fällt aus. Bitte neu einplanen.", (frozenset({Option.TAKE_UP}), frozenset({Option.DEFER}))),
    ("Nehmen Sie ihn auf?", (frozenset({Option.TAKE_UP}),)),
    ("Bitte halten Sie die Antwort fest.", (frozenset({Option.ANSWER}),)),
    ("Fragen Sie nach dem Ergebnis, und tragen Sie es ein.", (frozenset({Option.OUTCOME}),)),
    ("vermerken Sie, wenn es angekommen ist.", (frozenset({Option.ACKNOWLEDGE}),)),
    ("vermerken Sie die Kenntnisnahme.", (frozenset({Option.ANSWER}),)),
    ("noch keine Sitzung mit einem Bericht fest.", (frozenset({Option.ANSWER}),)),
    ("ist vorbei. Was wurde daraus?", (frozenset({Option.ANSWER}), frozenset({Option.CLOSE}))),
    ("Bitte planen Sie eine.", (frozenset({Option.ANSWER}), frozenset({Option.CLOSE}))),
)
_ANSWERED = frozenset({RelayState.ANSWERED, RelayState.RETURNED, RelayState.CLOSED})


def relays() -> list[Relay]:
    return list(Relay.objects.select_related(*relay_turn.RELATED, "source_item").order_by("pk"))


def somebody_acts_next(found: Iterable[Relay], *, at: dt.datetime) -> None:
    """Every open relay: the Fachstelle with something it can do, the target with something to decide, or the ring itself."""
    under_way = [relay for relay in found if relay.state in RELAY_OPEN]
    around = relay_turn.surroundings([body for one in under_way for body in (one.source, one.target)], at=at)
    for relay in under_way:
        waiting = relay_turn.waiting_for(relay, at=at, around=around)
        assert waiting.who, relay.number
        match waiting.turn:
            case Turn.FACHSTELLE:
                _offers_what_is_said(relay, waiting.otherwise)
            case Turn.TARGET:
                assert _target_can_act(relay, at=at), f"{relay.number}: {waiting.otherwise}"
            case Turn.NOBODY:
                assert _goes_by_itself(relay, at=at), f"{relay.number}: {waiting.otherwise}"


def answered_once_and_by_its_target(found: Iterable[Relay]) -> None:
    told: Counter[int] = Counter()
    rows = Change.objects.filter(subject_type="relay").order_by("pk").values_list("subject_id", "verb", "data", "pk")
    steps: dict[int, tuple[int, str]] = {}
    for subject, verb, data, pk in rows:
        steps[pk] = (subject, verb)
        match verb:
            case Happened.RELAY_ANSWERED | Happened.RELAY_OUTCOME_RECORDED:
                told[subject] += 1
            case Happened.RELAY_ANSWER_TAKEN_BACK:
                told[subject] -= 1
            case Happened.RELAY_TAKEN_BACK:
                back = steps[data["step"]][1]
                told[subject] -= back in {Happened.RELAY_ANSWERED, Happened.RELAY_OUTCOME_RECORDED}
        assert told[subject] in {0, 1}, f"answered {told[subject]} times"
    for relay in found:
        is_noted = relay.kind == RelayKind.FOR_INFORMATION
        assert told[relay.pk] == (relay.state in _ANSWERED and not is_noted), relay.number
        assert (relay.answered_at is not None) == (relay.state in _ANSWERED), relay.number
        decision = relay.answer_decision
        if decision is not None:
            assert decision.alliance_id == relay.target_id, f"{relay.number} answered by {decision.number}"
            assert decision.state != DecisionState.MISTAKEN, f"{relay.number} answered by a slip, {decision.number}"


def none_is_lost(found: Iterable[Relay], *, at: dt.datetime) -> None:
    """What the target took up is its own item, once; what came home hangs on a report or says that it waits."""
    live: dict[int, list[AgendaItem]] = {}
    rows = AgendaItem.objects.filter(answers__isnull=False, state__in=_LIVE).select_related("meeting").order_by("pk")
    for item in rows:
        if item.answers_id is not None and relay_item.is_waiting(item, at=at):
            live.setdefault(item.answers_id, []).append(item)
    for relay in found:
        if relay.state == RelayState.ON_AGENDA and relay.expects_answer:
            assert relay.target_item is not None, relay.number
            assert relay.target_item.answers_id == relay.pk, relay.number
        if relay.state in RELAY_TRAVELLING:
            waiting = live.get(relay.pk, [])
            assert waiting in ([], [relay.target_item]), f"{relay.number}: {[item.pk for item in waiting]}"
    joined = AgendaItem.objects.filter(state=AgendaItemState.MERGED, merged_into__state__in=_GONE)
    assert not joined.exists(), "a topic is dealt with under one that will not come"


_GONE = (AgendaItemState.WITHDRAWN, AgendaItemState.DECLINED, AgendaItemState.MERGED, AgendaItemState.DEFERRED)


def numbers_stay(known: dict[str, str]) -> None:
    """A number once given belongs to that thing for good; nothing is deleted with its number."""
    now = {number: f"relay {pk}" for number, pk in Relay.objects.values_list("number", "pk")}
    now |= {number: f"decision {pk}" for number, pk in Decision.objects.values_list("number", "pk")}
    assert known.items() <= now.items(), "a number changed hands"
    known |= now


def both_sides_tell_the_same(found: Collection[Relay], cast: World, *, at: dt.datetime) -> None:
    """Way, board and report read the same for a member of each body and for the Fachstelle, as far as they see it.

    Only the Fachstelle is told what to do where it is next; all others read what it does.
    """
    readers = [sight_of(one, at=at) for one in (cast.imke, cast.susanne, cast.hedwig, cast.birgit)]
    bodies = relay_board.choices(at=at).bodies
    boards = [_rows(reader, bodies, at=at) for reader in readers]
    ways = [_ways(found, reader, at=at) for reader in readers]
    ours, theirs = (relay_turn.surroundings(bodies, is_ours=is_ours, at=at) for is_ours in (True, False))
    for relay in found:
        desk, *others = ({rows[relay.pk]} if relay.pk in rows else set() for rows in boards)
        told_others = set().union(*others)
        assert len({row[:2] for row in desk | told_others}) == 1, f"{relay.number}: {desk} {told_others}"
        assert len(told_others) <= 1, f"{relay.number}: {told_others}"
        if relay.state in RELAY_OPEN:  # the board reads plain values, and says the same as the relay's own page
            for rows, around in ((desk, ours), (told_others, theirs)):
                waiting = relay_turn.waiting_for(relay, at=at, around=around)
                assert rows <= {(relay.state, waiting.who, waiting.otherwise)}, f"{relay.number}: {rows}"
        told = {way[relay.pk] for way in ways if relay.pk in way}
        assert len(told) == 1, f"{relay.number}: {told}"
    _reports(found, at=at)
    _agendas(found, cast, at=at)


def nobody_sees_what_is_not_theirs(found: Collection[Relay], cast: World, *, at: dt.datetime) -> None:
    """Strangers, guests and the technical administration nothing; what never left and what is confidential the Fachstelle alone."""
    for reader in (cast.sven, cast.lueder, cast.corinna):
        assert not Relay.objects.visible_to(reader, at=at).exists(), reader
    closed = Q(source_item__confidential_to__isnull=False) | Q(
        source_decision__agenda_item__confidential_to__isnull=False
    )
    hidden = set(Relay.objects.filter(closed | Q(sent_at=None)).values_list("pk", flat=True))
    for reader in (cast.susanne, cast.hedwig, cast.birgit, cast.theda):
        seen = set(Relay.objects.visible_to(reader, at=at).values_list("pk", flat=True))
        assert seen == {relay.pk for relay in found} - hidden, reader
    assert Relay.objects.visible_to(cast.imke, at=at).count() == len(found)


def _offers_what_is_said(relay: Relay, sentence: str) -> None:
    """Every sentence to the Fachstelle is one of `_CALLS_FOR`, and each of what it calls for is among the buttons."""
    offered = frozenset(relay_options.options(relay))
    called_for = [wanted for words, wanted in _CALLS_FOR if words in sentence]
    assert called_for, f"{relay.number}: nobody knows what to do about: {sentence}"
    for wanted in called_for:
        assert any(choice <= offered for choice in wanted), f"{relay.number}: {sentence} {sorted(offered)}"


def _target_can_act(relay: Relay, *, at: dt.datetime) -> bool:
    """An alliance at a meeting ahead, or which has talked about it; everybody else by a letter."""
    item = relay.target_item
    if relay.state in {RelayState.SENT, RelayState.ACKNOWLEDGED}:
        return relay.target.kind != "alliance"
    if item is None or item.answers_id != relay.pk or item.meeting is None or item.state in _GONE:
        return False
    meeting = item.meeting
    return meeting.state != MeetingState.CANCELLED and (
        relay.state == RelayState.DISCUSSED or meeting.state not in NOT_AHEAD
    )


def _goes_by_itself(relay: Relay, *, at: dt.datetime) -> bool:
    """The ring moves it: a report ahead reads it out, or its letter counts as read."""
    item = relay.returned_item if relay.state in {RelayState.RETURNED, RelayState.ANSWERED} else relay.target_item
    if item is None:
        return relay.kind == RelayKind.FOR_INFORMATION and relay.target.kind == "unit"
    meeting = item.meeting
    return (
        meeting is not None
        and meeting.state != MeetingState.CANCELLED
        and (meeting.state in BEGUN or meeting.end >= at)
    )


def _rows(reader: Sight, bodies: Collection[Body], *, at: dt.datetime) -> dict[int, tuple[str, str, str]]:
    rows = list(_all_rows(reader, bodies, at=at))
    assert len(rows) == len({row.relay.pk for row in rows}), "a relay stands twice on the board"
    return {row.relay.pk: (row.relay.state, row.who, row.otherwise) for row in rows}


def _all_rows(reader: Sight, bodies: Collection[Body], *, at: dt.datetime) -> Iterator[relay_board.Row]:
    """Every page of the board."""
    number = 1
    while True:
        board = relay_board.board(reader, relay_board.Filters(scope="all"), bodies=bodies, number=number, at=at)
        for section in (board.overdue, board.ours, board.theirs, board.quiet, board.ended):
            yield from section
        if not board.page.has_next():
            return
        number += 1


def _ways(found: Collection[Relay], reader: Sight, *, at: dt.datetime) -> dict[int, tuple[str, str, str]]:
    """The legs as the reader's pages tell them, one page for what hangs together; states and verbs, no wordings."""
    told: dict[int, tuple[str, str, str]] = {}
    visible = set(Relay.objects.visible_to(reader, at=at).values_list("pk", flat=True))
    for relay in found:
        if relay.pk in visible and relay.pk not in told:
            legs = relay_path.path(relay, reader=reader, at=at).legs
            told |= {leg.relay.pk: (leg.relay.number, leg.relay.state, leg.end.verb) for leg in legs}
            assert relay.pk in told, f"{relay.number} is missing on its own page"
    return told


def _reports(found: Iterable[Relay], *, at: dt.datetime) -> None:
    """An answer is read once, under the report it hangs on; a question under way in the next report of both sides."""
    told: Counter[tuple[int, int]] = Counter()
    rows = AgendaItem.objects.filter(standing_code="relays", meeting__start__gt=at).select_related("meeting__alliance")
    for item in rows.exclude(meeting__state=MeetingState.CANCELLED).order_by("pk"):
        meeting = item.meeting
        assert meeting is not None
        for line in standing_lines.current(item, standing_look.Look(meeting, at)):
            told[meeting.pk, line.relay] += 1
    reports = set(rows.values_list("meeting_id", "meeting__alliance_id"))
    for relay in found:
        if relay.state in RELAY_TRAVELLING and relay.expects_answer:
            for meeting_id, alliance in reports:
                if alliance in {relay.source_id, relay.target_id} and _takes_place(meeting_id):
                    assert told[meeting_id, relay.pk] == 1, f"{relay.number} in the report of {meeting_id}"
        home = relay.returned_item
        if relay.state == RelayState.RETURNED and home is not None and home.meeting_id in dict(reports):
            assert told[home.meeting_id or 0, relay.pk] == (1 if _takes_place(home.meeting_id or 0) else 0), (
                relay.number
            )


def _takes_place(pk: int) -> bool:
    return not Meeting.objects.filter(pk=pk, state=MeetingState.CANCELLED).exists()


def _agendas(found: Iterable[Relay], cast: World, *, at: dt.datetime) -> None:
    """The target's agenda names the question it answers, for both sides."""
    for relay in found:
        item = relay.target_item
        if relay.state not in RELAY_TRAVELLING or item is None or item.meeting is None or not item.position:
            continue
        if item.answers_id != relay.pk or item.confidential_to.exists() or item.state == AgendaItemState.PROPOSED:
            continue
        for reader in (cast.imke, cast.susanne):
            rows = agenda_order.numbered(item.meeting, reader=reader, at=at).entries
            named = [entry.item.answers_id for entry in rows if entry.item.pk == item.pk]
            assert named == [relay.pk], f"{relay.number} on the agenda of {item.meeting}"
