"""Minutes of the meetings that were held: versions, objections, approval."""

from __future__ import annotations

import datetime as dt

from buendnisse.config.demo.source import Row
from buendnisse.config.demo.stage import START, Stage, at_some_hour, moment
from meetings.adapters import minutes_archive
from meetings.domain import corrections
from meetings.domain.minutes_content import ItemContent, MinutesContent, content
from meetings.enums import DECISION_STANDING, Approval, DecisionState, MinutesState, ObjectionState
from meetings.models import Meeting, Minutes, MinutesVersion, Objection

_CIRCULATED_AT = (11, 15)
_DECIDED = DECISION_STANDING | {DecisionState.REVOKED, DecisionState.SUPERSEDED}


def file_approved() -> None:
    """Typeset and keep what was approved, as the ring of its day would have."""
    while minutes_archive.keep(at=START):
        pass


def read(stage: Stage, entry: Row, meeting: Meeting, identifier: str, *, confirmed_in: dict[str, str]) -> None:
    """Read the minutes of one meeting, if it has any. `confirmed_in` collects what points to later meetings."""
    if not entry.has("id"):
        return
    entry.expect("id", f"min-{meeting.slug}")
    entry.expect("kind", meeting.alliance.minutes_kind)
    reviewed_by = entry.text("reviewed_by")
    circulated_on = entry.maybe_day("circulated_on")
    stage.minutes[identifier] = minutes = Minutes(
        meeting=meeting,
        state=MinutesState(entry.text("status")),
        author=stage.people[entry.text("author")],
        reviewed_by=stage.people[reviewed_by] if reviewed_by else None,
        circulated_at=moment(circulated_on, *_CIRCULATED_AT) if circulated_on else None,
        objection_until=entry.maybe_day("objection_until"),
        approved_on=entry.maybe_day("approved_on"),
        approval=entry.text("approval"),
    )
    if entry.has("confirmed_in"):
        confirmed_in[identifier] = entry.text("confirmed_in")
    for objection in entry.rows("objections"):
        stage.objections.append(_objection(stage, objection, minutes))
    versions = _versions(entry, minutes, circulated_on)
    entry.expect("version", len(versions) or 1)
    stage.minutes_versions += versions


def store(stage: Stage, confirmed_in: dict[str, str]) -> None:
    for identifier, later in confirmed_in.items():
        stage.minutes[identifier].confirmed_in = stage.meetings[later]
    for objection in stage.objections:
        if objection.minutes.approval == Approval.SILENT:
            objection.minutes.approval = Approval.ANSWERED
    Minutes.objects.bulk_create(stage.minutes.values())
    Objection.objects.bulk_create(stage.objections)
    MinutesVersion.objects.bulk_create(stage.minutes_versions)


def freeze(stage: Stage) -> None:
    """Let each version hold the document as it was sent. Needs everything else to be stored."""
    for minutes in stage.minutes.values():
        versions = [version for version in stage.minutes_versions if version.minutes == minutes]
        if not versions:
            continue
        written = _as_decided(stage, content(minutes.meeting, author=minutes.author))
        accepted = [row for row in stage.objections if row.minutes == minutes and row.state == ObjectionState.ACCEPTED]
        text = _uncorrected(written, accepted)
        for version in versions:
            if version.number > 1:
                text = corrections.corrected(text, accepted)
                for objection in accepted:
                    objection.corrects_in = version.number
                accepted = []
            version.content = dict(text)
    Objection.objects.bulk_update(stage.objections, ["corrects_in"])
    MinutesVersion.objects.bulk_update(stage.minutes_versions, ["content"])


def _as_decided(stage: Stage, written: MinutesContent) -> MinutesContent:
    """What became of decisions and tasks later was not in the minutes."""
    handed_over = {action.pk: action.handed_over_from for action in stage.actions.values() if action.handed_over_from}
    for item in written["items"]:
        for decision in item["decisions"]:
            if decision["state"] in _DECIDED:
                decision["state"] = DecisionState.ADOPTED.value
        for task in item["tasks"]:
            if (first := handed_over.get(task["id"])) is not None:
                task["owner_id"], task["owner"] = first.pk, first.full_name
    return written


def _uncorrected(written: MinutesContent, corrected: list[Objection]) -> MinutesContent:
    """The text before what was found was put right."""
    items: list[ItemContent] = []
    for item in written["items"]:
        result = item["result"]
        for objection in corrected:
            if objection.changed_to and objection.agenda_item_id == item["id"]:
                result = result.replace(objection.changed_to, objection.changed_from)
        items.append({**item, "result": result, "corrections": []})
    return {**written, "items": items}


def _versions(entry: Row, minutes: Minutes, circulated_on: dt.date | None) -> list[MinutesVersion]:
    """The versions as told; without a list, the one that was circulated. A draft has none."""
    told = [
        MinutesVersion(
            minutes=minutes,
            number=version.take("number"),
            circulated_at=moment(version.day("circulated_on"), *_CIRCULATED_AT),
            note=version.text("note"),
        )
        for version in entry.rows("versions")
    ]
    if told or circulated_on is None:
        return told
    return [MinutesVersion(minutes=minutes, number=1, circulated_at=moment(circulated_on, *_CIRCULATED_AT))]


def _objection(stage: Stage, entry: Row, minutes: Minutes) -> Objection:
    return Objection(
        minutes=minutes,
        by=stage.people[entry.text("by")],
        received_at=at_some_hour(entry.day("received_on"), len(stage.objections) + 2),
        agenda_item=stage.items[entry.text("agenda_item")],
        text=entry.text("text"),
        changed_from=entry.text("changed_from"),
        changed_to=entry.text("changed_to"),
        state=entry.text("status"),
        resolution=entry.text("resolution"),
    )
