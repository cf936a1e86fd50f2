"""What every letter about a meeting shows: where and when, how to answer, why it comes. Shared by several letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import Person
from meetings.domain import answers, schedule
from meetings.enums import DeadlineKind, MeetingMode, MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import batch, urls_for
from notifications.domain.letter import NothingToSay
from notifications.domain.stencil import Own
from notifications.models import OutboxMessage

Fact = dict[str, str]


def meeting_of(message: OutboxMessage) -> Meeting:
    """The meeting a message is about; loaded once a batch. Raises NothingToSay where it is gone."""
    found = batch.once(("meeting", message.meeting_id), lambda: _load(message.meeting_id))
    if found is None:
        raise NothingToSay
    return found


def attendance_of(message: OutboxMessage, meeting: Meeting) -> Attendance:
    """The row of the person a message goes to; loaded once a batch for all. Raises NothingToSay where there is none."""
    rows = batch.once(("attendance", meeting.pk), lambda: _rows(meeting, message))
    if message.person_id not in rows:
        raise NothingToSay
    row = rows[message.person_id]
    row.meeting = meeting
    return row


def about(meeting: Meeting) -> dict[str, Any]:
    """Context of any letter about a meeting, the same for everybody."""
    return batch.once(("about", meeting.pk), lambda: _about(meeting))


def for_person(person: Person, meeting: Meeting, attendance: Attendance, *, at: dt.datetime) -> dict[str, Any]:
    """Context of a letter that asks for an answer: the buttons, until when, the page, and why this person gets it."""
    batch.once(("asked", meeting.pk), lambda: _prepare(meeting, at))
    return {
        **about(meeting),
        "answers": answer_buttons(person, meeting, at=at),
        "answer_until": _answer_until(meeting, at),
        "meeting_url": meeting_url(person, meeting, at=at),
        "names_deputy": attendance.stands_in_for_id is None and attendance.role != Role.GUEST,
        "why": why(attendance, meeting),
    }


def _prepare(meeting: Meeting, at: dt.datetime) -> None:
    """The links of `for_person` and of what stands around each letter, for everybody of a batch."""
    until = meeting.end + urls_for.AFTER_MEETING
    wanted = (
        (LinkPurpose.ANSWER, meeting, until),
        (LinkPurpose.MEETING, meeting, until),
        (LinkPurpose.SETTINGS, None, None),
    )
    people = batch.people(meeting_id=meeting.pk).values()
    urls_for.prepare(
        (
            urls_for.wish(person, purpose, subject, until=until, at=at)
            for person in people
            for purpose, subject, until in wanted
        ),
        at=at,
    )


def answer_url(person: Person, meeting: Meeting, *, at: dt.datetime) -> str:
    """Where this person answers, and changes the answer."""
    until = meeting.end + urls_for.AFTER_MEETING
    return urls_for.personal(person, purpose=LinkPurpose.ANSWER, subject=meeting, until=until, at=at)


def answer_buttons(person: Person, meeting: Meeting, *, at: dt.datetime) -> list[dict[str, Any]]:
    """The buttons under "Kommen Sie?": words of the person, filled for the request, outlined for the other good answer."""
    url = answer_url(person, meeting, at=at)
    buttons = []
    if meeting.mode != MeetingMode.ONLINE:
        buttons.append({"label": _("Ich komme"), "url": Own(f"{url}ja/"), "outlined": False})
    if meeting.has_online:
        buttons.append({"label": _("Ich komme online"), "url": Own(f"{url}online/"), "outlined": False})
    return [*buttons, {"label": _("Ich kann nicht kommen"), "url": Own(f"{url}nein/"), "outlined": True}]


def meeting_url(
    person: Person, meeting: Meeting, *, at: dt.datetime, together: Mapping[int, Person] | None = None
) -> str:
    """The person's own page of the meeting. `together` as in `urls_for.personal`."""
    until = meeting.end + urls_for.AFTER_MEETING
    return urls_for.personal(
        person, purpose=LinkPurpose.MEETING, subject=meeting, until=until, at=at, together=together
    )


def facts(start: dt.datetime, end: dt.datetime, meeting: Meeting) -> list[Fact]:
    """Wann, Wo, Online, Bus, Parken, An der Tür: in this order, what is not there left out."""
    return [{"name": _("Wann"), "text": german.when(start, end)}, *where(meeting)]


