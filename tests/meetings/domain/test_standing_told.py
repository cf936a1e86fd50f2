"""Standing items fill themselves: minutes, relays, what became of decisions, reports, dates; and what is kept of it."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from buendnisse.models import Person
from meetings.adapters import agenda_pdf, agenda_word
from meetings.domain import agenda_order, agenda_sending, decisions, relay, standing
from meetings.domain.standing_told import NOTHING, Passage, Told
from meetings.enums import Approval, DecisionState, MeetingState, MinutesState, RelayKind
from meetings.models import Decision, Meeting, Minutes, UnitReport
from tests.factories.buendnisse import OrganisationFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, DecisionFactory, StandingItemFactory
from tests.support import relay_scene
from tests.support.relay_scene import Scene
from tests.world import AT

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def scene() -> Scene:
    found = relay_scene.set_scene()
    StandingItemFactory(alliance=found.cast.bildung, code="units", title="Berichte", position=1)
    standing.ensure_standing_items(found.bildung_february)
    return found


def told(scene: Scene, code: str, *, reader: Person | None = None, at: dt.datetime = AT) -> Told:
    agenda = agenda_order.numbered(scene.bildung_february, reader=reader or scene.cast.imke, at=at)
    return next((entry.tells for entry in agenda.entries if entry.item.standing_code == code), NOTHING)


def passages(scene: Scene, code: str, **given: Any) -> dict[str, list[str]]:
    return {passage.heading: list(passage.lines) for passage in told(scene, code, **given).passages}


def send(scene: Scene, at: dt.datetime = AT) -> None:
    AgendaItemFactory(meeting=scene.bildung_february, state="accepted", position=9)
    agenda_sending.send_agenda(scene.bildung_february, by=scene.cast.imke, at=at)


def minutes_of_november(scene: Scene, **given: Any) -> Minutes:
    return Minutes.objects.create(meeting=scene.bildung_november, **given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": MinutesState.DRAFT}, "Noch nicht verschickt."),
        (
            {"state": MinutesState.CIRCULATED, "objection_until": dt.date(2026, 12, 9)},
            "Noch nicht genehmigt. Einwände sind möglich bis Mittwoch, 9.\N{NO-BREAK SPACE}Dezember\N{NO-BREAK SPACE}2026.",
        ),
        ({"state": MinutesState.CONTESTED}, "Noch nicht genehmigt. Ein Einwand wird geprüft."),
        (
            {"state": MinutesState.APPROVED, "approved_on": dt.date(2026, 12, 10), "approval": Approval.SILENT},
            "Genehmigt am 10.\N{NO-BREAK SPACE}Dezember\N{NO-BREAK SPACE}2026, ohne Einwand nach Ablauf der Frist.",
        ),
    ],
)
def test_opening_names_the_last_minutes_and_how_they_stand(scene: Scene, given: dict[str, Any], words: str) -> None:
    minutes_of_november(scene, **given)

    assert passages(scene, "opening") == {"": [f"Protokoll vom 11.11.2026: {words}"]}


def test_without_minutes_the_opening_says_so(scene: Scene) -> None:
    assert passages(scene, "opening") == {"": ["Protokoll vom 11.11.2026: Noch nicht geschrieben."]}


def test_document_of_the_minutes_is_for_those_who_may_read_it(scene: Scene) -> None:
    minutes = minutes_of_november(scene, state=MinutesState.CIRCULATED, objection_until=dt.date(2026, 12, 9))
    cast = scene.cast

    readers = {one.handle: told(scene, "opening", reader=one).minutes for one in (cast.imke, cast.susanne, cast.hedwig)}

    assert readers == {"imke": minutes, "susanne": minutes, "hedwig": None}


def test_report_tells_what_became_of_decisions(scene: Scene) -> None:
    Decision.objects.filter(pk=scene.decision.pk).update(follow_up_on=dt.date(2027, 2, 17))
    ActionItemFactory(
        agenda_item=scene.topic,
        decision=scene.decision,
        owner=scene.cast.susanne,
        organisation=scene.cast.susanne.organisation,
        task="Liste der Kurse schicken",
        due_on=dt.date(2026, 11, 20),
    )

    assert passages(scene, "relays") == {
        "Was aus unseren Beschlüssen wurde": [
            (
                "B-2026-02, gefasst: Das Arbeitsbündnis Bildung bittet das Arbeitsbündnis Arbeit um Stellungnahme. "
                "Als Nächstes: BBS, Liste der Kurse schicken, bis 20.11.2026 (überfällig). Wiedervorlage am 17.02.2027."
            )
        ]
    }


def test_decision_done_since_the_last_meeting_is_told_once_more(scene: Scene) -> None:
    Decision.objects.filter(pk=scene.decision.pk).update(state=DecisionState.IN_PROGRESS)
    scene.decision.refresh_from_db()
    decisions.follow_up(
        scene.decision, state=DecisionState.DONE, version=scene.decision.version, by=scene.cast.imke, at=AT
    )
    long_done = relay_scene.decide(scene.topic, number="B-2026-01", state=DecisionState.DONE)

    lines = passages(scene, "relays")["Was aus unseren Beschlüssen wurde"]

    assert [line.partition(":")[0] for line in lines] == ["B-2026-02, umgesetzt"]
    assert long_done.number not in " ".join(lines)


def test_report_tells_what_is_on_its_way(scene: Scene) -> None:
    relay_scene.hand_over(scene)

    assert passages(scene, "relays")["Unterwegs"] == [
        (
            "Bitte an Arbeit, noch ohne Antwort: Kinderbetreuung während der Kurse (W-2026-01), "
            "Antwort erbeten bis 17.04.2027"
        )
    ]


def test_confidential_decision_stays_with_the_chosen(scene: Scene) -> None:
    scene.topic.confidential_to.add(OrganisationFactory())

    shown = [passages(scene, "relays", reader=one) for one in (scene.cast.imke, scene.cast.susanne)]

    assert [list(found) for found in shown] == [["Was aus unseren Beschlüssen wurde"], []]


def test_closing_names_the_next_dates_of_this_alliance_and_the_others(scene: Scene) -> None:
    relay_scene.meeting(scene.cast.bildung, 2027, 5, 12, quarter="2027-Q2")

    dates = passages(scene, "closing")["Nächste Termine"]

    assert [line.rpartition(", 1")[0] for line in dates] == [
        "Bildung: Mittwoch, 12.\N{NO-BREAK SPACE}Mai\N{NO-BREAK SPACE}2027",
        "Arbeit: Donnerstag, 11.\N{NO-BREAK SPACE}März\N{NO-BREAK SPACE}2027",
    ]


def test_what_left_stays_and_what_came_later_stands_apart(scene: Scene) -> None:
    minutes_of_november(scene, state=MinutesState.CONTESTED)
    send(scene)
    Minutes.objects.update(state=MinutesState.APPROVED, approved_on=dt.date(2027, 1, 7), approval=Approval.SILENT)
    relay.hand_over(
        relay_scene.decide(
            AgendaItemFactory(meeting=scene.arbeit_december, state="discussed"), number="A-2026-09", state="adopted"
        ),
        to=scene.cast.bildung,
        kind=RelayKind.FOR_INFORMATION,
        subject="Neue Sprechzeiten",
        message="Zur Kenntnis.",
        due_on=None,
        form_key=scene.decision.form_key,
        by=scene.cast.imke,
        at=AT + DAY,
    )
    scene.bildung_february.refresh_from_db()

    opening, report = told(scene, "opening", at=AT + 2 * DAY), told(scene, "relays", at=AT + 2 * DAY)

    assert opening.lines == ("Protokoll vom 11.11.2026: Noch nicht genehmigt. Ein Einwand wird geprüft.",)
    assert opening.later[0].lines[0].startswith("Protokoll vom 11.11.2026: Genehmigt am 7.")
    assert report.later == (Passage("", ("Zur Kenntnis aus Arbeit: Neue Sprechzeiten (W-2026-01)",)),)


def test_day_that_passes_is_no_news(scene: Scene) -> None:
    ActionItemFactory(
        agenda_item=scene.topic, decision=scene.decision, owner=scene.cast.susanne, due_on=dt.date(2026, 11, 24)
    )
    send(scene)

    found = [told(scene, code, at=AT + 20 * DAY).later for code in ("opening", "relays", "units", "closing")]

    assert found == [(), (), (), ()]


def test_changed_version_takes_in_what_came_later(scene: Scene) -> None:
    minutes_of_november(scene, state=MinutesState.CONTESTED)
    send(scene)
    Minutes.objects.update(state=MinutesState.APPROVED, approved_on=dt.date(2027, 1, 7), approval=Approval.SILENT)
    agenda_sending.send_agenda(scene.bildung_february, by=scene.cast.imke, at=AT + DAY)

    found = told(scene, "opening", at=AT + DAY)

    assert (found.later, "Genehmigt" in found.lines[0]) == ((), True)


def test_after_the_meeting_only_what_hangs_on_the_item_is_added(scene: Scene) -> None:
    minutes_of_november(scene, state=MinutesState.CONTESTED)
    send(scene)
    Minutes.objects.update(state=MinutesState.APPROVED, approved_on=dt.date(2027, 1, 7), approval=Approval.SILENT)
    Meeting.objects.filter(pk=scene.bildung_february.pk).update(state=MeetingState.HELD)
    scene.bildung_february.refresh_from_db()

    assert told(scene, "opening", at=AT + 100 * DAY).later == ()


def test_word_file_says_the_same_lines(scene: Scene) -> None:
    minutes_of_november(scene, state=MinutesState.CONTESTED)
    send(scene)
    content = agenda_word.agenda_word(scene.bildung_february, reader=scene.cast.imke, at=AT)

    words = [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]

    for code in ("opening", "relays", "closing"):
        for passage in told(scene, code).passages:
            assert [line for line in (passage.heading, *passage.lines) if line and line not in words] == []


def test_document_of_a_version_is_the_same_on_every_later_day(scene: Scene) -> None:
    minutes_of_november(scene, state=MinutesState.CONTESTED)
    send(scene)
    first = agenda_pdf.agenda_pdf(scene.bildung_february, reader=scene.cast.susanne, at=AT)
    Minutes.objects.update(state=MinutesState.APPROVED, approved_on=dt.date(2027, 1, 7), approval=Approval.SILENT)
    DecisionFactory(number="B-2026-77", agenda_item=scene.topic, state=DecisionState.ADOPTED)

    assert agenda_pdf.agenda_pdf(scene.bildung_february, reader=scene.cast.susanne, at=AT + 9 * DAY) == first


def test_queries_do_not_grow_with_decisions_units_and_relays(scene: Scene, django_assert_num_queries: Any) -> None:
    item = scene.bildung_february.agenda_items.get(standing_code="units")

    def more(number: int) -> None:
        unit = OrganisationFactory()
        UnitReport.objects.create(agenda_item=item, unit=unit, text="Alles gut.")
        one = DecisionFactory(number=f"B-2026-4{number}", agenda_item=scene.topic, state=DecisionState.ADOPTED)
        ActionItemFactory(agenda_item=scene.topic, decision=one, owner=scene.cast.susanne)

    more(1)
    with CaptureQueriesContext(connection) as one:
        told(scene, "units", reader=scene.cast.susanne)
    more(2)
    more(3)
    with django_assert_num_queries(len(one)):
        told(scene, "units", reader=scene.cast.susanne)
