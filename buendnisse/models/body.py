"""Bodies: alliances, units, committees, external bodies. Three alliances are data, not code."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from buendnisse.enums import MEETS, BodyKind, NamesRule
from buendnisse.models.worded import Worded

_COLOURED = frozenset("bga")


def mark_of(kind: str, prefix: str) -> str:
    """As `Body.mark`, from the columns."""
    letter = prefix.lower()
    return letter if kind == BodyKind.ALLIANCE and letter in _COLOURED else "x"


def word_of(kind: str, name: str, short_name: str) -> str:
    """As `Body.word`, from the columns."""
    return name.removeprefix("Arbeitsbündnis ") if kind == BodyKind.ALLIANCE else short_name


def _valid_on(day: dt.date) -> Q:
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))


class BodyQuerySet(models.QuerySet["Body"]):
    def valid_on(self, day: dt.date) -> BodyQuerySet:
        """Bodies that exist on `day`."""
        return self.filter(_valid_on(day))


class AllianceQuerySet(models.QuerySet["Alliance"]):
    def in_order(self) -> AllianceQuerySet:
        """As people name them: the order they were entered in (Bildung, Gesellschaft, Arbeit), not the alphabet's."""
        return self.order_by("pk")

    def valid_on(self, day: dt.date) -> AllianceQuerySet:
        """Alliances that exist on `day`."""
        return self.filter(_valid_on(day))

    def valid_between(self, first: dt.date, last: dt.date) -> AllianceQuerySet:
        """Alliances that exist on some day from `first` to `last`."""
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=last)
        return self.filter(begun & (Q(valid_until__isnull=True) | Q(valid_until__gte=first)))


class Body(Worded):
    """Anything that can decide, be asked or be told."""

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=BodyKind)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=4, blank=True, help_text="Letter of its decisions: B, G, A")
    note = models.TextField(blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="Last day")
    usual_dates = models.CharField(max_length=250, blank=True, help_text="Of a body outside, in words")
    asked_by = models.CharField(max_length=400, blank=True, help_text="How a body outside is asked, in words")
    form_key = models.UUIDField(null=True, unique=True)
    version = models.PositiveIntegerField(default=1)
    may_relay_to = models.ManyToManyField("self", symmetrical=False, related_name="may_receive_from", blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BodyKind.values), name="body_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="body_valid_period",
            ),
            models.UniqueConstraint(fields=["prefix"], condition=~Q(prefix=""), name="body_prefix_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def exists_between(self, first: dt.date, last: dt.date) -> bool:
        """Whether it exists on some day from `first` to `last`."""
        begun = self.valid_from is None or self.valid_from <= last
        return begun and (self.valid_until is None or self.valid_until >= first)

    @property
    def word(self) -> str:
        """The short word people say: "Bildung" for "Arbeitsbündnis Bildung"."""
        return word_of(self.kind, self.name, self.short_name)

    @property
    def named(self) -> str:
        """After "das", "im" or "dem": "Arbeitsbündnis Arbeit", "Gremium „Steuerungsgruppe“". Both are neuter, whatever it is called."""
        return self.name if self.name.startswith("Arbeitsbündnis ") else f"Gremium „{self.name}“"

    @property
    def meets(self) -> bool:
        """Whether it plans meetings here and decides in them: there is an `Alliance` for it."""
        return self.kind in MEETS

    @property
    def mark(self) -> str:
        """The letter, lower case, that pages colour by: b, g, a; x for everyone else."""
        return mark_of(self.kind, self.prefix)


class Alliance(Body):
    """A body with meetings, rules and standing items. All `_days` count calendar days before or after a meeting."""

    mandate = models.TextField(blank=True)
    colour = models.CharField(max_length=20, blank=True)
    managing_organisation = models.ForeignKey("buendnisse.Organisation", models.PROTECT, null=True, related_name="+")
    usual_weekday = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 Monday … 6 Sunday")
    usual_nth = models.PositiveSmallIntegerField(default=2, help_text="Which of these weekdays in the month, 1 to 5")
    usual_month = models.PositiveSmallIntegerField(default=2, help_text="Which month of the quarter, 1 to 3")
    usual_start = models.TimeField(null=True, blank=True)
    usual_end = models.TimeField(null=True, blank=True)
    usual_venue = models.ForeignKey("buendnisse.Venue", models.SET_NULL, null=True, blank=True, related_name="+")
    rule_version = models.PositiveIntegerField(
        default=1, help_text="Of the usual day, its hosts, and the rules of procedure"
    )
    call_days = models.PositiveSmallIntegerField(default=56)
    reminder_days = models.PositiveSmallIntegerField(default=28)
    editorial_days = models.PositiveSmallIntegerField(default=21)
    invitation_days = models.PositiveSmallIntegerField(default=14)
    minimum_notice_days = models.PositiveSmallIntegerField(default=10)
    late_papers_days = models.PositiveSmallIntegerField(default=3)
    minutes_to_chair_days = models.PositiveSmallIntegerField(default=7)
    minutes_due_days = models.PositiveSmallIntegerField(default=14)
    objection_days = models.PositiveSmallIntegerField(default=14)
    quiet_from = models.CharField(
        max_length=5,
        default="12-23",
        help_text="MM-DD; no objection period ends in the quiet weeks",
    )
    quiet_until = models.CharField(max_length=5, default="01-06")
    circular_days = models.PositiveSmallIntegerField(default=7)
    counts_votes = models.BooleanField(
        default=False, help_text="Alliances talk and agree: counting is off until one wants it"
    )
    quorum_share = models.DecimalField(max_digits=3, decimal_places=2, default="0.50")
    votes_per_organisation = models.PositiveSmallIntegerField(default=1)
    quorum_rule = models.TextField(blank=True)
    majority_rule = models.TextField(blank=True)
    deputy_rule = models.TextField(blank=True)
    circular_rule = models.TextField(blank=True)
    names_rule = models.CharField(max_length=10, choices=NamesRule, default=NamesRule.NONE)
    minutes_kind = models.CharField(max_length=80, default="Ergebnisprotokoll")
    is_public = models.BooleanField(default=False)

    objects = AllianceQuerySet.as_manager()  # type: ignore[assignment,misc] # its rows are alliances, not bodies

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    call_days__gt=F("reminder_days"),
                    reminder_days__gte=F("editorial_days"),
                )
                & Q(editorial_days__gt=F("invitation_days")),
                name="alliance_deadlines_ordered",
            ),
            models.CheckConstraint(
                condition=Q(usual_nth__range=(1, 5), usual_month__range=(1, 3))
                & (Q(usual_weekday__isnull=True) | Q(usual_weekday__lte=6)),
                name="alliance_usual_day_exists",
            ),
        ]


