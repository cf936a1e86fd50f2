"""Letters about the date of a meeting: it stands, it moved, it is cancelled, you are out, will you come."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import Role
from meetings.enums import COMING, Answer, MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import invitations, told
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import agenda, digest, sitting, year
from notifications.domain.told import Heard
from notifications.enums import CalendarMethod, MailKind, OutboxState
from notifications.models import OutboxMessage

_SAID = {
    Answer.ACCEPTED: gettext_lazy("zugesagt"),
    Answer.ACCEPTED_ONLINE: gettext_lazy("online zugesagt"),
    Answer.TENTATIVE: gettext_lazy("„vielleicht“ gesagt"),
    Answer.DECLINED: gettext_lazy("abgesagt"),
}


def invitation(message: OutboxMessage, at: dt.datetime) -> Letter:
    """What this person should know now, seen from what they last heard: an invitation, or what is new about it.

    The same for an invitation and for a move, since one replaces the other while it waits. Nothing where they
    know everything already: moved and moved back, or a deputy named and taken back, before a letter left.
    """
    meeting = sitting.meeting_of(message)
    attendance = sitting.attendance_of(message, meeting)
    part = invitations.request(message, meeting, attendance, at=at)
    heard = part.heard
    if heard is None and part.calendar is None and _hears_otherwise(message, meeting, attendance):
        raise NothingToSay
    if heard is None or not heard.is_expected:
        return _first(message, meeting, attendance, part, at)
    changes = _changes(heard, meeting)
    if not changes and not heard.is_certain:
        return _first(message, meeting, attendance, part, at)  # it may have heard nothing of this
    if not changes and part.calendar is None:
        raise NothingToSay  # what else is new comes with the invitation
    if not changes and not heard.in_calendar:
        return _first(message, meeting, attendance, part, at)
    link = meeting.video_link if meeting.has_online else ""
    if not changes and not message.data.get("fields") and heard.link in {None, link}:
        raise NothingToSay
    context = {
        **sitting.for_person(message.person, meeting, attendance, at=at),
        **_moved_words(heard, meeting),
        "changes": changes,
        "unchanged": _unchanged(heard, meeting),
        "reason": german.sentence(meeting.move_reason) if changes else "",
        "said": _SAID.get(Answer(attendance.answer)) if attendance.answer_is_for_earlier_date else None,
        "asks_again": attendance.answer_is_for_earlier_date or (bool(changes) and part.calendar is not None),
        "in_calendar": part.calendar is not None,
        "was_in_calendar": heard.in_calendar,
    }
    return Letter("moved", context, calendar=part.calendar, on_frozen=part.on_frozen)


def cancelled(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The meeting does not take place."""
    meeting = sitting.meeting_of(message)
    attendance = sitting.attendance_of(message, meeting)
    part = invitations.cancel(message, meeting, attendance, whole=True, at=at)
    context = {
        **sitting.about(meeting),
        "was": _as_heard(part.heard, meeting, what=_("Abgesagt")),
        "reason": german.sentence(meeting.cancel_reason),
        "had_answered": attendance.answer in {Answer.ACCEPTED, Answer.ACCEPTED_ONLINE},
        "in_calendar": part.calendar is not None,
        "meeting_url": sitting.meeting_url(message.person, meeting, at=at),
        "why": sitting.why(attendance, meeting),
    }
    return Letter("cancelled", context, calendar=part.calendar, on_frozen=part.on_frozen)


def uninvited(message: OutboxMessage, at: dt.datetime) -> Letter:
    """This person's entry is taken out: a deputy comes, or is needed no longer. A deputy may have said no since."""
    meeting = sitting.meeting_of(message)
    if meeting.state == MeetingState.CANCELLED:
        return cancelled(message, at)  # it fell through before this was told: nobody comes for anybody
    attendance = sitting.attendance_of(message, meeting)
    deputy = attendance.deputy if invitations.has_deputy(attendance) else None
    if attendance.is_asked and deputy is None:
        raise NothingToSay  # asked again in the meantime
    part = invitations.cancel(message, meeting, attendance, whole=False, at=at)
    has_declined = deputy is not None and deputy.answer == Answer.DECLINED
    if has_declined and part.calendar is None:
        raise NothingToSay  # a letter of its own says that nobody comes (`deputies.in_vain`)
    if message.data.get("left"):
        why = _("Sie waren zu dieser Sitzung eingeladen.")
    else:
        why = _("Sie waren als Vertretung zu dieser Sitzung eingeladen.")
    context = {
        **sitting.about(meeting),
        "has_left": bool(message.data.get("left")),
        "is_double": bool(message.data.get("double")),
        "deputy": deputy.person if deputy else None,
        "comes": deputy is not None and deputy.answer in COMING,
        "has_declined": has_declined,
        "was": _as_heard(part.heard, meeting, what=_("Wann")),
        "in_calendar": part.calendar is not None,
        "meeting_url": sitting.meeting_url(message.person, meeting, at=at) if deputy else "",
        "why": sitting.why(attendance, meeting) if deputy else why,
    }
    return Letter("uninvited", context, calendar=part.calendar, on_frozen=part.on_frozen)


