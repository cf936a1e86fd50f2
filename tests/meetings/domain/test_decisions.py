import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buendnisse.domain import counters
from buendnisse.models import Change
from meetings.domain import decisions, open_minutes, session, voting
from meetings.domain.moves import MoveRefused
from meetings.domain.versions import Stale
from meetings.domain.voting import Votes
from meetings.enums import DecisionState, Presence
from meetings.models import Decision, Meeting
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.meetings import held
from tests.meetings.held import AT, DAY

pytestmark = pytest.mark.django_db


def adopt(now: held.Held, **kwargs: object) -> Decision:
    fields = {"kind": "consensus", "text": "Der Rufbus fährt abends.", "by": now.world.imke, "at": AT} | kwargs
    return decisions.adopt(now.bus, **fields)  # type: ignore[arg-type]


def test_decision_gets_the_next_number_of_its_alliance_and_year() -> None:
    now = held.running()

    numbers = [adopt(now).number, adopt(now).number]

    assert numbers == ["A-2026-01", "A-2026-02"]


def test_numbers_of_imported_data_are_not_given_again() -> None:
    now = held.running()
    counters.at_least("decision:A:2026", 18)

    decision = decisions.adopt(now.bus, kind="consensus", text="Neu", by=now.world.imke, at=AT)

    assert decision.number == "A-2026-19"


def test_decision_carries_meeting_day_item_and_next_meeting() -> None:
    now = held.running()
    MeetingFactory(
        alliance=now.world.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 2, 25, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 2, 25, 11, 0, tzinfo=dt.UTC),
    )

    decision = adopt(now)

    assert (decision.decided_on, decision.agenda_item, decision.meeting) == (
        dt.date(2026, 11, 19),
        now.bus,
        now.meeting,
    )
    assert decision.follow_up_on == dt.date(2027, 2, 25)
    assert (decision.state, decision.was_counted) == (DecisionState.ADOPTED, False)


def test_decision_is_in_the_journal() -> None:
    now = held.running()
    decision = adopt(now)

    [change] = Change.objects.of(decision)
    assert (change.verb, change.by, change.data) == (
        "decision.adopted",
        now.world.imke,
        {"meeting": now.meeting.pk, "item": now.bus.pk},
    )


@pytest.mark.parametrize(
    ("votes", "state"),
    [
        (Votes(14, 0, 1), DecisionState.ADOPTED),
        (Votes(7, 7, 1), DecisionState.REJECTED),
        (Votes(1, 0, 14), DecisionState.ADOPTED),
        (Votes(0, 0, 9), DecisionState.REJECTED),
    ],
)
def test_simple_majority_without_abstentions(votes: Votes, state: DecisionState) -> None:
    now = held.running()

    assert adopt(now, kind="resolution", votes=votes).state == state


@given(yes=st.integers(0, 60), no=st.integers(0, 60), abstain=st.integers(0, 60), more=st.integers(0, 60))
def test_votes_are_counted_the_same_whoever_abstains(yes: int, no: int, abstain: int, more: int) -> None:
    votes = Votes(yes, no, abstain)

    assert votes.carried == Votes(yes, no, abstain + more).carried
    assert not (votes.carried and Votes(no, yes, abstain).carried)
    assert Votes(yes, yes, abstain).carried is False


@given(yes=st.integers(0, 30), no=st.integers(0, 30), abstain=st.integers(0, 30), entitled=st.integers(0, 60))
def test_more_votes_than_organisations_are_refused(yes: int, no: int, abstain: int, entitled: int) -> None:
    if yes + no + abstain <= entitled:
        assert Votes(yes, no, abstain, entitled).entitled == entitled
    else:
        with pytest.raises(voting.VotesImpossible):
            Votes(yes, no, abstain, entitled)


def test_negative_votes_are_refused() -> None:
    with pytest.raises(voting.VotesImpossible):
        Votes(-1, 0)


def test_without_quorum_only_a_recommendation_is_possible() -> None:
    now = held.running()
    session.record_presence(now.row("corinna"), presence=Presence.GUEST, by=now.world.imke, at=AT)

    with pytest.raises(voting.QuorumMissing, match="0 von 2 Organisationen"):
        adopt(now, kind="resolution")

    assert adopt(now, kind="recommendation").number == "A-2026-01"


