"""What dates will set off in the next days is told beforehand, and is what then comes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.models import Change, Person
from meetings.domain import task_reminders
from notifications.domain import digest, mail_forecast, ring, valve
from notifications.domain.mail_forecast import Batch
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.meetings import MeetingFactory
from tests.notifications.domain.test_digest import MONDAY, new_topic
from tests.notifications.nudges import DAY, owes
from tests.support import smtp_sink, voting
from tests.support.relay_scene import set_scene
from tests.world import AT, World

pytestmark = pytest.mark.django_db

NOW = AT + dt.timedelta(hours=1)


def short(found: list[Batch]) -> list[tuple[dt.date, str, list[str]]]:
    return [(local_date(one.at), str(one.kind), sorted(person.handle for person in one.people)) for one in found]


@pytest.fixture
def busy(cast: World, relay: smtp_sink.Sink) -> World:
    """A vote under way, a task due, and letters that tell of both."""
    digest.write(at=AT)
    voting.begin(cast)
    owes(cast.birgit, MeetingFactory(alliance=cast.arbeit), dt.date(2026, 12, 1))
    ring.ring(at=NOW)
    return cast


def test_forecast_is_what_then_comes(busy: World) -> None:
    before = (OutboxMessage.objects.count(), Change.objects.count())
    found = mail_forecast.forecast(at=NOW)
    assert (OutboxMessage.objects.count(), Change.objects.count()) == before

    newest = OutboxMessage.objects.latest("pk").pk
    for number in range(1, 9):
        day = local_date(NOW) + number * DAY
        ring.ring(at=automatic_mail_time(day) - dt.timedelta(hours=6, minutes=59))
        ring.ring(at=automatic_mail_time(day))
    came: dict[tuple[dt.date, str], list[str]] = {}
    for row in OutboxMessage.objects.filter(pk__gt=newest, state=OutboxState.SENT).order_by("pk"):
        assert row.sent_at is not None
        came.setdefault((local_date(row.created_at), row.kind), []).append(row.person.handle)

    assert short(found.batches) == [(day, kind, sorted(handles)) for (day, kind), handles in came.items()]
    assert {one.kind for one in found.batches} == {
        MailKind.BALLOT_REMINDER,
        MailKind.TASK_REMINDER,
        MailKind.BALLOT_RESULT,
    }


def test_letters_with_news_are_forecast_with_everybody_who_has_news() -> None:
    scene = set_scene()
    digest.write(at=AT)
    new_topic(scene, at=NOW)
    found = mail_forecast.forecast(at=NOW + dt.timedelta(hours=1))
    digest.write(at=MONDAY)

    letters = sorted(row.person.handle for row in OutboxMessage.objects.filter(kind=MailKind.DIGEST))
    assert [one for one in short(found.batches) if one[1] == "digest"] == [(local_date(MONDAY), "digest", letters)]
    assert len(letters) > 1


def test_whoever_wants_no_letter_is_not_named(busy: World) -> None:
    Person.objects.filter(pk=busy.birgit.pk).update(quiet_topics=["reminders"])
    kinds = [one.kind for one in mail_forecast.forecast(at=NOW).batches]

    assert MailKind.TASK_REMINDER not in kinds


def test_what_a_pause_will_hold_back_is_named_all_the_same(busy: World) -> None:
    before = short(mail_forecast.forecast(at=NOW).batches)
    valve.pause(by=busy.imke, at=NOW)

    assert short(mail_forecast.forecast(at=NOW).batches) == before


def test_rule_that_fails_is_told(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*, at: dt.datetime) -> int:
        raise DatabaseError

    monkeypatch.setattr(mail_forecast, "_AT_SEVEN", (broken, task_reminders.remind))
    found = mail_forecast.forecast(at=NOW)

    assert found.failed == 1
    assert MailKind.TASK_REMINDER in {one.kind for one in found.batches}


def test_nothing_due_is_nothing_forecast(cast: World) -> None:
    assert mail_forecast.forecast(at=NOW) == mail_forecast.Forecast([], 0)
