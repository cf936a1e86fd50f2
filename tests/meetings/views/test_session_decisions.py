"""Decisions and tasks at the writer's desk: taken once, undone for a minute, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from buendnisse import clock
from meetings.domain import session
from meetings.models import ActionItem, AgendaItem, Decision
from tests.meetings import held
from tests.meetings.held import AT
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

LIVE = "/sitzungen/2026-q4-arbeit/sitzung/"


def decision(**said: object) -> dict[str, object]:
    return {"text": "Der Bus fährt.", "kind": "consensus", "outcome": "adopted"} | said


def test_decision_is_taken_with_counted_votes() -> None:
    now = held.running()
    for name in ("birgit", "susanne"):
        session.record_presence(now.row(name), presence="present", by=now.world.imke, at=AT)

    signed_in(now.world.imke).post(
        f"{LIVE}{now.bus.pk}/beschluss/", decision(kind="resolution", yes=2, no=0, abstain=0)
    )

    stored = Decision.objects.get()
    assert (stored.number, stored.votes_yes, stored.votes_entitled, stored.state) == ("A-2026-01", 2, 2, "adopted")


@pytest.mark.parametrize("outcome", ["rejected", "postponed"])
def test_decision_can_be_rejected_or_postponed(outcome: str) -> None:
    now = held.running()

    signed_in(now.world.imke).post(f"{LIVE}{now.bus.pk}/beschluss/", decision(outcome=outcome))

    assert Decision.objects.get().state == outcome


@pytest.mark.parametrize(
    ("votes", "field"), [({"yes": 9, "no": 0}, "yes"), ({"yes": 1}, "yes"), ({"yes": -1, "no": 0}, "yes")]
)
def test_impossible_votes_are_refused_and_nothing_is_lost(votes: dict[str, int], field: str) -> None:
    now = held.running()

    page = signed_in(now.world.imke).post(f"{LIVE}{now.bus.pk}/beschluss/", decision(kind="resolution", **votes))

    assert page.context["decision_form"].errors.keys() == {field}
    assert "Der Bus fährt." in page.content.decode()
    assert not Decision.objects.exists()


def test_task_is_given_under_the_item() -> None:
    now = held.running()

    signed_in(now.world.imke).post(
        f"{LIVE}{now.bus.pk}/auftrag/",
        {"task": "Fahrplan", "owner": now.world.susanne.pk, "due_on": "2026-12-11"},
    )

    stored = ActionItem.objects.get()
    assert (stored.owner, stored.agenda_item) == (now.world.susanne, now.bus)


def test_task_for_a_stranger_is_refused() -> None:
    now = held.running()

    page = signed_in(now.world.imke).post(
        f"{LIVE}{now.bus.pk}/auftrag/", {"task": "Fahrplan", "owner": now.world.sven.pk, "due_on": "2026-12-11"}
    )

    assert page.context["task_form"].errors.keys() == {"owner"}


def test_result_typed_beside_a_decision_can_still_be_saved() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    typed = {"item": now.bus.pk, "version": 1, "result": "Der Bus fährt."}

    page = client.post(f"{LIVE}{now.bus.pk}/beschluss/", {**decision(text="Wir bitten um einen Bus."), **typed})

    kept = page.context["result_form"].initial
    assert Decision.objects.get().text == "Wir bitten um einen Bus."
    client.post(f"{LIVE}{now.bus.pk}/ergebnis/", {"result": kept["result"], "version": kept["version"]})
    assert AgendaItem.objects.get(pk=now.bus.pk).result == "Der Bus fährt."


def keys(page: str) -> list[str]:
    return re.findall(r'name="(?:decision|task)_form_key" value="([0-9a-f-]+)"', page)


def test_double_tap_is_one_decision_and_one_number() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    decision_key, _task_key = keys(client.get(f"{LIVE}?punkt={now.bus.pk}").content.decode())
    said = {"text": "Wir nehmen es zur Kenntnis.", "kind": "acknowledgement", "outcome": "adopted"}

    for _tap in range(2):
        client.post(f"{LIVE}{now.bus.pk}/beschluss/", said | {"decision_form_key": decision_key})

    assert list(Decision.objects.values_list("number", flat=True)) == ["A-2026-01"]


def test_double_tap_is_one_task() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    _decision_key, task_key = keys(client.get(f"{LIVE}?punkt={now.bus.pk}").content.decode())
    said = {"task": "Raum anfragen", "owner": now.world.susanne.pk, "due_on": "2026-12-24"}

    for _tap in range(2):
        client.post(f"{LIVE}{now.bus.pk}/auftrag/", said | {"task_form_key": task_key})

    assert ActionItem.objects.count() == 1


def typed(page: str) -> dict[str, str]:
    """What the desk's one form would send, as a browser does: the last of two fields of one name wins."""
    form = page.split('id="punkt"')[1].split("</form>", maxsplit=1)[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_two_decisions_in_a_row_are_two_and_a_task_keeps_its_own_key() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    page = client.get(f"{LIVE}?punkt={now.bus.pk}").content.decode()

    for text in ("Der erste.", "Der zweite."):
        said = typed(page) | decision(text=text, kind="acknowledgement")
        page = client.post(f"{LIVE}{now.bus.pk}/beschluss/", said).content.decode()

    assert list(Decision.objects.order_by("pk").values_list("number", "text")) == [
        ("A-2026-01", "Der erste."),
        ("A-2026-02", "Der zweite."),
    ]
    for task in ("Raum anfragen", "Fahrplan holen"):
        said = typed(page) | {"task": task, "owner": now.world.susanne.pk, "due_on": "2026-12-24"}
        page = client.post(f"{LIVE}{now.bus.pk}/auftrag/", said).content.decode()
    assert ActionItem.objects.count() == 2


def test_undone_then_corrected_is_a_new_decision() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    with clock.frozen(AT):
        page = client.get(f"{LIVE}?punkt={now.bus.pk}").content.decode()
        said = decision(kind="acknowledgement")
        page = client.post(f"{LIVE}{now.bus.pk}/beschluss/", typed(page) | said).content.decode()
        undo = f"{LIVE}beschluss/{Decision.objects.get().pk}/zuruecknehmen/"
        page = client.post(undo, typed(page)).content.decode()
        client.post(f"{LIVE}{now.bus.pk}/beschluss/", typed(page) | said)

    assert list(Decision.objects.order_by("pk").values_list("number", "state")) == [
        ("A-2026-01", "mistaken"),
        ("A-2026-02", "adopted"),
    ]


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ({"yes": 1, "no": 0}, ("consensus", "adopted")),
        ({"yes": 1, "no": 1}, ("resolution", "rejected")),
        ({"yes": 0, "no": 2, "outcome": "rejected"}, ("resolution", "rejected")),
    ],
)
def test_typed_votes_against_it_make_it_a_resolution(said: dict[str, object], stored: tuple[str, str]) -> None:
    now = held.running()
    for name in ("birgit", "susanne"):
        session.record_presence(now.row(name), presence="present", by=now.world.imke, at=AT)

    signed_in(now.world.imke).post(f"{LIVE}{now.bus.pk}/beschluss/", decision(**said))

    assert list(Decision.objects.values_list("kind", "state")) == [stored]


