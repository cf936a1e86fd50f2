"""A step about a topic taken back: what still waits goes no more, and it is said truly who has heard of it already."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from buendnisse.models import Person
from meetings.domain import agenda, agenda_fate
from meetings.models import AgendaItem
from notifications.enums import STILL_HERE, MailKind, OutboxState
from notifications.models import OutboxMessage


@dataclass(frozen=True)
class TakenBack:
    """`told` have had a mail about the step and get another one; nobody else hears of it. `kept`: mails that go no more.

    `is_second`: the step was taken back before, and nothing happened now.
    """

    told: tuple[Person, ...]
    kept: int
    is_second: bool = False


def take_back(item: AgendaItem, *, step: int | None = None, by: Person, at: dt.datetime) -> TakenBack:
    """`agenda.restore` of that `step`, and its mails with it. Raises TooLate, MoveRefused.

    The waiting mails are taken out first and then looked at: a worker that was faster has its own.
    """
    with transaction.atomic():
        if agenda_fate.was_taken_back(item, step):
            return TakenBack((), 0, is_second=True)
        last = agenda_fate.meant(item, step)
        joined = AgendaItem.objects.filter(merged_into=item).values_list("pk", flat=True)
        matters = [f"item:{item.pk}", f"merged:{item.pk}", *(f"item:{pk}" for pk in joined)]
        mails = OutboxMessage.objects.filter(kind=MailKind.ITEM_FATE, matter__in=matters)
        kept = mails.filter(state__in=STILL_HERE).update(state=OutboxState.SUPERSEDED)
        gone = mails.may_have_arrived().filter(created_at__gte=last.at) if last else mails.none()
        told = Person.objects.filter(pk__in=gone.values("person")).order_by("last_name", "first_name", "pk")
        found = TakenBack(tuple(told), kept)
        agenda.restore(item, step=step, by=by, at=at)
    return found
