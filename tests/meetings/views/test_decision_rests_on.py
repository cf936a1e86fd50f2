"""A decision names the answer it rests on, and the way of the matter goes on to it."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

import pytest
from django.test import Client

from buendnisse import clock
from buendnisse.models import Change, Person
from meetings.adapters import path_pdf, path_picture
from meetings.domain import relay, relay_path
from meetings.enums import Happened
from meetings.models import Decision, Relay
from tests.factories.buendnisse import OrganisationFactory
from tests.factories.meetings import AgendaItemFactory, DecisionFactory
from tests.support.relay_pages import at_nine, imke, scene
from tests.support.relay_scene import AFTER, Scene, hand_over, meeting
from tests.world import AT

pytestmark = pytest.mark.django_db
__all__ = ["at_nine", "imke", "scene"]  # fixtures

LATER = dt.datetime(2027, 5, 20, 8, 0, tzinfo=dt.UTC)


def decided_later(scene: Scene) -> tuple[Relay, Decision]:
    """Arbeit has answered in words; in May Bildung decides about it."""
    sent = hand_over(scene)
    relay.answer_with_text(sent, words="Ab 16 Uhr.", by=scene.cast.imke, at=AFTER)
    may = meeting(scene.cast.bildung, 2027, 5, 12, quarter="2027-Q2")
    item = AgendaItemFactory(meeting=may, title="Betreuung ab 16 Uhr", state="discussed")
    decision = DecisionFactory(
        number="B-2027-03",
        agenda_item=item,
        text="Bildung empfiehlt Betreuung ab 16 Uhr.",
        decided_on=dt.date(2027, 5, 12),
    )
    return sent, decision


def page(decision: Decision) -> str:
    return f"/beschluesse/{decision.number}/beruht-auf/"


def test_named_answer_leads_on_to_the_decision(imke: Client, scene: Scene) -> None:
    sent, decision = decided_later(scene)
    with clock.frozen(LATER):
        form = imke.get(page(decision)).context["form"]
        assert [pk for pk, _words in form.fields["on"].choices] == [str(sent.pk), "keine"]
        imke.post(page(decision), {"on": sent.pk, "version": decision.version})
        shown = imke.get(f"/beschluesse/{decision.number}/").content.decode()

    way = relay_path.path(Relay.objects.get(pk=sent.pk), reader=scene.cast.imke, at=LATER)
    assert [(stop.body.word, stop.verb) for stop in way.stops] == [
        ("Bildung", "beschließt"),
        ("Arbeit", "antwortet"),
        ("Bildung", "beschließt"),
    ]
    assert way.stops[-1].decision == decision
    assert [(flow.start, flow.end) for flow in way.flows] == [(way.stops[1], way.stops[2])]
    assert shown.count(f'Antwort aus Arbeit: <a href="/weiterleitungen/{sent.number}/">') == 1
    assert Change.objects.of(decision).filter(verb=Happened.DECISION_RESTED, data__relay=sent.pk).count() == 1
    path_picture.draw(way)
    assert path_pdf.document(way, at=LATER)["steps"][-1]["title"] == "Bildung beschließt"


def test_relay_of_that_decision_is_on_the_same_way(scene: Scene) -> None:
    sent, decision = decided_later(scene)
    Decision.objects.filter(pk=decision.pk).update(rests_on=sent)
    onward = hand_over(scene, source=decision, to=scene.cast.gesellschaft, at=LATER, due_on=None)

    way = relay_path.path(Relay.objects.get(pk=sent.pk), reader=scene.cast.imke, at=LATER)
    assert [leg.relay.number for leg in way.legs] == [sent.number, onward.number]
    assert [(flow.start, flow.end) for flow in way.flows] == [(way.legs[0].end, way.legs[1].start)]


def test_who_may_not_read_the_decision_sees_no_trace_of_it(scene: Scene) -> None:
    sent, decision = decided_later(scene)
    Decision.objects.filter(pk=decision.pk).update(rests_on=sent)

    way = relay_path.path(Relay.objects.get(pk=sent.pk), reader=scene.cast.hedwig, at=LATER)
    assert (len(way.stops), way.flows) == (2, ())


def test_decision_page_names_it_to_those_only_who_may_see_the_relay(imke: Client, scene: Scene) -> None:
    sent, decision = decided_later(scene)
    Decision.objects.filter(pk=decision.pk).update(rests_on=sent)
    Person.objects.update(may_sign_in=True)
    member = Client()
    member.force_login(scene.cast.susanne)

    def named() -> list[tuple[int, int]]:
        with clock.frozen(LATER):
            pages = [one.get(f"/beschluesse/{decision.number}/").content.decode() for one in (imke, member)]
        return [(page.count("<dt>Beruht auf</dt>"), page.count(f">{sent.number}</a>")) for page in pages]

    assert named() == [(1, 1), (1, 1)]
    scene.topic.confidential_to.add(OrganisationFactory())
    assert named() == [(1, 1), (0, 0)]


def test_answer_that_came_later_is_not_offered_and_an_old_form_is_refused(imke: Client, scene: Scene) -> None:
    sent, decision = decided_later(scene)
    early = scene.decision
    assert imke.get(page(early)).context["answers"] == []
    assert imke.post(page(early), {"on": sent.pk, "version": early.version}).context["form"].errors.keys() == {"on"}

    Decision.objects.filter(pk=decision.pk).update(version=decision.version + 1)
    with clock.frozen(LATER):
        stale = imke.post(page(decision), {"on": sent.pk, "version": decision.version})
        assert stale.status_code == HTTPStatus.CONFLICT
        again = {"on": sent.pk, "version": stale.context["form"]["version"].value()}
        imke.post(page(decision), again)
    assert Decision.objects.get(pk=decision.pk).rests_on == sent
    assert clock.local_date(AT) < decision.decided_on
