"""What members say about other alliances, and the three ways it is dealt with."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from buendnisse.models import Change
from meetings.domain import agenda, remarks
from meetings.domain.agenda_rules import AgendaRefused
from meetings.domain.moves import MoveRefused
from meetings.enums import AgendaItemState, Happened, RemarkState
from meetings.models import AgendaItem, Remark
from tests import world
from tests.meetings.march import march_of_arbeit
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


def say(cast: World, text: str = " Bei uns auch. ", key: uuid.UUID | None = None) -> Remark:
    return remarks.make(cast.arbeit, text=text, by=cast.hedwig, at=AT, form_key=key or uuid.uuid4())


def test_answer_settle_and_open_again(cast: World) -> None:
    remark = say(cast)
    remarks.answer(remark, reply=" Danke, das hilft. ", by=cast.imke, at=AT)
    assert (remark.state, remark.reply, remark.done_by) == (RemarkState.ANSWERED, "Danke, das hilft.", cast.imke)
    with pytest.raises(MoveRefused):
        remarks.settle(remark, by=cast.imke, at=AT)

    remarks.reopen(remark, by=cast.imke, at=AT)
    assert (remark.state, remark.reply, remark.done_by) == (RemarkState.OPEN, "Danke, das hilft.", None)
    remarks.settle(remark, by=cast.imke, at=AT)
    assert [change.verb for change in Change.objects.of(remark).order_by("pk")] == [
        Happened.REMARK_MADE,
        Happened.REMARK_ANSWERED,
        Happened.REMARK_REOPENED,
        Happened.REMARK_SETTLED,
    ]


def test_becomes_a_topic_of_the_alliance_it_is_about(cast: World) -> None:
    march, remark = march_of_arbeit(cast), say(cast)
    with pytest.raises(AgendaRefused):
        remarks.take_up(remark, title=" ", description="", by=cast.imke, at=AT)
    assert Remark.objects.get().state == RemarkState.OPEN

    item = remarks.take_up(remark, title="Begleitung im Betrieb", description=" Was hilft. ", by=cast.imke, at=AT)

    assert (item.meeting, item.proposer, item.description) == (march, cast.hedwig, "Was hilft.")
    assert (item.state, remark.state, remark.item) == (AgendaItemState.PROPOSED, RemarkState.TAKEN_UP, item)
    with pytest.raises(MoveRefused):
        remarks.take_up(remark, title="Noch einmal", description="", by=cast.imke, at=AT)
    assert AgendaItem.objects.count() == 1


def test_whoever_wrote_it_takes_it_back(cast: World) -> None:
    remark = say(cast)
    remarks.withdraw(remark, by=cast.hedwig, at=AT)
    with pytest.raises(MoveRefused):
        remarks.answer(remark, reply="Zu spät.", by=cast.imke, at=AT)
    remarks.resubmit(remark, by=cast.hedwig, at=AT)
    remarks.settle(remark, by=cast.imke, at=AT)
    with pytest.raises(MoveRefused, match="nicht zurückgenommen"):
        remarks.resubmit(remark, by=cast.hedwig, at=AT)
    assert remark.state == RemarkState.SETTLED


def test_needs_words_is_one_a_form_and_five_at_most(cast: World) -> None:
    with pytest.raises(remarks.NothingSaid):
        say(cast, " ")
    key = uuid.uuid4()
    assert say(cast, key=key) == say(cast, key=key)
    for _one in range(remarks.MOST_OPEN - 1):
        say(cast)
    with pytest.raises(remarks.TooManyOpen):
        say(cast)
    assert Remark.objects.count() == remarks.MOST_OPEN


def test_only_the_fachstelle_and_whoever_wrote_it_see_it(cast: World) -> None:
    remark = say(cast)
    readers = (cast.imke, cast.hedwig, cast.birgit, cast.theda, cast.lueder)
    seen = [person for person in readers if remark in Remark.objects.visible_to(person, at=AT)]

    assert seen == [cast.imke, cast.hedwig]


def test_what_is_done_is_forgotten_after_a_year_and_what_is_open_never(cast: World) -> None:
    settled, withdrawn, waiting, fresh = (say(cast) for _one in range(4))
    remarks.settle(settled, by=cast.imke, at=AT)
    remarks.withdraw(withdrawn, by=cast.hedwig, at=AT)
    later = AT + remarks.KEPT + dt.timedelta(days=1)
    remarks.settle(fresh, by=cast.imke, at=later)

    assert (remarks.forget_done(at=AT + remarks.KEPT, limit=9), remarks.forget_done(at=later, limit=1)) == (0, 1)
    assert (remarks.forget_done(at=later, limit=9), remarks.forget_done(at=later, limit=9)) == (1, 0)
    assert list(Remark.objects.order_by("pk")) == [waiting, fresh]


def test_topic_is_taken_back_while_it_is_only_proposed(cast: World) -> None:
    march_of_arbeit(cast)
    remark = say(cast)
    item = remarks.take_up(remark, title="Begleitung", description="", by=cast.imke, at=AT)

    remarks.reopen(remark, by=cast.imke, at=AT)

    item.refresh_from_db()
    assert (item.state, remark.state, remark.item) == (AgendaItemState.WITHDRAWN, RemarkState.OPEN, None)
    again = remarks.take_up(remark, title="Begleitung", description="Besser.", by=cast.imke, at=AT)
    assert (again == item, again.state) == (False, AgendaItemState.PROPOSED)
    agenda.accept(again, by=cast.imke, at=AT)
    stored = Remark.objects.get()
    with pytest.raises(AgendaRefused):
        remarks.reopen(stored, by=cast.imke, at=AT)
    assert Remark.objects.get().state == RemarkState.TAKEN_UP


def test_five_at_most_also_of_those_taken_back_and_sent_after_all(cast: World) -> None:
    first = say(cast)
    remarks.withdraw(first, by=cast.hedwig, at=AT)
    for _one in range(remarks.MOST_OPEN):
        say(cast)

    with pytest.raises(remarks.TooManyOpen):
        remarks.reopen(first, by=cast.hedwig, at=AT)
    assert Remark.objects.filter(state=RemarkState.OPEN).count() == remarks.MOST_OPEN