class ComingRule(models.Model):
    """The usual day of an alliance from a day ahead on; on that day it takes the place of the one in the alliance's row.

    Guarded by `Alliance.rule_version`. Its hosts are the alliance's hosts with `is_coming`.
    """

    alliance = models.OneToOneField(Alliance, models.CASCADE, related_name="coming_rule")
    first_day = models.DateField()
    weekday = models.PositiveSmallIntegerField()
    nth = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    start = models.TimeField()
    end = models.TimeField()
    venue = models.ForeignKey("buendnisse.Venue", models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.alliance_id} {self.first_day}"


class Host(models.Model):
    """One turn of those who host an alliance in rotation: 0 for the first quarter of year 0, and on from there."""

    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="hosts")
    position = models.PositiveSmallIntegerField()
    venue = models.ForeignKey("buendnisse.Venue", models.PROTECT, related_name="+")
    is_coming = models.BooleanField(default=False, help_text="Of the coming rule")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alliance", "position", "is_coming"], name="host_one_a_turn")]

    def __str__(self) -> str:
        return f"{self.alliance_id}/{self.position}"


class StandingItemQuerySet(models.QuerySet["StandingItem"]):
    def in_force(self) -> StandingItemQuerySet:
        """Those that new agendas get, in their order."""
        return self.filter(ended_on__isnull=True).order_by("position", "pk")


class StandingItem(models.Model):
    """An item every meeting of an alliance has: opening, relays, reports of the units, closing."""

    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="standing_items")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=20)
    duration_minutes = models.PositiveSmallIntegerField()
    position = models.SmallIntegerField(help_text="Below zero: before the topics; above: after them")
    ended_on = models.DateField(null=True, blank=True, help_text="On no new agenda since; it can be brought back")
    version = models.PositiveIntegerField(default=1)

    objects = StandingItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alliance", "code"], name="standing_item_code_unique")]

    def __str__(self) -> str:
        return f"{self.alliance_id}/{self.code}"


class UnitQuerySet(models.QuerySet["Unit"]):
    def valid_on(self, day: dt.date) -> UnitQuerySet:
        """Units that exist on `day`."""
        return self.filter(_valid_on(day))


class Unit(Body):
    """An organisation assigned to the Fachstelle, mostly for as long as a programme lasts."""

    organisation = models.OneToOneField("buendnisse.Organisation", models.PROTECT, related_name="unit")
    programme = models.CharField(max_length=200)
    funder = models.CharField(max_length=200)
    topics = models.ManyToManyField("buendnisse.Topic", related_name="units")
    tasks = models.TextField(blank=True, help_text="One a line")
    contact = models.ForeignKey(
        "buendnisse.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom to ask; without one, who speaks for the unit",
    )
    successor = models.ForeignKey(
        "buendnisse.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = UnitQuerySet.as_manager()  # type: ignore[assignment,misc] # its rows are units, not bodies


class UnitHandover(models.Model):
    """Who took over which task when a unit ended."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="handovers")
    task = models.CharField(max_length=250)
    organisation = models.ForeignKey("buendnisse.Organisation", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.task
