"""What an accepted objection changes, and the next version: the one before with these changes, and nothing else.

What happened to decisions and tasks since the minutes were sent is no correction and stays out of them.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import action_items, minutes_words, quorum
from meetings.domain.minutes_content import (
    CorrectionContent,
    ItemContent,
    MinutesContent,
    ParticipantContent,
    TaskContent,
    participant,
    quorum_content,
)
from meetings.domain.minutes_journal import WordsMissing
from meetings.enums import ActionItemState, Presence
from meetings.models import ActionItem, AgendaItem, Attendance, Objection


@dataclass(frozen=True)
class TaskChange:
    """What is put right in one task; empty fields stay as they are. `is_dropped`: it was never given."""

    action: ActionItem
    task: str = ""
    due_on: dt.date | None = None
    owner: Person | None = None
    is_dropped: bool = False


@dataclass(frozen=True)
class Correction:
    """The words of the result („changed_from“ becomes „changed_to“; without the first the whole), who was there, a task."""

    changed_from: str = ""
    changed_to: str = ""
    item: AgendaItem | None = None
    attendance: tuple[Attendance, str] | None = None
    task: TaskChange | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.changed_from or self.changed_to or self.attendance or self.task)


def fitted(correction: Correction, objection: Objection, content: MinutesContent) -> Correction:
    """The same with its item and the words it replaces, checked against the text that holds. Raises WordsMissing."""
    if correction.is_empty:
        raise WordsMissing(
            _(
                "Bitte tragen Sie ein, was im Protokoll anders wird: am Ergebnis, an der Anwesenheit oder an einem "
                "Auftrag. Bleibt alles, wie es ist, wählen Sie „Nein“."
            )
        )
    item = objection.agenda_item or correction.item or (correction.task.action.agenda_item if correction.task else None)
    changed_from = correction.changed_from
    if correction.task is not None:
        _require_task(correction.task, item, content)
    if changed_from or correction.changed_to:
        found = _item(content, item.pk) if item else None
        if found is None:
            raise WordsMissing(_("Bitte wählen Sie den Punkt, in dem die Stelle steht."))
        if changed_from and changed_from not in found["result"]:
            raise WordsMissing(_("Die Stelle „%(old)s“ steht so nicht im Ergebnis.") % {"old": changed_from})
        changed_from = changed_from or found["result"]
        if changed_from == correction.changed_to:
            raise WordsMissing(_("Der neue Wortlaut ist der alte. Bitte tragen Sie ein, was anders wird."))
    if correction.attendance is not None and _there(content, correction.attendance[0]) == correction.attendance[1]:
        raise WordsMissing(_("Das steht schon so in der Anwesenheit. Bitte tragen Sie ein, was anders wird."))
    return Correction(changed_from, correction.changed_to, item, correction.attendance, correction.task)


def as_data(correction: Correction) -> dict[str, object]:
    """What is kept with the objection beside the words of the result: ids, codes and dates, and a task's new words."""
    data: dict[str, object] = {}
    if correction.attendance is not None:
        row, presence = correction.attendance
        data["attendance"] = {"row": row.pk, "presence": presence}
    if (change := correction.task) is not None:
        data["task"] = {
            "id": change.action.pk,
            "task": change.task,
            "due_on": change.due_on.isoformat() if change.due_on else "",
            "owner": change.owner.pk if change.owner else None,
            "is_dropped": change.is_dropped,
        }
    return data


def corrected(content: MinutesContent, accepted: Iterable[Objection]) -> MinutesContent:
    """The version before with what these objections changed, each marked where it belongs."""
    new = copy.deepcopy(content)
    for objection in accepted:
        entry: CorrectionContent = {
            "on": local(objection.received_at).date().isoformat(),
            "changed_from": objection.changed_from,
            "changed_to": objection.changed_to,
            "resolution": objection.resolution,
        }
        item = _item(new, objection.agenda_item_id)
        if item is not None and objection.changed_from in item["result"]:
            item["result"] = item["result"].replace(objection.changed_from, objection.changed_to, 1)
        if also := [*_attendance(new, objection), *_task(new, objection)]:
            entry["also"] = also
        (item["corrections"] if item is not None else new.setdefault("corrections", [])).append(entry)
    return new


def write(correction: Correction, content: MinutesContent, *, resolution: str, by: Person, at: dt.datetime) -> None:
    """The same where it is worked on: the item's result, the attendance, the task."""
    item = correction.item
    if item is not None and (correction.changed_from or correction.changed_to):
        found = _item(content, item.pk)
        before = found["result"] if found else item.result
        result = before.replace(correction.changed_from, correction.changed_to, 1) or correction.changed_to
        AgendaItem.objects.filter(pk=item.pk).update(result=result, version=F("version") + 1)
    if correction.attendance is not None:
        _write_presence(*correction.attendance)
    if correction.task is not None:
        _write_task(correction.task, content, resolution=resolution, by=by, at=at)


def _write_presence(row: Attendance, presence: str) -> None:
    hours = {} if presence in quorum.THERE else {"present_from": None, "present_until": None, "channel": ""}
    Attendance.objects.filter(pk=row.pk).update(presence=presence, version=F("version") + 1, **hours)
    quorum.give_the_vote(row.meeting, row.organisation_id)


