"""Mail that came in: every one is a row, whatever became of it."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlencode

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from buendnisse.clock import local
from buendnisse.enums import Via
from buendnisse.models.worded import Worded
from meetings.enums import Answer
from meetings.models import Attendance
from notifications.enums import (
    REASONS_BEFORE,
    InboundKind,
    InboundOutcome,
    InboundReason,
    InboundSource,
    InboundState,
    Settlement,
)


def standing() -> Q:
    """Mails whose provisional answer is the one that counts: nobody has said anything else since, by whatever way.

    Nothing ends it but another word, so that taking that back leaves it as it was.
    """
    counting = Attendance.objects.filter(
        person=OuterRef("person"),
        meeting=OuterRef("meeting"),
        answered_via=Via.CALENDAR,
        answered_at=OuterRef("received_at"),
        answer_is_for_earlier_date=False,
    )
    return _PROVISIONAL & Q(Exists(counting))


def overtaken() -> Q:
    """Provisional answers that another one came after."""
    return _PROVISIONAL & ~standing()


_PROVISIONAL = Q(outcome=InboundOutcome.PROVISIONAL) & ~Q(state=InboundState.SETTLED)


class InboundMessageQuerySet(models.QuerySet["InboundMessage"]):
    def open(self) -> InboundMessageQuerySet:
        """What the Fachstelle has to look at."""
        return self.filter(state=InboundState.OPEN).exclude(overtaken())

    def standing(self) -> InboundMessageQuerySet:
        """Answers that count until somebody says otherwise."""
        return self.filter(standing())

    def with_standing(self) -> InboundMessageQuerySet:
        """Each knows whether it `is_overtaken`."""
        return self.annotate(has_newer=models.ExpressionWrapper(overtaken(), models.BooleanField()))


class InboundMessage(Worded):
    """`key` makes a second reading of the same mail impossible: a digest of its Message-ID and its calendar bytes.

    What the mail says (`answer`, `comment`, `sequence`, `stamp`, `proposed_…`) is kept apart from what became of it
    (`outcome`, `reason`). `raw` goes after 90 days; the row goes once it is settled for a year.
    """

    key = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=10, choices=InboundSource)
    received_at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=10, choices=InboundKind)
    outcome = models.CharField(max_length=12, choices=InboundOutcome)
    reason = models.CharField(max_length=24, choices=InboundReason)
    refusal = models.CharField(max_length=250, blank=True, help_text="The sentence of the rule that refused")
    state = models.CharField(max_length=10, choices=InboundState, default=InboundState.FILED)

    from_address = models.CharField(max_length=254, blank=True)
    from_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    message_id = models.CharField(max_length=250, blank=True)
    is_automatic = models.BooleanField(default=False, help_text="A program wrote it; nothing is answered")
    raw = models.BinaryField(null=True, blank=True, help_text="At most 1 MB; removed after 90 days")
    is_cut = models.BooleanField(default=False, help_text="Too large: only its beginning was read")

    method = models.CharField(max_length=20, blank=True)
    attendee = models.CharField(max_length=254, blank=True, help_text="Whose answer it is, by its own word")
    attendee_name = models.CharField(max_length=160, blank=True)
    answer = models.CharField(max_length=20, choices=Answer, blank=True)
    comment = models.CharField(max_length=2000, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    stamp = models.DateTimeField(null=True, blank=True)
    proposed_start = models.DateTimeField(null=True, blank=True)
    proposed_end = models.DateTimeField(null=True, blank=True)

    invitation = models.ForeignKey(
        "notifications.Invitation", models.SET_NULL, null=True, blank=True, related_name="inbound_messages"
    )
    meeting = models.ForeignKey(
        "meetings.Meeting", models.SET_NULL, null=True, blank=True, related_name="inbound_messages"
    )
    person = models.ForeignKey(
        "buendnisse.Person", models.SET_NULL, null=True, blank=True, related_name="inbound_messages"
    )
    about = models.ForeignKey(
        "notifications.OutboxMessage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="inbound_messages",
        help_text="The message of ours it answers or reports on",
    )
    data = models.JSONField(default=dict, blank=True, help_text="What is needed to take it back")

    settlement = models.CharField(max_length=12, choices=Settlement, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("buendnisse.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = InboundMessageQuerySet.as_manager()
    #: Whether this very mail had been read before; never stored.
    is_known = False

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InboundState.values), name="inbound_state_known"),
            models.CheckConstraint(condition=Q(outcome__in=InboundOutcome.values), name="inbound_outcome_known"),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(state="open"), name="inbound_open"),
            models.Index(fields=["message_id"], name="inbound_message_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.outcome}"

    @property
    def is_overtaken(self) -> bool:
        """A provisional answer that another one came after, as `with_standing` finds it; without that, False."""
        return bool(getattr(self, "has_newer", False))

    @property
    def why(self) -> str:
        """Why it came out as it did; once it is settled, without what held until then."""
        if self.is_overtaken:
            return _("Inzwischen gilt etwas anderes.")
        before = REASONS_BEFORE.get(self.reason) if self.state == InboundState.SETTLED else None
        return str(before or InboundReason(self.reason).label)

    @property
    def who(self) -> str:
        """What the mail says of its sender; its address where it says no name."""
        return self.from_name or self.from_address

    @property
    def is_entered(self) -> bool:
        """The answer that came with a proposal counts."""
        return bool(self.data.get("is_entered"))

    @property
    def entered_at(self) -> dt.datetime | None:
        """When the answer that came with a proposal began to count: as it arrived, or by hand. None where it does not."""
        if not self.is_entered:
            return None
        by_hand = self.data.get("entered_at")
        return dt.datetime.fromisoformat(by_hand) if by_hand else self.received_at

    @property
    def beside(self) -> str:
        """What became of the answer that came with a proposal; empty where there is none."""
        if self.reason not in {InboundReason.PROPOSAL, InboundReason.SAME_TIME} or not self.answer:
            return self.refusal
        said = self.get_answer_display()
        if self.is_entered:
            return _("Die Antwort dazu ist eingetragen: %s.") % said
        return f"{_('Die Antwort dazu ist nicht eingetragen: %s.') % said} {self.refusal}".strip()

    @property
    def proposer(self) -> str:
        """Who proposes another time: the invited person, unless somebody else wrote."""
        return str(self.data.get("proposer", "")) or (self.person.full_name if self.person else self.who)

    @property
    def is_outdated(self) -> bool:
        """It was said about a date or a version of the invitation that holds no longer."""
        if self.invitation is None or self.meeting is None:
            return False
        known = (self.invitation.last_start, self.invitation.last_end)
        return known != (self.meeting.start, self.meeting.end) or (self.sequence or 0) < self.invitation.sequence

    @property
    def is_as_it_is(self) -> bool:
        """The proposed time is the one the meeting has."""
        if self.meeting is None or self.proposed_start != self.meeting.start:
            return False
        return self.proposed_end in {None, self.meeting.end}

    @property
    def answer_subject(self) -> str:
        """The subject of an answer to it."""
        return self.subject if self.subject[:3].lower() in {"re:", "aw:"} else f"AW: {self.subject}"

    @property
    def topic(self) -> str:
        """The subject as the title of a topic: without what mail programs put before it."""
        return re.sub(r"^((re|aw|wg|fwd?)\s*:\s*)+", "", self.subject, flags=re.IGNORECASE)

    @property
    def wish(self) -> str:
        """The proposed day as the form that moves a meeting takes it; empty where none is proposed."""
        if self.proposed_start is None:
            return ""
        start = local(self.proposed_start)
        wish = {"tag": f"{start:%Y-%m-%d}", "von": f"{start:%H:%M}"}
        if self.proposed_end is not None:
            wish["bis"] = f"{local(self.proposed_end):%H:%M}"
        return urlencode(wish)