def answer_reminder(message: OutboxMessage, at: dt.datetime) -> Letter:
    """One friendly question to those who have not answered. Over once they have."""
    meeting = sitting.meeting_of(message)
    attendance = sitting.attendance_of(message, meeting)
    open_answer = attendance.answer == Answer.PENDING or attendance.answer_is_for_earlier_date
    if not open_answer or not attendance.is_asked or at >= meeting.start or meeting.state == MeetingState.CANCELLED:
        raise NothingToSay
    return Letter("answer_reminder", sitting.for_person(message.person, meeting, attendance, at=at))


def copy(message: OutboxMessage, at: dt.datetime) -> Letter:
    """A plain notice to a further address: without calendar part and without any link that acts."""
    of = message.data.get("of", MailKind.INVITATION)
    if of == MailKind.SAVE_THE_DATE:
        return year.copy(message, at)
    if of == MailKind.DIGEST:
        return digest.copy(message, at)
    meeting = sitting.meeting_of(message)
    attendance = sitting.attendance_of(message, meeting)
    in_calendar = attendance.stands_in_for is not None or not invitations.comes_later(meeting)
    is_over = of in {MailKind.CANCELLED, MailKind.UNINVITED}
    if (is_over or not in_calendar) and not _copied_before(message, meeting, is_over=is_over):
        raise NothingToSay
    if not is_over and (meeting.state == MeetingState.CANCELLED or not attendance.is_asked):
        raise NothingToSay
    context = {
        **sitting.about(meeting),
        "of": str(of),
        "in_calendar": in_calendar,
        "heading": _COPY_HEADINGS[MailKind(of)] % {"day": german.day_and_month(meeting.start)},
        "reason": german.sentence(meeting.cancel_reason) if of == MailKind.CANCELLED else "",
        "deputy": attendance.deputy.person if invitations.has_deputy(attendance) else None,
    }
    said = told.as_it_stands(meeting)
    said = replace(said, method=CalendarMethod.CANCEL) if is_over else said
    return Letter("copy", context, on_frozen=lambda _message_id: told.keep(message, {meeting.pk: said}))


_COPY_HEADINGS = {
    MailKind.INVITATION: gettext_lazy("Die Sitzung ist am %(day)s"),
    MailKind.AGENDA: gettext_lazy("Einladung zur Sitzung am %(day)s"),
    MailKind.MOVED: gettext_lazy("Neue Angaben: Die Sitzung ist am %(day)s"),
    MailKind.CANCELLED: gettext_lazy("Die Sitzung am %(day)s fällt aus"),
    MailKind.UNINVITED: gettext_lazy("Die Sitzung am %(day)s: eine Vertretung kommt"),
}


def _first(
    message: OutboxMessage, meeting: Meeting, attendance: Attendance, part: invitations.Part, at: dt.datetime
) -> Letter:
    context = {
        **sitting.for_person(message.person, meeting, attendance, at=at),
        "for_whom": attendance.stands_in_for.person if attendance.stands_in_for else None,
        "again": part.heard is not None and not part.heard.is_expected,
        "in_calendar": part.calendar is not None,
    }
    found = agenda.Along()
    if message.data.get("joined") or attendance.stands_in_for is not None:  # everybody else has the agenda already
        found = agenda.along(message, meeting, at=at)
        context |= found.context
    if attendance.stands_in_for is not None and attendance.answer in COMING:
        context |= {  # said on the way here: nobody is asked twice
            "said": agenda.SAID[Answer(attendance.answer)],
            "answer_url": sitting.answer_url(message.person, meeting, at=at),
        }
    return Letter("invitation", context, calendar=part.calendar, on_frozen=part.on_frozen, attachments=found.files)


def _changes(heard: Heard, meeting: Meeting) -> list[dict[str, str]]:
    """What holds now as every letter says it, and below it what held before."""
    found: list[dict[str, str]] = []
    if (heard.start, heard.end) != (meeting.start, meeting.end):
        found.append({"name": _("Neu"), "text": german.when(meeting.start, meeting.end)})
        found.append({"name": _("Bisher"), "text": german.when(heard.start, heard.end)})
    if heard.location != told.location(meeting):
        found.append({"name": _("Neuer Ort"), "text": sitting.place(meeting)})
        if heard.location:
            found.append({"name": _("Bisher"), "text": heard.location})
    return found


