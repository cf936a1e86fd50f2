"""Papers that come after the invitation: one mail a person, on the next morning."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.clock import at_local
from buendnisse.models import Paper, Person
from meetings.domain import agenda_confidential, agenda_sending, answers, item_papers
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Meeting
from notifications.domain import late_waiting, ring
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support import files, snapshots
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)
MORNING = at_local(dt.date(2026, 11, 24), dt.time(7, 0))


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.DEMO = tmp_path, True  # without a mail server a demo keeps its mail


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def item(cast: World) -> AgendaItem:
    """On the agenda of 3 December that left an hour ago."""
    meeting = MeetingFactory(
        alliance=cast.arbeit, venue=cast.venue, state=MeetingState.INVITED, agenda_sent_at=AT - HOUR
    )
    answers.call_roll(meeting)
    one: AgendaItem = AgendaItemFactory(meeting=meeting, title="Rufbus am Abend", position=1)
    return one


def hand_in(item: AgendaItem, by: Person, title: str = "Kosten", at: dt.datetime = AT, size: int = 0) -> Paper:
    return item_papers.hand_in(
        item, files.pdf(f"{title}.pdf", files.PDF + b" " * size), title=title, organisation=None, dated=at.date(),
        form_key=uuid.uuid5(uuid.NAMESPACE_URL, title), by=by, at=at,
    )  # fmt: skip


def mails(state: OutboxState = OutboxState.WAITING) -> dict[str, OutboxMessage]:
    rows = OutboxMessage.objects.filter(kind=MailKind.LATE_PAPERS, state=state)
    return {row.person.handle: row for row in rows.select_related("person__organisation").order_by("pk")}


def text(message: OutboxMessage, at: dt.datetime = MORNING) -> str:
    with clock.frozen(at):
        return snapshots.mail(message, at=at)


def test_two_papers_of_a_day_are_one_mail_on_the_next_morning(cast: World, item: AgendaItem) -> None:
    hand_in(item, cast.imke)
    ring.ring(at=AT, send=False)
    hand_in(item, cast.imke, "Fahrplan", AT + HOUR)
    ring.ring(at=AT + HOUR, send=False)
    waiting = mails()

    assert set(waiting) == {"birgit", "susanne", "rolf", "corinna"}
    assert {one.not_before for one in waiting.values()} == {MORNING}
    found = text(waiting["susanne"])
    assert found == snapshots.stored("late_papers", found)


def test_who_was_told_is_not_told_again(cast: World, item: AgendaItem) -> None:
    hand_in(item, cast.imke)
    ring.ring(at=MORNING)
    first = mails(OutboxState.SENT)
    hand_in(item, cast.imke, "Fahrplan", MORNING + HOUR)
    ring.ring(at=MORNING + HOUR, send=False)
    second = text(mails()["susanne"], MORNING + 2 * HOUR)

    assert set(first) == {"birgit", "susanne", "rolf", "corinna"}
    assert ("Fahrplan" in second, "Kosten" in second) == (True, False)


def test_changed_agenda_takes_the_place_of_what_waits(cast: World, item: AgendaItem) -> None:
    hand_in(item, cast.imke)
    ring.ring(at=AT, send=False)
    assert item.meeting is not None
    agenda_sending.send_agenda(item.meeting, by=cast.imke, at=AT + HOUR, without_release="Verabredet.")
    ring.ring(at=MORNING)

    assert mails(OutboxState.SENT) == {}
    assert set(mails(OutboxState.SUPERSEDED)) == {"birgit", "susanne", "rolf", "corinna"}


def test_paper_taken_off_in_time_is_told_to_nobody(cast: World, item: AgendaItem) -> None:
    paper = hand_in(item, cast.imke)
    ring.ring(at=AT, send=False)
    item_papers.take_off(item, paper, by=cast.imke, at=AT + HOUR)
    ring.ring(at=MORNING)

    assert mails(OutboxState.SENT) == {}


def test_only_those_who_may_see_it_are_told(cast: World, item: AgendaItem) -> None:
    agenda_confidential.limit(item, to=[cast.susanne.organisation], version=1, by=cast.imke, at=AT - HOUR)
    hand_in(item, cast.imke)
    ring.ring(at=AT, send=False)

    assert set(mails()) == {"susanne", "rolf"}


def test_it_can_leave_at_once(cast: World, item: AgendaItem) -> None:
    hand_in(item, cast.imke)
    assert item.meeting is not None
    number = late_waiting.hurry(item.meeting, by=cast.imke, at=AT + HOUR)
    ring.ring(at=AT + HOUR)

    assert (number, len(mails(OutboxState.SENT))) == (4, 4)
    with pytest.raises(late_waiting.NothingWaits, match="Es wartet keine Mail"):
        late_waiting.hurry(item.meeting, by=cast.imke, at=AT + 2 * HOUR)


def test_on_the_day_before_it_goes_after_a_minute(cast: World, item: AgendaItem) -> None:
    eve = dt.datetime(2026, 12, 2, 10, tzinfo=dt.UTC)
    hand_in(item, cast.imke, at=eve)
    ring.ring(at=eve, send=False)

    assert {one.not_before for one in mails().values()} == {eve + dt.timedelta(minutes=1)}


def test_new_version_is_told_and_marked(cast: World, item: AgendaItem) -> None:
    paper = hand_in(item, cast.imke, at=AT - 2 * HOUR)
    Meeting.objects.filter(pk=item.meeting_id).update(agenda_sent_at=AT - HOUR)
    item_papers.add_version(
        paper, files.pdf("Kosten.pdf", files.PDF + b"2"), number=2, dated=AT.date(), note="Zahlen", by=cast.imke, at=AT
    )
    ring.ring(at=AT, send=False)

    assert "Kosten (Fassung 2 vom 23.11.2026)" in text(mails()["susanne"])


def test_large_files_stay_behind_their_links(cast: World, item: AgendaItem) -> None:
    hand_in(item, cast.imke, size=2 * 1024 * 1024)
    ring.ring(at=AT, send=False)
    found = text(mails()["susanne"])

    assert ("hängt auch an dieser E-Mail" in found, "/unterlage/kosten-" in found) == (False, True)


def test_paper_in_time_is_not_told(cast: World, item: AgendaItem) -> None:
    Meeting.objects.filter(pk=item.meeting_id).update(agenda_sent_at=None, state=MeetingState.CALL_OPEN)
    hand_in(AgendaItem.objects.get(pk=item.pk), cast.imke)
    ring.ring(at=AT, send=False)

    assert mails() == {}
