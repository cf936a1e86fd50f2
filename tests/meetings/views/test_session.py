"""The writer's desk: one form a step, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from pytest_django import DjangoAssertNumQueries

from buendnisse import clock
from meetings.domain import decisions, session
from meetings.models import ActionItem, AgendaItem, Decision, Meeting
from tests.factories.meetings import AgendaItemFactory
from tests.meetings import held
from tests.meetings.held import AT
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

HOME = "/sitzungen/2026-q4-arbeit/"
LIVE = f"{HOME}sitzung/"


def test_desk_opens_the_first_item_without_a_result() -> None:
    now = held.running()
    session.record_result(now.opening, result="Angenommen.", version=1, by=now.world.imke, at=AT)

    board = signed_in(now.world.imke).get(LIVE).context["board"]

    assert (board.item, board.before.item, board.after.item) == (now.bus, now.opening, now.closing)


@pytest.mark.parametrize("name", ["birgit", "susanne", "theda", "lueder"])
def test_desk_is_for_the_fachstelle(name: str) -> None:
    now = held.running()

    assert signed_in(getattr(now.world, name)).get(LIVE).status_code == 403


def test_meeting_is_begun_and_ended_by_buttons() -> None:
    now = held.running()
    Meeting.objects.filter(pk=now.meeting.pk).update(state="invited")
    client = signed_in(now.world.imke)

    assert client.get(f"{LIVE}beginnen/").status_code == 405
    client.post(f"{LIVE}beginnen/")
    assert Meeting.objects.get(pk=now.meeting.pk).state == "in_session"

    page = client.post(f"{LIVE}beenden/", {"trotzdem": "ja", f"weg-{now.bus.pk}": "erledigt"})
    assert (page.status_code, page.headers["Location"]) == (302, f"{HOME}protokoll/")
    assert Meeting.objects.get(pk=now.meeting.pk).state == "held"


def test_ending_saves_what_is_typed_and_asks_once_where_nothing_was_written() -> None:
    now = held.running()
    decisions.adopt(now.opening, text="Angenommen.", kind="consensus", by=now.world.imke, at=AT)
    client = signed_in(now.world.imke)

    page = client.post(f"{LIVE}beenden/", {"item": now.bus.pk, "version": 1, "result": "Der Bus fährt."})

    assert AgendaItem.objects.get(pk=now.bus.pk).result == "Der Bus fährt."
    assert page.content.decode().count("<h1>Noch ohne Ergebnis: TOP 3</h1>") == 1
    assert Meeting.objects.get(pk=now.meeting.pk).state == "in_session"
    client.post(f"{LIVE}beenden/", {"trotzdem": "ja"})
    assert Meeting.objects.get(pk=now.meeting.pk).state == "held"


def test_meeting_with_all_results_ends_at_once() -> None:
    now = held.running()
    for item in (now.opening, now.bus):
        session.record_result(item, result="Gut.", version=1, by=now.world.imke, at=AT)

    said = {"item": now.closing.pk, "version": 1, "result": "Danke."}
    signed_in(now.world.imke).post(f"{LIVE}beenden/", said)

    assert Meeting.objects.get(pk=now.meeting.pk).state == "held"


def test_ending_over_the_text_of_somebody_else_shows_both() -> None:
    now = held.running()
    session.record_result(now.bus, result="Jonas schreibt.", version=1, by=now.world.imke, at=AT)

    said = {"item": now.bus.pk, "version": 1, "result": "Imke schreibt.", "trotzdem": "ja"}
    page = signed_in(now.world.imke).post(f"{LIVE}beenden/", said)

    assert page.status_code == 409
    assert page.context["result_form"].initial["result"] == "Imke schreibt."
    assert Meeting.objects.get(pk=now.meeting.pk).state == "in_session"


@pytest.mark.parametrize("step", ["beenden/", "{pk}/ergebnis/"])
def test_typed_decision_and_task_stay_until_their_button_is_pressed(step: str) -> None:
    now = held.running()
    typed = {"item": now.bus.pk, "version": 1, "result": "Der Bus fährt.", "text": "Wir bitten um", "task": "Anfragen"}

    page = signed_in(now.world.imke).post(LIVE + step.format(pk=now.bus.pk), typed | {"trotzdem": "ja"})

    assert [page.context[f"{name}_form"].initial[key] for name, key in (("decision", "text"), ("task", "task"))] == [
        "Wir bitten um",
        "Anfragen",
    ]
    assert page.content.decode().count("Der Beschluss ist noch nicht festgestellt.") == 1
    assert AgendaItem.objects.get(pk=now.bus.pk).result == "Der Bus fährt."
    assert Meeting.objects.get(pk=now.meeting.pk).state == "in_session"


def test_enter_key_never_ends_the_meeting() -> None:
    now = held.running()

    page = signed_in(now.world.imke).get(LIVE).content.decode()

    buttons = re.findall(r'<button[^>]*form="punkt"[^>]*>([^<]+)', page)
    assert buttons[:2] == ["Speichern", "Sitzung beenden"]


def test_result_is_kept_and_the_next_item_opens() -> None:
    now = held.running()

    page = signed_in(now.world.imke).post(
        f"{LIVE}{now.bus.pk}/ergebnis/", {"result": "Der Bus fährt.", "version": 1, "weiter": "ja"}
    )

    assert page.headers["Location"] == f"{LIVE}?punkt={now.closing.pk}"
    assert AgendaItem.objects.get(pk=now.bus.pk).result == "Der Bus fährt."


def test_stale_result_shows_both_texts_and_can_be_saved_again() -> None:
    now = held.running()
    session.record_result(now.bus, result="Jonas schreibt.", version=1, by=now.world.imke, at=AT)
    client = signed_in(now.world.imke)

    page = client.post(f"{LIVE}{now.bus.pk}/ergebnis/", {"result": "Imke schreibt.", "version": 1})

    text = page.content.decode()
    assert page.status_code == 409
    assert "Jonas schreibt." in text
    assert "Imke schreibt." in text
    assert AgendaItem.objects.get(pk=now.bus.pk).result == "Jonas schreibt."
    client.post(f"{LIVE}{now.bus.pk}/ergebnis/", {"result": "Beide schreiben.", "version": 2})
    assert AgendaItem.objects.get(pk=now.bus.pk).result == "Beide schreiben."


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


def test_all_results_are_kept_from_one_page() -> None:
    now = held.running()
    fields = {}
    for item, text in ((now.opening, "Eins"), (now.bus, "Zwei"), (now.closing, "")):
        fields |= {f"i{item.pk}-result": text, f"i{item.pk}-version": "1"}

    signed_in(now.world.imke).post(f"{HOME}nachtragen/", fields)

    rows = AgendaItem.objects.order_by("position").values_list("result", "state")
    assert list(rows) == [("Eins", "discussed"), ("Zwei", "discussed"), ("", "scheduled")]


def test_one_stale_result_keeps_the_others() -> None:
    now = held.running()
    session.record_result(now.bus, result="Von Jonas", version=1, by=now.world.imke, at=AT)
    fields = {}
    for item, text in ((now.opening, "Eins"), (now.bus, "Von Imke"), (now.closing, "")):
        fields |= {f"i{item.pk}-result": text, f"i{item.pk}-version": "1"}

    page = signed_in(now.world.imke).post(f"{HOME}nachtragen/", fields)

    assert page.status_code == 409
    assert "Von Jonas" in page.content.decode()
    assert "Von Imke" in page.content.decode()
    assert list(AgendaItem.objects.order_by("position").values_list("result", flat=True)) == ["Eins", "Von Jonas", ""]


@pytest.mark.parametrize("more", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(LIVE, 12), (f"{HOME}anwesenheit/", 8), (f"{HOME}nachtragen/", 11)])
def test_pages_take_the_same_queries(
    address: str, queries: int, more: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = held.running()
    AgendaItemFactory.create_batch(more, meeting=now.meeting)
    client = signed_in(now.world.imke)

    with django_assert_max_num_queries(queries):
        client.get(address)


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


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "²", "-1", ""])
def test_number_that_is_none_opens_the_first_item(number: str) -> None:
    now = held.running()

    board = signed_in(now.world.imke).get(LIVE, {"punkt": number}).context["board"]

    assert board.item == now.opening


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


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("planned", "Der Termin ist erst vorgemerkt."),
        ("confirmed", ">Einladung verschicken</a>"),
        ("agenda_closed", ">Einladung verschicken</a>"),
        ("cancelled", "Diese Sitzung ist abgesagt."),
        ("invited", ">Sitzung beginnen</button>"),
    ],
)
def test_desk_says_why_a_meeting_cannot_begin(state: str, words: str) -> None:
    now = held.running()
    Meeting.objects.filter(pk=now.meeting.pk).update(state=state)

    text = signed_in(now.world.imke).get(LIVE).content.decode()

    assert text.count(words) == 1
    assert text.count("Sitzung beginnen</button>") == (state == "invited")


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


def test_item_opened_ahead_of_its_time_has_no_more_than_was_planned() -> None:
    now = held.running()
    AgendaItem.objects.update(duration_minutes=20)

    with clock.frozen(AT):
        page = signed_in(now.world.imke).get(f"{LIVE}?punkt={now.closing.pk}")

    assert (page.context["left"], page.context["seconds"]) == (20, 55 * 60)
    assert 'data-seconds="3300" data-most="20">20 Min.' in page.content.decode()
