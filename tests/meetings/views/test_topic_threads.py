"""One field of action through all bodies: what stands there, for whom, and at what cost."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.domain import papers
from buendnisse.models import Contact, Topic
from meetings.domain import search_index
from meetings.models import AgendaItem, Decision
from tests.factories.buendnisse import UnitFactory
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory, RelayFactory
from tests.meetings import held
from tests.meetings.held import LATER, Held
from tests.support import files
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> Any:
    with clock.frozen(LATER):
        yield held.circulated()


def shown(response: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Headings with (kind, number or title) of what stands under them."""
    return [
        (chapter.heading, [(entry.kind, entry.number or entry.title) for entry in chapter.entries])
        for chapter in response.context["chapters"]
    ]


def language() -> Topic:
    return Topic.objects.get_or_create(slug="sprache", defaults={"name": "Sprache"})[0]


def fill(now: Held) -> Topic:
    """A decision with its relay in Arbeit, a topic to come in Bildung, a paper that stands on its own."""
    topic = language()
    now.bus.topics.add(topic)
    decision = DecisionFactory(
        agenda_item=now.bus, number="A-2026-01", state="adopted", decided_on=dt.date(2026, 11, 19)
    )
    decision.topics.add(topic)
    RelayFactory(
        number="W-2026-01",
        source=now.world.arbeit,
        target=now.world.bildung,
        source_decision=decision,
        sent_at=LATER - dt.timedelta(days=3),
    )
    start = LATER + dt.timedelta(days=80)
    ahead = MeetingFactory(
        slug="2027-q1-bildung",
        alliance=now.world.bildung,
        state="confirmed",
        start=start,
        end=start + dt.timedelta(hours=2),
        quarter="2027-Q1",
    )
    AgendaItemFactory(meeting=ahead, title="Sprachkurse am Abend").topics.add(topic)
    papers.add(
        files.pdf("Wegweiser.pdf"), title="Wegweiser Sprache", kind="Wegweiser", bodies=[now.world.bildung],
        organisation=None, dated=dt.date(2025, 3, 1), topics=[topic], form_key=uuid.uuid4(), by=now.world.imke,
        at=LATER,
    )  # fmt: skip
    search_index.refresh(at=LATER)
    return topic


def test_what_was_decided_is_told_once_and_what_is_to_come_stands_first(now: Held) -> None:
    fill(now)

    page = signed_in(now.world.imke).get("/themenfelder/sprache/")

    assert shown(page) == [
        ("Kommt noch", [("topic", "Sprachkurse am Abend")]),
        ("2026", [("relay", "W-2026-01"), ("decision", "A-2026-01")]),
        ("2025", [("paper", "Wegweiser Sprache")]),
    ]
    assert [(tab.kind, tab.number) for tab in page.context["tabs"]] == [
        ("", 4), ("topic", 1), ("decision", 1), ("relay", 1), ("paper", 1),
    ]  # fmt: skip


def test_what_has_no_day_comes_first_and_what_is_spoken_of_today_is_still_to_come(now: Held) -> None:
    topic = fill(now)
    decision = Decision.objects.get(number="A-2026-01")
    facts = {"source": now.world.arbeit, "target": now.world.gesellschaft, "source_decision": decision}
    RelayFactory(number="W-2026-02", state="draft", sent_at=None, **facts)
    today = MeetingFactory(
        slug="2026-q4-gesellschaft",
        alliance=now.world.gesellschaft,
        state="invited",
        start=LATER,
        end=LATER + dt.timedelta(hours=2),
        quarter="2026-Q4",
    )
    AgendaItemFactory(meeting=today, title="Heute im Saal").topics.add(topic)
    papers.add(
        files.pdf("Neu.pdf"), title="Von heute", kind="Konzept", bodies=[now.world.bildung], organisation=None,
        dated=clock.local_date(LATER), topics=[topic], form_key=uuid.uuid4(), by=now.world.imke, at=LATER,
    )  # fmt: skip
    search_index.refresh(at=LATER)

    page = signed_in(now.world.imke).get("/themenfelder/sprache/")
    assert shown(page)[:2] == [
        ("Kommt noch", [("relay", "W-2026-02"), ("topic", "Sprachkurse am Abend"), ("topic", "Heute im Saal")]),
        ("2026", [("paper", "Von heute"), ("relay", "W-2026-01"), ("decision", "A-2026-01")]),
    ]


