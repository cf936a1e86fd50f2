"""Decisions: taken, rejected, postponed; followed up, revoked, replaced. Their text never changes once they are taken."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import counters
from buendnisse.enums import Via
from buendnisse.models import Change, Person, Topic
from meetings.domain import decision_follow_up, drafting, open_minutes, quorum, relay, standing
from meetings.domain.decision_journal import record
from meetings.domain.moves import move
from meetings.enums import DecisionKind, DecisionState, Happened
from meetings.models import AgendaItem, Decision, Meeting

#: What an alliance can still do while too few organisations are represented.
WITHOUT_QUORUM = frozenset({DecisionKind.RECOMMENDATION, DecisionKind.ACKNOWLEDGEMENT})


class QuorumMissing(Exception):
    """Too few organisations are represented: the alliance can only recommend."""


class VotesImpossible(Exception):
    """The numbers cannot be right."""


class AttendanceMissing(Exception):
    """Votes were counted, and nobody wrote down who was there: nobody could say whether they count."""


class TextFixed(Exception):
    """The text of a decision that was taken never changes: it is revoked or replaced."""


class TextMissing(Exception):
    """A decision without words."""


class TakenForGood(Exception):
    """Too late to undo it as a slip: others have heard of it, or soon will."""


class NumberSelf(Exception):
    """A decision cannot revoke or replace itself."""


@dataclass(frozen=True)
class Votes:
    """One vote an organisation. `entitled`: those that could have voted; None where nobody counted them."""

    yes: int
    no: int
    abstain: int = 0
    entitled: int | None = None

    def __post_init__(self) -> None:
        if min(self.yes, self.no, self.abstain) < 0:
            raise VotesImpossible(_("Stimmen können nicht weniger als null sein."))
        if self.entitled is not None and self.yes + self.no + self.abstain > self.entitled:
            raise VotesImpossible(
                _("Es sind mehr Stimmen (%(cast)d) als stimmberechtigte Organisationen (%(entitled)d).")
                % {"cast": self.yes + self.no + self.abstain, "entitled": self.entitled}
            )

    @property
    def carried(self) -> bool:
        """Simple majority: abstentions do not count, a tie is a rejection."""
        return self.yes > self.no


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
) -> Decision:
    """Take a decision under an item. Counted votes that do not carry it make it a rejected one, with its number.

    Without `follow_up_on` it is looked at again in the next meeting. The same `form_key` again gives the same
    decision: a double tap takes one number.
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
    )


def postpone(
    item: AgendaItem,
    *,
    kind: str,
    text: str,
    by: Person,
    at: dt.datetime,
    follow_up_on: dt.date | None = None,
    note: str = "",
    via: str = Via.WEB,
    form_key: uuid.UUID | None = None,
) -> Decision:
    """Write down a proposal that is decided later. Same refusals as `adopt`, but needs no quorum."""
    return _create(
        item,
        DecisionState.POSTPONED,
        kind=kind,
        text=text,
        follow_up_on=follow_up_on,
        note=note,
        by=by,
        at=at,
        via=via,
        form_key=form_key,
    )


