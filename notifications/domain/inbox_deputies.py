"""A deputy known from a mail alone: entered with it, and gone again where that is taken back before anybody heard of it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max, ProtectedError

from buendnisse.models import Person
from meetings.models import Attendance
from notifications.enums import STILL_HERE, OutboxState
from notifications.models import InboundMessage, Invitation, OutboxMessage


def newest() -> int:
    """The number of the last person entered; who has a higher one was entered later."""
    return int(Person.objects.aggregate(last=Max("pk"))["last"] or 0)


def take_out(person: int) -> None:
    """This person was entered by a slip and has heard nothing: nobody finds them anywhere.

    Whoever was told something, is known elsewhere or was changed since stays. Needs a transaction.
    """
    known = Person.objects.filter(pk=person, version=1)
    if not known.exists() or InboundMessage.objects.filter(person=person).exists():
        return
    try:
        with transaction.atomic():
            here = OutboxMessage.objects.filter(person=person, may_have_arrived=False)
            here.filter(state__in=[*STILL_HERE, OutboxState.SUPERSEDED]).delete()
            Invitation.objects.filter(person=person, last_method="").delete()
            Attendance.objects.filter(person=person, is_asked=False).delete()
            known.delete()
    except ProtectedError:
        return
