"""What holds for topics whatever happens to them: the usual minutes, who may change when, where a late one goes."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse.clock import end_of
from meetings.domain.schedule import schedule as schedule_of
from meetings.enums import RELAY_TRAVELLING, AgendaItemKind, AgendaItemState, DeadlineKind, MeetingState
from meetings.models import AgendaItem, Meeting

#: Signs; what the column holds.
LONGEST_TITLE = 250
_MARKUP = re.compile(r"<[A-Za-z/!][^>]*>|&(?:[a-z]+|#x?[0-9a-f]+);", re.IGNORECASE)
#: How long a topic takes where nobody said: OParl knows no default; these are the mockups' and the demo's.
USUAL_MINUTES = {
    AgendaItemKind.FORMAL: 5,
    AgendaItemKind.INFORMATION: 15,
    AgendaItemKind.DISCUSSION: 20,
    AgendaItemKind.DECISION: 20,
}
#: States in which a meeting still takes proposals.
OPEN_MEETINGS = frozenset(
    {
        MeetingState.PLANNED,
        MeetingState.CONFIRMED,
        MeetingState.CALL_OPEN,
        MeetingState.AGENDA_CLOSED,
        MeetingState.INVITED,
    }
)
MAY_BE_EDITED = frozenset(
    {
        AgendaItemState.PROPOSED,
        AgendaItemState.BACKLOG,
        AgendaItemState.ACCEPTED,
        AgendaItemState.SCHEDULED,
        AgendaItemState.PLANNED,
    }
)
ITS_PROPOSER_MAY_CHANGE = frozenset({AgendaItemState.PROPOSED, AgendaItemState.BACKLOG})
ON_AN_AGENDA = frozenset({AgendaItemState.ACCEPTED, AgendaItemState.SCHEDULED, AgendaItemState.PLANNED})


class AgendaRefused(Exception):
    """A step that is not possible. `str()` is a German sentence for the person who tried."""


class TitleRefused(AgendaRefused):
    """A title that cannot stand on an agenda."""


class TitleMissing(TitleRefused):
    """A topic needs a sentence."""


class TextRefused(AgendaRefused):
    """A text with signs nobody can read."""


class MeetingCancelled(AgendaRefused):
    """The meeting does not take place."""


class ReasonMissing(AgendaRefused):
    """What is not taken up needs a reason, since somebody waits for one."""


class TooLate(AgendaRefused):
    """The item is past what was asked."""


class NotYours(AgendaRefused):
    """Somebody else proposed it."""


class HoldsRelay(AgendaRefused):
    """The item answers another body, so it cannot simply vanish."""


class RelayIsOver(AgendaRefused):
    """The item answered a request that does not wait for it any more."""


class Stale(AgendaRefused):
    """Somebody else changed it first. `current` is what is stored now."""

    def __init__(self, current: AgendaItem) -> None:
        super().__init__(_("Jemand anderes hat dieses Thema inzwischen geändert. Bitte vergleichen Sie beide Texte."))
        self.current = current


def title_of(text: str) -> str:
    """A title as it may stand on an agenda: one line, no markup. Raises TitleMissing, TitleRefused."""
    if any(unicodedata.category(sign) == "Cc" and not sign.isspace() for sign in text):
        raise TitleRefused(_("Im Titel stehen Zeichen, die man nicht lesen kann. Bitte tippen Sie ihn noch einmal."))
    title = " ".join(text.split())
    if all(unicodedata.category(sign)[0] in "CZ" for sign in title):
        raise TitleMissing(_("Bitte nennen Sie Ihr Thema in einem Satz."))
    if len(title) > LONGEST_TITLE:
        raise TitleRefused(_("Das ist zu lang für die Tagesordnung. Bitte kürzen Sie auf %d Zeichen.") % LONGEST_TITLE)
    if _MARKUP.search(title):
        raise TitleRefused(_("Bitte schreiben Sie nur Text, ohne HTML wie „<b>“."))
    return title


def text_of(text: str) -> str:
    """A text of several lines without what surrounds it. Raises TextRefused."""
    if any(unicodedata.category(sign) == "Cc" and not sign.isspace() for sign in text):
        raise TextRefused(_("Hier stehen Zeichen, die man nicht lesen kann. Bitte tippen Sie den Text noch einmal."))
    return text.strip()


@dataclass(frozen=True)
class Window:
    """Whether something handed in at a moment is in time, a Nachtrag, or too late for this agenda."""

    in_time_until: dt.date
    late_until: dt.date
    is_late: bool
    is_over: bool


def window(meeting: Meeting, *, at: dt.datetime) -> Window:
    """What happens to a proposal for this meeting at `at`. "Bis 10. Februar" means until 24:00."""
    dates = schedule_of(meeting)
    editorial, late = dates[DeadlineKind.EDITORIAL_DEADLINE], dates[DeadlineKind.LATE_PAPERS]
    return Window(
        in_time_until=editorial,
        late_until=late,
        is_late=at >= end_of(editorial),
        is_over=at >= end_of(late) or meeting.state not in OPEN_MEETINGS,
    )


def reason_of(text: str) -> str:
    """The Fachstelle's sentence, as it is stored and read. Raises ReasonMissing."""
    said = text.strip()
    if not said:
        raise ReasonMissing(_("Bitte schreiben Sie einen Satz dazu. Wer das Thema vorgeschlagen hat, liest genau ihn."))
    return said


def refuse_if_it_answers(item: AgendaItem) -> None:
    """Raises HoldsRelay where another body waits for what this item decides."""
    if item.answers is not None and item.answers.state in RELAY_TRAVELLING:
        raise HoldsRelay(
            _("Dieser Punkt beantwortet die Weiterleitung %s. Bitte vertagen Sie ihn, oder antworten Sie dort.")
            % item.answers.number
        )


def refuse_if_its_relay_is_over(item: AgendaItem) -> None:
    """Raises RelayIsOver where an item that was taken off would come back, and what it answered goes on elsewhere or ended."""
    relay = item.answers
    if relay is None or item.state != AgendaItemState.WITHDRAWN:
        return
    if relay.state not in RELAY_TRAVELLING or relay.target_item_id != item.pk:
        raise RelayIsOver(
            _("Dieser Punkt gehört zur Weiterleitung %(number)s. Die ist „%(state)s“.")
            % {"number": relay.number, "state": relay.get_state_display()}
        )
