"""Answers to a vote by mail: cast by link or entered after a call, changed until the end, counted at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import circular_rules, versions
from meetings.domain.circular_journal import held, record, require_running
from meetings.domain.circular_rules import Answer, CircularRefused, Count
from meetings.enums import BallotChoice, Happened, ProcedureAnswer
from meetings.models import Ballot, CircularVote, CircularVoter


def cast(
    ballot: Ballot,
    *,
    procedure: str,
    choice: str = "",
    remark: str = "",
    version: int,
    via: str,
    by: Person,
    at: dt.datetime,
) -> bool:
    """Take or change an answer; False if exactly this stood there. Who is against the procedure does not vote.

    Nobody is told what was chosen, and the journal does not know. Raises CircularRefused, Stale.
    """
    if procedure not in ProcedureAnswer.values:
        raise CircularRefused(_("Bitte sagen Sie zuerst, ob wir per E-Mail abstimmen dürfen."))
    if procedure == ProcedureAnswer.OBJECTS:
        choice = ""
    elif choice not in BallotChoice.values:
        raise CircularRefused(_("Bitte wählen Sie Ja, Nein oder Enthaltung."))
    said = {"procedure": procedure, "choice": choice, "remark": remark.strip()}
    with transaction.atomic():
        vote = held(ballot.vote)
        require_running(vote, at=at)
        if not versions.claim(ballot, version=version, said=said):
            return False
        stored = Ballot.objects.get(pk=ballot.pk)
        if stored.is_cast and all(getattr(stored, name) == value for name, value in said.items()):
            return False
        entered_by = by if via == Via.PHONE else None
        Ballot.objects.filter(pk=ballot.pk).update(
            **said, cast_at=at, via=via, entered_by=entered_by, version=version + 1
        )
        recount(vote)
        record(Happened.CIRCULAR_VOTED, vote, by=by, at=at, via=via, organisation=stored.voter.organisation_id)
    ballot.refresh_from_db()
    return True


def counted(vote: CircularVote) -> Count:
    """Count the ballots there are."""
    entitled = set(CircularVoter.objects.filter(vote=vote).values_list("organisation_id", flat=True))
    return circular_rules.count(entitled, answers(Ballot.objects.filter(vote=vote).select_related("voter")))


def answers(ballots: Iterable[Ballot]) -> list[Answer]:
    """The cast ones as the rules read them, the earliest first: `order` is the place in `in_order`."""
    return [
        Answer(row.voter.organisation_id, row.is_deputy, row.procedure, row.choice, order)
        for order, row in enumerate(in_order(ballots))
    ]


def in_order(ballots: Iterable[Ballot]) -> list[Ballot]:
    """The cast ones, the earliest first."""
    cast = [(row.cast_at, row.pk, row) for row in ballots if row.cast_at is not None]
    return [row for _moment, _number, row in sorted(cast, key=lambda one: one[:2])]


def recount(vote: CircularVote) -> Count:
    """Bring the counts of the vote in line with its ballots."""
    found = counted(vote)
    figures = {
        "votes_yes": found.yes,
        "votes_no": found.no,
        "votes_abstain": found.abstain,
        "votes_missing": found.missing,
        "objections_to_procedure": found.objections,
    }
    CircularVote.objects.filter(pk=vote.pk).update(**figures)
    for name, value in figures.items():
        setattr(vote, name, value)
    return found


def note_call(voter: CircularVoter, *, by: Person, at: dt.datetime) -> None:
    """The organisation was told by telephone and has the text: it counts as reached. Raises CircularRefused."""
    with transaction.atomic():
        vote = held(voter.vote)
        require_running(vote, at=at)
        rows = CircularVoter.objects.filter(pk=voter.pk, phoned_at__isnull=True)
        if rows.update(phoned_at=at, phoned_by=by):
            record(Happened.CIRCULAR_PHONED, vote, by=by, at=at, via=Via.PHONE, organisation=voter.organisation_id)


def forget_call(voter: CircularVoter, *, by: Person, at: dt.datetime) -> None:
    """It was noted by mistake. Raises CircularRefused."""
    with transaction.atomic():
        vote = held(voter.vote)
        require_running(vote, at=at)
        rows = CircularVoter.objects.filter(pk=voter.pk, phoned_at__isnull=False)
        if rows.update(phoned_at=None, phoned_by=None):
            record(Happened.CIRCULAR_PHONE_UNDONE, vote, by=by, at=at, organisation=voter.organisation_id)


def without_answer(vote: CircularVote) -> set[int]:
    """Ids of the organisations nobody of which has answered."""
    rows = CircularVoter.objects.filter(vote=vote).exclude(ballots__cast_at__isnull=False)
    return set(rows.values_list("organisation_id", flat=True))
