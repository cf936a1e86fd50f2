"""Mail that a date will set off: looked at before, introduced or stopped; to exactly those it then goes to."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.models import Change, Person
from meetings.domain import calls
from meetings.enums import DeadlineKind, MeetingState
from meetings.models import Meeting
from notifications.domain import mail_ahead, mail_ahead_look, mail_room, render
from notifications.domain.mail_ahead import Coming
from notifications.enums import MailKind, OutboxState
from notifications.models import MailAhead, OutboxMessage
from tests.notifications import year
from tests.notifications.nudges import DAY, at_seven, confirm, dispatch_on, invited_to, kinds, owes
from tests.world import World

pytestmark = pytest.mark.django_db

WORDS = "Diesmal kommt der Landrat dazu."


@pytest.fixture
def arbeit(cast: World) -> Meeting:
    return confirm(cast, year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11)))


@pytest.fixture
def opens(arbeit: Meeting) -> dt.datetime:
    return at_seven(arbeit, DeadlineKind.CALL_FOR_ITEMS)


def the_only(at: dt.datetime) -> Coming:
    [found] = mail_ahead.coming(at=at)
    return found


def test_it_is_shown_for_a_week_and_until_it_is_written(arbeit: Meeting, opens: dt.datetime) -> None:
    second = dt.timedelta(seconds=1)

    assert mail_ahead.coming(at=opens - 8 * DAY - second) == []
    assert the_only(opens - 8 * DAY) == Coming(MailKind.CALL, arbeit, local_date(opens))
    assert the_only(opens - second).at == opens
    assert mail_ahead.coming(at=opens) == []


def test_look_names_those_it_then_goes_to_and_leaves_no_trace(cast: World, opens: dt.datetime) -> None:
    Person.objects.filter(pk=cast.rolf.pk).update(email="")
    before = (OutboxMessage.objects.count(), Change.objects.count())
    found = mail_ahead_look.look(the_only(opens - DAY), is_open=False)

    assert (OutboxMessage.objects.count(), Change.objects.count()) == before
    assert [(one.person.handle, one.reason) for one in found.left_out] == [
        ("rolf", "Ohne E-Mail-Adresse. Bitte per Post oder Telefon.")
    ]
    assert "Haben Sie ein Thema für den 11. Februar?" in found.mail.text
    dispatch_on(opens)
    went = OutboxMessage.objects.filter(kind=MailKind.CALL).values_list("person__handle", flat=True)
    assert sorted(one.person.handle for one in found.readers) == sorted(went) == ["birgit", "susanne"]


def test_look_says_what_is_different_for_somebody(cast: World, arbeit: Meeting, opens: dt.datetime) -> None:
    """Susanne reads it with a task, Rolf wants no calls, and Birgit just gets it."""
    owes(cast.susanne, arbeit, local_date(opens) + 8 * DAY)
    Person.objects.filter(pk=cast.rolf.pk).update(quiet_topics=["calls"])
    found = mail_ahead_look.look(the_only(opens - DAY), is_open=False)

    assert [(one.person.handle, one.note) for one in found.readers] == [
        ("birgit", ""),
        ("susanne", "zusammen mit anderem in einer Mail"),
    ]
    assert [(one.person.handle, one.reason) for one in found.left_out] == [("rolf", "Nach eigenem Wunsch abbestellt.")]


def test_reminder_goes_to_who_has_not_answered_yet(cast: World, arbeit: Meeting, opens: dt.datetime) -> None:
    dispatch_on(opens)
    OutboxMessage.objects.update(state=OutboxState.SENT, sent_at=opens)
    calls.say_no_item([Meeting.objects.get(pk=arbeit.pk)], by=cast.susanne, at=opens)
    at = at_seven(arbeit, DeadlineKind.REMINDER)
    coming = the_only(at - DAY)

    assert coming.kind == MailKind.CALL_REMINDER
    found = mail_ahead_look.look(coming, is_open=False)
    dispatch_on(at)
    went = OutboxMessage.objects.filter(kind=MailKind.CALL_REMINDER).values_list("person__handle", flat=True)
    assert sorted(one.person.handle for one in found.readers) == sorted(went)
    assert "susanne" not in went


def test_introduction_stands_in_every_mail_and_is_theirs_then(cast: World, arbeit: Meeting, opens: dt.datetime) -> None:
    owes(cast.susanne, arbeit, local_date(opens) + 8 * DAY)
    mail_ahead.introduce(the_only(opens - DAY), words=WORDS, by=cast.imke, at=opens - DAY)
    found = mail_ahead_look.look(the_only(opens - DAY), is_open=False)
    assert WORDS in found.mail.text
    dispatch_on(opens)

    waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING).select_related("person")
    assert [WORDS in render.render(one, at=opens).text for one in waiting] == [True] * 3
    assert not MailAhead.objects.exists()
    said = Change.objects.of(arbeit).filter(verb="mail.introduced").values_list("by", "data")
    assert list(said) == [(cast.imke.pk, {"kind": "call"})]


def test_what_is_stopped_waits_for_somebody_and_can_be_let_go_before(
    cast: World, arbeit: Meeting, opens: dt.datetime
) -> None:
    mail_ahead.stop(the_only(opens - DAY), by=cast.imke, at=opens - DAY)
    assert the_only(opens - DAY).is_stopped
    dispatch_on(opens)
    rows = OutboxMessage.objects.filter(kind=MailKind.CALL)
    assert list(rows.values_list("state", "is_held")) == [(OutboxState.STOPPED, False)] * 3

    mail_room.act(rows[0], do=mail_room.RELEASE, whole=True, by=cast.imke, at=opens + DAY)
    dispatch_on(opens + DAY)
    assert list(rows.values_list("state", "is_settled")) == [(OutboxState.WAITING, True)] * 3


def test_what_is_stopped_waits_for_nothing_else(cast: World, arbeit: Meeting, opens: dt.datetime) -> None:
    """Rolf's mail comes back. Once his address is mended, what waited for that leaves; this does not."""
    Person.objects.filter(pk=cast.rolf.pk).update(failed_address=cast.rolf.email)
    mail_ahead.stop(the_only(opens - DAY), by=cast.imke, at=opens - DAY)
    found = mail_ahead_look.look(the_only(opens - DAY), is_open=False)
    dispatch_on(opens)

    one = OutboxMessage.objects.get(person=cast.rolf, kind=MailKind.CALL)
    assert (one.state, one.is_held) == (OutboxState.STOPPED, False)
    assert [(one.person.handle, one.reason) for one in found.left_out] == [
        ("rolf", "Mails an diese Adresse kommen zurück. Sie wartet, bis die Adresse geprüft ist.")
    ]


