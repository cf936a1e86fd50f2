"""Personal links: token = id + HMAC(LINK_KEY, id, purpose, generation).

Nothing secret lies in the row, the same link can be made again for another mail, and raising the generation
revokes every copy at once. A token that opens nothing looks like any other wrong token.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Greatest

from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink, Person
from buendnisse.models.at_once import insert_new

_GENERATIONS = 100  # nobody renews a link more often; what is asked of one whose row is gone
_MAC_BYTES = 15  # 120 bit, 20 characters: short enough for one line of plain text


class LinkInvalid(Exception):
    """The token was never given out, or was revoked."""


class LinkRevoked(LinkInvalid):
    """The token was given out once and was revoked: to a reader the same, to a calendar program a reason to stop."""


class LinkExpired(Exception):
    """The token was good and is over. `link` tells whose, so that a new one can be offered to their address."""

    def __init__(self, link: AccessLink) -> None:
        super().__init__(f"link {link.pk} has expired")
        self.link = link


def grant(
    person: Person,
    *,
    purpose: LinkPurpose,
    subject: models.Model | None = None,
    until: dt.datetime,
    at: dt.datetime,
) -> AccessLink:
    """The link of this person for this purpose and object; prolonged to `until`, never shortened."""
    link, made = AccessLink.objects.get_or_create(
        person=person,
        purpose=purpose,
        subject_type=subject._meta.model_name if subject else "",
        subject_id=subject.pk if subject else 0,
        defaults={"created_at": at, "expires_at": until},
    )
    if not made and (link.expires_at < until or link.revoked_at is not None):
        link.expires_at = max(link.expires_at, until)
        link.revoked_at = None  # the generation was raised: what was sent before stays invalid
        link.save(update_fields=["expires_at", "revoked_at"])
    return link


@dataclass(frozen=True)
class Wish:
    """A link that is wanted: whose, what for, about what, until when.

    `has_end`: it goes with a date, and works until then. Others work for a long time from now on, and are prolonged
    once some of that is over: they are wanted week after week.
    """

    person: Person
    purpose: LinkPurpose
    subject: models.Model | None
    until: dt.datetime
    has_end: bool = False

    @property
    def key(self) -> tuple[int, str, str, int]:
        """The columns that are unique together."""
        subject = self.subject
        about = ("", 0) if subject is None else (subject._meta.model_name or "", subject.pk)
        return (self.person.pk, str(self.purpose), *about)

    def is_granted_by(self, link: AccessLink) -> bool:
        """Whether this link opens for as long as is wished."""
        enough = self.until if self.has_end else self.until - SLACK
        return link.revoked_at is None and link.expires_at >= enough


def grant_each(wishes: Iterable[Wish], *, at: dt.datetime) -> dict[tuple[int, str, str, int], AccessLink]:
    """`grant` for many people, purposes and objects at once, by `Wish.key`: four queries at most."""
    wanted: dict[tuple[int, str, str, int], Wish] = {}
    for wish in wishes:
        wanted[wish.key] = max(wish, wanted.get(wish.key, wish), key=lambda one: (one.until, one.has_end))
    if not wanted:
        return {}
    rows = AccessLink.objects.filter(
        person_id__in={key[0] for key in wanted},
        purpose__in={key[1] for key in wanted},
        subject_id__in={key[3] for key in wanted},
    )
    rows = rows.defer("created_at", "used_at")  # thousands of them, and nobody asks
    found = {_key(link): link for link in rows}
    made = [
        AccessLink(**dict(zip(_UNIQUE, key, strict=True)), created_at=at, expires_at=wish.until)
        for key, wish in wanted.items()
        if key not in found
    ]
    insert_new(AccessLink, made, known_by=_UNIQUE)
    if all(link.pk for link in made):
        found |= {_key(link): link for link in made}
    else:  # another worker grants the same
        found = {_key(link): link for link in rows.all()}
    granted = {key: found[key] for key in wanted}
    short = {key: link for key, link in granted.items() if not wanted[key].is_granted_by(link)}
    for moment in {wanted[key].until for key in short}:
        for link in (same := [link for key, link in short.items() if wanted[key].until == moment]):
            link.expires_at, link.revoked_at = max(link.expires_at, moment), None
        AccessLink.objects.filter(pk__in=[link.pk for link in same]).update(
            expires_at=Greatest(F("expires_at"), Value(moment)), revoked_at=None
        )
    return granted


#: A link that goes with no date is prolonged once so much of its time is over.
SLACK = dt.timedelta(days=30)
_UNIQUE = ("person_id", "purpose", "subject_type", "subject_id")


def _key(link: AccessLink) -> tuple[int, str, str, int]:
    return (link.person_id, link.purpose, link.subject_type, link.subject_id)


def known(
    person: Person, *, purpose: LinkPurpose, subject: models.Model | None = None, at: dt.datetime
) -> AccessLink | None:
    """The link of this person that was given out before and still opens. For pages, which grant nothing when looked at."""
    return AccessLink.objects.filter(
        person=person,
        purpose=purpose,
        subject_type=(subject._meta.model_name or "") if subject else "",
        subject_id=subject.pk if subject else 0,
        expires_at__gt=at,
        revoked_at__isnull=True,
        used_at__isnull=True,
    ).first()


def token(link: AccessLink) -> str:
    """The text of the link; the same for the same generation."""
    return f"{_encode(link.pk)}-{_mac(link, link.generation)}"


def open_token(text: str, *, purpose: LinkPurpose | None, at: dt.datetime) -> AccessLink:
    """The link behind a token, with its person and organisation; with no purpose named, whatever it is for. One query.

    Raises LinkInvalid, LinkRevoked or LinkExpired.
    """
    link = by_number(number_in(text))
    if link is None:
        raise LinkInvalid
    check(link, text, purpose=purpose, at=at)
    return link


def by_number(number: int) -> AccessLink | None:
    """This link, with its person and organisation; whoever was entered twice is the one who stays. One query."""
    related = ("person__organisation", "person__merged_into__organisation")
    link = AccessLink.objects.select_related(*related).filter(pk=number).first()
    if link is not None and link.person.merged_into is not None:
        link.person = link.person.merged_into  # whichever of the two it was made for
    return link


def number_in(text: str) -> int:
    """Which link a token names; 0 where it names none. Says nothing about whether it opens it: `check` does."""
    return _decode(text.partition("-")[0])


def check(link: AccessLink, text: str, *, purpose: LinkPurpose | None, at: dt.datetime) -> None:
    """Whether this token opens this link now. Raises LinkInvalid, LinkRevoked or LinkExpired."""
    mac = text.partition("-")[2]
    if link.purpose != (purpose or link.purpose):
        raise LinkInvalid
    if link.revoked_at is not None or not _is_mac(mac, link, link.generation):
        raise LinkRevoked if _was_given_out(mac, link) else LinkInvalid
    if link.expires_at <= at or link.used_at is not None:
        raise LinkExpired(link)


def revoke(link: AccessLink, *, at: dt.datetime) -> None:
    """Make every copy of this link invalid. A later mail makes a new one."""
    AccessLink.objects.filter(pk=link.pk).update(generation=F("generation") + 1, revoked_at=at)


def take_back_revoking(link: AccessLink) -> bool:
    """Undo `revoke`: the copies of before open again. False where one was given out since."""
    rows = AccessLink.objects.filter(pk=link.pk, generation=link.generation, generation__gt=1)
    return rows.filter(revoked_at__isnull=False).update(generation=F("generation") - 1, revoked_at=None) == 1


def use_up(link: AccessLink, *, at: dt.datetime) -> bool:
    """Mark a link that works once as used; False if somebody was faster."""
    return AccessLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=at) == 1


def renew(link: AccessLink, *, until: dt.datetime) -> None:
    """Give an expired or revoked link a new generation, to be sent to its person."""
    AccessLink.objects.filter(pk=link.pk).update(
        generation=F("generation") + 1, revoked_at=None, used_at=None, expires_at=until
    )
    link.refresh_from_db(fields=["generation", "revoked_at", "used_at", "expires_at"])


#: An expired link still offers a new one to its person for so long.
KEPT_AFTER_EXPIRY = dt.timedelta(days=90)


def forget_expired(*, at: dt.datetime, limit: int) -> int:
    """Delete links that expired more than 90 days ago; the number deleted. Their tokens then open nothing at all."""
    old = AccessLink.objects.filter(expires_at__lt=at - KEPT_AFTER_EXPIRY).order_by("pk")
    return AccessLink.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]


def of_before(text: str, *, purpose: LinkPurpose) -> AccessLink | None:
    """The link this token opened until it was revoked or got another token; None where it never was one. One query."""
    link = by_number(number_in(text))
    if link is None or link.purpose != purpose:
        return None
    return link if _was_given_out(text.partition("-")[2], link) else None


def is_of_the_past(text: str, *, purpose: LinkPurpose) -> bool:
    """Whether a token without a row was given out for this purpose: it proves so itself. No query."""
    number, _dash, mac = text.partition("-")
    gone = AccessLink(pk=_decode(number), purpose=purpose, generation=_GENERATIONS)
    return _was_given_out(mac, gone)


def _was_given_out(mac: str, link: AccessLink) -> bool:
    """Whether it is the token of an earlier generation."""
    return any(_is_mac(mac, link, generation) for generation in range(1, link.generation))


def _is_mac(mac: str, link: AccessLink, generation: int) -> bool:
    return hmac.compare_digest(mac.encode(), _mac(link, generation).encode())


def _mac(link: AccessLink, generation: int) -> str:
    message = f"{link.pk}:{link.purpose}:{generation}".encode()
    digest = hmac.digest(settings.LINK_KEY.encode(), message, hashlib.sha256)[:_MAC_BYTES]
    return base64.urlsafe_b64encode(digest).decode().replace("-", "~")


def _encode(number: int) -> str:
    return base64.b32encode(number.to_bytes((number.bit_length() + 7) // 8 or 1)).decode().rstrip("=").lower()


def _decode(text: str) -> int:
    try:
        return min(
            int.from_bytes(base64.b32decode(text.upper() + "=" * (-len(text) % 8))),
            2**63 - 1,
        )
    except ValueError:
        return 0
