"""Proposals of another time: what becomes of the answer beside them, and who it was that proposed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.enums import Via
from meetings.domain import answers, planning
from meetings.enums import Answer
from meetings.models import Meeting
from notifications.domain import proposed_times, tray, tray_settling
from notifications.models import InboundMessage
from tests.notifications import inbound_mail
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON, receive, reply, result, row_of
from tests.support import mail_programs
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def counter(meeting: Meeting, cast: World, **changes: Any) -> bytes:
    start = meeting.start + dt.timedelta(days=7)
    said = {"partstat": "TENTATIVE", "start": start, "end": start + 2 * HOUR, "stamp": NOON, **changes}
    return mail_programs.outlook(reply(meeting, cast.susanne, method="COUNTER", **said))


def test_proposal_does_not_send_a_deputy_away(invited: Meeting, cast: World) -> None:
    """Outlook says "vielleicht" with every proposal, whether its user meant that or not."""
    deputy = answers.name_deputy(
        row_of(invited, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + 2 * MINUTE
    )

    row = receive(counter(invited, cast))

    deputy.refresh_from_db()
    assert (result(row), deputy.is_asked) == (("tray", "proposal", "open"), True)
    assert row_of(invited, cast.susanne).answer == Answer.DECLINED


def test_proposal_to_an_earlier_version_is_one_all_the_same(invited: Meeting, cast: World) -> None:
    invited.refresh_from_db()
    day = dt.timedelta(days=1)
    moved = {"start": invited.start + day, "end": invited.end + day, "venue": invited.venue, "conflict_reason": "passt"}
    planning.move_date(invited, **moved, version=invited.version, by=cast.imke, at=NOON - 2 * MINUTE)
    answers.answer(
        row_of(invited, cast.susanne), answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=NOON - MINUTE
    )

    row = receive(counter(invited, cast))

    assert (result(row), proposed_times.of(invited)) == (("tray", "proposal", "open"), [row])
    assert row.refusal == (
        "Die Antwort gilt einer früheren Fassung der Einladung. Zur jetzigen liegt schon eine Antwort vor."
    )
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


def test_proposal_of_somebody_who_is_not_invited_names_them(invited: Meeting, cast: World) -> None:
    row = receive(counter(invited, cast, attendee="kai@bbs.example", name="Kai Kollege"))

    assert (result(row), proposed_times.of(invited)) == (("tray", "proposal", "open"), [row])
    assert (row.refusal, row.proposer) == ("Geantwortet hat jemand, der nicht eingeladen ist.", "Kai Kollege")
    assert row_of(invited, cast.susanne).answer == Answer.PENDING


@pytest.mark.parametrize("proven", [True, False])
def test_proposal_for_a_meeting_that_is_off_is_none(invited: Meeting, cast: World, proven: bool) -> None:
    planning.cancel(invited, reason="Schnee.", by=cast.imke, at=NOON)

    row = receive(counter(invited, cast, proven=proven))

    assert (*result(row), row.refusal) == ("tray", "refused", "open", "Die Sitzung fällt aus.")


def test_proposal_of_an_invited_person_names_them(invited: Meeting, cast: World) -> None:
    row = receive(counter(invited, cast))

    assert (row.refusal, row.proposer) == ("", "Susanne Overhage")


# --- The answer beside it ---------------------------------------------------------------------------------------------


def test_answer_beside_a_proposal_is_said_to_count(invited: Meeting, cast: World) -> None:
    row = receive(counter(invited, cast))

    assert row.beside == "Die Antwort dazu ist eingetragen: kommt vielleicht."
    assert row_of(invited, cast.susanne).answer == Answer.TENTATIVE


def entered(row: InboundMessage, meeting: Meeting, cast: World) -> InboundMessage:
    by: dict[str, Any] = {"by": cast.imke, "at": NOON + HOUR, "version": row.version}
    tray_settling.enter(row, row_of(meeting, cast.susanne), Answer(row.answer), **by)
    row.refresh_from_db()
    return row


def test_answer_beside_a_proposal_nobody_proved_is_entered_in_one_tap_and_taken_out(
    invited: Meeting, cast: World
) -> None:
    row = receive(counter(invited, cast, partstat="DECLINED", proven=False))
    assert row.beside == (
        "Die Antwort dazu ist nicht eingetragen: kommt nicht. "
        "Ob die Mail wirklich von dieser Person kommt, ist nicht belegt."
    )
    page = tray.page(row.pk, at=NOON)
    assert page is not None
    assert (page.may_be_theirs, page.may_be_taken_out) == (True, False)

    row = entered(row, invited, cast)

    assert row_of(invited, cast.susanne).answer == Answer.DECLINED
    assert (row.state, proposed_times.of(invited)) == ("open", [row])
    assert row.beside == "Die Antwort dazu ist eingetragen: kommt nicht."
    page = tray.page(row.pk, at=NOON)
    assert page is not None
    assert (page.may_be_theirs, page.may_be_taken_out) == (False, True)
    tray_settling.take_out(row, version=row.version, by=cast.imke, at=NOON + HOUR)
    row.refresh_from_db()
    assert (row.state, row.is_entered) == ("open", False)
    assert row_of(invited, cast.susanne).answer == Answer.PENDING


def test_proven_answer_beside_a_proposal_is_taken_out_as_well(invited: Meeting, cast: World) -> None:
    row = receive(counter(invited, cast))

    tray_settling.take_out(row, version=row.version, by=cast.imke, at=NOON + HOUR)

    assert row_of(invited, cast.susanne).answer == Answer.PENDING
    row.refresh_from_db()
    with pytest.raises(tray_settling.NotSettled, match="Diese Antwort ist nicht eingetragen."):
        tray_settling.take_out(row, version=row.version, by=cast.imke, at=NOON + HOUR)


def shown(row: InboundMessage, at: dt.datetime = NOON + 2 * HOUR) -> tray.TrayPage:
    page = tray.page(row.pk, at=at)
    assert page is not None
    return page


def says_on_the_web(meeting: Meeting, cast: World) -> None:
    said: dict[str, Any] = {"answer": Answer.ACCEPTED, "via": Via.LINK, "by": cast.susanne}
    answers.answer(row_of(meeting, cast.susanne), **said, at=NOON + 2 * HOUR)


def test_own_answer_beside_a_proposal_is_not_a_newer_one(invited: Meeting, cast: World) -> None:
    """It arrives after it was written."""
    row = receive(counter(invited, cast), at=NOON + MINUTE)
    assert (row.is_entered, shown(row).is_outdated) == (True, False)

    says_on_the_web(invited, cast)

    assert shown(row).is_outdated


def test_answer_entered_beside_a_proposal_is_not_a_newer_one(invited: Meeting, cast: World) -> None:
    row = entered(receive(counter(invited, cast, proven=False)), invited, cast)
    assert (row.is_entered, shown(row).is_outdated) == (True, False)

    says_on_the_web(invited, cast)

    assert shown(row).is_outdated


def test_second_answer_entered_beside_a_proposal_takes_the_first_out_with_it(invited: Meeting, cast: World) -> None:
    row = receive(counter(invited, cast))
    by: dict[str, Any] = {"by": cast.imke, "at": NOON + HOUR}
    tray_settling.enter(row, row_of(invited, cast.susanne), Answer.DECLINED, version=row.version, **by)
    row.refresh_from_db()
    assert row_of(invited, cast.susanne).answer == Answer.DECLINED

    tray_settling.take_out(row, version=row.version, **by)

    assert row_of(invited, cast.susanne).answer == Answer.PENDING


def test_answer_that_came_between_two_entered_beside_a_proposal_holds_again(invited: Meeting, cast: World) -> None:
    row = receive(counter(invited, cast))
    says_on_the_web(invited, cast)
    by: dict[str, Any] = {"by": cast.imke, "at": NOON + 3 * HOUR}
    tray_settling.enter(row, row_of(invited, cast.susanne), Answer.DECLINED, version=row.version, **by)
    row.refresh_from_db()

    tray_settling.take_out(row, version=row.version, **by)

    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


def test_answer_about_another_meeting_leaves_the_proposal_where_it_is(invited: Meeting, cast: World) -> None:
    row, other = receive(counter(invited, cast)), inbound_mail.later_meeting(invited, cast)
    by: dict[str, Any] = {"by": cast.imke, "at": NOON + HOUR}

    tray_settling.enter(row, row_of(other, cast.susanne), Answer.ACCEPTED, version=row.version, **by)

    row.refresh_from_db()
    assert (result(row), row.meeting, row.person) == (("tray", "proposal", "open"), invited, cast.susanne)
    assert (row.answer, row.is_entered, proposed_times.of(invited)) == (Answer.TENTATIVE, True, [row])
    assert row_of(other, cast.susanne).answer == Answer.ACCEPTED
    tray_settling.take_out(row, version=row.version, **by)
    assert row_of(invited, cast.susanne).answer == Answer.PENDING
    assert row_of(other, cast.susanne).answer == Answer.ACCEPTED


def test_proposal_of_the_very_same_time_is_about_something_else(invited: Meeting, cast: World) -> None:
    row = receive(counter(invited, cast, start=invited.start, end=invited.end, comment="Nur der Ort passt nicht."))

    assert result(row) == ("tray", "same_time", "open")
    assert row.why == "Jemand schlägt eine Änderung vor, aber keine andere Zeit. Bitte lesen Sie die Bemerkung."
    assert proposed_times.of(invited) == []
    assert row_of(invited, cast.susanne).answer == Answer.TENTATIVE
