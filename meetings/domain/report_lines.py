"""What stands under "Bericht der Fachstelle": answers that came home, and what others let this body know."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from meetings.domain import circular_report
from meetings.enums import RelayKind, RelayState
from meetings.models import AgendaItem, Relay

#: The standing item this is told under.
REPORT = "relays"
_SHOWN = (
    "number",
    "subject",
    "state",
    "returned_item",
    "source__kind",
    "source__name",
    "source__short_name",
    "target__kind",
    "target__name",
    "target__short_name",
)


def report_lines(item: AgendaItem, *, reader: object, at: dt.datetime) -> tuple[str, ...]:
    """One sentence for each relay and each vote by mail this report tells of, as far as `reader` may see them."""
    here = Q(returned_item=item) | Q(target_item=item, kind=RelayKind.FOR_INFORMATION)
    relays = Relay.objects.visible_to(reader, at=at).filter(here).exclude(state=RelayState.WITHDRAWN)
    shown = relays.select_related("source", "target").only(*_SHOWN)
    voted = circular_report.lines(item.meeting, reader=reader, at=at) if item.meeting else ()
    return (*(_line(relay, item) for relay in sorted(shown, key=lambda relay: relay.pk)), *voted)


def _line(relay: Relay, item: AgendaItem) -> str:
    if relay.returned_item_id != item.pk:
        sentence, body = _("Zur Kenntnis aus %(body)s: %(subject)s (%(number)s)"), relay.source
    elif relay.state == RelayState.DECLINED:
        sentence, body = _("%(body)s ist dafür nicht die richtige Stelle: %(subject)s (%(number)s)"), relay.target
    else:
        sentence, body = _("Antwort aus %(body)s: %(subject)s (%(number)s)"), relay.target
    return sentence % {"body": body.word, "subject": relay.subject, "number": relay.number}
