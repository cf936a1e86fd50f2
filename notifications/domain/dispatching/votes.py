"""Votes by mail: everybody asked hears of the beginning and the end, who has not answered is reminded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import calendar_days, circular_ballots
from meetings.enums import Happened
from meetings.models import Ballot, CircularVote
from notifications.domain import votes
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def opened(change: Change, at: dt.datetime) -> Iterable[Draft]:
    yield from _to_all(MailKind.BALLOT, change)


def reminded(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Only organisations nobody of which has answered."""
    vote = CircularVote.objects.get(pk=change.subject_id)
    missing = circular_ballots.without_answer(vote)
    for ballot in _asked(vote.pk):
        if ballot.voter.organisation_id in missing:
            yield _draft(MailKind.BALLOT_REMINDER, ballot)


def ended(change: Change, at: dt.datetime) -> Iterable[Draft]:
    yield from _to_all(MailKind.BALLOT_RESULT, change)


def moved(change: Change, at: dt.datetime) -> Iterable[Draft]:
    yield from _to_all(MailKind.BALLOT_MOVED, change)


def _to_all(kind: MailKind, change: Change) -> Iterable[Draft]:
    for ballot in _asked(change.subject_id):
        yield _draft(kind, ballot, _leaves(change) if kind != MailKind.BALLOT else None)


def _asked(vote_id: int) -> Iterable[Ballot]:
    return Ballot.objects.filter(vote=vote_id).select_related("person", "voter").order_by("pk")


def _draft(kind: MailKind, ballot: Ballot, not_before: dt.datetime | None = None) -> Draft:
    matter, data = votes.matter(ballot.vote_id), {"vote": ballot.vote_id}
    return Draft(kind, ballot.person, matter=matter, data=data, not_before=not_before)


def _leaves(change: Change) -> dt.datetime | None:
    """A vote that ended by itself did so at midnight: its mail leaves at seven, on a working day."""
    if change.via != Via.RULE:
        return None
    return max(change.at, automatic_mail_time(calendar_days.working_day_from(local_date(change.at))))


HANDLERS: dict[str, Handler] = {
    Happened.CIRCULAR_OPENED: opened,
    Happened.CIRCULAR_REMINDED: reminded,
    Happened.CIRCULAR_CLOSED: ended,
    Happened.CIRCULAR_CANCELLED: ended,
    Happened.CIRCULAR_MOVED: moved,
}
