"""New links for expired ones, and the end of links that reached the wrong person."""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.db import transaction
from django.db.models import Q

from buendnisse.domain import journal, links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink, Change, Person

RENEWED_FOR = dt.timedelta(days=30)
#: The address of a calendar is typed into a program once, and stays there.
FEED_FOR = dt.timedelta(days=3653)
SIGN_IN_FOR = dt.timedelta(days=1)  # whoever holds it becomes that person
_OTHERWISE = {LinkPurpose.SIGN_IN: SIGN_IN_FOR, LinkPurpose.FEED: FEED_FOR}
_EVERY = dt.timedelta(minutes=5)  # a finger that taps twice gets one mail
_SALT = "expired-link"


def sign(link: AccessLink, *, salt: str = _SALT) -> str:
    """A value for the hidden field of the 410 page: whoever saw the old link may ask, nobody else.

    What is signed for something else has a salt of its own.
    """
    return signing.dumps([link.pk, link.generation], salt=salt)


def unsign(text: str, *, salt: str = _SALT) -> AccessLink | None:
    """The link behind a signed value; None for anything else."""
    try:
        number, generation = signing.loads(text, salt=salt)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    link = links.by_number(number)
    return link if link is not None and link.generation == generation else None


def request(link: AccessLink, *, at: dt.datetime) -> None:
    """Renew the link and have it mailed to its person's address on record."""
    recently = Change.objects.of(link).filter(verb="link.requested", at__gt=at - _EVERY)
    if recently.exists():
        return
    with transaction.atomic():
        links.renew(link, until=at + _OTHERWISE.get(LinkPurpose(link.purpose), RENEWED_FOR))
        journal.record("link.requested", link, at=at, by=link.person, via=Via.LINK)


def replace(link: AccessLink, *, until: dt.datetime, at: dt.datetime) -> None:
    """A new address in place of this one, which ends at once."""
    with transaction.atomic():
        links.renew(link, until=until)
        journal.record("link.replaced", link, at=at, by=link.person, via=Via.LINK)


def revoke_all(person: Person, *, by: Person | None = None, at: dt.datetime) -> None:
    """Every link of this person becomes invalid, those made for an entry that was merged into it, too.

    Without `by` somebody said "Diese Mail war nicht für mich", and the Fachstelle sees it.
    """
    with transaction.atomic():
        theirs = Q(person=person) | Q(person__merged_into=person)
        for link in AccessLink.objects.filter(theirs, revoked_at__isnull=True):
            links.revoke(link, at=at)
        if by is None:
            journal.record("person.mail_went_astray", person, at=at, by=None, via=Via.LINK)
        else:
            journal.record("person.links_ended", person, at=at, by=by)
