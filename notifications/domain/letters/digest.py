"""The letter with news: what is asked of you, your meetings, answers, the others, short notices. And its plain copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain.links import Wish
from buendnisse.enums import DigestRhythm, LinkPurpose
from buendnisse.models import Body, Person
from notifications.domain import batch, digest_body, digest_news, digest_pick, digest_readers, urls_for
from notifications.domain.digest_block import Block
from notifications.domain.digest_pick import Picked
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import naming
from notifications.enums import MailKind
from notifications.models import OutboxMessage


@dataclass(frozen=True)
class _Prepared:
    """One message's news, and the bodies its reader belongs to."""

    picked: Picked
    bodies: Sequence[Body]


def digest(message: OutboxMessage, at: dt.datetime) -> Letter:
    """One person's news of a window. Over where nothing of it is left."""
    prepared = _prepared(message, at)
    picked, person = prepared.picked, message.person
    unsubscribe_url = urls_for.personal(person, purpose=LinkPurpose.UNSUBSCRIBE, at=at)
    context = {
        **_told(message, prepared),
        **_news(picked, {id(block): _urls(block, person, at) for block in _blocks(picked)}),
        "notice_url": urls_for.personal(person, purpose=LinkPurpose.NOTICE, at=at) if picked.is_member else "",
        "unsubscribe_url": unsubscribe_url,
    }
    return Letter("digest", context, unsubscribe_url=unsubscribe_url)


def copy(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The same to read for a further address, without any link: it acts for nobody."""
    prepared = _prepared(message, at)
    return Letter("digest_copy", {**_told(message, prepared), **_news(prepared.picked, {})})


def _prepared(message: OutboxMessage, at: dt.datetime) -> _Prepared:
    """Raises NothingToSay. In a batch all its letters with news are worked out at once."""
    together = batch.once(("digests", at), lambda: _prepare(_together(), at))
    return _required(together[message.pk] if message.pk in together else _prepare([message], at)[message.pk])


def _together() -> list[OutboxMessage]:
    """The letters with news of this batch, and their copies."""
    copies = (one for one in batch.of_kind(MailKind.COPY) if one.data.get("of") == MailKind.DIGEST)
    return [*batch.of_kind(MailKind.DIGEST), *copies]


def _required(prepared: _Prepared) -> _Prepared:
    if prepared.picked.is_empty:
        raise NothingToSay
    return prepared


def _prepare(messages: Sequence[OutboxMessage], at: dt.datetime) -> dict[int, _Prepared]:
    """Thirteen queries for a hundred letters of one window, those for the news themselves left aside."""
    found: dict[int, _Prepared] = {}
    wanted: list[Wish] = []
    for until in {message.data["until"] for message in messages}:
        same = [message for message in messages if message.data["until"] == until]
        begins = {message.pk: dt.datetime.fromisoformat(message.data["since"]) for message in same}
        end = dt.datetime.fromisoformat(until)
        gather = digest_news.kept if batch.is_open() else digest_news.gather
        news = gather(since=min(begins.values()), until=end, at=at)
        readers = digest_readers.load({message.person_id: message.person for message in same}.values(), news)
        for message in same:
            reader = readers[message.person_id]
            picked = digest_pick.pick(reader, news, since=begins[message.pk])
            found[message.pk] = _Prepared(picked, reader.bodies)
            if not picked.is_empty and message.kind == MailKind.DIGEST:
                wanted += _wishes(message.person, picked, until=at + urls_for.STANDING)
    urls_for.prepare(wanted, at=at)
    return found


#: Links of every letter with news.
_STANDING = (LinkPurpose.SETTINGS, LinkPurpose.UNSUBSCRIBE, LinkPurpose.NOTICE)


def _wishes(person: Person, picked: Picked, *, until: dt.datetime) -> list[Wish]:
    """All links of one letter."""
    about = [
        Wish(person, link.purpose, link.subject, link.until or until, has_end=link.until is not None)
        for block in _blocks(picked)
        for link in block.links
    ]
    return about + [Wish(person, purpose, None, until) for purpose in _STANDING]


def _told(message: OutboxMessage, prepared: _Prepared) -> dict[str, Any]:
    person, picked = message.person, prepared.picked
    since, until = (dt.datetime.fromisoformat(message.data[name]) for name in ("since", "until"))
    return {
        "name": _("Monatsbrief") if person.digest == DigestRhythm.MONTHLY else _("Wochenbrief"),
        "since": since,
        "until": until,
        "headline": _headline(picked),
        "has_old": picked.has_old,
        "is_weekly": person.digest == DigestRhythm.WEEKLY,
        "bodies": german.listing([body.word for body in prepared.bodies]),
        "bodies_in_full": naming.in_full(prepared.bodies),
    }


def _headline(picked: Picked) -> str:
    """The first new question, else the first news: what decides whether the letter is opened."""
    if picked.is_fresh:
        return picked.asks[0].title.removeprefix(_("Bitte antworten: "))
    if picked.answers:
        return picked.answers[0].title
    if picked.own:
        return _("Neues aus %s") % picked.own[0].title.partition(",")[0]
    return _("Neues aus den Bündnissen")


def _blocks(picked: Picked) -> list[Block]:
    return [*picked.asks, *picked.own, *picked.answers, *picked.others, *picked.late]


def _news(picked: Picked, addresses: digest_body.Addresses) -> dict[str, Any]:
    return {"news_html": digest_body.html(picked, addresses), "news_text": digest_body.text(picked, addresses)}


def _urls(block: Block, person: Person, at: dt.datetime) -> list[str]:
    return [
        urls_for.personal(person, purpose=link.purpose, subject=link.subject, until=link.until, at=at)
        for link in block.links
    ]


COMPOSERS: dict[str, Composer] = {MailKind.DIGEST: digest}
