"""Minutes from the draft to the approval, and what may still be added afterwards."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import Change, Membership, Person
from meetings.domain import (
    action_items,
    addenda,
    decisions,
    minutes,
    minutes_journal,
    minutes_reading,
    objections,
    session,
)
from meetings.domain.minutes_content import as_content, content, fingerprint
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import MeetingState, MinutesState
from meetings.models import Meeting, Minutes, MinutesVersion
from tests.factories.meetings import MeetingFactory
from tests.meetings import held
from tests.meetings.held import AT, DAY, LATER, contest

pytestmark = pytest.mark.django_db


def test_minutes_wait_for_the_end_of_the_meeting() -> None:
    now = held.running()

    with pytest.raises(minutes_journal.NotYet, match="läuft noch"):
        minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)


def test_draft_is_made_once() -> None:
    now = held.running()

    assert minutes.draft(now.meeting, by=now.world.imke, at=AT) == now.minutes


def test_no_minutes_before_the_meeting() -> None:
    now = held.running()
    Meeting.objects.filter(pk=now.meeting.pk).update(state="invited")
    now.meeting.refresh_from_db()

    with pytest.raises(minutes_journal.NotYet):
        minutes.draft(now.meeting, by=now.world.imke, at=AT)


def test_chair_releases_once() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)

    for _time in range(2):
        minutes.release(now.minutes, by=now.world.birgit, at=AT)

    assert (now.minutes.state, now.minutes.reviewed_by) == (MinutesState.IN_REVIEW, now.world.birgit)
    assert Change.objects.filter(verb="minutes.released").count() == 1


def test_chair_gives_back_with_a_remark() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    with pytest.raises(minutes_journal.WordsMissing):
        minutes.give_back(now.minutes, remark=" ", by=now.world.birgit, at=AT)

    minutes.give_back(now.minutes, remark="Punkt 2 ist zu lang.", by=now.world.birgit, at=AT)

    assert (now.minutes.state, now.minutes.review_remark) == (MinutesState.DRAFT, "Punkt 2 ist zu lang.")


def test_draft_cannot_be_released() -> None:
    now = held.over()

    with pytest.raises(minutes_journal.NotYet):
        minutes.release(now.minutes, by=now.world.birgit, at=AT)


def test_circulating_without_release_needs_a_reason() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)

    with pytest.raises(minutes_journal.NotYet, match="noch nicht freigegeben"):
        minutes.circulate(now.minutes, by=now.world.imke, at=AT)
    minutes.circulate(now.minutes, by=now.world.imke, at=AT, reason="Vorsitz im Urlaub")

    assert now.minutes.state == MinutesState.CIRCULATED
    [change] = Change.objects.filter(verb="minutes.circulated")
    assert change.reason == "without_release"


def test_circulating_freezes_the_first_version() -> None:
    now = held.circulated()

    [version] = now.minutes.versions.all()
    assert (version.number, version.circulated_at) == (1, LATER)
    assert as_content(version.content)["items"][1]["result"] == "Der Rufbus fährt ab dem 20. Januar auch abends."
    assert now.minutes.objection_until == dt.date(2026, 12, 7)


def test_same_version_is_not_sent_twice() -> None:
    now = held.circulated()

    with pytest.raises(MinutesFrozen, match="schon verschickt"):
        minutes.circulate(now.minutes, by=now.world.imke, at=LATER)

    assert now.minutes.versions.count() == 1


@pytest.mark.parametrize(
    ("circulated_on", "until"),
    [
        (dt.date(2026, 12, 5), dt.date(2026, 12, 21)),  # 19 December is a Saturday
        (dt.date(2026, 12, 11), dt.date(2027, 1, 7)),  # never in the quiet weeks
    ],
)
def test_period_ends_on_a_working_day_outside_the_quiet_weeks(circulated_on: dt.date, until: dt.date) -> None:
    now = held.over()
    at = dt.datetime.combine(circulated_on, dt.time(9), tzinfo=dt.UTC)

    minutes.circulate(now.minutes, by=now.world.imke, at=at, reason="Test")

    assert now.minutes.objection_until == until


@pytest.mark.parametrize(
    ("hour", "approved"),
    [(dt.datetime(2026, 12, 8, 5, 59, tzinfo=dt.UTC), 0), (dt.datetime(2026, 12, 8, 6, 0, tzinfo=dt.UTC), 1)],
)
def test_silence_approves_at_seven_the_day_after(hour: dt.datetime, approved: int) -> None:
    now = held.circulated()

    assert minutes.approve_by_silence(at=hour) == approved
    assert (now.minutes.state == MinutesState.APPROVED) == bool(approved)


def test_silence_approves_once_and_closes_the_meeting() -> None:
    now = held.circulated()
    at = dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC)

    assert [minutes.approve_by_silence(at=at), minutes.approve_by_silence(at=at)] == [1, 0]

    assert (now.minutes.approved_on, now.minutes.approval) == (dt.date(2026, 12, 8), "silent")
    assert Meeting.objects.get(pk=now.meeting.pk).state == MeetingState.CLOSED


def test_open_objection_stops_the_silence() -> None:
    now = held.circulated()
    contest(now)

    assert minutes.approve_by_silence(at=dt.datetime(2027, 1, 9, 9, tzinfo=dt.UTC)) == 0


def approved() -> held.Held:
    now = held.circulated()
    minutes.approve_by_silence(at=dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC))
    now.meeting.refresh_from_db()
    return now


def test_approved_minutes_refuse_every_write() -> None:
    now = approved()
    imke, at = now.world.imke, dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC)
    row = now.row("birgit")
    before = Minutes.objects.values().get(meeting=now.meeting)

    refused = 0
    for write in (
        lambda: session.record_result(now.bus, result="Anders", version=now.bus.version, by=imke, at=at),
        lambda: session.record_presence(row, presence="absent", by=imke, at=at),
        lambda: decisions.adopt(now.bus, kind="consensus", text="Neu", by=imke, at=at),
        lambda: action_items.assign(now.bus, owner=imke, task="Neu", due_on=dt.date(2027, 1, 1), by=imke, at=at),
        lambda: minutes.circulate(now.minutes, by=imke, at=at),
        lambda: minutes.submit_to_chair(now.minutes, by=imke, at=at),
        lambda: minutes.give_back(now.minutes, remark="Zurück", by=imke, at=at),
    ):
        with pytest.raises(MinutesFrozen):
            write()
        refused += 1

    assert refused == 7
    assert Minutes.objects.values().get(meeting=now.meeting) == before
    assert MinutesVersion.objects.count() == 1
    with pytest.raises(objections.ObjectionLate):
        objections.contest(now.minutes, by=now.world.susanne, text="Zu spät", at=at)


def test_approved_minutes_get_a_dated_addendum() -> None:
    now = approved()

    addendum = addenda.amend(
        now.minutes, by=now.world.imke, agenda_item=now.bus, text="Gemeint ist Emsfurt.", at=LATER + 20 * DAY
    )

    assert (addendum.dated, addendum.text) == (dt.date(2026, 12, 13), "Gemeint ist Emsfurt.")


def test_addendum_to_minutes_not_approved_is_refused() -> None:
    now = held.circulated()

    with pytest.raises(minutes_journal.NotYet):
        addenda.amend(now.minutes, by=now.world.imke, text="Zu früh", at=LATER)


def test_next_meeting_confirms_and_approves() -> None:
    now = held.circulated()
    later = MeetingFactory(
        alliance=now.world.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 2, 25, 9, tzinfo=dt.UTC),
        end=dt.datetime(2027, 2, 25, 11, tzinfo=dt.UTC),
        state="in_session",
    )

    minutes.confirm_in_meeting(now.minutes, meeting=later, by=now.world.imke, at=LATER)

    assert (now.minutes.state, now.minutes.approval, now.minutes.confirmed_in) == (
        MinutesState.APPROVED,
        "meeting",
        later,
    )


def test_confirmation_of_approved_minutes_is_told_to_the_journal_once() -> None:
    now = held.circulated()
    minutes.approve_by_silence(at=LATER + 30 * DAY)
    start = dt.datetime(2027, 2, 25, 9, tzinfo=dt.UTC)
    end = start + dt.timedelta(hours=2)
    later = MeetingFactory(alliance=now.world.arbeit, quarter="2027-Q1", start=start, end=end, state="held")

    for _tap in range(2):
        minutes.confirm_in_meeting(now.minutes, meeting=later, by=now.world.imke, at=start)

    told = Change.objects.of(now.minutes).filter(verb="minutes.confirmed")
    assert [change.data for change in told] == [{"meeting": now.meeting.pk, "confirmed_in": later.pk}]


def test_earlier_meeting_cannot_confirm() -> None:
    now = held.circulated()

    with pytest.raises(minutes_journal.NotYet):
        minutes.confirm_in_meeting(now.minutes, meeting=now.meeting, by=now.world.imke, at=LATER)


@pytest.mark.parametrize(
    ("state", "words"), [("cancelled", "abgesagt"), ("confirmed", "noch nicht begonnen"), ("invited", "noch nicht")]
)
def test_meeting_that_did_not_take_place_confirms_nothing(state: str, words: str) -> None:
    now = held.circulated()
    start = dt.datetime(2027, 2, 25, 9, tzinfo=dt.UTC)
    end = start + dt.timedelta(hours=2)
    later = MeetingFactory(
        alliance=now.world.arbeit, quarter="2027-Q1", start=start, end=end, state=state, cancel_reason="Krank"
    )

    with pytest.raises(minutes_journal.NotYet, match=words):
        minutes.confirm_in_meeting(now.minutes, meeting=later, by=now.world.imke, at=LATER)

    assert now.minutes.state == MinutesState.CIRCULATED


def test_why_it_was_sent_without_release_is_kept() -> None:
    now = held.over()

    minutes.circulate(now.minutes, by=now.world.imke, at=LATER, reason=" Vorsitz im Urlaub ")

    assert now.minutes.unreleased_because == "Vorsitz im Urlaub"
    assert [words for _change, words in minutes_reading.history(now.minutes)] == [
        "Protokoll verschickt, ohne Freigabe („Vorsitz im Urlaub“)",
        "Entwurf begonnen",
    ]


def test_chair_without_mail_is_called_instead() -> None:
    now = held.over()
    Person.objects.filter(pk=now.world.birgit.pk).update(email="", may_sign_in=False)

    with pytest.raises(minutes.NoMail, match="Birgit Hanneken bekommt keine E-Mail"):
        minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)

    assert now.minutes.state == MinutesState.DRAFT


def test_text_the_chair_has_not_seen_is_not_released() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    seen = fingerprint(content(now.meeting, author=now.minutes.author))
    now.bus.refresh_from_db()
    session.record_result(now.bus, result="Ganz anders.", version=now.bus.version, by=now.world.imke, at=AT + DAY)

    with pytest.raises(minutes.ChangedMeanwhile, match="Bitte lesen Sie noch einmal"):
        minutes.release(now.minutes, by=now.world.birgit, seen=seen, at=AT + DAY)
    assert now.minutes.reviewed_by is None

    seen = fingerprint(content(now.meeting, author=now.minutes.author))
    minutes.release(now.minutes, by=now.world.birgit, seen=seen, at=AT + DAY)
    assert now.minutes.reviewed_by == now.world.birgit


def test_only_who_leads_releases_or_gives_back() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)

    with pytest.raises(minutes.NotTheChair):
        minutes.release(now.minutes, by=now.world.susanne, at=AT)
    with pytest.raises(minutes.NotTheChair):
        minutes.give_back(now.minutes, remark="Anders.", by=now.world.susanne, at=AT)
    Membership.objects.filter(person=now.world.birgit).update(until=AT.date())
    with pytest.raises(minutes.NotTheChair):
        minutes.release(now.minutes, by=now.world.birgit, at=AT + DAY)

    assert (now.minutes.state, now.minutes.reviewed_by) == (MinutesState.IN_REVIEW, None)


def test_cancelled_task_stays_out_of_the_minutes() -> None:
    now = held.running()
    task = action_items.assign(
        now.bus, owner=now.world.susanne, task="Falsch", due_on=dt.date(2026, 12, 1), by=now.world.imke, at=AT
    )
    assert [one["task"] for one in content(now.meeting)["items"][1]["tasks"]] == ["Falsch"]

    action_items.report(task, state="cancelled", words="Vertippt", version=task.version, by=now.world.imke, at=AT)

    assert content(now.meeting)["items"][1]["tasks"] == []


def test_answered_objection_is_not_called_silence() -> None:
    now = held.circulated()
    objections.resolve(contest(now), accept=False, resolution="So war es.", by=now.world.imke, at=LATER + DAY)
    at = dt.datetime(2026, 12, 8, 6, tzinfo=dt.UTC)
    assert minutes_reading.standing(now.minutes, at=dt.datetime(2026, 12, 7, 23, 30, tzinfo=dt.UTC)) == (
        "Die Frist ist vorbei. Das Protokoll wird gleich genehmigt."
    )

    minutes.approve_by_silence(at=at)

    assert minutes_reading.standing(now.minutes, at=at).replace("\xa0", " ") == (
        "Genehmigt am 8. Dezember 2026, nach Ablauf der Frist, alle Einwände sind beantwortet."
    )


def test_ring_lets_answered_minutes_run_on() -> None:
    """Left contested though nobody waits for an answer: no verb does that, a crash may."""
    now = held.circulated()
    Minutes.objects.update(state=MinutesState.CONTESTED)

    assert objections.settle_due(at=LATER + DAY) == 1
    assert now.minutes.state == MinutesState.CIRCULATED
    assert objections.settle_due(at=dt.datetime(2026, 12, 8, 6, tzinfo=dt.UTC)) == 1
    assert now.minutes.state == MinutesState.APPROVED
