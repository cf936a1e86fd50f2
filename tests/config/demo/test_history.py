"""What has happened in the demo is told already: journal, mail, calendar entries, and its clock."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import settings

from buendnisse import clock
from buendnisse.config.demo.stage import START
from buendnisse.models import Change, Person
from meetings.enums import Happened, MeetingState
from meetings.models import Attendance, Meeting, Relay
from notifications.domain.ring import ring
from notifications.enums import InboundVerb, OutboxState
from notifications.models import Dispatch, Invitation, OutboxMessage, RingState
from tests.config.demo.contents import strings

pytestmark = pytest.mark.django_db


def test_clock_begins_on_the_first_morning() -> None:
    clock.forget_shift()

    assert dt.timedelta(0) <= clock.now() - START < dt.timedelta(minutes=15)
    assert clock.local(START).isoformat() == "2026-11-23T09:00:00+01:00"


def test_everything_that_happened_is_told_already() -> None:
    assert Change.objects.filter(dispatch__isnull=True).count() == 0
    assert Dispatch.objects.count() == Change.objects.count()
    assert Change.objects.filter(at__gt=START).count() == 0
    assert set(Change.objects.values_list("verb", flat=True)) <= {*Happened.values, InboundVerb.PROVISIONAL}


def test_journal_runs_in_the_order_of_time() -> None:
    moments = list(Change.objects.order_by("pk").values_list("at", flat=True))

    assert moments == sorted(moments)


def test_journal_of_a_meeting_is_its_whole_life() -> None:
    meeting = Meeting.objects.get(slug="2026-q3-bildung")

    assert list(Change.objects.of(meeting).order_by("at", "pk").values_list("verb", flat=True)) == [
        "meeting.planned",
        "meeting.confirmed",
        "meeting.call_opened",
        "meeting.call_reminded",
        "meeting.agenda_closed",
        "meeting.invited",
        "meeting.started",
        "meeting.held",
        "meeting.closed",
    ]


def test_journal_of_a_relay_is_its_whole_way() -> None:
    relay = Relay.objects.get(number="W-2025-01")

    assert list(Change.objects.of(relay).order_by("at", "pk").values_list("verb", flat=True)) == [
        "relay.drafted",
        "relay.sent",
        "relay.acknowledged",
        "relay.scheduled",
        "relay.discussed",
        "relay.answered",
        "relay.returned",
        "relay.closed",
    ]


def test_journal_holds_no_names_and_no_addresses() -> None:
    names = set(Person.objects.values_list("last_name", flat=True))
    told = {text for data in Change.objects.values_list("data", flat=True) for text in strings(data)}

    assert {text for text in told if "@" in text or text in names} == set()


def test_nothing_waits_and_ringing_on_the_first_morning_sends_nothing() -> None:
    assert OutboxMessage.objects.exclude(state=OutboxState.SENT).count() == 0
    assert RingState.objects.get().last_at == START

    assert ring(at=START).is_quiet() is True
    assert OutboxMessage.objects.exclude(state=OutboxState.SENT).count() == 0


def test_postausgang_shows_the_mails_of_the_invited_meeting() -> None:
    meeting = Meeting.objects.get(state=MeetingState.INVITED)
    messages = OutboxMessage.objects.filter(meeting_id=meeting.pk)

    assert messages.filter(kind="agenda").count() == Attendance.objects.filter(meeting=meeting).count()
    assert messages.get(kind="copy").to_address == "vorzimmer@auslaenderbehoerde.example"
    assert set(messages.filter(kind="agenda").values_list("subject", flat=True)) == {"Arbeit, 03.12.2026: Tagesordnung"}


def test_everyone_who_is_asked_has_an_invitation() -> None:
    asked = Attendance.objects.filter(is_asked=True, meeting__state__in=["invited", "confirmed"])

    assert set(Invitation.objects.values_list("meeting_id", "person_id")) == set(
        asked.values_list("meeting_id", "person_id")
    )


def test_invitations_carry_what_was_sent() -> None:
    domain = settings.ORGANIZER_EMAIL.rpartition("@")[2]

    for invitation in Invitation.objects.select_related("meeting", "person"):
        assert re.fullmatch(rf"[0-9a-f]{{32}}\.[0-9a-f]{{32}}@{re.escape(domain)}", invitation.uid)
        if invitation.person.gets_mail:
            assert (invitation.last_method, invitation.sequence) == ("REQUEST", 0)
            assert (invitation.last_start, invitation.last_end) == (invitation.meeting.start, invitation.meeting.end)
        else:
            assert (invitation.last_method, invitation.last_start) == ("", None)
