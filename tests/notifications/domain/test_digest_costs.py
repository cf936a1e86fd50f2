"""What the letter with news costs: the news are gathered once, and many readers ask no more than one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from buendnisse.clock import automatic_mail_time
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.enums import Happened
from meetings.models import AgendaItem
from notifications.domain import digest_news, digest_pick, digest_readers
from tests.factories.buendnisse import MembershipFactory, PersonFactory
from tests.factories.meetings import AgendaItemFactory
from tests.support.relay_scene import Scene, set_scene
from tests.world import AT

pytestmark = pytest.mark.django_db

MONDAY = automatic_mail_time(dt.date(2026, 11, 30))
IN_BETWEEN = AT + dt.timedelta(days=2)


@pytest.fixture
def scene() -> Scene:
    return set_scene()


def new_topic(scene: Scene, title: str = "Schichtfahrgemeinschaften") -> AgendaItem:
    item: AgendaItem = AgendaItemFactory(meeting=scene.arbeit_march, title=title, state="accepted")
    with transaction.atomic():
        journal.record(Happened.ITEM_ACCEPTED, item, at=IN_BETWEEN, by=None, via=Via.WEB, body=scene.cast.arbeit)
    return item


@pytest.mark.parametrize("more", [1, 3])
def test_news_is_gathered_with_the_same_queries_for_any_number(scene: Scene, more: int) -> None:
    for number in range(more):
        new_topic(scene, f"Thema {number}")

    with CaptureQueriesContext(connection) as asked:
        digest_news.gather(since=AT, until=MONDAY, at=MONDAY)

    assert len(asked) == 11


def test_what_is_written_once_for_many_is_read_by_those_alone_who_may(scene: Scene) -> None:
    """Susanne's organisation is chosen, Birgit's is not; whoever is picked for first, each reads her own."""
    new_topic(scene, "Räume am Abend").confidential_to.add(scene.cast.susanne.organisation)
    new_topic(scene, "Sprachkurse")
    people = [scene.cast.susanne, scene.cast.birgit]
    for order in (people, people[::-1]):
        news = digest_news.gather(since=AT, until=MONDAY, at=MONDAY)
        readers = digest_readers.load(people, news)
        picked = {one: digest_pick.pick(readers[one.pk], news, since=AT) for one in order}
        lines = {
            one.handle: " ".join(line for block in found.own for line in block.lines) for one, found in picked.items()
        }
        assert ("Räume am Abend" in lines["susanne"], "Räume am Abend" in lines["birgit"]) == (True, False)
        assert all("Sprachkurse" in found for found in lines.values())


@pytest.mark.parametrize("more", [1, 100])
def test_hundred_people_cost_what_one_does(scene: Scene, more: int) -> None:
    for number in range(more - 1):
        MembershipFactory(body=scene.cast.arbeit, person=PersonFactory(handle=f"mehr-{number}"))
    new_topic(scene).confidential_to.add(scene.cast.birgit.organisation)
    new_topic(scene)
    news = digest_news.gather(since=AT, until=MONDAY, at=MONDAY)
    people = list(Person.objects.filter(memberships__body=scene.cast.arbeit))

    with CaptureQueriesContext(connection) as asked:
        readers = digest_readers.load(people, news)
        picked = [digest_pick.pick(reader, news, since=AT) for reader in readers.values()]

    assert (len(asked), len(picked)) == (9, more + 3)


def test_what_was_gathered_for_a_longer_time_serves_those_who_were_told_lately(scene: Scene) -> None:
    digest_news.forget()
    new_topic(scene)
    long_ago = digest_news.kept(since=AT, until=MONDAY, at=MONDAY)

    assert digest_news.kept(since=IN_BETWEEN + dt.timedelta(days=1), until=MONDAY, at=MONDAY) is long_ago
    assert digest_news.kept(since=AT - dt.timedelta(days=7), until=MONDAY, at=MONDAY) is not long_ago


def test_what_happened_meanwhile_is_gathered_anew(scene: Scene) -> None:
    digest_news.forget()
    before = digest_news.kept(since=AT, until=MONDAY, at=MONDAY)
    new_topic(scene)

    after = digest_news.kept(since=IN_BETWEEN, until=MONDAY, at=MONDAY)
    assert (len(before.changes), len(after.changes)) == (0, 1)
