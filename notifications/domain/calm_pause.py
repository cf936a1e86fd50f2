"""A pause of one meeting's mail in a mail about several things: that part stays here, and the others go.

The part becomes a message of its own again. It waits for the end of the pause and is settled then like any other, so
that it goes along with what is due that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from notifications.domain import calm_parts, valve
from notifications.domain.calm_parts import Part
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage


def without_held(messages: Sequence[OutboxMessage], *, at: dt.datetime) -> list[OutboxMessage]:
    """These claimed messages without what a pause holds back in some of them; those are left out that are nothing else.

    What may have arrived keeps its bytes. No query where no mail is about several meetings.
    """
    several = [one for one in messages if len(calm_parts.meetings(one)) > 1 and not one.may_have_arrived]
    held = valve.held_meetings() if several else frozenset()
    gone = {one.pk for one in several if not held.isdisjoint(calm_parts.meetings(one)) and not _split(one, held, at)}
    return [one for one in messages if one.pk not in gone]


def _split(message: OutboxMessage, held: frozenset[int], at: dt.datetime) -> bool:
    """False where nothing is left of it."""
    parts = [half for part in calm_parts.kept(message) for half in _halves(part, held)]
    staying, leaving = (
        [part for part in parts if part.meetings & held],
        [part for part in parts if not part.meetings & held],
    )
    rows = OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.SENDING, claimed_by=message.claimed_by)
    with transaction.atomic():
        if leaving:
            message.data = calm_parts.replaced(message, leaving)
            message.payload, message.message_id = None, ""
            done = rows.update(data=message.data, payload=None, message_id="")
        else:
            done = rows.update(state=OutboxState.SUPERSEDED, data={**message.data, "calm": "paused"})
        if done:
            OutboxMessage.objects.bulk_create(_waiting(message, staying, at), ignore_conflicts=True)
    return bool(done and leaving)


def _halves(part: Part, held: frozenset[int]) -> Iterable[Part]:
    """A call for topics of several meetings can be told apart; everything else is about one or none."""
    named = [pk for pk in part.data.get("meetings", ()) if pk != part.meeting]
    if part.kind != MailKind.CALL or part.meeting is None or held.isdisjoint(named):
        return [part]
    own = calm_parts.call(part, part.meeting, [part.meeting, *(pk for pk in named if pk not in held)])
    return [own, *(calm_parts.call(part, pk, [pk]) for pk in named if pk in held)]


def _waiting(message: OutboxMessage, parts: Iterable[Part], at: dt.datetime) -> Iterable[OutboxMessage]:
    for part in parts:
        yield OutboxMessage(
            kind=part.kind,
            person=message.person,
            occasion=f"{part.kind}:{part.meeting}:{at:%Y%m%dT%H%M%SZ}",
            matter=part.matter,
            meeting_id=part.meeting,
            data=dict(part.data),
            state=OutboxState.WAITING,
            is_settled=False,
            created_at=at,
            not_before=part.due,
        )
