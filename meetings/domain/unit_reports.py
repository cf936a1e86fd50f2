"""Short written reports of the units, one a meeting, under the standing item "Berichte aus den Einheiten".

A unit is asked with the call for topics and reminded once, with the reminder of the call. In time is a report by
the last working day before the agenda leaves: then it stands in it. Until papers may be handed in no longer
(three days before the meeting) it comes as a Nachtrag. "Diesmal nichts zu berichten" is an answer: a row without
text. The Fachstelle enters what a unit said on the telephone until the minutes are circulated.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.clock import end_of, local_date
from buendnisse.domain import journal
from buendnisse.enums import Role, Via
from buendnisse.models import Body, Membership, Organisation, Person, StandingItem
from meetings.domain import calendar_days, standing
from meetings.domain.agenda_rules import OPEN_MEETINGS, Window
from meetings.domain.open_minutes import MinutesFrozen, require_open
from meetings.domain.schedule import OrderLost
from meetings.domain.schedule import schedule as schedule_of
from meetings.domain.versions import Stale
from meetings.enums import DeadlineKind, Happened, MeetingState, StandingCode
from meetings.models import AgendaItem, Meeting, UnitReport

#: Two or three short paragraphs; longer things are papers.
LONGEST = 1500
#: Who of a unit is asked: the first of these that it has in the alliance.
_ASKED = (Role.CHAIR, Role.DEPUTY_CHAIR, Role.MEMBER, Role.DEPUTY, Role.GUEST)
_ONE_DAY = dt.timedelta(days=1)
_BEGUN = (MeetingState.IN_SESSION, MeetingState.HELD)


class ReportRefused(Exception):
    """The report cannot be written. `str()` is a German sentence."""


@dataclass(frozen=True)
class UnitRow:
    """One unit for one meeting: whom to ask, and what came."""

    unit: Organisation
    contact: Person
    report: UnitReport | None

    @property
    def is_missing(self) -> bool:
        return self.report is None


def is_asked(meeting: Meeting) -> bool:
    """Whether this alliance hears reports of units at all."""
    rows = StandingItem.objects.in_force().filter(alliance_id=meeting.alliance_id, code=StandingCode.UNITS)
    return rows.exists() or _item(meeting) is not None


def rows(meeting: Meeting, *, at: dt.datetime) -> list[UnitRow]:
    """The units that exist on the day of the meeting and sit in its alliance now, by name."""
    day = local_date(meeting.start)
    units = Body.objects.valid_on(day).filter(unit__isnull=False).values("unit__organisation")
    found: dict[int, Membership] = {}
    members = (
        Membership.objects.filter(body_id=meeting.alliance_id, organisation_id__in=units, role__in=_ASKED)
        .active_on(local_date(at))
        .select_related("organisation", "person__organisation")
        .order_by("pk")
    )
    for member in sorted(members, key=lambda member: _ASKED.index(Role(member.role))):
        found.setdefault(member.organisation_id, member)
    reports = {
        report.unit_id: report
        for report in UnitReport.objects.filter(
            agenda_item__meeting=meeting, agenda_item__standing_code=StandingCode.UNITS
        ).select_related("author")
    }
    listed = [UnitRow(one.organisation, one.person, reports.get(one.organisation_id)) for one in found.values()]
    return sorted(listed, key=lambda row: (row.unit.short_name, row.unit.pk))


def waiting_for(meeting: Meeting, *, at: dt.datetime) -> list[UnitRow]:
    """Units that have not answered, while an answer is still possible."""
    if window(meeting, at=at).is_over or not is_asked(meeting):
        return []
    return [row for row in rows(meeting, at=at) if row.is_missing]


def units_of(person: Person, meeting: Meeting, *, at: dt.datetime) -> list[UnitRow]:
    """The units this person may write for: they belong to it in this alliance, whoever was asked."""
    own = Membership.objects.filter(person=person, body_id=meeting.alliance_id).active_on(local_date(at))
    organisations = set(own.values_list("organisation_id", flat=True))
    return [row for row in rows(meeting, at=at) if row.unit.pk in organisations]


def window(meeting: Meeting, *, at: dt.datetime) -> Window:
    """Derived from the schedule. Where the rules leave no order, everything is in time until the meeting."""
    try:
        dates = schedule_of(meeting)
    except OrderLost:
        day = local_date(meeting.start)
        return Window(day, day, is_late=False, is_over=at >= meeting.start or meeting.state not in OPEN_MEETINGS)
    due, late = dates[DeadlineKind.INVITATION] - _ONE_DAY, dates[DeadlineKind.LATE_PAPERS]
    while not calendar_days.is_working_day(due):
        due -= _ONE_DAY
    return Window(
        in_time_until=due,
        late_until=late,
        is_late=meeting.agenda_sent_at is not None or at >= end_of(due),
        is_over=at >= end_of(late) or meeting.state not in OPEN_MEETINGS,
    )


def last_time(unit: Organisation, meeting: Meeting) -> UnitReport | None:
    """What the unit wrote for the last meeting of this alliance that it wrote something for."""
    earlier = UnitReport.objects.filter(
        unit=unit, agenda_item__alliance_id=meeting.alliance_id, agenda_item__meeting__start__lt=meeting.start
    )
    return (
        earlier.exclude(text="").select_related("agenda_item__meeting").order_by("-agenda_item__meeting__start").first()
    )


def write(
    meeting: Meeting, unit: Organisation, *, text: str, version: int, by: Person, at: dt.datetime, via: str = Via.LINK
) -> UnitReport:
    """Store what a unit reports; an empty text says that there is nothing this time.

    `version` is the one the writer has read, 0 where there was none. The same words again change nothing.
    Raises ReportRefused, and Stale with the report that is stored now.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise ReportRefused(_("Das ist zu lang. Bitte kürzen Sie auf %s Zeichen.") % LONGEST)
    with transaction.atomic():
        item = _writable(meeting, at=at, via=via)
        stored = UnitReport.objects.filter(agenda_item=item, unit=unit).first()
        if stored is not None and stored.text == text and stored.written_at is not None:
            return stored
        if version != (stored.version if stored else 0):
            raise Stale(stored)
        fields = {"text": text, "author": by, "written_at": at, "via": via, "version": version + 1}
        report, _made = UnitReport.objects.update_or_create(agenda_item=item, unit=unit, defaults=fields)
        journal.record(
            Happened.UNIT_REPORT_WRITTEN,
            report,
            at=at,
            by=by,
            via=via,
            body=meeting.alliance,
            data={"meeting": meeting.pk, "unit": unit.pk},
        )
    return report