def test_papers_are_for_their_own_body_and_confidential_topics_for_their_organisations(now: Held) -> None:
    fill(now)
    page = signed_in(now.world.hedwig).get("/themenfelder/sprache/")
    assert [kind for _heading, entries in shown(page) for kind, _name in entries] == ["topic", "relay", "decision"]

    coming = AgendaItem.objects.get(title="Sprachkurse am Abend")
    coming.confidential_to.add(now.world.imke.organisation)
    page = signed_in(now.world.hedwig).get("/themenfelder/sprache/")
    assert [name for _heading, entries in shown(page) for _kind, name in entries] == ["W-2026-01", "A-2026-01"]
    lines = signed_in(now.world.hedwig).get("/themenfelder/").context["lines"]
    assert [(line.topic.slug, line.next_item) for line in lines] == [("sprache", None)]


def test_one_kind_or_one_alliance_only_and_nonsense_is_everything(now: Held) -> None:
    fill(now)
    desk = signed_in(now.world.imke)

    def names(query: str) -> list[str]:
        return [
            name for _heading, entries in shown(desk.get(f"/themenfelder/sprache/?{query}")) for _kind, name in entries
        ]

    assert names("art=paper") == ["Wegweiser Sprache"]
    assert names("buendnis=bildung") == ["Sprachkurse am Abend", "Wegweiser Sprache"]
    assert names("art=relay&buendnis=bildung") == []
    assert len(names("art=nichts&buendnis=keins&seite=x")) == 4


def test_list_says_how_much_is_open_and_when_it_goes_on(now: Held) -> None:
    fill(now)

    lines = signed_in(now.world.susanne).get("/themenfelder/").context["lines"]

    day = (LATER + dt.timedelta(days=80)).date()
    assert [(line.topic.name, line.decisions, line.open_decisions, line.open_relays, line.next_item) for line in lines] == [
        ("Sprache", 1, 1, 1, ("Bildung", day))
    ]  # fmt: skip


def test_whom_to_ask_and_who_works_in_it(now: Held) -> None:
    topic = fill(now)
    Contact.objects.create(topic=topic, person=now.world.birgit, phone="00000 1")
    UnitFactory(slug="koordination").topics.add(topic)
    UnitFactory(slug="beendet", valid_until=LATER.date() - dt.timedelta(days=1)).topics.add(topic)

    page = signed_in(now.world.hedwig).get("/themenfelder/sprache/")

    assert [contact.person for contact in page.context["contacts"]] == [now.world.birgit]
    assert [unit.slug for unit in page.context["units"]] == ["koordination"]


@pytest.mark.parametrize("address", ["/themenfelder/", "/themenfelder/sprache/"])
@pytest.mark.parametrize("person", ["imke", "hedwig"])
def test_cost_does_not_grow(now: Held, address: str, person: str, django_assert_max_num_queries: Any) -> None:
    fill(now)
    reader = signed_in(getattr(now.world, person))
    reader.get(address)
    for number in (2, 3):
        decision = DecisionFactory(agenda_item=now.bus, number=f"A-2026-0{number}", state="adopted")
        decision.topics.add(language())
        RelayFactory(source=now.world.arbeit, target=now.world.bildung, source_decision=decision)
        Topic.objects.create(slug=f"feld-{number}", name=f"Feld {number}")
    search_index.refresh(at=LATER + dt.timedelta(days=1))

    with django_assert_max_num_queries(10):
        reader.get(address)