def _unchanged(heard: Heard, meeting: Meeting) -> list[dict[str, str]]:
    """The facts that stay, in the order of every letter."""
    stays: list[dict[str, str]] = []
    if (heard.start, heard.end) == (meeting.start, meeting.end):
        stays.append({"name": _("Wann"), "text": german.when(meeting.start, meeting.end)})
    where = sitting.where(meeting)
    return stays + (where[1:] if heard.location != told.location(meeting) else where)


def _moved_words(heard: Heard, meeting: Meeting) -> dict[str, Any]:
    """Subject and heading by what changed most: day, hour, place, or something else."""
    old, new = heard.start, meeting.start
    day = german.day_and_month(new)
    if local_date(old) != local_date(new):
        subject = _("Verlegt: %(body)s, %(old)s: neu %(new)s, %(hour)s")
        heading = _("Die Sitzung ist jetzt am %(day)s") % {"day": german.day(new)}
    elif old != new or heard.end != meeting.end:
        subject = _("Verlegt: %(body)s, %(old)s: jetzt %(span)s")
        heading = _hour_heading(old, new) % {"day": day}
    elif heard.location != told.location(meeting):
        subject = _("Verlegt: %(body)s, %(old)s: anderer Ort")
        heading = _("Die Sitzung am %(day)s ist an einem anderen Ort") % {"day": day}
    else:
        subject = _("Geändert: %(body)s, %(old)s")
        heading = _("Die Angaben zur Sitzung am %(day)s sind neu") % {"day": day}
    names = {
        "body": meeting.alliance.word,
        "old": german.short_day(old),
        "new": german.short_day(new),
        "hour": german.hour(new),
        "span": german.span(meeting.start, meeting.end),
    }
    return {"subject_line": subject % names, "heading": heading}


def _hour_heading(old: dt.datetime, new: dt.datetime) -> str:
    if old == new:
        return _("Die Sitzung am %(day)s hat ein anderes Ende")
    return _("Die Sitzung am %(day)s beginnt früher") if new < old else _("Die Sitzung am %(day)s beginnt später")


def _as_heard(heard: Heard | None, meeting: Meeting, *, what: str) -> dict[str, Any]:
    """Day, hours and place as this person knows them. `what` stands before the day."""
    known = heard or told.as_it_stands(meeting)
    facts = [
        {"name": what, "text": german.when(known.start, known.end)},
        {"name": _("Ort"), "text": known.location},
    ]
    return {"start": known.start, "facts": facts if known.location else facts[:1]}


def _hears_otherwise(message: OutboxMessage, meeting: Meeting, attendance: Attendance) -> bool:
    """Nothing was told yet, and need not be: the year's dates still wait for this person, and show how things stand.

    Guests hear of a date by its invitation.
    """
    if attendance.role == Role.GUEST:
        return True
    rows = OutboxMessage.objects.filter(kind=MailKind.SAVE_THE_DATE, person=message.person_id)
    coming = rows.exclude(state__in=[OutboxState.SENT, OutboxState.SUPERSEDED]).values_list(
        "state", "message_id", "data"
    )
    return any(
        str(data["year"]) == meeting.quarter[:4] and (state != OutboxState.SENDING or not frozen)
        for state, frozen, data in coming
    )


def _copied_before(message: OutboxMessage, meeting: Meeting, *, is_over: bool) -> bool:
    """Whether this further address was sent anything about the meeting that holds no longer."""
    rows = OutboxMessage.objects.filter(kind=MailKind.COPY, copy_to=message.copy_to_id)
    rows = rows.filter(Q(state=OutboxState.SENT) | Q(may_have_arrived=True)).exclude(pk=message.pk)
    for number, state, data in rows.order_by("-pk").values_list("meeting_id", "state", "data"):
        said = told.said_in(data, meeting.pk)
        if said is not None:
            return is_over or state != OutboxState.SENT or said != told.as_it_stands(meeting)
        if number == meeting.pk:
            return True
    return False


COMPOSERS: dict[str, Composer] = {
    MailKind.INVITATION: invitation,
    MailKind.MOVED: invitation,
    MailKind.CANCELLED: cancelled,
    MailKind.UNINVITED: uninvited,
    MailKind.ANSWER_REMINDER: answer_reminder,
    MailKind.COPY: copy,
}
