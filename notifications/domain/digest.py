"""The letter with news: at most one a person and Monday, never empty, at seven in the morning.

A window is closed once, by a Change of its own; what was written before a crash is not written again, since
each letter's occasion names the person and the end of the window. The first window an installation sees is
closed without letters: nobody wants to hear what happened before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import DigestRhythm, Office, Role, Via
from buendnisse.models import Change, Installation, Membership, Person
from meetings.enums import Happened
from notifications.domain import digest_news, digest_windows, outbox
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

_CLOSED = Happened.DIGEST_CLOSED
#: What waits still (the relay is down) is replaced by the next letter, which tells its news too.
_NEVER_CAME = [OutboxState.WAITING, OutboxState.STOPPED, OutboxState.FAILED, OutboxState.SUPERSEDED]


def write(*, at: dt.datetime) -> int:
    """Write the letters of the window that ended last, unless that was done; the number of letters."""
    end = digest_windows.last_end(at=at)
    closed = Change.objects.filter(verb=_CLOSED)
    if closed.filter(data__until=end.isoformat()).exists():
        return 0
    written = _write_all(end, at=at) if closed.exists() else 0
    with transaction.atomic():
        data = {"until": end.isoformat(), "letters": written}
        journal.record(_CLOSED, Installation(pk=1), at=at, by=None, via=Via.RULE, data=data)
    return written


def readers(*, end: dt.datetime) -> list[Person]:
    """Whose letter is due: members and the reader, by their own rhythm. The Fachstelle has its Schreibtisch."""
    members = Membership.objects.active_on(local_date(end)).exclude(role=Role.GUEST)
    people = (
        Person.objects.active_on(local_date(end))
        .reachable_by_mail()
        .filter(digest__in=[rhythm for rhythm in DigestRhythm if digest_windows.is_due(rhythm, end=end)])
        .exclude(office__in=[Office.FACHSTELLE, Office.ADMIN])
    )
    belongs = people.filter(pk__in=members.values("person")) | people.filter(office=Office.READER)
    return list(belongs.order_by("pk"))


def _write_all(end: dt.datetime, *, at: dt.datetime) -> int:
    """Gather once, pick for each person, write for those who have news."""
    people = readers(end=end)
    windows = _windows(people, end)
    if not people:
        return 0
    news = digest_news.gather(since=min(windows.values()), until=end)
    written = 0
    for person in people:
        since = windows[person.pk]
        if digest_news.pick(person, news, since=since, at=at).is_empty:
            continue
        message = outbox.write(
            kind=MailKind.DIGEST,
            person=person,
            occasion=f"digest:{person.pk}:{end.isoformat()}",
            matter="digest",
            at=at,
            data={"since": since.isoformat(), "until": end.isoformat()},
        )
        written += message is not None
    return written


def _windows(people: Iterable[Person], end: dt.datetime) -> dict[int, dt.datetime]:
    """Where each person's window begins. A letter that never came tells its news again."""
    letters = OutboxMessage.objects.filter(kind=MailKind.DIGEST)
    latest = letters.exclude(state__in=_NEVER_CAME).values("person").annotate(latest=Max("pk")).values("latest")
    came = {message.person_id: message for message in letters.filter(pk__in=latest)}
    last = {
        key: dt.datetime.fromisoformat(message.data["until"])
        for key, message in came.items()
        if "until" in message.data
    }
    found = {person.pk: digest_windows.since(person.digest, end=end, last=last.get(person.pk)) for person in people}
    missed = letters.filter(state__in=_NEVER_CAME, person__in=found, created_at__gte=end - digest_windows.LONGEST)
    for message in missed:
        is_told = message.person_id in came and message.pk < came[message.person_id].pk
        if not is_told and "since" in message.data:
            began = dt.datetime.fromisoformat(message.data["since"])
            found[message.person_id] = min(found[message.person_id], began)
    return found