def test_decision_without_words_is_refused() -> None:
    now = held.running()

    with pytest.raises(decisions.TextMissing):
        adopt(now, text="  ")


def test_decision_after_circulation_is_refused() -> None:
    now = held.circulated()

    with pytest.raises(open_minutes.MinutesFrozen):
        adopt(now)


def test_rejected_proposal_keeps_a_number_and_needs_no_follow_up() -> None:
    now = held.running()

    decision = decisions.reject(
        now.bus, kind="resolution", text="Vorschlag", votes=Votes(2, 9), by=now.world.imke, at=AT
    )

    assert (decision.number, decision.state, decision.follow_up_on) == ("A-2026-01", DecisionState.REJECTED, None)


def test_follow_up_moves_on_and_back() -> None:
    now = held.running()
    decision = adopt(now)

    for state in ("in_progress", "done", "in_progress"):
        decisions.follow_up(decision, state=state, version=decision.version, by=now.world.imke, at=AT)
        assert Decision.objects.get(pk=decision.pk).state == state


def test_follow_up_keeps_a_note_unless_another_is_given() -> None:
    now = held.running()
    decision = adopt(now, note="Anfang")

    notes = []
    for said in ({}, {"note": "Neu"}, {"note": ""}):
        decisions.follow_up(decision, state="adopted", version=decision.version, by=now.world.imke, at=AT, **said)
        notes.append(decision.note)

    assert notes == ["Anfang", "Neu", ""]


def test_follow_up_over_another_one_is_refused() -> None:
    now = held.running()
    decision, other = adopt(now), Decision.objects.get()
    decisions.follow_up(decision, state="done", version=1, by=now.world.imke, at=AT, note="Von Jonas")

    with pytest.raises(Stale) as refused:
        decisions.follow_up(other, state="in_progress", version=1, by=now.world.imke, at=AT, note="Von Imke")

    stored = Decision.objects.get()
    assert (stored.state, stored.note, refused.value.current) == ("done", "Von Jonas", stored)


@pytest.mark.parametrize("verb", [decisions.reject, decisions.postpone])
@pytest.mark.parametrize("state", ["adopted", "in_progress"])
def test_what_was_never_adopted_cannot_be_adopted_by_its_follow_up(verb: object, state: str) -> None:
    now = held.running()
    decision = verb(now.bus, kind="resolution", text="Nein", by=now.world.imke, at=AT)  # type: ignore[operator]

    with pytest.raises(MoveRefused, match="A-2026-01 gilt nicht"):
        decisions.follow_up(decision, state=state, version=1, by=now.world.imke, at=AT)


def test_follow_up_revokes_nothing() -> None:
    now = held.running()

    with pytest.raises(MoveRefused):
        decisions.follow_up(adopt(now), state="superseded", version=1, by=now.world.imke, at=AT)


def test_rejected_decision_cannot_be_followed_up() -> None:
    now = held.running()
    decision = decisions.reject(now.bus, kind="resolution", text="Nein", by=now.world.imke, at=AT)

    with pytest.raises(MoveRefused):
        decisions.follow_up(decision, state="in_progress", version=1, by=now.world.imke, at=AT)


def test_revoked_decision_keeps_number_and_words() -> None:
    now = held.running()
    old, new = adopt(now), adopt(now)

    decisions.revoke(old, reason="Die Linie ist eingestellt.", by_decision=new, by=now.world.imke, at=AT)

    stored = Decision.objects.get(pk=old.pk)
    assert (stored.number, stored.state, stored.revoked_by, stored.revoked_on) == (
        "A-2026-01",
        DecisionState.REVOKED,
        new,
        dt.date(2026, 11, 19),
    )
    assert adopt(now).number == "A-2026-03"


def test_revoking_without_a_reason_is_refused() -> None:
    now = held.running()

    with pytest.raises(decisions.TextMissing):
        decisions.revoke(adopt(now), reason=" ", by=now.world.imke, at=AT)


def test_superseded_points_to_the_newer_one() -> None:
    now = held.running()
    old, new = adopt(now), adopt(now)

    decisions.supersede(old, by_decision=new, by=now.world.imke, at=AT)

    assert (old.state, old.superseded_by) == (DecisionState.SUPERSEDED, new)
    with pytest.raises(decisions.NumberSelf):
        decisions.supersede(new, by_decision=new, by=now.world.imke, at=AT)


