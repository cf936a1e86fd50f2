"""After the end of a calendar's address: what its page says, and the ways back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal, link_requests, links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink, Change, Person
from notifications.domain import urls_for

ENDED, SENT = "link.ended", "link.sent"
#: Then the address of before may be in the wrong hands, and perhaps the mail address as well.
_NOT_BY_ITSELF = ("person.mail_went_astray", "person.links_ended")
#: Not the one that asks for a new link by mail: the page gives that to everybody who knows the address.
_SALT = "feed-end"


class NotBack(Exception):
    """It cannot be taken back any more. `str()` is a German sentence."""


@dataclass(frozen=True)
class Past:
    """A calendar whose address is over. `has_another`: another one took its place. `was_ended`: the person wanted none."""

    link: AccessLink
    has_another: bool
    was_ended: bool


def find(token: str) -> Past | None:
    """What became of the address with this token; None where it never was one, or still is. Three queries at most."""
    link = links.of_before(token, purpose=LinkPurpose.FEED)
    if link is None:
        return None
    has_another = link.revoked_at is None
    return Past(link, has_another, was_ended=not has_another and _was_ended(link))


def end(link: AccessLink, *, at: dt.datetime) -> str:
    """The address ends at once. Returns what `take_back` asks for: who only knows the address cannot switch it on again."""
    with transaction.atomic():
        links.revoke(link, at=at)
        journal.record(ENDED, link, at=at, by=link.person, via=Via.LINK)
    link.refresh_from_db(fields=["generation", "revoked_at"])
    return link_requests.sign(link, salt=_SALT)


def take_back(signed: str, *, at: dt.datetime) -> AccessLink:
    """The very same address works again, and programs that still ask for it go on. Raises NotBack."""
    link = link_requests.unsign(signed, salt=_SALT)
    if link is None or link.purpose != LinkPurpose.FEED or not _was_ended(link):
        raise NotBack(_("Das Abo lässt sich nicht mehr so wieder einschalten."))
    with transaction.atomic():
        if not links.take_back_revoking(link):
            raise NotBack(_("Ihr Abo hat inzwischen eine neue Adresse."))
        journal.record("link.end_taken_back", link, at=at, by=link.person, via=Via.LINK)
    link.refresh_from_db(fields=["generation", "revoked_at"])
    return link


def may_be_taken_back(signed: str, past: Past) -> bool:
    """Whether this value is of the end this page tells of."""
    link = link_requests.unsign(signed, salt=_SALT)
    return past.was_ended and link is not None and link.pk == past.link.pk


def send(person: Person, *, by: Person, at: dt.datetime) -> None:
    """The Fachstelle has the link to their calendar mailed to a person: the one there is, or a new one after an end."""
    with transaction.atomic():
        link = links.grant(person, purpose=LinkPurpose.FEED, until=at + urls_for.FEED_FOR, at=at)
        journal.record(SENT, link, at=at, by=by)


def of(person: Person) -> AccessLink | None:
    """The link of this person's calendar, ended or not; None where there never was one. One query."""
    return AccessLink.objects.filter(person=person, purpose=LinkPurpose.FEED).first()


def _was_ended(link: AccessLink) -> bool:
    """The last that ended it was its own button."""
    ended = Change.objects.of(link).filter(verb=ENDED).order_by("-pk").values_list("pk", flat=True).first()
    if link.revoked_at is None or ended is None:
        return False
    return not Change.objects.of(link.person).filter(verb__in=_NOT_BY_ITSELF, pk__gt=ended).exists()
