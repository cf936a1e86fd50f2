"""When a digest is due: Mondays at 07:00, or the first Monday of a month. Counted in local days, so that summer time changes nothing."""

from __future__ import annotations

import datetime as dt

from buendnisse.clock import AUTOMATIC_MAIL_AT, automatic_mail_time, local
from buendnisse.enums import DigestRhythm

_WEEK = dt.timedelta(days=7)
_FIRST_DAYS = 7  # the first Monday is one of the first seven days
#: News older than this is told on the pages, not in a letter: after a long silence nobody reads three months.
LONGEST = dt.timedelta(days=62)


def last_end(*, at: dt.datetime) -> dt.datetime:
    """The latest Monday 07:00 that is not after `at`."""
    here = local(at)
    monday = here.date() - dt.timedelta(days=here.weekday())
    if here.weekday() == 0 and here.time() < AUTOMATIC_MAIL_AT:
        monday -= _WEEK
    return automatic_mail_time(monday)


def is_due(rhythm: str, *, end: dt.datetime) -> bool:
    """Whether somebody with this rhythm gets the letter of this Monday."""
    match rhythm:
        case DigestRhythm.WEEKLY:
            return True
        case DigestRhythm.MONTHLY:
            return local(end).day <= _FIRST_DAYS
    return False


def since(rhythm: str, *, end: dt.datetime, last: dt.datetime | None) -> dt.datetime:
    """Where the window begins: where the person's last letter ended, else one rhythm ago; never too long ago."""
    day = local(end).date()
    if last is not None:
        return max(last, automatic_mail_time(day - LONGEST))
    if rhythm == DigestRhythm.MONTHLY:
        day -= 4 * _WEEK
        while day.day > _FIRST_DAYS:
            day -= _WEEK
        return automatic_mail_time(day)
    return automatic_mail_time(day - _WEEK)
