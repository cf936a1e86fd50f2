"""Votes by mail as numbers: what comes out is a function of the answers, whatever their order."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buendnisse import clock
from buendnisse.models import Alliance
from meetings.domain import circular_rules
from meetings.domain.circular_rules import Answer, Count, EndRefused
from meetings.enums import CircularState, LapseReason

ENTITLED = frozenset(range(1, 8))
CHOICES = ("yes", "no", "abstain")


@st.composite
def _answers(draw: st.DrawFn, *, objections: bool = True) -> list[Answer]:
    """Answers of members and deputies, some of organisations that are not entitled, in the order they came."""
    procedures = ("agrees", "objects") if objections else ("agrees",)
    found = []
    for order in range(draw(st.integers(0, 20))):
        procedure = draw(st.sampled_from(procedures))
        choice = draw(st.sampled_from(CHOICES)) if procedure == "agrees" else ""
        found.append(Answer(draw(st.integers(1, 9)), draw(st.booleans()), procedure, choice, order))
    return found


@given(_answers(), st.sets(st.sampled_from(sorted(ENTITLED))))
def test_nothing_is_adopted_over_an_objection_or_without_somebody(answers: list[Answer], unreached: set[int]) -> None:
    counted = circular_rules.count(ENTITLED, answers)

    state, reason = circular_rules.outcome(counted, unreached=unreached)

    assert (state == CircularState.LAPSED) == (reason != "")
    if state == CircularState.ADOPTED:
        assert (counted.objections, unreached) == (0, set())
        assert counted.yes > counted.no
    if state == CircularState.REJECTED:
        assert counted.yes <= counted.no


@given(_answers())
def test_every_organisation_is_counted_once(answers: list[Answer]) -> None:
    counted = circular_rules.count(ENTITLED, answers)

    assert counted.answered + counted.missing == len(ENTITLED)


@given(_answers(), st.randoms(use_true_random=False))
def test_order_of_counting_changes_nothing(answers: list[Answer], random: st.DataObject) -> None:
    shuffled = list(answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert circular_rules.count(ENTITLED, shuffled) == circular_rules.count(ENTITLED, answers)


@given(_answers())
def test_last_answer_of_a_member_counts_and_no_deputy_beats_it(answers: list[Answer]) -> None:
    counting = circular_rules.effective(answers)

    for number, found in counting.items():
        own = [one for one in answers if one.organisation == number and not one.is_deputy]
        assert found == (own or [one for one in answers if one.organisation == number])[-1]


@given(st.integers(0, 9), st.integers(0, 9))
def test_tie_is_a_rejection_and_abstentions_do_not_count(yes: int, abstain: int) -> None:
    counted = Count(yes=yes, no=yes, abstain=abstain + (yes == 0))

    assert circular_rules.outcome(counted, unreached=()) == (CircularState.REJECTED, "")


def test_nobody_answered() -> None:
    assert circular_rules.outcome(Count(missing=7), unreached=()) == (CircularState.LAPSED, LapseReason.NO_ANSWER)


def test_objection_is_named_before_whoever_was_not_reached() -> None:
    assert circular_rules.outcome(Count(yes=6, objections=1), unreached={3}) == (
        CircularState.LAPSED,
        LapseReason.OBJECTION,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opened_on", "ends"),
    [
        (dt.date(2026, 11, 23), dt.date(2026, 11, 30)),
        (dt.date(2026, 11, 21), dt.date(2026, 11, 30)),  # a Saturday: not on the next one
        (dt.date(2026, 12, 17), dt.date(2027, 1, 11)),  # over Christmas and the quiet weeks
        (dt.date(2027, 3, 17), dt.date(2027, 4, 5)),  # over the Easter holidays
    ],
)
def test_usual_end_is_a_day_on_which_people_are_there(opened_on: dt.date, ends: dt.date) -> None:
    assert circular_rules.usual_end(Alliance(), opened_on) == ends


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("closes_on", "words"),
    [
        (
            dt.date(2026, 11, 25),
            (
                "Wählen Sie einen Tag vom 26. November 2026 bis zum 4. Januar 2027. "
                "So bleibt allen Zeit, und die Sache bleibt frisch."
            ),
        ),
        (
            dt.date(2026, 11, 28),
            (
                "Der 28. November 2026 ist kein Arbeitstag oder liegt in den Ferien. "
                "Der nächste passende Tag ist der 30. November 2026."
            ),
        ),
    ],
)
def test_last_day_has_bounds(closes_on: dt.date, words: str) -> None:
    with pytest.raises(EndRefused) as refused:
        circular_rules.require_end(Alliance(), closes_on, opened_on=dt.date(2026, 11, 23))

    assert str(refused.value).replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (dt.date(2026, 10, 24), dt.datetime(2026, 10, 24, 22, tzinfo=dt.UTC)),  # the night the clock goes back
        (dt.date(2026, 10, 25), dt.datetime(2026, 10, 25, 23, tzinfo=dt.UTC)),
        (dt.date(2027, 3, 27), dt.datetime(2027, 3, 27, 23, tzinfo=dt.UTC)),  # the night it goes forward
        (dt.date(2027, 3, 28), dt.datetime(2027, 3, 28, 22, tzinfo=dt.UTC)),
    ],
)
def test_day_ends_at_midnight_in_berlin(day: dt.date, moment: dt.datetime) -> None:
    assert clock.end_of(day) == moment
