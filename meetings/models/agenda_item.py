"""Items on an agenda, or in the Themenspeicher of an alliance (no meeting yet)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q

from buendnisse.enums import Via
from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import AgendaItemKind, AgendaItemState

#: What stands on an agenda, now or later.
ON_AGENDA = frozenset(
    {
        AgendaItemState.SCHEDULED,
        AgendaItemState.DISCUSSED,
        AgendaItemState.DEFERRED,
        AgendaItemState.PLANNED,
        AgendaItemState.ACCEPTED,
    }
)


def closed_to(organisations: Collection[int]) -> models.QuerySet[Any, Any]:
    """The ids of confidential items that are for none of these organisations; without any, of all confidential ones.

    There are few of them: a short list in which rows are looked up costs less than joining each row with it.
    """
    chosen = AgendaItem.confidential_to.through._base_manager.all()
    if organisations:
        theirs = chosen.filter(organisation__in=organisations)
        chosen = chosen.exclude(agendaitem__in=theirs.values("agendaitem"))
    return chosen.values("agendaitem")


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> AgendaItemQuerySet:
        """Agendas of all bodies for members; a proposal for whoever made it and the chair; the Themenspeicher inside.

        Confidential items are for the chosen organisations only.
        """
        sight = sight_of(person, at=at)
        if sight.everything:
            return self
        if sight.person_id is None:
            return self.none()
        mine = Q(proposer=sight.person_id) | Q(alliance__in=sight.chairs)
        invited = Q(meeting__attendance__person=sight.person_id)
        seen = mine | (Q(state__in=ON_AGENDA) & (Q() if sight.overview else invited))
        seen |= Q(state=AgendaItemState.BACKLOG, alliance__in=sight.inside)
        if sight.all_bodies:
            seen |= Q(state=AgendaItemState.BACKLOG)
        rows = self.filter(seen)
        if not sight.overview:  # who is invited is joined
            rows = self.filter(pk__in=self.model._base_manager.filter(seen).values("pk"))
        return rows.exclude(pk__in=closed_to(sight.organisations))

    def on_agenda(self) -> AgendaItemQuerySet:
        """What stands on the agenda, in its order: numbered items and standing ones."""
        return self.filter(state__in=ON_AGENDA).order_by("position", "pk")


class AgendaItem(Worded):
    alliance = models.ForeignKey("buendnisse.Alliance", models.PROTECT, related_name="agenda_items")
    meeting = models.ForeignKey(
        "meetings.Meeting",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda_items",
    )
    slug = models.CharField(max_length=60, blank=True, help_text="Identifier in imported data")
    position = models.PositiveSmallIntegerField(default=0, help_text="Order on the agenda; TOP numbers follow it")
    kind = models.CharField(max_length=20, choices=AgendaItemKind, default=AgendaItemKind.DISCUSSION)
    standing_code = models.CharField(max_length=20, blank=True, help_text="Set for standing items")
    title = models.CharField(max_length=250)
    description = models.TextField(blank=True)
    wished_result = models.TextField(blank=True)
    result = models.TextField(blank=True)
    duration_minutes = models.PositiveSmallIntegerField(default=15)
    proposer = models.ForeignKey(
        "buendnisse.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_items",
    )
    proposing_organisation = models.ForeignKey(
        "buendnisse.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    presenter = models.ForeignKey(
        "buendnisse.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="presented_items",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_via = models.CharField(max_length=20, choices=Via, blank=True)
    is_late = models.BooleanField(default=False, help_text="Nachtrag: came after the editorial deadline")
    state = models.CharField(max_length=20, choices=AgendaItemState, default=AgendaItemState.PROPOSED)
    reason = models.TextField(
        blank=True,
        help_text="The Fachstelle's words when it was deferred, declined or delegated",
    )
    delegated_to = models.ForeignKey(
        "buendnisse.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    continued_from = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="continued_by")
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        help_text="The topic under which it is dealt with; its proposer stays named there",
    )
    relates_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="later_proposals",
        help_text="The earlier topic its proposer goes on with",
    )
    answers = models.ForeignKey(
        "meetings.Relay",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answering_items",
        help_text="The relay it takes up",
    )
    topics = models.ManyToManyField("buendnisse.Topic", blank=True, related_name="agenda_items")
    papers = models.ManyToManyField(
        "buendnisse.Paper", blank=True, related_name="agenda_items", through="meetings.ItemPaper"
    )
    confidential_to = models.ManyToManyField("buendnisse.Organisation", blank=True, related_name="+")
    review_on = models.DateField(
        null=True,
        blank=True,
        help_text="When the Themenspeicher is looked through again",
    )
    told = models.JSONField(
        null=True,
        blank=True,
        help_text="What a standing item told when the agenda left; null before, and where nothing was kept",
    )
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=AgendaItemState.values),
                name="agenda_item_state_known",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=False)
                | Q(
                    state__in=[
                        "backlog",
                        "proposed",
                        "withdrawn",
                        "declined",
                        "delegated",
                        "merged",
                        "draft_unverified",
                    ]
                ),
                name="agenda_item_has_meeting",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="agenda_item_merged_into_one",
            ),
            models.CheckConstraint(
                condition=Q(position=0) | Q(meeting__isnull=False), name="agenda_item_place_in_a_meeting"
            ),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="agenda_item_slug_unique"),
            models.UniqueConstraint(
                fields=["meeting", "standing_code"],
                condition=~Q(standing_code=""),
                name="agenda_item_one_standing",
            ),
        ]
        indexes = [models.Index(fields=["meeting", "position"], name="agenda_item_order")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_continued(self) -> bool:
        """It goes on from an earlier item, which need not be loaded to know."""
        return self.continued_from_id is not None


class ItemPaper(models.Model):
    """A paper that goes with an item."""

    agendaitem = models.ForeignKey(AgendaItem, models.CASCADE, related_name="item_papers")
    paper = models.ForeignKey("buendnisse.Paper", models.CASCADE, related_name="item_papers")
    late_on = models.DateField(
        null=True, blank=True, help_text="When it, or its newest version, came after the agenda had left"
    )

    class Meta:
        db_table = "meetings_agendaitem_papers"
        unique_together = (("agendaitem", "paper"),)

    def __str__(self) -> str:
        return f"{self.agendaitem_id}: {self.paper_id}"


class UnitReport(models.Model):
    """A unit's short written report under the standing item."""

    agenda_item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="unit_reports")
    unit = models.ForeignKey("buendnisse.Organisation", models.PROTECT, related_name="+")
    author = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True, help_text="Empty: nothing to report this time, which is an answer too")
    written_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=20, choices=Via, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agenda_item", "unit"], name="unit_report_one_a_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.text[:40]}"
