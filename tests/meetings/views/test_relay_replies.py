"""What another body asks, where it is decided: shown at the desk and on the wall, answered in full or not, put right."""

from __future__ import annotations

from typing import Any

import pytest

from buendnisse import clock
from meetings.domain import relay, relay_report, writing
from meetings.enums import Happened, RelayAnswerKind, RelayState
from meetings.models import AgendaItem, Decision, Relay
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory, RelayFactory
from tests.meetings import held
from tests.meetings.held import AT, Held
from tests.support.clients import signed_in
from tests.support.relay_scene import decide, set_scene, taken_up, verbs

pytestmark = pytest.mark.django_db

LIVE = "/sitzungen/2026-q4-arbeit/sitzung/"
PAPER = "/sitzungen/2026-q4-arbeit/nachtragen/"
QUESTION = "Wann fährt abends ein Bus?"


def asked(now: Held) -> Relay:
    """Bildung asks what Arbeit talks about in its second item."""
    before = MeetingFactory(alliance=now.world.bildung, state="held")
    topic = AgendaItemFactory(meeting=before, title="Kurse am Abend", state="discussed")
    source = DecisionFactory(number="B-2026-02", agenda_item=topic, text="Bildung fragt nach.")
    one: Relay = RelayFactory(
        source=now.world.bildung,
        target=now.world.arbeit,
        source_decision=source,
        source_item=topic,
        message=QUESTION,
        state="on_agenda",
        target_item=now.bus,
    )
    AgendaItem.objects.filter(pk=now.bus.pk).update(answers=one)
    return one


def said(**given: Any) -> dict[str, Any]:
    return {"text": "Der Bus fährt.", "kind": "acknowledgement", "outcome": "adopted"} | given


def test_desk_shows_what_is_asked_and_takes_an_answer_with_conditions() -> None:
    now = held.running()
    one = asked(now)
    client = signed_in(now.world.imke)

    with clock.frozen(AT):
        page = client.get(f"{LIVE}?punkt={now.bus.pk}").content.decode()
        client.post(
            f"{LIVE}{now.bus.pk}/beschluss/", said(answer_kind="conditional", answer_words="Wenn das Geld reicht.")
        )

    for words in (QUESTION, "Bildung fragt", "Bildung fragt nach.", "/beschluesse/B-2026-02/", "Die Antwort ist"):
        assert words in page
    one.refresh_from_db()
    assert (one.state, one.answer_kind, one.answer) == (RelayState.RETURNED, "conditional", "Wenn das Geld reicht.")


def test_desk_asks_nothing_about_an_answer_under_other_items() -> None:
    now = held.running()
    one = asked(now)
    client = signed_in(now.world.imke)

    with clock.frozen(AT):
        assert "Die Antwort ist" not in client.get(f"{LIVE}?punkt={now.opening.pk}").content.decode()
        client.post(f"{LIVE}{now.bus.pk}/beschluss/", said())
        assert "Die Antwort ist" not in client.get(f"{LIVE}?punkt={now.bus.pk}").content.decode()

    one.refresh_from_db()
    assert (one.answer_kind, one.answer) == (RelayAnswerKind.FULL, "")


def test_slip_comes_back_into_the_form_with_what_it_answered() -> None:
    now = held.running()
    one = asked(now)
    client = signed_in(now.world.imke)

    with clock.frozen(AT):
        client.post(f"{LIVE}{now.bus.pk}/beschluss/", said(answer_kind="partial", answer_words="Nur werktags."))
        page = client.post(f"{LIVE}beschluss/{Decision.objects.get(meeting=now.meeting).pk}/zuruecknehmen/")

    form = page.context["decision_form"].initial
    assert (form["answer_kind"], form["answer_words"]) == ("partial", "Nur werktags.")
    one.refresh_from_db()
    assert (one.state, one.answer_kind) == (RelayState.DISCUSSED, "")


def test_paper_form_asks_it_too_where_an_item_answers() -> None:
    now = held.running()
    one = asked(now)
    client = signed_in(now.world.imke)
    fields: dict[str, Any] = {}
    for item in (now.opening, now.bus, now.closing):
        fields |= {f"i{item.pk}-result": "", f"i{item.pk}-version": item.version}
    pk = now.bus.pk
    fields |= {f"d{pk}-{name}": value for name, value in said(answer_kind="partial").items()}

    with clock.frozen(AT):
        page = client.get(PAPER).content.decode()
        client.post(PAPER, fields)

    assert page.count("Die Antwort ist") == 1
    assert QUESTION in page
    one.refresh_from_db()
    assert one.answer_kind == RelayAnswerKind.PARTIAL


def test_wall_shows_what_is_asked_but_nothing_that_became_confidential() -> None:
    now = held.running()
    one = asked(now)
    client = signed_in(now.world.imke)

    with clock.frozen(AT):
        writing.claim(now.meeting, by=now.world.imke, at=AT, window="w", item=now.bus, take_over=True)
        page = client.get(f"{LIVE}beamer/").content.decode()
        assert (QUESTION in page, "Bildung fragt nach." in page) == (True, True)

        assert one.source_item is not None
        one.source_item.confidential_to.set([now.world.imke.organisation])
        page = client.get(f"{LIVE}beamer/").content.decode()
    assert (QUESTION in page, "Bildung fragt nach." in page) == (False, False)


def test_who_presents_at_home_presents_elsewhere_only_as_a_member_there() -> None:
    scene = set_scene()
    for person, there in ((scene.cast.susanne, scene.cast.susanne), (scene.cast.theda, None)):
        AgendaItem.objects.filter(pk=scene.topic.pk).update(presenter=person)
        scene.decision.refresh_from_db()
        sent, item = taken_up(scene)
        assert item.presenter == there
        relay.withdraw(sent, reason="Versehen", by=scene.cast.imke, at=AT)


def test_kind_of_an_answer_is_put_right_until_it_is_read() -> None:
    scene = set_scene()
    sent, item = taken_up(scene)
    relay.answer_from_decision(decide(item), by=scene.cast.imke, at=AT)
    sent.refresh_from_db()
    client = signed_in(scene.cast.imke)
    page = f"/weiterleitungen/{sent.number}/antwort-aendern/"

    with clock.frozen(AT):
        assert page in client.get(f"/weiterleitungen/{sent.number}/").content.decode()
        form = {"version": str(sent.version), "answer_kind": "conditional", "words": "Ab Januar."}
        assert client.post(page, form).status_code == 302
        stale = client.post(page, form | {"words": "Ab Februar."})

    sent.refresh_from_db()
    assert (sent.answer_kind, sent.answer) == ("conditional", "Ab Januar.")
    assert verbs(sent)[-1] == Happened.RELAY_ANSWER_CORRECTED
    assert (stale.status_code, "Ab Januar." in stale.content.decode(), "Ab Februar." in stale.content.decode()) == (
        409,
        True,
        True,
    )
    relay_report.close(sent, at=AT)
    with clock.frozen(AT):
        assert "Das geht gerade nicht." in client.get(page).content.decode()
