"""Telling how integration proceeds: stages are added, changed, put in order, left out and brought back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal, records
from buendnisse.domain.records import RecordRefused
from buendnisse.models import Body, Contact, Person, ProcessStage, Topic

NOUN = "process"
MOVED = f"{NOUN}.moved"
_MOST = 20


@dataclass(frozen=True)
class Shown:
    """A stage as the page draws it; `contacts` are the chosen ones, or else those of its topics."""

    number: int
    stage: ProcessStage
    topics: Sequence[Topic]
    bodies: Sequence[Body]
    contacts: Sequence[Contact]


def shown(reader: object, *, at: dt.datetime) -> list[Shown]:
    """The stages in their order; a fixed number of queries. Bodies that have ended and people who left are not named."""
    asked = Contact.objects.visible_to(reader, at=at).select_related("person__organisation", "topic", "area")
    stages = ProcessStage.objects.in_force().prefetch_related(
        Prefetch("topics", Topic.objects.order_by("pk")),
        Prefetch("bodies", Body.objects.valid_on(local_date(at)).order_by("kind", "pk")),
        Prefetch("contacts", asked.order_by("topic_id", "person__last_name", "pk")),
        Prefetch("topics__contacts", asked.order_by("person__last_name", "pk")),
    )
    return [
        Shown(number, stage, list(stage.topics.all()), list(stage.bodies.all()), _contacts(stage))
        for number, stage in enumerate(stages, start=1)
    ]


def left_out() -> list[ProcessStage]:
    """Stages that are not shown any more; the last one first."""
    return list(ProcessStage.objects.filter(ended_on__isnull=False).order_by("-ended_on", "-pk"))


def add(
    *,
    form_key: uuid.UUID,
    by: Person,
    at: dt.datetime,
    topics: Sequence[Topic] = (),
    bodies: Sequence[Body] = (),
    contacts: Sequence[Contact] = (),
    **facts: Any,
) -> ProcessStage:
    """A new stage at the end. The same form sent twice is one stage. Raises RecordRefused."""
    if known := ProcessStage.objects.filter(form_key=form_key).first():
        return known
    with transaction.atomic():
        _require_room()
        last = ProcessStage.objects.aggregate(last=Max("position"))["last"] or 0
        row = ProcessStage(position=last + 1, form_key=form_key, **facts)
        links = {"topics": topics, "bodies": bodies, "contacts": contacts}
        return records.add(row, noun=NOUN, links=links, by=by, at=at)


def change(stage: ProcessStage, *, version: int, by: Person, at: dt.datetime, **facts: Any) -> bool:
    """Say it anew on top of `version`. Raises RecordRefused, StaleRecord."""
    return records.change(stage, facts, version=version, noun=NOUN, by=by, at=at)


def move(stage: ProcessStage, *, later: bool, by: Person, at: dt.datetime) -> bool:
    """Change places with the neighbour; False at the end of the row, or where it is not shown."""
    with transaction.atomic():
        row = list(ProcessStage.objects.in_force().select_for_update())
        places = [one.pk for one in row]
        if stage.pk not in places:
            return False
        here = places.index(stage.pk)
        there = here + (1 if later else -1)
        if not 0 <= there < len(row):
            return False
        row[here], row[there] = row[there], row[here]
        for position, one in enumerate(row, start=1):
            ProcessStage.objects.filter(pk=one.pk).exclude(position=position).update(position=position)
        journal.record(MOVED, stage, at=at, by=by, data={"to": there + 1})
    return True


def end(stage: ProcessStage, *, by: Person, at: dt.datetime) -> bool:
    """Leave it out; it is kept and can be brought back. False where it is left out already."""
    if stage.ended_on is not None:
        return False
    return records.end(stage, local_date(at), noun=NOUN, by=by, at=at)


def bring_back(stage: ProcessStage, *, by: Person, at: dt.datetime) -> bool:
    """Show it again, in its old place. False where it is shown already. Raises RecordRefused."""
    _require_room(besides=stage)
    return records.end(stage, None, noun=NOUN, by=by, at=at)


def _require_room(besides: ProcessStage | None = None) -> None:
    """A picture of more than twenty is none. Raises RecordRefused."""
    if ProcessStage.objects.in_force().exclude(pk=besides.pk if besides else 0).count() >= _MOST:
        raise RecordRefused(_("Mehr als %d Stufen passen nicht in ein Bild. Bitte lassen Sie erst eine weg.") % _MOST)


def _contacts(stage: ProcessStage) -> list[Contact]:
    """Nobody twice, though somebody may answer for two of its topics."""
    rows = list(stage.contacts.all()) or [row for topic in stage.topics.all() for row in topic.contacts.all()]
    return list({row.person_id: row for row in reversed(rows)}.values())[::-1]
