"""Wiedervorlage: asking whoever is responsible how a decision stands, on its day and once more a week later.

By rule, at 07:00 of a working day. Where its day is that of a meeting of its alliance, as it is where nobody chose
another, the first question comes a week before: the meeting reads out what was answered. After the second it is a
line on the Schreibtisch: somebody calls. Saying how it stands sets the next day, and with it a new question; so nobody
is asked twice for the same.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from buendnisse.clock import automatic_mail_time, local_date
from buendnisse.enums import Office, Role, Via
from buendnisse.models import Change, Membership, Person
from meetings.domain import calendar_days, decision_register, reminder_rules
from meetings.domain.decision_journal import record
from meetings.enums import Happened, MeetingState
from meetings.models import Decision, Meeting
from meetings.models.decision import DecisionQuerySet
from meetings.models.minutes import NOT_OUT

_STAGES = ("again", "first")  # the later one first
_LONGEST_WEEKEND = dt.timedelta(days=7)


def again() -> dt.timedelta:
    """How long after the first question the second comes, and the line on the Schreibtisch after that; by rule a week."""
    return reminder_rules.days("decision_again")


def stale() -> dt.timedelta:
    """What could not be asked for longer than this is not made up for: the Schreibtisch says it anyway."""
    return reminder_rules.days("expires_days")


def remind(*, at: dt.datetime) -> int:
    """Record the questions whose moment has come; the number of them."""
    if not Decision.objects.filter(decision_register.due(local_date(at) + _early())).exists():
        return 0  # most minutes of a year; whom mail reaches is the dear question
    rows = asked(at=at).select_related("alliance").order_by("pk")
    return sum(_remind(decision, at) for decision in rows)


def asked(*, at: dt.datetime) -> DecisionQuerySet:
    """Decisions whose day has come, or is that of a meeting soon, and whose responsible person is asked by mail.

    `is_asked` says of which it is time.
    """
    today = local_date(at)
    meeting = Meeting.objects.filter(alliance=OuterRef("alliance"), start__date=OuterRef("follow_up_on"))
    rows = _near(today + _early()).annotate(is_for_meeting=Exists(meeting.exclude(state=MeetingState.CANCELLED)))
    rows = rows.filter(Q(follow_up_on__lte=today) | Q(is_for_meeting=True), _by_mail(at))
    return rows.filter(follow_up_on__gt=today - again() - stale())


def is_asked(decision: Decision, *, at: dt.datetime) -> bool:
    """Whether the first question about one out of `asked` was due."""
    return moment(decision, "first") <= at


def left(*, at: dt.datetime) -> DecisionQuerySet:
    """Those the Fachstelle asks about itself: both questions went unanswered, or nobody can be asked by mail."""
    return _near(local_date(at)).filter(~Q(pk__in=asked(at=at).values("pk")))


def stage(decision: Decision, *, at: dt.datetime) -> str:
    """ "again" or "first" where the question is due now, else nothing."""
    for reason in _STAGES:
        due = moment(decision, reason)
        if due <= at < due + stale():
            return reason
    return ""


def moment(decision: Decision, reason: str) -> dt.datetime:
    """When the question of this stage is due; of a decision out of `asked`. Raises ValueError where there is no day."""
    day = decision.follow_up_on
    if day is None:
        raise ValueError(decision.number)
    if reason == "again":
        return automatic_mail_time(calendar_days.working_day_from(day + again()))
    if getattr(decision, "is_for_meeting", False):
        return automatic_mail_time(calendar_days.working_day_until(day - again()))
    return automatic_mail_time(calendar_days.working_day_from(day))


def _early() -> dt.timedelta:
    return again() + _LONGEST_WEEKEND


def _near(day: dt.date) -> DecisionQuerySet:
    return Decision.objects.filter(decision_register.due(day)).exclude(meeting__minutes__state__in=NOT_OUT)


def _by_mail(at: dt.datetime) -> Q:
    """Members whom mail reaches: the link answers for nobody who has left all bodies, so nobody else is asked by it."""
    active = Membership.objects.exclude(role=Role.GUEST).active_on(local_date(at))
    reachable = Person.objects.reachable_by_mail().exclude(office=Office.FACHSTELLE)
    return Q(responsible__in=reachable.filter(pk__in=active.values("person")).values("pk"))


def _remind(decision: Decision, at: dt.datetime) -> int:
    """A new day or a new person begins anew."""
    reason = stage(decision, at=at)
    if not reason or decision.follow_up_on is None:
        return 0
    day, person = decision.follow_up_on.isoformat(), decision.responsible_id
    said = {"follow_up_on": day, "responsible": person}
    when = moment(decision, reason)
    with transaction.atomic():
        Decision.objects.select_for_update().get(pk=decision.pk)  # two rings at once ask one after the other
        if not asked(at=at).filter(pk=decision.pk, **said).exists():
            return 0  # somebody has said meanwhile how it stands
        before = Change.objects.of(decision).filter(verb=Happened.DECISION_REMINDED, reason=reason)
        if before.filter(data__follow_up_on=day, data__responsible=person).exists():
            return 0
        record(Happened.DECISION_REMINDED, decision, by=None, at=when, via=Via.RULE, reason=reason, more=said)
    return 1
