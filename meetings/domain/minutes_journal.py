"""Minutes in the journal and the gate of their state: what every verb about minutes does alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.models import Person
from meetings.domain.moves import move
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import Happened, MinutesState, ObjectionState
from meetings.models import Meeting, Minutes, Objection


class NotYet(Exception):
    """Something has to happen first; `str()` says what."""


class WordsMissing(Exception):
    """Text is needed here."""


def hold(minutes: Minutes) -> None:
    """Keep them and their meeting from every other writer until the transaction ends, and read both anew.

    Everybody holds the meeting first, then its minutes, then the rest. Needs a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("minutes are held by a transaction")
    meeting = Meeting.objects.select_related("alliance").select_for_update(of=["self"]).get(pk=minutes.meeting_id)
    Minutes.objects.select_for_update().get(pk=minutes.pk)
    minutes.refresh_from_db()
    minutes.meeting = meeting


def begin(meeting: Meeting, *, by: Person, at: dt.datetime, via: str) -> Minutes:
    """The minutes of a meeting, made once, and told to the journal. Needs a transaction."""
    minutes, made = Minutes.objects.get_or_create(meeting=meeting, defaults={"author": by})
    if made:
        record(Happened.MINUTES_DRAFTED, minutes, by=by, at=at, via=via)
    return minutes


def has_open_objections(minutes: Minutes) -> bool:
    return Objection.objects.filter(minutes=minutes, state=ObjectionState.OPEN).exists()


def move_on(minutes: Minutes, *, to: MinutesState, **fields: object) -> None:
    if minutes.state == MinutesState.APPROVED:
        refuse_frozen(minutes)
    move(minutes, to=to, version=minutes.version + 1, **fields)


def refuse_frozen(minutes: Minutes) -> NoReturn:
    if minutes.state == MinutesState.APPROVED:
        raise MinutesFrozen(_("Das Protokoll ist genehmigt. Änderungen sind nur als datierte Berichtigung möglich."))
    raise MinutesFrozen(_("Diese Fassung ist schon verschickt. Eine neue entsteht durch einen Einwand."))


def record(
    verb: str,
    minutes: Minutes,
    *,
    by: Person | None,
    at: dt.datetime,
    via: str,
    reason: str = "",
    data: Mapping[str, object] | None = None,
) -> None:
    journal.record(
        verb,
        minutes,
        at=at,
        by=by,
        via=via,
        body=minutes.meeting.alliance,
        reason=reason,
        data={"meeting": minutes.meeting_id, **(data or {})},
    )
