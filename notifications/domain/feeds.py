"""A person's calendar to subscribe to: all meetings of their bodies, as far as they are told.

Never the only way a change is told: programs fetch it when they like, some once a day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from buendnisse import permissions
from buendnisse.clock import local_date
from buendnisse.domain import link_requests, links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink, Installation, Person
from meetings.enums import Answer, MeetingState
from meetings.models import Attendance, Meeting
from meetings.models.meeting import MeetingQuerySet
from notifications.domain import invitations, told, urls_for
from notifications.imip import feed
from notifications.models import Invitation

_KEEP_PAST = dt.timedelta(days=365)
_KEEP_CANCELLED = dt.timedelta(days=90)  # programs must see it cancelled before it vanishes


class Unknown(Exception):
    """Nothing was ever given out under this address."""


class Over(Exception):
    """The address was given out and ended; programs should stop asking."""


@dataclass(frozen=True)
class Addresses:
    """The same calendar for programs on this device, for typing it in elsewhere, and as a file for once."""

    webcal: str
    https: str
    download: str


@dataclass(frozen=True)
class File:
    """The calendar's bytes, and when anything in it last changed; None where it is empty."""

    data: bytes
    changed_at: dt.datetime | None


def open_feed(token: str, *, at: dt.datetime) -> AccessLink:
    """The link behind a feed's address. Raises Unknown, or Over where it was revoked or its person left."""
    try:
        link = links.open_token(token, purpose=LinkPurpose.FEED, at=at)
    except (links.LinkRevoked, links.LinkExpired) as error:
        raise Over from error
    except links.LinkInvalid as error:
        raise Unknown from error
    left = link.person.active_until
    if left is not None and left < local_date(at):
        raise Over
    return link


def addresses(link: AccessLink) -> Addresses:
    """Where the calendar of this link is fetched from."""
    path = reverse("notifications:feed", args=[links.token(link)])
    https = urls_for.absolute(path)
    return Addresses(webcal=f"webcal://{https.partition('://')[2]}", https=https, download=f"{path}?herunterladen=ja")


def renew(link: AccessLink, *, at: dt.datetime) -> None:
    """A new address; the old one ends at once, for every program that has it."""
    link_requests.replace(link, until=at + urls_for.FEED_FOR, at=at)


def read(link: AccessLink, *, at: dt.datetime) -> File:
    """The calendar; the same as long as nothing in it changes. Six queries, and nothing is written."""
    person = link.person
    meetings = list(_meetings(person, at))
    entries = {row.meeting_id: row for row in Invitation.objects.filter(person=person, meeting__in=meetings)}
    # Whoever sent a deputy is not expected. Declined: still asked, so the link to take part stays.
    asked = Attendance.objects.filter(person=person, meeting__in=meetings, is_asked=True, deputy__isnull=True)
    rows = {row.meeting_id: row for row in asked}
    district = Installation.objects.filter(pk=1).values_list("district", flat=True).first() or ""
    around = feed.Feed(
        name=_("Sitzungen %s") % district.removeprefix("Landkreis ") if district else _("Sitzungen"),
        description=_("Die Sitzungen Ihrer Bündnisse. Absagen kommen immer auch per E-Mail."),
        source=addresses(link).https,
    )
    listed = [_entry(one, person, entries.get(one.pk), rows.get(one.pk)) for one in meetings]
    changes = [one.last_modified for one in listed]
    changes += [row.last_frozen_at for row in entries.values() if row.last_frozen_at]
    changes += [row.answered_at for row in rows.values() if row.answered_at]
    return File(feed.calendar(around, listed), max(changes, default=None))


def _meetings(person: Person, at: dt.datetime) -> MeetingQuerySet:
    """Of the person's own bodies, and those a guest is asked to. What was cancelled before it was told is left out."""
    rows = Attendance.objects.filter(meeting=OuterRef("pk"))
    own = Q(alliance__in=permissions.own_body_ids(person, at=at)) | Exists(rows.filter(person=person, is_asked=True))
    standing = ~Q(state=MeetingState.CANCELLED)
    just_cancelled = Q(Exists(rows), state=MeetingState.CANCELLED, changed_at__gt=at - _KEEP_CANCELLED)
    return (
        Meeting.objects.visible_to(person, at=at)
        .filter(own, standing | just_cancelled, end__gt=at - _KEEP_PAST)
        .exclude(state=MeetingState.PLANNED)
        .select_related("alliance", "venue")
        .distinct()
    )


def _entry(meeting: Meeting, person: Person, entry: Invitation | None, row: Attendance | None) -> feed.FeedEntry:
    """Under the UID the person's mails have. `row`: of somebody who is asked; for them is the link to take part."""
    is_cancelled = meeting.state == MeetingState.CANCELLED
    status: Literal["CONFIRMED", "CANCELLED"] = "CANCELLED" if is_cancelled else "CONFIRMED"
    summary = invitations.summary(meeting)
    return feed.FeedEntry(
        uid=entry.uid if entry else invitations.uid(meeting.pk, person.pk),
        sequence=entry.sequence if entry else 0,
        stamp=meeting.changed_at,
        start=meeting.start,
        end=meeting.end,
        summary=_("Abgesagt: %s") % summary if is_cancelled else summary,
        location=told.location(meeting),
        description=invitations.description(meeting, with_link=row is not None),
        url=invitations.page(meeting),
        created=meeting.created_at,
        last_modified=meeting.changed_at,
        status=status,
        is_busy=row is not None and not _declined(row),
    )


def _declined(row: Attendance) -> bool:
    """To the date as it stands; an answer to an earlier one is none."""
    return row.answer == Answer.DECLINED and not row.answer_is_for_earlier_date
