"""Decisions: numbered, their text fixed once adopted."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from buendnisse import german
from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import (
    DECISION_STANDING,
    DecisionKind,
    DecisionProcedure,
    DecisionState,
)
from meetings.models.agenda_item import closed_to
from meetings.models.minutes import OUT, Minutes


def out() -> Q:
    """Decisions that bodies besides their own may know: in circulated minutes, or taken by mail."""
    told = Minutes._base_manager.filter(state__in=OUT).values("meeting")
    return Q(meeting__in=told) | Q(procedure=DecisionProcedure.CIRCULAR)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> DecisionQuerySet:
        """Inside the body at once; for the others once the meeting's minutes are circulated. Confidential items keep theirs."""
        sight = sight_of(person, at=at)
        if sight.everything:
            return self
        if not sight.overview:
            return self.none()
        seen = self.filter(Q(alliance__in=sight.inside) | out())
        return seen.exclude(agenda_item__in=closed_to(sight.organisations))

    def standing(self) -> DecisionQuerySet:
        """Decisions that hold: adopted and neither revoked nor replaced."""
        return self.filter(state__in=DECISION_STANDING)


class Decision(Worded):
    number = models.CharField(
        max_length=20,
        unique=True,
        help_text="B-2026-07; kept when revoked, never reused",
    )
    alliance = models.ForeignKey("buendnisse.Alliance", models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(
        "meetings.Meeting",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    agenda_item = models.ForeignKey(
        "meetings.AgendaItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    circular = models.OneToOneField(
        "meetings.CircularVote",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decision",
    )
    kind = models.CharField(max_length=20, choices=DecisionKind)
    procedure = models.CharField(max_length=10, choices=DecisionProcedure, default=DecisionProcedure.MEETING)
    text = models.TextField()
    note = models.TextField(blank=True)
    topics = models.ManyToManyField("buendnisse.Topic", blank=True, related_name="decisions")
    decided_on = models.DateField()
    state = models.CharField(max_length=20, choices=DecisionState, default=DecisionState.PROPOSED)
    votes_yes = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_no = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_abstain = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_entitled = models.PositiveSmallIntegerField(null=True, blank=True)
    revoked_on = models.DateField(null=True, blank=True)
    revocation_reason = models.TextField(blank=True)
    revoked_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="revokes")
    superseded_on = models.DateField(null=True, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")
    rests_on = models.ForeignKey(
        "meetings.Relay",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_to",
        help_text="Whose answer the body had before it when it decided this",
    )
    follow_up_on = models.DateField(null=True, blank=True)
    responsible = models.ForeignKey(
        "buendnisse.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_for",
        help_text="Who says how it stands, and is asked on the follow-up date",
    )
    responsible_organisation = models.ForeignKey(
        "buendnisse.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    report = models.TextField(blank=True, help_text="The words of whoever is responsible")
    reported_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DecisionState.values), name="decision_state_known"),
            models.CheckConstraint(
                condition=Q(
                    votes_yes__isnull=True,
                    votes_no__isnull=True,
                    votes_abstain__isnull=True,
                )
                | Q(
                    votes_yes__isnull=False,
                    votes_no__isnull=False,
                    votes_abstain__isnull=False,
                ),
                name="decision_votes_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked") | Q(revoked_on__isnull=False),
                name="decision_revoked_has_date",
            ),
        ]
        indexes = [
            # In the register's order, and with all that says who sees a decision and how it stands: counting them and
            # putting them in order reads no text.
            models.Index(
                fields=["decided_on", "number", "state", "alliance", "meeting", "procedure", "agenda_item"],
                name="decision_register_order",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_mistaken(self) -> bool:
        """A slip of the writer's: its number stays, what it said is nobody's business any longer."""
        return self.state == DecisionState.MISTAKEN

    @property
    def was_counted(self) -> bool:
        """True where votes were counted; alliances mostly agree without."""
        return self.votes_yes is not None

    @property
    def counted(self) -> str:
        """ "7 ja, 0 nein, 1 Enthaltung" where votes were counted, else nothing."""
        return (
            german.votes(self.votes_yes or 0, self.votes_no or 0, self.votes_abstain or 0) if self.was_counted else ""
        )
