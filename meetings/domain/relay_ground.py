"""What a relay stands on: whether the decision or the topic it carries still holds, and the decision that answered it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from buendnisse import german
from meetings.domain.relay_listed import Ground, Listed
from meetings.enums import DECISION_STANDING, RELAY_TRAVELLING, AgendaItemState, DecisionState, RelayState
from meetings.models import Decision, Relay

#: Items their own body has let go: nobody there waits for an answer about them.
GIVEN_UP = frozenset({AgendaItemState.DECLINED, AgendaItemState.WITHDRAWN, AgendaItemState.DELEGATED})
#: From the draft to the answer.
UNDER_WAY = RELAY_TRAVELLING | {RelayState.DRAFT}


def lost_ground(relay: Relay | Listed) -> str:
    """ "B-2026-05 wurde am 3. Juni 2026 aufgehoben." Empty while the decision stands; of an item, while it was not given up."""
    if relay.source_decision is not None:
        return _fallen(relay.source_decision)
    if relay.source_item is not None and relay.source_item.state in GIVEN_UP:
        return _("Das Thema dahinter ist nicht mehr auf dem Weg: %s.") % relay.source_item.get_state_display()
    return ""


def fallen(relay: Relay | None) -> str:
    """The same for who is asked, while it still waits for them: nobody decides about what does not hold, unknowing."""
    return lost_ground(relay) if relay is not None and has_lost_its_ground(relay) else ""


def lost_answer(relay: Relay) -> str:
    """The same of the decision that answered it; empty too where it was answered in words. A no stands as a no."""
    if relay.answer_decision is None or relay.answer_decision.state == DecisionState.REJECTED:
        return ""
    return _fallen(relay.answer_decision)


def _fallen(source: Decision | Ground) -> str:
    if source.state in DECISION_STANDING:
        return ""
    if source.state == DecisionState.REVOKED and source.revoked_on:
        sentence, day = _("%(number)s wurde am %(day)s aufgehoben."), german.day(source.revoked_on)
    elif source.state == DecisionState.SUPERSEDED and source.superseded_on:
        sentence, day = _("%(number)s wurde am %(day)s ersetzt."), german.day(source.superseded_on)
    else:
        sentence, day = _("%(number)s gilt nicht mehr."), ""
    return sentence % {"number": source.number, "day": day}


def has_lost_its_ground(relay: Relay | Listed) -> bool:
    """It is still under way, but what it carries does not stand any more: its decision, or a topic given up at home."""
    return relay.state in UNDER_WAY and bool(lost_ground(relay))
