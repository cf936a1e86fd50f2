"""Short notices: by anyone through a link, released by the Fachstelle, read in the digest."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from buendnisse.models.sight import sight_of
from buendnisse.models.worded import Worded
from meetings.enums import NoticeState

#: One or two sentences: what fits a letter with news.
LONGEST = 500


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, person: object, *, at: dt.datetime) -> NoticeQuerySet:
        """Released ones for members of all bodies; one's own always."""
        sight = sight_of(person, at=at)
        if sight.everything:
            return self
        if sight.person_id is None:
            return self.none()
        released = Q(state=NoticeState.RELEASED) if sight.overview else Q(pk__in=[])
        return self.filter(released | Q(from_person=sight.person_id))

    def in_full(self) -> NoticeQuerySet:
        """With what a list shows of each."""
        return self.select_related("from_organisation", "from_person").prefetch_related("bodies")

    def valid_on(self, day: dt.date) -> NoticeQuerySet:
        return self.filter(state=NoticeState.RELEASED, valid_until__gte=day)


class Notice(Worded):
    slug = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=LONGEST)
    text_as_sent = models.CharField(
        max_length=LONGEST, blank=True, help_text="The words as they came, where the Fachstelle changed them"
    )
    web_address = models.URLField(max_length=300, blank=True, help_text="Where there is more to read; https only")
    bodies = models.ManyToManyField("buendnisse.Body", related_name="notices")
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.PROPOSED)
    valid_until = models.DateField()
    from_organisation = models.ForeignKey("buendnisse.Organisation", models.PROTECT, related_name="+")
    from_person = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField()
    released_by = models.ForeignKey("buendnisse.Person", models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=LONGEST, blank=True, help_text="A word of the Fachstelle to whoever sent it")
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state_known"),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="notice_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def own_words(self) -> str:
        """What whoever sent it had written."""
        return self.text_as_sent or self.text
