"""What a proposal must be, where its hour puts it, and what goes along with it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.storage import default_storage

from buendnisse.clock import at_local
from buendnisse.domain.paper_files import FileKindRefused
from buendnisse.enums import Via
from buendnisse.models import Change, Paper, Topic
from meetings.domain import agenda, agenda_own, agenda_proposals, calls, paper_shelf
from meetings.domain.agenda_rules import MeetingCancelled, TextRefused, TitleMissing, TitleRefused, title_of
from meetings.domain.item_papers import SentAlready
from meetings.enums import AgendaItemState, MeetingState
from meetings.models import AgendaItem, Meeting
from tests import world
from tests.factories.meetings import MeetingFactory
from tests.support import files
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    return MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CALL_OPEN,
    )


def propose(cast: World, meeting: Meeting | None, **given: Any) -> AgendaItem:
    fields: dict[str, Any] = {"title": "Elternlotsen", "proposer": cast.susanne, "at": AT, "form_key": uuid.uuid4()}
    return agenda_proposals.propose(alliance=cast.arbeit, meeting=meeting, via=Via.LINK, **(fields | given))


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("", "Bitte nennen Sie Ihr Thema in einem Satz."),
        (" \u200b\n ", "Bitte nennen Sie Ihr Thema in einem Satz."),
        ("x" * 10_000, "Das ist zu lang für die Tagesordnung. Bitte kürzen Sie auf 250 Zeichen."),
        ("<b>Bus</b>", "Bitte schreiben Sie nur Text, ohne HTML wie „<b>“."),
        ("Bus<script>alert(1)</script>", "Bitte schreiben Sie nur Text, ohne HTML wie „<b>“."),
        ("Bus &amp; Bahn", "Bitte schreiben Sie nur Text, ohne HTML wie „<b>“."),
        ("Bus\x00", "Im Titel stehen Zeichen, die man nicht lesen kann. Bitte tippen Sie ihn noch einmal."),
        ("Bus\x07", "Im Titel stehen Zeichen, die man nicht lesen kann. Bitte tippen Sie ihn noch einmal."),
    ],
)
def test_a_title_that_cannot_stand_on_an_agenda_is_refused(
    cast: World, meeting: Meeting, title: str, said: str
) -> None:
    with pytest.raises(TitleRefused) as refused:
        propose(cast, meeting, title=title)

    assert (str(refused.value), AgendaItem.objects.count(), Change.objects.count()) == (said, 0, 0)


@pytest.mark.parametrize("title", ["Gruppen < 10 Personen", "Bus & Bahn", "Ein Herz <3 für Ehrenamt", "Bus\nund Bahn"])
def test_an_ordinary_title_is_one_line(title: str) -> None:
    assert title_of(f"  {title} ") == " ".join(title.split())


def test_an_empty_title_is_its_own_refusal() -> None:
    with pytest.raises(TitleMissing):
        title_of(" ")


def test_a_text_nobody_can_read_is_refused(cast: World, meeting: Meeting) -> None:
    with pytest.raises(TextRefused):
        propose(cast, meeting, description="Bus\x08")


def test_a_cancelled_meeting_takes_no_proposal(cast: World, meeting: Meeting) -> None:
    Meeting.objects.update(state=MeetingState.CANCELLED)
    meeting.refresh_from_db()

    with pytest.raises(MeetingCancelled, match=r"^Die Sitzung am 11\.\sMärz\s2027 ist abgesagt\."):
        propose(cast, meeting)

    assert AgendaItem.objects.count() == 0


@pytest.mark.parametrize(
    ("hour", "state", "is_late"),
    [
        ("2027-02-18T22:59:59+00:00", AgendaItemState.PROPOSED, False),
        ("2027-02-18T23:00:00+00:00", AgendaItemState.PROPOSED, True),
        ("2027-03-08T22:59:59+00:00", AgendaItemState.PROPOSED, True),
        ("2027-03-08T23:00:00+00:00", AgendaItemState.BACKLOG, False),
    ],
)
def test_midnight_in_berlin_decides(cast: World, meeting: Meeting, hour: str, state: str, is_late: bool) -> None:
    """Topics by 18 February, papers until 8 March 2027."""
    item = propose(cast, meeting, at=dt.datetime.fromisoformat(hour))

    assert (item.state, item.is_late) == (state, is_late)


def test_midnight_is_an_hour_earlier_in_summer_time(cast: World) -> None:
    """Papers until Sunday 28 March 2027, the day of 23 hours: it ends at 22:00 UTC."""
    april = MeetingFactory(
        alliance=cast.arbeit,
        start=at_local(dt.date(2027, 4, 1), dt.time(10, 0)),
        end=at_local(dt.date(2027, 4, 1), dt.time(12, 0)),
        state=MeetingState.INVITED,
        deadline_overrides={"late_papers": "2027-03-28"},
    )
    end = dt.datetime(2027, 3, 28, 22, 0, tzinfo=dt.UTC)

    before, after = propose(cast, april, at=end - dt.timedelta(seconds=1)), propose(cast, april, at=end)

    assert [(one.state, one.is_late) for one in (before, after)] == [
        (AgendaItemState.PROPOSED, True),
        (AgendaItemState.BACKLOG, False),
    ]


def test_a_file_and_topics_go_along(cast: World, meeting: Meeting) -> None:
    field = Topic.objects.create(slug="bildung-x", name="Bildung X")

    item = propose(cast, meeting, file=files.pdf("Leitfaden Lotsen.pdf"), topics=[field])

    assert [(paper.title, paper.newest.file_name) for paper in item.papers.all() if paper.newest] == [
        ("Leitfaden Lotsen", "Leitfaden Lotsen.pdf")
    ]
    assert list(item.topics.all()) == [field]


def test_a_proposals_file_is_for_the_fachstelle_until_it_is_taken_up(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting, file=files.pdf())

    assert list(paper_shelf.readable(cast.birgit, at=AT)) == []
    assert list(paper_shelf.readable(cast.imke, at=AT)) == list(Paper.objects.all())
    agenda.accept(item, by=cast.imke, at=AT)
    assert list(paper_shelf.readable(cast.birgit, at=AT)) == list(item.papers.all())


def test_a_refused_file_leaves_nothing_behind(cast: World, meeting: Meeting) -> None:
    with pytest.raises(FileKindRefused):
        propose(cast, meeting, file=files.named("Leitfaden.pdf", b"MZ\x90"))

    assert (AgendaItem.objects.count(), Paper.objects.count(), Change.objects.count()) == (0, 0, 0)


def test_a_file_follows_later_and_once(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda_own.edit_own(item, version=1, by=cast.susanne, at=AT, file=files.pdf())
    kept = set(default_storage.listdir(".")[1])

    with pytest.raises(SentAlready, match=r"^Eine Datei mit diesem Namen liegt schon bei Ihrem Thema\."):
        agenda_own.edit_own(item, version=2, by=cast.susanne, at=AT, title="Neu", file=files.pdf())

    item.refresh_from_db()
    assert (item.title, item.version, item.papers.count()) == ("Elternlotsen", 2, 1)
    assert set(default_storage.listdir(".")[1]) == kept


def test_a_proposer_may_not_write_markup_later_either(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)

    with pytest.raises(TitleRefused):
        agenda_own.edit_own(item, version=1, by=cast.susanne, at=AT, title="<i>Neu</i>")


def test_no_item_can_be_taken_back_and_said_again(cast: World, meeting: Meeting) -> None:
    steps = [calls.say_no_item, calls.take_no_item_back, calls.take_no_item_back, calls.say_no_item]
    found = []
    for step in steps:
        step([meeting], by=cast.birgit, at=AT)
        found.append(cast.birgit in calls.unanswered(meeting, at=AT))

    assert found == [False, True, True, False]
    assert Change.objects.count() == 3


def test_who_proposed_has_answered_wherever_the_topic_went(cast: World, meeting: Meeting) -> None:
    item = propose(cast, meeting)
    agenda.defer(item, to=None, reason="Später.", by=cast.imke, at=AT)

    assert cast.susanne not in calls.unanswered(meeting, at=AT)
