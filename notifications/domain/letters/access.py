"""Letters that let somebody in: sign-in codes, and links sent anew."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink, AddressWish
from notifications.domain import urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.enums import MailKind
from notifications.imip.event import Party
from notifications.models import OutboxMessage

#: How long the mail to a new address can be answered.
CONFIRMED_WITHIN = dt.timedelta(days=7)


def code(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The code to sign in. Over when its time is over: a code that comes late only confuses."""
    valid_until = dt.datetime.fromisoformat(message.data["valid_until"])
    if at >= valid_until:
        raise NothingToSay
    return Letter("code", {"code": message.data["code"], "valid_until": valid_until, "asked_at": message.created_at})


def link(message: OutboxMessage, at: dt.datetime) -> Letter:
    """A link sent anew to the address on record: after the old one had expired, or by the Fachstelle."""
    row = AccessLink.objects.filter(pk=message.data["link"]).first()
    if row is None or row.revoked_at is not None:
        raise NothingToSay
    page = urls_for.PAGES[LinkPurpose(row.purpose)]
    url = urls_for.absolute(reverse(page, args=[links.token(row)]))
    return Letter("link", {"url": url, "link": row, "by_desk": bool(message.data.get("by_desk"))})


def address_check(message: OutboxMessage, at: dt.datetime) -> Letter:
    """To an address that somebody wants to be theirs. Over once another was wished for, or after a week."""
    wish = AddressWish.objects.filter(pk=message.data["wish"], person=message.person_id).first()
    if wish is None or at >= wish.asked_at + CONFIRMED_WITHIN:
        raise NothingToSay
    until = wish.asked_at + CONFIRMED_WITHIN
    url = urls_for.personal(message.person, purpose=LinkPurpose.ADDRESS, subject=wish, until=until, at=at)
    context = {"url": url, "until": until, "address": wish.address}
    return Letter("address_check", context, to=Party(wish.address, message.person.full_name))


def address_changed(message: OutboxMessage, at: dt.datetime) -> Letter:
    """To the address of before, in case it was not its reader who wished for another."""
    wish = AddressWish.objects.filter(pk=message.data["wish"], person=message.person_id).exclude(replaced="").first()
    if wish is None:
        raise NothingToSay
    return Letter("address_changed", {"day": message.created_at}, to=Party(wish.replaced, message.person.full_name))


COMPOSERS: dict[str, Composer] = {
    MailKind.CODE: code,
    MailKind.LINK: link,
    MailKind.ADDRESS_CHECK: address_check,
    MailKind.ADDRESS_CHANGED: address_changed,
}
