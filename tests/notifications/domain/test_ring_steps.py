"""A step of the ring that fails holds up no other one, is named, and is tried again."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from buendnisse import clock
from buendnisse.domain import journal, link_requests, links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Installation
from meetings.enums import Happened
from meetings.models import Meeting
from notifications.domain import machine_room, outbox
from notifications.domain.ring import ring
from notifications.enums import RingStep
from notifications.models import OutboxMessage
from tests.meetings import held
from tests.support import smtp_sink
from tests.support.clients import signed_in
from tests.world import AT, World

pytestmark = pytest.mark.django_db

SOON = AT + outbox.GRACE


def spoil(meeting: Meeting) -> None:
    """Something nobody foresaw: a deadline that is no date."""
    Meeting.objects.filter(pk=meeting.pk).update(deadline_overrides={"call": "unsinn"})


def mend(meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(deadline_overrides={})


def ask_for_a_link(cast: World) -> None:
    link = links.grant(cast.hedwig, purpose=LinkPurpose.SETTINGS, until=AT, at=AT)
    link_requests.request(link, at=AT)


def test_step_that_fails_ends_no_other_one(relay: smtp_sink.Sink, cast: World, february: Meeting) -> None:
    ring(at=SOON)
    ask_for_a_link(cast)
    spoil(february)
    before = len(relay.mail)

    rung = ring(at=SOON)

    assert rung.failed == [RingStep.CALLS]
    assert (rung.written, rung.sent, len(relay.mail) - before) == (1, 1, 1)


def test_failed_step_is_in_the_log_once_a_ring_and_tried_again_by_the_next(
    relay: smtp_sink.Sink, february: Meeting, caplog: pytest.LogCaptureFixture
) -> None:
    ring(at=SOON)
    spoil(february)
    ring(at=SOON)
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    told = [error.getMessage().partition(" ")[0] for error in errors]
    assert told == [RingStep.CALLS]

    mend(february)
    day = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)
    rung = ring(at=day)
    assert (rung.failed, Meeting.objects.get(pk=february.pk).state) == ([], "agenda_closed")


def test_minutes_are_approved_though_calls_fail(relay: smtp_sink.Sink) -> None:
    now = held.circulated()
    spoil(now.meeting)

    ring(at=dt.datetime(2026, 12, 8, 6, tzinfo=dt.UTC))

    assert now.minutes.state == "approved"


def test_change_that_cannot_be_told_is_reported(relay: smtp_sink.Sink, cast: World) -> None:
    ask_for_a_link(cast)
    with transaction.atomic():
        journal.record(Happened.MEETING_CALL_OPENED, Meeting(pk=4711), at=AT, by=cast.imke)

    rung = ring(at=SOON)

    assert (rung.failed, rung.written, rung.sent) == ([RingStep.DISPATCH], 1, 1)


def run(*options: str) -> tuple[str, str, int]:
    """What the command printed, its line on failure, and its exit status."""
    printed = io.StringIO()
    try:
        with clock.frozen(SOON):
            call_command("ring", *options, stdout=printed)
    except CommandError as error:
        return printed.getvalue(), str(error), error.returncode
    return printed.getvalue(), "", 0


LINE = "Nicht gelungen: Aufrufe zu Themen. Das nächste Läuten versucht es noch einmal; der Grund steht im Log."


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_command_says_what_failed_and_ends_with_one(
    relay: smtp_sink.Sink, february: Meeting, options: tuple[str, ...]
) -> None:
    spoil(february)

    printed, line, status = run(*options)

    assert printed.startswith("23.11.2026 09:01: ")
    assert (line, status) == (LINE, 1)
    mend(february)
    assert run(*options)[1:] == ("", 0)


def test_dry_run_names_who_would_get_what_and_why_and_keeps_nothing(relay: smtp_sink.Sink, february: Meeting) -> None:
    printed, _line, _status = run("--dry-run")

    first, kind, *told = printed.splitlines()
    assert first.endswith(" Wochenbriefe, 3 Mails geschrieben, 3 gingen hinaus.")
    assert kind == "Termin, 2 Mails: Einladungen, Änderungen und Absagen schicken wir immer."
    assert [line.partition(">: ")[2] for line in told if line.startswith("- Susanne Overhage <")] == [
        "Sie sind Mitglied im Arbeitsbündnis Arbeit (Berufsbildende Schulen Emsfurt)."
    ]
    assert OutboxMessage.objects.count() == 0
    assert len(relay.mail) == 0


def test_dry_run_of_a_moment_that_is_past_is_refused(relay: smtp_sink.Sink, february: Meeting) -> None:
    run()
    printed, line, status = run("--dry-run", "--at", "2026-11-20T07:00")

    assert (printed, status) == ("", 1)
    assert line.startswith("Dieser Zeitpunkt liegt vor dem letzten Läuten am 2026-11-23T09:01")


def test_command_names_failed_steps_for_programs(relay: smtp_sink.Sink, february: Meeting) -> None:
    spoil(february)

    printed, line, status = run("--json")

    assert json.loads(printed)["failed"] == ["calls"]
    assert (line, status) == (LINE, 1)


def test_technical_administration_sees_what_failed_until_it_works(
    relay: smtp_sink.Sink, cast: World, february: Meeting
) -> None:
    spoil(february)
    ring(at=SOON)
    with clock.frozen(SOON):
        page = signed_in(cast.lueder).get("/").content.decode()
    assert page.count("Aufrufe zu Themen.") == 1

    mend(february)
    ring(at=SOON)
    assert machine_room.machine_room(at=SOON).failed == []
    assert Installation.objects.count() == 1
