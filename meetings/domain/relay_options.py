"""What can be done with a relay now: the table of moves, read for its kind of target."""

from __future__ import annotations

from enum import StrEnum

from buendnisse.enums import BodyKind
from meetings.domain.moves import may_move
from meetings.enums import RelayKind, RelayState
from meetings.models import Relay


class Option(StrEnum):
    """In the order they are offered; the first one is what is mostly done next."""

    SEND = "senden"
    REWORD = "aendern"
    TAKE_UP = "aufnehmen"
    OUTCOME = "ergebnis"
    ANSWER = "antwort"
    ACKNOWLEDGE = "angekommen"
    DISCUSS = "beraten"
    FOLLOW_UP = "nachfragen"
    DECLINE = "nicht-zustaendig"
    WITHDRAW = "zuruecknehmen"


_LEADS_TO = {
    Option.SEND: RelayState.SENT,
    Option.TAKE_UP: RelayState.ON_AGENDA,
    Option.OUTCOME: RelayState.ANSWERED,
    Option.ANSWER: RelayState.ANSWERED,
    Option.ACKNOWLEDGE: RelayState.ACKNOWLEDGED,
    Option.DISCUSS: RelayState.DISCUSSED,
    Option.DECLINE: RelayState.DECLINED,
    Option.WITHDRAW: RelayState.WITHDRAWN,
}
_MAY_BE_FOLLOWED = frozenset({RelayState.RETURNED, RelayState.CLOSED, RelayState.DECLINED, RelayState.WITHDRAWN})


def options(relay: Relay) -> tuple[Option, ...]:
    """What may be done, the likeliest first."""
    return tuple(option for option in Option if _is_open(option, relay))


def _is_open(option: Option, relay: Relay) -> bool:
    match option:
        case Option.REWORD:
            return relay.state == RelayState.DRAFT
        case Option.FOLLOW_UP:
            return relay.state in _MAY_BE_FOLLOWED and not relay.is_outward
    return may_move(relay, to=_LEADS_TO[option]) and _suits(option, relay)


def _suits(option: Option, relay: Relay) -> bool:
    meets = relay.target.kind == BodyKind.ALLIANCE
    match option:
        case Option.TAKE_UP:
            return meets and relay.kind != RelayKind.FOR_INFORMATION
        case Option.OUTCOME:
            return relay.is_outward
        case Option.ANSWER:
            return not relay.is_outward
        case Option.DISCUSS:
            return meets and relay.state != RelayState.RETURNED
        case Option.ACKNOWLEDGE:
            return relay.state != RelayState.ON_AGENDA
    return True
