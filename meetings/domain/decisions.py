"""Decisions: taken, rejected, postponed; followed up, revoked, replaced. Their text never changes once they are taken."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import counters
from buendnisse.enums import Via
from buendnisse.models import Change, Person, Topic
from meetings.domain import (
    agenda_chain,
    decision_follow_up,
    decision_undo,
    drafting,
    open_minutes,
    quorum,
    relay,
    standing,
)
from meetings.domain.decision_journal import record
from meetings.domain.moves import TAKE_BACK_WITHIN, move
from meetings.domain.voting import Votes, require_fitting, require_quorum
from meetings.enums import DecisionState, Happened
from meetings.models import AgendaItem, Decision, Meeting


class TextMissing(Exception):
    """A decision without words."""


class TakenForGood(Exception):
    """Too late to undo it as a slip: others have heard of it, or soon will."""


class NumberSelf(Exception):
    """A decision cannot revoke or replace itself."""


def adopt(
    item: AgendaItem,
    *,
    kind: str,
    text: str,
    by: Person,
    at: dt.datetime,
    votes: Votes | None = None,
    follow_up_on: dt.date | None = None,
    note: str = "",
    topics: Iterable[Topic] = (),
    via: str = Via.WEB,
    form_key: uuid.UUID | None = None,
    reply: relay.Reply | None = None,
) -> Decision:
    """Take a decision under an item. Counted votes that do not carry it make it a rejected one, with its number.

    Without `follow_up_on` it is looked at again in the next meeting. The same `form_key` with the same words gives the
    same decision: a double tap takes one number. What waits postponed under this topic is taken up by it.
    `reply`: how far it answers, where the item answers another body; without one in full.
    Raises QuorumMissing, AttendanceMissing, VotesImpossible, TextMissing, MinutesFrozen, NotInSession.
    """
    state = DecisionState.ADOPTED if votes is None or votes.carried else DecisionState.REJECTED
    return _create(
        item,
        state,
        kind=kind,
        text=text,
        votes=votes,
        follow_up_on=follow_up_on,
        note=note,
        topics=topics,
        by=by,
        at=at,
        via=via,
        form_key=form_key,
        reply=reply,
    )


def reject(
    item: AgendaItem,
    *,
    kind: str,
    text: str,
    by: Person,
    at: dt.datetime,
    votes: Votes | None = None,
    note: str = "",
    via: str = Via.WEB,
    form_key: uuid.UUID | None = None,
    reply: relay.Reply | None = None,
) -> Decision:
    """Write down that a proposal was turned down. Same refusals as `adopt`."""
    return _create(
        item,
        DecisionState.REJECTED,
        kind=kind,
        text=text,
        votes=votes,
        note=note,
        by=by,
        at=at,
        via=via,
        form_key=form_key,
        reply=reply,
    )


def postpone(
    item: AgendaItem,
    *,
    kind: str,
    text: str,
    by: Person,
    at: dt.datetime,
    votes: Votes | None = None,
    follow_up_on: dt.date | None = None,
    note: str = "",
    via: str = Via.WEB,
    form_key: uuid.UUID | None = None,
) -> Decision:
    """Write down a proposal that is decided later: it needs no quorum and has no `votes` yet. Same refusals as `adopt`.

    The next decision under this topic takes its place, in this meeting or in the one the topic goes on in.
    """
    return _create(
        item,
        DecisionState.POSTPONED,
        kind=kind,
        text=text,
        votes=votes,
        follow_up_on=follow_up_on,
        note=note,
        by=by,
        at=at,
        via=via,
        form_key=form_key,
    )


#: What became of a decision, among the other verbs.
follow_up = decision_follow_up.follow_up


def revoke(
    decision: Decision,
    *,
    reason: str,
    by: Person,
    at: dt.datetime,
    by_decision: Decision | None = None,
    via: str = Via.WEB,
) -> None:
    """Take a decision back. Its number and words stay. Raises MoveRefused, TextMissing, NumberSelf."""
    if not reason.strip():
        raise TextMissing(_("Bitte schreiben Sie auf, warum der Beschluss aufgehoben wird."))
    if by_decision is not None:
        _may_replace(by_decision, decision)
    stood = decision_undo.standing(decision)
    with transaction.atomic():
        move(
            decision,
            to=DecisionState.REVOKED,
            revoked_on=local_date(at),
            revocation_reason=reason.strip(),
            revoked_by=by_decision,
            follow_up_on=None,
            version=decision.version + 1,
        )
        record(Happened.DECISION_REVOKED, decision, by=by, at=at, via=via, more=stood)


def take_back(decision: Decision, *, by: Person, at: dt.datetime) -> None:
    """A slip of the writer's: for a minute it can be undone. Its number is not given again and says what happened.

    An answer it gave to another body is taken back with it. Raises TakenForGood, MinutesFrozen, MoveRefused.
    """
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().filter(pk=decision.meeting_id or 0).first()
        if meeting is None or decision.pk not in just_taken([decision], at=at):
            raise TakenForGood(
                _("Die Minute ist vorbei: %s gilt. Auf der Seite des Beschlusses können Sie ihn aufheben.")
                % decision.number
            )
        open_minutes.require_open(meeting)
        if decision.action_items.exists() or decision.relays.exists() or _replaced_another(decision):
            raise TakenForGood(_("Aus %s ist schon etwas entstanden. Bitte heben Sie ihn auf.") % decision.number)
        move(decision, to=DecisionState.MISTAKEN, follow_up_on=None, version=decision.version + 1)
        relay.take_answer_back(decision, by=by, at=at)
        _put_back(decision, by=by, at=at)
        record(Happened.DECISION_TAKEN_BACK, decision, by=by, at=at, via=Via.WEB)


def _replaced_another(decision: Decision) -> bool:
    """It revoked or replaced one that held; one that only waited can wait again."""
    waited = Change.objects.filter(subject_type="decision", verb=Happened.DECISION_POSTPONED)
    held = decision.supersedes.exclude(pk__in=waited.values("subject_id"))
    return decision.revokes.exists() or held.exists()


def just_taken(found: Iterable[Decision], *, at: dt.datetime) -> frozenset[int]:
    """Which of these were written down less than a minute ago and still stand as they were; one query."""
    ids = [decision.pk for decision in found if decision.state in _HAPPENED]
    rows = Change.objects.filter(
        subject_type="decision", subject_id__in=ids, verb__in=_HAPPENED.values(), at__gt=at - TAKE_BACK_WITHIN
    )
    return frozenset(rows.values_list("subject_id", flat=True)) if ids else frozenset()


def supersede(decision: Decision, *, by_decision: Decision, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """A newer decision that holds takes its place, also that of a postponed one. Raises MoveRefused, NumberSelf."""
    _may_replace(by_decision, decision)
    stood = decision_undo.standing(decision)
    with transaction.atomic():
        _supersede(decision, by_decision=by_decision, by=by, at=at, via=via, stood=stood)


def _supersede(
    decision: Decision,
    *,
    by_decision: Decision,
    by: Person,
    at: dt.datetime,
    via: str,
    stood: Mapping[str, Any] | None = None,
) -> None:
    """`stood`: how it stood, where somebody replaced it by hand and may want it back."""
    move(
        decision,
        to=DecisionState.SUPERSEDED,
        superseded_on=local_date(at),
        superseded_by=by_decision,
        follow_up_on=None,
        version=decision.version + 1,
    )
    record(Happened.DECISION_SUPERSEDED, decision, by=by, at=at, via=via, more=stood)


_HAPPENED = {
    DecisionState.ADOPTED: Happened.DECISION_ADOPTED,
    DecisionState.REJECTED: Happened.DECISION_REJECTED,
    DecisionState.POSTPONED: Happened.DECISION_POSTPONED,
}


def _create(
    item: AgendaItem,
    state: DecisionState,
    *,
    kind: str,
    text: str,
    by: Person,
    at: dt.datetime,
    via: str,
    votes: Votes | None = None,
    follow_up_on: dt.date | None = None,
    note: str = "",
    topics: Iterable[Topic] = (),
    form_key: uuid.UUID | None = None,
    reply: relay.Reply | None = None,
) -> Decision:
    if not text.strip():
        raise TextMissing(_("Bitte schreiben Sie den Wortlaut des Beschlusses auf."))
    if item.meeting_id is None:
        raise open_minutes.NotInSession(_("Dieses Thema steht in keiner Sitzung."))
    with transaction.atomic():
        meeting = Meeting.objects.select_related("alliance").select_for_update(of=["self"]).get(pk=item.meeting_id)
        known, form_key = _known(form_key, item, text=text)
        if known is not None:
            return known  # the other tap was faster
        open_minutes.require_open(meeting)
        require_fitting(votes, kind=kind, state=state)
        if state != DecisionState.POSTPONED:
            require_quorum(quorum.quorum(meeting, at=at), kind, votes)
        decided_on = local_date(meeting.start)
        prefix, year = meeting.alliance.prefix, decided_on.year
        decision = Decision.objects.create(
            number=f"{prefix}-{year}-{counters.take(f'decision:{prefix}:{year}'):02d}",
            alliance=meeting.alliance,
            meeting=meeting,
            agenda_item=item,
            kind=kind,
            text=text.strip(),
            note=note.strip(),
            decided_on=decided_on,
            state=state,
            follow_up_on=None if state == DecisionState.REJECTED else follow_up_on or _next_meeting_on(meeting),
            votes_yes=votes.yes if votes else None,
            votes_no=votes.no if votes else None,
            votes_abstain=votes.abstain if votes else None,
            votes_entitled=votes.entitled if votes else None,
            form_key=form_key,
        )
        decision.topics.set([*topics] or item.topics.all())
        drafting.decided(item)
        record(_HAPPENED[state], decision, by=by, at=at, via=via)
        relay.answer_from_decision(decision, reply=reply or relay.Reply(), by=by, at=at, via=via)
        _take_up(decision, item, by=by, at=at, via=via)
    return decision


def _known(form_key: uuid.UUID | None, item: AgendaItem, *, text: str) -> tuple[Decision | None, uuid.UUID]:
    """The decision this very form made before, or None and the key for a new one.

    A form can come back with its old key: the page was left open, or what it made was taken back as a slip. Then other
    words, or the same once more, are a decision of their own.
    """
    key = form_key or uuid.uuid4()
    while (known := Decision.objects.filter(form_key=key).first()) is not None:
        is_same = known.agenda_item_id == item.pk and known.text == text.strip()
        if is_same and known.state != DecisionState.MISTAKEN:
            return known, key
        key = uuid.uuid5(key, f"{item.pk} {text.strip()}")
    return None, key


def _take_up(decision: Decision, item: AgendaItem, *, by: Person, at: dt.datetime, via: str) -> None:
    """What waits postponed under this topic is decided now: of several only the one with the same words."""
    waiting = Decision.objects.filter(state=DecisionState.POSTPONED, agenda_item__in=agenda_chain.before(item))
    found = list(waiting.exclude(pk=decision.pk).order_by("pk"))
    same = [one for one in found if one.text == decision.text]
    for old in found if len(found) == 1 else same[:1]:
        _supersede(old, by_decision=decision, by=by, at=at, via=via)


def _put_back(decision: Decision, *, by: Person, at: dt.datetime) -> None:
    """The decision was a slip: what it took up waits again."""
    for old in decision.supersedes.select_related("alliance", "meeting").order_by("pk"):
        move(
            old,
            to=DecisionState.POSTPONED,
            superseded_on=None,
            superseded_by=None,
            follow_up_on=_next_meeting_on(old.meeting) if old.meeting else None,
            version=old.version + 1,
        )
        record(Happened.DECISION_POSTPONED, old, by=by, at=at, via=Via.WEB, reason="again")


def _next_meeting_on(meeting: Meeting) -> dt.date | None:
    following = standing.meeting_after(meeting)
    return local_date(following.start) if following else None


def _may_replace(other: Decision, decision: Decision) -> None:
    if other.pk == decision.pk:
        raise NumberSelf(_("Ein Beschluss kann sich nicht selbst ersetzen."))
    decision_follow_up.require_standing(other)
