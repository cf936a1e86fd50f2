"""What settling a succession will change and which mails go: done, looked at, and undone again before anybody sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal, units
from buendnisse.models import Change, Contact, Membership, Person, Unit
from meetings.domain import succession
from meetings.domain.succession import Wish
from meetings.models import ActionItem, AgendaItem, Attendance
from notifications.domain import hushing, outbox, render
from notifications.domain.dispatching import HANDLERS
from notifications.domain.letter import NothingToSay
from notifications.models import OutboxMessage

#: Makes the wish, once more for each time it is carried out: somebody new is entered along.
MakeWish = Callable[[], Wish]


@dataclass(frozen=True)
class MailLine:
    """A mail that would go: to whom, where, how it begins, and what it does in the calendar."""

    name: str
    address: str
    subject: str
    in_calendar: str


@dataclass
class Outlook:
    """`changes`: what will be different, a sentence each. `by_hand`: who gets no mail and has to be told otherwise.

    `stays_named`: where somebody who leaves is still on record as the one to ask, a sentence each.
    """

    changes: list[str] = field(default_factory=list)
    mails: list[MailLine] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    stays_named: list[str] = field(default_factory=list)


def settle(person: Person, *, make: MakeWish, by: Person, at: dt.datetime) -> Change:
    """Carry it out. Raises what `succession.settle` raises, and PersonRefused; nothing is stored then."""
    with transaction.atomic():
        return succession.settle(person, wish=make(), by=by, at=at)


def look_ahead(person: Person, *, make: MakeWish, by: Person, at: dt.datetime) -> Outlook:
    """Exactly what `settle` would do now. Changes nothing. Raises the same."""
    with transaction.atomic():
        change = settle(person, make=make, by=by, at=at)
        person.refresh_from_db()
        found = Outlook(changes=list(_sentences(person, change)))
        if change.data["leaves"]:
            found.stays_named = list(_still_named(person, at))
        _tell_all(change, found, at)
        for one in (person, Person.objects.filter(pk=change.data["successor"] or 0).first()):
            if one is not None and not one.gets_mail and one.full_name not in found.by_hand:
                found.by_hand.append(one.full_name)
        transaction.set_rollback(True)
    person.refresh_from_db()
    return found


def has_mails(change: Change, *, at: dt.datetime) -> bool:
    """Whether a mail goes out for what was settled by this change. Writes none."""
    found = Outlook()
    with transaction.atomic():
        _tell_all(change, found, at)
        transaction.set_rollback(True)
    return bool(found.mails)


def may_be_taken_back(person: Person, *, at: dt.datetime) -> Change | None:
    """The succession that nobody has heard of yet. Three queries at most."""
    change = succession.latest(person, at=at)
    return change if change is not None and not hushing.is_heard(journal.in_one_go(change)) else None


def take_back(person: Person, *, by: Person, at: dt.datetime) -> None:
    """As it was before, and nobody is told. Raises SuccessionRefused."""
    with transaction.atomic():
        change = succession.latest(person, at=at)
        if change is not None and not hushing.hush(journal.in_one_go(change), at=at):
            raise succession.SuccessionRefused(
                _("Die ersten Mails sind schon unterwegs. Bitte ändern Sie die Mitgliedschaften einzeln.")
            )
        succession.take_back(person, by=by, at=at)


def _tell_all(change: Change, found: Outlook, at: dt.datetime) -> None:
    for number in journal.in_one_go(change):
        _tell(Change.objects.get(pk=number), found, at)


def _tell(change: Change, found: Outlook, at: dt.datetime) -> None:
    """Write the mails of this change as dispatch would, and note those that would really leave."""
    handler = HANDLERS.get(change.verb)
    if handler is None:
        return
    drafts = list(handler(change, at))
    outbox.write_all(drafts, change=change, at=at, not_before=at)
    kinds = {draft.kind for draft in drafts}
    rows = OutboxMessage.objects.filter(occasion__in=[f"{kind}:{change.pk}" for kind in kinds]).unsent()
    for message in rows.select_related("person__organisation", "copy_to").order_by("pk"):
        try:
            rendered = render.render(message, at=at)
        except NothingToSay:
            continue
        part = rendered.letter.calendar
        words = {"REQUEST": _("trägt den Termin ein"), "CANCEL": _("nimmt den Termin heraus")}
        entry = words[part.method] if part is not None else ""
        found.mails.append(MailLine(rendered.to_name, rendered.to_address, rendered.subject, entry))


def _sentences(person: Person, change: Change) -> Iterator[str]:
    data: dict[str, Any] = change.data
    heir = Person.objects.filter(pk=data["successor"] or 0).first()
    rows = Membership.objects.select_related("body", "person").in_bulk(
        [row[0] for row in data["ended"]] + data["begun"]
    )
    for number, *_rest in data["ended"]:
        row = rows[number]
        names = {"name": row.person.full_name, "role": row.get_role_display(), "body": row.body.name}
        yield _("%(name)s: %(role)s, %(body)s, endet am %(day)s.") % {
            **names,
            "day": german.day(row.until or change.at),
        }
    for number in data["begun"]:
        row = rows[number]
        names = {"name": row.person.full_name, "role": row.get_role_display(), "body": row.body.name}
        yield _("%(name)s: %(role)s, %(body)s, ab %(day)s.") % {**names, "day": german.day(row.since)}
    new_name = heir.full_name if heir else ""
    for action in ActionItem.objects.filter(pk__in=[row[0] for row in data["tasks"]]).order_by("due_on", "pk"):
        yield _("Aufgabe „%(task)s“ geht an %(name)s.") % {"task": action.task, "name": new_name}
    for item in AgendaItem.objects.filter(pk__in=data["items"]).order_by("pk"):
        yield _("Über „%(title)s“ berichtet %(name)s.") % {"title": item.title, "name": new_name}
    left = [row[0] for row in data["left"]]
    attendance = Attendance.objects.filter(pk__in=[*left, *data["joined"]]).select_related(
        "meeting__alliance", "person"
    )
    for seat in attendance.order_by("meeting__start", "pk"):
        words = _("%(name)s ist am %(day)s (%(body)s) nicht mehr eingeladen.")
        words = words if seat.pk in left else _("%(name)s ist am %(day)s (%(body)s) eingeladen.")
        yield words % {
            "name": seat.person.full_name,
            "day": german.day(seat.meeting.start),
            "body": seat.meeting.alliance.word,
        }
    for member in Attendance.objects.filter(pk__in=[row[0] for row in data["stood_in"]]).select_related(
        "meeting__alliance", "person"
    ):
        yield _("%(name)s vertritt %(member)s am %(day)s (%(body)s).") % {
            "name": new_name,
            "member": member.person.full_name,
            "day": german.day(member.meeting.start),
            "body": member.meeting.alliance.word,
        }
    if data["led"]:
        yield _("%(name)s leitet die kommenden Sitzungen.") % {"name": new_name}
    if data["leaves"]:
        yield _("%(name)s gilt danach als ausgeschieden.") % {"name": person.full_name}


def _still_named(person: Person, at: dt.datetime) -> Iterator[str]:
    """Units whose contact they are, and their entries in the list of contacts. Nobody follows there by itself."""
    today = local_date(at)
    for unit in Unit.objects.filter(contact=person).order_by("name", "pk"):
        if not units.is_over(unit, at=at):
            yield _("%(name)s ist Ansprechperson der Stelle „%(unit)s“. Bitte wählen Sie dort jemand anderen.") % {
                "name": person.full_name,
                "unit": unit.name,
            }
    rows = Contact.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today), person=person)
    for contact in rows.select_related("topic", "area").order_by("topic_id", "pk"):
        where = f"{contact.topic.name}, {contact.area.name}" if contact.area else contact.topic.name
        yield _("%(name)s ist Ansprechperson für „%(topic)s“. Bitte tragen Sie dort jemand anderen ein.") % {
            "name": person.full_name,
            "topic": where,
        }


def wish_of(given: dict[str, Any], *, new: Callable[[], Person] | None) -> MakeWish:
    """The wish of a form: `new` enters somebody who is not on record yet."""

    def make() -> Wish:
        heir = new() if new is not None else given["successor"]
        return Wish(
            successor=heir,
            last_day=given["last_day"],
            memberships=list(given["memberships"]),
            tasks=list(given["tasks"]),
            items=list(given["items"]),
            leaves=given["leaves"],
            letters=given["letters"],
        )

    return make