def test_rule_that_fails_takes_nothing_else_along(
    cast: World, arbeit: Meeting, caplog: pytest.LogCaptureFixture
) -> None:
    """The call of another meeting has a deadline that is no date."""
    invited_to(arbeit, cast.susanne)
    broken = confirm(cast, year.note(cast.bildung, cast, day=dt.date(2027, 3, 12)))
    at = automatic_mail_time(dt.date(2027, 2, 8))
    coming = the_only(at - DAY)
    assert mail_ahead_look.look(coming, is_open=False).failed == 0
    Meeting.objects.filter(pk=broken.pk).update(deadline_overrides={"call": "unsinn"})

    found = mail_ahead_look.look(coming, is_open=False)

    assert ([one.person.handle for one in found.readers], found.failed) == (["susanne"], 1)
    errors = [record.getMessage() for record in caplog.records if record.name == mail_ahead_look.__name__]
    assert errors == ["meetings.domain.calls.open_and_close_due failed in the look at a mail to come"]


def test_let_go_again_it_leaves_by_itself(cast: World, opens: dt.datetime) -> None:
    for decide in (mail_ahead.stop, mail_ahead.let_go):
        decide(the_only(opens - DAY), by=cast.imke, at=opens - DAY)
    dispatch_on(opens)

    assert kinds(cast.birgit) == ["call"]


def test_once_it_is_written_it_is_too_late(cast: World, opens: dt.datetime) -> None:
    coming = the_only(opens - DAY)
    dispatch_on(opens)

    with pytest.raises(mail_ahead.TooLate, match="Diese Mail ist inzwischen fällig"):
        mail_ahead.stop(coming, by=cast.imke, at=opens)
    assert not MailAhead.objects.exists()


def test_stopped_call_goes_along_with_no_other(cast: World, arbeit: Meeting, opens: dt.datetime) -> None:
    """Susanne sits in Bildung, too, which calls a day later: without a stop one mail would name both."""
    confirm(cast, year.note(cast.bildung, cast, day=dt.date(2027, 2, 12)))
    bildung = next(one for one in mail_ahead.coming(at=opens - DAY) if one.meeting != arbeit)
    assert dt.timedelta(0) <= bildung.at - opens <= 2 * DAY
    mail_ahead.stop(bildung, by=cast.imke, at=opens - DAY)
    dispatch_on(opens)

    one = OutboxMessage.objects.get(person=cast.susanne, state=OutboxState.WAITING)
    assert "12. Februar" not in render.render(one, at=opens).text
    dispatch_on(bildung.at)
    stopped = OutboxMessage.objects.get(person=cast.susanne, meeting_id=bildung.meeting.pk)
    assert stopped.state == OutboxState.STOPPED


def test_answers_are_asked_for_again_three_days_before(cast: World, arbeit: Meeting) -> None:
    invited_to(arbeit, cast.susanne, cast.birgit)
    at = automatic_mail_time(dt.date(2027, 2, 8))
    coming = the_only(at - DAY)

    assert (coming.kind, coming.at, coming.meeting.state) == (MailKind.ANSWER_REMINDER, at, MeetingState.INVITED)
    found = mail_ahead_look.look(coming, is_open=False)
    assert sorted(one.person.handle for one in found.readers) == ["birgit", "susanne"]
