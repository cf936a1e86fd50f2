"""Deadlines and tasks in a personal calendar: whole days that leave the time free."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import Role
from meetings.domain import schedule
from meetings.enums import DeadlineKind, MeetingState
from meetings.models import Meeting
from notifications.domain import invitations, returns
from notifications.domain.feed_source import Source, Task
from notifications.imip.feed import FeedDay

_KEEP_PAST = dt.timedelta(days=30)
_LONGEST = 120  # characters of a task that a calendar shows in one line
#: What the Fachstelle works by. The day itself is a meeting of its own, and a year's dates are told once for all.
_OF_THE_DESK = frozenset(DeadlineKind) - {DeadlineKind.SAVE_THE_DATE, DeadlineKind.MEETING}
_TAKES_TOPICS = frozenset({MeetingState.CONFIRMED, MeetingState.CALL_OPEN})


def of(source: Source, meetings: Iterable[Meeting], *, at: dt.datetime) -> list[FeedDay]:
    """Own tasks that are open, and the deadlines of these meetings: for the Fachstelle all, for others that of topics."""
    since = local_date(at) - _KEEP_PAST
    found = [_task(task) for task in source.tasks]
    for meeting in meetings:
        found += [day for day in _deadlines(meeting, source) if day.day >= since]
    return found


def _deadlines(meeting: Meeting, source: Source) -> Iterator[FeedDay]:
    is_desk = source.sight.everything
    if meeting.state == MeetingState.CANCELLED or not (is_desk or _may_propose(meeting, source)):
        return
    kinds = _OF_THE_DESK if is_desk else {DeadlineKind.EDITORIAL_DEADLINE}
    try:
        dates = schedule.schedule(meeting, days=source.days)
    except schedule.OrderLost:
        return
    for deadline in dates:
        if deadline.kind in kinds:
            yield _deadline(meeting, deadline, is_desk=is_desk)


def _may_propose(meeting: Meeting, source: Source) -> bool:
    """A member, while topics are taken: guests are not asked for any."""
    is_guest = getattr(meeting, "my_role", None) == Role.GUEST
    return meeting.alliance_id in source.sight.inside and meeting.state in _TAKES_TOPICS and not is_guest


def _deadline(meeting: Meeting, deadline: schedule.Deadline, *, is_desk: bool) -> FeedDay:
    about = {"body": meeting.alliance.word, "what": deadline.label, "day": german.day(meeting.start)}
    words = _("%(body)s: %(what)s") if is_desk else _("%(body)s: letzter Tag für Themen")
    return FeedDay(
        uid=uid(f"{deadline.kind}-{meeting.pk}"),
        sequence=meeting.version,
        stamp=meeting.changed_at,
        day=deadline.date,
        summary=words % about,
        description=_("Zur Sitzung am %(day)s.") % about,
        url=invitations.page(meeting),
    )


def _task(task: Task) -> FeedDay:
    text = " ".join(task.text.split())
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
    about = {"task": text, "body": task.alliance, "day": german.day(task.told_at)}
    return FeedDay(
        uid=uid(f"task-{task.pk}"),
        sequence=task.version,
        stamp=task.changed_at or task.told_at,
        day=task.due_on,
        summary=_("Aufgabe: %s") % shown,
        description=_(
            "%(task)s\n%(body)s, Sitzung am %(day)s.\n"
            "Zum Rückmelden nehmen Sie den Link in Ihrer E-Mail zu dieser Aufgabe."
        )
        % about,
    )


def uid(thing: str) -> str:
    """Of something in calendars that no mail tells of: the same at each fetch, as long as the key stays."""
    secret = hmac.digest(settings.LINK_KEY.encode(), f"uid:{thing}".encode(), hashlib.sha256)[:16]
    return f"{thing}.{secret.hex()}@{returns.domain()}"
