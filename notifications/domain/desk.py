"""The Schreibtisch: what the Fachstelle has to do this week, what can wait, and what runs by itself.

Everything is computed from what is stored; nothing here is a to-do list somebody keeps. Each fact costs the
same few queries however much there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import Via
from meetings.domain import relay_turn
from meetings.domain.relay_turn import Turn
from meetings.domain.schedule import OrderLost, Schedule, schedule
from meetings.enums import COMING, Answer, DeadlineKind, MeetingState, MinutesState
from meetings.models import AgendaItem, Attendance, CircularVote, Meeting, Minutes, Relay
from notifications.domain import (
    desk_calls,
    desk_decisions,
    desk_meetings,
    desk_post,
    desk_relays,
    desk_tasks,
    desk_timeline,
    desk_votes,
    desk_year,
    mail_ahead,
)
from notifications.domain.desk_line import Line, addressed, href
from notifications.domain.desk_relays import Passage
from notifications.domain.desk_timeline import Picture
from notifications.enums import MailKind

#: What is due this soon stands on top: until the middle of next week.
HORIZON = dt.timedelta(days=9)
_AUTO = 4
_ANSWER_SHOWN = (
    "answer",
    "answer_is_for_earlier_date",
    "answered_at",
    "answered_via",
    "organisation__short_name",
    "meeting__start",
    *addressed("person"),
    *addressed("stands_in_for__person"),
    *addressed("deputy__person"),
)
_ENDED = (MeetingState.HELD, MeetingState.CLOSED)
_AHEAD = (MeetingState.CONFIRMED, MeetingState.CALL_OPEN)


@dataclass(frozen=True)
class Automatic:
    """Something that will happen without anybody. `href`: where to look at it before, or to stop it."""

    day: dt.date
    words: str
    href: str = ""


@dataclass(frozen=True)
class Next:
    """A meeting to come, and the figures of its answers. `cancel`: "Heute absagen", where it is that near."""

    meeting: Meeting
    coming: int
    open: int
    proposals: int
    href: str
    call: dt.date | None
    cancel: str


@dataclass(frozen=True)
class Today:
    """A meeting of this day that has not ended; `href` leads to where one writes along."""

    meeting: Meeting
    href: str


@dataclass(frozen=True)
class Desk:
    today: list[Today]
    week: list[Line]
    later: list[Line]
    automatic: list[Automatic]
    meetings: list[Next]
    picture: Picture
    answers: list[Attendance]
    passages: list[Passage]
    open_relays: int
    quiet_until: dt.date | None


def desk(*, at: dt.datetime) -> Desk:
    """The whole desk as of `at`."""
    today = local_date(at)
    upcoming = list(Meeting.objects.upcoming(at).select_related("venue"))
    minutes = list(
        Minutes.objects.exclude(state=MinutesState.APPROVED)
        .select_related("meeting", "author")
        .order_by("meeting__start")
    )
    unwritten = desk_meetings.without_minutes()
    meetings = [*upcoming, *unwritten, *(row.meeting for row in minutes)]
    prefetch_related_objects(meetings, "alliance")
    schedules = _schedules(meetings)
    relays = list(relay_turn.listed(Relay.objects.open()).order_by("due_on", "pk"))
    bodies = [body for relay in relays for body in (relay.source, relay.target)]
    around = relay_turn.surroundings([*bodies, *(row.meeting.alliance for row in minutes)], at=at)
    passages = [Passage(relay, relay_turn.waiting_for(relay, at=at, around=around)) for relay in relays]
    running = desk_votes.running()
    proposed = desk_meetings.proposed()
    lines = sorted(
        [
            *desk_relays.lines(passages, around, at=at),
            *desk_relays.returned(at=at),
            *desk_meetings.additions(at=at),
            *desk_relays.fallen(at=at),
            *desk_meetings.objections(),
            *desk_meetings.minutes(schedules, minutes, around.spokespeople),
            *desk_meetings.minutes_missing(unwritten, schedules),
            *desk_meetings.invitations(upcoming, schedules, today=today),
            *desk_meetings.proposals(proposed, schedules),
            *desk_tasks.tasks(at=at, next_meeting=upcoming[0] if upcoming else None),
            *desk_decisions.lines(at=at),
            *desk_meetings.by_post(upcoming),
            *desk_meetings.unrepresented(upcoming),
            *desk_meetings.notices(),
            *desk_meetings.remarks(),
            *desk_calls.calls(at=at),
            *desk_votes.lines(running, at=at),
            *desk_year.missing(at=at),
            *desk_post.failed(),
            *desk_post.stuck(at=at),
            *desk_post.returned_mail(),
            *desk_post.mailbox_down(),
            *desk_post.arrived(),
            *desk_post.astray(at=at),
            *desk_post.barriers(),
        ],
        key=lambda line: (line.due or (today if line.is_urgent else dt.date.max), line.title),
    )
    week = [line for line in lines if _is_this_week(line, today)]
    later = [line for line in lines if line not in week]
    return Desk(
        today=[
            Today(meeting, href("meetings:live", meeting.slug))
            for meeting in upcoming
            if local_date(meeting.start) == today and meeting.state not in _ENDED
        ],
        week=week,
        later=later,
        automatic=_automatic(upcoming, minutes, running, schedules, at),
        meetings=_next(upcoming[:6], schedules, proposed, at),
        picture=desk_timeline.picture(upcoming, schedules, today=today),
        answers=_answers(),
        passages=[passage for passage in passages if _travels(passage, today)][:3],
        open_relays=len(relays),
        quiet_until=_quiet_until(later, upcoming, today),
    )


def _travels(passage: Passage, today: dt.date) -> bool:
    """Under way without the Fachstelle; what is overdue stands among the week's things already."""
    return passage.waiting.turn != Turn.FACHSTELLE and not relay_turn.is_overdue(passage.relay, today)


