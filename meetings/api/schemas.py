"""What the API says. Names follow OParl 1.1 where it has one."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from buendnisse import clock
from meetings.domain import relay_words
from meetings.enums import AgendaItemKind
from meetings.models import AgendaItem, Decision, Meeting, Relay


class BodyOut(Schema):
    slug: str
    kind: str
    name: str
    short_name: str
    prefix: str
    valid_from: dt.date | None
    valid_until: dt.date | None


class MeetingOut(Schema):
    slug: str
    body: str
    quarter: str
    title: str
    start: dt.datetime
    end: dt.datetime
    mode: str
    venue: str | None
    state: str
    state_label: str

    @staticmethod
    def resolve_body(meeting: Meeting) -> str:
        return meeting.alliance.slug

    @staticmethod
    def resolve_venue(meeting: Meeting) -> str | None:
        return meeting.venue.name if meeting.venue else None

    @staticmethod
    def resolve_state_label(meeting: Meeting) -> str:
        return meeting.get_state_display()


class AgendaItemOut(Schema):
    id: int
    position: int
    kind: str
    title: str
    description: str
    duration_minutes: int
    state: str
    state_label: str
    answers: str | None = Field(description="Number of the relay this item takes up")

    @staticmethod
    def resolve_state_label(item: AgendaItem) -> str:
        return item.get_state_display()

    @staticmethod
    def resolve_answers(item: AgendaItem) -> str | None:
        return item.answers.number if item.answers else None


class AgendaItemIn(Schema):
    """`key` makes the call safe to repeat: the same key is the same item."""

    key: uuid.UUID
    title: str = Field(min_length=3, max_length=250)
    description: str = Field("", max_length=5000)
    kind: AgendaItemKind = AgendaItemKind.DISCUSSION
    duration_minutes: int = Field(15, ge=1, le=240)
    wished_result: str = Field("", max_length=2000)


class DecisionOut(Schema):
    number: str
    body: str
    meeting: str | None
    kind: str
    kind_label: str
    text: str
    decided_on: dt.date
    state: str
    state_label: str

    @staticmethod
    def resolve_body(decision: Decision) -> str:
        return decision.alliance.slug

    @staticmethod
    def resolve_meeting(decision: Decision) -> str | None:
        return decision.meeting.slug if decision.meeting else None

    @staticmethod
    def resolve_kind_label(decision: Decision) -> str:
        return decision.get_kind_display()

    @staticmethod
    def resolve_state_label(decision: Decision) -> str:
        return decision.get_state_display()


class RelayOut(Schema):
    number: str
    source: str
    target: str
    source_decision: str | None
    kind: str
    kind_label: str
    subject: str
    message: str
    due_on: dt.date | None
    state: str
    state_label: str
    sent_at: dt.datetime | None
    answer: str
    answer_decision: str | None
    answered_at: dt.datetime | None
    follows: str | None

    @staticmethod
    def resolve_source(relay: Relay) -> str:
        return relay.source.slug

    @staticmethod
    def resolve_target(relay: Relay) -> str:
        return relay.target.slug

    @staticmethod
    def resolve_source_decision(relay: Relay) -> str | None:
        return relay.source_decision.number if relay.source_decision else None

    @staticmethod
    def resolve_answer(relay: Relay, context: dict[str, Any]) -> str:
        """What was said beside a decision under a confidential item is as confidential as its text."""
        decision = relay.answer_decision if relay.answer else None
        reader = context["request"].auth
        if decision is not None and relay_words.is_kept_from(decision, reader=reader, at=clock.now()):
            return ""
        return relay.answer

    @staticmethod
    def resolve_answer_decision(relay: Relay) -> str | None:
        return relay.answer_decision.number if relay.answer_decision else None

    @staticmethod
    def resolve_follows(relay: Relay) -> str | None:
        return relay.follows.number if relay.follows else None

    @staticmethod
    def resolve_kind_label(relay: Relay) -> str:
        return relay.get_kind_display()

    @staticmethod
    def resolve_state_label(relay: Relay) -> str:
        return relay.get_state_display()


class Refusal(Schema):
    """Why a call was refused, as a sentence, and which field it is about."""

    detail: str = Field(description=str(_("Ein deutscher Satz")))
    field: str = ""
