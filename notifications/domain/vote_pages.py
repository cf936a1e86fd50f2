"""What the pages of votes by mail show: the list, one vote, the page before it opens, and a ballot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import german, permissions
from buendnisse.clock import local_date
from buendnisse.models import Person, sight_of
from meetings.domain import circular, circular_end, circular_rules, standing
from meetings.domain.circular_rules import CircularRefused, Voter
from meetings.domain.versions import Stale
from meetings.enums import CIRCULAR_ENDED, CircularState
from meetings.models import Ballot, CircularVote
from notifications.domain import previews, votes
from notifications.domain.previews import Preview
from notifications.domain.votes import VoterLine
from notifications.enums import MailKind
from notifications.models import OutboxMessage

_ENDED_SHOWN = 50


@dataclass(frozen=True)
class Listed:
    drafts: Sequence[CircularVote]
    running: Sequence[CircularVote]
    ended: Sequence[CircularVote]
    may_moderate: bool


@dataclass(frozen=True)
class VotePage:
    """`lines` only for the Fachstelle; members see no figures before the end. `own`: the reader is asked."""

    may_moderate: bool
    sees_inside: bool
    own: Ballot | None
    lines: list[VoterLine] = field(default_factory=list)
    may_take_back: bool = False

    @property
    def missing(self) -> list[VoterLine]:
        return [line for line in self.lines if not line.has_answered]

    @property
    def to_call(self) -> list[VoterLine]:
        return [line for line in self.lines if line.must_be_called]

    @property
    def remarks(self) -> list[Ballot]:
        return [ballot for line in self.lines for ballot in line.remarks]


@dataclass(frozen=True)
class Check:
    """Before a vote opens. `refusal`: why it cannot."""

    voters: Sequence[Voter]
    mail: Preview | None
    shown_to: Person | None
    refusal: str = ""

    @property
    def letters(self) -> int:
        return sum(person.gets_mail for voter in self.voters for person in voter.people)

    @property
    def by_phone(self) -> list[Voter]:
        return [voter for voter in self.voters if not voter.gets_mail]


@dataclass(frozen=True)
class BallotPage:
    """`standing`: how the vote of the organisation stands, in a sentence. `where`: where one objection leads."""

    vote: CircularVote
    ballot: Ballot | None
    effective: Ballot | None
    is_open: bool
    where: str
    member: Person | None

    @property
    def stands_in_for(self) -> Person | None:
        return self.member if self.ballot is not None and self.ballot.is_deputy else None

    @property
    def standing(self) -> str:
        row = self.effective
        if row is None:
            return ""
        if not row.choice:
            return _("gegen das Verfahren")
        return str(row.get_choice_display())

    @property
    def is_own_that_counts(self) -> bool:
        return self.effective is not None and self.ballot is not None and self.effective.pk == self.ballot.pk


def listed(reader: Person, *, at: dt.datetime) -> Listed:
    """What the reader may see; two queries."""
    rows = CircularVote.objects.visible_to(reader, at=at).select_related("alliance")
    begun = list(rows.filter(state__in=[CircularState.DRAFT, CircularState.CIRCULATING]).order_by("closes_on", "pk"))
    ended = rows.filter(state__in=CIRCULAR_ENDED).order_by("-closes_on", "-pk")
    return Listed(
        drafts=[vote for vote in begun if vote.is_draft],
        running=[vote for vote in begun if vote.is_running],
        ended=list(ended[:_ENDED_SHOWN]),
        may_moderate=permissions.may_moderate(reader),
    )


def of(vote: CircularVote, reader: Person, *, at: dt.datetime) -> VotePage:
    may_moderate = permissions.may_moderate(reader)
    return VotePage(
        may_moderate=may_moderate,
        sees_inside=sight_of(reader, at=at).sees_inside(vote.alliance_id),
        own=Ballot.objects.filter(vote=vote, person=reader).first(),
        lines=votes.lines(vote, at=at) if may_moderate else [],
        may_take_back=may_moderate and votes.may_be_taken_back(vote),
    )


def check(vote: CircularVote, *, by: Person, at: dt.datetime, is_open: bool) -> Check:
    """Opens the vote, looks at the first letter, and rolls everything back."""
    refusal, mail, to = "", None, None
    voters = circular_rules.electorate(vote.alliance, day=local_date(at))
    with transaction.atomic():
        try:
            circular.open_vote(vote, version=vote.version, by=by, at=at)
            to = next((person for voter in voters for person in voter.people if person.gets_mail), None)
            if to is not None:
                letter = OutboxMessage(kind=MailKind.BALLOT, person=to, data={"vote": vote.pk})
                mail = previews.preview(letter, at=at, is_open=is_open)
        except (CircularRefused, Stale) as refused:
            refusal = str(refused)
        transaction.set_rollback(True)
    vote.refresh_from_db()
    return Check(voters, mail, to, refusal)


def ballot_page(vote: CircularVote, person: Person, *, at: dt.datetime) -> BallotPage | None:
    """The page of one person who was asked; None for anybody else while it runs. Who was asked reads the result."""
    own = Ballot.objects.select_related("voter__organisation", "person").filter(vote=vote, person=person).first()
    if own is None and not vote.is_ended:
        return None
    mates = list(own.voter.ballots.select_related("person", "voter")) if own else []
    meeting = standing.next_meeting(vote.alliance_id, at=at)
    where = _("in der Sitzung am %s") % german.day(meeting.start) if meeting else _("in einer der nächsten Sitzungen")
    return BallotPage(
        vote=vote,
        ballot=own,
        effective=votes.effective(mates),
        is_open=vote.is_running and at < vote.ends_at,
        where=circular_end.place_words(vote) if vote.next_item_id else where,
        member=next((row.person for row in mates if not row.is_deputy), None),
    )


def open_ballots(person: Person, *, at: dt.datetime) -> list[Ballot]:
    """The running votes this person is asked about, the nearest end first; one query."""
    rows = Ballot.objects.filter(person=person, vote__state=CircularState.CIRCULATING)
    found = rows.select_related("vote__alliance", "voter__organisation").order_by("vote__closes_on", "pk")
    return [ballot for ballot in found if at < ballot.vote.ends_at]