def _is_this_week(line: Line, today: dt.date) -> bool:
    return line.is_urgent or (line.due is not None and line.due <= today + HORIZON and not line.can_wait)


def _schedules(meetings: list[Meeting]) -> Mapping[int, Schedule]:
    """The dates of each meeting; one whose rules leave no order has none here and says so on its own page."""
    found = {}
    for meeting in meetings:
        try:
            found[meeting.pk] = schedule(meeting)
        except OrderLost:
            continue
    return found


def _automatic(
    upcoming: list[Meeting],
    minutes: list[Minutes],
    running: list[CircularVote],
    schedules: Mapping[int, Schedule],
    at: dt.datetime,
) -> list[Automatic]:
    """What the rules will do next, the nearest first."""
    today, stopped = local_date(at), mail_ahead.stopped()
    found = [_digest(today)]
    for vote in running:
        words = _("Abstimmung per E-Mail endet: %(subject)s. %(n)s von %(all)s haben geantwortet.")
        if not vote.answered:
            words = _("Abstimmung per E-Mail endet: %(subject)s. Noch hat niemand geantwortet.")
        figures = {"subject": vote.subject, "n": vote.answered, "all": vote.entitled}
        found.append(Automatic(vote.closes_on, words % figures))
    for row in minutes:
        if row.state == MinutesState.CIRCULATED and row.objection_until:
            words = _("Protokoll %s gilt danach als genehmigt, wenn niemand Einwand erhebt.")
            found.append(Automatic(row.objection_until, words % row.meeting.alliance.word))
    for meeting in upcoming:
        dates = schedules.get(meeting.pk)
        if dates is None or meeting.state not in _AHEAD:
            continue
        names = {"body": meeting.alliance.word, "day": german.day_and_month(meeting.start)}
        for kind, day, words in (
            (MailKind.CALL, dates[DeadlineKind.CALL_FOR_ITEMS], _("Aufruf zu Themen für %(body)s am %(day)s.")),
            (MailKind.CALL_REMINDER, dates[DeadlineKind.REMINDER], _("Erinnerung an Themen für %(body)s am %(day)s.")),
        ):
            is_shown = mail_ahead.is_coming(kind, meeting, day, at=at)
            page = href("notifications:mail_ahead", meeting.slug, kind) if is_shown else ""
            held = _("Angehalten.") if (kind, meeting.pk) in stopped else ""
            found.append(Automatic(day, german.sentences(words % names, held), page))
    return sorted((entry for entry in found if entry.day >= today), key=lambda entry: (entry.day, entry.words))[:_AUTO]


def _digest(today: dt.date) -> Automatic:
    """The weekly letter leaves on Monday morning; today's has left."""
    monday = today + dt.timedelta(days=7 - today.weekday())
    return Automatic(monday, _("Wochenbrief um 7:00 Uhr. Wer nichts Neues hat, bekommt keinen."))


def _next(
    meetings: list[Meeting],
    schedules: Mapping[int, Schedule],
    proposed: Mapping[Meeting | None, list[AgendaItem]],
    at: dt.datetime,
) -> list[Next]:
    rows = (
        Attendance.objects.filter(meeting__in=meetings)
        .order_by()
        .values("meeting")
        .annotate(
            coming=Count("pk", filter=Q(answer__in=COMING)),
            open=Count("pk", filter=Q(is_asked=True, answer=Answer.PENDING)),
        )
    )
    answers = {row["meeting"]: row for row in rows}
    found = []
    for meeting in meetings:
        dates = schedules.get(meeting.pk)
        call = dates[DeadlineKind.CALL_FOR_ITEMS] if dates and meeting.state == MeetingState.CONFIRMED else None
        figures = answers.get(meeting.pk, {"coming": 0, "open": 0})
        found.append(
            Next(
                meeting=meeting,
                coming=figures["coming"],
                open=figures["open"],
                proposals=len(proposed.get(meeting, [])),
                href=href("meetings:meeting", meeting.slug) or href("meetings:agenda", meeting.slug),
                call=call if call and call >= local_date(at) else None,
                cancel=desk_calls.cancel_word(meeting, today=local_date(at)),
            )
        )
    return found


def _answers() -> list[Attendance]:
    """The last answers to invitations."""
    rows = Attendance.objects.filter(answered_at__isnull=False).exclude(answer=Answer.PENDING, deputy__isnull=True)
    related = ("person", "organisation", "meeting", "stands_in_for__person", "deputy__person")
    shown = rows.exclude(answered_via=Via.CARRIED_OVER).select_related(*related).only(*_ANSWER_SHOWN)
    return list(shown.order_by("-answered_at", "-pk")[:4])


def _quiet_until(later: list[Line], upcoming: list[Meeting], today: dt.date) -> dt.date | None:
    """The next day on which something is due or a meeting takes place."""
    ahead = [line.due for line in later if line.due] + [local_date(meeting.start) for meeting in upcoming]
    return min((day for day in ahead if day > today), default=None)
