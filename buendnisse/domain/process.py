"""Telling how integration proceeds: stages are added, changed, put in order, left out and brought back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Prefetch
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.models import Body, Contact, Person, ProcessStage, Topic

ADDED, CHANGED, MOVED = "process.added", "process.changed", "process.moved"
ENDED, BROUGHT_BACK = "process.ended", "process.brought_back"
_MOST = 20


class StageStale(Exception):
    """Somebody else changed the stage first. `current` is what holds now; `str()` is a German sentence."""

    def __init__(self, current: ProcessStage) -> None:
        super().__init__(_("Jemand anderes hat diese Stufe inzwischen geändert. Bitte vergleichen Sie."))
        self.current = current


class TooManyStages(Exception):
    """A picture of more than twenty is none. `str()` is a German sentence."""

    def __init__(self) -> None:
        super().__init__(_("Mehr als %d Stufen passen nicht in ein Bild. Bitte lassen Sie erst eine weg.") % _MOST)


@dataclass(frozen=True)
class Facts:
    """What a stage says. `offers`: one a line."""

    name: str
    text: str = ""
    offers: str = ""
    topics: Iterable[Topic] = ()
    bodies: Iterable[Body] = ()
    contacts: Iterable[Contact] = ()


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


def add(facts: Facts, *, form_key: uuid.UUID, by: Person, at: dt.datetime) -> ProcessStage:
    """A new stage at the end. The same form sent twice is one stage. Raises TooManyStages."""
    known = ProcessStage.objects.filter(form_key=form_key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            if ProcessStage.objects.in_force().count() >= _MOST:
                raise TooManyStages
            last = ProcessStage.objects.aggregate(last=Max("position"))["last"] or 0
            stage = ProcessStage.objects.create(
                name=facts.name, text=facts.text, offers=facts.offers, position=last + 1, form_key=form_key
            )
            _link(stage, facts)
            journal.record(ADDED, stage, at=at, by=by)
    except IntegrityError:  # the other tap was faster
        return ProcessStage.objects.get(form_key=form_key)
    return stage


def change(stage: ProcessStage, facts: Facts, *, version: int, by: Person, at: dt.datetime) -> None:
    """Say it anew on top of `version`. Raises StageStale."""
    with transaction.atomic():
        rows = ProcessStage.objects.filter(pk=stage.pk, version=version)
        if not rows.update(name=facts.name, text=facts.text, offers=facts.offers, version=F("version") + 1):
            raise StageStale(ProcessStage.objects.get(pk=stage.pk))
        _link(stage, facts)
        journal.record(CHANGED, stage, at=at, by=by)


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
    return _set_end(stage, local_date(at), verb=ENDED, by=by, at=at)


def bring_back(stage: ProcessStage, *, by: Person, at: dt.datetime) -> bool:
    """Show it again, in its old place. False where it is shown already. Raises TooManyStages."""
    if ProcessStage.objects.in_force().exclude(pk=stage.pk).count() >= _MOST:
        raise TooManyStages
    return _set_end(stage, None, verb=BROUGHT_BACK, by=by, at=at)


def _set_end(stage: ProcessStage, day: dt.date | None, *, verb: str, by: Person, at: dt.datetime) -> bool:
    with transaction.atomic():
        rows = ProcessStage.objects.filter(pk=stage.pk, ended_on__isnull=day is not None)
        if not rows.update(ended_on=day, version=F("version") + 1):
            return False
        journal.record(verb, stage, at=at, by=by)
    return True


def _link(stage: ProcessStage, facts: Facts) -> None:
    stage.topics.set(facts.topics)
    stage.bodies.set(facts.bodies)
    stage.contacts.set(facts.contacts)


def _contacts(stage: ProcessStage) -> list[Contact]:
    """Nobody twice, though somebody may answer for two of its topics."""
    rows = list(stage.contacts.all()) or [row for topic in stage.topics.all() for row in topic.contacts.all()]
    return list({row.person_id: row for row in reversed(rows)}.values())[::-1]
