"""How often and when people are reminded: one row that the Fachstelle reads and changes, for the whole installation."""

from __future__ import annotations

import datetime as dt
import time

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import journal
from buendnisse.models import Person
from meetings.enums import Happened
from meetings.models import ReminderRules

_FRESH_FOR = 30.0  # seconds a process may rely on what it read
#: What may be chosen, by field: days, but for `per_quarter`, which counts mails.
RANGES = {
    "per_quarter": range(7),
    "together_days": range(1, 8),
    "expires_days": range(1, 15),
    "answer_before": range(1, 15),
    "vote_before": range(1, 8),
    "task_before": range(1, 29),
    "task_after": range(1, 15),
    "relay_before": range(1, 29),
    "relay_after": range(1, 15),
    "decision_again": range(1, 29),
}


class RulesRefused(Exception):
    """The rules were not kept. `str()` is a German sentence; `field` names what it is about, if anything."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


_kept: tuple[float, ReminderRules] | None = None


def current() -> ReminderRules:
    """As this process last read them, half a minute ago at most; what holds by itself where nobody chose anything."""
    global _kept  # noqa: PLW0603 -- one value a process, guarded by its age
    if _kept is None or time.monotonic() - _kept[0] > _FRESH_FOR:
        _kept = (time.monotonic(), stored())
    return _kept[1]


def stored() -> ReminderRules:
    """As they are now. One query."""
    return ReminderRules.objects.filter(pk=1).first() or ReminderRules(pk=1)


def most_in_words() -> str:
    """How many reminders a person gets at most, as a sentence to them."""
    most = current().per_quarter
    if most == 0:
        return _("Erinnerungen schicken wir zurzeit keine.")
    if most == 1:
        return _("Mehr als eine Erinnerung im Vierteljahr bekommen Sie nie.")
    return _("Mehr als %s Erinnerungen im Vierteljahr bekommen Sie nie.") % german.in_words(most)


def days(field: str) -> dt.timedelta:
    """One of the numbers of days as a span."""
    return dt.timedelta(days=getattr(current(), field))


def change(wanted: dict[str, int], *, version: int, by: Person, at: dt.datetime) -> bool:
    """Keep them. False where all is as it was. Raises RulesRefused, also where somebody was faster than `version`."""
    for field, allowed in RANGES.items():
        if wanted[field] not in allowed:
            words = _("Bitte wählen Sie eine Zahl von %(first)d bis %(last)d.")
            raise RulesRefused(words % {"first": allowed.start, "last": allowed.stop - 1}, field=field)
    with transaction.atomic():
        ReminderRules.objects.get_or_create(pk=1)
        stored = ReminderRules.objects.select_for_update().get(pk=1)
        changed = sorted(field for field in RANGES if getattr(stored, field) != wanted[field])
        if not changed:
            return False
        if stored.version != version:
            raise RulesRefused(_("Jemand hat die Regeln inzwischen geändert. Bitte vergleichen Sie."))
        chosen = {field: wanted[field] for field in RANGES}
        ReminderRules.objects.filter(pk=1).update(**chosen, version=version + 1)
        journal.record(Happened.REMINDER_RULES_CHANGED, stored, at=at, by=by, data={"fields": changed})
    forget()
    return True


def forget() -> None:
    """Read anew at the next call."""
    global _kept  # noqa: PLW0603 -- as above
    _kept = None
