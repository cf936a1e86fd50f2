"""How long an answer nobody proved is provisional: until anybody who knows says what holds, by whatever way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from buendnisse.enums import Via
from meetings.domain import answers, planning, telephone_answers
from meetings.enums import Answer
from meetings.models import Meeting
from notifications.domain import meeting_people, tray, tray_settling
from notifications.domain.tray_settling import NotSettled
from notifications.enums import MailKind, OutboxState
from notifications.models import InboundMessage, Invitation, OutboxMessage
from tests.notifications import inbound_mail, sending
from tests.notifications.inbound_mail import HOUR, MINUTE, NOON, row_of
from tests.support import mail_programs, smtp_sink
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + MINUTE / 2


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def by_telephone(meeting: Meeting, cast: World, answer: Answer = Answer.TENTATIVE) -> Any:
    said: dict[str, Any] = {"answer": answer, "comment": "", "deputy": None, "version": None}
    return telephone_answers.enter(row_of(meeting, cast.susanne), **said, by=cast.imke, at=LATER)


def on_the_web(meeting: Meeting, cast: World, answer: Answer = Answer.DECLINED) -> Any:
    row = row_of(meeting, cast.susanne)
    return answers.answer(row, answer=answer, via=Via.LINK, by=cast.susanne, at=LATER)


def names_a_deputy(meeting: Meeting, cast: World) -> Any:
    row = row_of(meeting, cast.susanne)
    return answers.name_deputy(row, person=cast.rolf, via=Via.LINK, by=cast.susanne, at=LATER)


def is_moved(meeting: Meeting, cast: World) -> Any:
    meeting.refresh_from_db()
    to = {"start": meeting.start + HOUR, "end": meeting.end + HOUR, "venue": meeting.venue, "conflict_reason": "passt"}
    return planning.move_date(meeting, **to, version=meeting.version, by=cast.imke, at=LATER)


def same_by_telephone(meeting: Meeting, cast: World) -> Any:
    return by_telephone(meeting, cast, Answer.ACCEPTED)


def same_on_the_web(meeting: Meeting, cast: World) -> Any:
    return on_the_web(meeting, cast, Answer.ACCEPTED)


ENDS = [by_telephone, on_the_web, names_a_deputy, is_moved, same_by_telephone, same_on_the_web]


def counts() -> dict[str, int]:
    return {tab.key: tab.count for tab in tray.tabs(tray.Filters())}


@pytest.mark.parametrize("end", ENDS)
def test_whoever_says_what_holds_ends_it_everywhere(
    invited: Meeting, cast: World, relay: smtp_sink.Sink, end: Callable[[Meeting, World], Any]
) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    assert meeting_people.provisional(invited) == {cast.susanne.pk: row.pk}
    assert counts() == {"offen": 0, "vorlaeufig": 1, "erledigt": 0, "abgelegt": 0}

    end(invited, cast)

    assert meeting_people.provisional(invited) == {}
    assert counts() == {"offen": 0, "vorlaeufig": 0, "erledigt": 0, "abgelegt": 1}
    [listed] = tray.rows(tray.FILED, tray.Filters(), start=0, limit=9)
    assert listed.why == "Inzwischen gilt etwas anderes."
    page = tray.page(row.pk, at=LATER)
    assert page is not None
    assert (page.is_provisional, page.row.why) == (False, "Inzwischen gilt etwas anderes.")
    sending.deliver(relay, at=NOON + HOUR)
    assert not OutboxMessage.objects.filter(kind=MailKind.REPLY_CHECK, state=OutboxState.SENT).exists()
    for verb in (tray_settling.confirm, tray_settling.reject):
        with pytest.raises(NotSettled, match="Inzwischen gilt etwas anderes. Das bleibt, wie es ist."):
            verb(row, by=cast.imke, at=NOON + HOUR)


def test_same_said_by_another_way_is_said_by_that_way(invited: Meeting, cast: World) -> None:
    inbound_mail.from_elsewhere(invited, cast)

    assert same_on_the_web(invited, cast)
    assert not same_on_the_web(invited, cast)
    stored = row_of(invited, cast.susanne)
    assert (stored.answer, stored.answered_via, stored.answered_at) == ("accepted", "mail_link", LATER)


def test_answer_of_a_program_that_was_overtaken_waits_for_nobody(invited: Meeting, cast: World) -> None:
    said = inbound_mail.reply(invited, cast.susanne, headers=("Auto-Submitted: auto-generated",))
    row = inbound_mail.receive(mail_programs.nextcloud(said))
    assert tray.waiting() == [row]

    on_the_web(invited, cast)

    assert tray.waiting() == []
    assert counts() == {"offen": 0, "vorlaeufig": 0, "erledigt": 0, "abgelegt": 1}


def test_what_was_entered_by_mistake_and_taken_back_leaves_it_provisional(invited: Meeting, cast: World) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    telephone_answers.take_back(by_telephone(invited, cast), by=cast.imke, at=LATER)
    assert meeting_people.provisional(invited) == {cast.susanne.pk: row.pk}

    tray_settling.reject(row, by=cast.imke, at=NOON + HOUR)

    assert row_of(invited, cast.susanne).answer == Answer.PENDING


def test_answer_to_an_earlier_date_is_asked_about_by_nobody(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    """The person is asked anew anyway."""
    said = inbound_mail.reply(invited, cast.susanne)
    is_moved(invited, cast)

    row = inbound_mail.receive(mail_programs.nextcloud(said.but(stamp=NOON + HOUR)), at=NOON + HOUR)

    assert inbound_mail.result(row) == ("applied", "earlier_date", "filed")
    assert InboundMessage.objects.standing().count() == 0


def test_nothing_is_entered_over_it_before_somebody_says_whether_it_is_right(invited: Meeting, cast: World) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    own, by = row_of(invited, cast.susanne), {"version": row.version, "by": cast.imke, "at": LATER}

    with pytest.raises(
        NotSettled, match="Die Antwort gilt vorläufig. Bitte bestätigen Sie sie, oder nehmen Sie sie zur"
    ):
        tray_settling.enter(row, own, Answer.DECLINED, **by)
    with pytest.raises(
        NotSettled, match="Die Antwort gilt vorläufig. Bitte bestätigen Sie sie, oder nehmen Sie sie zur"
    ):
        tray_settling.name_deputy(row, own, name="Kai Kollege", email="kai@bbs.example", **by)

    row.refresh_from_db()
    assert inbound_mail.result(row) == ("provisional", "other_sender", "filed")
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


def test_newer_answer_stays_where_what_was_entered_over_it_is_taken_back(invited: Meeting, cast: World) -> None:
    """As it could be entered once."""
    row = inbound_mail.from_elsewhere(invited, cast)
    before = by_telephone(invited, cast)
    data = {**row.data, "before": before}
    InboundMessage.objects.filter(pk=row.pk).update(state="settled", settlement="applied", data=data)
    on_the_web(invited, cast)

    with pytest.raises(NotSettled, match="Inzwischen gilt eine neuere Antwort. Sie bleibt, wie sie ist."):
        tray_settling.reopen(row, version=row.version, by=cast.imke, at=NOON + HOUR)

    assert row_of(invited, cast.susanne).answer == Answer.DECLINED


@pytest.mark.parametrize("verb", [tray_settling.confirm, tray_settling.read])
def test_mail_that_was_overtaken_since_it_was_settled_is_not_opened_again(
    invited: Meeting, cast: World, verb: Callable[..., None]
) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    verb(row, version=row.version, by=cast.imke, at=LATER)
    on_the_web(invited, cast)
    row.refresh_from_db()
    settled = (*inbound_mail.result(row), row.settlement, row.version)

    with pytest.raises(NotSettled, match="Inzwischen gilt etwas anderes. Die Mail bleibt, wie sie ist."):
        tray_settling.reopen(row, version=row.version, by=cast.imke, at=NOON + HOUR)

    row.refresh_from_db()
    assert (*inbound_mail.result(row), row.settlement, row.version) == settled


# --- Taken back, and back again ---------------------------------------------------------------------------------------


def test_rejection_by_the_fachstelle_is_its_own_and_is_taken_back_whole(invited: Meeting, cast: World) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    tray_settling.reject(row, by=cast.imke, at=LATER)
    row.refresh_from_db()
    assert (row.why, row.settlement) == ("Die Fachstelle hat die Antwort zurückgenommen.", "rejected")
    assert row_of(invited, cast.susanne).answer == Answer.PENDING

    tray_settling.reopen(row, version=row.version, by=cast.imke, at=NOON + HOUR)

    row.refresh_from_db()
    stored = row_of(invited, cast.susanne)
    assert inbound_mail.result(row) == ("provisional", "other_sender", "open")
    assert (stored.answer, stored.answered_via, stored.answered_at) == ("accepted", Via.CALENDAR, NOON)
    assert Invitation.objects.get(person=cast.susanne).last_reply_stamp == mail_programs.STAMP
    assert meeting_people.provisional(invited) == {cast.susanne.pk: row.pk}
    tray_settling.reject(row, by=cast.imke, at=NOON + HOUR)
    assert row_of(invited, cast.susanne).answer == Answer.PENDING


def test_rejection_stays_where_something_else_was_said_since(invited: Meeting, cast: World) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    tray_settling.reject(row, by=cast.imke, at=LATER)
    on_the_web(invited, cast)
    row.refresh_from_db()

    with pytest.raises(NotSettled, match="Inzwischen gilt eine neuere Antwort. Sie bleibt, wie sie ist."):
        tray_settling.reopen(row, version=row.version, by=cast.imke, at=NOON + HOUR)


@pytest.mark.parametrize("is_read", [False, True])
def test_person_who_took_an_answer_back_claims_it_after_all(invited: Meeting, cast: World, is_read: bool) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    tray_settling.reject(row, by=cast.susanne, at=LATER, via=Via.LINK)
    row.refresh_from_db()
    if is_read:
        tray_settling.read(row, version=row.version, by=cast.imke, at=LATER)

    tray_settling.claim(row, by=cast.susanne, at=NOON + HOUR)
    tray_settling.claim(row, by=cast.susanne, at=NOON + HOUR)

    row.refresh_from_db()
    assert (*inbound_mail.result(row), row.settlement) == ("applied", "other_sender", "settled", "confirmed")
    assert row_of(invited, cast.susanne).answer == Answer.ACCEPTED


def test_answer_nobody_took_back_is_claimed_by_nobody(invited: Meeting, cast: World) -> None:
    row = inbound_mail.words(cast)

    with pytest.raises(NotSettled, match="Das lässt sich nicht mehr zurücknehmen."):
        tray_settling.claim(row, by=cast.susanne, at=NOON + HOUR)
