"""Short notices: handed in by any member, released by the Fachstelle, read in the next letters with news and on pages."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Alliance, Body, Change, Person
from meetings.domain.moves import MoveRefused, move
from meetings.domain.versions import Stale
from meetings.enums import Happened, NoticeState
from meetings.models import Notice

#: So many of one person may wait at once: a list somebody can still read through.
MOST_WAITING = 3
#: A notice is news, no notice board.
LONGEST_RUN = dt.timedelta(days=366)


class NoticeRefused(Exception):
    """The notice cannot be taken like this. `str()` is a German sentence."""


class NothingSaid(NoticeRefused):
    """No words, or nobody to read them."""


class AlreadyOver(NoticeRefused):
    """Its last day has passed."""


class RunsTooLong(NoticeRefused):
    """Its last day is more than a year away."""


class NotHttps(NoticeRefused):
    """The address of the page with more is none, or not a secure one."""


class TooManyWaiting(NoticeRefused):
    """This person has MOST_WAITING notices that nobody has looked at yet."""


class AlreadyTold(NoticeRefused):
    """A letter with news has gone out since: a release cannot be undone any more, only ended."""


def submit(
    *,
    text: str,
    bodies: Collection[Body],
    valid_until: dt.date,
    by: Person,
    at: dt.datetime,
    web_address: str = "",
    via: str = Via.LINK,
    form_key: uuid.UUID | None = None,
) -> Notice:
    """Hand a notice in; it waits for its release. The same `form_key` again gives the same notice.

    Raises NothingSaid, AlreadyOver, RunsTooLong, NotHttps, TooManyWaiting.
    """
    said = _said(text, bodies, valid_until, web_address, at)
    key = form_key or uuid.uuid4()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)  # two taps at once, and the cap, one after the other
        known = Notice.objects.filter(form_key=key, from_person=by).first()
        if known is not None:
            return known
        require_room(by)
        whose = {"from_organisation": by.organisation, "from_person": by, "submitted_at": at}
        notice = Notice.objects.create(form_key=key, **said, **whose)
        notice.bodies.set(bodies)
        _record(Happened.NOTICE_SUBMITTED, notice, by=by, at=at, via=via)
    return notice


def publish(*, by: Person, at: dt.datetime, **words: Any) -> Notice:
    """The Fachstelle's own (as `submit`): handed in and let out at once, or neither; a second tap finds it let out."""
    with transaction.atomic():
        made = submit(**words, by=by, at=at, via=Via.WEB)
        if made.state == NoticeState.PROPOSED:
            release(made, by=by, at=at)
    return made


def edit(
    notice: Notice,
    *,
    version: int,
    text: str,
    bodies: Collection[Body],
    valid_until: dt.date,
    web_address: str = "",
    by: Person,
    at: dt.datetime,
) -> None:
    """The Fachstelle words it before it releases it. What was handed in is kept and stays to be seen.

    What is out does not change any more: members have read it. Raises Stale, NothingSaid, AlreadyOver, RunsTooLong,
    NotHttps, MoveRefused.
    """
    said = _said(text, bodies, valid_until, web_address, at)
    as_sent = notice.own_words
    said["text_as_sent"] = as_sent if as_sent != said["text"] else ""
    with transaction.atomic():
        stored = Notice.objects.select_for_update().get(pk=notice.pk)
        if stored.state != NoticeState.PROPOSED:
            raise MoveRefused(
                _("Diese Kurzmeldung lässt sich nicht mehr ändern. Der Stand ist „%s“.") % stored.get_state_display()
            )
        if stored.version != version:
            raise Stale(Notice.objects.prefetch_related("bodies").get(pk=notice.pk))
        was = {name: getattr(stored, name) for name in said}
        if was == said and {body.pk for body in bodies} == set(stored.bodies.values_list("pk", flat=True)):
            return
        Notice.objects.filter(pk=notice.pk).update(version=F("version") + 1, **said)
        notice.bodies.set(bodies)
        _record(Happened.NOTICE_EDITED, notice, by=by, at=at)
    notice.refresh_from_db()


def edit_and_release(notice: Notice, *, reply: str = "", by: Person, at: dt.datetime, **words: Any) -> None:
    """Word it (as `edit`) and let it out, or neither. Raises what `edit` and `release` raise."""
    with transaction.atomic():
        edit(notice, **words, by=by, at=at)
        release(notice, by=by, at=at, reply=reply)


def release(notice: Notice, *, by: Person, at: dt.datetime, reply: str = "") -> None:
    """Let it stand in the next letters and on the pages of its bodies until its last day. Raises AlreadyOver, MoveRefused."""
    _require_valid(notice.valid_until, at)
    with transaction.atomic():
        move(notice, to=NoticeState.RELEASED, released_by=by, released_at=at, reply=reply.strip())
        _record(Happened.NOTICE_RELEASED, notice, by=by, at=at)


def decline(notice: Notice, *, by: Person, at: dt.datetime, reply: str = "") -> None:
    """Do not publish it. `reply` is what whoever sent it reads. Raises MoveRefused."""
    with transaction.atomic():
        move(notice, to=NoticeState.DECLINED, reply=reply.strip())
        _record(Happened.NOTICE_DECLINED, notice, by=by, at=at)


