"""A fourth body and one outside, as data: what they begin with, what is refused, and how they end."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from buendnisse.domain import periods
from buendnisse.domain.alliance_rules import RuleRefused, StaleRule
from buendnisse.domain.records import RecordRefused
from buendnisse.models import Alliance, Body, StandingItem
from meetings.domain import bodies, planning, relay_ways, standing
from meetings.domain.planning import PlanRefused
from meetings.domain.relay_rules import RelayRefused
from meetings.domain.relay_ways import WaysChanged
from tests import world
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)

GROUP: dict[str, Any] = {
    "name": "Steuerungsgruppe Integration",
    "short_name": "Steuerungsgruppe",
    "prefix": "SG",
    "mandate": "Lenken",
}


@pytest.fixture
def cast() -> World:
    return world.build()


def set_up(cast: World, **changed: Any) -> Body:
    facts = {"kind": "committee", "slug": "", "form_key": uuid.UUID(int=5)} | GROUP | changed
    return bodies.add(by=cast.imke, at=AT, **facts)


def test_group_begins_with_the_usual_frame_and_plans_its_first_meeting(cast: World) -> None:
    group = set_up(cast)
    assert isinstance(group, Alliance)
    assert (group.slug, group.meets, group.word, group.mark) == ("steuerungsgruppe", True, "Steuerungsgruppe", "x")
    assert group.named == "Gremium „Steuerungsgruppe Integration“"
    assert set_up(cast).pk == group.pk  # a second tap

    start = dt.datetime(2026, 12, 14, 9, tzinfo=dt.UTC)
    facts: dict[str, Any] = {"quarter": "2026-Q4", "mode": "on_site", "venue": cast.venue, "form_key": uuid.UUID(int=6)}
    meeting = planning.plan(group, start=start, end=start + dt.timedelta(hours=2), by=cast.imke, at=AT, **facts)
    planning.confirm(meeting, by=cast.imke, at=AT)

    assert standing.ensure_standing_items(meeting) == 3
    assert [item.title for item in meeting.agenda_items.order_by("position")] == [
        "Begrüßung, Tagesordnung, Protokoll der letzten Sitzung",
        "Bericht der Fachstelle: Weiterleitungen, Antworten, Beschlüsse",
        "Verschiedenes und nächste Termine",
    ]
    assert StandingItem.objects.filter(alliance=group, ended_on=TODAY).values_list("code", flat=True).get() == "units"


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"slug": "arbeit"}, "slug", "Die Adresse „arbeit“ hat schon jemand anderes."),
        ({"slug": "../arbeit"}, "slug", "Bitte nur kleine Buchstaben, Ziffern und Bindestriche: steuerungsgruppe."),
        ({"name": "arbeitsbündnis arbeit"}, "name", "„arbeitsbündnis arbeit“ gibt es schon."),
        ({"prefix": "A"}, "prefix", "A hat schon Arbeitsbündnis Arbeit."),
        (
            {"prefix": "W"},
            "prefix",
            "W steht schon für Abstimmungen (U) und Weiterleitungen (W). Bitte wählen Sie einen anderen.",
        ),
        ({"prefix": "S1"}, "prefix", "Bitte ein bis vier große Buchstaben: S oder SG."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: World, changed: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(RecordRefused) as refused:
        set_up(cast, **changed)

    assert (refused.value.field, str(refused.value), Body.objects.count()) == (field, sentence, 3)


def test_letter_stays_once_a_decision_bears_it(cast: World) -> None:
    DecisionFactory(agenda_item=AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit)))
    facts = {"name": cast.arbeit.name, "short_name": cast.arbeit.short_name, "mandate": "", "prefix": "X"}

    with pytest.raises(RecordRefused, match=r"Der Buchstabe steht schon in Beschlüssen \(A\)"):
        bodies.change(cast.arbeit, version=1, by=cast.imke, at=AT, **facts)


def test_ended_body_plans_nothing_and_what_was_planned_comes_first(cast: World) -> None:
    meeting = MeetingFactory(alliance=cast.arbeit)
    with pytest.raises(RecordRefused, match=r"Danach stehen noch Sitzungen: 3\.\sDezember\s2026\."):
        bodies.end(cast.arbeit, TODAY, by=cast.imke, at=AT)

    planning.cancel(meeting, reason="Es endet.", by=cast.imke, at=AT)
    assert bodies.end(cast.arbeit, TODAY, by=cast.imke, at=AT)
    start = dt.datetime(2026, 12, 10, 9, tzinfo=dt.UTC)
    facts: dict[str, Any] = {"quarter": "2026-Q4", "mode": "on_site", "venue": cast.venue, "form_key": uuid.UUID(int=6)}
    with pytest.raises(PlanRefused, match="Arbeit ist beendet: Der letzte Tag war der 23"):
        planning.plan(cast.arbeit, start=start, end=start + dt.timedelta(hours=2), by=cast.imke, at=AT, **facts)
    assert bodies.end(cast.arbeit, None, by=cast.imke, at=AT)
    assert planning.plan(cast.arbeit, start=start, end=start + dt.timedelta(hours=2), by=cast.imke, at=AT, **facts).pk


def test_ways_are_set_from_both_ends_and_never_to_itself(cast: World) -> None:
    group = set_up(cast)

    assert relay_ways.receive(group, [cast.bildung, cast.arbeit], seen=[], by=cast.imke, at=AT)
    assert not relay_ways.receive(group, [cast.bildung, cast.arbeit], seen=[], by=cast.imke, at=AT)
    assert relay_ways.sources_of(group) == [cast.bildung.pk, cast.arbeit.pk]
    assert group.pk in relay_ways.targets_of(cast.arbeit)
    with pytest.raises(WaysChanged):
        relay_ways.receive(group, [], seen=[], by=cast.imke, at=AT)
    for verb in (relay_ways.receive, relay_ways.allow):
        with pytest.raises(RelayRefused, match="Steuerungsgruppe kann nicht an sich selbst weitergeben."):
            verb(group, [group, cast.arbeit], seen=[], by=cast.imke, at=AT)


def test_body_outside_says_when_it_meets_and_how_it_is_asked(cast: World) -> None:
    facts = {
        "name": "Kreistag – Sozialausschuss",
        "short_name": "Sozialausschuss",
        "usual_dates": "montags",
        "asked_by": "Vorlage",
    }
    row = bodies.add(kind="external", slug="", form_key=uuid.UUID(int=8), by=cast.imke, at=AT, **facts)

    assert (row.meets, row.asked_by, Alliance.objects.filter(pk=row.pk).exists()) == (False, "Vorlage", False)
    assert list(bodies.found("sozial", kind="external", scope="", at=AT)) == [row]


def test_periods_keep_their_order_and_a_second_writer_is_seen(cast: World) -> None:
    held = periods.of(cast.arbeit)
    wrong = {"reminder_days": 60, "editorial_days": 30, "invitation_days": 22, "minutes_to_chair_days": 20}
    for name, days in wrong.items():
        with pytest.raises(RuleRefused):
            periods.change(cast.arbeit, _with(held, name, days), version=1, by=cast.imke, at=AT)

    assert periods.change(cast.arbeit, _with(held, "invitation_days", 20), version=1, by=cast.imke, at=AT)
    with pytest.raises(StaleRule):
        periods.change(cast.arbeit, _with(held, "invitation_days", 18), version=1, by=cast.imke, at=AT)


def _with(held: periods.Periods, name: str, days: int) -> periods.Periods:
    return periods.Periods(**{**vars(held), name: days})
