"""What stands under "Bericht der Fachstelle": answers that came home, what others let this body know, what is on its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Body
from meetings.domain import relay_ground, relay_words
from meetings.domain.line import Line
from meetings.domain.standing_look import Look
from meetings.enums import RELAY_TRAVELLING, RelayKind, RelayState, StandingCode
from meetings.models import AgendaItem, Decision, Meeting, Relay
from meetings.models.decision import out

#: The standing item this is told under.
REPORT = StandingCode.REPORT
_SHOWN = (
    "number",
    "subject",
    "state",
    "kind",
    "due_on",
    "returned_item",
    "target_item__meeting",
    "source__kind",
    "source__name",
    "source__short_name",
    "target__kind",
    "target__name",
    "target__short_name",
    "outcome",
    "source_decision__number",
    "source_decision__state",
    "source_decision__revoked_on",
    "source_decision__superseded_on",
    "answer_decision__number",
    "answer_decision__state",
    "answer_decision__revoked_on",
    "answer_decision__superseded_on",
)
#: The answer, where members of all bodies may read it.
_OUT = Decision.objects.filter(out(), pk=OuterRef("answer_decision"), agenda_item__confidential_to__isnull=True)


def told(item: AgendaItem, look: Look) -> Iterable[Line]:
    """Answers and notices that are read out under this item: they hang on it, whatever day it is."""
    here = Q(returned_item=item) | Q(target_item=item, kind=RelayKind.FOR_INFORMATION)
    for relay in _rows(here & ~Q(state=RelayState.WITHDRAWN)):
        yield Line(_told(relay, item), relay=relay.pk)


def fallen(item: AgendaItem, look: Look) -> Iterable[Line]:
    """Answers this body has read already, whose decision was revoked or replaced since its meeting before."""
    since = local_date(look.before.start) if look.before else dt.date.min
    until = local_date(look.meeting.start)
    fell = Q(answer_decision__revoked_on__range=(since, until)) | Q(
        answer_decision__superseded_on__range=(since, until)
    )
    for relay in _rows(fell & Q(source_id=look.meeting.alliance_id, state=RelayState.CLOSED)):
        sentence = _("Die Antwort aus %(body)s gilt so nicht mehr: %(subject)s (%(number)s). %(lost)s")
        yield Line(sentence % {**_named(relay, relay.target), "lost": relay_ground.lost_answer(relay)}, relay=relay.pk)


def on_their_way(item: AgendaItem, look: Look) -> Iterable[Line]:
    """What this body asked and waits for, and what waits for it; not what is only told."""
    meeting = look.meeting
    here = Q(source_id=meeting.alliance_id) | Q(target_id=meeting.alliance_id)
    for relay in _rows(here & Q(state__in=RELAY_TRAVELLING) & ~Q(kind=RelayKind.FOR_INFORMATION)):
        yield Line(_under_way(relay, meeting), heading=_("Unterwegs"), relay=relay.pk)


def _rows(here: Q) -> list[Relay]:
    shown = (
        Relay.objects.filter(here)
        .annotate(answer_is_out=Exists(_OUT))
        .select_related("source", "target", "target_item", "source_decision", "answer_decision")
        .only(*_SHOWN)
    )
    return sorted(shown, key=lambda relay: relay.pk)


def _told(relay: Relay, item: AgendaItem) -> str:
    if relay.returned_item_id != item.pk:
        sentence, body = _("Zur Kenntnis aus %(body)s: %(subject)s (%(number)s)"), relay.source
    elif relay.state == RelayState.DECLINED:
        sentence, body = _("%(body)s ist dafür nicht die richtige Stelle: %(subject)s (%(number)s)"), relay.target
    elif _is_known_no(relay):
        sentence, body = _("%(body)s lehnt ab: %(subject)s (%(number)s)"), relay.target
    else:
        sentence, body = _("Antwort aus %(body)s: %(subject)s (%(number)s)"), relay.target
    words, lost = sentence % _named(relay, body), relay_ground.lost_answer(relay)
    return f"{words}. {lost}" if lost else words


def _named(relay: Relay, body: Body) -> dict[str, str]:
    return {"body": body.word, "subject": relay.subject, "number": relay.number}


def _is_known_no(relay: Relay) -> bool:
    """A no that every reader of an agenda may know: members of all bodies read it, the target's minutes may not be out."""
    return relay_words.is_rejected(relay) and (relay.answer_decision is None or vars(relay)["answer_is_out"])


def _under_way(relay: Relay, meeting: Meeting) -> str:
    if relay.source_id == meeting.alliance_id:
        sentence, body = _("Bitte an %(body)s, noch ohne Antwort: %(subject)s (%(number)s)"), relay.target
    elif relay.target_item is not None and relay.target_item.meeting_id == meeting.pk:
        sentence, body = _("Bitte aus %(body)s, heute auf der Tagesordnung: %(subject)s (%(number)s)"), relay.source
    else:
        sentence, body = _("Bitte aus %(body)s, noch ohne Antwort: %(subject)s (%(number)s)"), relay.source
    words = sentence % _named(relay, body)
    until = _(", Antwort erbeten bis %s") % german.short_day(relay.due_on) if relay.due_on else ""
    lost = relay_ground.lost_ground(relay)
    return f"{words}{until}. {lost}" if lost else f"{words}{until}"
