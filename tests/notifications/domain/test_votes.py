"""Votes by mail and their mail: who is told what, who was reached, and how the ring ends them."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Change, Person
from meetings.domain import circular, circular_ballots
from meetings.domain.circular_rules import CircularRefused
from meetings.enums import CircularState
from meetings.models import AgendaItem, Ballot, CircularVote, Decision
from notifications.domain import desk_votes, dispatch, outbox, render, votes
from notifications.domain.letter import NothingToSay
from notifications.domain.ring import ring
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.notifications import snapshots
from tests.support import smtp_sink, voting
from tests.support.voting import HOUR, answer
from tests.world import AT, World

pytestmark = pytest.mark.django_db

SOON = AT + outbox.GRACE
REMINDED = dt.datetime(
    2026, 11, 27, 6, 0, tzinfo=dt.UTC
)  # 7:00 in Berlin, on the Friday: two days before the end is a Saturday
OVER = dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC)


def told(kind: MailKind) -> list[str]:
    """Who has such a mail that left or will."""
    rows = OutboxMessage.objects.filter(kind=kind, state__in=[OutboxState.WAITING, OutboxState.SENT])
    return sorted(rows.values_list("person__handle", flat=True))


def read(kind: MailKind, person: Person, at: dt.datetime) -> str:
    message = OutboxMessage.objects.filter(kind=kind, person=person).latest("pk")
    rendered = render.render(message, at=at)
    return f"{rendered.subject}\n\n{rendered.text}"


def test_everybody_asked_is_told_a_minute_later(cast: World, relay: smtp_sink.Sink) -> None:
    voting.begin(cast)

    ring(at=SOON - dt.timedelta(seconds=1))
    assert relay.mail == []
    ring(at=SOON)

    assert told(MailKind.BALLOT) == ["birgit", "rolf", "susanne"]
    assert len(relay.mail) == 3


def test_question_in_full(cast: World) -> None:
    MeetingFactory(alliance=cast.arbeit, state="call_open")
    voting.begin(cast)
    dispatch.fan_out(at=SOON)

    snapshots.check("ballot", read(MailKind.BALLOT, cast.susanne, SOON))
    snapshots.check("ballot_deputy", read(MailKind.BALLOT, cast.rolf, SOON))


def test_reminder_goes_once_and_only_to_organisations_without_an_answer(cast: World, relay: smtp_sink.Sink) -> None:
    vote = voting.begin(cast)
    ring(at=SOON)
    answer(vote, cast.rolf)  # the deputy answered for the organisation

    ring(at=REMINDED - dt.timedelta(seconds=1))
    assert told(MailKind.BALLOT_REMINDER) == []
    for moment in (REMINDED, REMINDED, REMINDED + HOUR):
        ring(at=moment)

    assert told(MailKind.BALLOT_REMINDER) == ["birgit"]
    snapshots.check("ballot_reminder", read(MailKind.BALLOT_REMINDER, cast.birgit, REMINDED))


def test_reminder_falls_away_for_whoever_answered_meanwhile(cast: World) -> None:
    vote = voting.begin(cast)
    ring(at=REMINDED, send=False)
    answer(vote, cast.birgit)

    message = OutboxMessage.objects.get(kind=MailKind.BALLOT_REMINDER, person=cast.birgit)
    with pytest.raises(NothingToSay):
        render.render(message, at=REMINDED)


def test_ring_ends_it_at_midnight_and_tells_everybody_once(cast: World, relay: smtp_sink.Sink) -> None:
    vote = voting.begin(cast)
    ring(at=SOON)
    answer(vote, cast.susanne, "yes")
    answer(vote, cast.birgit, "abstain")

    ring(at=OVER - dt.timedelta(seconds=1))
    vote.refresh_from_db()
    assert vote.state == CircularState.CIRCULATING
    for _again in range(3):
        ring(at=OVER)

    vote.refresh_from_db()
    assert (vote.state, Decision.objects.get().number) == (CircularState.ADOPTED, "U-A-2026-01")
    assert told(MailKind.BALLOT_RESULT) == ["birgit", "rolf", "susanne"]
    snapshots.check("ballot_result", read(MailKind.BALLOT_RESULT, cast.susanne, OVER))


def test_ring_that_died_before_the_mail_is_made_up_for(cast: World, relay: smtp_sink.Sink) -> None:
    vote = voting.begin(cast)
    ring(at=SOON)
    answer(vote, cast.susanne, "yes")
    votes.close_due(at=OVER)  # and here the worker was killed

    ring(at=OVER + HOUR)
    ring(at=OVER + HOUR)

    assert (Decision.objects.count(), told(MailKind.BALLOT_RESULT)) == (1, ["birgit", "rolf", "susanne"])


def test_organisation_whose_mail_was_refused_makes_it_void_unless_somebody_calls(
    cast: World, relay: smtp_sink.Sink
) -> None:
    vote = voting.begin(cast)
    ring(at=SOON)
    answer(vote, cast.susanne, "yes")
    OutboxMessage.objects.filter(person=cast.birgit).update(state=OutboxState.FAILED, failure="550 unbekannt")

    assert votes.unreached(vote, at=SOON) == {cast.birgit.organisation_id}
    assert [line.title for line in desk_votes.lines(desk_votes.running(), at=SOON)] == [
        "Abstimmung U-A-2026-01, bitte anrufen: Rufbus am Abend"
    ]
    ring(at=OVER)

    vote.refresh_from_db()
    assert (vote.state, vote.lapse_reason) == (CircularState.LAPSED, "not_reached")
    snapshots.check("ballot_result_lapsed", read(MailKind.BALLOT_RESULT, cast.susanne, OVER))


def test_call_reaches_whom_no_mail_reaches(cast: World, relay: smtp_sink.Sink) -> None:
    hinnerk = voting.by_telephone(cast)
    vote = voting.begin(cast)
    ring(at=SOON)
    answer(vote, cast.susanne, "yes")
    assert votes.unreached(vote, at=SOON) == {hinnerk.organisation_id}

    circular_ballots.note_call(vote.voters.get(organisation=hinnerk.organisation), by=cast.imke, at=SOON)
    ring(at=OVER)

    vote.refresh_from_db()
    assert (votes.unreached(vote, at=OVER), vote.state) == (frozenset(), CircularState.ADOPTED)


def test_objection_tells_everybody_once_and_the_topic_stands_on_the_agenda(cast: World, relay: smtp_sink.Sink) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit, state="call_open")
    vote = voting.begin(cast)
    ring(at=SOON)
    answer(vote, cast.birgit, objects=True, at=AT + HOUR)

    ring(at=AT + 2 * HOUR - dt.timedelta(seconds=1))
    assert told(MailKind.BALLOT_MOVED) == []
    for moment in (AT + 2 * HOUR, AT + 2 * HOUR, OVER):
        ring(at=moment)

    assert told(MailKind.BALLOT_MOVED) == ["birgit", "rolf", "susanne"]
    assert (told(MailKind.BALLOT_RESULT), told(MailKind.BALLOT_REMINDER)) == ([], [])
    assert AgendaItem.objects.get(title="Rufbus am Abend").meeting == meeting
    snapshots.check("ballot_moved", read(MailKind.BALLOT_MOVED, cast.susanne, AT + 2 * HOUR))


def test_taken_back_while_the_mail_waits_nobody_hears_of_it(cast: World, relay: smtp_sink.Sink) -> None:
    vote = voting.begin(cast)
    dispatch.fan_out(at=AT)

    votes.take_back(vote, by=cast.imke, at=AT)
    ring(at=SOON)

    vote.refresh_from_db()
    assert (vote.state, relay.mail) == (CircularState.DRAFT, [])
    circular.open_vote(vote, version=vote.version, by=cast.imke, at=SOON)
    ring(at=SOON + outbox.GRACE)
    assert len(relay.mail) == 3


def test_what_has_left_is_not_taken_back(cast: World, relay: smtp_sink.Sink) -> None:
    vote = voting.begin(cast)
    ring(at=SOON)

    assert not votes.may_be_taken_back(vote)
    with pytest.raises(CircularRefused, match="schon unterwegs"):
        votes.take_back(vote, by=cast.imke, at=SOON)

    vote.refresh_from_db()
    assert vote.state == CircularState.CIRCULATING


def test_cancellation_is_told_to_those_who_heard_of_it(cast: World, relay: smtp_sink.Sink) -> None:
    vote = voting.begin(cast)
    ring(at=SOON)
    circular.cancel(vote, reason="Der Vertrag ist verlängert.", by=cast.imke, at=SOON)

    ring(at=SOON + outbox.GRACE)

    assert told(MailKind.BALLOT_RESULT) == ["birgit", "rolf", "susanne"]
    snapshots.check("ballot_cancelled", read(MailKind.BALLOT_RESULT, cast.susanne, SOON + outbox.GRACE))


def test_who_is_just_being_told_hears_of_the_cancellation(cast: World, relay: smtp_sink.Sink) -> None:
    vote = voting.begin(cast)
    ring(at=SOON)
    OutboxMessage.objects.filter(person=cast.birgit).update(state=OutboxState.SENDING)
    circular.cancel(vote, reason="Verklickt.", by=cast.imke, at=SOON)
    dispatch.fan_out(at=SOON)

    assert "Verklickt." in read(MailKind.BALLOT_RESULT, cast.birgit, SOON)


@pytest.mark.parametrize("state", ["proposed", "discussed"])  # its own item is taken up, or a new one is made
def test_proposer_hears_of_the_move_by_the_mail_of_the_vote_alone(
    cast: World, relay: smtp_sink.Sink, state: str
) -> None:
    MeetingFactory(alliance=cast.arbeit, state="call_open")
    past = MeetingFactory(alliance=cast.arbeit, state="held", quarter="2026-Q3", start=AT - 30 * HOUR)
    place = {"meeting": None, "position": 0, "alliance": cast.arbeit} if state == "proposed" else {"meeting": past}
    item = AgendaItemFactory(state=state, proposer=cast.susanne, **place)
    vote = voting.begin(cast, agenda_item=item)
    ring(at=SOON)
    answer(vote, cast.birgit, objects=True, at=AT + HOUR)

    ring(at=AT + 2 * HOUR)

    vote.refresh_from_db()
    assert vote.next_item is not None
    assert vote.next_item.state == "accepted"
    assert (told(MailKind.BALLOT_MOVED), told(MailKind.ITEM_FATE)) == (["birgit", "rolf", "susanne"], [])


def test_cancelled_within_the_minute_nobody_hears_of_it(cast: World, relay: smtp_sink.Sink) -> None:
    vote = voting.begin(cast)
    circular.cancel(vote, reason="Verklickt.", by=cast.imke, at=AT)

    ring(at=SOON)

    assert relay.mail == []


def test_end_stays_on_the_desk_for_three_days(cast: World, relay: smtp_sink.Sink) -> None:
    vote = voting.begin(cast)
    ring(at=SOON)
    answer(vote, cast.susanne, "no")
    ring(at=OVER)

    shown = [[line.why for line in desk_votes.lines([], at=OVER + dt.timedelta(days=day))] for day in (0, 2, 3)]

    assert shown == [["Abgelehnt. Alle haben das Ergebnis bekommen."]] * 2 + [[]]
    assert CircularVote.objects.get().votes_no == Ballot.objects.filter(choice="no").count() == 1
    assert Change.objects.filter(verb="circular.closed").count() == 1
