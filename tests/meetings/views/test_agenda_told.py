"""Standing items on the page of a meeting (what was kept) and on a page of their own (what is true today)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.domain import agenda_sending, standing
from meetings.enums import Approval, DecisionState, MinutesState
from meetings.models import Minutes, UnitReport
from notifications.domain import urls_for
from tests.factories.buendnisse import OrganisationFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, DecisionFactory, StandingItemFactory
from tests.support import relay_scene
from tests.support.relay_scene import Scene
from tests.world import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

LINE = "Was bei den festen Punkten steht, Stand heute"


@pytest.fixture
def scene() -> Scene:
    found = relay_scene.set_scene()
    StandingItemFactory(alliance=found.cast.bildung, code="units", title="Berichte", position=1)
    standing.ensure_standing_items(found.bildung_february)
    Minutes.objects.create(meeting=found.bildung_november, state=MinutesState.CONTESTED)
    relay_scene.hand_over(found)
    Person.objects.update(may_sign_in=True)
    return found


def fill(scene: Scene, count: int) -> None:
    """Each adds a line of every kind."""
    item = scene.bildung_february.agenda_items.get(standing_code="units")
    for number in range(count):
        UnitReport.objects.create(agenda_item=item, unit=OrganisationFactory(), text="Alles gut.")
        one = DecisionFactory(number=f"B-2026-4{number}", agenda_item=scene.topic, state=DecisionState.ADOPTED)
        ActionItemFactory(agenda_item=scene.topic, decision=one, owner=scene.cast.susanne)


def send(scene: Scene) -> None:
    AgendaItemFactory(meeting=scene.bildung_february, state="accepted", position=9)
    agenda_sending.send_agenda(scene.bildung_february, by=scene.cast.imke, at=AT)


def approve() -> None:
    Minutes.objects.update(state=MinutesState.APPROVED, approved_on=dt.date(2027, 1, 7), approval=Approval.SILENT)


def get(person: Person, scene: Scene, more: str = "") -> str:
    client = Client()
    client.force_login(person, backend="notifications.adapters.SignInBackend")
    return client.get(f"/sitzungen/{scene.bildung_february.slug}/{more}").content.decode()


def own_page(person: Person, scene: Scene) -> str:
    subject = scene.bildung_february
    return urlsplit(urls_for.personal(person, purpose=LinkPurpose.MEETING, subject=subject, at=AT)).path


def test_before_the_agenda_leaves_the_page_only_leads_to_what_is_told(scene: Scene) -> None:
    page, told = get(scene.cast.imke, scene), get(scene.cast.imke, scene, "tagesordnung/feste-punkte/")

    assert (LINE in page, "Ein Einwand wird geprüft." in page) == (True, False)
    assert "Protokoll vom 11.11.2026: Noch nicht genehmigt. Ein Einwand wird geprüft." in told
    assert "Kinderbetreuung während der Kurse (W-2026-01)" in told


def test_once_it_left_the_page_shows_what_was_kept_and_the_other_what_came_later(scene: Scene) -> None:
    send(scene)
    approve()

    page, told = get(scene.cast.susanne, scene), get(scene.cast.susanne, scene, "tagesordnung/feste-punkte/")

    assert ("Ein Einwand wird geprüft." in page, "Genehmigt am" in page) == (True, False)
    assert told.index("Ein Einwand wird geprüft.") < told.index("Seit der Einladung dazugekommen")
    assert told.index("Seit der Einladung dazugekommen") < told.index("Genehmigt am 7.")


def test_confidential_decision_is_kept_from_the_others_on_both_pages(scene: Scene) -> None:
    send(scene)
    scene.topic.confidential_to.add(OrganisationFactory())

    for more in ("", "tagesordnung/feste-punkte/"):
        shown = [get(one, scene, more) for one in (scene.cast.imke, scene.cast.susanne)]
        assert ["B-2026-02" in page for page in shown] == [True, False]


def test_personal_link_leads_to_the_same_and_to_the_minutes(scene: Scene) -> None:
    send(scene)
    address = own_page(scene.cast.susanne, scene)

    page = Client().get(address).content.decode()
    told = Client().get(f"{address}feste-punkte/").content.decode()

    assert f'href="feste-punkte/">{LINE}' in page
    assert "Ein Einwand wird geprüft." in told


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("is_sent", [False, True])
def test_page_of_a_rich_meeting_needs_no_more_than_a_dozen_queries(scene: Scene, count: int, is_sent: bool) -> None:
    fill(scene, count)
    if is_sent:
        send(scene)
    numbers = []
    for person in (scene.cast.imke, scene.cast.susanne):
        client = Client()
        client.force_login(person, backend="notifications.adapters.SignInBackend")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/sitzungen/{scene.bildung_february.slug}/")
        numbers.append(len(queries))
    address = own_page(scene.cast.susanne, scene)
    Client().get(address)  # the link to answer by is made once
    with CaptureQueriesContext(connection) as queries:
        Client().get(address)

    assert [*numbers, len(queries)] == ([12, 12, 12] if is_sent else [11, 10, 10])


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_the_standing_items_needs_the_same_queries_whatever_they_tell(
    scene: Scene, count: int, django_assert_num_queries: Any
) -> None:
    fill(scene, count)
    send(scene)
    client = Client()
    client.force_login(scene.cast.susanne, backend="notifications.adapters.SignInBackend")

    with django_assert_num_queries(22):
        client.get(f"/sitzungen/{scene.bildung_february.slug}/tagesordnung/feste-punkte/")


def test_link_to_the_reports_is_as_large_as_a_finger_needs(scene: Scene) -> None:
    """Right below it stand the papers, so that axe finds a plain link too small (WCAG 2.5.8)."""
    link = (
        f'<a class="act" href="/sitzungen/{scene.bildung_february.slug}/berichte/">Berichte ansehen und eintragen</a>'
    )
    send(scene)

    for more in ("", "tagesordnung/", "tagesordnung/feste-punkte/"):
        assert get(scene.cast.imke, scene, more).count(link) == 1
