"""The one gate for every state. It compares and sets, so a stale second writer is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from meetings import enums
from meetings.enums import Moves
from meetings.models import (
    ActionItem,
    AgendaItem,
    AgendaRelease,
    CircularVote,
    Decision,
    DeputyRequest,
    Meeting,
    MeetingFolder,
    Minutes,
    Notice,
    Objection,
    Relay,
    Remark,
)

TABLES: dict[type[models.Model], Moves] = {
    Meeting: enums.MEETING_MOVES,
    AgendaItem: enums.AGENDA_ITEM_MOVES,
    AgendaRelease: enums.RELEASE_MOVES,
    MeetingFolder: enums.FOLDER_MOVES,
    Minutes: enums.MINUTES_MOVES,
    Objection: enums.OBJECTION_MOVES,
    Decision: enums.DECISION_MOVES,
    ActionItem: enums.ACTION_ITEM_MOVES,
    Relay: enums.RELAY_MOVES,
    CircularVote: enums.CIRCULAR_MOVES,
    Notice: enums.NOTICE_MOVES,
    Remark: enums.REMARK_MOVES,
    DeputyRequest: enums.DEPUTY_REQUEST_MOVES,
}

_BACK: dict[type[models.Model], Moves] = {
    Relay: enums.RELAY_TAKE_BACK_MOVES,
    DeputyRequest: enums.DEPUTY_REQUEST_TAKE_BACK_MOVES,
    Decision: enums.DECISION_TAKE_BACK_MOVES,
}


class MoveRefused(Exception):
    """The move stands in no table, or somebody else moved the thing first. `str()` is a German sentence."""


#: So long a slip of the writer's can be undone: mail waits as long after what a person did.
TAKE_BACK_WITHIN = dt.timedelta(minutes=1)


def move(thing: models.Model, *, to: str, **fields: Any) -> None:
    """Set `thing.state` to `to`, together with `fields`, if it still is in the state we know.

    Raises MoveRefused. Writes no Change: the verb that calls it does, in the same transaction.
    """
    _set(thing, to, TABLES[type(thing)], fields)


def move_back(thing: Relay | DeputyRequest | Decision, *, to: str, **fields: Any) -> None:
    """Put a slip right: `thing` stands where it stood before. Same gate with tables of its own. Raises MoveRefused."""
    _set(thing, to, _BACK[type(thing)], fields)


def _set(thing: models.Model, to: str, table: Moves, fields: dict[str, Any]) -> None:
    before = getattr(thing, "state")  # noqa: B009 -- ten models share the field, none shares a base
    if to not in table.get(before, frozenset()):
        raise MoveRefused(
            _("Das geht nicht mehr. Der Stand ist „%(before)s“, und von dort führt kein Weg zu „%(after)s“.")
            % {"before": _label(thing, before), "after": _label(thing, to)}
        )
    changed = type(thing)._default_manager.filter(pk=thing.pk, state=before).update(state=to, **fields)
    if changed != 1:
        raise MoveRefused(_("Jemand anderes war schneller. Bitte laden Sie die Seite neu."))
    thing.state = to  # type: ignore[attr-defined]
    for name, value in fields.items():
        setattr(thing, name, value)


def may_move(thing: models.Model, *, to: str) -> bool:
    """True if the table allows it. A stay where one is is no move."""
    return to in TABLES[type(thing)].get(getattr(thing, "state"), frozenset())  # noqa: B009 -- as above


def _label(thing: models.Model, state: str) -> str:
    choices: Any = thing._meta.get_field("state")
    return str(dict(choices.flatchoices).get(state, state))
