"""Sending the agenda: the invitation leaves, the agenda is fixed, later ones are a "geänderte Fassung"."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Role, Via
from buendnisse.models import Change, Membership, Person
from meetings.domain import agenda_content, agenda_release, answers, standing, standing_told
from meetings.domain.moves import MoveRefused, move
from meetings.enums import AgendaItemState, Happened, MeetingState
from meetings.models import AgendaItem, AgendaVersion, Attendance, Meeting

_READERS = frozenset({Role.CHAIR, Role.DEPUTY_CHAIR, Role.MEMBER, Role.DEPUTY, Role.MINUTE_TAKER})


class SendingRefused(Exception):
    """The agenda cannot leave. `str()` is a German sentence."""


class ReasonWanted(SendingRefused):
    """It may leave all the same, with a reason that is recorded."""


class ReleaseMissing(ReasonWanted):
    """The chair has not released this wording."""


class WordingChanged(SendingRefused):
    """The agenda is not the one the sender looked at."""


class NoticeTooShort(ReasonWanted):
    """Fewer days than the alliance's rule wants (`minimum_notice_days`); the reason stands in the invitation."""


def send_agenda(
    meeting: Meeting,
    *,
    by: Person,
    at: dt.datetime,
    introduction: str = "",
    urgency: str = "",
    without_release: str = "",
    seen: str | None = None,
) -> int:
    """Invite with the agenda as it stands; the number of this version, from 1.

    The first time the meeting becomes `invited`. Again, it is a changed version; time and place are untouched,
    so calendars stay quiet. Accepted topics and standing ones are `scheduled` from now on. `introduction` stands
    above the mail, `urgency` says why the notice is short, `without_release` why the chair was not waited for.
    `seen`: the `mark` the sender looked at; None asks nothing. The same once more is the version that left already.
    Raises SendingRefused.
    """
    if meeting.start <= at:
        raise SendingRefused(_("Die Sitzung hat schon begonnen. Eine Einladung kommt zu spät."))
    with transaction.atomic():
        stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
        meeting.state, meeting.agenda_sent_at = stored.state, stored.agenda_sent_at  # the clock may have moved it on
        standing.ensure_standing_items(meeting)
        answers.call_roll(meeting)  # who joined since the date was told is invited too
        items = list(AgendaItem.objects.filter(meeting=meeting, position__gt=0).on_agenda())
        version = versions_sent(meeting) + 1
        if seen is not None and seen != mark(version, agenda_content.content(meeting)):
            return _sent_already(meeting, seen, introduction, number=version - 1)
        if all(item.standing_code for item in items):
            raise SendingRefused(_("Auf der Tagesordnung steht noch kein Thema. Bitte nehmen Sie zuerst eines auf."))
        if agenda_release.standing_of(meeting).is_needed and not without_release.strip():
            raise ReleaseMissing(
                _("Der Vorsitz hat diese Tagesordnung nicht freigegeben. Ohne Freigabe braucht es eine Begründung.")
            )
        short = is_short(meeting, at=at)
        if short and not urgency.strip():
            raise NoticeTooShort(short_notice(meeting, at=at))
        for item in items:
            if item.state in {AgendaItemState.ACCEPTED, AgendaItemState.PLANNED}:
                move(item, to=AgendaItemState.SCHEDULED)
        if meeting.state == MeetingState.INVITED:
            Meeting.objects.filter(pk=meeting.pk).update(agenda_sent_at=at, changed_at=at)
            meeting.agenda_sent_at = at
        else:
            try:
                move(meeting, to=MeetingState.INVITED, agenda_sent_at=at, changed_at=at)
            except MoveRefused as refused:
                raise SendingRefused(str(refused)) from refused
        standing_told.keep(meeting, at=at)
        AgendaVersion.objects.create(
            meeting=meeting,
            number=version,
            sent_at=at,
            content=agenda_content.content(meeting),
            introduction=introduction.strip(),
            urgency=urgency.strip() if short else "",
            without_release=without_release.strip(),
        )
        journal.record(
            Happened.MEETING_INVITED,
            meeting,
            at=at,
            by=by,
            via=Via.WEB,
            body=meeting.alliance,
            reason="without_release" if without_release.strip() else "",
            data={"version": version},
        )
    return version


def mark(version: int, content: agenda_content.AgendaContent) -> str:
    """Which version of which wording: what a sender looks at, and what is sent."""
    return f"{version}-{agenda_content.fingerprint(content)}"


def _sent_already(meeting: Meeting, seen: str, introduction: str, *, number: int) -> int:
    """The number of the last version, where it is what the sender saw and wrote. Raises WordingChanged."""
    last = AgendaVersion.objects.filter(meeting=meeting, number=number, introduction=introduction.strip()).first()
    if last is None or seen != mark(number, agenda_content.as_content(last.content)):
        raise WordingChanged(
            _("Die Tagesordnung wurde inzwischen geändert oder verschickt. Bitte sehen Sie sie noch einmal an.")
        )
    return number


def is_short(meeting: Meeting, *, at: dt.datetime) -> bool:
    """Whether a first invitation would come with less notice than the alliance's rule wants."""
    return meeting.agenda_sent_at is None and _notice(meeting, at) < meeting.alliance.minimum_notice_days


def short_notice(meeting: Meeting, *, at: dt.datetime) -> str:
    """Why a reason is wanted, in two sentences."""
    text = _(
        "Bis zur Sitzung sind es nur noch %(left)s, üblich sind mindestens %(wanted)s. Bitte nennen Sie den Grund."
    )
    left, wanted = _notice(meeting, at), meeting.alliance.minimum_notice_days
    return text % {
        "left": german.count(left, "Tag", "Tage"),
        "wanted": german.count(wanted, "Tag", "Tage"),
    }


def _notice(meeting: Meeting, at: dt.datetime) -> int:
    """Days between today and the meeting."""
    return (local_date(meeting.start) - local_date(at)).days


def versions_sent(meeting: Meeting) -> int:
    """How often the agenda has left; imported meetings count the one they came with."""
    told = Change.objects.of(meeting).filter(verb=Happened.MEETING_INVITED).count()
    return told or (1 if meeting.agenda_sent_at else 0)


def readers(meeting: Meeting, *, at: dt.datetime) -> list[Person]:
    """`reading`, loaded."""
    return list(reading(meeting, at=at))


def reading(meeting: Meeting, *, at: dt.datetime) -> QuerySet[Person]:
    """Who gets the agenda: members, chairs and standing deputies, and who is invited to this meeting (guests).

    Each once, in the order of their names.
    """
    day = local_date(at)
    members = Membership.objects.filter(body_id=meeting.alliance_id, role__in=_READERS).active_on(day)
    asked = Attendance.objects.filter(meeting=meeting, is_asked=True)
    found: QuerySet[Person] = (
        Person.objects.filter(Q(pk__in=members.values("person_id")) | Q(pk__in=asked.values("person_id")))
        .select_related("organisation")
        .order_by("last_name", "first_name", "pk")
    )
    return found
