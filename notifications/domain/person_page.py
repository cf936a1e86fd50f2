"""Everything about one person on one page, for the Fachstelle: seats, deputies, tasks, mails, answers, links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from buendnisse.clock import local_date
from buendnisse.domain import addresses, people, person_merge
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import AccessLink, Contact, FurtherAddress, Membership, Person
from meetings.domain import succession
from meetings.models import Attendance
from notifications.domain import feed_ends, succession_outlook, taking_in
from notifications.models import MailReturn, OutboxMessage

_MOST = 8


@dataclass(frozen=True)
class PersonPage:
    """`past`: seats that have ended. `deputies`: who is on record to stand in, by body. `links`: what still opens.

    `follows`: seats of others this person has taken over. `merged`: the double that can be parted again. `calendar`: the
    link of the calendar to subscribe to, ended or not.
    """

    person: Person
    today: dt.date
    addresses: Sequence[FurtherAddress]
    readers: Sequence[Person]
    seats: Sequence[Membership]
    past: Sequence[Membership]
    follows: Sequence[Membership]
    deputies: Sequence[Membership]
    legacy: succession.Legacy
    mails: Sequence[OutboxMessage]
    returns: Sequence[MailReturn]
    answers: Sequence[Attendance]
    links: Sequence[str]
    contacts: Sequence[Contact]
    doubles: Sequence[Person]
    may_be_taken_back: bool
    joining_may_be_taken_back: bool
    merged: Person | None
    calendar: AccessLink | None

    @property
    def is_gone(self) -> bool:
        return not self.seats and bool(self.past)

    @property
    def is_leaving(self) -> bool:
        """Whether the day they leave is still to come."""
        return self.person.active_until is not None and self.person.active_until >= self.today


def of(person: Person, *, at: dt.datetime) -> PersonPage:
    """As of `at`; a fixed number of queries."""
    today = local_date(at)
    rows = list(
        Membership.objects.filter(person=person)
        .select_related("body", "organisation", "successor")
        .order_by("body_id", "-since")
    )
    seats = [row for row in rows if row.until is None or row.until >= today]
    shared = Q(pk__in=())
    for row in seats:
        if row.role != Role.DEPUTY:
            shared |= Q(body=row.body_id, organisation=row.organisation_id)
    follows = Membership.objects.filter(successor=person, until__isnull=False).select_related("body", "person")
    deputies = Membership.objects.filter(shared, role=Role.DEPUTY).active_on(today).exclude(person=person)
    answers = Attendance.objects.filter(person=person).select_related("meeting__alliance", "deputy__person")
    links = AccessLink.objects.filter(Q(person=person) | Q(person__merged_into=person), revoked_at=None, used_at=None)
    purposes = sorted(set(links.filter(expires_at__gt=at).values_list("purpose", flat=True)))
    similar = people.similar(first_name=person.first_name, last_name=person.last_name, email=person.email)
    readers = list(addresses.sharing(person.email, besides=person))
    last = person_merge.latest(person)
    couple = {one.pk for one in readers if one.first_name != person.first_name}  # two people with one mailbox
    return PersonPage(
        person=person,
        today=today,
        addresses=list(person.further_addresses.order_by("pk")),
        readers=readers,
        seats=seats,
        past=[row for row in rows if row not in seats],
        follows=list(follows.order_by("body_id", "-until", "pk")),
        deputies=list(deputies.select_related("person", "body").order_by("body_id", "pk")),
        legacy=succession.legacy(person, at=at),
        mails=list(OutboxMessage.objects.filter(person=person).select_related("copy_to").order_by("-pk")[:_MOST]),
        returns=list(person.mail_returns.open().order_by("-at")[:_MOST]),
        answers=list(answers.order_by("-meeting__start")[:_MOST]),
        links=[str(LinkPurpose(one).label) for one in purposes],
        contacts=list(person.contacts.select_related("topic", "area").order_by("topic_id", "pk")),
        doubles=[one for one in similar if one.pk != person.pk and one.pk not in couple],
        calendar=feed_ends.of(person),
        merged=Person.objects.get(pk=last.data["double"]) if last else None,
        may_be_taken_back=succession_outlook.may_be_taken_back(person, at=at) is not None,
        joining_may_be_taken_back=taking_in.may_be_taken_back(person, at=at) is not None,
    )
