"""Sending, planning and answering as the pages put it: bodies outside, kept drafts, units, cancelled meetings."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from buendnisse.models import Paper
from meetings.domain import relay, relay_turn
from meetings.domain.relay_turn import Turn
from meetings.enums import MeetingState, RelayAnswerKind, RelayKind, RelayState
from meetings.models import CircularVote, Meeting, Relay
from tests.factories.buendnisse import MembershipFactory
from tests.support.relay_pages import at_nine, imke, scene, token, words
from tests.support.relay_scene import Scene, hand_over, taken_up
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures


def outward(scene: Scene, **given: Any) -> Relay:
    return hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL, **given)


# --- To bodies outside, which get no mail ---------------------------------------------------------


def test_page_says_that_a_body_outside_gets_no_mail_and_offers_the_sheet(imke: Client, scene: Scene) -> None:
    form = {
        "form_key": str(uuid.uuid4()),
        "targets": [str(scene.committee.pk)],
        "kind": RelayKind.RECOMMENDATION_EXTERNAL,
        "subject": "Kinderbetreuung",
        "message": "Bitte planen Sie sie ein.",
        "schritt": "senden",
    }
    page = imke.post(f"/weiterleitungen/neu/?decision={scene.decision.pk}", form, follow=True).content.decode()

    sent = Relay.objects.get()
    assert f"Weitergeleitet. Bitte geben Sie es selbst weiter an: {scene.committee.name}." in page
    assert "in einer Minute" not in page
    assert f'href="/weiterleitungen/{sent.number}/pdf/"' in page or f"/weiterleitungen/{sent.number}/" in page


def test_it_is_the_fachstelles_turn_until_it_has_arrived_outside(scene: Scene) -> None:
    sent = outward(scene)
    turns = [relay_turn.waiting_for(sent, at=AT).turn]
    relay.acknowledge(sent, by=scene.cast.imke, at=AT)
    turns.append(relay_turn.waiting_for(sent, at=AT).turn)

    assert turns == [Turn.FACHSTELLE, Turn.TARGET]


# --- Kept drafts ----------------------------------------------------------------------------------


def test_draft_is_sent_knowing_when_its_target_meets(imke: Client, scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True, due_on=dt.date(2026, 12, 1))
    page = f"/weiterleitungen/{draft.number}/senden/"

    asked = imke.get(page).content.decode()
    assert "Bevor es hinausgeht" in asked
    button = asked.split('value="frist:')[1].split('"')[0]

    moved = imke.post(page, {"schritt": f"frist:{button}"})
    draft.refresh_from_db()
    assert (moved.headers["Location"], draft.state, draft.due_on) == (
        page,
        RelayState.DRAFT,
        dt.date.fromisoformat(button),
    )
    assert 'value="frist:' not in imke.get(page).content.decode()
    assert "Dieses Datum gibt es nicht." in imke.post(page, {"schritt": "frist:neulich"}).content.decode()

    imke.post(page, {"schritt": ""})
    draft.refresh_from_db()
    assert draft.state == RelayState.SENT


def test_draft_goes_on_to_a_vote_by_mail(imke: Client, scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True, due_on=dt.date(2026, 12, 1))

    gone = imke.post(f"/weiterleitungen/{draft.number}/senden/", {"schritt": f"abstimmen:{scene.cast.arbeit.pk}"})

    draft.refresh_from_db()
    assert draft.state == RelayState.SENT
    assert gone.headers["Location"].endswith(f"?bitte={draft.number}")
    assert not CircularVote.objects.exists()  # it is prepared there


# --- A unit's answer ------------------------------------------------------------------------------


def test_unit_answers_in_its_own_words(client: Client, scene: Scene) -> None:
    MembershipFactory(body=scene.unit, person=scene.cast.rolf, role="member")
    sent = hand_over(scene, to=scene.unit)
    secret = token(sent, scene.cast.rolf)

    assert ">Antworten</a>" in client.get(f"/weg/{secret}/").content.decode()
    page = client.get(f"/weg/{secret}/antwort/").content.decode()
    assert ("<h1>Ihre Antwort</h1>" in page, "Beschluss, der antwortet" in page) == (True, False)
    order = [page.index(words) for words in ("Was antworten Sie?", "Die Antwort ist", "Ein Brief dazu")]
    assert order == sorted(order)

    refused = client.post(f"/weg/{secret}/antwort/", {"words": " ", "answer_kind": "partial"})
    assert "Bitte schreiben Sie Ihre Antwort auf." in refused.content.decode()

    client.post(f"/weg/{secret}/antwort/", {"words": "Wir haben zwei Plätze.", "answer_kind": "partial"})
    sent.refresh_from_db()
    assert (sent.answer, sent.answer_kind) == ("Wir haben zwei Plätze.", RelayAnswerKind.PARTIAL)


# --- Words of the buttons -------------------------------------------------------------------------


def test_after_a_cancelled_meeting_it_is_planned_again(imke: Client, scene: Scene) -> None:
    sent, _item = taken_up(scene)
    Meeting.objects.filter(pk=scene.arbeit_march.pk).update(state=MeetingState.CANCELLED)

    assert ">Neu einplanen</a>" in imke.get(f"/weiterleitungen/{sent.number}/").content.decode()


def test_what_was_declined_may_be_theirs_after_all(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    relay.decline(sent, reason="Das macht Bildung.", by=scene.cast.birgit, at=AT)

    assert ">Doch zuständig</a>" in imke.get(f"/weiterleitungen/{sent.number}/").content.decode()
    assert "<h1>Doch zuständig?</h1>" in imke.get(f"/weiterleitungen/{sent.number}/angekommen/").content.decode()


def test_chair_hears_that_the_agenda_has_become_too_long(client: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    secret = token(sent, scene.cast.birgit)

    page = client.post(
        f"/weg/{secret}/aufnehmen/", {"meeting": scene.arbeit_march.pk, "minutes": "130"}, follow=True
    ).content.decode()

    assert "länger als die Sitzung. Ein Punkt muss kürzer werden." in page
    assert page.index("Bildung fragt") < page.index("Was Sie tun können")


def test_new_question_may_lean_on_answers(imke: Client, scene: Scene) -> None:
    before = hand_over(scene, to=scene.unit)
    relay.answer_with_text(before, words="Zwei Plätze.", by=scene.cast.imke, at=AT)
    page = f"/weiterleitungen/neu/?decision={scene.decision.pk}"
    label = f"{before.number}: {before.subject}, Antwort aus KMT"
    assert label in imke.get(page).content.decode()

    form = {
        "form_key": str(uuid.uuid4()),
        "targets": [str(scene.cast.arbeit.pk)],
        "kind": RelayKind.OPINION_REQUESTED,
        "subject": "Mehr Plätze",
        "message": "Wer zahlt sie?",
        "supporting": [str(before.pk)],
        "schritt": "senden",
    }
    imke.post(page, form)

    assert list(Relay.objects.get(subject="Mehr Plätze").supporting.all()) == [before]


def test_draft_leans_on_other_answers_as_long_as_it_is_one(imke: Client, scene: Scene) -> None:
    old, new = hand_over(scene, to=scene.unit), hand_over(scene, to=scene.unit, subject="Plätze am Abend")
    for one in (old, new):
        relay.answer_with_text(one, words="Zwei Plätze.", by=scene.cast.imke, at=AT)
    Relay.objects.filter(pk=old.pk).update(answered_at=AT - dt.timedelta(days=500))
    draft = hand_over(scene, as_draft=True, supporting=[old])
    where = f"/weiterleitungen/{draft.number}/aendern/"
    typed = {"version": draft.version, "subject": draft.subject, "message": draft.message, "due_on": "2027-04-17"}

    page = imke.get(where)
    assert page.context["form"]["supporting"].value() == [str(old.pk)]
    for one in (old, new):
        assert page.content.decode().count(f"{one.number}: {one.subject}, Antwort aus KMT") == 1

    imke.post(where, typed | {"supporting": [str(new.pk)]})
    assert list(draft.supporting.all()) == [new]
    stale = imke.post(where, typed)
    assert (stale.status_code, list(draft.supporting.all())) == (409, [new])
    assert f"Stützt sich auf {new.number}" in stale.content.decode()

    relay.send(Relay.objects.get(pk=draft.pk), by=scene.cast.imke, at=AT)
    imke.post(where, typed | {"version": draft.version + 1, "supporting": []})
    assert list(draft.supporting.all()) == [new]


def test_draft_takes_other_papers(imke: Client, scene: Scene) -> None:
    item = scene.topic
    first, second = (Paper.objects.create(slug=f"p-{number}", title="Liste", dated=AT.date()) for number in range(2))
    item.papers.set([first, second])
    draft = hand_over(scene, as_draft=True, papers=[first])
    where = f"/weiterleitungen/{draft.number}/aendern/"
    typed = {"version": draft.version, "subject": draft.subject, "message": draft.message}

    assert imke.get(where).context["form"]["papers"].value() == [str(first.pk)]
    imke.post(where, typed | {"papers": [str(second.pk)]})

    assert list(draft.papers.all()) == [second]


def test_draft_taken_up_once_more_leans_on_what_is_chosen_now(imke: Client, scene: Scene) -> None:
    before = hand_over(scene, to=scene.unit)
    relay.answer_with_text(before, words="Zwei Plätze.", by=scene.cast.imke, at=AT)
    where, typed = f"/weiterleitungen/neu/?decision={scene.decision.pk}", words(scene, schritt="entwurf")
    imke.post(where, typed)

    imke.post(where, typed | {"schritt": "senden", "supporting": [str(before.pk)]})

    [sent] = Relay.objects.exclude(pk=before.pk)
    assert (sent.state, list(sent.supporting.all())) == (RelayState.SENT, [before])


def test_what_answers_another_body_is_not_merged_and_says_so_at_once(imke: Client, scene: Scene) -> None:
    sent, item = taken_up(scene)

    page = imke.get(f"/sitzungen/{scene.arbeit_march.slug}/tagesordnung/{item.pk}/zusammenlegen/").content.decode()

    assert f"Dieser Punkt beantwortet die Weiterleitung {sent.number}." in page
    assert 'name="reason"' not in page
