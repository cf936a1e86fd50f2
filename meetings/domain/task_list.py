"""Lists of tasks, for whoever may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.models import Change, Membership, Person
from buendnisse.models.person import PersonQuerySet
from meetings.enums import ActionItemState, Happened
from meetings.models import ActionItem, AgendaItem
from meetings.models.action_item import ActionItemQuerySet

#: What every page about tasks shows.
RELATED = ("owner", "organisation", "alliance", "meeting__alliance", "agenda_item", "decision", "handed_over_from")


def tasks(reader: object, *, at: dt.datetime, wanted: Mapping[str, Any]) -> ActionItemQuerySet:
    """By due date, the longest overdue first; done ones the latest first."""
    rows = shown(ActionItem.objects.visible_to(reader, at=at), reader=reader, at=at)
    if body := wanted.get("wo"):
        rows = rows.filter(alliance=body)
    stand = wanted.get("stand") or "offen"
    if stand == "offen":
        rows = rows.open()
    elif stand == "ueberfaellig":
        rows = rows.overdue(local_date(at))
    elif stand == "erledigt":
        rows = rows.filter(state=ActionItemState.DONE)
    for word in (wanted.get("wer") or "").split():
        rows = rows.filter(
            Q(owner__last_name__icontains=word)
            | Q(owner__first_name__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(organisation__short_name__icontains=word)
            | Q(task__icontains=word)
        )
    return rows.order_by("-completed_on", "pk") if stand == "erledigt" else rows.order_by("due_on", "pk")


def shown(rows: ActionItemQuerySet, *, reader: object, at: dt.datetime) -> ActionItemQuerySet:
    """With what pages show of each. `topic`: the item it came from, where this reader may know it.

    Whoever has a task does it without reading the confidential item it came from.
    """
    item = AgendaItem.objects.visible_to(reader, at=at).filter(pk=OuterRef("agenda_item")).values("title")
    return rows.select_related(*RELATED).annotate(topic=Subquery(item[:1]))


def summary(reader: object, *, at: dt.datetime) -> str:
    """16 offen, davon 3 überfällig."""
    rows = ActionItem.objects.visible_to(reader, at=at).open()
    counts = rows.aggregate(waiting=Count("pk"), late=Count("pk", filter=Q(due_on__lt=local_date(at))))
    waiting, late = counts["waiting"], counts["late"]
    if not waiting:
        return _("Kein Auftrag ist offen.")
    return _("%(waiting)d offen, davon %(late)d überfällig.") % {"waiting": waiting, "late": late}


def suggested(action: ActionItem, *, at: dt.datetime) -> dt.date | None:
    """The day a longer task has now, once it was prolonged and while it is ahead; else the owner chooses freely."""
    is_ahead = action.state == ActionItemState.IN_PROGRESS and action.due_on >= local_date(at)
    return action.due_on if is_ahead else None


def heirs(action: ActionItem, *, at: dt.datetime) -> PersonQuerySet:
    """Who could take over: members of the alliance and colleagues of the owner's organisation."""
    members = Membership.objects.filter(body=action.alliance_id).active_on(local_date(at)).values("person")
    rows = Person.objects.active_on(local_date(at)).exclude(pk=action.owner_id).select_related("organisation")
    found: PersonQuerySet = rows.filter(Q(pk__in=members) | Q(organisation=action.organisation_id))
    return found.order_by("last_name", "first_name")


def history(action: ActionItem) -> list[tuple[Change, str]]:
    rows = Change.objects.of(action).select_related("by").order_by("-at", "-pk")
    return [(change, str(Happened(change.verb).label)) for change in rows if change.verb in Happened.values]
