"""What comes from a page that is old, or from a form that is sent once more: refused, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.domain import agenda, relay, relay_ground, relay_rules, relay_steer, relay_turn, relay_ways
from meetings.enums import DecisionState, RelayKind, RelayState
from meetings.models import AgendaItem, Decision, Relay
from tests.factories.buendnisse import AllianceFactory
from tests.factories.meetings import AgendaItemFactory
from tests.support.relay_pages import NEW, at_nine, imke, scene, token, words
from tests.support.relay_scene import Scene, hand_over
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures


def test_chair_cannot_refuse_what_is_only_for_information(client: Client, scene: Scene) -> None:
    sent = hand_over(scene, kind=RelayKind.FOR_INFORMATION, due_on=None)
    where = reverse("meetings:relay_link_act", args=[token(sent, scene.cast.birgit), "nicht-zustaendig"])

    shown = client.post(where, {"reason": "Das ist nichts für uns."})

    sent.refresh_from_db()
    assert (shown.status_code, sent.state) == (409, RelayState.ON_AGENDA)
    assert shown.content.decode().count("Das ist nichts für uns.") == 1


@pytest.mark.parametrize(("option", "data"), [("beraten", {}), ("neue-frist", {"due_on": "2027-05-05"})])
def test_what_is_only_for_information_is_neither_discussed_nor_due(
    imke: Client, scene: Scene, option: str, data: dict[str, str]
) -> None:
    sent = hand_over(scene, kind=RelayKind.FOR_INFORMATION, due_on=None)

    shown = imke.post(f"/weiterleitungen/{sent.number}/{option}/", data)

    sent.refresh_from_db()
    assert (shown.status_code, sent.state, sent.due_on) == (409, RelayState.ON_AGENDA, None)


def test_recommendation_outside_gets_an_outcome_and_no_answer(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)

    shown = imke.post(f"/weiterleitungen/{sent.number}/antwort/", {"answer_kind": "full", "words": "Ja, gern."})

    sent.refresh_from_db()
    assert (shown.status_code, sent.state, sent.answer) == (409, RelayState.SENT, "")
    assert shown.content.decode().count("Ja, gern.") == 1


def test_verbs_refuse_what_the_pages_do_not_offer(scene: Scene) -> None:
    told = hand_over(scene, kind=RelayKind.FOR_INFORMATION, due_on=None)
    outside = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    who: dict[str, Any] = {"by": scene.cast.imke, "at": AT}

    for refused in (
        lambda: relay.decline(told, reason="Nein.", **who),
        lambda: relay.discuss(told, **who),
        lambda: relay_steer.move_due(told, due_on=dt.date(2027, 5, 5), **who),
        lambda: relay.answer_with_text(outside, words="Ja.", **who),
        lambda: relay.answer_with_decision(told, decision=scene.decision, kind="full", **who),
    ):
        with pytest.raises(relay_rules.KindDoesNotFit):
            refused()


def test_draft_kept_then_back_then_sent_is_sent_with_the_words_of_now(imke: Client, scene: Scene) -> None:
    where, typed = f"{NEW}?decision={scene.decision.pk}", words(scene, schritt="entwurf")
    imke.post(where, typed)

    shown = imke.post(where, typed | {"schritt": "senden", "message": "Wann und wo fehlt sie?"}, follow=True)

    sent = Relay.objects.get()
    assert (sent.state, sent.message) == (RelayState.SENT, "Wann und wo fehlt sie?")
    assert shown.content.decode().count("Weitergeleitet. Die Mail geht") == 1


def test_draft_worded_on_its_page_is_not_overwritten_by_an_older_form(imke: Client, scene: Scene) -> None:
    where, typed = f"{NEW}?decision={scene.decision.pk}", words(scene, schritt="entwurf")
    imke.post(where, typed)
    draft = Relay.objects.get()
    newer: dict[str, Any] = {"subject": draft.subject, "message": "Ab wann?", "due_on": draft.due_on}
    relay.reword(draft, **newer, version=draft.version, by=scene.cast.imke, at=AT)

    shown = imke.post(where, typed | {"schritt": "senden"})

    draft.refresh_from_db()
    assert (draft.state, draft.message) == (RelayState.DRAFT, "Ab wann?")
    assert shown.content.decode().count("Wann fehlt sie?") == 1


def test_due_date_lies_within_two_years_and_on_top_of_what_was_read(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    where = f"/weiterleitungen/{sent.number}/neue-frist/"

    far = imke.post(where, {"due_on": "9999-12-31", "version": sent.version})
    relay_steer.move_due(sent, due_on=dt.date(2027, 5, 4), by=scene.cast.imke, at=AT)
    late = imke.post(where, {"due_on": "2027-05-05", "version": sent.version - 1})

    assert far.content.decode().count("mehr als zwei Jahre hin") >= 1
    assert (late.status_code, Relay.objects.get().due_on) == (409, dt.date(2027, 5, 4))
    imke.post(where, {"due_on": "2027-05-05", "version": sent.version})
    assert Relay.objects.get().due_on == dt.date(2027, 5, 5)


def waiting(one: Relay) -> tuple[bool, str]:
    stored = Relay.objects.select_related(*relay_turn.RELATED).get(pk=one.pk)
    listed = relay_turn.listed(Relay.objects.filter(pk=one.pk)).get()
    said = relay_turn.waiting_for(stored, at=AT).otherwise
    assert relay_turn.waiting_for(listed, at=AT).otherwise == said
    return relay_ground.has_lost_its_ground(stored), said


def test_topic_given_up_at_home_is_said_of_what_travels(scene: Scene) -> None:
    item = AgendaItemFactory(meeting=scene.bildung_february, state="accepted", proposer=scene.cast.susanne)
    sent = hand_over(scene, source=item)
    assert waiting(sent)[0] is False

    agenda.decline(item, reason="Erledigt.", by=scene.cast.imke, at=AT)

    lost, said = waiting(sent)
    assert (lost, said.startswith("Das Thema dahinter ist nicht mehr auf dem Weg: ")) == (True, True)


def test_draft_of_a_fallen_decision_is_not_offered_to_run_on(scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    Decision.objects.filter(pk=scene.decision.pk).update(state=DecisionState.REVOKED, revoked_on=AT.date())

    lost, said = waiting(draft)
    assert (lost, said.endswith(" aufgehoben. Nehmen Sie den Entwurf zurück.")) == (True, True)


def test_number_typed_in_small_letters_finds_its_decision(imke: Client, scene: Scene) -> None:
    assert imke.get("/beschluesse/b-2026-02/").status_code == 200


def test_what_stands_there_as_a_proposal_is_taken_up_with_its_button(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    AgendaItem.objects.filter(pk=item.pk).update(state="proposed", position=0)
    assert "Nehmen Sie ihn auf?" in imke.get(f"/weiterleitungen/{sent.number}/").content.decode()

    imke.post(f"/weiterleitungen/{sent.number}/aufnehmen/", {"meeting": scene.arbeit_march.pk, "minutes": "20"})

    item.refresh_from_db()
    assert (item.state, item.meeting, item.position > 0) == ("accepted", scene.arbeit_march, True)
    assert AgendaItem.objects.filter(answers=sent).count() == 1


def test_where_no_meeting_is_planned_the_page_says_so(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene, to=scene.cast.gesellschaft)
    page = imke.get(f"/weiterleitungen/{sent.number}/aufnehmen/").content.decode()

    assert page.count("Die Fachstelle plant sie, dann steht sie hier zur Wahl.") == 1


@pytest.mark.parametrize("more", [0, 2])
def test_ways_of_all_alliances_cost_two_queries_for_their_rows(
    imke: Client, scene: Scene, django_assert_num_queries: Any, more: int
) -> None:
    for number in range(more):
        AllianceFactory(name=f"Neu {number}", slug=f"neu-{number}", prefix=f"N{number}").may_relay_to.add(
            scene.committee
        )
    with django_assert_num_queries(2):
        ways = {one.name: [body.pk for body in one.ways] for one in relay_ways.sources(at=AT)}

    assert len(ways) == 3 + more
    assert ways[scene.cast.bildung.name] == list(
        scene.cast.bildung.may_relay_to.order_by("kind", "pk").values_list("pk", flat=True)
    )