def where(meeting: Meeting) -> list[Fact]:
    """Wo, Online, the last bus, where to park and who opens the door."""
    found: list[Fact] = []
    if meeting.mode != MeetingMode.ONLINE and meeting.venue:
        found.append({"name": _("Wo"), "text": place(meeting)})
    if meeting.has_online and meeting.video_link:
        found.append({"name": _("Online"), "text": _("An der Videokonferenz teilnehmen"), "url": meeting.video_link})
    elif meeting.has_online:
        found.append({"name": _("Online"), "text": _("Den Link zur Videokonferenz schicken wir Ihnen noch.")})
    if meeting.mode != MeetingMode.ONLINE and meeting.venue and meeting.venue.bus_note:
        found.append({"name": meeting.venue.bus_label, "text": meeting.venue.bus_text})
    if meeting.mode != MeetingMode.ONLINE and meeting.venue:
        more = ((_("Parken"), meeting.venue.parking), (_("An der Tür"), meeting.venue.door_contact))
        found += [{"name": name, "text": text} for name, text in more if text]
    return found


def place(meeting: Meeting) -> str:
    """ "Kreishaus Haseburg, Sitzungsraum 1. Der Raum ist mit dem Rollstuhl erreichbar." """
    venue = meeting.venue
    if venue is None or meeting.mode == MeetingMode.ONLINE:
        return _("Videokonferenz")
    access = _("Der Raum ist mit dem Rollstuhl erreichbar.") if venue.is_step_free else ""
    note = f"{venue.remarks}." if venue.remarks else ""
    return " ".join(part for part in (f"{venue.name}.", access, note) if part)


def why(attendance: Attendance, meeting: Meeting) -> Own:
    """Why this person gets the letter, for the footer."""
    return Own(_why(attendance, meeting))


def _why(attendance: Attendance, meeting: Meeting) -> str:
    body = meeting.alliance.name
    inside = _("im %s") % body if body.startswith("Arbeitsbündnis") else _("in „%s“") % body
    if attendance.stands_in_for is not None:
        name = {"name": attendance.stands_in_for.person.formal_name, "inside": inside}
        return _("%(name)s hat Sie als Vertretung für diese Sitzung %(inside)s genannt.") % name
    if attendance.role == Role.GUEST:
        return _("Sie sind Gast %(inside)s.") % {"inside": inside}
    part = {Role.CHAIR: _("Vorsitz"), Role.DEPUTY_CHAIR: _("stellvertretender Vorsitz")}.get(Role(attendance.role))
    if part is not None:
        return _("Sie haben den Vorsitz %(inside)s.") % {"inside": inside} + " " + _ALWAYS
    names = {"inside": inside, "organisation": attendance.organisation.name}
    return _("Sie sind Mitglied %(inside)s (%(organisation)s).") % names + " " + _ALWAYS


_ALWAYS = "Einladungen, Änderungen und Absagen schicken wir immer."


def _about(meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "body": meeting.alliance,
        "day": local_date(meeting.start),
        "facts": facts(meeting.start, meeting.end, meeting),
        "agenda_on": _agenda_on(meeting),
    }


def _agenda_on(meeting: Meeting) -> dt.date | None:
    """When the agenda comes, where it is still to come."""
    if meeting.state == MeetingState.INVITED or meeting.agenda_sent_at is not None:
        return None
    try:
        return schedule.schedule(meeting)[DeadlineKind.INVITATION]
    except schedule.OrderLost:
        return None


def _answer_until(meeting: Meeting, at: dt.datetime) -> dt.date | None:
    """The wish in the letter; where that day is over the day before the meeting; nothing where only today is left."""
    days = (answers.answer_until(meeting), local_date(meeting.start) - dt.timedelta(days=1))
    return next((day for day in days if day > local_date(at)), None)


def _load(meeting_id: int | None) -> Meeting | None:
    return Meeting.objects.select_related("alliance", "venue").filter(pk=meeting_id or 0).first()


def _rows(meeting: Meeting, message: OutboxMessage) -> dict[int, Attendance]:
    people = batch.people(meeting_id=meeting.pk) or {message.person_id: message.person}
    rows = Attendance.objects.filter(meeting=meeting, person__in=list(people))
    related = rows.select_related("stands_in_for__person", "deputy__person")
    return {row.person_id: row for row in related.prefetch_related("organisation")}
