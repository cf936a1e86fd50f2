"""Letters that let somebody in: sign-in codes, and links sent anew."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink
from notifications.domain import urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage


def code(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The code to sign in. Over when its time is over: a code that comes late only confuses."""
    valid_until = dt.datetime.fromisoformat(message.data["valid_until"])
    if at >= valid_until:
        raise NothingToSay
    return Letter("code", {"code": message.data["code"], "valid_until": valid_until, "asked_at": message.created_at})


def link(message: OutboxMessage, at: dt.datetime) -> Letter:
    """A link sent anew to the address on record, after the old one had expired."""
    row = AccessLink.objects.filter(pk=message.data["link"]).first()
    if row is None or row.revoked_at is not None:
        raise NothingToSay
    page = urls_for.PAGES[LinkPurpose(row.purpose)]
    return Letter("link", {"url": urls_for.absolute(reverse(page, args=[links.token(row)])), "link": row})


COMPOSERS: dict[str, Composer] = {MailKind.CODE: code, MailKind.LINK: link}
