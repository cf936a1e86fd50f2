"""The coming year: from the autumn on the desk says how many of its dates are still missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Alliance
from meetings.domain import quarter, schedule
from meetings.enums import MeetingState
from meetings.models import Meeting
from notifications.domain.desk_line import Line, href

_FROM_MONTH = 9  # September: six weeks before the dates of the next year are told


def missing(*, at: dt.datetime) -> Iterator[Line]:
    """Slots of the next year without any date. Two queries. It never nags: whoever plans singly leaves it be."""
    today = local_date(at)
    if today.month < _FROM_MONTH:
        return
    year = today.year + 1
    quarters = quarter.of_year(year)
    alliances = list(Alliance.objects.valid_between(quarters[0].first, quarters[-1].last))
    wanted = sum(1 for one in quarters for alliance in alliances if alliance.exists_between(one.first, one.last))
    there = Meeting.objects.filter(quarter__startswith=f"{year}-").exclude(state=MeetingState.CANCELLED).count()
    number = wanted - there
    if number <= 0:
        return
    words = ngettext("%(n)s Termin für %(year)s planen", "%(n)s Termine für %(year)s planen", number)
    told = schedule.save_the_date(year)
    late = (today - told).days
    usual = _("Üblich ist, dass alle bis zum %s davon wissen.") % german.day_and_month(told)
    since = _("Das ist %s her.") % german.count(late, _("Tag"), _("Tage")) if late > 0 else ""
    yield Line(
        title=words % {"n": number, "year": year},
        why=" ".join(filter(None, [usual, since, _("Vorschläge stehen bereit.")])),
        href=href("meetings:year", year),
        action=_("Jahresplan ansehen"),
        can_wait=True,
    )
