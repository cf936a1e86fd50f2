"""The times a year was confirmed and not taken back since, and the mails that tell about them."""

from __future__ import annotations

from django.db.models import Q

from buendnisse.models import Change
from meetings.enums import Happened
from notifications.enums import MailKind


def standing(year: int) -> list[Change]:
    """The confirmations that stand, the oldest first; taking back ends the last of them. One query."""
    found: list[Change] = []
    verbs = (Happened.YEAR_CONFIRMED, Happened.YEAR_TAKEN_BACK)
    for change in Change.objects.filter(verb__in=verbs, data__year=year).order_by("pk"):
        if change.verb == Happened.YEAR_CONFIRMED:
            found.append(change)
        elif found:
            found.pop()
    return found


def mails(confirmation: Change) -> Q:
    """The mails of a confirmation, also those written again when a later one was taken back. One query."""
    later = Change.objects.filter(
        verb=Happened.YEAR_TAKEN_BACK, data__year=confirmation.data["year"], pk__gt=confirmation.pk
    )
    return Q(occasion__in=occasions([confirmation.pk, *later.values_list("pk", flat=True)]))


def occasions(changes: list[int]) -> list[str]:
    """As the mails of these changes name them, those to further addresses included."""
    return [f"{kind}:{number}" for kind in (MailKind.SAVE_THE_DATE, MailKind.COPY) for number in changes]
