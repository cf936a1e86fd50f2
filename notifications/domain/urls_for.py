"""Personal addresses that go into letters."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.urls import reverse

from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person

#: How long a link works that belongs to no date of its own.
STANDING = dt.timedelta(days=365)
#: How long the links of a meeting work after it.
AFTER_MEETING = dt.timedelta(days=42)

#: The page each purpose opens.
PAGES: dict[LinkPurpose, str] = {
    LinkPurpose.ANSWER: "notifications:answer",
    LinkPurpose.MEETING: "meetings:meeting_link",
    LinkPurpose.PROPOSE: "meetings:propose",
    LinkPurpose.ITEM: "meetings:own_item",
    LinkPurpose.MINUTES: "meetings:minutes_link",
    LinkPurpose.RELEASE: "meetings:minutes_release",
    LinkPurpose.TASK: "meetings:task_link",
    LinkPurpose.RELAY: "meetings:relay_link",
    LinkPurpose.SETTINGS: "notifications:settings",
    LinkPurpose.UNSUBSCRIBE: "notifications:unsubscribe",
    LinkPurpose.SIGN_IN: "notifications:sign_in_once",
}


def personal(
    person: Person,
    *,
    purpose: LinkPurpose,
    subject: models.Model | None = None,
    until: dt.datetime | None = None,
    at: dt.datetime,
) -> str:
    """The absolute address of this person's page for `purpose`; append nothing but a path segment."""
    link = links.grant(person, purpose=purpose, subject=subject, until=until or at + STANDING, at=at)
    return absolute(reverse(PAGES[purpose], args=[links.token(link)]))


def absolute(path: str) -> str:
    """The path under BASE_URL."""
    return f"{settings.BASE_URL}{path}"
