"""Calm per person: one mail for what comes within days, two reminders a quarter, none to who rests or has answered."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.models import Person
from meetings.domain import reminder_rules
from meetings.enums import DeadlineKind, MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import calm_ahead, calm_rules, render
from notifications.domain.letter import NothingToSay
from notifications.domain.ring import ring
from notifications.enums import OutboxState
from notifications.models import OutboxMessage
from tests.notifications import year
from tests.notifications.nudges import DAY, QUIET, at_seven, confirm, dispatch_on, invited_to, kinds, owes
from tests.notifications.snapshots import check
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def arbeit(cast: World) -> Meeting:
    return confirm(cast, year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11)))


def test_call_alone_is_the_mail_it_always_was(cast: World, arbeit: Meeting) -> None:
    dispatch_on(at_seven(arbeit, DeadlineKind.CALL_FOR_ITEMS))

    assert kinds(cast.susanne) == ["call"]


def test_what_is_due_within_three_days_is_one_mail_and_said_once(cast: World, arbeit: Meeting) -> None:
    opens = at_seven(arbeit, DeadlineKind.CALL_FOR_ITEMS)
    owes(cast.susanne, arbeit, local_date(opens) + 9 * DAY)  # its reminder is due in two days
    dispatch_on(opens)
    message = OutboxMessage.objects.get(person=cast.susanne, state=OutboxState.WAITING)

    found = render.render(message, at=opens)
    check("reminders", f"{found.subject}\n\n{found.text}")
    for later in (1, 2, 3):
        dispatch_on(opens + later * DAY)
    assert (kinds(cast.susanne), kinds(cast.rolf)) == (["reminders"], ["call"])


def test_two_reminders_a_quarter_and_no_third(cast: World, arbeit: Meeting) -> None:
    """January 2027: three tasks, each with a reminder before and one after; two mails, whatever is due."""
    start = dt.date(2027, 1, 11)
    for number in range(3):
        owes(cast.susanne, arbeit, start + number * 14 * DAY, f"Aufgabe {number}")
    day = automatic_mail_time(start - 8 * DAY)
    for number in range(60):
        dispatch_on(day + number * DAY)
        OutboxMessage.objects.filter(state=OutboxState.WAITING, is_settled=True).update(state=OutboxState.SENT)

    reminders = OutboxMessage.objects.filter(person=cast.susanne, is_reminder=True).exclude(state__in=QUIET)
    assert reminders.count() == 2
    assert OutboxMessage.objects.filter(person=cast.susanne, data__calm="limit").exists()


def test_limit_is_what_the_fachstelle_chose(cast: World, arbeit: Meeting) -> None:
    wanted = {field: getattr(reminder_rules.current(), field) for field in reminder_rules.RANGES}
    assert reminder_rules.change({**wanted, "per_quarter": 0}, version=1, by=cast.imke, at=AT)
    assert not reminder_rules.change({**wanted, "per_quarter": 0}, version=2, by=cast.imke, at=AT)
    owes(cast.susanne, arbeit, dt.date(2027, 1, 18))
    dispatch_on(automatic_mail_time(dt.date(2027, 1, 11)))

    assert kinds(cast.susanne) == ["call"]  # no reminder, but what is asked for the first time
    with pytest.raises(reminder_rules.RulesRefused, match="inzwischen"):
        reminder_rules.change({**wanted, "per_quarter": 3}, version=1, by=cast.imke, at=AT)
    with pytest.raises(reminder_rules.RulesRefused, match="von 0 bis 6"):
        reminder_rules.change({**wanted, "per_quarter": 7}, version=2, by=cast.imke, at=AT)


def test_who_rests_in_the_holidays_is_reminded_on_the_first_school_day(cast: World, arbeit: Meeting) -> None:
    """The Osterferien of 2027 in Lower Saxony: 22 March to 3 April, then a Monday."""
    Person.objects.filter(pk=cast.susanne.pk).update(quiet_in_holidays=True)
    for person in (cast.susanne, cast.rolf):
        owes(person, arbeit, dt.date(2027, 4, 6))
    dispatch_on(automatic_mail_time(dt.date(2027, 3, 30)))

    put_off = OutboxMessage.objects.get(person=cast.susanne)
    assert (kinds(cast.rolf), put_off.is_settled) == (["task_reminder"], False)
    assert put_off.not_before == automatic_mail_time(dt.date(2027, 4, 5))
    dispatch_on(put_off.not_before)
    put_off.refresh_from_db()
    assert (put_off.is_settled, put_off.is_reminder) == (True, True)


def test_reminder_the_relay_kept_for_a_week_never_leaves(cast: World, arbeit: Meeting) -> None:
    invited_to(arbeit)
    owes(cast.susanne, arbeit, dt.date(2027, 1, 18))
    at = automatic_mail_time(dt.date(2027, 1, 11))
    dispatch_on(at)
    message = OutboxMessage.objects.get(person=cast.susanne)

    assert "Liste der Kurse" in render.render(message, at=at + 6 * DAY).text
    with pytest.raises(NothingToSay):
        render.render(message, at=at + 7 * DAY)


def test_worker_that_was_down_for_a_week_reminds_of_nothing_stale(
    relay: smtp_sink.Sink, cast: World, arbeit: Meeting
) -> None:
    invited_to(arbeit, cast.susanne)
    owes(cast.susanne, arbeit, dt.date(2027, 1, 18))
    ring(at=automatic_mail_time(dt.date(2027, 1, 27)))  # the first ring since December

    assert [kind for kind in kinds(cast.susanne) if kind in {"task_reminder", "reminders"}] == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ring", "ring", "break", "answer", "send", "fail"]), st.integers(min_value=0, max_value=4)
    ),
    min_size=5,
    max_size=25,
)


class Killed(Exception):
    """The worker died here."""


def living() -> list[OutboxMessage]:
    """Mails that have left, or may."""
    return list(OutboxMessage.objects.exclude(state__in=QUIET))


def dropped_since(at: dt.datetime) -> list[OutboxMessage]:
    """What was dropped since another mail says it, and would still be of use."""
    return list(OutboxMessage.objects.filter(data__calm__in=["said", "together"], not_before__gt=at))


def keys(message: OutboxMessage) -> list[str]:
    return calm_rules.covers(message.kind, message.matter, message.data) if "covers" not in message.data else []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@example(steps=[("ring", 6), ("ring", 1), ("ring", 1), ("ring", 6)])  # it rang late after something had gone along
@given(steps=STEPS)
def test_whatever_happens_nobody_is_reminded_more_than_twice_or_told_twice(
    cast: World, arbeit: Meeting, steps: list[tuple[str, int]]
) -> None:
    """Days pass or stand still, it rings twice, dies between any two steps, mail leaves or waits."""
    with transaction.atomic():
        invited_to(arbeit, cast.susanne, cast.birgit)
        for number in range(4):
            owes(cast.susanne, arbeit, dt.date(2027, 1, 12) + number * 5 * DAY, f"Aufgabe {number}")
        at = automatic_mail_time(dt.date(2027, 1, 5))
        for step, days in steps:
            at += days * DAY
            if step == "break":
                for rule in calm_ahead.RULES:
                    rule(at=at)  # it dies before anything is written
            elif step == "ring":
                dispatch_on(at)
                dispatch_on(at)
            elif step == "fail":
                OutboxMessage.objects.due(at).update(state=OutboxState.FAILED)
            elif step == "send":
                OutboxMessage.objects.due(at).update(state=OutboxState.SENT, sent_at=at)
            elif at < arbeit.start and Meeting.objects.get(pk=arbeit.pk).state == MeetingState.INVITED:
                row = Attendance.objects.get(meeting=arbeit, person=cast.birgit)
                Attendance.objects.filter(pk=row.pk).update(answer="accepted")
        rows = list(OutboxMessage.objects.filter(is_reminder=True).exclude(state__in=QUIET))
        per_person = Counter(row.person_id for row in rows)
        said = Counter((row.person_id, key) for row in rows for key in set(row.data.get("covers", [])))
        kept = {(row.person_id, key) for row in living() for key in row.data.get("covers", [])}
        dropped = {(row.person_id, key) for row in dropped_since(at - 7 * DAY) for key in keys(row)}
        unsettled = OutboxMessage.objects.due(at).filter(is_settled=False).count()
        transaction.set_rollback(True)

    assert max(per_person.values(), default=0) <= 2
    assert max(said.values(), default=0) <= 1
    assert dropped <= kept
    assert unsettled == 0
