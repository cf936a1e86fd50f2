"""The board, the way, a new relay and each act: who comes in, what is shown, what is refused."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from meetings.domain import relay
from meetings.enums import DecisionState, MinutesState, RelayKind, RelayOutcome, RelayState
from meetings.models import AgendaItem, Decision, Minutes, Relay
from tests.support.clients import signed_in
from tests.support.relay_pages import BOARD, act, at_nine, imke, page_of, scene, state
from tests.support.relay_scene import Scene, decide, hand_over
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures

# --- Who comes in ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), [("birgit", 200), ("theda", 200), ("lueder", 403)])
def test_board_and_way_are_for_members_of_all_bodies(client: Client, scene: Scene, name: str, status: int) -> None:
    sent = hand_over(scene)
    client.force_login(getattr(scene.cast, name))

    assert [client.get(address).status_code for address in (BOARD, page_of(sent))] == [status, status]


@pytest.mark.parametrize("name", ["birgit", "theda", "lueder"])
def test_only_the_fachstelle_acts(client: Client, scene: Scene, name: str) -> None:
    sent = hand_over(scene)
    client.force_login(getattr(scene.cast, name))

    assert client.post(act(sent, "zuruecknehmen"), {"reason": "Weg damit."}).status_code == 403
    assert client.get(f"{BOARD}neu/?decision={scene.decision.pk}").status_code == 403
    assert state(sent) == RelayState.SENT


def test_draft_is_nobody_elses_business(client: Client, scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    client.force_login(scene.cast.birgit)

    assert client.get(page_of(draft)).status_code == 404


def test_stranger_is_asked_to_sign_in(client: Client, scene: Scene) -> None:
    assert client.get(BOARD).status_code == 302


# --- A new one ------------------------------------------------------------------------------------


def new_words(scene: Scene, **given: Any) -> dict[str, Any]:
    return {
        "form_key": str(uuid.uuid4()),
        "targets": [str(scene.cast.arbeit.pk)],
        "kind": RelayKind.OPINION_REQUESTED,
        "subject": "Kinderbetreuung",
        "message": "Wann fehlt sie?",
        "due_on": "2026-12-01",
        "schritt": "pruefen",
    } | given


def test_nothing_is_sent_before_the_dates_were_shown(imke: Client, scene: Scene) -> None:
    address = f"{BOARD}neu/?decision={scene.decision.pk}"
    shown = imke.post(address, new_words(scene))

    assert Relay.objects.count() == 0
    assert [outlook.due_is_too_early for outlook in shown.context["outlooks"]] == [True]
    assert "Die Frist endet am" in shown.content.decode()


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"due_on": "2026-11-22"}, "due_on", "Der 22.\xa0November\xa02026 ist schon vorbei."),
        (
            {"targets": "committee"},
            "kind",
            "Jugendhilfeausschuss bekommt von uns nur Empfehlungen oder etwas zur Kenntnis, keine Bitten.",
        ),
    ],
)
def test_what_sending_would_refuse_is_said_where_dates_are_shown(
    imke: Client, scene: Scene, given: dict[str, Any], field: str, said: str
) -> None:
    if "targets" in given:
        given = {"targets": [str(scene.committee.pk)]}
        said = said.replace("Jugendhilfeausschuss", scene.committee.word)

    page = imke.post(f"{BOARD}neu/?decision={scene.decision.pk}", new_words(scene, **given))

    assert (page.context["form"].errors, page.context["outlooks"]) == ({field: [said]}, [])


def test_draft_past_its_date_is_not_offered_to_be_sent(imke: Client, scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    Relay.objects.filter(pk=draft.pk).update(due_on=AT.date() - dt.timedelta(days=8))

    page = imke.get(act(draft, "senden")).content.decode()

    assert (page.count("Jetzt senden"), page.count("ist schon vorbei. So lässt sich der Entwurf nicht senden.")) == (
        0,
        1,
    )
    assert page.count(act(draft, "aendern")) == 1


@pytest.mark.parametrize(("due", "begins"), [(-3, -3), (0, 0), (9, 0)])
def test_outcome_begins_with_a_day_that_has_come(imke: Client, scene: Scene, due: int, begins: int) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    today = AT.date()
    Relay.objects.filter(pk=sent.pk).update(due_on=today + dt.timedelta(days=due))

    form = imke.get(act(sent, "ergebnis")).context["form"]

    assert form.initial["on"] == today + dt.timedelta(days=begins)


def test_sending_makes_one_relay_a_target_and_a_double_tap_no_second(imke: Client, scene: Scene) -> None:
    address = f"{BOARD}neu/?decision={scene.decision.pk}"
    both = [str(scene.cast.arbeit.pk), str(scene.cast.gesellschaft.pk)]
    words = new_words(scene, schritt="senden", targets=both)
    imke.post(address, words)
    imke.post(address, words)

    assert list(Relay.objects.order_by("pk").values_list("number", "state")) == [
        ("W-2026-01", RelayState.SENT),
        ("W-2026-02", RelayState.SENT),
    ]


def test_draft_is_kept_unsent(imke: Client, scene: Scene) -> None:
    answer = imke.post(f"{BOARD}neu/?decision={scene.decision.pk}", new_words(scene, schritt="entwurf"))

    assert (answer["Location"], Relay.objects.get().state) == (f"{BOARD}W-2026-01/", RelayState.DRAFT)


def test_refusal_keeps_what_was_typed(imke: Client, scene: Scene) -> None:
    words = new_words(scene, schritt="senden", kind=RelayKind.RECOMMENDATION_EXTERNAL)
    page = imke.post(f"{BOARD}neu/?decision={scene.decision.pk}", words).content.decode()

    assert Relay.objects.count() == 0
    assert "Eine Empfehlung an Dritte geht nicht an" in page
    assert "Wann fehlt sie?" in page


def test_second_round_begins_with_the_first_ones_words(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    relay.decline(sent, reason="Nicht bei uns.", by=scene.cast.imke, at=AT)
    form = imke.get(f"{BOARD}neu/?folgt={sent.number}").context["form"]
    assert (form.initial["subject"], form.initial["targets"]) == (sent.subject, [str(scene.cast.arbeit.pk)])

    imke.post(f"{BOARD}neu/?folgt={sent.number}", new_words(scene, schritt="senden"))
    assert Relay.objects.latest("pk").follows == sent


def test_without_a_source_one_is_chosen(imke: Client, scene: Scene) -> None:
    assert imke.get(f"{BOARD}neu/").context["decisions"] == [scene.decision]

    Decision.objects.filter(pk=scene.decision.pk).update(decided_on=dt.date(2024, 5, 7))
    asked = {"": [], "stellung": [scene.decision], scene.decision.number: [scene.decision], "Rufbus": []}
    pages = {words: imke.get(f"{BOARD}neu/", {"q": words}) for words in asked}
    assert {words: page.context["decisions"] for words, page in pages.items()} == asked
    assert "Dazu haben wir keinen Beschluss gefunden, der gilt." in pages["Rufbus"].content.decode()


# --- The acts -------------------------------------------------------------------------------------


def test_take_up_by_the_page(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    answer = imke.post(act(sent, "aufnehmen"), {"meeting": scene.arbeit_march.pk, "minutes": "25"})

    assert answer["Location"] == page_of(sent)
    item = AgendaItem.objects.get(answers=sent)
    assert (item.meeting, item.duration_minutes, state(sent)) == (scene.arbeit_march, 25, RelayState.ON_AGENDA)


@pytest.mark.parametrize("option", ["nicht-zustaendig", "zuruecknehmen"])
def test_reason_is_asked_for_beside_its_field(imke: Client, scene: Scene, option: str) -> None:
    sent = hand_over(scene)
    page = imke.post(act(sent, option), {"reason": ""})

    assert (page.status_code, list(page.context["form"].errors), state(sent)) == (200, ["reason"], RelayState.SENT)


def test_answer_names_a_decision_of_the_target(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    decision = decide(AgendaItem.objects.create(meeting=scene.arbeit_december, alliance=scene.cast.arbeit, title="T"))
    imke.post(act(sent, "antwort"), {"decision": decision.pk, "answer_kind": "full", "words": ""})

    assert Relay.objects.get(pk=sent.pk).answer_decision == decision


def test_answer_needs_a_decision_or_words(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene, to=scene.unit)
    page = imke.post(act(sent, "antwort"), {"answer_kind": "full", "words": " "})

    assert list(page.context["form"].errors) == ["words"]


def test_outcome_by_the_page(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    imke.post(act(sent, "ergebnis"), {"outcome": RelayOutcome.APPROVED, "on": "2026-11-23", "words": "Einstimmig."})

    assert (state(sent), Relay.objects.get(pk=sent.pk).outcome_text) == (RelayState.RETURNED, "Einstimmig.")


def test_a_get_never_acts(imke: Client, scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)

    assert imke.get(act(draft, "senden")).status_code == 200
    assert state(draft) == RelayState.DRAFT


def test_act_that_is_over_says_so(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)

    assert "Das geht gerade nicht." in imke.get(act(sent, "senden")).content.decode()
    answer = imke.post(act(sent, "senden"))
    assert (answer.status_code, "Das geht gerade nicht." in answer.content.decode()) == (409, True)


def test_unknown_act_and_relay_are_not_found(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)

    assert imke.get(act(sent, "unsinn")).status_code == 404
    assert imke.get(f"{BOARD}W-1999-01/").status_code == 404


# --- The way --------------------------------------------------------------------------------------


def test_way_shows_both_wordings_and_the_days(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    decision = decide(item, number="A-2027-01", decided_on=dt.date(2027, 3, 11))
    relay.answer_from_decision(decision, by=scene.cast.imke, at=dt.datetime(2027, 3, 11, 12, 0, tzinfo=dt.UTC))

    page = imke.get(page_of(sent)).content.decode()
    told = re.sub(r"<[^>]+>|\s+", " ", page)
    for words in (scene.decision.text, sent.message, decision.text, "Antwort nach 108 Tagen"):
        assert words in re.sub(r"\s+", " ", told)
    assert "<svg" in page
    assert "style=" not in page


def test_way_holds_the_whole_tree(imke: Client, scene: Scene) -> None:
    first = hand_over(scene)
    item = relay.take_up(first, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    answer = decide(item)
    relay.answer_from_decision(answer, by=scene.cast.imke, at=AT)
    first.refresh_from_db()
    onward = hand_over(scene, source=answer, to=scene.cast.gesellschaft)
    second = hand_over(scene, follows=first)
    unrelated = hand_over(scene, source=scene.topic, to=scene.unit)

    path = imke.get(page_of(onward)).context["path"]
    assert [leg.relay for leg in path.legs] == [first, onward, second]
    assert [body.word for body in path.lanes] == ["Bildung", "Arbeit", "Gesellschaft"]
    assert unrelated not in [leg.relay for leg in path.legs]


def test_confidential_wording_stays_with_those_it_is_for(client: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    item = relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)
    item.confidential_to.add(scene.cast.birgit.organisation)
    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AT)

    client.force_login(scene.cast.birgit)
    assert "Betreuung fehlt vor allem" in client.get(page_of(sent)).content.decode()
    client.force_login(scene.cast.theda)
    page = client.get(page_of(sent)).content.decode()
    assert ("Betreuung fehlt vor allem" in page, "Der Wortlaut ist vertraulich." in page) == (False, True)


def test_way_ends_for_members_where_something_confidential_begins(client: Client, scene: Scene) -> None:
    first = hand_over(scene, to=scene.unit)
    relay.answer_with_text(first, words="Ja.", by=scene.cast.imke, at=AT)
    first.refresh_from_db()
    other = AgendaItem.objects.create(meeting=scene.bildung_november, alliance=scene.cast.bildung, title="Kurse")
    kept = hand_over(scene, to=scene.unit, follows=first, source=scene.topic)
    beyond = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL, source=scene.topic)
    kept.supporting.add(beyond)
    scene.topic.confidential_to.add(scene.cast.imke.organisation)
    Relay.objects.filter(pk=first.pk).update(source_decision=decide(other, number="B-2026-09"), source_item=other)

    def numbers(one: Relay) -> list[str]:
        return [leg.relay.number for leg in client.get(page_of(one)).context["path"].legs]

    client.force_login(scene.cast.imke)
    assert numbers(first) == [first.number, kept.number, beyond.number]
    client.force_login(scene.cast.birgit)
    assert numbers(first) == [first.number]
    assert client.get(page_of(kept)).status_code == 404


def test_decision_that_fell_on_the_way_is_shown(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    Decision.objects.filter(pk=scene.decision.pk).update(state=DecisionState.REVOKED, revoked_on=AT.date())

    assert "Die Bitte ist trotzdem noch unterwegs." in imke.get(page_of(sent)).content.decode()


def test_way_as_pdf(imke: Client, scene: Scene) -> None:
    answer = imke.get(reverse("meetings:relay_pdf", args=[hand_over(scene).number]))

    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_way_by_link_needs_no_sign_in(client: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    link = links.grant(
        scene.cast.susanne, purpose=LinkPurpose.RELAY, subject=sent, until=AT + dt.timedelta(days=9), at=AT
    )

    page = client.get(reverse("meetings:relay_link", args=[links.token(link)]))
    assert (page.status_code, sent.message in page.content.decode()) == (200, True)


@pytest.mark.parametrize("count", [1, 3])
def test_way_needs_the_same_queries_for_any_number(
    imke: Client, scene: Scene, count: int, django_assert_num_queries: Any
) -> None:
    sent = [hand_over(scene) for _number in range(count)]

    with django_assert_num_queries(10):
        imke.get(page_of(sent[0]))


@pytest.mark.parametrize(
    ("state", "name", "is_out", "queries"),
    [
        ("closed", "imke", True, 9),
        ("closed", "birgit", True, 9),
        ("closed", "theda", True, 9),
        ("closed", "theda", False, 10),
        ("returned", "imke", True, 10),
        ("returned", "birgit", True, 10),
    ],
)
def test_way_of_twelve_relays_needs_few_queries(
    scene: Scene, *, state: str, name: str, is_out: bool, queries: int, django_assert_num_queries: Any
) -> None:
    """A member costs one more, for what they may see; so do words kept from them, and a report that is still to come."""
    written = MinutesState.CIRCULATED if is_out else MinutesState.DRAFT
    Minutes.objects.create(meeting=scene.bildung_november, state=written)
    Decision.objects.update(meeting=scene.bildung_november)
    sent = [hand_over(scene, to=scene.unit) for _number in range(12)]
    for one in sent:
        relay.answer_with_text(one, words="Ja.", by=scene.cast.imke, at=AT)
    Relay.objects.update(state=state)
    client = signed_in(getattr(scene.cast, name))
    client.get(page_of(sent[0]))

    with django_assert_num_queries(queries):
        page = client.get(page_of(sent[0]))
    assert len(page.context["path"].legs) == 12


@pytest.mark.parametrize("number", ["²", "9" * 5000, "9" * 30, "0"])
@pytest.mark.parametrize("name", ["decision", "item"])
def test_source_that_is_no_number_is_no_page(imke: Client, name: str, number: str) -> None:
    assert imke.get(f"{BOARD}neu/", {name: number}).status_code == 404


@pytest.mark.parametrize(("name", "words"), [("imke", "Weiterleitungen"), ("birgit", "Bitten und Antworten")])
def test_way_up_from_an_act_is_named_as_its_reader_calls_it(scene: Scene, name: str, words: str) -> None:
    page = signed_in(getattr(scene.cast, name)).get(act(hand_over(scene), "nicht-zustaendig")).content.decode()

    assert page.count(f'<a href="{BOARD}">{words}</a>') == 1
