"""How an alliance decides: its rules of procedure as data, which the desk, minutes and votes by mail go by.

An alliance writes what it agreed upon; what runs already (a vote, an objection period) keeps the rule it began with.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from buendnisse.domain import alliance_rules
from buendnisse.domain.alliance_rules import RuleRefused
from buendnisse.enums import NamesRule
from buendnisse.models import Alliance, Person

#: Days somebody has to object to minutes, and to answer a vote by mail; calendar days.
OBJECTION_DAYS = range(7, 43)
CIRCULAR_DAYS = range(3, 29)
LONGEST = 300  # characters of a rule in words


@dataclass(frozen=True)
class Procedure:
    """`quorum_share`: of the organisations with a vote, 0 to 1. The rules in words are read by members."""

    counts_votes: bool
    quorum_share: Decimal
    objection_days: int
    circular_days: int
    names_rule: NamesRule
    quorum_rule: str
    majority_rule: str
    deputy_rule: str
    circular_rule: str


def of(alliance: Alliance) -> Procedure:
    """As it stands."""
    return Procedure(
        **{name: getattr(alliance, name) for name in Procedure.__dataclass_fields__ if name != "names_rule"},
        names_rule=NamesRule(alliance.names_rule),
    )


def change(alliance: Alliance, procedure: Procedure, *, version: int, by: Person, at: dt.datetime) -> bool:
    """Keep it. False where all is as it was. Raises RuleRefused, StaleRule.

    `version` is `Alliance.rule_version` as it was read.
    """
    check(procedure)
    wanted = asdict(procedure)
    changed = [name for name, value in wanted.items() if getattr(alliance, name) != value]
    if not changed:
        return False
    alliance_rules.keep(alliance, wanted, version=version, changed=changed, by=by, at=at)
    return True


def check(procedure: Procedure) -> None:
    """Raises RuleRefused."""
    if not 0 < procedure.quorum_share <= 1:
        raise RuleRefused(_("Bitte wählen Sie, wie viele Organisationen da sein müssen."), field="quorum_share")
    for field, days in (("objection_days", OBJECTION_DAYS), ("circular_days", CIRCULAR_DAYS)):
        if getattr(procedure, field) not in days:
            raise RuleRefused(
                _("Bitte wählen Sie %(first)d bis %(last)d Tage.") % {"first": days.start, "last": days.stop - 1},
                field=field,
            )
