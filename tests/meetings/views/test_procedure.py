"""The Fachstelle writes down how an alliance decides, and the desk goes by it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from buendnisse.domain import procedure
from buendnisse.enums import NamesRule
from buendnisse.models import Alliance, Change
from meetings.domain import quorum
from tests.meetings import district
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

PAGE = "/planung/regeln/bildung/beschluesse/"
SENTENCE = "Mindestens drei Viertel der Organisationen sind da"


@pytest.fixture
def cast() -> World:
    return district.build()


def bildung() -> Alliance:
    return Alliance.objects.get(slug="bildung")


def typed(**changed: Any) -> dict[str, Any]:
    held = procedure.of(bildung())
    facts = {name: getattr(held, name) for name in procedure.Procedure.__dataclass_fields__} | {"version": 1}
    facts |= changed
    return {name: value for name, value in facts.items() if value is not False}


def test_rules_are_kept_and_told_on_the_page_of_the_alliance(desk: Client) -> None:
    wanted = {"counts_votes": "on", "quorum_share": "0.75", "quorum_rule": SENTENCE, "objection_days": 21}

    answer = desk.post(PAGE, typed(**wanted), follow=True)

    kept = bildung()
    assert (kept.counts_votes, kept.quorum_share, kept.objection_days) == (True, Decimal("0.75"), 21)
    assert (answer.redirect_chain, kept.rule_version) == ([("/buendnisse/bildung/", 302)], 2)
    assert f"<p>{SENTENCE}.</p>" in answer.content.decode()
    change = Change.objects.get(verb="body.rule_changed")
    assert change.data == {"fields": ["counts_votes", "quorum_share", "objection_days", "quorum_rule"]}


def test_saving_what_holds_already_changes_nothing(desk: Client) -> None:
    desk.post(PAGE, typed())

    assert (bildung().rule_version, Change.objects.filter(verb="body.rule_changed").count()) == (1, 0)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("objection_days", "6", "Bitte wählen Sie 7 bis 42 Tage."),
        ("objection_days", "43", "Bitte wählen Sie 7 bis 42 Tage."),
        ("circular_days", "viele", "Bitte wählen Sie 3 bis 28 Tage."),
        ("circular_days", "", "Bitte wählen Sie 3 bis 28 Tage."),
    ],
)
def test_days_out_of_bounds_are_refused_and_stay_typed(desk: Client, field: str, value: str, sentence: str) -> None:
    page = desk.post(PAGE, typed(**{field: value}, majority_rule="nach Gespräch"))

    assert page.context["form"].errors == {field: [sentence]}
    assert page.context["form"]["majority_rule"].value() == "nach Gespräch"
    assert bildung().rule_version == 1


def test_second_writer_is_shown_what_holds_and_decides(desk: Client, cast: World) -> None:
    held = procedure.of(bildung())
    other = procedure.Procedure(**vars(held) | {"objection_days": 28, "names_rule": NamesRule.NONE})
    procedure.change(bildung(), other, version=1, by=cast.imke, at=AT)

    page = desk.post(PAGE, typed(objection_days=10))
    assert (page.status_code, page.context["stale"]["objection_days"].value()) == (409, 28)
    assert page.context["form"]["objection_days"].value() == "10"
    said = dict(page.context["stale"].in_words)
    assert [said[label] for label in ("Stimmen werden gezählt", "Wen das Protokoll nennt")] == [
        "nein",
        "Niemand wird genannt",
    ]

    desk.post(PAGE, page.context["form"].data)
    assert bildung().objection_days == 10


@pytest.mark.parametrize(("organisations", "enough"), [(2, 2), (9, 5), (10, 6), (100, 51)])
def test_more_than_half_is_more_than_half(organisations: int, enough: int) -> None:
    assert quorum.needed(organisations, 0.51) == enough
