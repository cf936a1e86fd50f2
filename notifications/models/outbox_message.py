"""Outgoing mail. One row for each occasion and person; a crash at any point loses nothing."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Coalesce

from buendnisse.models import Installation
from buendnisse.models.worded import Worded
from notifications.enums import MAY_HAVE_ARRIVED, MailKind, OutboxState
from notifications.models.mail_pause import MailPause


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, at: dt.datetime) -> OutboxMessageQuerySet:
        """Waiting messages whose moment has come: sign-in codes, cancellations, then in the order they were written."""
        ready = self.filter(state=OutboxState.WAITING, is_settled=True, not_before__lte=at)
        return ready.order_by("-priority", "not_before", "pk")

    def may_have_arrived(self) -> OutboxMessageQuerySet:
        """The relay has these, or may have: whoever they are for may have read them, whatever became of them since."""
        return self.filter(Q(state__in=MAY_HAVE_ARRIVED) | Q(may_have_arrived=True))

    def flowing(self) -> OutboxMessageQuerySet:
        """What no pause holds back. Sign-in codes always go: somebody waits in front of a page."""
        everything = Installation.objects.filter(pk=1, mail_paused_at__isnull=False)
        its_meeting = MailPause.objects.filter(meeting=OuterRef("meeting_id"))
        return self.filter(Q(kind=MailKind.CODE) | ~Exists(everything) & ~Exists(its_meeting))

    def unsent(self) -> OutboxMessageQuerySet:
        """What a later message of its matter replaces: it waits, or is held for an address. Not what a person stopped."""
        return self.filter(Q(state=OutboxState.WAITING) | Q(state=OutboxState.STOPPED, is_held=True))

    def claimed_before(self, moment: dt.datetime) -> OutboxMessageQuerySet:
        return self.filter(state=OutboxState.SENDING, claimed_at__lt=moment)

    def outdated(self) -> OutboxMessageQuerySet:
        """Frozen, and a later message of its matter was written to the same reader since, whatever became of that one.

        What is not frozen is composed as things stand, and so is never outdated.
        """
        return self.filter(_is_outdated())

    def behind(self) -> OutboxMessageQuerySet:
        """An earlier one of its matter to the same person is on its way."""
        return self.filter(_is_behind())

    def with_marks(self) -> models.QuerySet[OutboxMessage, tuple[int, bool, bool]]:
        """Their keys, and of each whether it is outdated, and whether it is behind another."""
        return self.values_list(
            "pk", *(ExpressionWrapper(mark, BooleanField()) for mark in (_is_outdated(), _is_behind()))
        )


def _of_its_matter() -> models.QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(person=OuterRef("person"), matter=OuterRef("matter"))


def _is_outdated() -> Q:
    later = _of_its_matter().filter(pk__gt=OuterRef("pk")).alias(reader=Coalesce("copy_to", 0))
    to_the_same = Exists(later.filter(reader=Coalesce(OuterRef("copy_to"), 0)))
    return Q(payload__isnull=False) & ~Q(matter="") & Q(to_the_same)


def _is_behind() -> Q:
    return ~Q(matter="") & Q(Exists(_of_its_matter().filter(state=OutboxState.SENDING)))


class OutboxMessage(Worded):
    """Rendered on view while it waits; frozen (`payload`, `message_id`, SEQUENCE) at the first claim.

    `occasion` makes a second dispatch of the same thing impossible (`agenda:<meeting>:<change>`);
    `matter` tells which waiting message a later one replaces (`invite:<meeting>`).
    """

    kind = models.CharField(max_length=20, choices=MailKind)
    person = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="outbox_messages", db_index=False)
    copy_to = models.ForeignKey(
        "buendnisse.FurtherAddress",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    occasion = models.CharField(max_length=120)
    matter = models.CharField(max_length=120, blank=True)
    meeting_id = models.PositiveBigIntegerField(null=True, blank=True, help_text="For the list of mails of a meeting")
    data = models.JSONField(default=dict, blank=True, help_text="Ids the templates need")
    state = models.CharField(max_length=12, choices=OutboxState, default=OutboxState.WAITING)
    priority = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="By the machine's clock, also in a demo")
    claimed_by = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_since = models.DateTimeField(null=True, blank=True, help_text="When it first failed to leave")
    may_have_arrived = models.BooleanField(default=False, help_text="On its way once when the connection or we died")
    is_settled = models.BooleanField(
        default=True, help_text="Not yet: a call or reminder that may still go together with others (`calm`)"
    )
    is_reminder = models.BooleanField(default=False, help_text="Counts as one of the reminders of its quarter")
    is_held = models.BooleanField(default=False, help_text="Stopped, since mail to the person's address comes back")
    failure = models.CharField(max_length=250, blank=True)
    subject = models.CharField(max_length=250, blank=True, help_text="As frozen")
    to_address = models.CharField(max_length=254, blank=True, help_text="As frozen")
    redirected_to = models.EmailField(
        blank=True, help_text="Sent in test mode, to this address instead of its reader's"
    )
    message_id = models.CharField(max_length=200, blank=True)
    payload = models.BinaryField(null=True, blank=True, help_text="The frozen bytes; removed after 30 days")

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OutboxState.values), name="outbox_state_known"),
            models.UniqueConstraint(
                fields=["occasion", "person"],
                condition=Q(copy_to__isnull=True),
                name="outbox_one_an_occasion",
            ),
            models.UniqueConstraint(
                fields=["occasion", "person", "copy_to"],
                condition=Q(copy_to__isnull=False),
                name="outbox_one_copy_an_occasion",
            ),
            models.UniqueConstraint(
                fields=["message_id"],
                condition=~Q(message_id=""),
                name="outbox_message_id_unique",
            ),
        ]
        # Each mail is written three times on its way, and every index with it: so few, and of what is looked for.
        indexes = [
            models.Index(fields=["person", "matter"], name="outbox_matter"),
            models.Index(fields=["copy_to"], condition=Q(copy_to__isnull=False), name="outbox_copy"),
            models.Index(
                fields=["-priority", "not_before", "id"],
                condition=Q(state="waiting"),
                name="outbox_in_order",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state="sending"),
                name="outbox_sending",
            ),
            models.Index(fields=["meeting_id"], name="outbox_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} to {self.person_id}"


class Dispatch(models.Model):
    """A Change whose mail has been written. The primary key makes a second dispatch impossible."""

    change = models.OneToOneField("buendnisse.Change", models.PROTECT, primary_key=True, related_name="dispatch")
    at = models.DateTimeField()
    messages = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "dispatches"

    def __str__(self) -> str:
        return f"{self.change_id}: {self.messages}"


class RingState(models.Model):
    """One row: when it rang last, and who is ringing now (a lease by the machine's clock)."""

    last_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=40, blank=True)
    failed = models.JSONField(default=list, blank=True, help_text="The steps that failed in it, see RingStep")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="ring_one_row")]

    def __str__(self) -> str:
        return f"last {self.last_at}"
