"""Dates of meetings: noted, fixed, edited, moved, cancelled. Moved is a Change, not a state."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.domain.records import RecordRefused
from buendnisse.enums import Via
from buendnisse.models import Alliance, Person, Venue
from meetings.domain import answers, bodies, conflicts, own_words, standing
from meetings.domain.moves import MoveRefused, move
from meetings.domain.schedule import schedule
from meetings.enums import Answer, ConflictWeight, DeadlineKind, Happened, MeetingMode, MeetingState
from meetings.models import Attendance, Meeting

#: States in which the date can still be changed: nobody sits at the table yet.
MOVABLE = frozenset(
    {
        MeetingState.PLANNED,
        MeetingState.CONFIRMED,
        MeetingState.CALL_OPEN,
        MeetingState.AGENDA_CLOSED,
        MeetingState.INVITED,
    }
)
_FACTS_IN_CALENDARS = frozenset({"title", "mode", "video_link"})


class PlanRefused(Exception):
    """The date cannot be kept like this; `str()` is a German sentence, `field` the field of a form it belongs to."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class StaleVersion(Exception):
    """Somebody else changed the meeting first. `current` is what holds now."""

    def __init__(self, current: Meeting) -> None:
        super().__init__(_("Inzwischen hat jemand anderes diese Sitzung geändert. Bitte vergleichen Sie."))
        self.current = current


class NeedsReason(PlanRefused):
    """Something hard speaks against the date, and no reason was given for taking it all the same."""


def quarter_title(alliance: Alliance, quarter: str) -> str:
    """Arbeitsbündnis Bildung – 4. Quartal 2026"""
    year, _dash, number = quarter.partition("-Q")
    return f"{alliance.name} – {number}. Quartal {year}"


def plan(
    alliance: Alliance,
    *,
    quarter: str,
    start: dt.datetime,
    end: dt.datetime,
    mode: str,
    venue: Venue | None,
    video_link: str = "",
    note_for_members: str = "",
    chair: Person | None = None,
    conflict_reason: str = "",
    form_key: uuid.UUID,
    by: Person | None,
    at: dt.datetime,
    via: str = Via.WEB,
) -> Meeting:
    """Note a date in a quarter. The same `form_key` again gives the same meeting (a finger that tapped twice).

    Raises PlanRefused, or NeedsReason where something hard speaks against the day and no reason was given.
    """
    if made := Meeting.objects.filter(form_key=form_key).first():
        return made
    _check(start, end, mode, venue, at)
    require_alliance(alliance, start)
    hard = _check_conflicts(alliance, start, end, venue, conflict_reason, at=at)
    try:
        return note(
            alliance,
            quarter=quarter,
            start=start,
            end=end,
            mode=mode,
            venue=venue,
            by=by,
            at=at,
            via=via,
            reason=hard,
            video_link=video_link,
            note=note_for_members,
            chair=chair,
            conflict_reason=conflict_reason,
            form_key=form_key,
        )
    except IntegrityError as error:
        if made := Meeting.objects.filter(form_key=form_key).first():
            return made
        raise PlanRefused(_taken(alliance, quarter), field="date") from error


def note(
    alliance: Alliance,
    *,
    quarter: str,
    start: dt.datetime,
    end: dt.datetime,
    mode: str,
    venue: Venue | None,
    by: Person | None,
    at: dt.datetime,
    via: str = Via.WEB,
    reason: str = "",
    **facts: Any,
) -> Meeting:
    """Store a date that nobody hears of and nothing was checked for: a draft. Raises IntegrityError where one stands."""
    with transaction.atomic():
        meeting = Meeting.objects.create(
            slug=_free_slug(alliance, quarter),
            alliance=alliance,
            quarter=quarter,
            title=quarter_title(alliance, quarter),
            start=start,
            end=end,
            mode=mode,
            venue=venue if mode != MeetingMode.ONLINE else None,
            created_at=at,
            changed_at=at,
            **facts,
        )
        journal.record(Happened.MEETING_PLANNED, meeting, at=at, by=by, via=via, body=alliance, reason=reason)
    return meeting


def confirm(
    meeting: Meeting, *, by: Person | None, at: dt.datetime, via: str = Via.WEB, year: int | None = None
) -> None:
    """The date stands: everybody who is asked gets a row and is invited. Raises PlanRefused.

    With `year` it stands together with the other dates of that year: people are told once for all of them, and the
    invitation follows with the agenda.
    """
    if meeting.start <= at:
        raise PlanRefused(_("Dieser Termin ist schon vorbei."))
    with transaction.atomic():
        _move(meeting, MeetingState.CONFIRMED, changed_at=at, deadline_overrides=_told_today(meeting, at))
        answers.call_roll(meeting)
        data = {} if year is None else {"plan": year}
        journal.record(Happened.MEETING_CONFIRMED, meeting, at=at, by=by, via=via, body=meeting.alliance, data=data)


