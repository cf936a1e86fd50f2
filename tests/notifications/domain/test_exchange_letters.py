"""What whoever sent a notice or a remark hears of it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from buendnisse.models import Person
from meetings.domain import notices, remarks
from meetings.models import Notice
from notifications.domain import dispatch, render
from notifications.domain.letter import NothingToSay
from notifications.models import OutboxMessage
from tests import world
from tests.notifications.snapshots import check
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def cast() -> World:
    return world.build()


def hand_in(cast: World, by: Person) -> Notice:
    return notices.submit(
        text="Neuer Alphabetisierungskurs in Hümmlingrand, es gibt noch sechs freie Plätze, bitte weitersagen.",
        bodies=[cast.gesellschaft, cast.arbeit],
        valid_until=dt.date(2027, 1, 11),
        by=by,
        at=AT,
    )


def letter(at: dt.datetime = AT + MINUTE) -> str:
    """The one mail that waits, as it reads now."""
    dispatch.fan_out(at=at)
    message = OutboxMessage.objects.select_related("person__organisation").latest("pk")
    rendered = render.render(message, at=at)
    assert rendered.html
    return f"{rendered.subject}\n\n{rendered.text}"


def test_released_with_other_words(cast: World) -> None:
    notice = hand_in(cast, cast.hedwig)
    notices.edit(
        notice,
        version=1,
        text="Neuer Alphabetisierungskurs in Hümmlingrand, noch sechs freie Plätze.",
        bodies=[cast.gesellschaft, cast.arbeit],
        valid_until=notice.valid_until,
        by=cast.imke,
        at=AT,
    )
    notices.release(notice, by=cast.imke, reply="Vielen Dank. Wir haben es nur etwas gekürzt.", at=AT)

    check("notice_released", letter())


def test_not_published_with_a_friendly_word(cast: World) -> None:
    reply = "Der Kurs steht schon im Kurskalender. Deshalb melden wir ihn nicht noch einmal."
    notices.decline(hand_in(cast, cast.hedwig), by=cast.imke, reply=reply, at=AT)

    check("notice_declined", letter())


def test_ended_early(cast: World) -> None:
    notice = hand_in(cast, cast.hedwig)
    notices.release(notice, by=cast.imke, at=AT)
    notices.end(notice, by=cast.imke, at=AT)

    assert letter().splitlines()[0] == "Gesellschaft und Arbeit: Ihre Kurzmeldung ist beendet"


def test_undone_within_the_minute_says_nothing(cast: World) -> None:
    notice = hand_in(cast, cast.hedwig)
    notices.release(notice, by=cast.imke, at=AT)
    dispatch.fan_out(at=AT)
    notices.reopen(notice, by=cast.imke, at=AT)

    with pytest.raises(NothingToSay):
        letter()


def test_own_notice_of_the_fachstelle_needs_no_letter(cast: World) -> None:
    notices.release(hand_in(cast, cast.imke), by=cast.imke, at=AT)
    dispatch.fan_out(at=AT)

    assert OutboxMessage.objects.count() == 0


def test_answer_to_a_remark(cast: World) -> None:
    said = {"text": "Bei uns fragen auch Betriebe nach Begleitung.", "form_key": uuid.uuid4()}
    remark = remarks.make(cast.bildung, by=cast.hedwig, at=AT, **said)  # type: ignore[arg-type]
    remarks.answer(remark, reply="Danke. Wir nehmen die Betriebe in das Formular auf.", by=cast.imke, at=AT)
    check("remark_answer", letter())

    remarks.reopen(remark, by=cast.imke, at=AT)
    with pytest.raises(NothingToSay):
        letter()