def _write_task(change: TaskChange, content: MinutesContent, *, resolution: str, by: Person, at: dt.datetime) -> None:
    """What the owner changed since stays: only what still stands as it was sent is put right."""
    action = (
        ActionItem.objects.select_for_update(of=["self"]).select_related("owner", "alliance").get(pk=change.action.pk)
    )
    if change.is_dropped:
        if action.state != ActionItemState.CANCELLED:
            action_items.report(
                action,
                state=ActionItemState.CANCELLED,
                words=resolution,
                version=action.version,
                by=by,
                at=at,
                via=Via.WEB,
            )
        return
    sent = _sent(content, action.pk)
    said: dict[str, object] = {"task": change.task} if change.task else {}
    if change.due_on and sent and action.due_on.isoformat() == sent["due_on"]:
        said["due_on"] = change.due_on
    if said:
        ActionItem.objects.filter(pk=action.pk).update(version=F("version") + 1, **said)
        action.refresh_from_db()
    if change.owner and sent and action.owner_id == sent["owner_id"]:
        action_items.hand_over(action, to=change.owner, version=action.version, by=by, at=at)


def _require_task(change: TaskChange, item: AgendaItem | None, content: MinutesContent) -> None:
    sent = _sent(content, change.action.pk)
    if sent is None or (item is not None and change.action.agenda_item_id != item.pk):
        raise WordsMissing(_("Dieser Auftrag steht nicht in diesem Punkt des Protokolls."))
    said = (change.task or sent["task"], change.due_on or dt.date.fromisoformat(sent["due_on"]))
    owner = change.owner.pk if change.owner else sent["owner_id"]
    if not change.is_dropped and (*said, owner) == (
        sent["task"],
        dt.date.fromisoformat(sent["due_on"]),
        sent["owner_id"],
    ):
        raise WordsMissing(_("Bitte tragen Sie ein, was an dem Auftrag anders wird."))


def _attendance(content: MinutesContent, objection: Objection) -> list[str]:
    said = objection.changes.get("attendance")
    row = (
        Attendance.objects.select_related("person", "organisation", "stands_in_for__person", "meeting__alliance")
        .filter(pk=said["row"])
        .first()
        if said
        else None
    )
    if said is None or row is None:
        return []
    before = next((one for one in content["attendance"] if _is(one, row)), None)
    row.presence = said["presence"]
    now = participant(row)
    if before is None:
        content["attendance"].append(now)
    else:
        content["attendance"] = [now if one is before else one for one in content["attendance"]]
    counted = quorum_content(row.meeting)
    content["quorum"] = {**counted, "reached": content["quorum"]["reached"]}
    old = Presence(before["presence"] if before else Presence.UNKNOWN).label
    return [
        _("%(name)s: „%(old)s“ ersetzt durch „%(new)s“.")
        % {"name": now["name"], "old": old, "new": Presence(row.presence).label}
    ]


def _task(content: MinutesContent, objection: Objection) -> list[str]:
    said = objection.changes.get("task")
    item = next((one for one in content["items"] for task in one["tasks"] if said and task["id"] == said["id"]), None)
    if not said or item is None:
        return []
    before = next(task for task in item["tasks"] if task["id"] == said["id"])
    if said["is_dropped"]:
        item["tasks"] = [task for task in item["tasks"] if task is not before]
        return [_("Auftrag „%s“ gestrichen.") % before["task"]]
    now: TaskContent = {
        **before,
        "task": said["task"] or before["task"],
        "due_on": said["due_on"] or before["due_on"],
    }
    owner = Person.objects.select_related("organisation").filter(pk=said["owner"] or 0).first()
    if owner is not None:
        now |= {
            "owner_id": owner.pk,
            "owner": owner.full_name,
            "organisation": owner.organisation.short_name,
        }
    item["tasks"] = [now if task is before else task for task in item["tasks"]]
    return [
        _("Auftrag „%(old)s“ ersetzt durch „%(new)s“.") % {"old": _in_words(before), "new": _in_words(now)},
    ]


def _in_words(task: TaskContent) -> str:
    return _("%(task)s, %(owner)s, bis %(day)s") % {
        "task": task["task"],
        "owner": task["owner"],
        "day": german.short_day(dt.date.fromisoformat(task["due_on"])),
    }


def in_words(content: MinutesContent, objection: Objection) -> str:
    """What this objection changed in the version that carries it, in sentences; empty where nothing."""
    item = _item(content, objection.agenda_item_id)
    entries = item["corrections"] if item is not None else content.get("corrections", [])
    on = local(objection.received_at).date().isoformat()
    same = ("on", "changed_from", "changed_to", "resolution")
    found = (on, objection.changed_from, objection.changed_to, objection.resolution)
    entry = next((one for one in entries if tuple(one[key] for key in same) == found), None)  # type: ignore[literal-required]
    return minutes_words.changed(entry) if entry else ""


def _item(content: MinutesContent, pk: int | None) -> ItemContent | None:
    return next((item for item in content["items"] if item["id"] == pk), None)


def _sent(content: MinutesContent, pk: int) -> TaskContent | None:
    return next((task for item in content["items"] for task in item["tasks"] if task["id"] == pk), None)


def _is(one: ParticipantContent, row: Attendance) -> bool:
    if "id" in one:
        return one["id"] == row.pk
    return (one["name"], one["organisation"]) == (row.person.name_with_title, row.organisation.name)


def _there(content: MinutesContent, row: Attendance) -> str:
    return next((one["presence"] for one in content["attendance"] if _is(one, row)), Presence.UNKNOWN)
