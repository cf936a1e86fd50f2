"""The ballots of a vote by mail that is running: the files know how many answered what, and not who.

The organisations answer in the order of the alphabet, members before anybody else; Hedwig Burlage has not answered,
so that a visitor can do it for her.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator

from django.conf import settings

from buendnisse import clock, german
from buendnisse.config.demo.stage import Stage, moment
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import circular, circular_rules
from meetings.enums import BallotChoice, CircularState, Happened, ProcedureAnswer
from meetings.models import Ballot, CircularVote, CircularVoter
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

_OPENED_AT = dt.time(10)
_MINUTE = dt.timedelta(minutes=1)
_NOT_YET = "p-burlage"


def load(stage: Stage, vote: CircularVote) -> None:
    """Everybody entitled was asked on the first day; the counts of the files become answers."""
    opened_on = vote.opened_on or vote.closes_on
    vote.opened_at = clock.at_local(opened_on, _OPENED_AT)
    vote.save(update_fields=["opened_at"])
    circular.enter(vote, circular_rules.electorate(vote.alliance, day=opened_on))
    rows = Ballot.objects.filter(vote=vote, is_deputy=False).exclude(person__handle=_NOT_YET)
    asked = list(rows.exclude(person__email="").order_by("voter__organisation__name", "pk"))
    answered = [BallotChoice.YES] * vote.votes_yes + [BallotChoice.NO] * vote.votes_no
    answered += [BallotChoice.ABSTAIN] * vote.votes_abstain
    for number, (ballot, choice) in enumerate(zip(asked, answered, strict=False), start=1):
        ballot.procedure, ballot.choice, ballot.via, ballot.version = ProcedureAnswer.AGREES, choice, Via.LINK, 2
        ballot.cast_at = vote.opened_at + number * 7 * _MINUTE
        ballot.save()
    for voter in CircularVoter.objects.filter(vote=vote):
        if not any(ballot.person.gets_mail for ballot in voter.ballots.select_related("person")):
            voter.phoned_at, voter.phoned_by = moment(opened_on, 11, 30), stage.writer
            voter.save(update_fields=["phoned_at", "phoned_by"])


def mails(stage: Stage) -> Iterator[OutboxMessage]:
    """The mails with which the running votes were opened; they left."""
    domain = settings.ORGANIZER_EMAIL.rpartition("@")[2]
    for vote in stage.circulars.values():
        if vote.state != CircularState.CIRCULATING or vote.opened_at is None:
            continue
        change = Change.objects.get(verb=Happened.CIRCULAR_OPENED, subject_type="circularvote", subject_id=vote.pk)
        subject = f"{vote.alliance.word}, {german.short_day(vote.closes_on)}: Bitte abstimmen: {vote.subject}"
        for ballot in Ballot.objects.filter(vote=vote).select_related("person").order_by("pk"):
            if ballot.person.gets_mail:
                yield OutboxMessage(
                    kind=MailKind.BALLOT,
                    person=ballot.person,
                    occasion=f"{MailKind.BALLOT}:{change.pk}",
                    matter=f"vote:{vote.pk}",
                    data={"vote": vote.pk},
                    state=OutboxState.SENT,
                    created_at=vote.opened_at,
                    not_before=vote.opened_at + _MINUTE,
                    sent_at=vote.opened_at + _MINUTE,
                    attempts=1,
                    subject=subject,
                    to_address=ballot.person.email,
                    message_id=f"<{secrets.token_hex(16)}@{domain}>",
                )
