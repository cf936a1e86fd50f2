"""The register of decisions."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from buendnisse import clock
from buendnisse.models import sight_of
from meetings.domain import decision_register, decisions, relay, relay_options, relay_turn, reminder_rules
from meetings.domain.relay_options import Option
from meetings.enums import RelayAnswerKind
from meetings.forms.decisions import RevokeForm, SupersedeForm
from meetings.models import Decision, Relay
from tests.factories.meetings import DecisionFactory
from tests.meetings import held
from tests.meetings.held import AT, LATER
from tests.support import relay_scene
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db


def stored(one: Relay) -> Relay:
    return Relay.objects.select_related(*relay_turn.RELATED).get(pk=one.pk)


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with clock.frozen(LATER):
        yield


def taken(now: held.Held, text: str = "Der Rufbus fährt.", **kwargs: Any) -> Decision:
    return decisions.adopt(now.bus, kind="consensus", text=text, by=now.world.imke, at=AT, **kwargs)


def found(person: Any, query: str = "") -> list[str]:
    return [row.number for row in signed_in(person).get(f"/beschluesse/{query}").context["page"].object_list]


def test_other_alliances_see_a_decision_once_the_minutes_are_out() -> None:
    now = held.running()
    taken(now)

    assert found(now.world.susanne) == ["A-2026-01"]
    assert found(now.world.hedwig) == []
    assert signed_in(now.world.hedwig).get("/beschluesse/A-2026-01/").status_code == 404

    now.meeting.minutes.state = "circulated"
    now.meeting.minutes.save()
    assert found(now.world.hedwig) == ["A-2026-01"]
    assert signed_in(now.world.hedwig).get("/beschluesse/A-2026-01/").status_code == 200


def test_every_word_and_every_filter_narrows() -> None:
    now = held.running()
    taken(now)
    taken(now, "Die Bücherei öffnet früher.")

    assert found(now.world.imke) == ["A-2026-02", "A-2026-01"]
    assert found(now.world.imke, "?q=bücherei früher") == ["A-2026-02"]
    assert found(now.world.imke, "?q=A-2026-01") == ["A-2026-01"]
    assert found(now.world.imke, "?buendnis=bildung") == []
    assert found(now.world.imke, "?stand=revoked") == []
    assert found(now.world.imke, "?jahr=2026&buendnis=arbeit&stand=adopted") == ["A-2026-02", "A-2026-01"]
    assert found(now.world.imke, "?jahr=unsinn&stand=unsinn") == ["A-2026-02", "A-2026-01"]


def test_table_is_read_by_spreadsheets_and_runs_nothing() -> None:
    now = held.running()
    taken(now, "=HYPERLINK(0); gefährlich")

    page = signed_in(now.world.imke).get("/beschluesse/tabelle.csv?q=gefährlich")

    rows = list(csv.reader(io.StringIO(page.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Nummer"
    assert rows[1][:4] == ["A-2026-01", "Arbeitsbündnis Arbeit", "19.11.2026", "'=HYPERLINK(0); gefährlich"]


TOO_LONG = "Das ist zu lang zum Suchen. Bitte nehmen Sie weniger Wörter."


@pytest.mark.parametrize(("length", "said", "rows"), [(200, 0, 0), (201, 1, None)])
def test_too_long_a_word_is_refused_in_a_sentence(length: int, said: int, rows: int | None) -> None:
    now = held.running()
    taken(now)

    page = signed_in(now.world.imke).get("/beschluesse/", {"q": "ä" * length})

    html = page.content.decode()
    shown = page.context.get("page")
    found = None if shown is None else shown.paginator.count
    assert (html.count(TOO_LONG), html.count("A-2026-01"), found) == (said, 0, rows)
    assert page.context["form"].typed["q"] == "ä" * length


@pytest.mark.parametrize(
    ("length", "status", "kind"), [(200, 200, "text/csv; charset=utf-8"), (201, 400, "text/html; charset=utf-8")]
)
def test_table_of_too_long_a_word_is_refused_and_not_the_whole_register(length: int, status: int, kind: str) -> None:
    now = held.running()
    taken(now)

    page = signed_in(now.world.imke).get("/beschluesse/tabelle.csv", {"q": "ä" * length})

    text = page.content.decode("utf-8-sig")
    assert (page.status_code, page["Content-Type"], text.count("A-2026-01")) == (status, kind, 0)
    assert text.count(TOO_LONG) == (status == 400)


def test_what_no_database_takes_is_left_out_of_the_words() -> None:
    now = held.running()
    taken(now)
    taken(now, "Die Bücherei öffnet früher.")

    assert found(now.world.imke, "?q=B%C3%BCcherei%00") == ["A-2026-02"]


def test_summary_counts_by_state() -> None:
    now = held.running()
    decisions.follow_up(taken(now), state="done", version=1, by=now.world.imke, at=AT)
    taken(now)

    known = decision_register.overview(sight_of(now.world.imke, at=LATER), at=LATER)

    assert known.sentence == "2\xa0Beschlüsse seit November 2026: 1 gefasst, 1 umgesetzt."


def follow_up(**said: object) -> dict[str, object]:
    return {"state": "in_progress", "follow_up_on": "2027-02-25", "note": "", "version": 1} | said


def test_fachstelle_follows_up_revokes_and_replaces() -> None:
    now = held.running()
    old, newer, newest = taken(now), taken(now), taken(now)
    client = signed_in(now.world.imke)

    client.post(f"/beschluesse/{old.number}/stand/", follow_up())
    assert Decision.objects.get(pk=old.pk).state == "in_progress"
    client.post(f"/beschluesse/{old.number}/aufheben/", {"reason": "Linie eingestellt"})
    assert Decision.objects.get(pk=old.pk).state == "revoked"
    client.post(f"/beschluesse/{newer.number}/ersetzen/", {"by_decision": newest.pk})
    assert Decision.objects.get(pk=newer.pk).superseded_by == newest


def test_page_says_when_whoever_is_responsible_is_asked() -> None:
    now = held.running()
    page, client = f"/beschluesse/{taken(now).number}/", signed_in(now.world.imke)
    said = (
        "Wird am Tag der Wiedervorlage per E-Mail gefragt. Tagt an diesem Tag das Arbeitsbündnis, kommt die Frage %(days)s "
        "früher. Eine zweite Frage kommt %(days)s nach der Wiedervorlage. Bleibt auch sie ohne Antwort, steht es auf Ihrem "
        "Schreibtisch."
    )

    counts = []
    for days, words in ((7, "7 Tage"), (1, "1 Tag")):
        typed = {name: getattr(reminder_rules.stored(), name) for name in ("version", *reminder_rules.RANGES)}
        client.post("/planung/erinnerungen/", typed | {"decision_again": days})
        shown = " ".join(client.get(page).content.decode().split())
        counts.append(shown.count(said % {"days": words}))
    assert counts == [1, 1]


def test_stale_follow_up_shows_both_texts_and_goes_through_the_second_time() -> None:
    now = held.running()
    decision = taken(now)
    address = f"/beschluesse/{decision.number}/stand/"
    client = signed_in(now.world.imke)
    client.post(address, follow_up(state="done", note="Steht im Fahrplan."))

    page = client.post(address, follow_up(note="Der Landkreis prüft noch."))

    html = page.content.decode()
    assert page.status_code == 409
    assert html.count("Notiz: „Steht im Fahrplan.“") == 1
    assert page.context["follow_up_form"]["note"].value() == "Der Landkreis prüft noch."
    assert Decision.objects.get().note == "Steht im Fahrplan."
    version = page.context["follow_up_form"]["version"].value()
    assert client.post(address, follow_up(note="Beides.", version=version)).status_code == 302
    assert Decision.objects.get().note == "Beides."


def test_revoking_without_a_reason_is_refused_beside_its_field() -> None:
    now = held.running()
    decision = taken(now)

    page = signed_in(now.world.imke).post(f"/beschluesse/{decision.number}/aufheben/", {"reason": ""})

    assert page.context["revoke_form"].errors.keys() == {"reason"}
    assert Decision.objects.get().state == "adopted"


def test_decision_that_answers_leads_to_the_question() -> None:
    scene = relay_scene.set_scene()
    sent, item = relay_scene.taken_up(scene)
    answer = relay_scene.decide(item)
    relay.answer_with_decision(sent, decision=answer, kind=RelayAnswerKind.FULL, by=scene.cast.imke, at=LATER)

    page = signed_in(scene.cast.imke).get(f"/beschluesse/{answer.number}/").content.decode()

    assert page.count(f'Antwort auf: <a href="/weiterleitungen/{sent.number}/">') == 1


def test_open_relays_are_named_before_their_decision_falls_and_it_can_stand_again() -> None:
    scene = relay_scene.set_scene()
    sent = relay_scene.hand_over(scene)
    decision, imke = scene.decision, signed_in(scene.cast.imke)
    page = f"/beschluesse/{decision.number}/"
    open_ones = f'Eine Weiterleitung ist noch offen: <a class="nowrap" href="/weiterleitungen/{sent.number}/">{sent.number}</a> an Arbeit.'
    before = Decision.objects.get(pk=decision.pk)

    assert imke.get(page).content.decode().count(open_ones) == 2  # in both forms
    fallen = imke.post(f"{page}aufheben/", {"reason": "Der falsche"}, follow=True).content.decode()
    assert (fallen.count(f"{decision.number} ist aufgehoben."), fallen.count(open_ones)) == (1, 1)
    for _tap in range(2):
        shown = imke.post(f"{page}wieder-gelten/", follow=True).content.decode()

    after = Decision.objects.get(pk=decision.pk)
    assert (after.state, after.follow_up_on, after.revoked_on, after.revocation_reason) == (
        before.state, before.follow_up_on, None, "",
    )  # fmt: skip
    assert shown.count("gilt wieder wie zuvor") == 1  # in its history


def test_question_kept_for_a_slip_is_asked_about_again_when_its_decision_falls_anew() -> None:
    scene = relay_scene.set_scene()
    sent = relay_scene.hand_over(scene)
    decision, imke = scene.decision, signed_in(scene.cast.imke)
    page, way = f"/beschluesse/{decision.number}/", f"/weiterleitungen/{sent.number}/"
    offered = []

    for _fall in range(2):
        imke.post(f"{page}aufheben/", {"reason": "Überholt."})
        imke.post(f"{way}weiterlaufen/")
        offered.append(Option.KEEP in relay_options.options(stored(sent)))
        imke.post(f"{page}wieder-gelten/")
    imke.post(f"{page}aufheben/", {"reason": "Überholt."})

    assert (offered, stored(sent).kept_at) == ([False, False], None)
    assert "Trotzdem weiterlaufen lassen" in imke.get(way).content.decode()


def test_replaced_one_stands_again_on_the_same_day_and_no_later() -> None:
    now = held.running()
    old, newer = taken(now), taken(now)
    decisions.supersede(old, by_decision=newer, by=now.world.imke, at=LATER)
    imke = signed_in(now.world.imke)

    with clock.frozen(LATER + dt.timedelta(days=1)):
        assert "Rückgängig machen" not in imke.get(f"/beschluesse/{old.number}/").content.decode()
        imke.post(f"/beschluesse/{old.number}/wieder-gelten/")
        assert Decision.objects.get(pk=old.pk).state == "superseded"
    imke.post(f"/beschluesse/{old.number}/wieder-gelten/")

    stored = Decision.objects.get(pk=old.pk)
    assert (stored.state, stored.superseded_by, stored.superseded_on) == ("adopted", None, None)


def test_refused_revocation_keeps_what_was_typed_and_is_said_beside_it() -> None:
    now = held.running()
    decision = taken(now)
    decisions.revoke(decision, reason="Von Jonas", by=now.world.imke, at=AT)

    page = signed_in(now.world.imke).post(f"/beschluesse/{decision.number}/aufheben/", {"reason": "Lange Begründung"})

    assert page.context["revoke_form"].non_field_errors()
    assert page.content.decode().count("Lange Begründung</textarea>") == 1


@pytest.mark.parametrize(("length", "errors"), [(5000, set()), (5001, {"reason"})])
def test_reason_of_a_revocation_is_bounded(length: int, errors: set[str]) -> None:
    now = held.running()

    assert set(RevokeForm({"reason": "ä" * length}, decision=taken(now)).errors) == errors


def test_only_decisions_that_hold_are_offered_to_take_its_place() -> None:
    now = held.running()
    old, newer = taken(now), taken(now)
    said = {"kind": "consensus", "text": "Nein", "by": now.world.imke, "at": AT}
    decisions.reject(now.closing, **said)
    decisions.postpone(now.opening, **said)
    decisions.take_back(taken(now), by=now.world.imke, at=AT)

    for form in (RevokeForm(decision=old), SupersedeForm(decision=old)):
        assert list(form.fields["by_decision"].queryset) == [newer]


def test_postponed_one_is_replaced_and_never_adopted_by_hand() -> None:
    now = held.running()
    old = decisions.postpone(now.closing, kind="consensus", text="Später", by=now.world.imke, at=AT)
    newer, client = taken(now), signed_in(now.world.imke)

    page = client.post(f"/beschluesse/{old.number}/stand/", follow_up(state="adopted"))
    assert page.context["follow_up_form"].non_field_errors() == ["Das geht nicht: A-2026-01 gilt nicht (vertagt)."]
    client.post(f"/beschluesse/{old.number}/ersetzen/", {"by_decision": newer.pk})

    stored = Decision.objects.get(pk=old.pk)
    assert (stored.state, stored.superseded_by) == ("superseded", newer)


@pytest.mark.parametrize("step", ["stand/", "aufheben/", "ersetzen/", "wieder-gelten/"])
def test_steps_are_for_the_fachstelle(step: str) -> None:
    now = held.running()
    decision = taken(now)

    assert signed_in(now.world.birgit).post(f"/beschluesse/{decision.number}/{step}").status_code == 403


@pytest.mark.parametrize(("name", "status"), [("corinna", 403), ("lueder", 403), ("sven", 403), ("theda", 200)])
def test_register_is_for_members_and_readers(name: str, status: int) -> None:
    now = held.running()

    assert signed_in(getattr(now.world, name)).get("/beschluesse/").status_code == status
    assert Client().get("/beschluesse/").status_code == 302


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_takes_the_same_queries(item_count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    now = held.running()
    DecisionFactory.create_batch(item_count, agenda_item=now.bus)
    client = signed_in(now.world.imke)

    # session, person, figures, decisions, their relays, alliances, topics, installation
    with django_assert_num_queries(8):
        client.get("/beschluesse/")


def test_slip_keeps_its_number_and_says_nothing_else() -> None:
    now = held.running()
    taken(now)
    slip = taken(now, "Die Bücherei schließt.")
    decisions.take_back(slip, by=now.world.imke, at=AT)
    member = signed_in(now.world.susanne)

    page = member.get("/beschluesse/").content.decode()

    assert (page.count("A-2026-02</a>"), page.count("Bücherei"), page.count("Irrtümlich erfasst")) == (1, 0, 1)
    assert "1 Beschluss seit November 2026: 1 gefasst. Dazu 1 Nummer, irrtümlich erfasst." in page.replace("\xa0", " ")
    assert found(now.world.susanne, "?q=Bücherei") == []
    for address in ("/beschluesse/tabelle.csv", f"/beschluesse/{slip.number}/"):
        assert "Bücherei" not in member.get(address).content.decode("utf-8-sig")
