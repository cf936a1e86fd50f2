"""A person's calendar to subscribe to: all meetings of their bodies, as far as they are told.

Never the only way a change is told: programs fetch it when they like, some once a day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal, link_requests, links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink, Person
from buendnisse.models.prepared import Row
from meetings.enums import Answer, MeetingState
from meetings.models import Meeting
from notifications.domain import feed_days, feed_source, invitations, told, urls_for
from notifications.domain.feed_source import Source
from notifications.enums import MAY_HAVE_ARRIVED, CalendarMethod
from notifications.imip import feed
from notifications.imip.feed import FeedDay, FeedEntry
from notifications.models import FeedChoice

_OFFERED = 8  # meetings to be saved one by one


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


class File:
    """A person's calendar as it is now: what it is known by, and its bytes for whoever does not know it.

    `etag`: as HTTP has it, another one for other bytes. `changed_at`: when anything in it last changed, None where it is empty.
    """

    def __init__(self, source: Source, rows: Sequence[Row], at: dt.datetime) -> None:
        self._source, self._rows, self._at = source, rows, at
        self._made: _Made | None = None
        stamp = repr((source.row, rows, local_date(at), settings.BASE_URL, settings.ORGANIZER_EMAIL, settings.LINK_KEY))
        self._stamp = hashlib.sha256(stamp.encode()).digest()
        known = _KNOWN.get(source.link.pk)
        if known is None or known.stamp != self._stamp:
            known = _Known(self._stamp, *self._make().known_by)
            if len(_KNOWN) >= _KEPT:
                _KNOWN.clear()
            _KNOWN[source.link.pk] = known
        self.etag, self.changed_at = known.etag, known.changed_at

    def data(self) -> bytes:
        """The bytes."""
        return self._make().data

    def _make(self) -> _Made:
        if self._made is None:
            with connection.execute_wrapper(_refuse):
                self._made = _made(self._source, feed_source.meetings(self._source, self._rows), self._at)
        return self._made


def _refuse(*_question: object) -> NoReturn:
    """What is not in the rows is not in what they are known by, and could change unseen."""
    raise RuntimeError("a calendar is put together from its two queries alone")


@dataclass(frozen=True)
class _Made:
    data: bytes
    changed_at: dt.datetime | None

    @property
    def known_by(self) -> tuple[str, dt.datetime | None]:
        return f'"{hashlib.sha256(self.data).hexdigest()}"', self.changed_at


@dataclass(frozen=True)
class _Known:
    """What the calendar behind a link was known by when it was last put together, and from which rows that was."""

    stamp: bytes
    etag: str
    changed_at: dt.datetime | None


#: By link. A process begins with nothing, since another version may make other bytes of the same rows.
_KNOWN: dict[int, _Known] = {}
_KEPT = 2000


def open_feed(token: str, *, at: dt.datetime) -> Source:
    """What hangs on the person behind a feed's address. One query.

    Raises Unknown, or Over where it was revoked, its person left, or both were forgotten.
    """
    source = feed_source.find(links.number_in(token), at=at)
    if source is None:  # perhaps forgotten with its person, and some program still asks
        raise Over if links.is_of_the_past(token, purpose=LinkPurpose.FEED) else Unknown
    try:
        links.check(source.link, token, purpose=LinkPurpose.FEED, at=at)
    except (links.LinkRevoked, links.LinkExpired) as error:
        raise Over from error
    except links.LinkInvalid as error:
        raise Unknown from error
    left = source.person.active_until
    if left is not None and left < local_date(at):
        raise Over
    return source


def addresses(link: AccessLink) -> Addresses:
    """Where the calendar of this link is fetched from."""
    path = reverse("notifications:feed", args=[links.token(link)])
    https = urls_for.absolute(path)
    return Addresses(webcal=f"webcal://{https.partition('://')[2]}", https=https, download=f"{path}?herunterladen=ja")


def renew(link: AccessLink, *, at: dt.datetime) -> None:
    """A new address; the old one ends at once, for every program that has it."""
    link_requests.replace(link, until=at + urls_for.FEED_FOR, at=at)


def choose(person: Person, *, without_invited: bool, with_deadlines: bool, at: dt.datetime) -> None:
    """What the calendar holds from the next fetch on. Choosing what already holds changes nothing."""
    now = feed_source.chosen(person)
    wanted = {"without_invited": without_invited, "with_deadlines": with_deadlines}
    if wanted == {name: getattr(now, name) for name in wanted}:
        return
    with transaction.atomic():
        FeedChoice.objects.update_or_create(person=person, defaults={**wanted, "changed_at": at})
        journal.record("person.feed_chosen", person, at=at, by=person, via=Via.LINK, data=dict(wanted))


def read(source: Source, *, at: dt.datetime) -> File:
    """The calendar of `open_feed`; the same as long as nothing in it changes. One query, and nothing is written."""
    return File(source, feed_source.meeting_rows(source, at=at), at)


def _made(source: Source, meetings: Sequence[Meeting], at: dt.datetime) -> _Made:
    shown = [one for one in meetings if not (source.choice.without_invited and _is_in_calendar(one, source.person))]
    entries: list[FeedEntry | FeedDay] = [_entry(one, source) for one in shown]
    if source.choice.with_deadlines:
        entries += feed_days.of(source, meetings, at=at)
    changes: list[dt.datetime | None] = [one.stamp for one in entries]
    for one in shown:
        changes += [_of(one, "entry_frozen_at"), _of(one, "my_answered_at")]
    if entries:
        changes.append(source.choice.changed_at)
    changed_at = max((moment for moment in changes if moment), default=None)
    return _Made(feed.calendar(_around(source, changed_at), entries), changed_at)


def to_come(link: AccessLink, *, at: dt.datetime) -> list[Meeting]:
    """The next meetings of this calendar, for saving one. Two queries."""
    source = feed_source.find(link.pk, at=at)
    if source is None:
        return []
    meetings = feed_source.meetings(source, feed_source.meeting_rows(source, at=at))
    coming = [one for one in meetings if one.end >= at and one.state != MeetingState.CANCELLED]
    return sorted(coming, key=lambda one: (one.start, one.pk))[:_OFFERED]


def single(meeting: Meeting, person: Person) -> bytes:
    """One meeting that this person may see, as a file to be saved once. One query."""
    return feed.single(_about(feed_source.one(meeting, person), person, is_expected=False))


def _around(source: Source, changed_at: dt.datetime | None) -> feed.Feed:
    district = source.district.removeprefix("Landkreis ")
    words = (
        _("Die Sitzungen aller Bündnisse und die Fristen dazu.")
        if source.sight.everything
        else _("Die Sitzungen Ihrer Bündnisse. Absagen kommen immer auch per E-Mail.")
    )
    return feed.Feed(
        uid=feed_days.uid(f"calendar-{source.person.pk}"),
        name=_("Sitzungen %s") % district if district else _("Sitzungen"),
        description=words,
        source=addresses(source.link).https,
        url=urls_for.absolute(reverse("notifications:calendar", args=[links.token(source.link)])),
        last_modified=changed_at,
    )


def _is_in_calendar(meeting: Meeting, person: Person) -> bool:
    """A mail that arrived put it there, on the day and at the hours that hold, or marked it as cancelled.

    Not where a mail came back or waits, and not for whom no mail reaches any more: they have only this calendar. An
    entry without any mail was taken over from elsewhere and is there. Whose place a deputy took knows of the meeting
    by the feed alone.
    """
    state, method = _of(meeting, "entry_state"), _of(meeting, "entry_method")
    if not person.gets_mail or state not in {None, *MAY_HAVE_ARRIVED}:
        return False
    if meeting.state == MeetingState.CANCELLED:
        return bool(method == CalendarMethod.CANCEL)
    holds = (_of(meeting, "entry_start"), _of(meeting, "entry_end")) == (meeting.start, meeting.end)
    return holds and bool(method == CalendarMethod.REQUEST)


def _entry(meeting: Meeting, source: Source) -> FeedEntry:
    return _about(meeting, source.person, is_expected=source.sight.everything)


def _about(meeting: Meeting, person: Person, *, is_expected: bool) -> FeedEntry:
    """Under the UID the person's mails have. `is_expected`: also without being asked. For those is the link to take part."""
    is_cancelled = meeting.state == MeetingState.CANCELLED
    status: Literal["CONFIRMED", "CANCELLED"] = "CANCELLED" if is_cancelled else "CONFIRMED"
    summary = invitations.summary(meeting)
    is_asked = is_expected or (_of(meeting, "my_row") is not None and not _of(meeting, "has_deputy"))
    return FeedEntry(
        uid=_of(meeting, "entry_uid") or invitations.uid(meeting.pk, person.pk),
        sequence=_of(meeting, "entry_sequence") or 0,
        stamp=meeting.changed_at,
        start=meeting.start,
        end=meeting.end,
        summary=_("Abgesagt: %s") % summary if is_cancelled else summary,
        location=told.location(meeting),
        description=invitations.description(meeting, with_link=is_asked),
        url=invitations.page(meeting),
        created=meeting.created_at,
        last_modified=meeting.changed_at,
        status=status,
        is_busy=is_asked and not _has_declined(meeting),
    )


def _has_declined(meeting: Meeting) -> bool:
    """To the date as it stands; an answer to an earlier one is none."""
    return _of(meeting, "my_answer") == Answer.DECLINED and not _of(meeting, "my_answer_is_old")


def _of(meeting: Meeting, name: str) -> Any:
    """What `feed_source` loaded along."""
    return getattr(meeting, name)
