"""The letter with news: at most one a person and Monday, never empty, at seven in the morning.

Each person's window is a row: what was told so far. A letter and its row are stored together, some hundred people
at a time; so a ring that breaks off and begins again goes on where it was, and nothing is told twice or left out. In the
end the window is closed for all, by a Change. The first window an installation sees is closed without letters: nobody
wants to hear what happened before.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Q

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import DigestRhythm, Office, Role, Via
from buendnisse.models import Change, FurtherAddress, Installation, Membership, Person
from buendnisse.models.person import PersonQuerySet
from meetings.enums import Happened
from notifications.domain import digest_news, digest_pick, digest_readers, digest_windows, outbox
from notifications.domain.draft import Draft
from notifications.enums import MailKind, OutboxState
from notifications.models import DigestWindow, OutboxMessage

_CLOSED = Happened.DIGEST_CLOSED
#: What waits still (the relay is down) is replaced by the next letter, which tells its news too.
_NEVER_CAME = [OutboxState.WAITING, OutboxState.STOPPED, OutboxState.FAILED, OutboxState.SUPERSEDED]
_PORTION = 500  # people at once


@dataclass(frozen=True)
class Closing:
    """The Monday that is told: its window's end, and that of the one before it that was closed."""

    end: dt.datetime
    before: dt.datetime


def write(*, at: dt.datetime) -> int:
    """Write the letters of the window that ended last, unless that was done; the number of letters."""
    end = digest_windows.last_end(at=at)
    last = Change.objects.filter(verb=_CLOSED).order_by("-pk").first()
    before = dt.datetime.fromisoformat(last.data["until"]) if last is not None else None
    if before is not None and before >= end:
        return 0
    written = 0 if before is None else _write_all(Closing(end, before), at=at)
    _pass(end)
    with transaction.atomic():
        data = {"until": end.isoformat(), "letters": written}
        journal.record(_CLOSED, Installation(pk=1), at=at, by=None, via=Via.RULE, data=data)
    return written


def readers(closing: Closing) -> PersonQuerySet:
    """Whose letter is due: members and the reader, by their own rhythm. The Fachstelle has its Schreibtisch."""
    due = [r for r in DigestRhythm if digest_windows.is_due(r, end=closing.end, before=closing.before)]
    day = local_date(closing.end)
    people = Person.objects.active_on(day).reachable_by_mail().filter(digest__in=due)
    people = people.exclude(office__in=[Office.FACHSTELLE, Office.ADMIN])
    members = Membership.objects.active_on(day).exclude(role=Role.GUEST)
    found: PersonQuerySet = people.filter(Q(pk__in=members.values("person")) | Q(office=Office.READER))
    return found.order_by("pk")


def _write_all(closing: Closing, *, at: dt.datetime) -> int:
    """Gather once, pick for each person, write for those who have news."""
    told = dict(DigestWindow.objects.values_list("person_id", "until"))
    missed = _missed(closing.end)
    windows: dict[int, dt.datetime] = {}
    for pk, rhythm in readers(closing).values_list("pk", "digest"):
        if pk not in told or told[pk] < closing.end:
            since = digest_windows.since(rhythm, end=closing.end, told=told.get(pk), before=closing.before)
            windows[pk] = min(since, missed.get(pk, since))
    if not windows:
        return 0
    news = digest_news.gather(since=min(windows.values()), until=closing.end, at=at)
    written, ids = 0, list(windows)
    for start in range(0, len(ids), _PORTION):
        people = Person.objects.filter(pk__in=ids[start : start + _PORTION]).order_by("pk")
        written += _write_portion(list(people), windows, news)
    return written


def _write_portion(people: Sequence[Person], windows: dict[int, dt.datetime], news: digest_news.News) -> int:
    """Letters and windows of these people, together or not at all."""
    known = digest_readers.load(people, news)
    with_news = [
        person for person in people if not digest_pick.pick(known[person.pk], news, since=windows[person.pk]).is_empty
    ]
    with transaction.atomic():
        drafts = list(_drafts(with_news, windows, news))
        outbox.write_many(drafts, key=local_date(news.until).isoformat(), at=news.at, not_before=news.at)
        _move_on([person.pk for person in people], news.until)
    return len(with_news)


def _drafts(people: Sequence[Person], windows: dict[int, dt.datetime], news: digest_news.News) -> Iterator[Draft]:
    """A letter each, and a plain copy to each further address that gets copies."""
    copies: dict[int, list[FurtherAddress]] = defaultdict(list)
    for address in FurtherAddress.objects.filter(gets_copy=True, person__in=people).order_by("pk"):
        copies[address.person_id].append(address)
    for person in people:
        window = {"since": windows[person.pk].isoformat(), "until": news.until.isoformat()}
        yield Draft(MailKind.DIGEST, person, matter="digest", data=window)
        for address in copies[person.pk]:
            data = {**window, "of": str(MailKind.DIGEST)}
            yield Draft(MailKind.COPY, person, matter="copy:digest", data=data, copy_to=address)


def _missed(end: dt.datetime) -> dict[int, dt.datetime]:
    """Where the first letter began that never came, and after which none came either: its news is told again."""
    letters = OutboxMessage.objects.filter(kind=MailKind.DIGEST)
    came = letters.exclude(state__in=_NEVER_CAME).values("person").annotate(latest=Max("pk"))
    latest = dict(came.values_list("person", "latest"))
    found: dict[int, dt.datetime] = {}
    for message in letters.filter(state__in=_NEVER_CAME, created_at__gte=end - digest_windows.LONGEST).order_by("pk"):
        if message.pk > latest.get(message.person_id, 0) and "since" in message.data:
            began = dt.datetime.fromisoformat(message.data["since"])
            found[message.person_id] = min(began, found.get(message.person_id, began))
    return found


def _pass(end: dt.datetime) -> None:
    """Whoever wants no letter is not told later, all at once, what there was meanwhile."""
    DigestWindow.objects.filter(until__lt=end, person__digest=DigestRhythm.NEVER).update(until=end)


def _move_on(people: Collection[int], until: dt.datetime) -> None:
    rows = [DigestWindow(person_id=pk, until=until) for pk in people]
    DigestWindow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["person"], update_fields=["until"])
