"""Integrationsprozess: told by the Fachstelle, read by the members of all bodies."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.domain import process
from buendnisse.models import Alliance, Change, Contact, Person, ProcessStage, Topic
from tests import world
from tests.support.clients import signed_in
from tests.world import AT, World

pytestmark = pytest.mark.django_db
PAGE = "/integrationsprozess/"


@pytest.fixture
def cast() -> Iterator[World]:
    with clock.frozen(AT):
        made = world.build()
        Person.objects.update(may_sign_in=True)
        yield made


def stage(cast: World, name: str, number: int = 1, **facts: Any) -> ProcessStage:
    return process.add(name=name, **facts, form_key=uuid.UUID(int=number), by=cast.imke, at=AT)


def names(cast: World) -> list[str]:
    return [one.stage.name for one in signed_in(cast.hedwig).get(PAGE).context["stages"]]


def said(name: str, version: int = 1, **more: Any) -> dict[str, Any]:
    return {"form_key": uuid.UUID(int=7), "version": version, "name": name, **more}


def test_a_stage_is_added_once_and_read_by_members(cast: World) -> None:
    topic = Topic.objects.create(slug="sprache", name="Sprache")
    Contact.objects.create(topic=topic, person=cast.birgit, phone="00000 1")
    form = said("Deutsch lernen", topics=[topic.pk], bodies=[cast.bildung.pk], offers="Sprachcafé\n\n Kurs ")
    desk = signed_in(cast.imke)
    for _tap in range(2):
        page = desk.post(f"{PAGE}neu/", form, follow=True)
    assert [str(one) for one in page.context["messages"]] == ["Die Stufe ist angelegt. Sie steht am Ende."]

    (one,) = signed_in(cast.hedwig).get(PAGE).context["stages"]

    assert (one.number, one.stage.offer_lines, one.bodies) == (1, ["Sprachcafé", "Kurs"], [cast.bildung.body_ptr])
    assert [contact.person for contact in one.contacts] == [cast.birgit]
    assert list(Change.objects.filter(verb="process.added").values_list("by", flat=True)) == [cast.imke.pk]


def test_chosen_people_take_the_place_of_those_of_the_topics_and_who_left_is_not_named(cast: World) -> None:
    topic = Topic.objects.create(slug="arbeit", name="Arbeit")
    Contact.objects.create(topic=topic, person=cast.birgit)
    chosen = Contact.objects.create(topic=topic, person=cast.susanne)
    stage(cast, "Arbeiten", topics=[topic], contacts=[chosen])

    def asked() -> list[Person]:
        (one,) = signed_in(cast.hedwig).get(PAGE).context["stages"]
        return [contact.person for contact in one.contacts]

    assert asked() == [cast.susanne]
    Person.objects.filter(pk=cast.susanne.pk).update(active_until=AT.date() - dt.timedelta(days=1))
    assert asked() == [cast.birgit]


def test_order_leaving_out_and_bringing_back(cast: World) -> None:
    first, second, third = (stage(cast, name, number) for number, name in enumerate("ABC", start=1))
    desk = signed_in(cast.imke)

    def press(one: ProcessStage, what: str) -> list[str]:
        desk.post(f"{PAGE}{one.pk}/stelle/", {"do": what})
        return names(cast)

    assert press(third, "earlier") == ["A", "C", "B"]
    assert press(first, "earlier") == ["A", "C", "B"]
    assert press(second, "later") == ["A", "C", "B"]
    assert press(third, "end") == ["A", "B"]
    assert press(third, "later") == ["A", "B"]
    assert press(third, "back") == ["A", "C", "B"]
    assert press(third, "nonsense") == ["A", "C", "B"]


def test_what_two_save_at_once_is_shown_to_the_second(cast: World) -> None:
    one = stage(cast, "Ankommen", text="Neu hier.")
    desk = signed_in(cast.imke)
    desk.post(f"{PAGE}{one.pk}/aendern/", said("Ankommen im Landkreis", version=1))

    again = desk.post(f"{PAGE}{one.pk}/aendern/", said("Willkommen", version=1, text="Mein langer Text"))

    assert again.status_code == 409
    assert again.context["differing"] == [
        ("Name der Stufe", "Willkommen", "Ankommen im Landkreis"),
        ("Was geschieht hier?", "Mein langer Text", "–"),
    ]
    assert again.context["form"]["text"].value() == "Mein langer Text"
    assert names(cast) == ["Ankommen im Landkreis"]
    desk.post(f"{PAGE}{one.pk}/aendern/", said("Willkommen", version=again.context["form"]["version"].value()))
    assert names(cast) == ["Willkommen"]
    history = [entry.what for entry in desk.get(f"{PAGE}{one.pk}/aendern/").context["history"]]
    assert history == ["geändert: Name der Stufe", "geändert: Name der Stufe, Was geschieht hier", "angelegt"]


def test_what_has_ended_stays_in_a_stage_that_has_it(cast: World) -> None:
    over = Topic.objects.create(slug="alt", name="Alt")
    contact = Contact.objects.create(topic=over, person=cast.birgit)
    one = stage(cast, "Ankommen", topics=[over], bodies=[cast.bildung], contacts=[contact])
    gone = AT.date() - dt.timedelta(days=1)
    Topic.objects.update(ended_on=gone)
    Contact.objects.update(ended_on=gone)
    Alliance.objects.filter(pk=cast.bildung.pk).update(valid_until=gone)
    desk, page = signed_in(cast.imke), f"{PAGE}{one.pk}/aendern/"
    form = desk.get(page).context["form"]

    typed = {name: form[name].value() for name in form.fields} | {"text": "Neu hier."}
    assert desk.post(page, typed).status_code == 302
    one.refresh_from_db()
    assert one.text == "Neu hier."
    assert [list(rows.all()) for rows in (one.topics, one.bodies, one.contacts)] == [
        [over],
        [cast.bildung.body_ptr],
        [contact],
    ]


def test_more_than_twenty_are_refused_in_words_and_nothing_typed_is_lost(cast: World) -> None:
    for number in range(20):
        stage(cast, f"Stufe {number}", number + 10)

    page = signed_in(cast.imke).post(f"{PAGE}neu/", said("Noch eine"))

    assert page.context["form"].non_field_errors() == [
        "Mehr als 20 Stufen passen nicht in ein Bild. Bitte lassen Sie erst eine weg."
    ]
    assert page.context["form"]["name"].value() == "Noch eine"
    assert ProcessStage.objects.count() == 20


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_any_number(cast: World, number: int, django_assert_max_num_queries: Any) -> None:
    for one in range(number):
        topic = Topic.objects.create(slug=f"t{one}", name=f"T{one}")
        Contact.objects.create(topic=topic, person=cast.birgit)
        stage(cast, f"Stufe {one}", one + 1, topics=[topic], bodies=[cast.bildung, cast.arbeit])
    reader = signed_in(cast.hedwig)
    reader.get(PAGE)

    with django_assert_max_num_queries(10):
        reader.get(PAGE)
