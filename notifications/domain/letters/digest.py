"""The letter with news: what is asked of you, your meetings, answers, the others, short notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import DigestRhythm, LinkPurpose, Role
from buendnisse.models import Membership, Person
from notifications.domain import digest_news, urls_for
from notifications.domain.digest_news import Block, Picked
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import naming
from notifications.enums import MailKind
from notifications.models import OutboxMessage


def digest(message: OutboxMessage, at: dt.datetime) -> Letter:
    """One person's news of a window. Over where nothing of it is left."""
    since, until = (dt.datetime.fromisoformat(message.data[name]) for name in ("since", "until"))
    person = message.person
    picked = digest_news.pick(person, digest_news.gather(since=since, until=until), since=since, at=at)
    if picked.is_empty:
        raise NothingToSay
    name = _("Monatsbrief") if person.digest == DigestRhythm.MONTHLY else _("Wochenbrief")
    unsubscribe_url = urls_for.personal(person, purpose=LinkPurpose.UNSUBSCRIBE, at=at)
    context = {
        "name": name,
        "since": since,
        "until": until,
        "headline": _headline(picked),
        "asks": _with_urls(picked.asks, person, at=at),
        "own": _with_urls(picked.own, person, at=at),
        "answers": _with_urls(picked.answers, person, at=at),
        "others": _with_urls(picked.others, person, at=at),
        "notices": picked.notices,
        "notice_url": urls_for.personal(person, purpose=LinkPurpose.NOTICE, at=at) if picked.is_member else "",
        "unsubscribe_url": unsubscribe_url,
        "is_weekly": person.digest == DigestRhythm.WEEKLY,
        **_belongs(person, at=at),
    }
    return Letter("digest", context, unsubscribe_url=unsubscribe_url)


def _headline(picked: Picked) -> str:
    """The first question, else the first news: what decides whether the letter is opened."""
    if picked.asks:
        return picked.asks[0].title.removeprefix(_("Bitte antworten: "))
    if picked.answers:
        return picked.answers[0].title
    if picked.own:
        return _("Neues aus %s") % picked.own[0].title.partition(",")[0]
    return _("Neues aus den Bündnissen")


def _with_urls(blocks: Iterable[Block], person: Person, *, at: dt.datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": block.title,
            "lines": block.lines,
            "links": [
                {
                    "label": link.label,
                    "url": urls_for.personal(person, purpose=link.purpose, subject=link.subject, at=at),
                }
                for link in block.links
            ],
        }
        for block in blocks
    ]


def _belongs(person: Person, *, at: dt.datetime) -> dict[str, Any]:
    """ "für die Berufsbildenden Schulen Emsfurt Mitglied in Bildung und Arbeit" """
    rows = Membership.objects.filter(person=person).active_on(local_date(at)).exclude(role=Role.GUEST)
    bodies = list(dict.fromkeys(row.body for row in rows.select_related("body").order_by("body_id")))
    return {"bodies": german.listing([body.word for body in bodies]), "bodies_in_full": naming.in_full(bodies)}


COMPOSERS: dict[str, Composer] = {MailKind.DIGEST: digest}
