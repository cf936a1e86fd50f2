"""Links asked for anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse.domain import links
from buendnisse.models import AddressWish, Change
from notifications.domain import feed_ends
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def link_requested(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """Only ever to the address on record."""
    link = links.by_number(change.subject_id)
    if link is not None:
        yield Draft(MailKind.LINK, link.person, matter=f"link:{link.pk}", data={"link": link.pk})


def link_sent(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The Fachstelle sends a link to whom it belongs."""
    link = links.by_number(change.subject_id)
    if link is not None:
        yield Draft(MailKind.LINK, link.person, matter=f"link:{link.pk}", data={"link": link.pk, "by_desk": True})


def address_wished(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """To the address that is to be the new one; at once, since somebody waits for it."""
    wish = AddressWish.objects.select_related("person").filter(pk=change.subject_id).first()
    if wish is not None:
        data = {"wish": wish.pk}
        yield Draft(MailKind.ADDRESS_CHECK, wish.person, f"address:{wish.person_id}", data=data, not_before=change.at)


def address_changed(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """By a person's own wish: the address of before is told, as long as mail reached anybody there."""
    row = AddressWish.objects.select_related("person").filter(pk=change.data.get("wish") or 0).first()
    if row is not None and row.replaced:
        yield Draft(MailKind.ADDRESS_CHANGED, row.person, f"address_of_before:{row.pk}", data={"wish": row.pk})


HANDLERS: dict[str, Handler] = {
    "link.requested": link_requested,
    feed_ends.SENT: link_sent,
    "person.address_wished": address_wished,
    "person.address_changed": address_changed,
}
