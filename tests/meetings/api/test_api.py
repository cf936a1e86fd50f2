"""The API as another program uses it: with a key, and nothing else."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from buendnisse import clock
from buendnisse.domain import api_tokens
from buendnisse.models import ApiToken, Person
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Meeting
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory, RelayFactory
from tests.world import AT, World, build

pytestmark = pytest.mark.django_db


class Program:
    """A client that sends a key."""

    def __init__(self, key: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {key}"})

    def get(self, path: str) -> Any:
        with clock.frozen(AT):
            return self.client.get(f"/api/v1{path}")

    def post(self, path: str, data: dict[str, Any]) -> Any:
        with clock.frozen(AT):
            return self.client.post(f"/api/v1{path}", json.dumps(data), content_type="application/json")


@pytest.fixture
def world() -> World:
    return build()


def program(person: Person, by: Person) -> Program:
    return Program(api_tokens.issue(person, name="Kreisportal", by=by, at=AT))


def test_without_a_key_nothing_is_said(world: World) -> None:
    response = Client().get("/api/v1/meetings")

    assert (response.status_code, response.json()) == (401, {"detail": "Der Schlüssel fehlt oder gilt nicht mehr."})


def test_revoked_key_opens_nothing(world: World) -> None:
    caller = program(world.susanne, world.imke)
    api_tokens.revoke(ApiToken.objects.get(), by=world.imke, at=AT)

    assert caller.get("/meetings").status_code == 401


def test_key_of_somebody_who_left_opens_nothing(world: World) -> None:
    caller = program(world.susanne, world.imke)
    Person.objects.filter(pk=world.susanne.pk).update(active_until=AT.date() - dt.timedelta(days=1))

    assert caller.get("/meetings").status_code == 401


def test_key_is_not_stored(world: World) -> None:
    key = api_tokens.issue(world.susanne, name="Kreisportal", by=world.imke, at=AT)

    assert key not in str(ApiToken.objects.values().get())


def test_meeting_is_told(world: World) -> None:
    meeting = MeetingFactory(
        alliance=world.arbeit, venue=world.venue, state=MeetingState.CONFIRMED, slug="arbeit-2026-q4"
    )

    assert program(world.susanne, world.imke).get("/meetings/arbeit-2026-q4").json() == {
        "slug": "arbeit-2026-q4",
        "body": "arbeit",
        "quarter": "2026-Q4",
        "title": meeting.title,
        "start": "2026-12-03T09:00:00Z",
        "end": "2026-12-03T11:00:00Z",
        "mode": "on_site",
        "venue": "Kreishaus Haseburg, Sitzungsraum 1",
        "state": "confirmed",
        "state_label": "Termin steht",
    }


def test_draft_of_a_meeting_is_not_there_for_members(world: World) -> None:
    MeetingFactory(alliance=world.arbeit, slug="entwurf")

    assert program(world.susanne, world.imke).get("/meetings/entwurf").status_code == 404
    assert program(world.imke, world.imke).get("/meetings/entwurf").status_code == 200


def test_stranger_sees_empty_lists(world: World) -> None:
    AgendaItemFactory(meeting__alliance=world.arbeit, meeting__state=MeetingState.CONFIRMED)
    caller = program(world.sven, world.imke)

    assert [caller.get(f"/{name}").json()["count"] for name in ("bodies", "meetings", "decisions", "relays")] == [0] * 4


def test_list_is_filtered_by_body(world: World) -> None:
    MeetingFactory(alliance=world.arbeit, state=MeetingState.CONFIRMED, slug="a")
    MeetingFactory(alliance=world.bildung, state=MeetingState.CONFIRMED, slug="b")

    found = program(world.susanne, world.imke).get("/meetings?body=bildung").json()

    assert [row["slug"] for row in found["items"]] == ["b"]


@pytest.mark.parametrize("item_count", [1, 3])
def test_decisions_take_the_same_queries(
    world: World, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    meeting = MeetingFactory(alliance=world.arbeit, state=MeetingState.HELD)
    for _number in range(item_count):
        DecisionFactory(agenda_item=AgendaItemFactory(meeting=meeting))
    caller = program(world.susanne, world.imke)
    caller.get("/decisions")

    with django_assert_num_queries(4):  # key, sight, count, rows
        assert caller.get("/decisions").json()["count"] == item_count


def test_item_is_proposed_once_however_often_it_is_sent(world: World) -> None:
    MeetingFactory(
        alliance=world.arbeit,
        state=MeetingState.CONFIRMED,
        slug="m",
        start=AT + dt.timedelta(days=60),
        end=AT + dt.timedelta(days=60, hours=2),
    )
    caller = program(world.susanne, world.imke)
    item = {"key": str(uuid.uuid4()), "title": "Kinderbetreuung während der Kurse", "duration_minutes": 20}

    first, second = caller.post("/meetings/m/agenda-items", item), caller.post("/meetings/m/agenda-items", item)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    stored = AgendaItem.objects.get()
    assert (stored.title, stored.proposer, stored.submitted_via) == (item["title"], world.susanne, "api")


def test_item_for_a_foreign_body_is_refused(world: World) -> None:
    MeetingFactory(alliance=world.arbeit, state=MeetingState.CONFIRMED, slug="m")
    item = {"key": str(uuid.uuid4()), "title": "Kinderbetreuung"}

    response = program(world.hedwig, world.imke).post("/meetings/m/agenda-items", item)

    assert (response.status_code, response.json()) == (403, {"detail": "Dazu reicht dieser Schlüssel nicht."})
    assert not AgendaItem.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 251}, "title"),
        ({"key": "abc"}, "key"),
        ({"duration_minutes": 0}, "duration_minutes"),
    ],
)
def test_bad_item_is_refused_in_words(world: World, change: dict[str, Any], field: str) -> None:
    MeetingFactory(alliance=world.arbeit, state=MeetingState.CONFIRMED, slug="m")
    item = {"key": str(uuid.uuid4()), "title": "Kinderbetreuung"} | change

    response = program(world.susanne, world.imke).post("/meetings/m/agenda-items", item)

    assert response.status_code == 422
    assert response.json() == {"detail": f"Die Angabe „{field}“ fehlt oder passt nicht.", "field": field}
    assert not AgendaItem.objects.exists()


def test_document_names_every_address_without_a_key() -> None:
    document = Client().get("/api/v1/openapi.json").json()

    assert sorted(document["paths"]) == [
        "/api/v1/bodies",
        "/api/v1/decisions",
        "/api/v1/decisions/{number}",
        "/api/v1/meetings",
        "/api/v1/meetings/{slug}",
        "/api/v1/meetings/{slug}/agenda",
        "/api/v1/meetings/{slug}/agenda-items",
        "/api/v1/relays",
        "/api/v1/relays/{number}",
    ]


def test_reading_page_of_the_document_loads_from_here_only() -> None:
    page = Client().get("/api/docs").content.decode()

    assert "https://" not in page


def test_reader_changes_nothing(world: World) -> None:
    march: Meeting = MeetingFactory(alliance=world.arbeit, state=MeetingState.CALL_OPEN)
    caller = program(world.theda, world.imke)

    answer = caller.post(f"/meetings/{march.slug}/agenda-items", {"key": str(uuid.uuid4()), "title": "Rufbus"})

    assert (answer.status_code, AgendaItem.objects.count()) == (403, 0)


def test_key_of_somebody_elses_item_is_refused(world: World) -> None:
    march: Meeting = MeetingFactory(alliance=world.arbeit, state=MeetingState.CALL_OPEN)
    item = {"key": str(uuid.uuid4()), "title": "Rufbus"}
    program(world.susanne, world.imke).post(f"/meetings/{march.slug}/agenda-items", item)

    answer = program(world.birgit, world.imke).post(f"/meetings/{march.slug}/agenda-items", item)

    assert (answer.status_code, AgendaItem.objects.count()) == (409, 1)


def test_words_beside_a_confidential_answer_stay_with_those_it_is_for(world: World) -> None:
    item = AgendaItemFactory(meeting=MeetingFactory(alliance=world.arbeit))
    item.confidential_to.add(world.birgit.organisation)
    decision = DecisionFactory(agenda_item=item)
    source = AgendaItemFactory(meeting=MeetingFactory(alliance=world.gesellschaft))
    relay = RelayFactory(
        source=world.gesellschaft,
        target=world.arbeit,
        source_item=source,
        state="answered",
        answer="Nur für das Jobcenter.",
        answer_decision=decision,
    )

    told = {
        person.handle: program(person, world.imke).get(f"/relays/{relay.number}").json()["answer"]
        for person in (world.imke, world.birgit, world.hedwig)
    }

    assert told == {"imke": "Nur für das Jobcenter.", "birgit": "Nur für das Jobcenter.", "hedwig": ""}
