"""Minutes in the journal and the gate of their state: what every verb about minutes does alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NoReturn

from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.models import Person
from meetings.domain.moves import move
from meetings.domain.open_minutes import MinutesFrozen
from meetings.enums import MinutesState, ObjectionState
from meetings.models import Minutes, Objection


class NotYet(Exception):
    """Something has to happen first; `str()` says what."""


class WordsMissing(Exception):
    """Text is needed here."""


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
