"""What the Fachstelle and those who are asked do with a relay on its pages, signed in and by the letter's link."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import decisions, relay, relay_options, relay_path, relay_undo
from meetings.domain.relay_options import Option
from meetings.enums import DecisionKind, DecisionState, RelayKind, RelayState
from meetings.models import AgendaItem, CircularVote, Decision, Meeting, Relay
from notifications.domain import desk_relays
from tests.factories.buendnisse import MembershipFactory
from tests.support.relay_pages import NEW, at_nine, imke, scene, token, words
from tests.support.relay_scene import Scene, decide, hand_over, meeting, taken_up
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures


# --- By the letter's link -------------------------------------------------------------------------


def test_chair_takes_it_up_from_the_letter_and_takes_that_back(client: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    secret = token(sent, scene.cast.birgit)
    page = client.get(f"/weg/{secret}/").content.decode()
    assert f"/weg/{secret}/aufnehmen/" in page
    assert f"/weg/{secret}/zuruecknehmen/" not in page

    with clock.frozen(AT + dt.timedelta(seconds=5)):
        done = client.post(
            f"/weg/{secret}/aufnehmen/", {"meeting": scene.arbeit_march.pk, "minutes": "15"}, follow=True
        )
        item = AgendaItem.objects.get(answers=sent)
        assert (item.meeting, item.duration_minutes) == (scene.arbeit_march, 15)
        step = relay_undo.last_step(Relay.objects.get(), at=clock.now())
        assert step is not None
        assert (step.by, step.via) == (scene.cast.birgit, Via.LINK)
        assert f'action="/weg/{secret}/schritt-zuruecknehmen/"' in done.content.decode()
        client.post(f"/weg/{secret}/schritt-zuruecknehmen/", {"step": step.pk})

    assert (Relay.objects.get().state, AgendaItem.objects.filter(answers=sent).count()) == (RelayState.SENT, 0)


def test_chair_says_by_the_link_that_it_is_not_theirs(client: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    client.post(f"/weg/{token(sent, scene.cast.birgit)}/nicht-zustaendig/", {"reason": "Das regelt die Gemeinde."})

    assert (Relay.objects.get().state, Relay.objects.get().reason) == (RelayState.DECLINED, "Das regelt die Gemeinde.")


@pytest.mark.parametrize("who", ["susanne", "hedwig", "theda"])
def test_who_only_reads_it_does_nothing_by_the_link(client: Client, scene: Scene, who: str) -> None:
    sent = hand_over(scene)
    secret = token(sent, getattr(scene.cast, who))

    assert "Was Sie tun können" not in client.get(f"/weg/{secret}/").content.decode()
    assert client.post(f"/weg/{secret}/nicht-zustaendig/", {"reason": "Nein."}).status_code == 403
    assert client.post(f"/weg/{secret}/schritt-zuruecknehmen/", {"step": "1"}).status_code == 403
    assert Relay.objects.get().state == RelayState.SENT


def test_unit_answers_by_the_link(client: Client, scene: Scene) -> None:
    MembershipFactory(body=scene.unit, person=scene.cast.hedwig)
    sent = hand_over(scene, to=scene.unit)
    answer = {"answer_kind": "full", "words": "Die Liste kommt am Montag."}
    client.post(f"/weg/{token(sent, scene.cast.hedwig)}/antwort/", answer)

    assert (Relay.objects.get().state, Relay.objects.get().answer) == (RelayState.RETURNED, answer["words"])


def test_a_get_by_the_link_never_acts(client: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    secret = token(sent, scene.cast.birgit)

    answers = [client.get(f"/weg/{secret}/{option}/").status_code for option in ("aufnehmen", "angekommen", "unsinn")]
    assert (answers, Relay.objects.get().state) == ([200, 200, 404], RelayState.SENT)


# --- Signed in ------------------------------------------------------------------------------------


def test_chair_signed_in_does_what_is_theirs_and_no_more(client: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    client.force_login(scene.cast.birgit)

    assert client.post(f"/weiterleitungen/{sent.number}/angekommen/").status_code == 302
    assert client.post(f"/weiterleitungen/{sent.number}/antwort/", {"words": "Ja."}).status_code == 403
    assert Relay.objects.get().state == RelayState.ACKNOWLEDGED


def test_what_was_typed_stays_beside_what_is_stored(imke: Client, scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    relay.reword(draft, subject="Neu", message="Neue Frage?", due_on=None, version=1, by=scene.cast.imke, at=AT)
    posted = {"subject": "Alt", "message": "Alte Frage?", "cover": "", "due_on": "", "version": "1"}
    page = imke.post(f"/weiterleitungen/{draft.number}/aendern/", posted)
    shown = page.content.decode()

    assert (page.status_code, "Neue Frage?" in shown, "Alte Frage?" in shown) == (409, True, True)
    imke.post(f"/weiterleitungen/{draft.number}/aendern/", posted | {"version": "2"})
    assert Relay.objects.get().message == "Alte Frage?"


def test_put_off_from_its_page(imke: Client, scene: Scene) -> None:
    sent, _item = taken_up(scene)
    june = meeting(scene.cast.arbeit, 2027, 6, 10, quarter="2027-Q2")
    imke.post(f"/weiterleitungen/{sent.number}/vertagen/", {"to": str(june.pk), "reason": "Keine Zeit."})

    item = Relay.objects.select_related("target_item__meeting").get().target_item
    assert item is not None
    assert item.meeting == june


def test_refused_putting_off_keeps_the_words(imke: Client, scene: Scene) -> None:
    sent, _item = taken_up(scene)
    page = imke.post(f"/weiterleitungen/{sent.number}/vertagen/", {"to": "themenspeicher", "reason": " "})

    assert (page.status_code, list(page.context["form"].errors)) == (200, ["reason"])


def test_letter_of_the_committee_lies_with_its_answer(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    letter = SimpleUploadedFile("antwort.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf")
    outcome = {"outcome": "approved", "on": "2026-11-23", "words": "Bewilligt.", "letter": letter}
    imke.post(f"/weiterleitungen/{sent.number}/ergebnis/", outcome)

    paper = Relay.objects.get().answer_papers.get()
    assert (paper.title, list(paper.bodies.all())) == (
        f"Antwort aus {scene.committee.word}: Kinderbetreuung während der Kurse",
        [sent.source],
    )
    page = imke.get(f"/weiterleitungen/{sent.number}/").content.decode()
    assert f'Schreiben dazu: <a href="/unterlagen/{paper.slug}/1/">{paper.title}</a>' in page
    outsider = relay_path.path(Relay.objects.get(), reader=scene.cast.hedwig, at=AT)
    insider = relay_path.path(Relay.objects.get(), reader=scene.cast.susanne, at=AT)
    assert [[stop.papers for stop in way.stops] for way in (outsider, insider)] == [[(), ()], [(), (paper,)]]


def test_letter_of_the_committee_is_read_by_link_and_goes_with_the_answer(
    imke: Client, client: Client, scene: Scene
) -> None:
    sent = hand_over(scene, to=scene.committee, kind=RelayKind.RECOMMENDATION_EXTERNAL)
    letter = SimpleUploadedFile("antwort.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf")
    outcome = {"outcome": "approved", "on": "2026-11-23", "words": "Bewilligt.", "letter": letter}
    imke.post(f"/weiterleitungen/{sent.number}/ergebnis/", outcome)
    paper = Relay.objects.get().answer_papers.get()

    ways = [f"/weg/{token(sent, who)}/" for who in (scene.cast.susanne, scene.cast.hedwig)]
    shown = [client.get(way).content.decode().count(f'href="unterlage/{paper.slug}/"') for way in ways]
    files = [client.get(f"{way}unterlage/{paper.slug}/") for way in ways]
    assert (shown, [file.status_code for file in files]) == ([1, 0], [200, 404])
    assert b"".join(files[0].streaming_content).startswith(b"%PDF")

    step = relay_undo.last_step(Relay.objects.get(), at=AT)
    assert step is not None
    relay_undo.take_back(sent, step=step.pk, by=scene.cast.imke, at=AT)
    paper.refresh_from_db()
    assert (paper.ended_on, list(Relay.objects.get().answer_papers.all())) == (AT.date(), [])
    assert client.get(f"{ways[0]}unterlage/{paper.slug}/").status_code == 404


def test_draft_of_a_fallen_decision_can_only_be_taken_back(imke: Client, scene: Scene) -> None:
    draft = hand_over(scene, as_draft=True)
    assert [offer.option for offer in relay_options.offers(draft, scene.cast.imke, at=AT)] == [
        Option.SEND,
        Option.REWORD,
        Option.WITHDRAW,
    ]
    decisions.revoke(scene.decision, reason="Überholt.", by=scene.cast.imke, at=AT)

    page = imke.get(f"/weiterleitungen/{draft.number}/").content.decode()
    fallen = relay_options.offers(Relay.objects.get(), scene.cast.imke, at=AT)
    assert ([offer.option for offer in fallen], "/senden/" in page) == ([Option.WITHDRAW], False)


def test_fallen_decision_offers_its_choices(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    Decision.objects.filter(pk=scene.decision.pk).update(
        state=DecisionState.REVOKED, revoked_on=AT.date(), revocation_reason="Überholt."
    )
    page = imke.get(f"/weiterleitungen/{sent.number}/").content.decode()
    assert "Trotzdem weiterlaufen lassen" in page

    imke.post(f"/weiterleitungen/{sent.number}/weiterlaufen/")
    assert Relay.objects.get().kept_at == AT


def test_vote_by_mail_about_it_begins_with_its_words(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene, cover="In den Kursen sitzen 40 Eltern.")
    there = imke.post(f"/weiterleitungen/{sent.number}/abstimmen/")["Location"]
    form = imke.get(there).context["form"]

    assert there == f"/abstimmungen/neu/?bitte={sent.number}"
    begin = {name: form.initial[name] for name in ("subject", "text", "background")}
    background = f"Bildung fragt: {sent.message}\n\n{sent.cover}"
    assert begin == {"subject": sent.subject, "text": "", "background": background}
    assert CircularVote.objects.count() == 0


@pytest.mark.parametrize("end", [relay.withdraw, relay.decline])
def test_vote_typed_about_what_ended_meanwhile_says_so_beside_the_words(
    imke: Client, scene: Scene, end: Callable[..., None]
) -> None:
    sent = hand_over(scene)
    there = imke.post(f"/weiterleitungen/{sent.number}/abstimmen/")["Location"]
    typed = {
        **imke.get(there).context["form"].initial,
        "text": "Wir stimmen zu, dass geholfen wird.",
        "kind": DecisionKind.RESOLUTION,
    }
    end(sent, reason="Anders geklärt.", by=scene.cast.imke, at=AT)
    page = imke.post(there, typed | {"form_key": str(uuid.uuid4()), "version": 1})

    form, now = page.context["form"], Relay.objects.get()
    said = f"Die Bitte {sent.number} ist nicht offen ({now.get_state_display()}). Zu ihr wird nicht abgestimmt."
    assert (page.status_code, form.errors) == (200, {"__all__": [said]})
    assert form["text"].value() == "Wir stimmen zu, dass geholfen wird."
    assert (CircularVote.objects.count(), AgendaItem.objects.filter(answers=sent).count()) == (0, 0)
    assert imke.get(there).status_code == 404


# --- Before it goes out ---------------------------------------------------------------------------


def test_page_before_sending_says_when_it_can_enter_and_offers_a_date(imke: Client, scene: Scene) -> None:
    address = f"{NEW}?decision={scene.decision.pk}"
    page = imke.post(address, words(scene, schritt="pruefen"))
    told = " ".join(page.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())
    assert (
        "Die nächste Sitzung ist am Donnerstag, 3. Dezember 2026. Als Nachtrag kommt es hinein bis 30. November" in told
    )
    assert "Neue Frist: 10. Dezember 2026" in told

    again = imke.post(address, words(scene, schritt="frist:2026-12-10"))
    assert again.context["form"].cleaned_data["due_on"] == dt.date(2026, 12, 10)
    assert [one.due_is_too_early for one in again.context["outlooks"]] == [False]
    assert Relay.objects.count() == 0


def test_closed_agenda_leaves_the_word_of_mouth_or_the_meeting_after(imke: Client, scene: Scene) -> None:
    with clock.frozen(dt.datetime(2026, 12, 2, 8, 0, tzinfo=dt.UTC)):
        page = imke.post(f"{NEW}?decision={scene.decision.pk}", words(scene, schritt="pruefen", due_on="2027-04-01"))
    told = " ".join(page.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())

    assert "Es geht dort nur noch mündlich, wenn es eilt." in told
    assert "Die Sitzung danach ist am Donnerstag, 11. März 2027." in told
    assert "Die Frist am 1. April 2027 liegt danach." in told


def test_sending_into_a_vote_by_mail(imke: Client, scene: Scene) -> None:
    step = f"abstimmen:{scene.cast.arbeit.pk}"
    there = imke.post(f"{NEW}?decision={scene.decision.pk}", words(scene, schritt=step))["Location"]

    sent = Relay.objects.get()
    assert (there, sent.target_id) == (f"/abstimmungen/neu/?bitte={sent.number}", scene.cast.arbeit.pk)


def test_sent_with_both_texts_and_taken_back_by_its_button(imke: Client, scene: Scene) -> None:
    imke.post(f"{NEW}?beschluss={scene.decision.number}", words(scene))
    sent = Relay.objects.get()
    assert (sent.message, sent.cover) == ("Wann fehlt sie?", "In den Kursen sitzen 40 Eltern.")

    step = Change.objects.of(sent).get()
    imke.post(f"/weiterleitungen/{sent.number}/schritt-zuruecknehmen/", {"step": step.pk})
    assert Relay.objects.get().state == RelayState.DRAFT


def test_fallen_source_is_said_before_anybody_types(imke: Client, scene: Scene) -> None:
    Decision.objects.filter(pk=scene.decision.pk).update(state=DecisionState.REJECTED)

    assert "B-2026-02 gilt nicht" in imke.get(f"{NEW}?decision={scene.decision.pk}").content.decode()


def test_second_round_carries_what_replaced_the_decision(imke: Client, scene: Scene) -> None:
    sent = hand_over(scene)
    newer = Decision.objects.create(
        number="B-2026-09",
        alliance=scene.cast.bildung,
        kind="consensus",
        text="Neu.",
        decided_on=AT.date(),
        state=DecisionState.ADOPTED,
    )
    Decision.objects.filter(pk=scene.decision.pk).update(
        state=DecisionState.SUPERSEDED, superseded_on=AT.date(), superseded_by=newer
    )
    relay.withdraw(sent, reason="Es gibt einen neuen Beschluss.", by=scene.cast.imke, at=AT)
    page = imke.get(f"{NEW}?folgt={sent.number}")

    assert (page.context["source"], page.context["fallen"]) == (newer, "")


def test_ways_are_kept_by_the_fachstelle(imke: Client, scene: Scene) -> None:
    address = reverse("meetings:relay_ways_change", args=[scene.cast.bildung.slug])
    form = imke.get(address).context["form"]
    imke.post(address, {"targets": [str(scene.cast.arbeit.pk)], "seen": form.initial["seen"]})
    assert list(scene.cast.bildung.may_relay_to.all()) == [scene.cast.arbeit.body_ptr]

    stale = imke.post(address, {"targets": [str(scene.unit.pk)], "seen": form.initial["seen"]})
    assert (stale.status_code, stale.context["stored"]) == (409, ["Arbeitsbündnis Arbeit"])
    assert scene.cast.arbeit.name in imke.get(reverse("meetings:relay_ways")).content.decode()


def test_what_was_put_off_to_no_meeting_says_so(imke: Client, scene: Scene) -> None:
    Meeting.objects.filter(alliance=scene.cast.arbeit, start__gt=scene.arbeit_march.start).delete()
    sent, _item = taken_up(scene)
    address = f"/weiterleitungen/{sent.number}/vertagen/"
    assert "Eine spätere Sitzung ist noch nicht geplant." in imke.get(address).content.decode()

    imke.post(address, {"to": "themenspeicher", "reason": "Es fehlen Zahlen."})

    pages = [imke.get(where).content.decode() for where in ("/weiterleitungen/", f"/weiterleitungen/{sent.number}/")]
    assert ["ertagt, im Themenspeicher" in page for page in pages] == [True, True]
    assert ["uf der Tagesordnung</s" in page for page in pages] == [False, False]


def test_fallen_answer_is_said_on_the_way(imke: Client, scene: Scene) -> None:
    sent, item = taken_up(scene)
    answer = decide(item)
    relay.answer_from_decision(answer, by=scene.cast.imke, at=AT)
    decisions.revoke(answer, reason="Überholt.", by=scene.cast.imke, at=AT)

    page = imke.get(f"/weiterleitungen/{sent.number}/").content.decode()
    said = f"Die Antwort gilt so nicht mehr: {answer.number} wurde am 23. November 2026 aufgehoben."
    assert said in page.replace("\N{NO-BREAK SPACE}", " ")
    [line] = desk_relays.fallen(at=AT)
    assert (line.title, line.href) == (
        f"Antwort aus Arbeit gilt nicht mehr: {sent.subject}",
        f"/weiterleitungen/{sent.number}/",
    )
    assert list(desk_relays.fallen(at=AT + dt.timedelta(days=15))) == []
