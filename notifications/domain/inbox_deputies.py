"""A deputy known from a mail alone: entered with it, and gone again where that is taken back before anybody heard of it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max, ProtectedError

from buendnisse.models import AddressWish, ApiToken, Change, Contact, FurtherAddress, Person, SharedMailbox
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
    if not known.exists() or InboundMessage.objects.filter(person=person).exists() or _is_described(person):
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


def _is_described(person: int) -> bool:
    """Something about this person was entered or done since; deleting the person would take it along.

    Naming a deputy writes no change about the person itself.
    """
    with_them = (FurtherAddress, AddressWish, Contact, ApiToken)
    return (
        any(model._default_manager.filter(person=person).exists() for model in with_them)
        or SharedMailbox.objects.filter(people=person).exists()
        or Change.objects.filter(subject_type=Person._meta.model_name, subject_id=person).exists()
    )