def reopen(notice: Notice, *, by: Person, at: dt.datetime) -> None:
    """Undo a release or a refusal: it waits again, with all its words. Raises AlreadyTold, MoveRefused."""
    if notice.state == NoticeState.RELEASED and is_told(notice):
        raise AlreadyTold(_("Der Wochenbrief ist schon geschrieben. Sie können die Kurzmeldung nur noch beenden."))
    with transaction.atomic():
        move(notice, to=NoticeState.PROPOSED, released_by=None, released_at=None)
        _record(Happened.NOTICE_REOPENED, notice, by=by, at=at)


def end(notice: Notice, *, by: Person, at: dt.datetime) -> None:
    """Let it end before its last day: it leaves the pages, letters that have gone stay as they are. Raises MoveRefused."""
    with transaction.atomic():
        move(notice, to=NoticeState.ENDED)
        _record(Happened.NOTICE_ENDED, notice, by=by, at=at)


def resume(notice: Notice, *, by: Person, at: dt.datetime) -> None:
    """Ended by mistake: it stands on the pages again, and is not told a second time. Raises AlreadyOver, MoveRefused."""
    _require_valid(notice.valid_until, at)
    with transaction.atomic():
        move(notice, to=NoticeState.RELEASED)
        _record(Happened.NOTICE_RESUMED, notice, by=by, at=at)


def withdraw(notice: Notice, *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """Whoever sent it takes it back, at any time. Raises MoveRefused."""
    with transaction.atomic():
        move(notice, to=NoticeState.WITHDRAWN, released_by=None, released_at=None)
        _record(Happened.NOTICE_WITHDRAWN, notice, by=by, at=at, via=via)


def resubmit(notice: Notice, *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """And wants it after all: it waits again. What the Fachstelle has decided is not undone this way.

    Raises AlreadyOver, TooManyWaiting, MoveRefused.
    """
    if notice.state != NoticeState.WITHDRAWN:
        raise MoveRefused(_("Diese Kurzmeldung haben Sie nicht zurückgenommen."))
    _require_valid(notice.valid_until, at)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)
        require_room(by)
        move(notice, to=NoticeState.PROPOSED, submitted_at=at, released_by=None, released_at=None, reply="")
        _record(Happened.NOTICE_RESUBMITTED, notice, by=by, at=at, via=via)


def is_told(notice: Notice) -> bool:
    """Whether letters with news were written since it was released."""
    closed = Change.objects.filter(verb=Happened.DIGEST_CLOSED)
    return notice.released_at is not None and closed.filter(at__gte=notice.released_at).exists()


def require_room(person: Person) -> None:
    """Raises TooManyWaiting."""
    if Notice.objects.filter(from_person=person, state=NoticeState.PROPOSED).count() >= MOST_WAITING:
        words = _("Von Ihnen warten schon %s Kurzmeldungen. Bitte warten Sie, bis wir sie gelesen haben.")
        raise TooManyWaiting(words % german.in_words(MOST_WAITING))


def own(person: Person) -> list[Notice]:
    """What this person handed in, the newest first."""
    return list(Notice.objects.filter(from_person=person).in_full().order_by("-submitted_at", "-pk")[:10])


def waiting() -> list[Notice]:
    """What waits for release, the oldest first."""
    return list(Notice.objects.filter(state=NoticeState.PROPOSED).in_full().order_by("submitted_at", "pk"))


def current(*, day: dt.date) -> list[Notice]:
    """What is out and still valid, the next to end first."""
    return list(Notice.objects.valid_on(day).in_full().order_by("valid_until", "pk"))


def running(alliance: Alliance, reader: object, *, at: dt.datetime) -> list[Notice]:
    """What stands on the page of this body today."""
    rows = Notice.objects.visible_to(reader, at=at).valid_on(local_date(at)).filter(bodies=alliance)
    return list(rows.select_related("from_organisation").order_by("valid_until", "pk")[:10])


def _said(
    text: str, bodies: Collection[Body], valid_until: dt.date, web_address: str, at: dt.datetime
) -> dict[str, object]:
    if not text.strip() or not bodies:
        raise NothingSaid(_("Bitte schreiben Sie, was es Neues gibt, und für wen."))
    _require_valid(valid_until, at)
    if valid_until > local_date(at) + LONGEST_RUN:
        raise RunsTooLong(_("Eine Kurzmeldung gilt höchstens ein Jahr. Bitte wählen Sie einen früheren Tag."))
    parts = urlsplit(web_address)
    if web_address and not (parts.scheme == "https" and parts.hostname):
        raise NotHttps(_("Bitte geben Sie eine Adresse an, die mit „https://“ beginnt."))
    return {"text": text.strip(), "valid_until": valid_until, "web_address": web_address}


def _require_valid(valid_until: dt.date, at: dt.datetime) -> None:
    if valid_until < local_date(at):
        raise AlreadyOver(_("Der %s ist schon vorbei.") % german.day(valid_until))


def _record(verb: Happened, notice: Notice, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    body = notice.bodies.order_by("pk").first()
    journal.record(verb, notice, at=at, by=by, via=via, body=body)
