"""A meeting of Arbeit on 19 November 2026 that is running, with three items; used by the tests of what follows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from buendnisse.models import Person
from meetings.domain import minutes, objections, session
from meetings.enums import Presence
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, Objection
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory

AT = dt.datetime(2026, 11, 19, 9, 5, tzinfo=dt.UTC)  # Thursday, 10:05 in Berlin
LATER = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)  # Monday, 9:00 in Berlin
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Held:
    world: world.World
    meeting: Meeting
    opening: AgendaItem
    bus: AgendaItem
    closing: AgendaItem

    def row(self, name: str) -> Attendance:
        return Attendance.objects.get(meeting=self.meeting, person__handle=name)

    @property
    def minutes(self) -> Minutes:
        return Minutes.objects.select_related("meeting__alliance", "meeting__chair").get(meeting=self.meeting)


def running() -> Held:
    """Begun, nobody recorded yet. Everybody may sign in, so that pages can be asked as anybody."""
    cast = world.build()
    Person.objects.update(may_sign_in=True)
    meeting = MeetingFactory(
        slug="2026-q4-arbeit",
        alliance=cast.arbeit,
        start=dt.datetime(2026, 11, 19, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2026, 11, 19, 11, 0, tzinfo=dt.UTC),
        venue=cast.venue,
        chair=cast.birgit,
        state="invited",
    )
    opening = AgendaItemFactory(meeting=meeting, title="Begrüßung und Protokoll", kind="formal", position=1)
    bus = AgendaItemFactory(
        meeting=meeting, title="Rufbus am Abend", kind="decision", position=2, presenter=cast.susanne
    )
    closing = AgendaItemFactory(meeting=meeting, title="Verschiedenes", kind="formal", position=3)
    session.start(meeting, by=cast.imke, at=AT)
    return Held(cast, meeting, opening, bus, closing)


def over() -> Held:
    """Both voting organisations were there, every item has a result, the meeting has ended."""
    held = running()
    imke = held.world.imke
    session.record_presence(held.row("birgit"), presence=Presence.PRESENT, by=imke, at=AT)
    session.record_presence(held.row("susanne"), presence=Presence.PRESENT, channel="online", by=imke, at=AT)
    session.record_presence(held.row("rolf"), presence=Presence.EXCUSED, by=imke, at=AT)
    for item, text in (
        (held.opening, "Die Tagesordnung ist angenommen."),
        (held.bus, "Der Rufbus fährt ab dem 20. Januar auch abends."),
        (held.closing, "Die Sitzungsleitung dankt."),
    ):
        session.record_result(item, result=text, version=item.version, by=imke, at=AT)
    session.finish(held.meeting, by=imke, at=AT + dt.timedelta(hours=2))
    return held


def circulated() -> Held:
    """Released by the chair and sent on 23 November; objections until 7 December."""
    held = over()
    circulate(held)
    return held


def circulate(held: Held) -> None:
    minutes.submit_to_chair(held.minutes, by=held.world.imke, at=LATER)
    minutes.release(held.minutes, by=held.world.birgit, at=LATER)
    minutes.circulate(held.minutes, by=held.world.imke, at=LATER)


def contest(now: Held, text: str = "Es ist der 21. Januar.") -> Objection:
    """Susanne objects to the item of the bus the day after."""
    return objections.contest(now.minutes, by=now.world.susanne, agenda_item=now.bus, text=text, at=LATER + DAY)
