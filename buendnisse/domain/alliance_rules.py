"""The usual day of an alliance, its hours, and who hosts it in turn: data that proposals start from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import NamesRule, Via
from buendnisse.models import Alliance, ComingRule, Host, Person, Venue

CHANGED = "body.rule_changed"
MOST_HOSTS = 8
_COLUMNS = ("weekday", "nth", "month", "start", "end", "venue")
_FRIDAY, _WEEKS, _MONTHS = 4, 5, 3


class RuleRefused(Exception):
    """The rule cannot be kept like this; `str()` is a German sentence, `field` the field of a form it belongs to."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Rule:
    """The `nth` `weekday` (0 Monday) of the quarter's `month`, local hours, the usual venue, and hosts in turn."""

    weekday: int
    nth: int
    month: int
    start: dt.time
    end: dt.time
    venue: Venue | None
    hosts: tuple[Venue, ...] = ()


class StaleRule(Exception):
    """Somebody else changed the rule first. `alliance` and `hosts` are what holds now."""

    def __init__(self, alliance: Alliance, hosts: Sequence[Venue]) -> None:
        super().__init__(_("Inzwischen hat jemand anderes diese Regel geändert. Bitte vergleichen Sie."))
        self.alliance = alliance
        self.hosts = hosts


def hosts_of(alliance: Alliance, *, coming: bool = False) -> list[Venue]:
    """In the order of their turns; empty where nobody takes turns."""
    rows = Host.objects.filter(alliance=alliance, is_coming=coming).select_related("venue").order_by("position")
    return [host.venue for host in rows]


def rule_of(alliance: Alliance, hosts: Sequence[Venue]) -> Rule | None:
    """The rule as it stands; None where the alliance has none that could be kept like this."""
    weekday, start, end = alliance.usual_weekday, alliance.usual_start, alliance.usual_end
    if weekday is None or weekday > _FRIDAY or start is None or end is None:
        return None
    return Rule(
        weekday, alliance.usual_nth, alliance.usual_month, start, end, alliance.usual_venue, tuple(hosts[:MOST_HOSTS])
    )


def agree(
    alliance: Alliance, rule: Rule, *, first_day: dt.date | None, version: int, by: Person, at: dt.datetime
) -> bool:
    """At once where no first day is named or it is today, else from that day on. False where all is as it was.

    Raises StaleRule, RuleRefused.
    """
    if first_day is None or first_day == local_date(at):
        return change(alliance, rule, version=version, by=by, at=at)
    return change_from(first_day, alliance, rule, version=version, by=by, at=at)


def change(alliance: Alliance, rule: Rule, *, version: int, by: Person, at: dt.datetime) -> bool:
    """Meetings that stand are not moved; proposals follow. False where all is as it was. Raises StaleRule, RuleRefused.

    `version` is `Alliance.rule_version` as it was read.
    """
    check(rule)
    hosts = hosts_of(alliance)
    changed = [name for name in _COLUMNS if getattr(alliance, f"usual_{name}") != getattr(rule, name)]
    if list(rule.hosts) != hosts:
        changed.append("hosts")
    if not changed:
        return False
    columns = {f"usual_{name}": getattr(rule, name) for name in _COLUMNS}
    with transaction.atomic():
        keep(alliance, columns, version=version, changed=changed, by=by, at=at)
        _take_turns(alliance, rule.hosts, coming=False)
    return True


def change_from(
    first_day: dt.date, alliance: Alliance, rule: Rule, *, version: int, by: Person, at: dt.datetime
) -> bool:
    """The rule holds from `first_day` on, and the present one until then. It replaces another that was to come.

    False where all is as it was. Raises StaleRule, RuleRefused.
    """
    check(rule)
    if first_day <= local_date(at):
        raise RuleRefused(_("Bitte wählen Sie einen Tag, der noch kommt, oder lassen Sie ihn leer."), field="first_day")
    told = {name: getattr(rule, name) for name in _COLUMNS} | {"first_day": first_day}
    stands = ComingRule.objects.filter(alliance=alliance, **told).exists()
    if stands and list(rule.hosts) == hosts_of(alliance, coming=True):
        return False
    with transaction.atomic():
        keep(alliance, {}, version=version, changed=["coming"], by=by, at=at)
        ComingRule.objects.update_or_create(alliance=alliance, defaults=told)
        _take_turns(alliance, rule.hosts, coming=True)
    return True