@pytest.mark.parametrize(
    "said", [{"yes": 2, "no": 0, "outcome": "rejected"}, {"yes": 1, "no": 1, "outcome": "postponed"}]
)
def test_votes_that_contradict_the_outcome_are_said_and_stay_typed(said: dict[str, object]) -> None:
    now = held.running()
    for name in ("birgit", "susanne"):
        session.record_presence(now.row(name), presence="present", by=now.world.imke, at=AT)

    page = signed_in(now.world.imke).post(f"{LIVE}{now.bus.pk}/beschluss/", decision(kind="resolution", **said))

    assert (page.context["decision_form"].data["yes"], Decision.objects.count()) == (str(said["yes"]), 0)
    assert page.context["decision_form"].non_field_errors()


def test_slip_is_undone_by_one_button_and_its_words_stand_in_the_form_again() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    with clock.frozen(AT):
        page = client.post(f"{LIVE}{now.bus.pk}/beschluss/", decision(kind="acknowledgement", item=now.bus.pk))
        slip = Decision.objects.get()
        undo = f"{LIVE}beschluss/{slip.pk}/zuruecknehmen/"
        assert page.content.decode().count(undo) == 1
        page = client.post(undo, {"item": now.bus.pk, "version": 1, "result": "Halb getippt", "text": ""})

    words = page.context["decision_form"].initial
    assert (words["text"], words["kind"], words["outcome"]) == ("Der Bus fährt.", "acknowledgement", "adopted")
    assert page.context["result_form"].initial["result"] == "Halb getippt"
    assert (page.content.decode().count(undo), Decision.objects.get().state) == (0, "mistaken")


def test_after_a_minute_the_button_is_gone_and_says_so_if_pressed() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    with clock.frozen(AT):
        client.post(f"{LIVE}{now.bus.pk}/beschluss/", decision(kind="acknowledgement"))
    slip = Decision.objects.get()
    undo = f"{LIVE}beschluss/{slip.pk}/zuruecknehmen/"

    with clock.frozen(AT + dt.timedelta(minutes=1)):
        before = client.get(f"{LIVE}?punkt={now.bus.pk}").content.decode()
        page = client.post(undo, {"item": now.bus.pk})

    assert before.count(undo) == 0
    assert page.content.decode().count("Die Minute ist vorbei: A-2026-01 gilt.") == 1
    assert Decision.objects.get().state == "adopted"


def test_mistyped_task_is_undone_by_one_button_and_its_words_stand_in_the_form_again() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    said = {"task": "Raum anfragen", "owner": now.world.susanne.pk, "due_on": "2026-12-24"}
    with clock.frozen(AT):
        page = client.post(f"{LIVE}{now.bus.pk}/auftrag/", said | {"item": now.bus.pk})
        undo = f"{LIVE}auftrag/{ActionItem.objects.get().pk}/zuruecknehmen/"
        assert page.content.decode().count(undo) == 1
        page = client.post(undo, {"item": now.bus.pk, "version": 1, "result": "Halb getippt", "text": ""})

    assert ActionItem.objects.count() == 0
    assert page.context["task_form"].initial == {
        "task": "Raum anfragen",
        "owner": now.world.susanne.pk,
        "due_on": dt.date(2026, 12, 24),
    }
    assert page.context["result_form"].initial["result"] == "Halb getippt"
