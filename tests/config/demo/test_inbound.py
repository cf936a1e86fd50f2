"""The demo's tray holds a few mails worth settling, each read by the real reader."""

from __future__ import annotations

import pytest

from buendnisse.config.demo.stage import START
from buendnisse.models import Change
from meetings.models import Attendance
from notifications.domain import meeting_people, proposed_times, tray
from notifications.enums import MailKind, OutboxState
from notifications.models import InboundMessage, OutboxMessage

pytestmark = pytest.mark.django_db


def test_tray_holds_words_a_proposal_and_a_provisional_answer() -> None:
    rows = InboundMessage.objects.order_by("received_at")

    assert [(row.kind, row.reason, row.state, str(row.person), row.meeting and row.meeting.slug) for row in rows] == [
        ("human", "human", "open", "Carsten Vossberg", "2026-q4-arbeit"),
        ("calendar", "proposal", "open", "Petra Lindhoff", "2027-q1-bildung"),
        ("calendar", "other_sender", "filed", "Robin Feldhaar", "2027-q1-gesellschaft"),
    ]
    assert all(row.received_at < START for row in rows)
    assert not any(row.data.get("passed_on") for row in rows)


def test_mail_in_words_answers_the_invitation_and_is_read() -> None:
    row = InboundMessage.objects.get(reason="human")
    page = tray.page(row.pk, at=START)

    assert page is not None
    assert page.mail is not None
    assert page.mail.text.startswith("Guten Tag Frau Albers,")
    assert (row.about and row.about.kind, page.may_be_entered) == (MailKind.AGENDA, True)


def test_proposal_can_be_checked_and_turned_down() -> None:
    row = InboundMessage.objects.select_related("meeting").get(reason="proposal")
    assert row.meeting is not None

    [found] = proposed_times.of(row.meeting)
    assert (found, found.is_outdated, found.wish) == (row, False, "tag=2027-02-24&von=15%3A00&bis=17%3A00")


def test_provisional_answer_counts_and_its_person_was_asked() -> None:
    row = InboundMessage.objects.select_related("meeting").get(outcome="provisional")
    assert row.meeting is not None

    assert Attendance.objects.get(meeting=row.meeting, person=row.person).answer == "declined"
    assert meeting_people.provisional(row.meeting) == {row.person_id: row.pk}
    letter = OutboxMessage.objects.get(kind=MailKind.REPLY_CHECK)
    assert (letter.person, letter.state, letter.data) == (row.person, OutboxState.SENT, {"asked_about": [row.pk]})


def test_nothing_waits_to_be_told() -> None:
    assert not Change.objects.filter(dispatch__isnull=True).exists()
    assert not OutboxMessage.objects.exclude(state=OutboxState.SENT).exists()
