"""How long a topic has been on its way: the meetings it was put off at, counted along its predecessors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse import german
from meetings.models import AgendaItem


@dataclass(frozen=True)
class Carried:
    """A topic that comes back: from which meeting, and at how many it stood before."""

    sessions: int
    last: dt.datetime | None

    @property
    def words(self) -> str:
        """ "kommt wieder, vertagt am 19.11.2026" · "kommt wieder, seit 3 Sitzungen offen"."""
        if self.sessions > 1:
            return _("kommt wieder, seit %d Sitzungen offen") % self.sessions
        if self.last is not None:
            return _("kommt wieder, vertagt am %s") % german.short_day(self.last)
        return _("kommt wieder")


def carried(alliance_id: int) -> dict[int, Carried]:
    """For each item of the alliance that goes on from another, how it came here. One query, however long the chains are."""
    rows = AgendaItem.objects.filter(alliance_id=alliance_id, continued_from__isnull=False)
    links = {
        pk: (before, start)
        for pk, before, start in rows.values_list("pk", "continued_from_id", "continued_from__meeting__start")
    }
    return {pk: _follow(pk, links) for pk in links}


def before(item: AgendaItem) -> list[int]:
    """The topic's rows so far, this one first: what it went on from, back to the beginning. One query a meeting."""
    chain = [item.pk]
    row: AgendaItem | None = item
    while row is not None and row.continued_from_id is not None and row.continued_from_id not in chain:
        chain.append(row.continued_from_id)
        row = AgendaItem.objects.filter(pk=row.continued_from_id).first()
    return chain


def _follow(pk: int, links: Mapping[int, tuple[int | None, dt.datetime | None]]) -> Carried:
    seen, sessions, here = {pk}, 0, pk
    while here in links:
        before, start = links[here]
        sessions += start is not None
        if before is None or before in seen:  # the database forbids no circle of its own
            break
        seen.add(before)
        here = before
    return Carried(sessions, links[pk][1])