@pytest.mark.parametrize("verb", [decisions.reject, decisions.postpone])
def test_only_what_holds_takes_the_place_of_another(verb: object) -> None:
    now = held.running()
    old = adopt(now)
    other = verb(now.closing, kind="resolution", text="Nein", by=now.world.imke, at=AT)  # type: ignore[operator]

    with pytest.raises(MoveRefused, match="A-2026-02 gilt nicht"):
        decisions.supersede(old, by_decision=other, by=now.world.imke, at=AT)
    with pytest.raises(MoveRefused, match="A-2026-02 gilt nicht"):
        decisions.revoke(old, reason="Weil.", by_decision=other, by=now.world.imke, at=AT)

    assert Decision.objects.get(pk=old.pk).state == DecisionState.ADOPTED


@pytest.mark.parametrize(
    ("verb", "kind", "votes", "sentence"),
    [
        (decisions.reject, "resolution", Votes(2, 0), "Mit 2 Ja und 0 Nein ist er gefasst, nicht abgelehnt."),
        (decisions.adopt, "consensus", Votes(5, 4), "Mit 5 Ja und 4 Nein ist es nicht einvernehmlich,"),
        (decisions.adopt, "consensus", Votes(0, 1), "Mit 0 Ja und 1 Nein ist es nicht einvernehmlich,"),
        (decisions.reject, "consensus", Votes(0, 1), "Mit 0 Ja und 1 Nein ist es nicht einvernehmlich,"),
        (decisions.postpone, "resolution", Votes(3, 1), "Ein vertagter Beschluss hat keine Stimmen."),
        (decisions.adopt, "acknowledgement", Votes(1, 2), "Zur Kenntnis nehmen heißt: Es wird nicht abgestimmt"),
        (decisions.adopt, "acknowledgement", Votes(2, 0), "Zur Kenntnis nehmen heißt: Es wird nicht abgestimmt"),
        (decisions.reject, "acknowledgement", None, "Zur Kenntnis nehmen heißt: Es wird nicht abgestimmt"),
    ],
)
def test_votes_that_say_something_else_are_refused(verb: object, kind: str, votes: Votes | None, sentence: str) -> None:
    now = held.running()

    with pytest.raises(voting.VotesImpossible) as refused:
        verb(now.bus, kind=kind, text="Der Rufbus.", votes=votes, by=now.world.imke, at=AT)  # type: ignore[operator]

    assert str(refused.value).startswith(sentence)
    assert not Decision.objects.exists()


def test_postponed_proposal_is_taken_up_where_its_topic_goes_on() -> None:
    now = held.running()
    old = decisions.postpone(now.bus, kind="resolution", text="Vorschlag", by=now.world.imke, at=AT)
    march = MeetingFactory(alliance=now.world.arbeit, quarter="2027-Q1", start=AT + 98 * DAY, end=AT + 99 * DAY)
    item = AgendaItemFactory(meeting=march, alliance=now.world.arbeit, continued_from=now.bus)
    Meeting.objects.filter(pk=march.pk).update(state="in_session")

    new = decisions.adopt(item, kind="resolution", text="Besser", by=now.world.imke, at=march.start)

    old.refresh_from_db()
    assert (old.state, old.superseded_by, old.follow_up_on) == (DecisionState.SUPERSEDED, new, None)


def test_of_several_postponed_ones_the_same_words_are_taken_up() -> None:
    now = held.running()
    for text in ("Vorschlag eins", "Vorschlag zwei"):
        decisions.postpone(now.bus, kind="resolution", text=text, by=now.world.imke, at=AT)
        Decision.objects.filter(text=text).update(agenda_item=now.closing)
    Decision.objects.update(agenda_item=now.bus)

    adopt(now, text="Ganz anders")
    adopt(now, text="Vorschlag zwei")

    states = Decision.objects.order_by("pk").values_list("text", "state")
    assert list(states) == [
        ("Vorschlag eins", "postponed"),
        ("Vorschlag zwei", "superseded"),
        ("Ganz anders", "adopted"),
        ("Vorschlag zwei", "adopted"),
    ]
    assert Decision.objects.get(state="superseded").text == "Vorschlag zwei"
