"""What the desk's script and the projector ask: kept, somebody was faster, somebody else writes, nothing new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from buendnisse import clock
from meetings.domain import session, writing
from meetings.models import AgendaItem, Decision, ItemDraft, Meeting, SessionDesk
from tests.factories.buendnisse import PersonFactory
from tests.meetings import held
from tests.meetings.held import AT
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

LIVE = "/sitzungen/2026-q4-arbeit/sitzung/"


@pytest.fixture(autouse=True)
def at_five_past_ten() -> Iterator[None]:
    with clock.frozen(AT):
        yield


def keep(client: Client, now: held.Held, **said: object) -> tuple[int, dict[str, object]]:
    typed = {"result": "", "version": 1, "text": "", "note": "", "draft_version": 1, "window": "a"} | said
    answer = client.post(f"{LIVE}{now.bus.pk}/merken/", typed)
    return answer.status_code, answer.json()


def test_texts_are_kept_and_the_same_again_changes_nothing() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    texts = {"result": "Der Bus\r\nfährt.", "text": "Wir bitten.", "note": "Nachfragen"}

    first, again = keep(client, now, **texts), keep(client, now, **texts)

    assert first == again == (200, {"version": 2, "draft_version": 2, "at": "10:05"})
    draft = ItemDraft.objects.get()
    assert (AgendaItem.objects.get(pk=now.bus.pk).result, draft.proposal, draft.note) == (
        "Der Bus\nfährt.",
        "Wir bitten.",
        "Nachfragen",
    )


def test_newer_text_comes_back_and_nothing_is_half_kept() -> None:
    now = held.running()
    session.record_result(now.bus, result="Von nebenan", version=1, by=now.world.imke, at=AT)

    status, told = keep(signed_in(now.world.imke), now, result="Von hier", note="Notiz")

    assert (status, told["stored"]) == (409, {"result": "Von nebenan", "version": 2})
    assert (AgendaItem.objects.get(pk=now.bus.pk).result, ItemDraft.objects.exists()) == ("Von nebenan", False)


def test_newer_note_comes_back() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    keep(client, now, note="Erste")

    status, told = keep(client, now, note="Zweite")

    assert (status, told["stored"]) == (409, {"text": "", "note": "Erste", "draft_version": 2})


def test_another_writer_is_named_and_the_text_is_not_kept() -> None:
    now = held.running()
    other = PersonFactory(first_name="Jonas", last_name="Reiter", office="fachstelle", may_sign_in=True)
    writing.claim(now.meeting, by=other, at=AT, window="b")

    status, told = keep(signed_in(now.world.imke), now, result="Von hier")

    assert (status, told["message"]) == (
        423,
        "Jonas Reiter schreibt seit 10:05 Uhr. Mit „Übernehmen“ schreiben Sie hier weiter.",
    )
    assert AgendaItem.objects.get(pk=now.bus.pk).result == ""


@pytest.mark.parametrize("step", ["{pk}/ergebnis/", "{pk}/beschluss/", "{pk}/auftrag/", "beenden/"])
def test_buttons_of_a_desk_that_was_taken_over_keep_what_is_typed(step: str) -> None:
    now = held.running()
    other = PersonFactory(first_name="Jonas", last_name="Reiter", office="fachstelle", may_sign_in=True)
    writing.claim(now.meeting, by=other, at=AT, window="b")
    typed = {"item": now.bus.pk, "version": 1, "result": "Von hier", "text": "Wir bitten.", "kind": "consensus"}
    typed |= {"outcome": "adopted", "task": "Fahrplan", "owner": now.world.susanne.pk, "due_on": "2026-12-11"}

    page = signed_in(now.world.imke).post(LIVE + step.format(pk=now.bus.pk), typed | {"trotzdem": "ja"})

    text = page.content.decode()
    assert "Jonas Reiter schreibt seit 10:05 Uhr." in text
    assert [words in text for words in ("Von hier", "Wir bitten.", "Fahrplan")] == [True, True, True]
    assert (AgendaItem.objects.get(pk=now.bus.pk).result, Decision.objects.exists()) == ("", False)
    assert Meeting.objects.get(pk=now.meeting.pk).state == "in_session"

    again = signed_in(now.world.imke).post(f"{LIVE}uebernehmen/", typed)
    assert SessionDesk.objects.get().writer == now.world.imke
    assert [words in again.content.decode() for words in ("Von hier", "Wir bitten.", "Fahrplan")] == [True, True, True]


def test_reader_along_sees_no_fields_and_a_button() -> None:
    now = held.running()
    other = PersonFactory(first_name="Jonas", last_name="Reiter", office="fachstelle", may_sign_in=True)
    writing.claim(now.meeting, by=other, at=AT, window="b")

    page = signed_in(now.world.imke).get(LIVE)

    assert (page.context["may_write"], "<textarea" in page.content.decode()) == (False, False)
    signed_in(now.world.imke).post(f"{LIVE}uebernehmen/", {"window": "a"})
    assert signed_in(now.world.imke).get(LIVE).context["may_write"] is True


def test_circulated_minutes_are_no_longer_written() -> None:
    now = held.circulated()

    status, told = keep(signed_in(now.world.imke), now, result="Zu spät", version=now.bus.version)

    assert (status, told["message"]) == (
        410,
        "Das Protokoll ist verschickt. Eine Änderung geht nur über einen Einwand.",
    )


def test_too_long_text_is_refused_in_a_sentence() -> None:
    now = held.running()

    status, told = keep(signed_in(now.world.imke), now, result="x" * 20_001)

    assert (status, told["message"]) == (400, "Der Text ist zu lang. Bitte kürzen Sie ihn.")


@pytest.mark.parametrize("name", ["imke", "birgit"])
def test_poll_takes_three_queries_and_says_nothing_while_nothing_changes(
    name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = held.running()
    client = signed_in(getattr(now.world, name))
    with django_assert_num_queries(3):
        first = client.get(f"{LIVE}stand/")

    with django_assert_num_queries(3):
        again = client.get(f"{LIVE}stand/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")

    session.record_result(now.bus, result="Neu", version=1, by=now.world.imke, at=AT)
    assert client.get(f"{LIVE}stand/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_votes_without_attendance_are_refused_and_nothing_is_lost() -> None:
    now = held.running()
    typed = {"text": "Der Bus fährt.", "kind": "resolution", "outcome": "adopted", "yes": 2, "no": 0}

    page = signed_in(now.world.imke).post(f"{LIVE}{now.bus.pk}/beschluss/", typed)

    assert page.context["decision_form"].non_field_errors() == [
        (
            "Für gezählte Stimmen fehlt die Anwesenheit. Bitte haken Sie zuerst ab, wer da ist, "
            "oder lassen Sie die Stimmen leer."
        )
    ]
    assert ("Der Bus fährt." in page.content.decode(), Decision.objects.exists()) == (True, False)


def test_more_votes_than_organisations_in_the_room_are_refused() -> None:
    now = held.running()
    session.record_presence(now.row("susanne"), presence="present", by=now.world.imke, at=AT)
    typed = {"text": "Der Bus fährt.", "kind": "resolution", "outcome": "adopted", "yes": 2, "no": 0}

    page = signed_in(now.world.imke).post(f"{LIVE}{now.bus.pk}/beschluss/", typed)

    assert page.context["decision_form"].non_field_errors() == [
        "Es sind mehr Stimmen (2) als anwesende stimmberechtigte Organisationen (1)."
    ]
