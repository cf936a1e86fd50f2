"""Minutes, decisions, tasks, relays, and the letter of the week."""

from __future__ import annotations

import datetime as dt

from buendnisse.clock import automatic_mail_time
from meetings.domain import (
    action_items,
    agenda,
    decisions,
    minutes,
    objections,
    relay,
    session,
)
from notifications.domain import ring
from tests.factories.buendnisse import MembershipFactory
from tests.meetings import held
from tests.notifications.stories.scenes import DAY, MINUTE, SOON, propose
from tests.support import relay_scene
from tests.world import AT


def minutes_review() -> dt.datetime:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=held.LATER)
    return held.LATER + MINUTE


def _circulated() -> held.Held:
    """Minutes with a decision and a task are out; the mail waits."""
    now = held.over()
    imke, at = now.world.imke, held.AT + dt.timedelta(hours=2)
    session.reopen(now.meeting, by=imke, at=at)
    decisions.adopt(now.bus, kind="consensus", text="Der Rufbus fährt auch abends.", by=imke, at=at)
    owner = now.world.susanne
    action_items.assign(now.bus, owner=owner, task="Fahrplan erfragen", due_on=dt.date(2027, 1, 15), by=imke, at=at)
    session.finish(now.meeting, by=imke, at=at)
    minutes.circulate(now.minutes, by=imke, at=held.LATER, reason="Verabredet.")
    return now


def minutes_sent() -> dt.datetime:
    _circulated()
    return held.LATER + 2 * MINUTE


def minutes_answer() -> dt.datetime:
    now = _circulated()
    ring.ring(at=held.LATER + 2 * MINUTE)
    at = held.LATER + DAY
    objections.resolve(held.contest(now), accept=False, resolution="So wurde es gesagt.", by=now.world.imke, at=at)
    return at + 2 * MINUTE


def task_reminder() -> dt.datetime:
    _circulated()
    ring.ring(at=held.LATER + 2 * MINUTE)
    return automatic_mail_time(dt.date(2027, 1, 8))


def decision_due() -> dt.datetime:
    """Of a decision whose first task Susanne took."""
    now = held.over()
    imke, at = now.world.imke, held.AT + dt.timedelta(hours=2)
    session.reopen(now.meeting, by=imke, at=at)
    day = dt.date(2027, 2, 25)
    said = {"kind": "consensus", "text": "Der Rufbus fährt auch abends.", "follow_up_on": day}
    decision = decisions.adopt(now.bus, **said, by=imke, at=at)  # type: ignore[arg-type]
    action_items.assign(
        decision, owner=now.world.susanne, task="Fahrplan erfragen", due_on=dt.date(2027, 6, 15), by=imke, at=at
    )
    session.finish(now.meeting, by=imke, at=at)
    minutes.circulate(now.minutes, by=imke, at=held.LATER, reason="Verabredet.")
    ring.ring(at=held.LATER + 2 * MINUTE)
    return automatic_mail_time(day)


def task_handed_over() -> dt.datetime:
    now = _circulated()
    at = held.LATER + 2 * MINUTE
    ring.ring(at=at)
    task = now.bus.action_items.get()
    action_items.hand_over(task, to=now.world.birgit, version=task.version, by=now.world.imke, at=at)
    return at + 2 * MINUTE


def _scene() -> relay_scene.Scene:
    scene = relay_scene.set_scene()
    MembershipFactory(body=scene.cast.bildung, person=scene.cast.theda, role="chair")
    return scene


def relay_sent() -> dt.datetime:
    relay_scene.hand_over(_scene())
    return SOON


def relay_answer() -> dt.datetime:
    scene = _scene()
    relay.decline(relay_scene.hand_over(scene), reason="Das ist Sache der Gemeinde.", by=scene.cast.imke, at=AT)
    return SOON


def digest() -> dt.datetime:
    scene = _scene()
    ring.ring(at=AT)  # the first Monday an installation sees is not told
    topic = propose(scene.arbeit_march, scene.cast, AT + 2 * DAY)
    agenda.accept(topic, by=scene.cast.imke, at=AT + 2 * DAY)
    return automatic_mail_time(dt.date(2026, 11, 30))
