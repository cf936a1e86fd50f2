"""Personal addresses that go into letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.db import models
from django.urls import reverse

from buendnisse.domain import link_requests, links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink, Person
from notifications.domain import batch
from notifications.domain.stencil import Own

#: How long a link works that belongs to no date of its own.
STANDING = dt.timedelta(days=365)
#: How long the address of a calendar works: it is typed into a program once, and stays there.
FEED_FOR = link_requests.FEED_FOR
#: How long the links of a meeting work after it.
AFTER_MEETING = dt.timedelta(days=42)

#: The page each purpose opens.
PAGES: dict[LinkPurpose, str] = {
    LinkPurpose.ANSWER: "notifications:answer",
    LinkPurpose.DEPUTY: "notifications:deputy",
    LinkPurpose.REPLY: "notifications:reply_check",
    LinkPurpose.MEETING: "meetings:meeting_link",
    LinkPurpose.PROPOSE: "meetings:propose",
    LinkPurpose.ITEM: "meetings:own_item",
    LinkPurpose.MINUTES: "meetings:minutes_link",
    LinkPurpose.RELEASE: "meetings:minutes_release",
    LinkPurpose.UNIT_REPORT: "meetings:unit_report",
    LinkPurpose.AGENDA_RELEASE: "meetings:agenda_release",
    LinkPurpose.TASK: "meetings:task_link",
    LinkPurpose.DECISION: "meetings:decision_link",
    LinkPurpose.RELAY: "meetings:relay_link",
    LinkPurpose.MISSED: "meetings:missed_link",
    LinkPurpose.BALLOT: "notifications:ballot",
    LinkPurpose.NOTICE: "meetings:notice_link",
    LinkPurpose.REMARK: "meetings:remark_link",
    LinkPurpose.FEED: "notifications:calendar",
    LinkPurpose.SETTINGS: "notifications:settings",
    LinkPurpose.ADDRESS: "notifications:address",
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
    together: Mapping[int, Person] | None = None,
) -> Own:
    """The absolute address of this person's page for `purpose`; append nothing but a path segment.

    `together`: everybody of this batch who gets the same one, where more is sent than mail about `subject` alone.
    """
    link = _link(wish(person, purpose, subject, until=until, at=at), at=at, together=together)
    before, after = _path(purpose)
    return Own(absolute(f"{before}{links.token(link)}{after}"))


@cache
def _path(purpose: LinkPurpose) -> tuple[str, str]:
    """What stands around the token."""
    before, _token, after = reverse(PAGES[purpose], args=["token-0"]).partition("token-0")
    return before, after


def wish(
    person: Person, purpose: LinkPurpose, subject: models.Model | None, *, until: dt.datetime | None, at: dt.datetime
) -> links.Wish:
    """What `personal` asks for, to be prepared."""
    return links.Wish(person, purpose, subject, until or at + STANDING, has_end=until is not None)


def prepare(wishes: Iterable[links.Wish], *, at: dt.datetime) -> None:
    """Grant what the letters of this batch will ask for, all at once. Outside a batch each is granted when asked."""
    if batch.is_open():
        made = links.grant_each(wishes, at=at)
        batch.remember({("link", *key): link for key, link in made.items()})


def _link(wish: links.Wish, *, at: dt.datetime, together: Mapping[int, Person] | None) -> AccessLink:
    """Granted for the whole batch at once where all its people get the same one."""
    prepared: AccessLink | None = batch.recall(("link", *wish.key))
    if prepared is not None and wish.is_granted_by(prepared):
        return prepared
    subject = wish.subject
    if batch.is_open() and (subject is None or subject._meta.model_name == "meeting"):
        people = together or batch.people(meeting_id=None if subject is None else subject.pk)
        prepare([wish, *(replace(wish, person=one) for one in people.values())], at=at)
        made: AccessLink = batch.recall(("link", *wish.key))
        return made
    return links.grant(wish.person, purpose=wish.purpose, subject=subject, until=wish.until, at=at)


def absolute(path: str) -> str:
    """The path under BASE_URL."""
    return f"{settings.BASE_URL}{path}"
