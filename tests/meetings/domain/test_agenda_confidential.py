"""Who may read a topic: chosen, widened, taken back, and what goes on from it."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest

from buendnisse.models import Change, Paper
from meetings.domain import agenda_confidential, item_papers, relay, relay_rules
from meetings.domain.agenda_rules import Stale
from meetings.enums import Happened, MeetingState, RelayKind
from meetings.models import AgendaItem
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support import files
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def item(cast: World) -> AgendaItem:
    meeting = MeetingFactory(alliance=cast.arbeit, state=MeetingState.INVITED, agenda_sent_at=AT)
    one: AgendaItem = AgendaItemFactory(meeting=meeting, position=1)
    return one


def limit(item: AgendaItem, cast: World, *people: str, version: int | None = None) -> None:
    wanted = [getattr(cast, name).organisation for name in people]
    agenda_confidential.limit(item, to=wanted, version=version or item.version, by=cast.imke, at=AT)


def circle(item: AgendaItem) -> set[str]:
    return {one.short_name for one in item.confidential_to.all()}


def test_circle_is_chosen_widened_and_taken_back(cast: World, item: AgendaItem) -> None:
    found = []
    for people in (("birgit",), ("birgit", "susanne"), ()):
        limit(item, cast, *people)
        found.append(circle(item))

    assert found == [{"Jobcenter"}, {"Jobcenter", "BBS"}, set()]
    changes = Change.objects.of(item).filter(verb=Happened.ITEM_LIMITED).order_by("pk")
    assert [len(change.data["to"]) for change in changes] == [1, 2, 0]


def test_same_circle_again_is_no_change(cast: World, item: AgendaItem) -> None:
    limit(item, cast, "birgit")
    limit(item, cast, "birgit")

    assert Change.objects.of(item).count() == 1


def test_stale_write_is_refused(cast: World, item: AgendaItem) -> None:
    limit(item, cast, "birgit")

    with pytest.raises(Stale) as refused:
        limit(item, cast, "susanne", version=1)

    assert (circle(item), refused.value.current.version) == ({"Jobcenter"}, 2)


def test_standing_item_is_for_everybody(cast: World) -> None:
    opening = AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit), standing_code="opening")

    with pytest.raises(agenda_confidential.StandsForAll, match="fester Punkt"):
        limit(opening, cast, "birgit")


def test_what_goes_on_follows_as_long_as_it_had_the_same_readers(cast: World, item: AgendaItem) -> None:
    later = AgendaItemFactory(meeting=item.meeting, continued_from=item, position=2)
    own = AgendaItemFactory(meeting=item.meeting, continued_from=later, position=3)
    limit(own, cast, "susanne")

    limit(item, cast, "birgit")

    assert [circle(one) for one in (item, later, own)] == [{"Jobcenter"}, {"Jobcenter"}, {"BBS"}]


def test_papers_follow_and_standing_ones_do_not(cast: World, item: AgendaItem, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    paper = item_papers.hand_in(
        item, files.pdf(), title="Vorlage", organisation=None, dated=AT.date(), form_key=uuid.uuid4(), by=cast.imke, at=AT
    )  # fmt: skip
    concept = Paper.objects.create(
        slug="konzept", title="Konzept", kind="Konzept", dated=dt.date(2026, 1, 1), is_standing=True
    )
    item_papers.attach_known(item, concept, by=cast.imke, at=AT)

    limit(item, cast, "birgit")
    kept = [{one.short_name for one in one_paper.confidential_to.all()} for one_paper in (paper, concept)]
    limit(item, cast)

    assert (kept, paper.confidential_to.count()) == ([{"Jobcenter"}, set()], 0)


def test_what_was_sent_is_said_before(cast: World, item: AgendaItem) -> None:
    sent = agenda_confidential.standing(item, at=AT)
    waiting = agenda_confidential.standing(
        AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit, quarter="2027-Q1")), at=AT
    )

    assert sent.told == ("Die Tagesordnung ist schon verschickt. Wer sie bekommen hat, hat den Punkt gesehen.",)
    assert waiting.told == ()
    assert [one.short_name for one in sent.members] == ["BBS", "Jobcenter"]


def test_only_what_has_left_counts_as_handed_on(cast: World) -> None:
    item = AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit))

    def told(*, as_draft: bool) -> tuple[str, ...]:
        one = relay.hand_over(
            item, to=cast.bildung, kind=RelayKind.OPINION_REQUESTED, subject="Kurse", message="Was meinen Sie?",
            due_on=None, form_key=uuid.uuid4(), as_draft=as_draft, by=cast.imke, at=AT,
        )  # fmt: skip
        relay.withdraw(one, reason="Doch nicht.", by=cast.imke, at=AT)
        return agenda_confidential.standing(item, at=AT).told

    assert told(as_draft=True) == ()
    assert told(as_draft=False) == (
        "Der Punkt ist schon weitergegeben (W-2026-02). Wer die Bitte bekommen hat, hat ihren Wortlaut gelesen.",
    )


def test_confidential_topic_is_not_handed_on(cast: World, item: AgendaItem) -> None:
    limit(item, cast, "birgit")

    with pytest.raises(relay_rules.Confidential, match="Nehmen Sie zuerst die Vertraulichkeit zurück"):
        relay.hand_over(
            item, to=cast.bildung, kind=RelayKind.OPINION_REQUESTED, subject="Kurse", message="Was meinen Sie?",
            due_on=None, form_key=uuid.uuid4(), by=cast.imke, at=AT,
        )  # fmt: skip
