"""What holds for every vote by mail: when it ends, who is entitled and asked, and what came out.

Rules of the alliances (after § 5 of the Tierschutzbeirat of Rheinland-Pfalz): everybody entitled must have received
it, nobody may object to the procedure, one vote an organisation, and a deputy's vote is void if the member votes in
time. Simple majority: abstentions do not count, a tie is a rejection.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import Role
from buendnisse.models import Alliance, Membership, Organisation, Person
from meetings.domain import calendar_days
from meetings.domain.schedule import Days, is_quiet
from meetings.enums import BallotChoice, CircularState, LapseReason, ProcedureAnswer

_ONE_DAY = dt.timedelta(days=1)
#: The shortest and the longest time to answer, counted in days from the day it is opened.
SHORTEST, LONGEST = 3, 42


class CircularRefused(Exception):
    """The vote by mail cannot do this; `str()` is a German sentence."""


class EndRefused(CircularRefused):
    """The last day does not suit."""


@dataclass
class Voter:
    """One entitled organisation, and who of it is asked: the member first, then the standing deputies."""

    organisation: Organisation
    member: Person
    deputies: list[Person] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        return [self.member, *self.deputies]

    @property
    def gets_mail(self) -> bool:
        return any(person.gets_mail for person in self.people)


@dataclass(frozen=True)
class Answer:
    """What one person of an organisation answered; `order` grows with time."""

    organisation: int
    is_deputy: bool
    procedure: str
    choice: str
    order: int


@dataclass(frozen=True)
class Count:
    """One vote an organisation."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    objections: int = 0
    missing: int = 0

    @property
    def answered(self) -> int:
        return self.yes + self.no + self.abstain + self.objections


def usual_end(alliance: Alliance, opened_on: dt.date, *, days: Days = calendar_days) -> dt.date:
    """The alliance's period (seven days), forward to a day on which people are in their offices."""
    day = opened_on + dt.timedelta(days=alliance.circular_days)
    while not ends_well(alliance, day, days=days):
        day += _ONE_DAY
    return day


def ends_well(alliance: Alliance, day: dt.date, *, days: Days = calendar_days) -> bool:
    """No period ends at a weekend, in holidays or in the quiet weeks around New Year."""
    return days.is_school_day(day) and not is_quiet(alliance, day)


def require_end(alliance: Alliance, closes_on: dt.date, *, opened_on: dt.date, days: Days = calendar_days) -> None:
    """Raises EndRefused."""
    span = (closes_on - opened_on).days
    if not SHORTEST <= span <= LONGEST:
        first, last = opened_on + SHORTEST * _ONE_DAY, opened_on + LONGEST * _ONE_DAY
        raise EndRefused(
            _("Wählen Sie einen Tag vom %(first)s bis zum %(last)s. So bleibt allen Zeit, und die Sache bleibt frisch.")
            % {"first": german.day(first), "last": german.day(last)}
        )
    if not ends_well(alliance, closes_on, days=days):
        better = closes_on
        while not ends_well(alliance, better, days=days):
            better += _ONE_DAY
        raise EndRefused(
            _("Der %(day)s ist kein Arbeitstag oder liegt in den Ferien. Der nächste passende Tag ist der %(better)s.")
            % {"day": german.day(closes_on), "better": german.day(better)}
        )


def electorate(alliance: Alliance, *, day: dt.date) -> list[Voter]:
    """The organisations with a vote on `day`, by name, each with its member and standing deputies. One query.

    A deputy is asked once: for the first organisation. A member of several stands in each; see `require_one_vote_each`.
    """
    rows = (
        Membership.objects.filter(body=alliance)
        .active_on(day)
        .select_related("person", "organisation")
        .order_by("organisation__name", "person__last_name", "person_id")
    )
    here = [row for row in rows if row.person.active_until is None or row.person.active_until >= day]
    found = {row.organisation_id: Voter(row.organisation, row.person) for row in here if row.is_voting}
    asked = {voter.member.pk for voter in found.values()}
    for row in here:
        if row.role == Role.DEPUTY and row.organisation_id in found and row.person_id not in asked:
            found[row.organisation_id].deputies.append(row.person)
            asked.add(row.person_id)
    return list(found.values())


def require_one_vote_each(voters: Iterable[Voter]) -> None:
    """Nobody answers for two organisations: one person, one ballot. Raises CircularRefused."""
    known: dict[int, Voter] = {}
    for voter in voters:
        first = known.setdefault(voter.member.pk, voter)
        if first is not voter:
            raise CircularRefused(
                _(
                    "%(name)s hat für zwei Organisationen eine Stimme: %(first)s und %(second)s. "
                    "Tragen Sie für eine davon jemand anderen ein."
                )
                % {
                    "name": voter.member.full_name,
                    "first": first.organisation.name,
                    "second": voter.organisation.name,
                }
            )


def effective(answers: Iterable[Answer]) -> Mapping[int, Answer]:
    """By organisation the answer that counts: the member's, else the last one of a deputy."""
    found: dict[int, Answer] = {}
    for answer in sorted(answers, key=lambda one: (not one.is_deputy, one.order)):
        found[answer.organisation] = answer
    return found


def count(entitled: Collection[int], answers: Iterable[Answer]) -> Count:
    """Count the answers of the entitled organisations."""
    valid = [one for number, one in effective(answers).items() if number in entitled]
    agreed = [one.choice for one in valid if one.procedure == ProcedureAnswer.AGREES]
    return Count(
        yes=agreed.count(BallotChoice.YES),
        no=agreed.count(BallotChoice.NO),
        abstain=agreed.count(BallotChoice.ABSTAIN),
        objections=len(valid) - len(agreed),
        missing=len(entitled) - len(valid),
    )


def outcome(counted: Count, *, unreached: Collection[int]) -> tuple[CircularState, str]:
    """How it ends, and why it did not come about. An objection comes before everything else."""
    if counted.objections:
        return CircularState.LAPSED, LapseReason.OBJECTION
    if unreached:
        return CircularState.LAPSED, LapseReason.NOT_REACHED
    if not counted.answered:
        return CircularState.LAPSED, LapseReason.NO_ANSWER
    return (CircularState.ADOPTED if counted.yes > counted.no else CircularState.REJECTED), ""
