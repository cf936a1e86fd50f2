"""Votes by mail and the mail about them: who was reached, ending what is due, taking back what nobody has read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import clock, german
from buendnisse.models import Person
from meetings.domain import circular, circular_ballots, circular_end, circular_rules
from meetings.domain.circular_journal import opening
from meetings.domain.circular_rules import CircularRefused
from meetings.models import Ballot, CircularVote, CircularVoter
from notifications.enums import STILL_HERE, MailKind, OutboxState
from notifications.models import Dispatch, OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet


class Reach(StrEnum):
    ANSWERED = "answered"
    REACHED = "reached"
    UNDER_WAY = "under_way"
    CALL = "call"


@dataclass(frozen=True)
class VoterLine:
    """One entitled organisation as the Fachstelle sees it. `words`: how the vote came, or why it has not."""

    voter: CircularVoter
    ballots: tuple[Ballot, ...]
    effective: Ballot | None
    reach: Reach
    words: str

    @property
    def has_answered(self) -> bool:
        return self.effective is not None

    @property
    def must_be_called(self) -> bool:
        return self.reach == Reach.CALL

    @property
    def remarks(self) -> list[Ballot]:
        return [one for one in self.ballots if one.remark]


def lines(vote: CircularVote, *, at: dt.datetime) -> list[VoterLine]:
    """All entitled organisations by name, with what mail and telephone did."""
    return lines_of([vote], at=at)[vote.pk]


def lines_of(found: Sequence[CircularVote], *, at: dt.datetime) -> dict[int, list[VoterLine]]:
    """The same for several votes, by their ids. Four queries, or one where there is none."""
    voters = CircularVoter.objects.filter(vote__in=[vote.pk for vote in found])
    rows = list(voters.select_related("organisation", "phoned_by").order_by("organisation__name", "pk"))
    told: dict[int, list[VoterLine]] = {vote.pk: [] for vote in found}
    if not rows:
        return told
    ballots: dict[int, list[Ballot]] = defaultdict(list)
    cast = Ballot.objects.filter(voter__in=[row.pk for row in rows])
    for ballot in cast.select_related("person", "voter", "entered_by").order_by("is_deputy", "person__last_name", "pk"):
        ballots[ballot.voter_id].append(ballot)
    mails = _mails_so_far(found)
    for row in rows:
        told[row.vote_id].append(_line(row, ballots[row.pk], mails, at))
    return told


def unreached(vote: CircularVote, *, at: dt.datetime) -> frozenset[int]:
    """Ids of the organisations that neither mail nor telephone reached so far."""
    out = (Reach.CALL, Reach.UNDER_WAY)
    return frozenset(line.voter.organisation_id for line in lines(vote, at=at) if line.reach in out)


def close_due(*, at: dt.datetime) -> int:
    """End the votes whose time is over; how many."""
    return sum(circular_end.close(vote, unreached=unreached(vote, at=at), at=at) for vote in circular_end.due(at=at))


def may_be_taken_back(vote: CircularVote) -> bool:
    """Whether nobody can have heard of it yet."""
    change = opening(vote)
    if not vote.is_running or vote.opened_at is None or change is None or vote.answered:
        return False
    return not _mails(change.pk).may_have_arrived().exists()


def take_back(vote: CircularVote, *, by: Person, at: dt.datetime) -> None:
    """A draft again, and nobody is asked. Raises CircularRefused.

    The mails are taken out first and then looked at: a worker that was faster has its own, and that one is too many.
    """
    change = opening(vote)
    if change is None:
        raise CircularRefused(_("Diese Abstimmung ist nicht eröffnet."))
    with transaction.atomic():
        Dispatch.objects.get_or_create(change=change, defaults={"at": at})  # told or not, it is told no more
        mails = _mails(change.pk)
        mails.filter(state__in=STILL_HERE).update(state=OutboxState.SUPERSEDED)
        if mails.may_have_arrived().exists():
            raise CircularRefused(
                _("Die Mails sind schon unterwegs. Sie können die Abstimmung nur noch abbrechen, mit einem Grund.")
            )
        circular.take_back(vote, by=by, at=at)


def effective(ballots: Iterable[Ballot]) -> Ballot | None:
    """Of the ballots of one organisation the one that counts; None while nobody has answered."""
    cast = circular_ballots.in_order(ballots)
    found = circular_rules.effective(circular_ballots.answers(cast))
    return next((cast[answer.order] for answer in found.values()), None)


def matter(vote_id: int) -> str:
    """What a later mail about the same vote replaces while it waits."""
    return f"vote:{vote_id}"


def _mails(change_id: int) -> OutboxMessageQuerySet:
    return OutboxMessage.objects.filter(occasion=f"{MailKind.BALLOT}:{change_id}")


def _mails_so_far(found: Sequence[CircularVote]) -> Mapping[tuple[int, int], list[OutboxMessage]]:
    """By vote and person what was written since the vote was opened, the oldest first."""
    by_matter = {matter(vote.pk): vote for vote in found}
    rows = OutboxMessage.objects.filter(matter__in=by_matter, kind__in=[MailKind.BALLOT, MailKind.BALLOT_REMINDER])
    told: dict[tuple[int, int], list[OutboxMessage]] = defaultdict(list)
    for message in rows.defer("payload", "data").order_by("pk"):
        vote = by_matter[message.matter]
        if vote.opened_at is not None and message.created_at >= vote.opened_at:
            told[vote.pk, message.person_id].append(message)
    return told


def _line(
    voter: CircularVoter, ballots: list[Ballot], mails: Mapping[tuple[int, int], list[OutboxMessage]], at: dt.datetime
) -> VoterLine:
    counted = effective(ballots)
    if counted is not None:
        return VoterLine(voter, tuple(ballots), counted, Reach.ANSWERED, _how_it_came(counted))
    if voter.phoned_at is not None:
        words = _("Am Telefon erreicht, %s.") % german.day(voter.phoned_at)
        return VoterLine(voter, tuple(ballots), None, Reach.REACHED, words)
    reach, words = _reached(
        [mail for row in ballots for mail in mails.get((voter.vote_id, row.person_id), ())], ballots, at
    )
    return VoterLine(voter, tuple(ballots), None, reach, words)


def _how_it_came(ballot: Ballot) -> str:
    words = {"name": ballot.person.full_name, "moment": german.moment(ballot.cast_at) if ballot.cast_at else ""}
    if ballot.entered_by is not None:
        return _("%(name)s am Telefon, eingetragen von %(by)s, %(moment)s.") % {
            **words,
            "by": ballot.entered_by.full_name,
        }
    return _("%(name)s, %(moment)s.") % words


def _reached(mails: list[OutboxMessage], ballots: list[Ballot], at: dt.datetime) -> tuple[Reach, str]:
    """What mail did before there was an answer."""
    if sent := next((one for one in mails if one.state == OutboxState.SENT), None):
        return Reach.REACHED, _("Mail gesendet, %s.") % _moment(sent.sent_at or sent.not_before, at)
    if any(one.state in {OutboxState.WAITING, OutboxState.SENDING} and not one.failure for one in mails):
        return Reach.UNDER_WAY, _("Die Mail geht gleich.")
    if failed := next((one for one in reversed(mails) if one.failure), None):
        return Reach.CALL, _("Die Mail kam nicht an. %s") % german.closed(failed.failure)
    if any(one.state == OutboxState.STOPPED for one in mails):
        return Reach.CALL, _("Die Mail ist angehalten.")
    if not any(row.person.gets_mail for row in ballots):
        return Reach.CALL, _("Keine E-Mail-Adresse. Bitte anrufen.")
    return (Reach.CALL, _("Hat keine Mail bekommen.")) if mails else (Reach.UNDER_WAY, _("Die Mail geht gleich."))


def _moment(moment: dt.datetime, at: dt.datetime) -> str:
    is_today = clock.local_date(moment) == clock.local_date(at)
    return _("heute um %s") % german.hour(moment) if is_today else german.day(moment)
