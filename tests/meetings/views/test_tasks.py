"""Tasks: by link without signing in, and the list."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Change
from meetings.domain import action_items
from meetings.models import ActionItem
from tests.factories.meetings import ActionItemFactory
from tests.meetings import held
from tests.meetings.held import AT, LATER
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with clock.frozen(LATER):
        yield


def given(now: held.Held) -> ActionItem:
    return action_items.assign(
        now.bus, owner=now.world.susanne, task="Fahrplan", due_on=dt.date(2026, 12, 11), by=now.world.imke, at=AT
    )


def address(action: ActionItem) -> str:
    link = links.grant(
        action.owner, purpose=LinkPurpose.TASK, subject=action, until=LATER + dt.timedelta(days=60), at=AT
    )
    return f"/aufgabe/{links.token(link)}/"


@pytest.mark.parametrize(
    ("said", "state", "is_blocked", "due_on"),
    [
        ({"stand": "done"}, "done", False, dt.date(2026, 12, 11)),
        ({"stand": "later", "bis": "2027-01-15"}, "in_progress", False, dt.date(2027, 1, 15)),
        ({"stand": "no", "satz": "Kein Personal."}, "open", True, dt.date(2026, 12, 11)),
    ],
)
def test_owner_reports_by_link(said: dict[str, str], state: str, is_blocked: bool, due_on: dt.date) -> None:
    action = given(held.running())

    page = Client().post(address(action), said | {"version": "1"}, follow=True)

    action.refresh_from_db()
    assert (action.state, action.is_blocked, action.due_on) == (state, is_blocked, due_on)
    assert page.templates[0].name == "meetings/task_thanks.html"
    assert Change.objects.get(verb="action.reported").via == "mail_link"


def test_looking_at_the_link_reports_nothing() -> None:
    action = given(held.running())

    assert Client().get(address(action)).status_code == 200
    assert ActionItem.objects.get(pk=action.pk).reported_at is None


@pytest.mark.parametrize(
    ("said", "field"), [({}, "stand"), ({"stand": "later"}, "bis"), ({"stand": "later", "bis": "morgen"}, "bis")]
)
def test_unclear_report_is_refused_beside_its_field(said: dict[str, str], field: str) -> None:
    action = given(held.running())

    page = Client().post(address(action), {**said, "satz": "Mein Satz", "version": "1"})

    assert page.context["form"].errors.keys() == {field}
    assert "Mein Satz" in page.content.decode()


def test_what_cannot_be_done_needs_its_reason() -> None:
    action = given(held.running())

    page = Client().post(address(action), {"stand": "no", "satz": " ", "version": "1"})

    assert page.context["form"].errors == {
        "satz": ["Woran liegt es? Bitte schreiben Sie einen Satz, dann suchen wir einen Weg."]
    }
    with pytest.raises(action_items.TaskIncomplete, match="Woran liegt es"):
        action_items.report(action, state="open", words="", is_blocked=True, version=1, by=action.owner, at=AT)


@pytest.mark.parametrize(
    ("due_on", "offered"), [(dt.date(2026, 11, 30), dt.date(2026, 11, 30)), (dt.date(2026, 11, 20), None)]
)
def test_day_that_is_over_is_not_offered_again(due_on: dt.date, offered: dt.date | None) -> None:
    action = given(held.running())
    ActionItem.objects.update(state="in_progress", due_on=due_on)

    with clock.frozen(LATER):
        page = Client().get(address(action))

    assert page.context["form"].initial["bis"] == offered
    assert page.content.decode().count("(freiwillig)") == 0


def test_report_can_be_changed() -> None:
    action = given(held.running())
    Client().post(address(action), {"stand": "done", "version": "1"})

    Client().post(address(action), {"stand": "no", "satz": "Kein Personal.", "version": "2"})

    assert ActionItem.objects.get(pk=action.pk).state == "open"


def test_stale_report_by_link_shows_both_and_goes_through_the_second_time() -> None:
    now = held.running()
    action = given(now)
    action_items.report(action, state="done", words="Hat angerufen.", version=1, by=now.world.imke, at=AT)
    said = {"stand": "later", "bis": "2027-01-15", "satz": "Ich warte noch auf Antwort."}

    page = Client().post(address(action), said | {"version": "1"})

    html = page.content.decode()
    assert page.status_code == 409
    assert (html.count("„Hat angerufen.“"), html.count("Ich warte noch auf Antwort.")) == (1, 1)
    assert ActionItem.objects.get().report == "Hat angerufen."
    version = page.context["form"]["version"].value()
    assert Client().post(address(action), said | {"version": version}).status_code == 302
    assert ActionItem.objects.get().report == "Ich warte noch auf Antwort."


@pytest.mark.parametrize(
    ("step", "form", "said"),
    [
        ("rueckmeldung", "form", {"stand": "later", "bis": "2027-01-15", "satz": "Mein Satz"}),
        ("entfaellt", "drop_form", {"reason": "Mein Satz"}),
        ("uebergeben", "hand_over_form", {}),
    ],
)
def test_stale_step_on_the_page_shows_both(step: str, form: str, said: dict[str, str]) -> None:
    now = held.running()
    action = given(now)
    action_items.report(action, state="in_progress", words="Von Susanne", version=1, by=now.world.susanne, at=AT)
    said |= {"version": "1", "to": str(now.world.birgit.pk)}

    page = signed_in(now.world.imke).post(f"/auftraege/{action.pk}/{step}/", said)

    assert page.status_code == 409
    assert page.content.decode().count("„Von Susanne“") == 1
    assert page.context[form]["version"].value() == 2
    stored = ActionItem.objects.get()
    assert (stored.state, stored.report, stored.owner) == ("in_progress", "Von Susanne", now.world.susanne)


def test_former_owner_is_thanked_and_changes_nothing() -> None:
    now = held.running()
    action = given(now)
    link = address(action)
    action_items.hand_over(action, to=now.world.birgit, version=1, by=now.world.imke, at=AT)

    page = Client().post(link, {"stand": "done"})

    assert page.templates[0].name == "meetings/task_gone.html"
    assert ActionItem.objects.get(pk=action.pk).state == "open"


def test_fachstelle_notes_a_report_by_telephone() -> None:
    now = held.running()
    action = given(now)

    said = {"stand": "done", "satz": "Angerufen", "version": "1"}
    signed_in(now.world.imke).post(f"/auftraege/{action.pk}/rueckmeldung/", said)

    assert ActionItem.objects.get(pk=action.pk).state == "done"
    assert Change.objects.get(verb="action.reported").via == "phone_by_secretariat"


def test_colleague_sees_the_task_and_cannot_report_it() -> None:
    now = held.running()
    action = given(now)
    client = signed_in(now.world.birgit)

    assert client.get(f"/auftraege/{action.pk}/").status_code == 200
    assert client.post(f"/auftraege/{action.pk}/rueckmeldung/", {"stand": "done"}).status_code == 403
    assert signed_in(now.world.hedwig).get(f"/auftraege/{action.pk}/").status_code == 404


def test_list_shows_what_is_due_first_and_only_what_one_may_see() -> None:
    now = held.running()
    first = given(now)
    second = ActionItemFactory(agenda_item=now.bus, owner=now.world.birgit, due_on=dt.date(2026, 11, 20))

    def shown(person: Any, query: str = "") -> list[ActionItem]:
        return list(signed_in(person).get(f"/auftraege/{query}").context["page"].object_list)

    assert shown(now.world.imke) == [second, first]
    assert shown(now.world.imke, "?stand=ueberfaellig") == [second]
    assert shown(now.world.imke, f"?wo={now.world.bildung.slug}") == []
    assert shown(now.world.imke, f"?stand=ueberfaellig&wo={now.world.arbeit.slug}") == [second]
    assert shown(now.world.imke, "?wer=overhage") == [first]
    assert shown(now.world.hedwig) == []


def test_task_is_handed_over_and_dropped() -> None:
    now = held.running()
    action = given(now)
    client = signed_in(now.world.imke)

    client.post(f"/auftraege/{action.pk}/uebergeben/", {"to": now.world.birgit.pk, "version": 1})
    assert ActionItem.objects.get(pk=action.pk).owner == now.world.birgit
    client.post(f"/auftraege/{action.pk}/entfaellt/", {"reason": "Nicht mehr nötig", "version": 2})
    assert ActionItem.objects.get(pk=action.pk).state == "cancelled"
    client.post(f"/auftraege/{action.pk}/wieder-oeffnen/")
    assert ActionItem.objects.get(pk=action.pk).state == "open"


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_takes_the_same_queries(item_count: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    now = held.running()
    ActionItemFactory.create_batch(item_count, agenda_item=now.bus, owner=now.world.birgit)
    client = signed_in(now.world.imke)

    with django_assert_max_num_queries(7):
        client.get("/auftraege/")
