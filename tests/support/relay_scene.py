"""Where relays are tried: Bildung has decided and asks Arbeit; both meet again.

Bildung decided B-2026-02 on 11 November 2026 and meets on 17 February 2027. Arbeit meets on 3 December 2026
(too late for anything but information at 23 November: its agenda has left) and on 11 March 2027.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from buendnisse.enums import BodyKind
from buendnisse.models import Alliance, Body, Change
from meetings.domain import relay
from meetings.enums import DecisionState, MeetingState, RelayKind
from meetings.models import AgendaItem, Decision, Meeting, Relay
from tests import world
from tests.factories.buendnisse import ExternalBodyFactory
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory, StandingItemFactory
from tests.support.kept_rows import KeptRows
from tests.world import AT, World

LATER = AT + dt.timedelta(days=30)
AFTER = dt.datetime(2027, 3, 12, 8, 0, tzinfo=dt.UTC)  # the morning after Arbeit met in March


@dataclass(frozen=True)
class Scene:
    cast: World
    bildung_november: Meeting
    bildung_february: Meeting
    arbeit_december: Meeting
    arbeit_march: Meeting
    topic: AgendaItem
    decision: Decision
    committee: Body
    unit: Body


def set_scene() -> Scene:
    return _KEPT.store()


def _make() -> Scene:
    cast = world.build()
    for alliance in (cast.bildung, cast.gesellschaft, cast.arbeit):
        for code, title, position in (
            ("opening", "Begrüßung", -2),
            ("relays", "Bericht der Fachstelle", -1),
            ("closing", "Verschiedenes", 1),
        ):
            StandingItemFactory(alliance=alliance, code=code, title=title, position=position)
    committee = ExternalBodyFactory(slug="jugendhilfeausschuss")
    unit = ExternalBodyFactory(slug="kmt", kind=BodyKind.UNIT, name="Koordinierungsstelle", short_name="KMT")
    cast.bildung.may_relay_to.add(committee, unit)
    november = meeting(cast.bildung, 2026, 11, 11, quarter="2026-Q4", state=MeetingState.HELD)
    topic = AgendaItemFactory(
        meeting=november, title="Kinderbetreuung während der Kurse", proposer=cast.susanne, state="discussed"
    )
    decision = DecisionFactory(
        number="B-2026-02",
        agenda_item=topic,
        text="Das Arbeitsbündnis Bildung bittet das Arbeitsbündnis Arbeit um Stellungnahme.",
        decided_on=dt.date(2026, 11, 11),
        state=DecisionState.ADOPTED,
    )
    return Scene(
        cast=cast,
        bildung_november=november,
        bildung_february=meeting(cast.bildung, 2027, 2, 17, quarter="2027-Q1"),
        arbeit_december=meeting(
            cast.arbeit, 2026, 12, 3, quarter="2026-Q4", state=MeetingState.INVITED, agenda_sent_at=AT
        ),
        arbeit_march=meeting(cast.arbeit, 2027, 3, 11, quarter="2027-Q1"),
        topic=topic,
        decision=decision,
        committee=committee,
        unit=unit,
    )


_KEPT = KeptRows(_make, "buendnisse", "meetings")


def meeting(alliance: Alliance, year: int, month: int, day: int, **given: Any) -> Meeting:
    start = dt.datetime(year, month, day, 9, 0, tzinfo=dt.UTC)
    fields: dict[str, Any] = {"state": MeetingState.CONFIRMED, "start": start, "end": start + dt.timedelta(hours=2)}
    made: Meeting = MeetingFactory(
        alliance=alliance, title=f"{alliance.name}, {day}.{month}.{year}", **(fields | given)
    )
    return made


def hand_over(scene: Scene, **given: Any) -> Relay:
    """Bildung asks Arbeit, unless said otherwise."""
    fields: dict[str, Any] = {
        "to": scene.cast.arbeit,
        "kind": RelayKind.OPINION_REQUESTED,
        "subject": "Kinderbetreuung während der Kurse",
        "message": "Bitte sagen Sie uns, zu welchen Zeiten Betreuung fehlt.",
        "due_on": dt.date(2027, 4, 17),
        "form_key": uuid.uuid4(),
        "by": scene.cast.imke,
        "at": AT,
    }
    return relay.hand_over(given.pop("source", scene.decision), **(fields | given))


def decide(item: AgendaItem, **given: Any) -> Decision:
    """A decision of the item's meeting, as the minutes write it."""
    made: Decision = DecisionFactory(**({"agenda_item": item, "text": "Betreuung fehlt vor allem ab 16 Uhr."} | given))
    return made


def taken_up(scene: Scene) -> tuple[Relay, AgendaItem]:
    """What Bildung asks stands on Arbeit's agenda for March."""
    sent = hand_over(scene)
    return sent, relay.take_up(sent, meeting=scene.arbeit_march, by=scene.cast.imke, at=AT)


def held(one: Meeting) -> None:
    Meeting.objects.filter(pk=one.pk).update(state=MeetingState.HELD)


def verbs(one: Relay) -> list[str]:
    """What the journal tells of it, oldest first."""
    return list(Change.objects.of(one).order_by("pk").values_list("verb", flat=True))
