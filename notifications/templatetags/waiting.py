"""When waiting mail leaves, in words."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.translation import gettext_lazy as _

from buendnisse import clock, german
from notifications.domain import outbox
from notifications.domain.mail_room import Bundle
from notifications.domain.valve import Valve
from notifications.enums import OutboxState

register = template.Library()

_MINUTE = 60
_HOUR = 3600


@register.filter
def leaves(moment: dt.datetime, now: dt.datetime) -> str:
    """ "jetzt", "in 40 Sekunden", "in 3 Minuten", "um 14:05 Uhr", "am 30. November, 07:00 Uhr"."""
    seconds = round((moment - now).total_seconds())
    if seconds <= 0:
        return "jetzt"
    if seconds < 2 * _MINUTE:
        return f"in {german.count(seconds, 'Sekunde', 'Sekunden')}"
    if seconds < _HOUR:
        return f"in {german.count(seconds // _MINUTE, 'Minute', 'Minuten')}"
    if clock.local_date(moment) == clock.local_date(now):
        return f"um {german.hour(moment)}"
    return f"am {german.day_and_month(moment)}, {german.hour(moment)}"


@register.filter
def short_moment(moment: dt.datetime) -> str:
    """19.11.2026, 10:31 Uhr"""
    return f"{german.short_day(moment)}, {german.hour(moment)}"


@register.simple_tag(takes_context=True)
def why_it_waits(context: template.Context, line: Bundle) -> str:
    """In one sentence, for a line of the Postausgang that has not left; what failed says why."""
    if line.state == OutboxState.STOPPED:
        held = _("Die Adresse wird geprüft. Danach geht sie von selbst.")
        return str(held if line.held else _("Von Hand angehalten. Sie geht erst, wenn Sie sie freigeben."))
    if line.state != OutboxState.WAITING:
        return line.failure
    paused_at, now = context["installation"].mail_paused_at, context["now"]
    state = Valve(is_paused=paused_at is not None)
    return str(_held_back(line, state) or _soon(line, now))


def _held_back(line: Bundle, state: Valve) -> object:
    if state.keeps(line.kind):
        return _("Der ganze Versand ist angehalten.")
    return _("Die Mails zu dieser Sitzung sind angehalten.") if line.is_paused else ""


def _soon(line: Bundle, now: dt.datetime) -> object:
    if line.tried_since:
        return _("Noch nicht hinausgegangen. %s") % line.failure
    if line.moment > now:
        return _("Wartet, damit Sie noch etwas ändern können.")
    return _("Geht mit dem nächsten Schub.") if outbox.is_open() else _("Kein Mailserver eingestellt.")
