"""Calls and reminders of two meetings for one person: each is said, once and in its own words, whatever befell the other."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import automatic_mail_time
from buendnisse.models import Person
from meetings.enums import DeadlineKind
from meetings.models import Meeting
from notifications.domain import mail_ahead, mail_room, render, valve
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.notifications import sending, year
from tests.notifications.nudges import DAY, at_seven, confirm, dispatch_on, invited_to, kinds
from tests.support import smtp_sink
from tests.world import World

pytestmark = pytest.mark.django_db

OF_ARBEIT = "Diesmal kommt der Landrat dazu."
OF_BILDUNG = "Diesmal treffen wir uns in der Bücherei.\r\n\r\nBringen Sie gern jemanden mit."
FIRST, SECOND = "Diesmal treffen wir uns in der Bücherei.", "Bringen Sie gern jemanden mit."


@pytest.fixture
def arbeit(cast: World) -> Meeting:
    return confirm(cast, year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11)))


@pytest.fixture
def bildung(cast: World, arbeit: Meeting) -> Meeting:
    """A day after Arbeit. Susanne sits in both."""
    return confirm(cast, year.note(cast.bildung, cast, day=dt.date(2027, 2, 12)))


@pytest.fixture
def same_day(cast: World, arbeit: Meeting) -> Meeting:
    """Another one of Bildung, on the day of Arbeit."""
    return confirm(cast, year.note(cast.bildung, cast, day=arbeit.start.date(), hour=14))


def opens(meeting: Meeting) -> dt.datetime:
    return at_seven(meeting, DeadlineKind.CALL_FOR_ITEMS)


def coming_of(meeting: Meeting, *, at: dt.datetime) -> mail_ahead.Coming:
    meeting.refresh_from_db()
    found = mail_ahead.of(meeting, at=at)
    assert found is not None
    return found


def stop(meeting: Meeting, cast: World, *, at: dt.datetime) -> None:
    mail_ahead.stop(coming_of(meeting, at=at), by=cast.imke, at=at)


def introduce(meeting: Meeting, words: str, cast: World, *, at: dt.datetime) -> None:
    mail_ahead.introduce(coming_of(meeting, at=at), words=words, by=cast.imke, at=at)


def mail_of(person: Person, *states: str) -> OutboxMessage:
    """The one mail this person has in these states."""
    rows = OutboxMessage.objects.filter(person=person, is_settled=True, state__in=states or [OutboxState.WAITING])
    return rows.select_related("person").get()


def becomes(message: OutboxMessage, state: str) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(state=state)


def text(message: OutboxMessage, *, at: dt.datetime) -> str:
    return render.render(message, at=at).text


def asks(words: str) -> tuple[bool, bool]:
    """Whether it asks about Arbeit and about Bildung."""
    return "11. Februar 2027, " in words, "12. Februar 2027, " in words


def says(words: str) -> tuple[int, int, int]:
    """How often it has the words of Arbeit, and each paragraph of those of Bildung."""
    return words.count(OF_ARBEIT), words.count(FIRST), words.count(SECOND)


def test_call_whose_mail_with_another_failed_comes_on_its_own_day(
    cast: World, arbeit: Meeting, bildung: Meeting
) -> None:
    dispatch_on(opens(arbeit))
    both = mail_of(cast.susanne)
    assert asks(text(both, at=opens(arbeit))) == (True, True)
    becomes(both, OutboxState.FAILED)

    dispatch_on(opens(bildung))
    assert asks(text(mail_of(cast.susanne), at=opens(bildung))) == (True, True)
    assert kinds(cast.susanne) == ["call"]


def test_call_that_went_along_is_not_said_again(cast: World, arbeit: Meeting, bildung: Meeting) -> None:
    dispatch_on(opens(arbeit))
    becomes(mail_of(cast.susanne), OutboxState.SENT)
    dispatch_on(opens(bildung))

    assert kinds(cast.susanne) == ["call"]
    dropped = OutboxMessage.objects.get(person=cast.susanne, matter=f"call:{bildung.pk}")
    assert (dropped.state, dropped.data["calm"]) == (OutboxState.SUPERSEDED, "said")


def test_call_let_go_again_leaves_out_what_another_has_said(cast: World, arbeit: Meeting, bildung: Meeting) -> None:
    before = opens(arbeit) - DAY
    stop(bildung, cast, at=before)
    dispatch_on(opens(arbeit))
    becomes(mail_of(cast.susanne), OutboxState.SENT)
    mail_ahead.let_go(coming_of(bildung, at=opens(arbeit)), by=cast.imke, at=opens(arbeit))
    dispatch_on(opens(bildung))

    assert asks(text(mail_of(cast.susanne), at=opens(bildung))) == (False, True)


@pytest.mark.parametrize("which", ["bildung", "same_day"])
def test_call_that_is_stopped_is_not_said_by_a_later_one(
    cast: World, arbeit: Meeting, which: str, request: pytest.FixtureRequest
) -> None:
    other: Meeting = request.getfixturevalue(which)
    stop(arbeit, cast, at=opens(arbeit) - DAY)
    dispatch_on(opens(arbeit))
    dispatch_on(opens(other))
    assert mail_of(cast.susanne).data["meetings"] == [other.pk]

    stopped = OutboxMessage.objects.get(person=cast.susanne, matter=f"call:{arbeit.pk}")
    becomes(mail_of(cast.susanne), OutboxState.SENT)
    mail_room.act(stopped, do=mail_room.RELEASE, whole=False, by=cast.imke, at=opens(other))
    dispatch_on(opens(other))
    assert mail_of(cast.susanne).data["meetings"] == [arbeit.pk]


def test_call_with_words_of_its_own_waits_for_its_day_and_keeps_them(
    cast: World, arbeit: Meeting, bildung: Meeting
) -> None:
    introduce(bildung, OF_BILDUNG, cast, at=opens(arbeit) - DAY)
    dispatch_on(opens(arbeit))
    first = text(mail_of(cast.susanne), at=opens(arbeit))
    assert (asks(first), says(first)) == ((True, False), (0, 0, 0))
    becomes(mail_of(cast.susanne), OutboxState.SENT)

    dispatch_on(opens(bildung))
    second = text(mail_of(cast.susanne), at=opens(bildung))
    assert (asks(second), says(second)) == ((False, True), (0, 1, 1))


def test_words_stay_when_the_other_call_is_stopped(cast: World, arbeit: Meeting, bildung: Meeting) -> None:
    before = opens(arbeit) - DAY
    introduce(arbeit, OF_ARBEIT, cast, at=before)
    introduce(bildung, OF_BILDUNG, cast, at=before)
    stop(bildung, cast, at=before)
    dispatch_on(opens(arbeit))
    becomes(mail_of(cast.susanne), OutboxState.SENT)
    mail_ahead.let_go(coming_of(bildung, at=opens(arbeit)), by=cast.imke, at=opens(arbeit))
    dispatch_on(opens(bildung))

    assert says(text(mail_of(cast.susanne), at=opens(bildung))) == (0, 1, 1)


@pytest.mark.parametrize("which", ["bildung", "same_day"])
def test_calls_that_go_as_one_mail_have_the_words_of_both(
    cast: World, arbeit: Meeting, which: str, request: pytest.FixtureRequest
) -> None:
    """The mail of Arbeit still waits when the other one is due, or is due with it."""
    other: Meeting = request.getfixturevalue(which)
    introduce(arbeit, OF_ARBEIT, cast, at=opens(arbeit) - DAY)
    introduce(other, OF_BILDUNG, cast, at=opens(arbeit) - DAY)
    dispatch_on(opens(arbeit))
    dispatch_on(opens(other))

    one = mail_of(cast.susanne)
    assert (one.kind, says(text(one, at=opens(other)))) == (MailKind.REMINDERS, (1, 1, 1))
    assert kinds(cast.susanne) == ["reminders"]


@pytest.mark.parametrize("paused", ["arbeit", "bildung"])
def test_pause_of_one_meeting_keeps_the_words_about_it_here(
    relay: smtp_sink.Sink, cast: World, arbeit: Meeting, bildung: Meeting, paused: str
) -> None:
    """Answers to both are asked for again. The one of Arbeit waits for a day, and goes along with the other."""
    own = {"arbeit": (1, 0, 0), "bildung": (0, 1, 1)}
    stays, goes = own.pop(paused), own.popitem()[1]
    for meeting in (arbeit, bildung):
        invited_to(meeting, cast.susanne)
    monday = automatic_mail_time(dt.date(2027, 2, 8))
    introduce(arbeit, OF_ARBEIT, cast, at=monday - DAY)
    introduce(bildung, OF_BILDUNG, cast, at=monday - DAY)
    for at in (monday, monday + DAY):
        dispatch_on(at)
    assert says(text(mail_of(cast.susanne), at=at)) == (1, 1, 1)
    held = {"arbeit": arbeit, "bildung": bildung}[paused]
    valve.pause_meeting(held, by=cast.imke, at=at)

    words = sending.text(sending.deliver(relay, at=at)[cast.susanne.email])
    assert (asks(words), says(words)) == ((held == bildung, held == arbeit), goes)
    valve.resume_meeting(held, by=cast.imke, at=at)
    words = sending.text(sending.deliver(relay, at=at)[cast.susanne.email])
    assert (asks(words), says(words)) == ((held == arbeit, held == bildung), stays)


def test_pause_keeps_no_words_that_were_taken_out_of_the_mail(
    relay: smtp_sink.Sink, cast: World, arbeit: Meeting, bildung: Meeting
) -> None:
    """Nor does it take away what was written anew: that goes."""
    for meeting in (arbeit, bildung):
        invited_to(meeting, cast.susanne)
    monday = automatic_mail_time(dt.date(2027, 2, 8))
    introduce(bildung, OF_BILDUNG, cast, at=monday - DAY)
    for at in (monday, monday + DAY):
        dispatch_on(at)
    mail_room.introduce(mail_of(cast.susanne), words=f"{OF_ARBEIT}\n\n{SECOND}", by=cast.imke, at=at)
    valve.pause_meeting(bildung, by=cast.imke, at=at)

    assert says(sending.text(sending.deliver(relay, at=at)[cast.susanne.email])) == (1, 0, 0)
    valve.resume_meeting(bildung, by=cast.imke, at=at)
    assert says(sending.text(sending.deliver(relay, at=at)[cast.susanne.email])) == (0, 0, 1)


def test_pause_of_a_call_that_went_along_leaves_the_words_with_the_other(
    relay: smtp_sink.Sink, cast: World, arbeit: Meeting, bildung: Meeting
) -> None:
    introduce(arbeit, OF_ARBEIT, cast, at=opens(arbeit) - DAY)
    dispatch_on(opens(arbeit))
    valve.pause_meeting(bildung, by=cast.imke, at=opens(arbeit))
    words = sending.text(sending.deliver(relay, at=opens(arbeit))[cast.susanne.email])
    assert (asks(words), says(words)) == ((True, False), (1, 0, 0))

    valve.resume_meeting(bildung, by=cast.imke, at=opens(arbeit))
    words = sending.text(sending.deliver(relay, at=opens(arbeit))[cast.susanne.email])
    assert (asks(words), says(words)) == ((False, True), (0, 0, 0))


def reminded_of(meeting: Meeting) -> list[str]:
    """Who has a reminder of the call, or one of the report a unit owes beside it."""
    rows = OutboxMessage.objects.filter(kind__in=[MailKind.CALL_REMINDER, MailKind.UNIT_REPORT], meeting_id=meeting.pk)
    return sorted(rows.values_list("person__handle", flat=True))


def test_who_was_never_called_is_not_reminded_of_the_call(cast: World, arbeit: Meeting) -> None:
    """All calls were stopped; Birgit's was let go. Rolf's waits for his address, and so does the reminder."""
    stop(arbeit, cast, at=opens(arbeit) - DAY)
    dispatch_on(opens(arbeit))
    rows = OutboxMessage.objects.filter(kind=MailKind.CALL, meeting_id=arbeit.pk)
    assert set(rows.values_list("state", flat=True)) == {OutboxState.STOPPED}
    mail_room.act(rows.get(person=cast.birgit), do=mail_room.RELEASE, whole=False, by=cast.imke, at=opens(arbeit) + DAY)
    rows.filter(person=cast.rolf).update(is_held=True)
    dispatch_on(at_seven(arbeit, DeadlineKind.REMINDER))

    assert reminded_of(arbeit) == ["birgit", "rolf"]


def test_call_stopped_in_a_mail_with_another_is_reminded_of_by_nobody(
    cast: World, arbeit: Meeting, bildung: Meeting
) -> None:
    dispatch_on(opens(arbeit))
    dispatch_on(opens(bildung))
    becomes(mail_of(cast.susanne), OutboxState.STOPPED)
    for meeting in (arbeit, bildung):
        dispatch_on(at_seven(meeting, DeadlineKind.REMINDER))

    reminded = [reminded_of(meeting) for meeting in (arbeit, bildung)]
    assert ["susanne" in handles for handles in reminded] == [False, False]
