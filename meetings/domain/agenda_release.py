"""The chair's release of an agenda: asked for, given by link or by telephone, and void as soon as the wording changes.

The Fachstelle may send without it, with a reason (agenda_sending). Papers may follow without another release.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Person
from buendnisse.models.sight import Sight
from meetings.domain import agenda_changes, agenda_content, chair, standing
from meetings.domain.agenda_changes import Changes
from meetings.domain.agenda_rules import OPEN_MEETINGS
from meetings.domain.chair import chairs_of
from meetings.domain.moves import MoveRefused, move
from meetings.enums import Happened, MeetingState, ReleaseState
from meetings.models import AgendaItem, AgendaRelease, Meeting

#: The Fachstelle's sight, for what it is told.
_ALL = Sight(everything=True, all_bodies=True)
_NOTHING = Changes()


class ReleaseRefused(Exception):
    """The release cannot be asked for, given or taken back. `str()` is a German sentence."""


class ChangedMeanwhile(ReleaseRefused):
    """The agenda is not the one the chair looked at."""


@dataclass(frozen=True)
class Standing:
    """How the agenda stands with the chair. `changes`: what is new since it was released."""

    state: ReleaseState
    row: AgendaRelease | None
    chairs: list[Person]
    is_void: bool = False
    changes: Changes = _NOTHING

    @property
    def holds(self) -> bool:
        """Released, and still the same words."""
        return self.state == ReleaseState.RELEASED and not self.is_void

    @property
    def is_needed(self) -> bool:
        """Without a chair there is nobody to wait for."""
        return bool(self.chairs) and not self.holds

    @property
    def by_mail(self) -> list[Person]:
        """Chairs we may write to."""
        return [person for person in self.chairs if person.gets_mail]

    @property
    def who(self) -> str:
        """Who released it: a person of ours, or a name that was noted on the telephone."""
        if self.row is None:
            return ""
        return self.row.decided_name or (self.row.decided_by.full_name if self.row.decided_by else "")


def standing_of(meeting: Meeting) -> Standing:
    """How the agenda of this meeting stands with its chair, now."""
    row = AgendaRelease.objects.select_related("decided_by").filter(meeting=meeting).first()
    chairs = chairs_of(meeting)
    if row is None:
        return Standing(ReleaseState.OPEN, None, chairs)
    state = ReleaseState(row.state)
    if state != ReleaseState.RELEASED:
        return Standing(state, row, chairs)
    now, then = agenda_content.content(meeting), agenda_content.as_content(row.content)
    is_void = agenda_content.fingerprint(now) != agenda_content.fingerprint(then)
    changes = agenda_changes.compare(then, now, sight=_ALL) if is_void else Changes()
    return Standing(state, row, chairs, is_void, changes)


def in_words(meetings: Iterable[Meeting]) -> dict[int, str]:
    """How each agenda stands with its chair, in a sentence for the desk. Six queries whatever their number."""
    wanted = list(meetings)
    rows = {row.meeting_id: row for row in AgendaRelease.objects.filter(meeting__in=wanted)}
    released = [key for key, row in rows.items() if row.state == ReleaseState.RELEASED]
    now = agenda_content.contents(released) if released else {}
    led = chair.led(wanted)
    return {one.pk: _in_words(rows.get(one.pk), now.get(one.pk), has_chair=one.pk in led) for one in wanted}


def _in_words(row: AgendaRelease | None, now: agenda_content.AgendaContent | None, *, has_chair: bool) -> str:
    state = row.state if row else ReleaseState.OPEN
    match state:
        case ReleaseState.ASKED if row and row.asked_at:
            return _("Liegt seit %s beim Vorsitz zur Freigabe.") % german.day_and_month(row.asked_at)
        case ReleaseState.RETURNED if row:
            return _("Vom Vorsitz zurück: „%s“") % row.remark
        case ReleaseState.RELEASED if row and now:
            same = agenda_content.fingerprint(now) == agenda_content.fingerprint(_of(row))
            return _("Der Vorsitz hat sie freigegeben.") if same else _("Seit der Freigabe durch den Vorsitz geändert.")
    return _("Noch nicht vom Vorsitz freigegeben.") if has_chair else ""


def ask(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """Hand the agenda to the chair, who gets a link. Raises ReleaseRefused."""
    with transaction.atomic():
        row = _locked(meeting)
        standing.ensure_standing_items(meeting)
        _require_topic(meeting)
        found = standing_of(meeting)
        if found.holds:
            raise ReleaseRefused(_("Der Vorsitz hat diese Tagesordnung schon freigegeben."))
        if not found.by_mail:
            raise ReleaseRefused(
                _("Es gibt keinen Vorsitz mit E-Mail-Adresse. Bitte rufen Sie an und halten Sie die Freigabe fest.")
            )
        _move(row, ReleaseState.ASKED, asked_at=at, decided_at=None, decided_by=None, decided_name="", remark="")
        _record(Happened.AGENDA_SUBMITTED, meeting, by=by, at=at, via=via)


def take_request_back(meeting: Meeting, *, by: Person, at: dt.datetime) -> None:
    """The chair need not answer; a mail that still waits does not leave. Raises ReleaseRefused."""
    with transaction.atomic():
        row = _locked(meeting)
        if row.state != ReleaseState.ASKED:
            raise ReleaseRefused(_("Die Tagesordnung liegt gerade nicht beim Vorsitz."))
        _move(row, ReleaseState.OPEN, asked_at=None)
        _record(Happened.AGENDA_ASK_WITHDRAWN, meeting, by=by, at=at, via=Via.WEB)


def release(meeting: Meeting, *, by: Person, at: dt.datetime, seen: str | None = None, via: str = Via.LINK) -> None:
    """The chair agrees with what they saw (`seen`: its fingerprint; None asks nothing). Twice is once. Raises ReleaseRefused."""
    with transaction.atomic():
        row = _locked(meeting)
        _require_chair(meeting, by)
        now = agenda_content.content(meeting)
        found = agenda_content.fingerprint(now)
        if row.state == ReleaseState.RELEASED and agenda_content.fingerprint(_of(row)) == found:
            return
        if row.state != ReleaseState.ASKED:
            raise ReleaseRefused(_("Die Tagesordnung liegt gerade nicht zur Freigabe vor."))
        if seen is not None and seen != found:
            raise ChangedMeanwhile(
                _("Die Tagesordnung wurde inzwischen geändert. Hier ist sie neu. Bitte sehen Sie sie noch einmal an.")
            )
        _move(row, ReleaseState.RELEASED, decided_at=at, decided_by=by, decided_name="", remark="", content=now)
        _record(Happened.AGENDA_RELEASED, meeting, by=by, at=at, via=via)


def give_back(meeting: Meeting, *, remark: str, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """The chair wants something changed first. Raises ReleaseRefused."""
    if not remark.strip():
        raise ReleaseRefused(_("Bitte schreiben Sie kurz, was geändert werden soll."))
    with transaction.atomic():
        row = _locked(meeting)
        _require_chair(meeting, by)
        if row.state != ReleaseState.ASKED:
            raise ReleaseRefused(_("Die Tagesordnung liegt gerade nicht zur Freigabe vor."))
        _move(row, ReleaseState.RETURNED, decided_at=at, decided_by=by, remark=remark.strip())
        _record(Happened.AGENDA_RETURNED, meeting, by=by, at=at, via=via)


def note_call(meeting: Meeting, *, name: str, said_at: dt.datetime, by: Person, at: dt.datetime) -> None:
    """The Fachstelle writes down who released it on the telephone, and when. Raises ReleaseRefused."""
    if not name.strip():
        raise ReleaseRefused(_("Bitte schreiben Sie, wer freigegeben hat."))
    if said_at > at:
        raise ReleaseRefused(_("Der Anruf liegt in der Zukunft. Bitte prüfen Sie Tag und Uhrzeit."))
    with transaction.atomic():
        row = _locked(meeting)
        standing.ensure_standing_items(meeting)
        _require_topic(meeting)
        if row.state == ReleaseState.RELEASED:  # of an earlier wording, or the same again
            _move(row, ReleaseState.OPEN)
        now = agenda_content.content(meeting)
        said = {"decided_at": said_at, "decided_by": None, "decided_name": name.strip(), "remark": "", "content": now}
        _move(row, ReleaseState.RELEASED, **said)
        _record(Happened.AGENDA_RELEASED, meeting, by=by, at=at, via=Via.PHONE)


def take_release_back(meeting: Meeting, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """As if it had not been given, while the invitation has not left. Raises ReleaseRefused."""
    with transaction.atomic():
        row = _locked(meeting)
        sent_at = Meeting.objects.values_list("agenda_sent_at", flat=True).get(pk=meeting.pk)
        if via == Via.LINK:
            _require_chair(meeting, by)
        if row.state != ReleaseState.RELEASED:
            raise ReleaseRefused(_("Die Tagesordnung ist nicht freigegeben."))
        if sent_at is not None and row.decided_at and sent_at >= row.decided_at:
            raise ReleaseRefused(_("Die Einladung ist schon verschickt. Rufen Sie uns bitte an."))
        state = ReleaseState.ASKED if row.asked_at and not row.decided_name else ReleaseState.OPEN
        _move(row, state, decided_at=None, decided_by=None, decided_name="", content={})
        _record(Happened.AGENDA_RELEASE_WITHDRAWN, meeting, by=by, at=at, via=via)


def _locked(meeting: Meeting) -> AgendaRelease:
    stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if stored.state not in OPEN_MEETINGS or stored.state == MeetingState.PLANNED:
        raise ReleaseRefused(_("Diese Sitzung hat keine offene Tagesordnung."))
    return AgendaRelease.objects.get_or_create(meeting=meeting)[0]


def _require_topic(meeting: Meeting) -> None:
    if not AgendaItem.objects.filter(meeting=meeting, position__gt=0, standing_code="").on_agenda().exists():
        raise ReleaseRefused(_("Auf der Tagesordnung steht noch kein Thema. Bitte nehmen Sie zuerst eines auf."))


def _require_chair(meeting: Meeting, person: Person) -> None:
    if person.pk not in {one.pk for one in chairs_of(meeting)}:
        raise ReleaseRefused(_("Diese Tagesordnung gibt der Vorsitz frei. Bei Fragen rufen Sie uns bitte an."))


def _of(row: AgendaRelease) -> agenda_content.AgendaContent:
    return agenda_content.as_content(row.content or {"items": []})


def _move(row: AgendaRelease, to: ReleaseState, **fields: object) -> None:
    if row.state == to:
        raise ReleaseRefused(_("Die Tagesordnung liegt schon beim Vorsitz."))
    try:
        move(row, to=to, **fields)
    except MoveRefused as refused:
        raise ReleaseRefused(str(refused)) from refused


def _record(verb: Happened, meeting: Meeting, *, by: Person, at: dt.datetime, via: str) -> None:
    journal.record(verb, meeting, at=at, by=by, via=via, body=meeting.alliance)
