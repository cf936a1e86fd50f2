"""Votes by mail between meetings: what is voted on, who is entitled, and what each person answered."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from buendnisse import german
from buendnisse.clock import end_of
from buendnisse.enums import Via
from buendnisse.models.paper import PaperQuerySet
from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import (
    CIRCULAR_ENDED,
    BallotChoice,
    CircularState,
    DecisionKind,
    LapseReason,
    ProcedureAnswer,
)
from meetings.models.agenda_item import closed_to


class CircularVoteQuerySet(models.QuerySet["CircularVote"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> CircularVoteQuerySet:
        """A running one inside its body, an ended one like a decision; drafts are for the Fachstelle alone.

        A confidential topic keeps its own.
        """
        sight = sight_of(person, at=at)
        if sight.everything:
            return self
        if not sight.overview:
            return self.none()
        inside = Q() if sight.all_bodies else Q(alliance__in=sight.inside)
        shown = Q(state__in=CIRCULAR_ENDED) | (Q(state=CircularState.CIRCULATING) & inside)
        return self.filter(shown).exclude(agenda_item__in=closed_to(sight.organisations))

    def running(self) -> CircularVoteQuerySet:
        return self.filter(state=CircularState.CIRCULATING)


class CircularVote(Worded):
    """A vote by mail between meetings, counted per organisation. Valid only if nobody objects to the procedure.

    The counts follow the ballots as long as there are any, and stay when those are forgotten.
    """

    number = models.CharField(max_length=20, unique=True, help_text="U-G-2026-01; counted per body, never reused")
    alliance = models.ForeignKey("buendnisse.Alliance", models.PROTECT, related_name="circular_votes")
    kind = models.CharField(max_length=20, choices=DecisionKind, default=DecisionKind.RESOLUTION)
    subject = models.CharField(max_length=250)
    text = models.TextField(help_text="Exactly what is voted on; fixed once it is open")
    background = models.TextField(blank=True)
    papers = models.ManyToManyField("buendnisse.Paper", blank=True, related_name="circular_votes")
    agenda_item = models.ForeignKey(
        "meetings.AgendaItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="circular_votes",
        help_text="Where the matter comes from",
    )
    next_item = models.ForeignKey(
        "meetings.AgendaItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where it goes on after an objection to the procedure",
    )
    opened_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="Empty where it was taken over from elsewhere")
    closes_on = models.DateField(help_text="Until 24:00 of this day")
    closed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=CircularState, default=CircularState.DRAFT)
    lapse_reason = models.CharField(max_length=20, choices=LapseReason, blank=True)
    cancel_reason = models.TextField(blank=True)
    votes_yes = models.PositiveSmallIntegerField(default=0)
    votes_no = models.PositiveSmallIntegerField(default=0)
    votes_abstain = models.PositiveSmallIntegerField(default=0)
    votes_missing = models.PositiveSmallIntegerField(default=0, help_text="Organisations without an answer")
    objections_to_procedure = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = CircularVoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CircularState.values), name="circular_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"]) | Q(opened_on__isnull=False),
                name="circular_open_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(objections_to_procedure=0), name="circular_adopted_unopposed"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ends_at(self) -> dt.datetime:
        """The first moment that is too late: 24:00 in Berlin of the last day."""
        return end_of(self.closes_on)

    @property
    def answered(self) -> int:
        """Organisations with an answer; one that objects to the procedure has answered, too."""
        return self.votes_yes + self.votes_no + self.votes_abstain + self.objections_to_procedure

    @property
    def counted(self) -> str:
        """ "7 ja, 0 nein, 1 Enthaltung" """
        return german.votes(self.votes_yes, self.votes_no, self.votes_abstain)

    @property
    def entitled(self) -> int:
        return self.answered + self.votes_missing

    @property
    def open_papers(self) -> PaperQuerySet:
        """Its papers, without those that became confidential since it was opened."""
        return self.papers.opened_to([]).order_by("title", "pk")

    @property
    def is_running(self) -> bool:
        return self.state == CircularState.CIRCULATING

    @property
    def is_draft(self) -> bool:
        return self.state == CircularState.DRAFT

    @property
    def is_ended(self) -> bool:
        return self.state in CIRCULAR_ENDED


class CircularVoter(models.Model):
    """An organisation that was entitled when the vote was opened.

    `phoned_at`: told by telephone, where no mail reaches it. `has_answered` is set at the end and stays.
    """

    vote = models.ForeignKey(CircularVote, models.CASCADE, related_name="voters")
    organisation = models.ForeignKey("buendnisse.Organisation", models.PROTECT, related_name="+")
    phoned_at = models.DateTimeField(null=True, blank=True)
    phoned_by = models.ForeignKey("buendnisse.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    has_answered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "organisation"], name="circular_voter_one_an_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.vote_id}"


class Ballot(Worded):
    """What one person of an entitled organisation was asked and answered. Forgotten 30 days after the end.

    Empty until the person answers. The member's answer counts before that of a deputy; among deputies the last one.
    """

    voter = models.ForeignKey(CircularVoter, models.CASCADE, related_name="ballots")
    vote = models.ForeignKey(CircularVote, models.CASCADE, related_name="ballots")
    person = models.ForeignKey("buendnisse.Person", models.PROTECT, related_name="+")
    is_deputy = models.BooleanField(default=False)
    procedure = models.CharField(max_length=10, choices=ProcedureAnswer, blank=True)
    choice = models.CharField(max_length=10, choices=BallotChoice, blank=True)
    remark = models.TextField(blank=True)
    cast_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=20, choices=Via, blank=True)
    entered_by = models.ForeignKey("buendnisse.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "person"], name="ballot_one_a_person"),
            models.CheckConstraint(
                condition=Q(cast_at__isnull=True, procedure="", choice="")
                | Q(cast_at__isnull=False, procedure="objects", choice="")
                | Q(cast_at__isnull=False, procedure="agrees", choice__in=BallotChoice.values),
                name="ballot_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.vote_id}"

    @property
    def is_cast(self) -> bool:
        return self.cast_at is not None
