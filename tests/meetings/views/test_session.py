"""The writer's desk: one form a step, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from pytest_django import DjangoAssertNumQueries

from buendnisse import clock
from meetings.domain import decisions, session
from meetings.models import AgendaItem, Meeting
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


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "²", "-1", ""])
def test_number_that_is_none_opens_the_first_item(number: str) -> None:
    now = held.running()

    board = signed_in(now.world.imke).get(LIVE, {"punkt": number}).context["board"]

    assert board.item == now.opening


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


@pytest.mark.parametrize(("days", "offers"), [(-1, 0), (0, 1), (5, 1)])
def test_meeting_held_without_an_invitation_leads_to_writing_its_results_down(days: int, offers: int) -> None:
    now = held.running()
    Meeting.objects.filter(pk=now.meeting.pk).update(state="confirmed")

    with clock.frozen(AT + dt.timedelta(days=days)):
        text = signed_in(now.world.imke).get(LIVE).content.decode()

    assert text.count('<a href="/sitzungen/2026-q4-arbeit/nachtragen/">tragen Sie die Ergebnisse nach</a>') == offers


def test_item_opened_ahead_of_its_time_has_no_more_than_was_planned() -> None:
    now = held.running()
    AgendaItem.objects.update(duration_minutes=20)

    with clock.frozen(AT):
        page = signed_in(now.world.imke).get(f"{LIVE}?punkt={now.closing.pk}")

    assert (page.context["left"], page.context["seconds"]) == (20, 55 * 60)
    assert 'data-seconds="3300" data-most="20">20 Min.' in page.content.decode()
