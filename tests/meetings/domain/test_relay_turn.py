"""Whose turn it is, and what happens otherwise."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from meetings.domain import agenda, relay, relay_board, relay_turn
from meetings.domain.relay_turn import Turn
from meetings.enums import DecisionState, MeetingState, RelayKind
from meetings.models import Decision, Meeting, Relay
from tests.factories.buendnisse import MembershipFactory
from tests.support.relay_scene import AFTER, Scene, decide, hand_over, meeting
from tests.world import AT

pytestmark = pytest.mark.django_db

NBSP = "\N{NO-BREAK SPACE}"


def waiting(one: Relay, at: dt.datetime = AT) -> tuple[Turn, str, str, str]:
    fresh = Relay.objects.select_related(*relay_turn.RELATED).get(pk=one.pk)
    found = relay_turn.waiting_for(fresh, at=at)
    return found.turn, found.who, found.detail, found.otherwise.replace(NBSP, " ")


def test_draft_waits_for_us(scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)

    assert waiting(draft) == (
        Turn.FACHSTELLE,
        "Fachstelle",
        "Sie",
        "Noch nicht gesendet. Arbeit tagt am 3. Dezember 2026.",
    )


def test_sent_one_says_where_it_still_fits(scene: Scene) -> None:
    assert waiting(hand_over(scene))[3] == (
        "Noch nicht eingeplant. Passt bis 30. November als Nachtrag in die Sitzung vom 3. Dezember 2026, "
        "sonst erst am 11. März 2027."
    )


def test_sent_one_says_that_the_due_date_comes_first(scene: Scene) -> None:
    assert waiting(hand_over(scene, due_on=dt.date(2026, 12, 1)))[3].endswith(
        "Die Frist endet vorher: Abstimmung per E-Mail oder neue Frist?"
    )


def test_item_on_the_agenda_waits_for_the_body(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)

    assert waiting(sent) == (
        Turn.TARGET,
        "Arbeitsbündnis Arbeit",
        "Vorsitz Birgit Hanneken",
        "Steht am 11. März 2027 auf der Tagesordnung. Ohne Antwort erinnert das Programm am 10. April.",
    )


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (0, "Steht"),
        (1, "Einmal vertagt. Steht"),
        (2, "Zweimal vertagt. Steht"),
        (3, "Mehr als zweimal vertagt. Steht"),
        (4, "Mehr als zweimal vertagt. Steht"),
    ],
)
def test_item_put_off_says_how_often_as_the_board_does(scene: Scene, times: int, said: str) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_december, by=scene.cast.imke, at=AT)
    for month in range(4, 4 + times):
        later = meeting(scene.cast.arbeit, 2027, month, 10, quarter=f"2027-{month}")
        item = agenda.defer(item, to=later, reason="Keine Zeit.", by=scene.cast.imke, at=AT)

    bodies = [scene.cast.bildung, scene.cast.arbeit]
    board = relay_board.board(scene.cast.imke, relay_board.Filters(), bodies=bodies, at=AT)
    [row] = [row for part in (board.overdue, board.ours, board.theirs, board.quiet) for row in part]
    there, here = row.otherwise.replace(NBSP, " "), waiting(sent)[3]
    assert (there, here.partition(" am ")[0]) == (here, said)


def test_how_often_it_was_put_off_costs_no_query(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_december, by=scene.cast.imke, at=AT)
    for month in range(4, 8):
        later = meeting(scene.cast.arbeit, 2027, month, 10, quarter=f"2027-{month}")
        item = agenda.defer(item, to=later, reason="Keine Zeit.", by=scene.cast.imke, at=AT)
    around = relay_turn.surroundings([scene.cast.bildung, scene.cast.arbeit], at=AT)
    _read_before = (around.speakers, around.arrivals)

    with django_assert_num_queries(1):
        [one] = relay_turn.listed(Relay.objects.filter(pk=sent.pk))
        said = relay_turn.waiting_for(one, at=AT, around=around).otherwise
    assert said.partition(".")[0] == "Mehr als zweimal vertagt"


def test_cancelled_meeting_hands_it_back_to_us(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.CANCELLED)

    assert (waiting(sent)[0], waiting(sent)[3]) == (
        Turn.FACHSTELLE,
        "Die Sitzung am 11. März 2027 fällt aus. Bitte neu einplanen.",
    )


def test_held_meeting_without_an_answer_is_ours(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.HELD)

    assert waiting(sent)[0] is Turn.FACHSTELLE


def test_unit_answers_by_its_person(scene: Scene) -> None:
    MembershipFactory(body=scene.unit, person=scene.cast.hedwig)
    sent = hand_over(scene, to=scene.unit, due_on=dt.date(2026, 12, 15))

    assert waiting(sent) == (
        Turn.TARGET,
        "KMT",
        "Hedwig Burlage",
        "Die Antwort kommt als Text. Ohne Antwort erinnert das Programm am 8. Dezember.",
    )


def test_body_outside_is_asked_once_its_date_is_over(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL, due_on=dt.date(2026, 12, 8))
    assert waiting(sent)[0] is Turn.FACHSTELLE  # nobody there gets a mail of ours

    relay.acknowledge(sent, by=scene.cast.imke, at=AT)
    assert waiting(sent)[0] is Turn.TARGET
    assert waiting(sent, dt.datetime(2026, 12, 9, 8, 0, tzinfo=dt.UTC))[0] is Turn.FACHSTELLE


def test_information_needs_nobody(scene: Scene) -> None:
    assert waiting(hand_over(scene, kind=RelayKind.FOR_INFORMATION)) == (
        Turn.NOBODY,
        "Niemand",
        "schließt sich von selbst",
        "Wird am 3. Dezember 2026 im Bericht der Fachstelle notiert.",
    )


def test_decision_that_fell_on_the_way_is_shown_first(scene: Scene) -> None:
    sent = hand_over(scene)
    Decision.objects.filter(pk=scene.decision.pk).update(
        state=DecisionState.REVOKED, revoked_on=dt.date(2026, 12, 1), revocation_reason="Überholt."
    )

    assert (waiting(sent)[0], waiting(sent)[3]) == (
        Turn.FACHSTELLE,
        "B-2026-02 wurde am 1. Dezember 2026 aufgehoben. Nehmen Sie die Bitte zurück, oder lassen Sie sie laufen.",
    )


def test_once_the_date_is_over_nothing_reminds_any_more(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 1))
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)

    assert waiting(sent, dt.datetime(2026, 12, 8, 8, 0, tzinfo=dt.UTC))[3] == (
        "Steht am 11. März 2027 auf der Tagesordnung. Die Frist ist vorbei, eine weitere Erinnerung gibt es nicht. "
        "Ohne Nachfrage bleibt es liegen."
    )


def test_without_a_date_nothing_reminds(scene: Scene) -> None:
    assert waiting(hand_over(scene, to=scene.unit, due_on=None))[3] == (
        "Die Antwort kommt als Text. Ohne Frist erinnert das Programm nicht."
    )


def test_overdue_begins_the_day_after(scene: Scene) -> None:
    sent = hand_over(scene, due_on=dt.date(2026, 12, 3))

    assert [relay_turn.is_overdue(sent, dt.date(2026, 12, day)) for day in (3, 4)] == [False, True]
    assert list(Relay.objects.overdue(dt.date(2026, 12, 4))) == [sent]


def test_what_was_answered_is_never_overdue(scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit, due_on=dt.date(2026, 12, 3))
    relay.answer_with_text(sent, words="Ja.", by=scene.cast.imke, at=AT)

    assert relay_turn.is_overdue(sent, dt.date(2026, 12, 4)) is False


def test_turnaround_counts_local_days(scene: Scene) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    assert relay_turn.turnaround_days(sent) is None

    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=dt.datetime(2027, 3, 11, 23, 30, tzinfo=dt.UTC))

    sent.refresh_from_db()
    assert relay_turn.turnaround_days(sent) == 109  # 23 November to 12 March, as Berlin counts


def told(one: Relay, at: dt.datetime = AT) -> tuple[str, str, str]:
    """As everybody outside the Fachstelle reads it."""
    fresh = Relay.objects.select_related(*relay_turn.RELATED).get(pk=one.pk)
    around = relay_turn.surroundings([fresh.source, fresh.target], is_ours=False, at=at)
    found = relay_turn.waiting_for(fresh, at=at, around=around)
    return found.who, found.detail, found.otherwise.replace(NBSP, " ")


def test_members_are_told_what_the_fachstelle_does_and_not_what_to_do(scene: Scene) -> None:
    sent = hand_over(scene)
    relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.CANCELLED)
    cancelled = told(sent)
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.CONFIRMED)
    over = told(sent, at=AFTER)
    Decision.objects.filter(pk=scene.decision.pk).update(state=DecisionState.REVOKED, revoked_on=dt.date(2026, 11, 20))

    assert (cancelled, over, told(sent)) == (
        ("Fachstelle", "", "Die Sitzung am 11. März 2027 fällt aus. Die Bitte wird neu eingeplant."),
        (
            "Fachstelle",
            "",
            "Der Termin am 11. März 2027 ist vorbei. Was daraus wurde, trägt die Fachstelle noch ein.",
        ),
        (
            "Fachstelle",
            "",
            "B-2026-02 wurde am 20. November 2026 aufgehoben. Die Fachstelle klärt, ob die Bitte weiterläuft.",
        ),
    )
