"""Who hears from several alliances at once: calls for topics and reminders of a planned year, person by person.

Calls that open within three days reach a person as one mail (`ReminderRules.together_days`) and count once; reminders go out one
by one. What still comes three times in a week is shown, so that a date can be moved before anybody is annoyed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from buendnisse.enums import Role
from buendnisse.models import Alliance, Person
from meetings.domain import calls, reminder_rules
from meetings.domain.proposing import Proposal
from meetings.enums import DeadlineKind

_WEEK = dt.timedelta(days=7)
_TOO_MANY = 3
_TOLD = (DeadlineKind.CALL_FOR_ITEMS, DeadlineKind.REMINDER)


@dataclass(frozen=True)
class Mailing:
    """One mail: a reminder of one alliance, or the call of one or several."""

    day: dt.date
    kind: DeadlineKind
    alliances: tuple[Alliance, ...]


@dataclass(frozen=True)
class Heap:
    """Mails that would reach the same people within a week."""

    mailings: tuple[Mailing, ...]
    people: frozenset[int]

    @property
    def first(self) -> dt.date:
        return self.mailings[0].day

    @property
    def last(self) -> dt.date:
        return self.mailings[-1].day


@dataclass(frozen=True)
class Burden:
    """`several`: people who belong to more than one alliance; `everyone`: to any. Ids."""

    everyone: frozenset[int]
    several: frozenset[int]
    heaps: list[Heap]

    def named(self) -> frozenset[int]:
        """Whoever a page may want to name."""
        return self.several.union(*(heap.people for heap in self.heaps))


def of(proposal: Proposal) -> Burden:
    """The burden of a year as it is planned now. No query."""
    mailings: dict[int, list[Mailing]] = defaultdict(list)
    bodies: dict[int, set[int]] = defaultdict(set)
    for slot in proposal.slots:
        if slot.appointment is None:
            continue
        dates = proposal.schedule(slot)
        day = slot.appointment.day
        for person in proposal.around.people(slot.alliance, day, roles=frozenset(Role)):
            bodies[person].add(slot.alliance.pk)
        for person in proposal.around.people(slot.alliance, day, roles=frozenset(calls.CALLED_ROLES)):
            mailings[person].extend(Mailing(dates[kind], kind, (slot.alliance,)) for kind in _TOLD if kind in dates)
    found: dict[tuple[Mailing, ...], set[int]] = defaultdict(set)
    for person, rows in mailings.items():
        for heap in _heaps(_together(rows)):
            found[heap].add(person)
    heaps = [Heap(key, frozenset(people)) for key, people in found.items()]
    return Burden(
        everyone=frozenset(bodies),
        several=frozenset(person for person, where in bodies.items() if len(where) > 1),
        heaps=sorted(heaps, key=lambda heap: (heap.first, -len(heap.people))),
    )


def names(people: frozenset[int]) -> dict[int, str]:
    """ "Susanne Overhage (BBS)" by id, in the order of names. One query."""
    rows = Person.objects.filter(pk__in=people).select_related("organisation").order_by("last_name", "first_name", "pk")
    return {person.pk: f"{person.full_name} ({person.organisation.short_name})" for person in rows}


def _together(mailings: list[Mailing]) -> list[Mailing]:
    """Calls that open so close to each other that the first one's mail names them all."""
    found = [one for one in mailings if one.kind != DeadlineKind.CALL_FOR_ITEMS]
    open_calls = sorted((one for one in mailings if one not in found), key=lambda one: (one.day, one.alliances[0].pk))
    while open_calls:
        first = open_calls[0]
        same = [one for one in open_calls if one.day - first.day < reminder_rules.days("together_days")]
        found.append(Mailing(first.day, first.kind, tuple(alliance for one in same for alliance in one.alliances)))
        open_calls = open_calls[len(same) :]
    return found


def _heaps(mailings: list[Mailing]) -> list[tuple[Mailing, ...]]:
    """Three or more within a week, each mailing in one heap at most."""
    rows = sorted(mailings, key=lambda one: (one.day, one.kind, one.alliances[0].pk))
    heaps: list[tuple[Mailing, ...]] = []
    start = 0
    while start < len(rows):
        heap = [one for one in rows[start:] if one.day - rows[start].day < _WEEK]
        if len(heap) >= _TOO_MANY:
            heaps.append(tuple(heap))
            start += len(heap)
        else:
            start += 1
    return heaps
