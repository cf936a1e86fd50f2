"""What was decided, assigned, done, voted on by mail and told in short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from buendnisse.config.demo.history.entry import change
from buendnisse.config.demo.history.meeting_changes import dealt_with_at
from buendnisse.config.demo.stage import Stage, moment
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.enums import CircularState, DecisionState, Happened
from meetings.models import ActionItem, CircularVote, Decision, Notice, UnitReport

_MADE = {
    DecisionState.REJECTED: Happened.DECISION_REJECTED,
    DecisionState.POSTPONED: Happened.DECISION_POSTPONED,
}
_MINUTE = dt.timedelta(minutes=1)


def all_of(stage: Stage) -> Iterator[Change]:
    for decision in stage.decisions.values():
        yield from _decision(stage, decision)
    for action in stage.actions.values():
        yield from _action(stage, action)
    for circular in stage.circulars.values():
        yield from _circular(stage, circular)
    for report in stage.reports:
        yield _report(report)
    for notice in stage.notices.values():
        yield from _notice(notice)
    for remark in stage.remarks:
        yield change(
            Happened.REMARK_MADE,
            remark,
            at=remark.submitted_at,
            body=remark.about,
            by=remark.from_person,
            via=Via.LINK,
        )


def _report(report: UnitReport) -> Change:
    item, at = report.agenda_item, report.written_at
    assert at is not None  # noqa: S101 -- the loader sets it
    data = {"meeting": item.meeting_id, "unit": report.unit_id}
    return change(
        Happened.UNIT_REPORT_WRITTEN, report, at=at, body=item.alliance, by=report.author, via=Via.LINK, data=data
    )


def _decided_at(stage: Stage, decision: Decision) -> dt.datetime:
    if decision.agenda_item is None:
        return moment(decision.decided_on, 17)
    return dealt_with_at(stage, decision.agenda_item)


def _decision(stage: Stage, decision: Decision) -> Iterator[Change]:
    body, writer = decision.alliance, stage.writer
    yield change(
        _MADE.get(DecisionState(decision.state), Happened.DECISION_ADOPTED),
        decision,
        at=_decided_at(stage, decision),
        body=body,
        by=writer,
        data={"meeting": decision.meeting_id, "item": decision.agenda_item_id},
    )
    for verb, by in (
        (Happened.DECISION_REVOKED, decision.revoked_by),
        (Happened.DECISION_SUPERSEDED, decision.superseded_by),
    ):
        if by is not None:
            at = _decided_at(stage, by)
            yield change(verb, decision, at=at, body=body, by=writer, data={"decision": by.pk})


def _action(stage: Stage, action: ActionItem) -> Iterator[Change]:
    body = action.alliance
    first_owner = action.handed_over_from or action.owner
    about = {"meeting": action.meeting_id, "due_on": action.due_on.isoformat(), "owner": action.owner_id}
    yield change(
        Happened.ACTION_ASSIGNED,
        action,
        at=action.meeting.end,
        body=body,
        by=stage.writer,
        data={**about, "owner": first_owner.pk},
    )
    if action.handed_over_on:
        yield change(
            Happened.ACTION_HANDED_OVER,
            action,
            at=moment(action.handed_over_on, 9, 30),
            body=body,
            by=stage.head,
            data={**about, "from": first_owner.pk},
        )
    if action.reported_at:
        yield change(
            Happened.ACTION_REPORTED,
            action,
            at=action.reported_at,
            body=body,
            by=action.owner,
            via=Via.LINK,
            reason=action.state,
            data=about,
        )


def opened_at(circular: CircularVote) -> dt.datetime:
    """The files know the day; every one of them was opened."""
    return moment(circular.opened_on or circular.closes_on, 10)


def _circular(stage: Stage, circular: CircularVote) -> Iterator[Change]:
    yield change(
        Happened.CIRCULAR_OPENED,
        circular,
        at=opened_at(circular),
        body=circular.alliance,
        by=stage.head,
        data={"closes_on": circular.closes_on.isoformat()},
    )
    if circular.state != CircularState.CIRCULATING:
        yield change(
            Happened.CIRCULAR_CLOSED,
            circular,
            at=moment(circular.closes_on, 17),
            body=circular.alliance,
            by=stage.writer,
            data={"state": circular.state},
        )


def _notice(notice: Notice) -> Iterator[Change]:
    bodies = list(notice.bodies.all())
    body = bodies[0] if len(bodies) == 1 else None  # for several bodies it is nobody's own
    yield change(
        Happened.NOTICE_SUBMITTED, notice, at=notice.submitted_at, body=body, by=notice.from_person, via=Via.LINK
    )
    if notice.released_at:
        yield change(Happened.NOTICE_RELEASED, notice, at=notice.released_at, body=body, by=notice.released_by)
