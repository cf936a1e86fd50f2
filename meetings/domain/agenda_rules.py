"""What holds for topics whatever happens to them: the usual minutes, who may change when, where a late one goes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from buendnisse.clock import end_of
from meetings.domain.schedule import schedule as schedule_of
from meetings.enums import AgendaItemKind, AgendaItemState, DeadlineKind, MeetingState
from meetings.models import AgendaItem, Meeting

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


class TitleMissing(AgendaRefused):
    """A topic needs a sentence."""


class TitleTooLong(AgendaRefused):
    """A title is one line on an agenda."""


class TitleNotPlain(AgendaRefused):
    """A title is plain text: it stands in subjects, in documents and on the wall."""


class ReasonMissing(AgendaRefused):
    """What is not taken up needs a reason, since somebody waits for one."""


class TooLate(AgendaRefused):
    """The item is past what was asked."""


class NotYours(AgendaRefused):
    """Somebody else proposed it."""


class HoldsRelay(AgendaRefused):
    """The item answers another body, so it cannot simply vanish."""


class Stale(AgendaRefused):
    """Somebody else changed it first. `current` is what is stored now."""

    def __init__(self, current: AgendaItem) -> None:
        super().__init__(_("Jemand anderes hat dieses Thema inzwischen geändert. Bitte vergleichen Sie beide Texte."))
        self.current = current


#: The longest title; the column holds no more.
TITLE_LENGTH = 250
#: A tag or a comment, not the sign alone: "Kinder < 6 Jahre" is a title.
_MARKUP = re.compile(r"<\s*[/!?]?\s*[a-zA-Z!]")


def title_of(text: str) -> str:
    """A title as it is stored: one line of plain text, at most 250 characters.

    Raises TitleMissing, TitleTooLong, TitleNotPlain; every form and verb that names a topic asks here.
    """
    said = " ".join(text.split())
    if not said:
        raise TitleMissing(_("Bitte nennen Sie Ihr Thema in einem Satz."))
    if len(said) > TITLE_LENGTH:
        raise TitleTooLong(
            _("Der Titel ist zu lang für die Tagesordnung. Bitte kürzen Sie ihn auf %d Zeichen.") % TITLE_LENGTH
        )
    if _MARKUP.search(said):
        raise TitleNotPlain(_("Bitte schreiben Sie den Titel als einfachen Text, ohne HTML wie „<b>“."))
    return said


@dataclass(frozen=True)
class Window:
    """Where a proposal of a moment goes: onto the agenda in time, as a Nachtrag, or into the Themenspeicher."""

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
    """What answers another body cannot simply vanish. Raises HoldsRelay."""
    if item.answers_id is not None and item.answers is not None:
        raise HoldsRelay(
            _("Dieser Punkt beantwortet die Weiterleitung %s. Bitte vertagen Sie ihn, oder antworten Sie dort.")
            % item.answers.number
        )