def reword(decision: Decision, *, text: str, version: int, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Change the words of a proposal that is not decided yet. Raises TextFixed, TextMissing."""
    with transaction.atomic():
        decision.refresh_from_db()
        if decision.state not in {DecisionState.PROPOSED, DecisionState.POSTPONED}:
            raise TextFixed(_("Der Wortlaut steht fest. Ein Beschluss wird aufgehoben oder durch einen neuen ersetzt."))
        if not text.strip():
            raise TextMissing(_("Bitte schreiben Sie den Wortlaut auf."))
        if decision.version != version:
            raise TextFixed(_("Jemand anderes hat den Wortlaut gerade geändert. Bitte laden Sie die Seite neu."))
        Decision.objects.filter(pk=decision.pk).update(text=text.strip(), version=F("version") + 1)
        decision.refresh_from_db()
        record(Happened.DECISION_PROPOSED, decision, by=by, at=at, via=via, reason="reworded")


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
    _not_itself(decision, by_decision)
    with transaction.atomic():
        move(
            decision,
            to=DecisionState.REVOKED,
            revoked_on=local_date(at),
            revocation_reason=reason.strip(),
            revoked_by=by_decision,
            follow_up_on=None,
        )
        record(Happened.DECISION_REVOKED, decision, by=by, at=at, via=via)


#: As long as the mail of a change waits; afterwards a decision is revoked or replaced in the open.
TAKE_BACK_WITHIN = dt.timedelta(minutes=1)


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
        if decision.action_items.exists() or decision.relays.exists():
            raise TakenForGood(_("Aus %s ist schon etwas entstanden. Bitte heben Sie ihn auf.") % decision.number)
        move(decision, to=DecisionState.MISTAKEN, follow_up_on=None, version=decision.version + 1)
        relay.take_answer_back(decision, by=by, at=at)
        record(Happened.DECISION_TAKEN_BACK, decision, by=by, at=at, via=Via.WEB)


def just_taken(found: Iterable[Decision], *, at: dt.datetime) -> frozenset[int]:
    """Which of these were written down less than a minute ago and still stand as they were; one query."""
    ids = [decision.pk for decision in found if decision.state in _HAPPENED]
    rows = Change.objects.filter(
        subject_type="decision", subject_id__in=ids, verb__in=_HAPPENED.values(), at__gt=at - TAKE_BACK_WITHIN
    )
    return frozenset(rows.values_list("subject_id", flat=True)) if ids else frozenset()


def supersede(decision: Decision, *, by_decision: Decision, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """A newer decision takes its place. Raises MoveRefused, NumberSelf."""
    _not_itself(decision, by_decision)
    with transaction.atomic():
        move(
            decision,
            to=DecisionState.SUPERSEDED,
            superseded_on=local_date(at),
            superseded_by=by_decision,
            follow_up_on=None,
        )
        record(Happened.DECISION_SUPERSEDED, decision, by=by, at=at, via=via)


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
) -> Decision:
    if not text.strip():
        raise TextMissing(_("Bitte schreiben Sie den Wortlaut des Beschlusses auf."))
    if item.meeting_id is None:
        raise open_minutes.NotInSession(_("Dieses Thema steht in keiner Sitzung."))
    with transaction.atomic():
        meeting = Meeting.objects.select_related("alliance").select_for_update(of=["self"]).get(pk=item.meeting_id)
        if form_key is not None and (known := Decision.objects.filter(form_key=form_key, agenda_item=item).first()):
            return known  # the other tap was faster
        open_minutes.require_open(meeting)
        if state != DecisionState.POSTPONED:
            _require_quorum(meeting, kind, votes)
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
            form_key=form_key or uuid.uuid4(),
        )
        decision.topics.set([*topics] or item.topics.all())
        drafting.decided(item)
        record(_HAPPENED[state], decision, by=by, at=at, via=via)
        relay.answer_from_decision(decision, by=by, at=at, via=via)
    return decision


def _require_quorum(meeting: Meeting, kind: str, votes: Votes | None) -> None:
    counted = quorum.quorum(meeting)
    if votes is not None and votes.entitled is not None:
        _require_voters(votes, counted)
    if counted.is_doubted and kind not in WITHOUT_QUORUM:
        raise QuorumMissing(
            _(
                "Das Bündnis ist nicht beschlussfähig: %(present)d von %(entitled)d Organisationen sind vertreten, "
                "nötig sind %(needed)d. Möglich ist eine Empfehlung, oder später eine Abstimmung per E-Mail."
            )
            % {"present": counted.present, "entitled": counted.entitled, "needed": counted.needed}
        )


def _require_voters(votes: Votes, counted: quorum.Quorum) -> None:
    """Votes counted against the entitled need the list of who is there; more than are there is a slip of the counting.

    With `entitled` None (from paper, or another house's records) nobody can check, and the numbers are taken as given.
    """
    if not counted.is_recorded:
        raise AttendanceMissing(
            _(
                "Für gezählte Stimmen fehlt die Anwesenheit. Bitte haken Sie zuerst ab, wer da ist, "
                "oder lassen Sie die Stimmen leer."
            )
        )
    cast = votes.yes + votes.no + votes.abstain
    if cast > counted.present:
        raise VotesImpossible(
            _("Es sind mehr Stimmen (%(cast)d) als anwesende stimmberechtigte Organisationen (%(present)d).")
            % {"cast": cast, "present": counted.present}
        )


def _next_meeting_on(meeting: Meeting) -> dt.date | None:
    following = standing.meeting_after(meeting)
    return local_date(following.start) if following else None


def _not_itself(decision: Decision, other: Decision | None) -> None:
    if other is not None and other.pk == decision.pk:
        raise NumberSelf(_("Ein Beschluss kann sich nicht selbst ersetzen."))
