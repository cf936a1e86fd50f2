"""Days that lie ahead: when an answer is due, when it is asked again."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from buendnisse import clock

#: Nobody plans further; a later year is a slip of the finger.
_FURTHEST = dt.timedelta(days=2 * 366)


def within_two_years(day: dt.date) -> None:
    """Raises ValidationError for a day more than two years ahead."""
    if day > clock.local_date(clock.now()) + _FURTHEST:
        raise ValidationError(_("Das ist mehr als zwei Jahre hin. Bitte prüfen Sie das Datum."))
