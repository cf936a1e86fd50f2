"""The demo's story survives a quarter: what is forgotten by its rules is nothing a visitor would look for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from buendnisse import clock
from buendnisse.config.demo.load import load
from buendnisse.models import DemoRole, Person
from meetings.models import Attendance, Meeting
from notifications.domain import retention
from notifications.domain.ring import ring
from notifications.models import Invitation, OutboxMessage

pytestmark = pytest.mark.django_db

QUARTER = dt.datetime(2027, 2, 23, 8, tzinfo=dt.UTC)


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo, loaded once for all tests here, a quarter later."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        ring(at=QUARTER, send=False)
        yield
        transaction.set_rollback(True)
    clock.forget_shift()


def test_nobody_is_forgotten() -> None:
    assert not Person.objects.filter(forgotten_at__isnull=False).exists()
    assert retention.forget_people(at=QUARTER) == 0
    assert DemoRole.objects.filter(person__email="").count() == 0


def test_answers_to_meetings_without_approved_minutes_stay() -> None:
    meeting = Meeting.objects.get(slug="2026-q4-arbeit")

    assert meeting.answer_counts is None
    assert Attendance.objects.filter(meeting=meeting, answered_at__isnull=False).count() > 10


def test_record_of_mail_and_calendar_entries_stays() -> None:
    meeting = Meeting.objects.get(slug="2026-q4-arbeit")

    assert Invitation.objects.filter(meeting=meeting).exists()
    assert OutboxMessage.objects.filter(meeting_id=meeting.pk, state="sent").exists()
