"""Calm per person: what is due for somebody within a few days is one mail, and reminders have an upper limit.

Calls and reminders are written by their own rules (`dispatch`) and wait here until it is settled, person by person, in
one transaction each:

1. What another mail has said already (it was due so soon that it went along) is dropped. What a mail says that may be
   on its way waits until that is known. What somebody stopped before it was settled no other mail says.
2. Whoever wants to rest in the school holidays is reminded on the first school day after.
3. Reminders over the limit of a quarter are dropped: the letter with news names what is open, and the Schreibtisch
   says where somebody must ring up.
4. What is left goes as one mail, together with what still waits to leave, and with what will be due within the days of
   `ReminderRules.together_days`. What is too much for one mail goes the next morning.
5. What it says is taken out of mails that were stopped or failed: one that is let go later says it no more.

Nothing is dropped but what a mail says that has left or can leave. What went along early and did not leave comes on
its own day. A ring that breaks off before all that is made up for by the next one.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Q

from buendnisse.clock import at_local, automatic_mail_time, local, local_date
from buendnisse.enums import Office
from buendnisse.models import Person
from meetings.domain import calendar_days, reminder_rules
from notifications.domain import calm_ahead, calm_parts, calm_rules, own_words
from notifications.domain.calm_parts import Part
from notifications.domain.own_words import INTRODUCTION
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from notifications.models.outbox_message import OutboxMessageQuerySet

logger = logging.getLogger(__name__)

_ONE_DAY = dt.timedelta(days=1)
_MOST = 8  # things in one mail; more would be read by nobody


class _Overtaken(Exception):
    """A mail left, or was settled by somebody else, in between: the next ring looks at this person again."""


@dataclass
class _Others:
    """One person's other calls and reminders: what they have said, may be saying, can still take in, or would say.

    `stopped`: what somebody held back before it was settled. No other mail says it meanwhile.
    """

    said: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    waiting: list[OutboxMessage] = field(default_factory=list)
    held_up: list[OutboxMessage] = field(default_factory=list)
    reminders: int = 0

    @property
    def known(self) -> set[str]:
        """What nothing else need say."""
        return self.said | self.perhaps | self.stopped


def settle(*, at: dt.datetime) -> int:
    """Settle all calls and reminders that wait for it and are due; the number of people."""
    waiting: dict[int, list[OutboxMessage]] = defaultdict(list)
    for message in _due(at).select_related("person").order_by("pk"):
        waiting[message.person_id].append(message)
    if not waiting:
        return 0
    ahead, others = calm_ahead.ahead(at), _others(waiting, at)
    for person, messages in waiting.items():
        try:
            with transaction.atomic():
                _settle(messages, others[person], ahead.get(person, []), at)
        except _Overtaken:
            continue
        except Exception:
            logger.exception("calls and reminders of person %s could not be settled", person)
    return len(waiting)


def _due(at: dt.datetime) -> OutboxMessageQuerySet:
    rows = OutboxMessage.objects.filter(is_settled=False, state=OutboxState.WAITING, not_before__lte=at)
    return rows.flowing()


def _settle(messages: Sequence[OutboxMessage], others: _Others, ahead: Sequence[Part], at: dt.datetime) -> None:
    person = messages[0].person
    _hold(messages)
    _drop([one for one in messages if _key(one) in others.said], "said")
    rest = [one for one in messages if _key(one) not in others.said | others.perhaps]
    school_day = _next_school_day(at) if person.quiet_in_holidays else None
    if school_day is not None:
        _put_off([one for one in rest if _is_reminder(one)], school_day)
        rest = [one for one in rest if not _is_reminder(one)]
    taken = _taken_in(rest, others, at)
    is_limited = _has_had_all(person, others.reminders - sum(one.is_reminder for one in taken))
    if is_limited:
        _drop([one for one in rest if _is_reminder(one)], "limit")
        rest = [one for one in rest if not _is_reminder(one)]
    if not rest:
        return
    today, soon = _by_day([*_parts(taken, others, at), *_due_parts(rest, others)], at)
    _put_off([row for part in today[_MOST:] for row in part.rows], local_date(at) + _ONE_DAY)
    today = today[:_MOST]
    known = {key for part in today for key in part.covers} | others.known
    soon += [part for part in ahead if not (part.is_reminder and (is_limited or school_day is not None))]
    early = calm_parts.combined(part for part in soon if not known & set(part.covers))
    parts = (today + [part for part in early if not _is_asked(part, today)])[:_MOST]
    parts.sort(key=lambda part: calm_rules.WEIGHT.index(part.kind))
    _write(parts, taken, at)
    _take_out([*others.held_up, *(one for one in others.waiting if one not in taken)], parts)


def _taken_in(rest: Sequence[OutboxMessage], others: _Others, at: dt.datetime) -> list[OutboxMessage]:
    """The mails that still wait and go along, as long as all that is due fits into one."""
    if not rest:
        return []
    taken: list[OutboxMessage] = []
    for one in others.waiting:
        parts = [*_parts([*taken, one], others, at), *_due_parts(rest, others)]
        if len(_by_day(parts, at)[0]) <= _MOST:
            taken.append(one)
    return taken


def _parts(mails: Iterable[OutboxMessage], others: _Others, at: dt.datetime) -> list[Part]:
    """What they ask and is still of use; what went along early elsewhere is said."""
    parts = [part for one in mails for part in calm_parts.kept(one) if part.expires is None or at < part.expires]
    return [rest for part in parts if (rest := calm_parts.without(part, others.known, ())) is not None]


def _due_parts(messages: Iterable[OutboxMessage], others: _Others) -> list[Part]:
    """What these ask beside what is known: a call may name a meeting whose own call has left, or is stopped."""
    parts = [calm_parts.waiting(one) for one in messages]
    found = (calm_parts.without(part, others.known - {calm_parts.key(part)}, ()) for part in parts)
    return [part for part in found if part is not None]


def _by_day(parts: Sequence[Part], at: dt.datetime) -> tuple[list[Part], list[Part]]:
    """What is due, and what is not yet."""
    due, later = [part for part in parts if part.due <= at], [part for part in parts if part.due > at]
    return calm_parts.combined(calm_parts.apart(due)), later


def _is_asked(part: Part, others: Iterable[Part]) -> bool:
    return bool(part.matter) and any(part.matter == other.matter for other in others)


def _write(parts: Sequence[Part], taken: Sequence[OutboxMessage], at: dt.datetime) -> None:
    """One mail in place of all of them. Its parts are composed when it leaves, so that it names what is open then."""
    rows = sorted((row for part in parts for row in part.rows), key=lambda one: one.pk)
    words = own_words.joined(one.data.get(INTRODUCTION, "") for one in [*taken, *rows])
    data = {**calm_parts.data_of(parts), **({INTRODUCTION: words} if words else {})}
    is_reminder = any(part.is_reminder for part in parts)
    _replace(taken)
    if len(parts) == 1:
        part = parts[0]
        fields = {"kind": part.kind, "matter": part.matter, "meeting_id": part.meeting, "data": {**part.data, **data}}
        _settled(rows[:1]).update(is_settled=True, is_reminder=is_reminder, **fields)
        _drop(rows[1:], "together")
        return
    OutboxMessage.objects.create(
        kind=MailKind.REMINDERS,
        person=rows[0].person,
        occasion=f"{MailKind.REMINDERS}:{rows[0].occasion}",
        meeting_id=calm_parts.meeting_of(parts),
        data={"parts": [part.as_data() for part in parts], **data},
        is_reminder=is_reminder,
        state=OutboxState.WAITING,
        created_at=at,
        not_before=max(row.not_before for row in rows),
    )
    _drop(rows, "together")


def _take_out(mails: Iterable[OutboxMessage], said: Collection[Part]) -> None:
    """Out of mails that wait for something else, what is said now. They are composed anew when they leave."""
    keys = {key for part in said for key in part.covers}
    matters = {part.matter for part in said} - {""}
    for one in mails:
        before = calm_parts.kept(one)
        after = [rest for part in before if (rest := calm_parts.without(part, keys, matters)) is not None]
        if after == before:
            continue
        rows = OutboxMessage.objects.filter(pk=one.pk, state=one.state)
        if not after:
            rows.update(state=OutboxState.SUPERSEDED, is_held=False, data={**one.data, "calm": "together"})
            continue
        rows.update(data=calm_parts.replaced(one, after), payload=None, message_id="")


def _hold(messages: Sequence[OutboxMessage]) -> None:
    """Keep everybody else from settling these meanwhile. Raises _Overtaken where somebody has."""
    numbers = [one.pk for one in messages]
    rows = OutboxMessage.objects.select_for_update().filter(pk__in=numbers, state=OutboxState.WAITING, is_settled=False)
    if len(rows.values_list("pk", flat=True)) != len(numbers):
        raise _Overtaken


def _replace(mails: Sequence[OutboxMessage]) -> None:
    """What waited to leave goes along. Raises _Overtaken where a worker has taken one."""
    for one in mails:
        rows = OutboxMessage.objects.filter(pk=one.pk, state=OutboxState.WAITING, may_have_arrived=False)
        if rows.update(state=OutboxState.SUPERSEDED, data={**one.data, "calm": "together"}) != 1:
            raise _Overtaken


def _drop(messages: Sequence[OutboxMessage], why: str) -> None:
    for message in messages:
        _settled([message]).update(
            state=OutboxState.SUPERSEDED, is_settled=True, is_held=False, data={**message.data, "calm": why}
        )


def _put_off(messages: Sequence[OutboxMessage], day: dt.date) -> None:
    _settled(messages).update(not_before=automatic_mail_time(day))


def _settled(messages: Sequence[OutboxMessage]) -> OutboxMessageQuerySet:
    """Those nobody else has settled meanwhile."""
    return OutboxMessage.objects.filter(pk__in=[one.pk for one in messages], is_settled=False)


def _others(people: Collection[int], at: dt.datetime) -> dict[int, _Others]:
    """What else was settled for each of these people. What went along early may be made up for late, and not after."""
    longest = reminder_rules.days("together_days") + reminder_rules.days("expires_days")
    rows = OutboxMessage.objects.filter(person__in=people, is_settled=True, data__has_key="covers")
    recent = rows.filter(Q(created_at__gte=at - longest) | Q(state=OutboxState.WAITING))
    found: dict[int, _Others] = defaultdict(_Others)
    mails = list(recent.exclude(state=OutboxState.SUPERSEDED).order_by("pk").defer("payload"))
    numbers = [one.pk for one in mails if one.state == OutboxState.WAITING and not one.may_have_arrived]
    free = set(OutboxMessage.objects.filter(pk__in=numbers).flowing().values_list("pk", flat=True)) if numbers else ()
    for one in mails:
        of = found[one.person_id]
        if one.state == OutboxState.SENT:
            of.said.update(one.data["covers"])
        elif one.pk in free:
            of.waiting.append(one)
        elif one.state in {OutboxState.SENDING, OutboxState.WAITING}:
            of.perhaps.update(one.data["covers"])
        elif not one.may_have_arrived:
            of.held_up.append(one)
    by_hand = OutboxMessage.objects.filter(state=OutboxState.STOPPED, is_settled=False, is_held=False)
    for one in by_hand.filter(person__in=people).defer("payload"):
        found[one.person_id].stopped.add(_key(one))
    for person, count in _reminded(people, at).items():
        found[person].reminders = count
    return found


def _has_had_all(person: Person, reminders: int) -> bool:
    return reminders >= reminder_rules.current().per_quarter and person.office != Office.FACHSTELLE


def _reminded(people: Collection[int], at: dt.datetime) -> dict[int, int]:
    """Each one's mails with a reminder this quarter, those that may still leave included; what fell away does not count."""
    rows = OutboxMessage.objects.filter(person__in=people, is_reminder=True, created_at__gte=_quarter(at))
    counted = rows.exclude(state=OutboxState.SUPERSEDED).order_by().values("person").annotate(Count("pk"))
    return defaultdict(int, counted.values_list("person", "pk__count"))


def _quarter(at: dt.datetime) -> dt.datetime:
    here = local(at)
    return at_local(dt.date(here.year, 3 * ((here.month - 1) // 3) + 1, 1), dt.time(0))


def _next_school_day(at: dt.datetime) -> dt.date | None:
    """The first school day after the holidays that `at` lies in; None where it lies in none."""
    day = local_date(at)
    if calendar_days.school_holiday(day) is None:
        return None
    while not calendar_days.is_school_day(day):
        day += _ONE_DAY
    return day


def _is_reminder(message: OutboxMessage) -> bool:
    return calm_rules.is_reminder(message.kind, message.data)


def _key(message: OutboxMessage) -> str:
    return calm_rules.key(message.kind, message.matter, message.data)
