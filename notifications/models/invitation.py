"""One calendar entry for each meeting and person."""

from __future__ import annotations

from django.db import models

from buendnisse.models.worded import Worded
from notifications.enums import CalendarMethod


class Invitation(Worded):
    """UID never changes; SEQUENCE is this copy's own and never falls (RFC 5546 §2.1.4).

    The UID holds 128 random bits that only the invited person was sent: it identifies an answer that comes
    from another address, and it outlives every key.
    """

    meeting = models.ForeignKey("meetings.Meeting", models.PROTECT, related_name="invitations")
    person = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="invitations")
    uid = models.CharField(max_length=200, unique=True)
    sequence = models.PositiveIntegerField(default=0, help_text="Of the last message frozen")
    last_method = models.CharField(
        max_length=10,
        choices=CalendarMethod,
        blank=True,
        help_text="Empty: nothing was sent yet",
    )
    last_frozen_at = models.DateTimeField(null=True, blank=True)
    last_start = models.DateTimeField(null=True, blank=True)
    last_end = models.DateTimeField(null=True, blank=True)
    last_location = models.CharField(max_length=400, blank=True)
    first_message_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    last_reply_sequence = models.PositiveIntegerField(null=True, blank=True)
    last_reply_stamp = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="invitation_one_a_person")]

    def __str__(self) -> str:
        return self.uid
