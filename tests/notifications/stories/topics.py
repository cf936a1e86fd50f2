"""Topics and agendas."""

from __future__ import annotations

import datetime as dt
import uuid

from buendnisse.clock import at_local, automatic_mail_time, local_date
from meetings.domain import (
    agenda,
    agenda_release,
    agenda_sending,
    decisions,
    item_papers,
)
from meetings.domain.schedule import schedule
from meetings.enums import AgendaItemKind, AgendaItemState, DeadlineKind, DecisionState
from meetings.models import Meeting
from notifications.domain import ring
from tests import world
from tests.factories.buendnisse import UnitFactory
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, DecisionFactory, StandingItemFactory
from tests.notifications.stories.scenes import DAY, MINUTE, SOON, confirmed, invited, propose
from tests.support import files
from tests.world import AT, World


def _at_seven(meeting: Meeting, kind: DeadlineKind) -> dt.datetime:
    return at_local(schedule(meeting)[kind], dt.time(7, 0))


def call() -> dt.datetime:
    return _at_seven(confirmed(world.build()), DeadlineKind.CALL_FOR_ITEMS)


def call_reminder() -> dt.datetime:
    meeting = confirmed(world.build())
    ring.ring(at=_at_seven(meeting, DeadlineKind.CALL_FOR_ITEMS))
    return _at_seven(meeting, DeadlineKind.REMINDER)


def reminders() -> dt.datetime:
    """The call, and a task whose reminder is due two days later: one mail."""
    cast = world.build()
    meeting = confirmed(cast)
    opens = _at_seven(meeting, DeadlineKind.CALL_FOR_ITEMS)
    day = local_date(opens) + 9 * DAY
    ActionItemFactory(agenda_item=AgendaItemFactory(meeting=meeting), owner=cast.susanne, due_on=day)
    return opens


def unit_report() -> dt.datetime:
    """Of a unit whose person is a guest, and so is not called for topics."""
    cast = world.build()
    UnitFactory(organisation=cast.corinna.organisation)
    StandingItemFactory(alliance=cast.arbeit, code="units", title="Berichte aus den Einheiten", position=1)
    return _at_seven(confirmed(cast), DeadlineKind.CALL_FOR_ITEMS)


def item_received() -> dt.datetime:
    cast = world.build()
    propose(confirmed(cast), cast)
    return SOON


def item_fate() -> dt.datetime:
    cast = world.build()
    agenda.decline(propose(confirmed(cast), cast), reason="Voll.", by=cast.imke, at=AT)
    return SOON


def item_done() -> dt.datetime:
    cast = world.build()
    item = AgendaItemFactory(meeting__alliance=cast.arbeit, proposer=cast.susanne, state=AgendaItemState.DISCUSSED)
    decision = DecisionFactory(agenda_item=item, state=DecisionState.IN_PROGRESS)
    decisions.follow_up(decision, state=DecisionState.DONE, version=1, by=cast.imke, at=AT)
    return SOON


def _with_topic(cast: World) -> Meeting:
    meeting = invited(cast)
    said = {"kind": AgendaItemKind.DISCUSSION, "minutes": 20, "presenter": cast.susanne}
    agenda.add(meeting, title="Sprachcafé", **said, by=cast.imke, form_key=uuid.uuid4(), at=SOON)  # type: ignore[arg-type]
    return meeting


def agenda_review() -> dt.datetime:
    cast = world.build()
    agenda_release.ask(_with_topic(cast), by=cast.imke, at=SOON)
    return SOON + MINUTE


def _sent(cast: World) -> Meeting:
    meeting = _with_topic(cast)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=SOON, without_release="Verabredet.")
    return meeting


def agenda_sent() -> dt.datetime:
    _sent(world.build())
    return SOON + 2 * MINUTE


def late_papers() -> dt.datetime:
    cast = world.build()
    meeting = _sent(cast)
    ring.ring(at=SOON + 2 * MINUTE)
    item_papers.hand_in(
        meeting.agenda_items.get(title="Sprachcafé"),
        files.pdf("Kosten.pdf"),
        title="Kosten",
        organisation=None,
        dated=AT.date(),
        form_key=uuid.uuid4(),
        by=cast.imke,
        at=SOON + 2 * MINUTE,
    )
    return automatic_mail_time(AT.date() + DAY)
