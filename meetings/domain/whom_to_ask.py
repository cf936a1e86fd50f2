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
    return contacts.for_topics(Topic.objects.filter(_of(matter)).values("pk"), at=at)


def _of(matter: Matter) -> Q:
    if isinstance(matter, AgendaItem):
        return Q(agenda_items=matter.pk)
    if isinstance(matter, Relay):
        items = [pk for pk in (matter.source_item_id, matter.target_item_id) if pk]
        return Q(agenda_items__in=items) | Q(decisions=matter.source_decision_id or 0)
    decision = matter.pk if isinstance(matter, Decision) else 0
    if isinstance(matter, ActionItem):
        decision = matter.decision_id or 0
    return Q(agenda_items=matter.agenda_item_id or 0) | Q(decisions=decision)
