"""Short notices: handed in by anyone, released by the Fachstelle, read in the next letter with news."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Body, Person
from meetings.domain.moves import move
from meetings.enums import Happened, NoticeState
from meetings.models import Notice
from meetings.models.notice import NoticeQuerySet


class NoticeRefused(Exception):
    """The notice cannot be taken like this. `str()` is a German sentence."""


class NothingSaid(NoticeRefused):
    """No words, or nobody to read them."""


class AlreadyOver(NoticeRefused):
    """Its last day has passed."""


def submit(
    *,
    text: str,
    bodies: Collection[Body],
    valid_until: dt.date,
    by: Person,
    at: dt.datetime,
    via: str = Via.LINK,
    form_key: uuid.UUID | None = None,
) -> Notice:
    """Hand a notice in; it waits for its release. The same `form_key` again gives the same notice.

    Raises NothingSaid, AlreadyOver.
    """
    if not text.strip() or not bodies:
        raise NothingSaid(_("Bitte schreiben Sie, was es Neues gibt, und für wen."))
    _require_valid(valid_until, at)
    with transaction.atomic():
        said = {"text": text.strip(), "valid_until": valid_until}
        whose = {"from_organisation": by.organisation, "from_person": by, "submitted_at": at}
        notice, made = Notice.objects.get_or_create(form_key=form_key or uuid.uuid4(), defaults=said | whose)
        if made:
            notice.bodies.set(bodies)
            _record(Happened.NOTICE_SUBMITTED, notice, by=by, at=at, via=via)
    return notice


def release(notice: Notice, *, by: Person, at: dt.datetime) -> None:
    """Let it stand in the next letters until its last day. Raises AlreadyOver, MoveRefused."""
    _require_valid(notice.valid_until, at)
    with transaction.atomic():
        move(notice, to=NoticeState.RELEASED, released_by=by, released_at=at)
        _record(Happened.NOTICE_RELEASED, notice, by=by, at=at)


def decline(notice: Notice, *, by: Person, at: dt.datetime) -> None:
    """Do not publish it, or no longer. Raises MoveRefused."""
    with transaction.atomic():
        move(notice, to=NoticeState.DECLINED)
        _record(Happened.NOTICE_DECLINED, notice, by=by, at=at)


def waiting() -> list[Notice]:
    """What waits for release, the oldest first."""
    rows = Notice.objects.filter(state=NoticeState.PROPOSED)
    return list(_with_everything(rows).order_by("submitted_at", "pk"))


def current(*, day: dt.date) -> list[Notice]:
    """What is out and still valid, the next to end first."""
    return list(_with_everything(Notice.objects.valid_on(day)).order_by("valid_until", "pk"))


def _with_everything(rows: NoticeQuerySet) -> NoticeQuerySet:
    return rows.select_related("from_organisation", "from_person").prefetch_related("bodies")


def _require_valid(valid_until: dt.date, at: dt.datetime) -> None:
    if valid_until < local_date(at):
        raise AlreadyOver(_("Der %s ist schon vorbei.") % german.day(valid_until))


def _record(verb: Happened, notice: Notice, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    body = notice.bodies.order_by("pk").first()
    journal.record(verb, notice, at=at, by=by, via=via, body=body)
