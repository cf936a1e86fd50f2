"""The frame of an agenda as data: add, rename, order, leave out, bring back."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from buendnisse.models import Change, StandingItem
from meetings.domain import agenda, standing, standing_frame
from meetings.domain.versions import Stale
from meetings.enums import MeetingState
from meetings.models import AgendaItem, Meeting, UnitReport
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory, StandingItemFactory
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    found = world.build()
    for code, title, position in (
        ("opening", "Begrüßung und Protokoll der letzten Sitzung", -2),
        ("relays", "Bericht der Fachstelle", -1),
        ("units", "Berichte", 1),
        ("closing", "Verschiedenes", 2),
    ):
        StandingItemFactory(alliance=found.arbeit, code=code, title=title, position=position)
    return found


@pytest.fixture
def march(cast: World) -> Meeting:
    made: Meeting = MeetingFactory(
        alliance=cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state=MeetingState.CONFIRMED,
    )
    topic = AgendaItemFactory(meeting=made, title="Thema", position=1, state="accepted")
    assert topic
    standing.ensure_standing_items(made)
    return made


def row(cast: World, code: str) -> StandingItem:
    return StandingItem.objects.select_related("alliance").get(alliance=cast.arbeit, code=code)


def titles(meeting: Meeting) -> list[str]:
    return list(AgendaItem.objects.on_agenda().filter(meeting=meeting).values_list("title", flat=True))


def add(cast: World, title: str = "Lied zum Anfang", **given: Any) -> StandingItem:
    fields: dict[str, Any] = {"kind": "information", "minutes": 5, "form_key": uuid.uuid4(), "by": cast.imke, "at": AT}
    return standing_frame.add(cast.arbeit, title=title, **(fields | given))


def test_new_item_comes_last_on_agendas_that_have_not_left(cast: World, march: Meeting) -> None:
    made = add(cast)

    assert titles(march) == [
        "Begrüßung und Protokoll der letzten Sitzung",
        "Bericht der Fachstelle",
        "Thema",
        "Berichte",
        "Verschiedenes",
        "Lied zum Anfang",
    ]
    change = Change.objects.of(made).get()
    assert (change.verb, change.reason, change.data) == ("standing.changed", "added", {"code": made.code})


def test_double_tap_is_one_item(cast: World) -> None:
    key = uuid.uuid4()

    assert add(cast, form_key=key) == add(cast, form_key=key)


def test_agenda_that_has_left_keeps_what_it_says(cast: World, march: Meeting) -> None:
    before = titles(march)
    Meeting.objects.filter(pk=march.pk).update(agenda_sent_at=AT, state=MeetingState.INVITED)

    add(cast)
    standing_frame.end(row(cast, "units"), by=cast.imke, at=AT)

    assert titles(march) == before
    effect = standing_frame.effect(cast.arbeit, at=AT)
    assert (effect.first, effect.sent) == (None, (march,))


def test_title_with_markup_is_refused_for_a_standing_item(cast: World, march: Meeting) -> None:
    one = row(cast, "closing")
    said = {"kind": one.kind, "minutes": 5, "by": cast.imke, "at": AT}

    with pytest.raises(standing_frame.FrameRefused) as added:
        add(cast, "<b>Lied</b>")
    with pytest.raises(standing_frame.FrameRefused) as edited:
        standing_frame.edit(one, title="<b>Lied</b>", version=1, **said)

    sentence = "Bitte schreiben Sie nur Text, ohne HTML wie „<b>“."
    assert (str(added.value), str(edited.value)) == (sentence, sentence)
    standing_frame.edit(one, title=" Zum   Schluss ", version=1, **said)
    assert row(cast, "closing").title == "Zum Schluss"


def test_renaming_follows_where_the_title_was_made_and_not_where_somebody_wrote(cast: World, march: Meeting) -> None:
    AgendaItem.objects.filter(meeting=march, standing_code="closing").update(title="Verschiedenes und Kuchen")
    for code, title in (("relays", "Neues von der Fachstelle"), ("closing", "Zum Schluss")):
        one = row(cast, code)
        standing_frame.edit(one, title=title, kind=one.kind, minutes=8, version=1, by=cast.imke, at=AT)

    shown = titles(march)

    assert (shown[1], shown[-1]) == ("Neues von der Fachstelle", "Verschiedenes und Kuchen")
    assert set(march.agenda_items.filter(standing_code__in=["relays", "closing"]).values_list("duration_minutes")) == {
        (8,)
    }


def test_stale_write_is_refused_with_what_is_stored(cast: World) -> None:
    one = row(cast, "relays")
    standing_frame.edit(one, title="Erste", kind=one.kind, minutes=5, version=1, by=cast.imke, at=AT)

    with pytest.raises(Stale) as refused:
        standing_frame.edit(
            row(cast, "relays"), title="Zweite", kind=one.kind, minutes=5, version=1, by=cast.imke, at=AT
        )

    assert refused.value.current.title == "Erste"


def test_item_moves_past_the_topics_and_agendas_follow(cast: World, march: Meeting) -> None:
    standing_frame.move(row(cast, "units"), -1, by=cast.imke, at=AT)

    assert titles(march)[2:4] == ["Berichte", "Thema"]
    assert row(cast, "units").position == -1


def test_last_item_goes_no_further(cast: World) -> None:
    with pytest.raises(standing_frame.FrameRefused, match="Weiter geht es nicht"):
        standing_frame.move(row(cast, "closing"), 1, by=cast.imke, at=AT)


def test_left_out_and_brought_back(cast: World, march: Meeting) -> None:
    before = titles(march)
    one = row(cast, "relays")

    assert standing_frame.end(one, by=cast.imke, at=AT) == []
    without = titles(march)
    standing_frame.bring_back(one, by=cast.imke, at=AT)

    assert ("Bericht der Fachstelle" in without, titles(march)) == (False, before)
    positions = AgendaItem.objects.on_agenda().filter(meeting=march).values_list("position", flat=True)
    assert list(positions) == [1, 2, 3, 4, 5]


def test_item_something_hangs_on_stays_on_that_agenda(cast: World, march: Meeting) -> None:
    item = march.agenda_items.get(standing_code="units")
    UnitReport.objects.create(agenda_item=item, unit=cast.susanne.organisation, text="Alles gut.")

    assert standing_frame.end(row(cast, "units"), by=cast.imke, at=AT) == [march]
    assert "Berichte" in titles(march)


def test_too_many_are_refused(cast: World) -> None:
    for number in range(standing_frame.MOST - 4):
        add(cast, f"Punkt {number}")

    with pytest.raises(standing_frame.FrameRefused, match="Mehr als 12"):
        add(cast)


def test_topics_find_their_place_between_after_items_moved(cast: World, march: Meeting) -> None:
    standing_frame.move(row(cast, "units"), -1, by=cast.imke, at=AT)
    agenda.add(
        march,
        title="Noch ein Thema",
        kind="information",
        minutes=10,
        presenter=None,
        by=cast.imke,
        form_key=uuid.uuid4(),
        at=AT,
    )

    assert titles(march)[3:5] == ["Thema", "Noch ein Thema"]


@settings(max_examples=15, deadline=None)
@cases(steps=st.lists(st.tuples(st.sampled_from(["opening", "relays", "units", "closing"]), st.sampled_from([-1, 1]))))
def test_positions_stay_distinct_and_never_zero(steps: list[tuple[str, int]]) -> None:
    if not StandingItem.objects.exists():
        alliance = world.build().arbeit
        for position, code in enumerate(("opening", "relays", "units", "closing"), start=1):
            StandingItemFactory(alliance=alliance, code=code, position=position)
    imke = world.Person.objects.get(handle="imke")
    for code, step in steps:
        one = StandingItem.objects.select_related("alliance").get(code=code)
        try:
            standing_frame.move(one, step, by=imke, at=AT)
        except standing_frame.FrameRefused:
            continue

    positions = list(StandingItem.objects.values_list("position", flat=True))
    assert (len(set(positions)), 0 in positions) == (4, False)
