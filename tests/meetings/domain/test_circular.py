"""A vote by mail: answered, ended, taken to the meeting, forgotten."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import agenda_confidential, circular, circular_ballots, circular_end, circular_report
from meetings.domain.circular_rules import CircularRefused
from meetings.domain.moves import MoveRefused
from meetings.domain.standing_look import Look
from meetings.domain.versions import Stale
from meetings.enums import CircularState, DecisionState, LapseReason
from meetings.models import AgendaItem, Ballot, CircularVote, CircularVoter, Decision
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support import voting
from tests.support.voting import HOUR, answer, figures
from tests.world import AT, World

pytestmark = pytest.mark.django_db

OVER = dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC)  # 24:00 in Berlin
TICK = dt.timedelta(microseconds=1)


@pytest.fixture
def cast() -> World:
    return world.build()


def test_answer_may_be_changed_and_the_member_goes_before_the_deputy(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.rolf, "no")
    assert figures(vote) == (0, 1, 0, 0, 1)
    answer(vote, cast.susanne, "yes")
    assert figures(vote) == (1, 0, 0, 0, 1)
    answer(vote, cast.rolf, "no", at=AT + 2 * HOUR)  # once more, to no avail
    assert not answer(vote, cast.rolf, "no", at=AT + 2 * HOUR)
    assert figures(vote) == (1, 0, 0, 0, 1)
    answer(vote, cast.susanne, "abstain", at=AT + 3 * HOUR)
    assert figures(vote) == (0, 0, 1, 0, 1)


def test_journal_does_not_know_who_voted_how(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "no", remark="Zu teuer")

    change = Change.objects.get(verb="circular.voted")
    assert (change.reason, change.data) == ("", {"organisation": cast.susanne.organisation_id})


def test_vote_by_telephone_says_who_entered_it(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes", via=Via.PHONE, by=cast.imke)

    ballot = Ballot.objects.get(vote=vote, person=cast.susanne)
    assert (ballot.via, ballot.entered_by, ballot.cast_at) == (Via.PHONE, cast.imke, AT + HOUR)


def test_choice_is_needed_unless_one_is_against_the_procedure(cast: World) -> None:
    vote = voting.begin(cast)

    with pytest.raises(CircularRefused, match="Ja, Nein oder Enthaltung"):
        answer(vote, cast.susanne, "")
    assert answer(vote, cast.susanne, objects=True)
    assert figures(vote) == (0, 0, 0, 1, 1)


def test_stale_answer_is_refused(cast: World) -> None:
    vote = voting.begin(cast)
    ballot = Ballot.objects.select_related("vote").get(vote=vote, person=cast.susanne)
    answer(vote, cast.susanne, "yes")

    with pytest.raises(Stale):
        circular_ballots.cast(
            ballot, procedure="agrees", choice="no", version=1, via=Via.LINK, by=cast.susanne, at=AT + HOUR
        )


def test_answers_are_taken_until_midnight_and_no_moment_longer(cast: World) -> None:
    vote = voting.begin(cast)

    assert answer(vote, cast.susanne, "yes", at=OVER - TICK)
    with pytest.raises(CircularRefused, match="beendet"):
        answer(vote, cast.birgit, "no", at=OVER)


def test_nothing_ends_before_midnight(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne)

    assert (circular_end.due(at=OVER - TICK), circular_end.close(vote, unreached=(), at=OVER - TICK)) == ([], False)
    assert circular_end.due(at=OVER) == [vote]


def test_result_stands_in_the_register_under_the_number_of_the_vote(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes")

    done = [circular_end.close(vote, unreached=(), at=OVER + HOUR) for _again in range(2)]

    decision = Decision.objects.get()
    assert (done, vote.state, vote.closed_at) == ([True, False], CircularState.ADOPTED, OVER)
    assert (decision.number, decision.state, decision.text) == (vote.number, DecisionState.ADOPTED, voting.TEXT)
    assert (decision.votes_yes, decision.votes_no, decision.votes_abstain, decision.votes_entitled) == (1, 0, 0, 2)
    assert (decision.decided_on, decision.procedure, decision.circular) == (voting.ENDS, "circular", vote)
    assert list(CircularVoter.objects.filter(has_answered=True)) == list(
        CircularVoter.objects.filter(organisation=cast.susanne.organisation)
    )


def test_late_ballot_meets_a_closed_vote(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes")
    circular_end.close(vote, unreached=(), at=OVER)

    with pytest.raises(CircularRefused):  # its moment was in time, its transaction was not
        answer(vote, cast.birgit, "no", at=OVER - TICK)
    assert figures(vote) == (1, 0, 0, 0, 1)


def test_whoever_was_not_reached_and_did_not_answer_makes_it_void(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes")

    circular_end.close(vote, unreached={cast.birgit.organisation_id}, at=OVER)

    decision = Decision.objects.get()
    assert (vote.state, vote.lapse_reason, decision.state) == (
        CircularState.LAPSED,
        LapseReason.NOT_REACHED,
        DecisionState.LAPSED,
    )
    assert (decision.note, decision.votes_yes) == ("Nicht alle Organisationen wurden erreicht.", None)


def test_answer_proves_that_one_was_reached(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes")
    answer(vote, cast.birgit, "yes")

    circular_end.close(vote, unreached={cast.birgit.organisation_id}, at=OVER)

    assert vote.state == CircularState.ADOPTED


def test_objection_of_a_member_stands_for_an_hour_and_then_goes_to_the_next_meeting(cast: World) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit, state="call_open", start=OVER + 30 * HOUR, end=OVER + 32 * HOUR)
    vote = voting.begin(cast)
    answer(vote, cast.susanne, objects=True, at=AT + HOUR)

    early = circular_end.due(at=AT + 2 * HOUR - TICK)
    done = [circular_end.close(vote, unreached=(), at=AT + 2 * HOUR) for _again in range(2)]

    item = AgendaItem.objects.get(title="Rufbus am Abend")
    assert (early, done, vote.state, vote.lapse_reason) == ([], [True, False], "lapsed", "objection")
    assert (item.meeting, item.state, item.kind, vote.next_item) == (meeting, "accepted", "decision", item)
    assert voting.TEXT in item.description


def test_objection_may_be_taken_back_within_the_hour(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, objects=True, at=AT + HOUR)
    answer(vote, cast.susanne, "yes", at=AT + HOUR + dt.timedelta(minutes=59))

    assert circular_end.due(at=AT + 9 * HOUR) == []
    circular_end.close(vote, unreached=(), at=OVER)
    assert vote.state == CircularState.ADOPTED


def test_objection_of_a_deputy_waits_for_the_member_until_the_end(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.rolf, objects=True)
    assert circular_end.due(at=OVER - TICK) == []

    circular_end.close(vote, unreached=(), at=OVER)

    assert (vote.state, vote.lapse_reason) == (CircularState.LAPSED, LapseReason.OBJECTION)
    assert AgendaItem.objects.get().state == "backlog"  # no meeting is planned


def test_topic_that_is_still_to_come_is_not_made_twice(cast: World) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit, state="call_open", start=OVER + 30 * HOUR, end=OVER + 32 * HOUR)
    item = AgendaItemFactory(meeting=meeting, state="accepted")
    vote = voting.begin(cast, agenda_item=item)
    answer(vote, cast.susanne, objects=True)

    circular_end.close(vote, unreached=(), at=OVER)

    assert (vote.next_item, AgendaItem.objects.filter(standing_code="").count()) == (item, 1)


def test_matter_of_a_meeting_without_quorum_goes_on_in_the_next_one(cast: World) -> None:
    held = AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit, state="held"), state="discussed")
    vote = voting.begin(cast, agenda_item=held)
    answer(vote, cast.susanne, objects=True)

    circular_end.close(vote, unreached=(), at=OVER)

    assert vote.next_item is not None
    assert vote.next_item.continued_from == held


def test_cancelled_with_a_reason(cast: World) -> None:
    vote = voting.begin(cast)

    with pytest.raises(CircularRefused, match="warum"):
        circular.cancel(vote, reason=" ", by=cast.imke, at=AT)
    circular.cancel(vote, reason="Der Vertrag ist verlängert.", by=cast.imke, at=AT)

    assert (vote.state, circular_end.due(at=OVER), Decision.objects.count()) == (CircularState.CANCELLED, [], 0)
    with pytest.raises(MoveRefused):
        circular.discard(vote, by=cast.imke, at=AT)


def test_single_votes_go_after_thirty_days_and_the_figures_stay(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes", remark="Gern")
    circular_end.close(vote, unreached=(), at=OVER)
    days = dt.timedelta(days=30)

    done = [circular_end.forget_ballots(at=OVER + days + after, limit=9) for after in (-TICK, TICK, 2 * TICK)]

    assert (done, Ballot.objects.count(), figures(vote)) == ([0, 1, 0], 0, (1, 0, 0, 0, 1))


def test_report_of_the_next_meeting_tells_it(cast: World) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit, state="call_open", start=OVER + 30 * HOUR, end=OVER + 32 * HOUR)
    vote = voting.begin(cast)
    answer(vote, cast.susanne, "yes")
    circular_end.close(vote, unreached=(), at=OVER)

    told = circular_report.told(AgendaItem(meeting=meeting), Look(meeting, OVER + HOUR))

    assert [line.text.replace("\N{NO-BREAK SPACE}", " ") for line in told] == [
        "Abstimmung per E-Mail U-A-2026-01 (30. November 2026), Rufbus am Abend: angenommen, 1 ja, 0 nein, 0 Enthaltungen."
    ]


def test_running_vote_is_seen_inside_and_a_draft_by_the_fachstelle_alone(cast: World) -> None:
    voting.prepare(cast, form_key=uuid.UUID(int=5))
    voting.begin(cast)
    people = (cast.susanne, cast.hedwig, cast.theda, cast.sven, cast.imke)

    seen = [CircularVote.objects.visible_to(person, at=AT).count() for person in people]

    assert seen == [1, 0, 1, 0, 2]


def test_topic_cannot_become_confidential_while_everybody_is_asked(cast: World) -> None:
    item = AgendaItemFactory(meeting=None, position=0, alliance=cast.arbeit, state="proposed")
    vote = voting.begin(cast, agenda_item=item)
    said = {"to": [cast.birgit.organisation], "by": cast.imke, "at": AT}

    with pytest.raises(agenda_confidential.VoteRuns, match=vote.number):
        agenda_confidential.limit(item, version=item.version, **said)

    assert not item.confidential_to.exists()
    circular.cancel(vote, reason="Vertraulich.", by=cast.imke, at=AT)
    agenda_confidential.limit(AgendaItem.objects.get(pk=item.pk), version=item.version, **said)
    assert item.confidential_to.count() == 1


def test_vote_about_a_confidential_topic_is_seen_by_its_readers_alone(cast: World) -> None:
    item = AgendaItemFactory(meeting=None, position=0, alliance=cast.arbeit, state="proposed")
    voting.begin(cast, agenda_item=item)
    item.confidential_to.set([cast.birgit.organisation])

    for state in ("circulating", "lapsed"):
        CircularVote.objects.update(state=state)
        seen = [CircularVote.objects.visible_to(one, at=AT).count() for one in (cast.birgit, cast.susanne, cast.imke)]
        assert seen == [1, 0, 1]
