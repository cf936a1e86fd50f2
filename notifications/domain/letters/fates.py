"""What became of a topic, in a letter to whoever proposed it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import LinkPurpose
from buendnisse.models import Change
from meetings.domain import agenda as topics
from meetings.enums import AgendaItemState, Happened
from meetings.models import AgendaItem
from notifications.domain import urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

_TAKEN_UP = frozenset({AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED})


def item_fate(message: OutboxMessage, at: dt.datetime) -> Letter:
    """How the topic stands now. A step taken back before its letter left is not told."""
    item = item_of(message)
    if item.state in {AgendaItemState.WITHDRAWN, AgendaItemState.DISCUSSED, AgendaItemState.PLANNED}:
        raise NothingToSay
    if message.data.get("merged"):
        return _host(message, item, at)
    if "since" in message.data and not _is_news(message, item):
        raise NothingToSay
    if item.state == AgendaItemState.PROPOSED and not _was_told(message):
        raise NothingToSay
    successor = AgendaItem.objects.filter(continued_from=item).select_related("meeting").first()
    into = item.merged_into
    said = into.reason if into is not None and into.reason else item.reason
    return Letter(
        "item_fate", {**about(message, item, at), "successor": successor, "into": into, "said": said}, matter=item
    )


def item_of(message: OutboxMessage) -> AgendaItem:
    """The topic of a letter, while its reader is the one who proposed it. Raises NothingToSay."""
    rows = AgendaItem.objects.select_related(
        "meeting__alliance",
        "alliance",
        "delegated_to",
        "proposing_organisation",
        "relates_to",
        "merged_into__meeting",
        "merged_into__delegated_to",
        "merged_into__proposer__organisation",
    )
    item = rows.filter(pk=message.data.get("item", 0), proposer=message.person_id).first()
    if item is None:
        raise NothingToSay
    return item


def about(message: OutboxMessage, item: AgendaItem, at: dt.datetime) -> dict[str, Any]:
    """What every letter about a topic shows."""
    url = urls_for.personal(message.person, purpose=LinkPurpose.ITEM, subject=item, at=at)
    meeting = item.meeting
    day = german.short_day(meeting.start) if meeting else _("Ihr Thema")
    return {
        "item": item,
        "body": item.alliance,
        "meeting": meeting,
        "day": day,
        "url": url,
        "papers": list(item.papers.order_by("pk")),
        "window": topics.window(meeting, at=at) if meeting else None,
        "organisation_name": item.proposing_organisation.name if item.proposing_organisation else "",
    }


def _host(message: OutboxMessage, item: AgendaItem, at: dt.datetime) -> Letter:
    """Another topic goes under this one, or no longer does."""
    joined = AgendaItem.objects.select_related("proposer__organisation").filter(pk=message.data["merged"]).first()
    if joined is None:
        raise NothingToSay
    is_one = joined.state == AgendaItemState.MERGED and joined.merged_into_id is not None
    if is_one != ("since" not in message.data) or (not is_one and not _was_told(message, since=_since(message))):
        raise NothingToSay
    said = joined.reason if is_one else ""
    return Letter(
        "item_fate", {**about(message, item, at), "joined": joined, "is_one": is_one, "said": said}, matter=item
    )


def _is_news(message: OutboxMessage, item: AgendaItem) -> bool:
    """Whether a step taken back leaves something untold: the step was told, or taking the topic up never was."""
    if _was_told(message, since=_since(message)):
        return True
    if item.state not in _TAKEN_UP:
        return False
    verbs = [Happened.ITEM_ACCEPTED, Happened.ITEM_SCHEDULED]
    taken_up = Change.objects.of(item).filter(verb__in=verbs).order_by("-at", "-pk").first()
    return taken_up is not None and not _was_told(message, since=taken_up.at)


def _since(message: OutboxMessage) -> dt.datetime | None:
    return parse_datetime(message.data.get("since") or "")


def _was_told(message: OutboxMessage, *, since: dt.datetime | None = None) -> bool:
    """Whether this person had a letter about this (from `since` on)."""
    rows = OutboxMessage.objects.filter(
        kind=MailKind.ITEM_FATE, person=message.person_id, state__in=[OutboxState.SENDING, OutboxState.SENT]
    ).exclude(pk=message.pk)
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    wanted = (message.data.get("item"), message.data.get("merged"))
    return any((data.get("item"), data.get("merged")) == wanted for data in rows.values_list("data", flat=True))


COMPOSERS: dict[str, Composer] = {MailKind.ITEM_FATE: item_fate}
