"""The contact for a matter: who answers for the field of action of a topic, decision, task, relay or vote.

Stands under the mails and on the pages about it. Without one the Fachstelle is asked, as everywhere.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from buendnisse.domain import contacts
from buendnisse.models import Contact, Topic
from meetings.models import ActionItem, AgendaItem, CircularVote, Decision, Relay

Matter = ActionItem | AgendaItem | CircularVote | Decision | Relay


def about(matter: Matter, *, at: dt.datetime) -> Contact | None:
    """One query. A relay's fields are those of what it came from and of what took it up."""
    items, decision = _carriers(matter)
    # Two lists of ids: joined in one query, every item of a field would meet every decision of it.
    of_items = AgendaItem.topics.through.objects.filter(agendaitem__in=items).values("topic")
    of_decision = Decision.topics.through.objects.filter(decision=decision or 0).values("topic")
    fields = Topic.objects.filter(Q(pk__in=of_items) | Q(pk__in=of_decision))
    return contacts.for_topics(fields.values("pk"), at=at)


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
