"""The end of a vote by mail: its result in the register, or its way into the next meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import (
    agenda,
    agenda_journal,
    agenda_order,
    circular_ballots,
    circular_rules,
    relay_answer,
    relay_item,
    standing,
)
from meetings.domain.circular_journal import held, record
from meetings.domain.moves import move
from meetings.enums import (
    NOT_AHEAD,
    AgendaItemKind,
    AgendaItemState,
    CircularState,
    DecisionProcedure,
    DecisionState,
    Happened,
    LapseReason,
    ProcedureAnswer,
)
from meetings.models import AgendaItem, Ballot, CircularVote, CircularVoter, Decision

#: An objection of the member itself can be taken back for an hour; then the matter goes to the meeting.
OBJECTION_STANDS = dt.timedelta(hours=1)
#: Who answered what, after the end.
KEEP_BALLOTS = dt.timedelta(days=30)
_GOES_ON = (AgendaItemState.PROPOSED, AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED, AgendaItemState.BACKLOG)
_NOT_TAKEN_UP = (AgendaItemState.PROPOSED, AgendaItemState.BACKLOG)
_DECISIONS = {
    CircularState.ADOPTED: (DecisionState.ADOPTED, Happened.DECISION_ADOPTED),
    CircularState.REJECTED: (DecisionState.REJECTED, Happened.DECISION_REJECTED),
    CircularState.LAPSED: (DecisionState.LAPSED, None),
}


def due(*, at: dt.datetime) -> list[CircularVote]:
    """The running votes that end at `at`: their last day is over, or an objection has stood for an hour."""
    running = CircularVote.objects.running().filter(opened_at__isnull=False).select_related("alliance")
    objected = Ballot.objects.filter(
        vote__in=running.values("pk"),
        procedure=ProcedureAnswer.OBJECTS,
        is_deputy=False,  # a deputy's is void if the member votes in time
        cast_at__lte=at - OBJECTION_STANDS,
    )
    stand = set(objected.values_list("vote_id", flat=True))
    return [vote for vote in running.order_by("closes_on", "pk") if vote.ends_at <= at or vote.pk in stand]


def close(vote: CircularVote, *, unreached: Collection[int], at: dt.datetime) -> bool:
    """End a vote that is due; False where it is not, or somebody else was faster. Again, it does nothing.

    `unreached`: ids of the organisations whom neither mail nor telephone reached; one that answered was reached.
    """
    with transaction.atomic():
        current = held(vote)
        if not current.is_running or not _is_due(current, at):
            return False
        counted = circular_ballots.recount(current)
        missing = circular_ballots.without_answer(current)
        state, reason = circular_rules.outcome(counted, unreached=missing & set(unreached))
        ended_at = min(at, current.ends_at)
        CircularVoter.objects.filter(vote=current).exclude(organisation__in=missing).update(has_answered=True)
        move(current, to=state, lapse_reason=reason, closed_at=ended_at)
        if state == CircularState.LAPSED:
            _move_to_meeting(current, at=ended_at)
        decision = _enter_in_register(current, at=ended_at)
        verb = Happened.CIRCULAR_MOVED if reason == LapseReason.OBJECTION else Happened.CIRCULAR_CLOSED
        record(verb, current, by=None, at=ended_at, via=Via.RULE, reason=str(state), decision=decision.pk)
    vote.refresh_from_db()
    return True


def forget_ballots(*, at: dt.datetime, limit: int) -> int:
    """Who voted how, 30 days after the end; the number of votes. What was counted stays."""
    old = CircularVote.objects.filter(closed_at__lt=at - KEEP_BALLOTS)
    found = list(old.filter(Q(ballots__isnull=False)).distinct().order_by("pk")[:limit])
    for vote in found:
        with transaction.atomic():
            Ballot.objects.filter(vote=vote).delete()
            CircularVoter.objects.filter(vote=vote).update(phoned_by=None)
            record(Happened.CIRCULAR_FORGOTTEN, vote, by=None, at=at, via=Via.RULE)
    return len(found)


def _is_due(vote: CircularVote, at: dt.datetime) -> bool:
    return vote.ends_at <= at or any(one.pk == vote.pk for one in due(at=at))


def _enter_in_register(vote: CircularVote, *, at: dt.datetime) -> Decision:
    """The result under the number of the vote."""
    state, verb = _DECISIONS[CircularState(vote.state)]
    is_counted = vote.state != CircularState.LAPSED
    following = standing.next_meeting(vote.alliance_id, at=at)
    decision = Decision.objects.create(
        number=vote.number,
        alliance=vote.alliance,
        agenda_item=vote.agenda_item,
        circular=vote,
        kind=vote.kind,
        procedure=DecisionProcedure.CIRCULAR,
        text=vote.text,
        note="" if is_counted else str(LapseReason(vote.lapse_reason).label),
        decided_on=min(local_date(at), vote.closes_on),
        state=state,
        votes_yes=vote.votes_yes if is_counted else None,
        votes_no=vote.votes_no if is_counted else None,
        votes_abstain=vote.votes_abstain if is_counted else None,
        votes_entitled=vote.entitled if is_counted else None,
        follow_up_on=local_date(following.start) if following and state == DecisionState.ADOPTED else None,
    )
    if vote.agenda_item is not None:
        decision.topics.set(vote.agenda_item.topics.all())
    if verb is not None:
        data = {"meeting": None, "item": vote.agenda_item_id}
        journal.record(verb, decision, at=at, by=None, via=Via.RULE, body=vote.alliance, data=data)
    relay_answer.answer_from_decision(decision, by=None, at=at, via=Via.RULE)
    return decision


def _move_to_meeting(vote: CircularVote, *, at: dt.datetime) -> None:
    """Where the matter goes on: its own item if that is still to be dealt with, else a new one."""
    item = vote.agenda_item
    if item is None or not _is_still_open(item):
        item = _new_item(vote, at=at)
    elif item.state in _NOT_TAKEN_UP:
        _take_up(item, vote, at=at)
    CircularVote.objects.filter(pk=vote.pk).update(next_item=item)
    vote.next_item = item


def _is_still_open(item: AgendaItem) -> bool:
    return item.state in _GOES_ON and (item.meeting is None or item.meeting.state not in NOT_AHEAD)


def _take_up(item: AgendaItem, vote: CircularVote, *, at: dt.datetime) -> None:
    """Its own item, onto the agenda: of its meeting, else of the next one. Without one it waits in the Themenspeicher."""
    meeting, was = item.meeting or standing.next_meeting(vote.alliance_id, at=at), str(item.state)
    if meeting is not None:
        agenda.accept(item, meeting=meeting, by=None, at=at, via=Via.RULE, why={"circular": vote.pk})
    elif was != AgendaItemState.BACKLOG:
        move(item, to=AgendaItemState.BACKLOG)
        agenda_journal.record(Happened.ITEM_BACKLOGGED, item, by=None, at=at, via=Via.RULE, circular=vote.pk, was=was)


def _new_item(vote: CircularVote, *, at: dt.datetime) -> AgendaItem:
    """On the agenda of the next meeting, or in the Themenspeicher while none is planned."""
    meeting, source = standing.next_meeting(vote.alliance_id, at=at), vote.agenda_item
    continues = source is not None and not AgendaItem.objects.filter(continued_from=source).exists()
    words = _("Aus der Abstimmung per E-Mail %(number)s: %(reason)s Vorgeschlagener Wortlaut:\n\n%(text)s")
    item = AgendaItem.objects.create(
        alliance=vote.alliance,
        meeting=meeting,
        kind=AgendaItemKind.DECISION,
        title=vote.subject,
        description=words % {"number": vote.number, "reason": LapseReason(vote.lapse_reason).label, "text": vote.text},
        proposer=source.proposer if source else None,
        proposing_organisation=source.proposing_organisation if source else None,
        presenter=source.presenter if source else None,
        submitted_at=at,
        submitted_via=Via.RULE,
        state=AgendaItemState.ACCEPTED if meeting else AgendaItemState.BACKLOG,
        continued_from=source if continues else None,
    )
    if source is not None:
        relay_item.go_on_with(item, source)
    item.papers.set(vote.papers.all())
    if source is not None:
        item.topics.set(source.topics.all())
    if meeting is not None:
        standing.ensure_standing_items(meeting)
        agenda_order.place(item)
    verb = Happened.ITEM_ACCEPTED if meeting else Happened.ITEM_BACKLOGGED
    agenda_journal.record(verb, item, by=None, at=at, via=Via.RULE, circular=vote.pk)
    return item


def place_words(vote: CircularVote) -> str:
    """ "am 3. März 2027", or where it waits."""
    meeting = vote.next_item.meeting if vote.next_item else None
    if meeting is None:
        return _("in einer der nächsten Sitzungen")
    return _("in der Sitzung am %s") % german.day(meeting.start)


def history(vote: CircularVote) -> list[tuple[Change, str]]:
    """What happened to it, the latest first; single votes are left out."""
    rows = Change.objects.of(vote).exclude(verb=Happened.CIRCULAR_VOTED).select_related("by").order_by("-at", "-pk")
    return [(change, str(Happened(change.verb).label)) for change in rows if change.verb in Happened.values]
