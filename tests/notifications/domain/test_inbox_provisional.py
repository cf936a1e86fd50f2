"""Answers that count until somebody says otherwise: one on top of another, and what is left when one is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from buendnisse.enums import Via
from meetings.domain import answers
from meetings.enums import Answer
from meetings.models import Meeting
from notifications.domain import tray_settling
from notifications.domain.tray_settling import NotSettled
from notifications.models import InboundMessage, Invitation
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON, receive, reply, result, row_of
from tests.support import mail_programs
from tests.support.mail_programs import STAMP
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def comes_in(program: Any, meeting: Meeting, cast: World, number: int, partstat: str, **said: Any) -> InboundMessage:
    """The mails of a story one after the other, each a minute newer."""
    stamp = STAMP + number * MINUTE
    written = reply(meeting, cast.susanne, partstat=partstat, stamp=stamp, number=number, **said)
    return receive(program(written), at=NOON + number * MINUTE)


def unproven(meeting: Meeting, cast: World, number: int, partstat: str, **said: Any) -> InboundMessage:
    return comes_in(mail_programs.nextcloud, meeting, cast, number, partstat, **said)


def proven(meeting: Meeting, cast: World, number: int, partstat: str, **said: Any) -> InboundMessage:
    return comes_in(mail_programs.outlook, meeting, cast, number, partstat, **said)


def not_mine(row: InboundMessage, cast: World) -> None:
    tray_settling.reject(row, by=cast.susanne, at=NOON + HOUR, via=Via.LINK)


def stands(meeting: Meeting, cast: World) -> tuple[str, str]:
    row = row_of(meeting, cast.susanne)
    return row.answer, row.comment


def again(row: InboundMessage) -> InboundMessage:
    return InboundMessage.objects.get(pk=row.pk)


def test_taking_back_the_newer_of_two_brings_back_what_stood_before_both(invited: Meeting, cast: World) -> None:
    answers.answer(
        row_of(invited, cast.susanne), answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=STAMP, comment="Urlaub"
    )
    older = unproven(invited, cast, 1, "ACCEPTED")
    newer = unproven(invited, cast, 2, "TENTATIVE")
    assert [result(again(one)) for one in (older, newer)] == [
        ("duplicate", "overtaken", "filed"),
        ("provisional", "other_sender", "filed"),
    ]

    not_mine(newer, cast)

    assert stands(invited, cast) == ("declined", "Urlaub")
    assert row_of(invited, cast.susanne).answered_via == Via.LINK
    assert Invitation.objects.get(person=cast.susanne).last_reply_stamp is None
    with pytest.raises(NotSettled, match="Diese Antwort gilt nicht mehr vorläufig."):
        not_mine(older, cast)


def test_three_in_a_row_are_taken_back_at_once(invited: Meeting, cast: World) -> None:
    rows = [unproven(invited, cast, number, said) for number, said in enumerate(["ACCEPTED", "DECLINED", "TENTATIVE"])]

    not_mine(rows[-1], cast)

    assert stands(invited, cast) == ("pending", "")


def test_what_was_said_on_the_web_between_two_comes_back(invited: Meeting, cast: World) -> None:
    """And a clock that runs ahead in the first does not outdate what comes in time."""
    unproven(invited, cast, 1, "ACCEPTED")
    answers.answer(
        row_of(invited, cast.susanne), answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=STAMP + 2 * MINUTE
    )
    newer = unproven(invited, cast, 3, "TENTATIVE")

    not_mine(newer, cast)

    assert stands(invited, cast) == ("declined", "")
    assert Invitation.objects.get(person=cast.susanne).last_reply_stamp is None


@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED"])
def test_proven_answer_stays_when_an_unproven_one_before_it_is_refused(
    invited: Meeting, cast: World, partstat: str
) -> None:
    older = unproven(invited, cast, 1, "ACCEPTED")
    newer = proven(invited, cast, 2, partstat)
    assert (result(again(older)), newer.outcome) == (("duplicate", "overtaken", "filed"), "applied")

    with pytest.raises(NotSettled, match="Diese Antwort gilt nicht mehr vorläufig."):
        not_mine(older, cast)

    assert stands(invited, cast) == (partstat.lower(), "")
    assert Invitation.objects.get(person=cast.susanne).last_reply_stamp == STAMP + 2 * MINUTE


def test_words_of_an_unproven_answer_go_when_a_proven_one_says_the_same(invited: Meeting, cast: World) -> None:
    unproven(invited, cast, 1, "ACCEPTED", comment="Ich leite die Sitzung.")

    assert proven(invited, cast, 2, "ACCEPTED").reason == "answered"
    assert stands(invited, cast) == ("accepted", "")


def test_unproven_answer_that_says_the_same_again_changes_nothing(invited: Meeting, cast: World) -> None:
    first = unproven(invited, cast, 1, "ACCEPTED")
    assert unproven(invited, cast, 2, "ACCEPTED").reason == "same"
    assert again(first).outcome == "provisional"

    not_mine(first, cast)

    assert stands(invited, cast) == ("pending", "")


def test_unproven_answer_after_one_that_was_confirmed_brings_that_back(invited: Meeting, cast: World) -> None:
    first = unproven(invited, cast, 1, "ACCEPTED")
    tray_settling.confirm(first, by=cast.susanne, at=NOON + MINUTE, via=Via.LINK)
    second = unproven(invited, cast, 2, "DECLINED")

    not_mine(second, cast)

    assert stands(invited, cast) == ("accepted", "")
    assert result(again(first)) == ("applied", "other_sender", "settled")


def test_answer_a_program_wrote_waits_for_nobody_once_a_proven_one_came(invited: Meeting, cast: World) -> None:
    automatic = unproven(invited, cast, 1, "ACCEPTED", headers=("Auto-Submitted: auto-generated",))
    assert result(automatic) == ("provisional", "unasked", "open")

    proven(invited, cast, 2, "DECLINED")

    assert result(again(automatic)) == ("duplicate", "overtaken", "filed")


def test_answer_that_came_too_late_takes_no_place(invited: Meeting, cast: World) -> None:
    standing = unproven(invited, cast, 5, "ACCEPTED")

    assert unproven(invited, cast, 2, "DECLINED").reason == "overtaken"
    assert again(standing).outcome == "provisional"
