"""Relays: a matter carried from one body to another, and its answer brought back."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import (
    RELAY_OPEN,
    RELAY_TRAVELLING,
    MeetingState,
    RelayAnswerKind,
    RelayKind,
    RelayOutcome,
    RelayState,
)
from meetings.models.agenda_item import closed_to
from meetings.models.decision import Decision


def state_word(state: str, *, is_placed: bool = True, is_off: bool = False, was_put_off: bool = False) -> str:
    """A state in words. What was put off to no meeting yet, or to one that is called off, stands on no agenda."""
    if state == RelayState.ON_AGENDA and not is_placed:
        return _("vertagt, im Themenspeicher") if was_put_off else _("im Themenspeicher")
    if state == RelayState.ON_AGENDA and is_off:
        return _("Sitzung fällt aus")
    return str(RelayState(state).label)


class RelayQuerySet(models.QuerySet["Relay"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> RelayQuerySet:
        """Sent ones for members of all bodies; what never left, and what comes from confidential items, for the Fachstelle."""
        sight = sight_of(person, at=at)
        if sight.everything:
            return self
        if not sight.overview:
            return self.none()
        return self.sent().without_secrets()

    def sent(self) -> RelayQuerySet:
        """Those that have left: neither drafts, nor drafts that were taken back."""
        return self.filter(sent_at__isnull=False).exclude(state=RelayState.DRAFT)

    def without_secrets(self) -> RelayQuerySet:
        """Those that carry nothing confidential, neither a topic nor a decision about one."""
        secret = Decision._base_manager.filter(agenda_item__in=closed_to(()))
        return self.exclude(source_item__in=closed_to(())).exclude(source_decision__in=secret.values("pk"))

    def open(self) -> RelayQuerySet:
        """Relays somebody still has to do something about."""
        return self.filter(state__in=RELAY_OPEN)

    def overdue(self, day: dt.date) -> RelayQuerySet:
        """Those whose answer is due and has not come. Computed, never stored."""
        return self.filter(state__in=RELAY_TRAVELLING, due_on__lt=day).exclude(kind=RelayKind.FOR_INFORMATION)


class Relay(Worded):
    """Two sides, one text: the wording as sent never changes; the target decides for itself, and that is the answer."""

    number = models.CharField(max_length=20, unique=True, help_text="W-2026-05")
    source = models.ForeignKey("buendnisse.Body", models.PROTECT, related_name="relays_sent")
    target = models.ForeignKey("buendnisse.Body", models.PROTECT, related_name="relays_received")
    source_decision = models.ForeignKey(
        "meetings.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relays",
    )
    source_item = models.ForeignKey(
        "meetings.AgendaItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relays",
    )
    kind = models.CharField(max_length=30, choices=RelayKind)
    subject = models.CharField(max_length=250)
    message = models.TextField(help_text="The question as sent")
    cover = models.TextField(blank=True, help_text="What the Fachstelle writes along with the question")
    papers = models.ManyToManyField("buendnisse.Paper", blank=True, related_name="relays")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=RelayState, default=RelayState.DRAFT)
    sent_by = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    target_item = models.ForeignKey(
        "meetings.AgendaItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_up_relays",
        help_text="The target's own item",
    )
    answer = models.TextField(blank=True)
    answer_kind = models.CharField(max_length=20, choices=RelayAnswerKind, blank=True)
    answer_decision = models.ForeignKey(
        "meetings.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_relays",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_papers = models.ManyToManyField("buendnisse.Paper", blank=True, related_name="answered_relays")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_item = models.ForeignKey(
        "meetings.AgendaItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returned_relays",
        help_text="The source's item under which the answer is read",
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(
        null=True, blank=True, help_text="Let run on although its decision does not stand any more"
    )
    reason = models.TextField(blank=True, help_text="Why it was withdrawn or declined")
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    supporting = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="supports")
    outcome = models.CharField(
        max_length=20,
        choices=RelayOutcome,
        blank=True,
        help_text="What an external body made of it",
    )
    outcome_on = models.DateField(null=True, blank=True)
    outcome_text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = RelayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RelayState.values), name="relay_state_known"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="relay_goes_elsewhere"),
            models.CheckConstraint(
                condition=Q(source_decision__isnull=False) | Q(source_item__isnull=False),
                name="relay_has_a_source",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="withdrawn") | Q(sent_at__isnull=False),
                name="relay_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "declined"]) | ~Q(reason=""),
                name="relay_end_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state_word(self) -> str:
        """Its state in words."""
        item = self.target_item if self.state == RelayState.ON_AGENDA else None
        if item is None:
            return state_word(self.state)
        meeting = item.meeting
        is_off = meeting is not None and meeting.state == MeetingState.CANCELLED
        return state_word(self.state, is_placed=meeting is not None, is_off=is_off, was_put_off=item.is_continued)

    @property
    def is_outward(self) -> bool:
        """True for a recommendation to somebody outside, who answers with an outcome and not with a decision of ours."""
        return self.kind == RelayKind.RECOMMENDATION_EXTERNAL

    @property
    def expects_answer(self) -> bool:
        return self.kind != RelayKind.FOR_INFORMATION