def _told_today(meeting: Meeting, at: dt.datetime) -> dict[str, str]:
    """A date fixed after the day on which it should have been told is told today; the schedule says what was."""
    told = DeadlineKind.SAVE_THE_DATE
    if told in meeting.deadline_overrides or schedule(meeting)[told] >= local_date(at):
        return dict(meeting.deadline_overrides)
    return {**meeting.deadline_overrides, str(told): local_date(at).isoformat()}


def edit(
    meeting: Meeting, *, version: int, by: Person | None, at: dt.datetime, via: str = Via.WEB, **facts: Any
) -> bool:
    """Change title, mode, video_link, note or chair; False where all is as it was. Raises StaleVersion, PlanRefused.

    Day, hour and place change by `move_date`, since they ask everybody again.
    """
    changed = {name: value for name, value in facts.items() if getattr(meeting, name) != value}
    if meeting.state not in MOVABLE:
        raise PlanRefused(_("Die Sitzung hat begonnen oder fällt aus. Ihre Angaben stehen fest."))
    if changed.get("mode", MeetingMode.ONLINE) != MeetingMode.ONLINE and meeting.venue_id is None:
        raise PlanRefused(_("Für eine Sitzung vor Ort fehlt der Ort. Bitte verlegen Sie sie dorthin."), field="mode")
    if not changed:
        return False
    was_online, had_online = meeting.mode == MeetingMode.ONLINE, meeting.has_online
    with transaction.atomic():
        _write(meeting, version, changed_at=at, **changed)
        if (meeting.mode == MeetingMode.ONLINE) != was_online:
            _ask_again(meeting, set(Answer.values) - {Answer.PENDING})
        elif had_online and not meeting.has_online:
            _ask_again(meeting, {Answer.ACCEPTED_ONLINE})
        told = bool(_FACTS_IN_CALENDARS & changed.keys())
        data = {"fields": sorted(changed), "told": told, "state": meeting.state}
        journal.record(Happened.MEETING_EDITED, meeting, at=at, by=by, via=via, body=meeting.alliance, data=data)
    return True


def move_date(
    meeting: Meeting,
    *,
    start: dt.datetime,
    end: dt.datetime,
    venue: Venue | None,
    version: int,
    by: Person | None,
    at: dt.datetime,
    reason: str = "",
    conflict_reason: str = "",
    introduction: str = "",
    via: str = Via.WEB,
) -> bool:
    """Another day, hour or place; the state stays, answers become answers to the earlier date. False if all is as it was.

    Who had named a deputy is asked again as well, since the new day may suit: the deputy is taken back.
    Raises StaleVersion, PlanRefused, NeedsReason.
    """
    if meeting.state not in MOVABLE:
        raise PlanRefused(_("Diese Sitzung kann nicht mehr verlegt werden."))
    if (start, end, venue and venue.pk) == (meeting.start, meeting.end, meeting.venue_id):
        return False
    _check(start, end, meeting.mode, venue, at)
    require_alliance(meeting.alliance, start)
    hard = _check_conflicts(meeting.alliance, start, end, venue, conflict_reason, at=at, meeting=meeting)
    old = {
        "start": meeting.start.isoformat(),
        "end": meeting.end.isoformat(),
        "venue": meeting.venue_id,
        "state": meeting.state,
    }
    with transaction.atomic():
        _write(
            meeting,
            version,
            start=start,
            end=end,
            venue=venue if meeting.mode != MeetingMode.ONLINE else None,
            move_reason=reason,
            conflict_reason=conflict_reason,
            changed_at=at,
        )
        _ask_again(meeting, set(Answer.values) - {Answer.PENDING})
        answers.take_deputies_back(meeting, via=via, by=by, at=at)
        standing.name_minutes(meeting.alliance_id)
        data = old | own_words.along(introduction, meeting)
        journal.record(
            Happened.MEETING_MOVED, meeting, at=at, by=by, via=via, body=meeting.alliance, reason=hard, data=data
        )
    return True


