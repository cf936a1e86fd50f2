"""Which quarters of a year have no date yet, by body: what whoever marks the dates should know is still to come."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Alliance, Membership
from meetings.domain import quarter
from meetings.domain.quarter import Quarter
from meetings.enums import MeetingState
from meetings.models import Meeting

_ALL = 4
#: Body and quarter of a meeting.
Slot = tuple[int, str]


def lines(
    people: Collection[int], year: int, *, at: dt.datetime, besides: Iterable[Meeting] = ()
) -> dict[int, list[str]]:
    """ "Für Arbeit folgt noch ein Termin im 2. Quartal.", by person, each body once; two queries.

    `besides`: meetings that count as dated though they are drafts yet. A meeting that was cancelled promises none.
    """
    dated = {(one.alliance_id, one.quarter) for one in besides}
    stored = Meeting.objects.filter(quarter__startswith=f"{year}-").exclude(state=MeetingState.PLANNED)
    dated |= set(stored.order_by().values_list("alliance_id", "quarter"))
    today = local_date(at)
    rows = Membership.objects.active_on(today).asked().filter(person__in=people)
    rows = rows.filter(body__in=Alliance.objects.all()).select_related("body").order_by("body", "pk")
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        missing = [
            one
            for one in quarter.of_year(year)
            if one.last > today and (row.body_id, str(one)) not in dated and _lasts(row, one)
        ]
        if missing and (said := _line(row.body.word, missing)) not in found[row.person_id]:
            found[row.person_id].append(said)
    return found


def _lasts(row: Membership, one: Quarter) -> bool:
    """Whether body and membership both reach into that quarter."""
    return row.body.exists_between(one.first, one.last) and (row.until is None or row.until >= one.first)


def _line(word: str, missing: list[Quarter]) -> str:
    if len(missing) == _ALL:
        return _("Für %s stehen noch keine Termine fest.") % word
    quarters = german.listing([f"{one.number}." for one in missing])
    words = _("Für %(body)s folgt noch ein Termin im %(quarters)s Quartal.")
    if len(missing) > 1:
        words = _("Für %(body)s folgen noch Termine im %(quarters)s Quartal.")
    return words % {"body": word, "quarters": quarters}
