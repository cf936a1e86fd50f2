"""How far the mailbox was read, and who is reading it now."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class MailboxState(models.Model):
    """One row. Moments by the machine's clock, also in a demo.

    A UID is only good together with its UIDVALIDITY, and both only in this mailbox (RFC 3501 section 2.3.1.1).
    """

    mailbox = models.CharField(max_length=300, blank=True, help_text="Whose mark this is: user, server and folder")
    uid_validity = models.PositiveBigIntegerField(default=0)
    uid_mark = models.PositiveBigIntegerField(default=0, help_text="Everything up to here was read")
    trying_uid = models.PositiveBigIntegerField(default=0, help_text="The mail that is being read")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often its reading was begun")
    refusals = models.PositiveSmallIntegerField(default=0, help_text="How often the server would not hand it out")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When it could last be read")
    tried_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=250, blank=True, help_text="Why it could not be read since; empty: it could")
    unreadable = models.PositiveIntegerField(default=0, help_text="Mails in the folder for errors nobody has looked at")
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="mailbox_one_row")]

    def __str__(self) -> str:
        return self.mailbox