def cancel(
    meeting: Meeting,
    *,
    reason: str,
    by: Person | None,
    at: dt.datetime,
    via: str = Via.WEB,
    introduction: str = "",
) -> None:
    """The meeting does not take place; the reason stands in the mail, and so do own words. Raises PlanRefused."""
    if not reason.strip():
        raise PlanRefused(_("Bitte nennen Sie den Grund. Er steht in der Mail an alle."), field="reason")
    with transaction.atomic():
        before = meeting.state
        _move(meeting, MeetingState.CANCELLED, cancel_reason=reason.strip(), changed_at=at, version=F("version") + 1)
        meeting.refresh_from_db(fields=["version"])
        standing.name_minutes(meeting.alliance_id)
        data = {"state": before, **own_words.along(introduction, meeting)}
        journal.record(Happened.MEETING_CANCELLED, meeting, at=at, by=by, via=via, body=meeting.alliance, data=data)


def _write(meeting: Meeting, version: int, **fields: Any) -> None:
    """Set fields if nobody wrote since `version` was read."""
    rows = Meeting.objects.filter(pk=meeting.pk, version=version, state=meeting.state)
    if rows.update(version=F("version") + 1, **fields) != 1:
        raise StaleVersion(Meeting.objects.select_related("alliance", "venue", "chair").get(pk=meeting.pk))
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.version = version + 1


def _ask_again(meeting: Meeting, answered: set[str]) -> None:
    """What was said before was said about another date or place; it is kept and shown as such."""
    rows = Attendance.objects.filter(meeting=meeting, answer__in=answered)
    rows.update(answer_is_for_earlier_date=True, version=F("version") + 1)


def _move(meeting: Meeting, to: str, **fields: Any) -> None:
    try:
        move(meeting, to=to, **fields)
    except MoveRefused as refused:
        raise PlanRefused(str(refused)) from refused


def require_future(start: dt.datetime, *, at: dt.datetime) -> None:
    """Nobody can be invited to what has begun. Raises PlanRefused."""
    if start <= at:
        raise PlanRefused(_("Der %s liegt in der Vergangenheit.") % german.day(start), field="date")


def require_alliance(alliance: Alliance, start: dt.datetime) -> None:
    """A body that has ended by then, or has not begun, plans nothing. Raises PlanRefused."""
    try:
        bodies.require_exists(alliance, local_date(start))
    except RecordRefused as refused:
        raise PlanRefused(str(refused), field="date") from refused


def _check(start: dt.datetime, end: dt.datetime, mode: str, venue: Venue | None, at: dt.datetime) -> None:
    if end <= start:
        raise PlanRefused(_("Das Ende liegt nicht nach dem Beginn."), field="end")
    require_future(start, at=at)
    if mode != MeetingMode.ONLINE and venue is None:
        raise PlanRefused(_("Bitte wählen Sie einen Ort."), field="venue")


def _check_conflicts(
    alliance: Alliance,
    start: dt.datetime,
    end: dt.datetime,
    venue: Venue | None,
    reason: str,
    *,
    at: dt.datetime,
    meeting: Meeting | None = None,
) -> str:
    """The codes of what is hard, for the journal. Raises NeedsReason."""
    found = conflicts.conflicts(alliance, start, end, venue, at=at, meeting=meeting)
    hard = [conflict for conflict in found if conflict.weight == ConflictWeight.HARD]
    if hard and not reason.strip():
        sentence = _("%(text)s Bitte schreiben Sie dazu, warum es trotzdem dieser Tag sein soll.")
        raise NeedsReason(sentence % {"text": hard[0].text}, field="conflict_reason")
    return ",".join(sorted({conflict.kind for conflict in hard}))[:40]


def why_taken(alliance: Alliance, quarter: str, *, besides: str = "") -> str:
    """Why an alliance has no room for another date in a quarter; empty where it has. `besides`: the form's own meeting."""
    rows = Meeting.objects.filter(alliance=alliance, quarter=quarter).exclude(state=MeetingState.CANCELLED)
    there = rows.first()
    return _taken(alliance, quarter) if there is not None and str(there.form_key) != besides else ""


def _taken(alliance: Alliance, quarter: str) -> str:
    other = Meeting.objects.filter(alliance=alliance, quarter=quarter).exclude(state=MeetingState.CANCELLED).first()
    number = quarter.partition("-Q")[2]
    if other is None:
        return _("Dieser Termin konnte nicht gespeichert werden. Bitte versuchen Sie es noch einmal.")
    return _("Im %(number)s. Quartal hat %(body)s schon einen Termin: %(day)s. Bitte verlegen Sie diesen.") % {
        "number": number,
        "body": alliance.word,
        "day": german.day(local_date(other.start)),
    }


def _free_slug(alliance: Alliance, quarter: str) -> str:
    """2026-q4-arbeit, with a number behind where a cancelled meeting has it."""
    base = f"{quarter.lower()}-{alliance.slug}"
    taken = set(Meeting.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
