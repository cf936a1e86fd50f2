"""Letters about a vote by mail: the question, a reminder, the result, and that it goes to the meeting instead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.domain import circular_ballots, circular_end, relay_words, standing
from meetings.enums import CircularState
from meetings.models import Ballot, CircularVote
from notifications.domain import urls_for, votes
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage

#: How long the page of a ballot says how it ended.
_AFTER_END = dt.timedelta(days=42)
_SUBJECT_LETTERS = 60


def ballot(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The question in full, and the way to the page where one answers."""
    vote = _vote(message)
    if not _takes_answers(vote, at):
        raise NothingToSay
    return Letter("ballot", _question(message, vote, at) | _asking(vote, _("Bitte abstimmen")), matter=vote)


def reminder(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The same, to organisations that have not answered meanwhile either."""
    vote = _vote(message)
    own = _ballot(message, vote)
    if not _takes_answers(vote, at) or own.voter.organisation_id not in circular_ballots.without_answer(vote):
        raise NothingToSay
    heads = _asking(vote, _("Ihre Stimme fehlt noch"))
    return Letter("ballot_reminder", _question(message, vote, at) | heads, matter=vote)


def result(message: OutboxMessage, at: dt.datetime) -> Letter:
    """How it ended, with the wording in full and the figures."""
    vote = _vote(message)
    if not vote.is_ended:
        raise NothingToSay
    if vote.state == CircularState.CANCELLED:
        _require_told(message)
    place = circular_end.place_words(vote) if vote.next_item else ""
    return Letter(
        "ballot_result",
        _about(message, vote, at) | _telling(vote, _outcome(vote)) | {"place": place},
        matter=vote,
    )


def moved(message: OutboxMessage, at: dt.datetime) -> Letter:
    """An organisation objects to the procedure: the matter is dealt with in the meeting."""
    vote = _vote(message)
    if not vote.is_ended:
        raise NothingToSay
    item = vote.next_item
    heads = _telling(vote, _("Wir beraten in der Sitzung"))
    context = {"meeting": item.meeting if item else None}
    return Letter("ballot_moved", _about(message, vote, at) | heads | context, matter=vote)


def _vote(message: OutboxMessage) -> CircularVote:
    related = ("alliance", "next_item__meeting")
    vote = CircularVote.objects.select_related(*related).filter(pk=message.data["vote"]).first()
    if vote is None:
        raise NothingToSay
    return vote


def _ballot(message: OutboxMessage, vote: CircularVote) -> Ballot:
    rows = Ballot.objects.select_related("voter__organisation").filter(vote=vote, person=message.person_id)
    found = rows.first()
    if found is None:
        raise NothingToSay
    return found


def _takes_answers(vote: CircularVote, at: dt.datetime) -> bool:
    return vote.is_running and at < vote.ends_at


def _question(message: OutboxMessage, vote: CircularVote, at: dt.datetime) -> dict[str, Any]:
    own = _ballot(message, vote)
    meeting = standing.next_meeting(vote.alliance_id, at=at)
    member = Ballot.objects.filter(voter=own.voter_id, is_deputy=False).select_related("person").first()
    return {
        **_about(message, vote, at),
        "voter": own.voter.organisation,
        "stands_in_for": member.person if own.is_deputy and member else None,
        "next_meeting": meeting,
    }


def _about(message: OutboxMessage, vote: CircularVote, at: dt.datetime) -> dict[str, Any]:
    url = ballot_url(message.person, vote, at=at)
    asked = Ballot.objects.filter(vote=vote, person=message.person_id).values_list("voter__organisation_id", flat=True)
    papers = vote.papers.opened_to(list(asked)).order_by("title", "pk")
    return {
        "vote": vote,
        "body": vote.alliance,
        "body_in_words": relay_words.with_article(vote.alliance),
        "papers": [(paper.title, paper_url(url, paper.slug)) for paper in papers],
        "ballot_url": url,
        "why": _("Sie stimmen für Ihre Organisation im %s ab.") % vote.alliance.named,
    }


def _asking(vote: CircularVote, words: str) -> dict[str, Any]:
    """The day is said to be the last one: a bare date would read like that of a meeting."""
    return _heads(vote, _("bis %s") % german.short_day(vote.closes_on), words)


def _telling(vote: CircularVote, words: str) -> dict[str, Any]:
    return _heads(vote, _("Abstimmung vom %s") % german.short_day(_ended_on(vote)), words)


def _heads(vote: CircularVote, what: str, words: str) -> dict[str, Any]:
    """The subject of the mail is cut where it is long; the heading says it whole."""
    short = Truncator(vote.subject).chars(_SUBJECT_LETTERS, truncate=" …")
    subject = f"{vote.alliance.word}, {what}: {words}, „{short}“"
    return {"heading": f"{words}: {vote.subject}", "subject_line": subject}


def _outcome(vote: CircularVote) -> str:
    return german.sentence(vote.get_state_display()).removesuffix(".")


def _ended_on(vote: CircularVote) -> dt.date:
    return min(local_date(vote.closed_at), vote.closes_on) if vote.closed_at else vote.closes_on


def ballot_url(person: Person, vote: CircularVote, *, at: dt.datetime) -> str:
    """This person's page of the vote; it works for six weeks after the end."""
    until = vote.ends_at + _AFTER_END
    return urls_for.personal(person, purpose=LinkPurpose.BALLOT, subject=vote, until=until, at=at)


def paper_url(own_page: str, slug: str) -> str:
    """A paper of the vote behind the same link."""
    return f"{own_page}unterlage/{slug}/"


def _require_told(message: OutboxMessage) -> None:
    """Who never heard of a vote need not hear that it is off; what is being sent counts as heard."""
    mails = OutboxMessage.objects.filter(person=message.person_id, matter=votes.matter(message.data["vote"]))
    told = mails.may_have_arrived()
    if not told.exclude(pk=message.pk).exists():
        raise NothingToSay


COMPOSERS: dict[str, Composer] = {
    MailKind.BALLOT: ballot,
    MailKind.BALLOT_REMINDER: reminder,
    MailKind.BALLOT_RESULT: result,
    MailKind.BALLOT_MOVED: moved,
}
