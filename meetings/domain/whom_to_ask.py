"""The contact for a matter: who answers for the field of action of a topic, decision, task, relay or vote.

Stands under the mails and on the pages about it. Without one the Fachstelle is asked, as everywhere.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from buendnisse.clock import local_date
from buendnisse.domain import contacts
from buendnisse.models import Contact, Topic
from buendnisse.models.prepared import Prepared
from meetings.models import ActionItem, AgendaItem, CircularVote, Decision, Relay

Matter = ActionItem | AgendaItem | CircularVote | Decision | Relay


def about(matter: Matter, *, at: dt.datetime) -> Contact | None:
    """One query. A relay's fields are those of what it came from and of what took it up."""
    items, decision = _carriers(matter)
    first, second = (*items, 0, 0)[:2]
    query = _asking()
    rows = query.read(query.fetch(item=first, other=second, decision=decision or 0, day=local_date(at)))
    return contacts.read(rows[0]) if rows else None


@cache
def _asking() -> Prepared:
    def make(item: int, other: int, decision: int, day: dt.date) -> QuerySet[Contact, Any]:
        # Two lists of ids: joined in one query, every item of a field would meet every decision of it.
        of_items = AgendaItem.topics.through.objects.filter(agendaitem__in=[item, other]).values("topic")
        of_decision = Decision.topics.through.objects.filter(decision=decision).values("topic")
        fields = Topic.objects.filter(Q(pk__in=of_items) | Q(pk__in=of_decision)).values("pk")
        return contacts.asked_about(fields, day=day).values_list(*contacts.IN_FULL.columns)[:1]

    return Prepared(make, item=int, other=int, decision=int, day=dt.date)


def _carriers(matter: Matter) -> tuple[list[int], int | None]:
    """The items and the decision whose fields it has."""
    if isinstance(matter, AgendaItem):
        return [matter.pk], None
    if isinstance(matter, Relay):
        return [pk for pk in (matter.source_item_id, matter.target_item_id) if pk], matter.source_decision_id
    item = [matter.agenda_item_id] if matter.agenda_item_id else []
    if isinstance(matter, Decision):
        return item, matter.pk
    return item, matter.decision_id if isinstance(matter, ActionItem) else None