def drop_coming(alliance: Alliance, *, version: int, by: Person, at: dt.datetime) -> bool:
    """The present rule goes on. False where none was to come. Raises StaleRule."""
    if not ComingRule.objects.filter(alliance=alliance).exists():
        return False
    with transaction.atomic():
        keep(alliance, {}, version=version, changed=["coming"], by=by, at=at)
        ComingRule.objects.filter(alliance=alliance).delete()
        _take_turns(alliance, (), coming=True)
    return True


def begin_due(*, at: dt.datetime) -> int:
    """What was to come takes the present rule's place on its first day; how many did. Done again, none is left."""
    due, begun = ComingRule.objects.filter(first_day__lte=local_date(at)), 0
    for number in list(due.order_by("alliance").values_list("alliance", flat=True)):
        with transaction.atomic():
            alliance = Alliance.objects.select_for_update(of=("self",)).get(pk=number)
            coming = due.filter(alliance=alliance).select_related("venue").first()
            if coming is None:
                continue  # another ring was faster, or somebody has put it off
            coming.delete()
            columns = {f"usual_{name}": getattr(coming, name) for name in _COLUMNS}
            Alliance.objects.filter(pk=alliance.pk).update(rule_version=F("rule_version") + 1, **columns)
            Host.objects.filter(alliance=alliance, is_coming=False).delete()
            Host.objects.filter(alliance=alliance).update(is_coming=False)
            fields = {"fields": [*_COLUMNS, "hosts"]}
            journal.record(CHANGED, alliance, at=at, by=None, via=Via.RULE, body=alliance, data=fields)
            begun += 1
    return begun


def _take_turns(alliance: Alliance, hosts: Sequence[Venue], *, coming: bool) -> None:
    Host.objects.filter(alliance=alliance, is_coming=coming).delete()
    Host.objects.bulk_create(
        Host(alliance=alliance, position=position, venue=venue, is_coming=coming)
        for position, venue in enumerate(hosts)
    )


def keep(
    alliance: Alliance,
    columns: Mapping[str, object],
    *,
    version: int,
    changed: Sequence[str],
    by: Person,
    at: dt.datetime,
) -> None:
    """Write what an alliance agreed on top of `version`; `changed` is told to the journal. Raises StaleRule."""
    with transaction.atomic():
        rows = Alliance.objects.filter(pk=alliance.pk, rule_version=version)
        if rows.update(rule_version=F("rule_version") + 1, **columns) != 1:
            current = Alliance.objects.select_related("usual_venue").get(pk=alliance.pk)
            raise StaleRule(current, hosts_of(current))
        journal.record(CHANGED, alliance, at=at, by=by, body=alliance, data={"fields": [*changed]})
    for name, value in columns.items():
        setattr(alliance, name, value)
    alliance.rule_version = version + 1


def name_in_minutes(alliance: Alliance, rule: NamesRule, *, by: Person, at: dt.datetime) -> bool:
    """Whom minutes of this alliance name. Texts that are written stay. False where it is so already."""
    with transaction.atomic():
        other = Alliance.objects.filter(pk=alliance.pk).exclude(names_rule=rule)
        if other.update(names_rule=rule, rule_version=F("rule_version") + 1) != 1:
            return False
        journal.record(CHANGED, alliance, at=at, by=by, body=alliance, data={"fields": ["names_rule"]})
    alliance.refresh_from_db(fields=["names_rule", "rule_version"])
    return True


def check(rule: Rule) -> None:
    """Raises RuleRefused."""
    if not 0 <= rule.weekday <= _FRIDAY:
        raise RuleRefused(_("Am Wochenende tagt kein Bündnis. Bitte wählen Sie einen anderen Tag."), field="weekday")
    if not 1 <= rule.nth <= _WEEKS:
        raise RuleRefused(_("Bitte wählen Sie den ersten bis fünften Tag des Monats."), field="nth")
    if not 1 <= rule.month <= _MONTHS:
        raise RuleRefused(_("Bitte wählen Sie den ersten, zweiten oder dritten Monat."), field="month")
    if rule.end <= rule.start:
        raise RuleRefused(_("Das Ende liegt nicht nach dem Beginn."), field="end")
    if len(rule.hosts) > MOST_HOSTS:
        raise RuleRefused(_("Es können höchstens %s Orte wechseln.") % MOST_HOSTS)
