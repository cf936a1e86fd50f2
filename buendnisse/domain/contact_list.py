"""Who answers for which topic and area, by topic."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F, Q

from buendnisse.domain import records
from buendnisse.models import Area, Contact, Topic

_SEARCHED = (
    *("person__first_name", "person__last_name", "person__function", "person__organisation__name"),
    *("person__organisation__short_name", "topic__name", "area__name", "note"),
)


@dataclass
class Group:
    """A topic with those who answer for it; the whole district first, then the areas."""

    topic: Topic
    contacts: list[Contact] = field(default_factory=list)


def groups(reader: object, *, topic: Topic | None, area: Area | None, words: str = "", at: dt.datetime) -> list[Group]:
    """Topics that have a contact. Who answers for the whole district answers for every area of it.

    `words` are looked for in names, functions, organisations, topics, areas and notes.
    """
    rows = Contact.objects.visible_to(reader, at=at).select_related("person__organisation", "topic", "area")
    if topic is not None:
        rows = rows.filter(topic=topic)
    if area is not None:
        rows = rows.filter(Q(area=area) | Q(area__isnull=True))
    rows = records.with_words(rows, words, *_SEARCHED)
    found: dict[int, Group] = {}
    for row in rows.order_by("topic_id", F("area__name").asc(nulls_first=True), "person__last_name", "pk"):
        found.setdefault(row.topic_id, Group(row.topic)).contacts.append(row)
    return list(found.values())


def answering_for(topic: Topic, *, reader: object, at: dt.datetime) -> list[Contact]:
    """Who answers for this topic; the whole district first."""
    return [contact for group in groups(reader, topic=topic, area=None, at=at) for contact in group.contacts]
