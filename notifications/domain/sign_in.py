"""Signing in by mailed code: who may, and the code's way into the outbox."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from buendnisse import clock
from buendnisse.domain import journal, links
from buendnisse.enums import Via
from buendnisse.models import AccessLink, Person
from notifications.domain import outbox
from notifications.enums import MailKind
from notifications.models import OutboxMessage


class LinkUsed(Exception):
    """The link that works once was used by somebody faster, or its person may not sign in any more."""


def may_sign_in(person: Person, *, at: dt.datetime) -> bool:
    """May sign in and has not left."""
    return person.may_sign_in and (person.active_until is None or person.active_until >= clock.local_date(at))


def person_for(address: str, *, at: dt.datetime) -> Person | None:
    """Who signs in with this address. People who only share it never match: it is unique among those who may sign in."""
    person = Person.objects.filter(email__iexact=address, may_sign_in=True).first()
    return person if person is not None and may_sign_in(person, at=at) else None


def send_code(person: Person, *, code: str, valid_until: dt.datetime, at: dt.datetime) -> OutboxMessage | None:
    """Put the code first in the queue. A later code replaces one that still waits."""
    return outbox.write(
        kind=MailKind.CODE,
        person=person,
        occasion=f"code:{secrets.token_hex(8)}",
        matter="code",
        data={"code": code, "valid_until": valid_until.isoformat()},
        at=at,
    )


def note_visit(person: Person, *, at: dt.datetime) -> dt.datetime | None:
    """Remember that the person is here; returns when she was here before."""
    before = person.last_looked_at
    Person.objects.filter(pk=person.pk).update(last_looked_at=at)
    return before


def use_link(link: AccessLink, *, at: dt.datetime) -> None:
    """Use up a link that signs in once. Raises LinkUsed."""
    with transaction.atomic():
        if not may_sign_in(link.person, at=at) or not links.use_up(link, at=at):
            raise LinkUsed
        journal.record("person.signed_in_by_link", link.person, at=at, by=link.person, via=Via.LINK)
