"""Mail to many that a date sets off at seven in the morning, before it is written: what is coming, what is decided.

An introduction, or that it waits, is kept until the mail is there, and then belongs to the mail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.clock import automatic_mail_time
from buendnisse.domain import journal
from buendnisse.models import Change, Person
from meetings.domain import answers
from meetings.domain.schedule import OrderLost, schedule
from meetings.enums import DeadlineKind, Happened, MeetingState
from meetings.models import Meeting
from notifications.domain.draft import Draft
from notifications.domain.own_words import INTRODUCTION
from notifications.enums import MailKind
from notifications.models import MailAhead, MailPause

#: How long ahead it is shown: a week, and the day of the week it is.
SHOWN = dt.timedelta(days=8)
VERBS: Mapping[str, MailKind] = {
    Happened.MEETING_CALL_OPENED: MailKind.CALL,
    Happened.MEETING_CALL_REMINDED: MailKind.CALL_REMINDER,
    Happened.MEETING_ANSWERS_REMINDED: MailKind.ANSWER_REMINDER,
}
#: In which state of a meeting its next mail of this kind is known.
_STATES: Mapping[str, MailKind] = {
    MeetingState.CONFIRMED: MailKind.CALL,
    MeetingState.CALL_OPEN: MailKind.CALL_REMINDER,
    MeetingState.INVITED: MailKind.ANSWER_REMINDER,
}
_DEADLINES = {MailKind.CALL: DeadlineKind.CALL_FOR_ITEMS, MailKind.CALL_REMINDER: DeadlineKind.REMINDER}


class TooLate(Exception):
    """It is written already, or not to come any more. `str()` is a German sentence."""

    def __init__(self) -> None:
        super().__init__(
            _("Das ging nicht mehr: Diese Mail ist inzwischen fällig. Bitte sehen Sie im Postausgang nach.")
        )


@dataclass(frozen=True)
class Coming:
    """`day`: on which it leaves, at seven in the morning. `is_paused`: with all mail of its meeting."""

    kind: MailKind
    meeting: Meeting
    day: dt.date
    introduction: str = ""
    is_stopped: bool = False
    is_paused: bool = False

    @property
    def at(self) -> dt.datetime:
        return automatic_mail_time(self.day)

    @property
    def label(self) -> str:
        return str(self.kind.label)


def coming(*, at: dt.datetime) -> list[Coming]:
    """What the dates of the next week will set off, the nearest first. Three queries."""
    rows = Meeting.objects.filter(state__in=_STATES, start__gt=at).select_related("alliance").order_by("start", "pk")
    decided = {(row.kind, row.meeting_id): row for row in MailAhead.objects.filter(meeting__in=rows)}
    paused = set(MailPause.objects.filter(meeting__in=rows).values_list("meeting_id", flat=True))
    found = [one for meeting in rows if (one := _of(meeting, decided, at, paused)) is not None]
    return sorted(found, key=lambda one: (one.day, one.meeting.start, one.meeting.pk))


def of(meeting: Meeting, *, at: dt.datetime, is_paused: bool | None = None) -> Coming | None:
    """The same of one meeting. Two queries; one where it is known whether its mail is held back, none if nothing comes."""
    if (found := _of(meeting, {}, at)) is None:
        return None
    row = MailAhead.objects.filter(kind=found.kind, meeting=meeting).first() or MailAhead()
    if is_paused is None:
        is_paused = MailPause.objects.filter(meeting=meeting).exists()
    return replace(found, introduction=row.introduction, is_stopped=row.is_stopped, is_paused=is_paused)


def _of(
    meeting: Meeting,
    decided: Mapping[tuple[str, int], MailAhead],
    at: dt.datetime,
    paused: Iterable[int] = (),
) -> Coming | None:
    kind = _STATES.get(meeting.state)
    day = _day(kind, meeting) if kind is not None and meeting.start > at else None
    if kind is None or day is None or not is_coming(kind, meeting, day, at=at):
        return None
    row = decided.get((kind, meeting.pk), MailAhead())
    return Coming(kind, meeting, day, row.introduction, row.is_stopped, meeting.pk in paused)


def is_coming(kind: MailKind, meeting: Meeting, day: dt.date, *, at: dt.datetime) -> bool:
    """Whether the mail of this kind on that day can be looked at yet, and is not written."""
    return _STATES.get(meeting.state) == kind and at < automatic_mail_time(day) <= at + SHOWN


def stopped() -> set[tuple[str, int]]:
    """Kind and meeting of what somebody has stopped. One query."""
    return set(MailAhead.objects.filter(is_stopped=True).values_list("kind", "meeting_id"))


def is_known(kind: str) -> bool:
    """Whether mail of this kind comes by itself at all."""
    return kind in VERBS.values()


def find(meeting: Meeting, kind: str, *, at: dt.datetime) -> Coming | None:
    """The mail of this kind about this meeting, if it is coming."""
    found = of(meeting, at=at)
    return found if found is not None and found.kind == kind else None


def introduce(mail: Coming, *, words: str, by: Person, at: dt.datetime) -> None:
    """Own words below the first sentence of each; empty takes them out again. Raises TooLate."""
    _decide(mail, "mail.introduced", by=by, at=at, introduction=words)


def stop(mail: Coming, *, by: Person, at: dt.datetime) -> None:
    """They are written on their day, and wait until somebody lets them go. Raises TooLate."""
    _decide(mail, "mail.stop", by=by, at=at, is_stopped=True)


def let_go(mail: Coming, *, by: Person, at: dt.datetime) -> None:
    """They leave on their day after all. Raises TooLate."""
    _decide(mail, "mail.release", by=by, at=at, is_stopped=False)


def decided(drafts: Iterable[Draft], change: Change) -> Iterator[Draft]:
    """The drafts of a change, as somebody decided about them before.

    A call names no meeting whose own call is stopped or has words of its own: that is said by that one.
    """
    kind = VERBS.get(change.verb)
    rows = {row.meeting_id: row for row in MailAhead.objects.filter(kind=kind)} if kind else {}
    own = rows.get(change.subject_id, MailAhead())
    kept = {pk for pk, row in rows.items() if row.is_stopped or row.introduction} - {change.subject_id}
    for draft in drafts:
        if draft.kind != kind or not rows:
            yield draft
            continue
        data = dict(draft.data)
        if kept & set(data.get("meetings", ())):
            data["meetings"] = [pk for pk in data["meetings"] if pk not in kept]
        if own.introduction:
            data[INTRODUCTION] = own.introduction
        yield replace(draft, data=data, is_stopped=own.is_stopped)


def forget(change: Change) -> None:
    """The mails of the change are written: what was decided is theirs."""
    if (kind := VERBS.get(change.verb)) is not None:
        MailAhead.objects.filter(kind=kind, meeting=change.subject_id).delete()


def _day(kind: MailKind, meeting: Meeting) -> dt.date | None:
    if kind == MailKind.ANSWER_REMINDER:
        return answers.answer_until(meeting)
    try:
        return schedule(meeting)[_DEADLINES[kind]]
    except OrderLost:
        return None  # a date the rules leave no room for: the Fachstelle runs it by hand


def _decide(mail: Coming, verb: str, *, by: Person, at: dt.datetime, **fields: object) -> None:
    with transaction.atomic():
        meeting = Meeting.objects.select_related("alliance").get(pk=mail.meeting.pk)
        if find(meeting, mail.kind, at=at) is None:
            raise TooLate
        MailAhead.objects.update_or_create(kind=mail.kind, meeting=mail.meeting, defaults=fields)
        journal.record(verb, mail.meeting, at=at, by=by, body=mail.meeting.alliance, data={"kind": str(mail.kind)})
