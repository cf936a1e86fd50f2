"""What the demo's meetings led to: decisions, votes, tasks, relays."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from buendnisse.config.demo.stage import TODAY
from meetings.models import ActionItem, AgendaItem, CircularVote, Decision, Relay
from tests.config.demo.contents import MEETINGS

pytestmark = pytest.mark.django_db


def test_one_relay_is_overdue() -> None:
    relay = Relay.objects.overdue(TODAY).get()

    assert (relay.number, relay.due_on) == ("W-2026-07", dt.date(2026, 9, 30))
    assert relay.target_item is not None
    assert relay.target_item.meeting is not None
    assert relay.target_item.meeting.slug == "2027-q1-gesellschaft"


def test_relays_go_to_alliances_units_and_outside() -> None:
    assert Counter(Relay.objects.values_list("target__kind", flat=True)) == {"alliance": 26, "unit": 1, "external": 3}


def test_relay_with_an_outcome_outside() -> None:
    relay = Relay.objects.get(number="W-2026-06")

    assert (relay.outcome, relay.outcome_on) == ("approved", dt.date(2026, 6, 9))
    assert set(relay.supporting.values_list("number", flat=True)) == {"W-2026-03", "W-2026-04"}


def test_second_round_follows_the_first() -> None:
    assert dict(Relay.objects.filter(follows__isnull=False).values_list("number", "follows__number")) == {
        "W-2026-05": "W-2026-02",
        "W-2026-11": "W-2026-08",
    }


def test_withdrawn_and_declined_relays_say_why() -> None:
    assert Relay.objects.get(number="W-2025-04").reason.startswith("Die Schulaufsicht hat die Freistellung")
    assert Relay.objects.get(number="W-2025-07").reason.startswith("Das Arbeitsbündnis Bildung ist nicht zuständig")


def test_item_that_takes_up_a_relay_points_to_it() -> None:
    told = {
        item["id"].removeprefix("m-"): item["answers"].upper()
        for meeting in MEETINGS
        for item in meeting["agenda_items"]
        if "answers" in item
    }

    assert dict(AgendaItem.objects.filter(answers__isnull=False).values_list("slug", "answers__number")) == told


def test_votes_by_mail() -> None:
    running = CircularVote.objects.get(number="U-G-2026-01")

    assert (running.votes_yes, running.votes_no, running.votes_abstain, running.votes_missing) == (7, 0, 1, 13)
    assert running.closes_on == dt.date(2026, 11, 27)
    assert Decision.objects.get(number="A-2026-11").circular == CircularVote.objects.get(number="U-A-2026-01")


def test_counted_votes_arrive() -> None:
    decision = Decision.objects.get(number="A-2025-13")

    assert (decision.votes_yes, decision.votes_no, decision.votes_abstain, decision.votes_entitled) == (5, 8, 2, 15)
    assert Decision.objects.filter(votes_yes__isnull=False).count() == 15


def test_revoked_and_superseded_decisions_name_what_came_instead() -> None:
    revoked, superseded = Decision.objects.get(number="A-2025-05"), Decision.objects.get(number="A-2025-11")

    assert revoked.revoked_by == Decision.objects.get(number="A-2025-12")
    assert superseded.superseded_by == Decision.objects.get(number="A-2026-15")


def test_task_handed_over_keeps_its_former_owner() -> None:
    task = ActionItem.objects.get(handed_over_from__isnull=False)

    assert task.handed_over_from is not None
    assert (task.handed_over_from.handle, task.handed_over_on) == ("p-jansing", dt.date(2026, 10, 1))
