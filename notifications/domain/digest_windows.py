"""When a digest is due: Mondays at 07:00, or the first Monday of a month. Counted in local days, so that summer time changes nothing.

A window ends a minute before its letters leave: whatever was asked for before that is stored by then, and is told by
this letter or the next, never by neither.
"""

from __future__ import annotations

import datetime as dt

from buendnisse.clock import AUTOMATIC_MAIL_AT, automatic_mail_time, local
from buendnisse.enums import DigestRhythm

_WEEK = dt.timedelta(days=7)
_FIRST_DAYS = 7  # the first Monday is one of the first seven days
_SETTLING = dt.timedelta(minutes=1)  # longer than a request may take
#: News older than this is told on the pages, not in a letter: after a long silence nobody reads three months.
LONGEST = dt.timedelta(days=62)


def last_end(*, at: dt.datetime) -> dt.datetime:
    """Where the window ends whose letters were due last: the minute before the latest Monday 07:00 not after `at`."""
    here = local(at)
    monday = here.date() - dt.timedelta(days=here.weekday())
    if here.weekday() == 0 and here.time() < AUTOMATIC_MAIL_AT:
        monday -= _WEEK
    return _end(monday)


def is_due(rhythm: str, *, end: dt.datetime, before: dt.datetime | None = None) -> bool:
    """Whether somebody with this rhythm gets the letter of this Monday.

    `before`: where the window before ended. A first Monday that nobody rang is made up for on the next one.
    """
    match rhythm:
        case DigestRhythm.WEEKLY:
            return True
        case DigestRhythm.MONTHLY:
            first = _first_monday(local(end).date())
            return local(end).date() == first or (before is not None and local(before).date() < first)
    return False


def since(rhythm: str, *, end: dt.datetime, told: dt.datetime | None, before: dt.datetime | None = None) -> dt.datetime:
    """Where the window begins: where this person's last one ended; never too long ago.

    Somebody new hears of one rhythm, and of all that happened since the window `before`.
    """
    day = local(end).date()
    if told is not None:
        return max(told, _end(day - LONGEST))
    if rhythm == DigestRhythm.MONTHLY:
        day = _first_monday(_first_monday(day) - dt.timedelta(days=_FIRST_DAYS))
    else:
        day -= _WEEK
    return _end(day) if before is None else max(min(_end(day), before), _end(local(end).date() - LONGEST))


def next_day(rhythm: str, *, end: dt.datetime) -> dt.date:
    """The Monday on which somebody with this rhythm gets the next letter after the window that ended then."""
    day = local(end).date() + _WEEK
    if rhythm == DigestRhythm.MONTHLY:
        while day.day > _FIRST_DAYS:
            day += _WEEK
    return day


def _first_monday(day: dt.date) -> dt.date:
    """The latest first Monday of a month that is not after the day."""
    day -= dt.timedelta(days=day.weekday())
    while day.day > _FIRST_DAYS:
        day -= _WEEK
    return day


def _end(monday: dt.date) -> dt.datetime:
    return automatic_mail_time(monday) - _SETTLING
