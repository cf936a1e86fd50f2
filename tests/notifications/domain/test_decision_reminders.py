"""Wiedervorlage: whoever is responsible is asked on the day and a week later, then the Schreibtisch says it."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import automatic_mail_time
from buendnisse.models import Change, Membership, Person
from meetings.domain import action_items, agenda_confidential, decision_follow_up, decision_reminders, decisions
from meetings.domain.moves import MoveRefused
from meetings.domain.versions import Stale
from meetings.enums import Happened, MeetingState
from meetings.models import Decision, Meeting
from notifications.domain import desk_decisions, dispatch, render
from notifications.domain.letter import NothingToSay
from notifications.models import OutboxMessage
from tests.factories.meetings import MeetingFactory
from tests.meetings import held
from tests.notifications.mail_snapshots_of import _TOKEN, kept

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
WEEK = dt.timedelta(days=7)
DUE = dt.date(2027, 2, 25)
FIRST = automatic_mail_time(DUE)
AGAIN = automatic_mail_time(DUE + WEEK)


@pytest.fixture
def stage() -> held.Held:
    """The minutes are out; Susanne got a task out of the decision, so she says how it stands."""
    now = held.running()
    decision = decisions.adopt(
        now.bus, kind="consensus", text="Der Rufbus fährt abends.", follow_up_on=DUE, by=now.world.imke, at=held.AT
    )
    action_items.assign(
        decision, owner=now.world.susanne, task="Fahrplan", due_on=DUE + 90 * DAY, by=now.world.imke, at=held.AT
    )
    now.meeting.minutes.state = "circulated"
    now.meeting.minutes.save()
    return now


def taken() -> Decision:
    return Decision.objects.select_related("alliance").get()


def mail(at: dt.datetime) -> OutboxMessage:
    decision_reminders.remind(at=at)
    dispatch.fan_out(at=at)
    return OutboxMessage.objects.filter(kind="decision_due", state="waiting").get()


def lines(at: dt.datetime) -> list[str]:
    return [line.title for line in desk_decisions.lines(at=at)]


def test_two_questions_and_then_a_line_on_the_desk(stage: held.Held) -> None:
    assert decision_reminders.remind(at=FIRST - dt.timedelta(seconds=1)) == 0
    assert [decision_reminders.remind(at=FIRST + n * DAY) for n in range(3)] == [1, 0, 0]
    assert [decision_reminders.remind(at=AGAIN + n * DAY) for n in range(30)] == [1, *[0] * 29]
    assert lines(AGAIN + 6 * DAY) == []
    assert lines(AGAIN + 8 * DAY) == ["1 Beschluss zur Wiedervorlage"]


def test_the_letter(stage: held.Held) -> None:
    rendered = render.render(mail(FIRST), at=FIRST)

    text = _TOKEN.sub(r"/\1/…/", f"{rendered.subject}\n\n{rendered.text}")
    assert text == kept("decision_due", text)
    last = render.render(mail(AGAIN), at=AGAIN).text
    assert "Wir erinnern nicht noch einmal." in last


def test_saying_how_it_stands_ends_the_questions_until_the_new_day(stage: held.Held) -> None:
    letter = mail(FIRST)
    decision_follow_up.report(
        taken(), state="in_progress", words="Der Fahrplan ist bestellt.", follow_up_on=DUE + 4 * WEEK,
        version=taken().version, by=stage.world.susanne, at=FIRST,
    )  # fmt: skip

    with pytest.raises(NothingToSay):
        render.render(letter, at=FIRST)
    assert decision_reminders.remind(at=AGAIN) == 0
    assert decision_reminders.remind(at=FIRST + 4 * WEEK) == 1


def test_nobody_is_asked_while_the_minutes_are_a_draft(stage: held.Held) -> None:
    stage.meeting.minutes.state = "in_review"
    stage.meeting.minutes.save()

    assert decision_reminders.remind(at=FIRST) == 0
    assert lines(AGAIN + 8 * DAY) == []


def test_who_cannot_be_asked_by_mail_is_a_line_at_once(stage: held.Held) -> None:
    Person.objects.filter(pk=stage.world.susanne.pk).update(email="", may_sign_in=False)

    assert decision_reminders.remind(at=FIRST) == 0
    assert lines(FIRST) == ["1 Beschluss zur Wiedervorlage"]


def test_somebody_else_is_asked_anew(stage: held.Held) -> None:
    assert decision_reminders.remind(at=FIRST) == 1
    decision = taken()
    decision_follow_up.entrust(decision, to=stage.world.birgit, version=decision.version, by=stage.world.imke, at=FIRST)

    assert decision_reminders.remind(at=FIRST + DAY) == 1
    told = (
        Change.objects.filter(verb=Happened.DECISION_REMINDED)
        .order_by("pk")
        .values_list("data__responsible", flat=True)
    )
    assert list(told) == [stage.world.susanne.pk, stage.world.birgit.pk]


def test_what_became_confidential_is_not_told(stage: held.Held) -> None:
    letter = mail(FIRST)
    stage.bus.refresh_from_db()
    agenda_confidential.limit(
        stage.bus, to=[stage.world.birgit.organisation], version=stage.bus.version, by=stage.world.imke, at=FIRST
    )

    with pytest.raises(NothingToSay):
        render.render(letter, at=FIRST)


def test_taking_note_and_what_is_done_ask_for_nothing(stage: held.Held) -> None:
    Decision.objects.update(kind="acknowledgement")
    assert decision_reminders.remind(at=FIRST) == 0

    Decision.objects.update(kind="consensus", state="done")
    assert decision_reminders.remind(at=FIRST) == 0


def test_who_has_left_all_bodies_is_not_asked_but_rung_up(stage: held.Held) -> None:
    """The link would answer them with nothing."""
    Membership.objects.filter(person=stage.world.susanne).update(until=FIRST.date() - DAY)

    assert decision_reminders.remind(at=FIRST) == 0
    assert lines(FIRST) == ["1 Beschluss zur Wiedervorlage"]
    with pytest.raises(decision_follow_up.NotResponsible, match="Bitte rufen Sie die Fachstelle an"):
        decision_follow_up.require_responsible(taken(), stage.world.susanne, at=FIRST)


def test_a_stale_page_does_not_bring_a_revoked_decision_back_to_life(stage: held.Held) -> None:
    before = taken()
    decisions.revoke(taken(), reason="Kein Geld.", by=stage.world.imke, at=FIRST)

    assert taken().version == before.version + 1
    with pytest.raises((MoveRefused, Stale)):
        decision_follow_up.follow_up(
            before, state=before.state, version=before.version, by=stage.world.imke, at=FIRST, follow_up_on=DUE
        )
    assert taken().state == "revoked"


def test_meeting_on_that_day_is_asked_for_a_week_before_it_and_not_on_its_morning(stage: held.Held) -> None:
    meeting = MeetingFactory(
        alliance=stage.world.arbeit, start=FIRST + 3 * HOUR, end=FIRST + 5 * HOUR, quarter="2027-Q3"
    )

    assert decision_reminders.remind(at=FIRST - WEEK - dt.timedelta(seconds=1)) == 0
    assert [decision_reminders.remind(at=FIRST - WEEK + n * DAY) for n in range(9)] == [1, *[0] * 8]
    text = render.render(mail(FIRST - WEEK), at=FIRST - WEEK).text
    assert "Wir erinnern nicht noch einmal." not in text
    assert decision_reminders.remind(at=AGAIN) == 1

    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CANCELLED)
    assert decision_reminders.asked(at=FIRST - WEEK).count() == 0