def _writable(meeting: Meeting, *, at: dt.datetime, via: str) -> AgendaItem:
    """The standing item, locked. Raises ReportRefused."""
    if meeting.state == MeetingState.CANCELLED:
        raise ReportRefused(_("Diese Sitzung fällt aus."))
    is_over = window(meeting, at=at).is_over
    if is_over and not (via == Via.PHONE and (meeting.state in OPEN_MEETINGS or meeting.state in _BEGUN)):
        raise ReportRefused(
            _("Für diese Sitzung ist es zu spät. Bitte rufen Sie uns an, dann hören wir Ihren Bericht.")
        )
    if meeting.state in _BEGUN:
        try:
            require_open(meeting)
        except MinutesFrozen as frozen:
            raise ReportRefused(str(frozen)) from frozen
    if meeting.agenda_sent_at is None:
        standing.ensure_standing_items(meeting)
    item = _item(meeting)
    if item is None:
        raise ReportRefused(_("Auf dieser Tagesordnung gibt es keine Berichte der Stellen und Projekte."))
    return AgendaItem.objects.select_for_update().get(pk=item.pk)


def _item(meeting: Meeting) -> AgendaItem | None:
    return AgendaItem.objects.on_agenda().filter(meeting=meeting, standing_code=StandingCode.UNITS).first()
