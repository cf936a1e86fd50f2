"""The periods of an alliance: how many calendar days before or after a meeting what is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from buendnisse.domain import alliance_rules
from buendnisse.domain.alliance_rules import RuleRefused
from buendnisse.models import Alliance, Person

LONGEST = 120  # days; a quarter has about ninety


@dataclass(frozen=True)
class Periods:
    """Before the meeting: call, reminder, editorial deadline, invitation, late papers. After it: minutes."""

    call_days: int
    reminder_days: int
    editorial_days: int
    invitation_days: int
    minimum_notice_days: int
    late_papers_days: int
    minutes_to_chair_days: int
    minutes_due_days: int


def of(alliance: Alliance) -> Periods:
    """As they stand."""
    return Periods(**{name: getattr(alliance, name) for name in Periods.__dataclass_fields__})


def change(alliance: Alliance, periods: Periods, *, version: int, by: Person, at: dt.datetime) -> bool:
    """Deadlines of meetings are computed from them, so they move along where nothing has left. Raises RuleRefused, StaleRule.

    False where all is as it was. `version` is `Alliance.rule_version` as it was read.
    """
    check(periods)
    changed = [name for name, value in asdict(periods).items() if getattr(alliance, name) != value]
    if not changed:
        return False
    alliance_rules.keep(alliance, asdict(periods), version=version, changed=changed, by=by, at=at)
    return True


def check(periods: Periods) -> None:
    """Call before reminder, reminder not after the editorial deadline, invitation after it. Raises RuleRefused."""
    if not periods.call_days > periods.reminder_days:
        raise RuleRefused(
            _("Die Erinnerung muss nach dem ersten Aufruf kommen, also weniger Tage vorher."), field="reminder_days"
        )
    if not periods.reminder_days >= periods.editorial_days:
        raise RuleRefused(_("Der Redaktionsschluss darf nicht vor der Erinnerung liegen."), field="editorial_days")
    if not periods.editorial_days > periods.invitation_days:
        raise RuleRefused(
            _("Die Einladung geht erst nach dem Redaktionsschluss, also weniger Tage vorher."), field="invitation_days"
        )
    if periods.minimum_notice_days > periods.invitation_days:
        raise RuleRefused(
            _("Eingeladen wird sonst immer zu spät: Diese Frist ist länger als die Einladung."),
            field="minimum_notice_days",
        )
    if periods.late_papers_days >= periods.invitation_days:
        raise RuleRefused(
            _("Nachgereicht wird nach der Einladung, also weniger Tage vorher."), field="late_papers_days"
        )
    if periods.minutes_to_chair_days > periods.minutes_due_days:
        raise RuleRefused(_("Der Vorsitz liest das Protokoll, bevor es alle bekommen."), field="minutes_to_chair_days")
