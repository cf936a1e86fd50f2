"""What can be done with a relay now, and by whom: the table of moves, read for its kind of target and for the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from buendnisse import german, permissions
from buendnisse.models import Body
from buendnisse.permissions import Someone
from meetings.domain import relay_ground, relay_item
from meetings.domain.moves import may_move
from meetings.enums import RELAY_TRAVELLING, AgendaItemState, MeetingState, RelayState
from meetings.models import Relay


class Option(StrEnum):
    """In the order they are offered; the first one is what is mostly done next."""

    SEND = "senden"
    REWORD = "aendern"
    KEEP = "weiterlaufen"
    TAKE_UP = "aufnehmen"
    OUTCOME = "ergebnis"
    ANSWER = "antwort"
    DEFER = "vertagen"
    VOTE = "abstimmen"
    NEW_DATE = "neue-frist"
    ACKNOWLEDGE = "angekommen"
    DISCUSS = "beraten"
    CLOSE = "abschliessen"
    CORRECT = "antwort-aendern"
    FOLLOW_UP = "nachfragen"
    DECLINE = "nicht-zustaendig"
    WITHDRAW = "zuruecknehmen"

    @property
    def label(self) -> str:
        """The words of its button."""
        return str(_LABELS[self])


_LABELS = {
    Option.SEND: _("Senden"),
    Option.REWORD: _("Entwurf ändern"),
    Option.KEEP: _("Trotzdem weiterlaufen lassen"),
    Option.TAKE_UP: _("Auf die Tagesordnung nehmen"),
    Option.OUTCOME: _("Ergebnis eintragen"),
    Option.ANSWER: _("Antwort eintragen"),
    Option.DEFER: _("Vertagen"),
    Option.VOTE: _("Abstimmung per E-Mail"),
    Option.NEW_DATE: _("Neue Frist"),
    Option.ACKNOWLEDGE: _("Als angekommen vermerken"),
    Option.DISCUSS: _("Als beraten vermerken"),
    Option.CLOSE: _("Als gelesen abschließen"),
    Option.CORRECT: _("Art der Antwort ändern"),
    Option.FOLLOW_UP: _("Noch einmal fragen"),
    Option.DECLINE: _("Nicht zuständig"),
    Option.WITHDRAW: _("Die Bitte zurücknehmen"),
}
_MAY_BE_FOLLOWED = frozenset({RelayState.RETURNED, RelayState.CLOSED, RelayState.DECLINED, RelayState.WITHDRAWN})
_WAITS_FOR_A_PLACE = frozenset({RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.DISCUSSED})
#: What those who are asked decide themselves: about their agenda, and whether it is theirs at all.
_FOR_CHAIRS = frozenset({Option.TAKE_UP, Option.DEFER, Option.ACKNOWLEDGE, Option.DECLINE})
_FOR_UNITS = frozenset({Option.ANSWER, Option.ACKNOWLEDGE, Option.DECLINE})


@dataclass(frozen=True)
class Offer:
    """What can be done, and the words of its button here."""

    option: Option
    label: str


def offers(relay: Relay, person: Someone, *, at: dt.datetime) -> list[Offer]:
    """What this person may do, as their page says it."""
    is_ours = permissions.may_moderate(person)
    return [Offer(option, _label(option, relay, is_ours=is_ours)) for option in options_for(relay, person, at=at)]


def is_planned_again(relay: Relay) -> bool:
    """It stood on an agenda whose meeting does not take place."""
    return bool(why_planned_again(relay))


def why_planned_again(relay: Relay) -> str:
    """ "Die Sitzung am 3. März 2027 fällt aus."; empty where it stands on no such agenda."""
    item = relay_item.standing_item(relay)
    if item is None or item.meeting is None or item.meeting.state != MeetingState.CANCELLED:
        return ""
    return str(_("Die Sitzung am %s fällt aus.")) % german.day(item.meeting.start)


def goes_back(relay: Relay) -> bool:
    """It was declined: to look after it now takes that back."""
    return relay.state == RelayState.DECLINED


def withdrawing(relay: Relay) -> str:
    """What is taken back as a whole; a single step is put right by "Rückgängig"."""
    if relay.state == RelayState.DRAFT:
        return str(_("Den Entwurf zurücknehmen"))
    return Option.WITHDRAW.label if relay.expects_answer else str(_("Die Mitteilung zurücknehmen"))


def _label(option: Option, relay: Relay, *, is_ours: bool) -> str:
    if option is Option.ANSWER and not relay.expects_answer:
        return str(_("Kenntnisnahme vermerken"))
    if option is Option.ANSWER and not is_ours:
        return str(_("Antworten"))
    if option is Option.WITHDRAW:
        return withdrawing(relay)
    if option is Option.ACKNOWLEDGE and goes_back(relay):
        return str(_("Doch zuständig"))
    if option in {Option.TAKE_UP, Option.DEFER} and is_planned_again(relay):
        return str(_("Neu einplanen"))
    return option.label


def options(relay: Relay) -> tuple[Option, ...]:
    """What may be done, the likeliest first."""
    return tuple(option for option in Option if _WHEN[option](relay))


def theirs(target: Body) -> frozenset[Option]:
    """What who speaks for the target may ever do; the Fachstelle may do all of it as well."""
    return _FOR_CHAIRS if target.meets else _FOR_UNITS


def options_for(relay: Relay, person: Someone, *, at: dt.datetime) -> tuple[Option, ...]:
    """What this person may do: the Fachstelle everything, who speaks for the target what is theirs, nobody else anything."""
    if permissions.may_moderate(person):
        return options(relay)
    if relay.state == RelayState.DRAFT or not relay.expects_answer:
        return ()
    found = tuple(option for option in options(relay) if option in theirs(relay.target))
    return found if found and permissions.may_answer_for(person, relay.target, at=at) else ()


def _has_no_place(relay: Relay) -> bool:
    """It waits for a place on an agenda: nothing stands ahead, or only in the Themenspeicher or as a proposal."""
    item = relay_item.standing_item(relay)
    if item is not None and item.state in relay_item.NOT_PLACED:
        return relay.state in RELAY_TRAVELLING
    stands = item is not None and item.state != AgendaItemState.DISCUSSED
    return relay.state in _WAITS_FOR_A_PLACE and not stands


def _has_a_place(relay: Relay) -> bool:
    item = relay_item.standing_item(relay)
    if item is None or item.meeting is None or item.state == AgendaItemState.DISCUSSED:
        return False
    return item.meeting.state != MeetingState.IN_SESSION


def _may_go_out(relay: Relay) -> bool:
    """A draft whose decision fell, or whose topic was given up, can only be taken back."""
    return relay.state == RelayState.DRAFT and not relay_ground.has_lost_its_ground(relay)


def _travels(relay: Relay) -> bool:
    return relay.state in RELAY_TRAVELLING


def _meets(relay: Relay) -> bool:
    return relay.target.meets and relay.expects_answer


#: When each is open. In states that need no word here, the table of moves decides.
_WHEN: Mapping[Option, Callable[[Relay], bool]] = {
    Option.SEND: _may_go_out,
    Option.REWORD: _may_go_out,
    Option.KEEP: lambda relay: _travels(relay) and relay_ground.has_lost_its_ground(relay) and relay.kept_at is None,
    Option.TAKE_UP: lambda relay: _meets(relay) and _has_no_place(relay),
    Option.OUTCOME: lambda relay: relay.is_outward and may_move(relay, to=RelayState.ANSWERED),
    Option.ANSWER: lambda relay: not relay.is_outward and _travels(relay),
    Option.DEFER: lambda relay: relay.expects_answer and _travels(relay) and _has_a_place(relay),
    Option.VOTE: lambda relay: _meets(relay) and _travels(relay),
    Option.NEW_DATE: lambda relay: relay.expects_answer and _travels(relay),
    Option.ACKNOWLEDGE: lambda relay: relay.state in {RelayState.SENT, RelayState.DECLINED},
    Option.DISCUSS: lambda relay: _meets(relay) and relay.state == RelayState.ON_AGENDA,
    Option.CLOSE: lambda relay: relay.state == RelayState.RETURNED,
    Option.CORRECT: lambda relay: relay.state == RelayState.RETURNED and bool(relay.answer_kind),
    Option.FOLLOW_UP: lambda relay: relay.state in _MAY_BE_FOLLOWED and not relay.is_outward,
    Option.DECLINE: lambda relay: relay.expects_answer and may_move(relay, to=RelayState.DECLINED),
    Option.WITHDRAW: lambda relay: may_move(relay, to=RelayState.WITHDRAWN),
}
