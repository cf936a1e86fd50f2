"""Which of those who left nothing waits for any longer, and their names in the minutes that stay."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from buendnisse.clock import BERLIN, local_date
from buendnisse.domain import forgetting
from buendnisse.models import Membership, Person
from buendnisse.models.person import PersonQuerySet
from meetings.enums import AgendaItemState, NoticeState, ObjectionState
from meetings.models import (
    ActionItem,
    AgendaItem,
    AgendaRelease,
    AgendaVersion,
    Attendance,
    Decision,
    ItemDraft,
    Meeting,
    Minutes,
    MinutesArchive,
    MinutesVersion,
    Notice,
    Objection,
    OwnWords,
    UnitReport,
)

#: A topic in one of these is dealt with.
_OVER = (
    AgendaItemState.DISCUSSED,
    AgendaItemState.DEFERRED,
    AgendaItemState.DECLINED,
    AgendaItemState.DELEGATED,
    AgendaItemState.MERGED,
    AgendaItemState.WITHDRAWN,
)


def due(*, at: dt.datetime) -> PersonQuerySet:
    """People who left more than 24 months ago, were at no meeting since, and have nothing open."""
    day = forgetting.limit(local_date(at))
    since = dt.datetime.combine(day, dt.time.min, tzinfo=BERLIN)
    person = OuterRef("pk")
    rows = Attendance.objects.filter(person=person)
    topics = AgendaItem.objects.filter(Q(proposer=person) | Q(presenter=person))
    notices = Notice.objects.filter(from_person=person)
    was_here = Exists(Membership.objects.filter(person=person)) | Exists(rows) | Exists(topics)
    has_open = (
        Exists(rows.filter(meeting__start__gte=since))
        | Exists(topics.exclude(state__in=_OVER))
        | Exists(ActionItem.objects.open().filter(owner=person))
        | Exists(Objection.objects.filter(by=person, state=ObjectionState.OPEN))
        | Exists(notices.filter(Q(state=NoticeState.PROPOSED) | Q(valid_until__gte=day)))
    )
    left = forgetting.left_before(day).filter(was_here | Q(active_until__isnull=False))
    return left.exclude(has_open).order_by("pk")


#: What the text of minutes is made of.
_TEXTS: Mapping[type[models.Model], tuple[str, ...]] = {
    AgendaItem: ("result",),
    Decision: ("text", "note"),
    ActionItem: ("task", "report"),
}


class Mask:
    """Puts other words where a person's name stood. Made before the person is forgotten, used afterwards."""

    def __init__(self, person: Person) -> None:
        names = set()
        own = Q(pk=person.pk) | Q(merged_into=person) | Q(pk=person.merged_into_id or 0)
        for one in (person, *person.doubles.filter(forgotten_at=None)):  # what they did is the person's by now
            names |= {one.name_with_title, one.full_name}
            others = Person.objects.filter(last_name__iexact=one.last_name, salutation=one.salutation)
            if not others.exclude(own).exists():
                names.add(one.formal_name)  # "Frau Overhage" is one person only where no other has that name
        longest_first = sorted(map(re.escape, names), key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")
        part = Q(author=person) | Q(meeting__chair=person) | Q(meeting__attendance__person=person)
        part |= Q(meeting__agenda_items__presenter=person) | Q(meeting__action_items__owner=person)
        part |= Q(meeting__action_items__handed_over_from=person)
        self._minutes = set(Minutes.objects.filter(part).values_list("pk", flat=True))
        led = Q(chair=person) | Q(attendance__person=person) | Q(agenda_items__presenter=person)
        self._meetings = set(Meeting.objects.filter(led).values_list("pk", flat=True))

    def write(self, words: str) -> None:
        """Replace the name in the minutes of every meeting the person had a part in, and in what they were made of."""
        for version in MinutesVersion.objects.filter(minutes__in=self._minutes):
            masked = self._over(version.content, words)
            if masked != version.content:
                MinutesVersion.objects.filter(pk=version.pk).update(content=masked)
        agendas: Mapping[type[models.Model], tuple[str, ...]] = {
            AgendaVersion: ("content", "introduction"),
            AgendaRelease: ("content", "decided_name"),
            OwnWords: ("text",),
        }
        self._write(agendas, Q(meeting__in=self._meetings), words)
        self._write({UnitReport: ("text",)}, Q(agenda_item__meeting__in=self._meetings), words)
        self._write({AgendaItem: ("told",)}, Q(meeting__in=self._meetings), words)
        self._write(_TEXTS, Q(meeting__minutes__in=self._minutes), words)
        MinutesArchive.objects.filter(minutes__in=self._minutes).delete()  # the next ring files them without the name
        # What was only jotted down beside the items serves nobody any longer.
        ItemDraft.objects.filter(agenda_item__meeting__minutes__in=self._minutes).delete()

    def _write(self, texts: Mapping[type[models.Model], tuple[str, ...]], of: Q, words: str) -> None:
        for model, fields in texts.items():
            for row in model._default_manager.filter(of):
                told = {name: getattr(row, name) for name in fields}
                masked = self._over(told, words)
                if masked != told:
                    model._default_manager.filter(pk=row.pk).update(**masked)

    def _over(self, node: Any, words: str) -> Any:
        if isinstance(node, str):
            return self._names.sub(lambda found: _placed(words, node[: found.start()]), node)
        if isinstance(node, list):
            return [self._over(one, words) for one in node]
        if isinstance(node, dict):
            return {key: self._over(value, words) for key, value in node.items()}
        return node


def _placed(words: str, before: str) -> str:
    """With a capital where a sentence begins."""
    begins = not before or before.rstrip().endswith((".", "!", "?", ":")) or before.endswith("\n")
    return f"{words[:1].upper()}{words[1:]}" if begins else words
