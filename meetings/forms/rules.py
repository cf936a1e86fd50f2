"""The rule of an alliance: its usual day, hours and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from buendnisse import german
from buendnisse.domain.alliance_rules import MOST_HOSTS, Rule, RuleRefused
from buendnisse.forms.records import day
from buendnisse.models import Alliance, Venue
from meetings.forms.posted import over

_HOURS = ["%H:%M", "%H.%M", "%H:%M:%S", "%H"]
_NTH = (_("erster"), _("zweiter"), _("dritter"), _("vierter"), _("fünfter"))
_WORKING_DAYS = german.WEEKDAYS[:5]


def _hour(label: Any, invalid: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=_HOURS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": invalid},
    )


class AgreedForm(forms.Form):
    """What an alliance agreed on, written on top of the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)

    def refuse(self, refused: RuleRefused) -> None:
        """Put the refusal beside its field."""
        self.add_error(refused.field or None, str(refused))

    def show_current(self, current: Alliance) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, version=current.rule_version)


class RuleForm(AgreedForm):
    """ "zweiter Mittwoch im zweiten Monat des Quartals, 15:00 bis 17:00 Uhr", and who hosts in turn."""

    says_nothing_of_optional = True  # the hints say what an empty place means

    nth = forms.TypedChoiceField(
        label=_("Der wievielte?"),
        coerce=int,
        choices=list(enumerate(_NTH, start=1)),
        help_text=_("Nicht jeder Monat hat einen fünften. Dann schlägt die Planung einen anderen Tag vor."),
    )
    weekday = forms.TypedChoiceField(
        label=_("Wochentag"), coerce=int, choices=[("", _("bitte wählen")), *enumerate(_WORKING_DAYS)]
    )
    month = forms.TypedChoiceField(
        label=_("Monat im Quartal"),
        coerce=int,
        choices=[
            (1, _("erster: Januar, April, Juli, Oktober")),
            (2, _("zweiter: Februar, Mai, August, November")),
            (3, _("dritter: März, Juni, September, Dezember")),
        ],
    )
    start = _hour(_("Beginn"), _("Bitte schreiben Sie die Uhrzeit so: 15:00."))
    end = _hour(_("Ende"), _("Bitte schreiben Sie die Uhrzeit so: 17:00."))
    first_day = day(_("Gilt ab"), hint=_("Leer: sofort. Mit einem Tag gilt bis dahin die jetzige Regel."))

    def __init__(self, *args: Any, held: Iterable[int] = (), **kwargs: Any) -> None:
        """`held`: venues of the rule as it stands, which can stay although nothing new goes there."""
        super().__init__(*args, **kwargs)
        usable = Venue.objects.filter(Q(ended_on__isnull=True) | Q(pk__in=[*held])).order_by("name")
        venues = {str(venue.pk): venue for venue in usable}  # once for nine fields
        self.fields["venue"] = _place(_("Üblicher Ort"), _("keiner"), venues)
        self.fields["venue"].help_text = _("Keiner, wenn die Orte wechseln oder das Bündnis nur online tagt.")
        for number in range(1, MOST_HOSTS + 1):
            self.fields[f"host_{number}"] = _place(_("%s. Ort") % number, "–", venues)

    @classmethod
    def of(cls, alliance: Alliance, hosts: Sequence[Venue], data: Any = None) -> RuleForm:
        """The form as the rule stands. A weekend that some data names is left to be chosen anew."""
        held = {venue.pk for venue in hosts} | ({alliance.usual_venue_id} if alliance.usual_venue_id else set())
        names = ("weekday", "nth", "month", "start", "end")
        initial = {name: getattr(alliance, f"usual_{name}") for name in names}
        initial |= {"venue": alliance.usual_venue_id, "version": alliance.rule_version}
        initial |= {f"host_{number}": venue.pk for number, venue in enumerate(hosts, start=1)}
        return cls(data, initial=initial, held=held)

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("nth", "weekday", "month", "start", "end", "venue", "first_day")]

    @property
    def host_fields(self) -> list[forms.BoundField]:
        return [self[f"host_{number}"] for number in range(1, MOST_HOSTS + 1)]

    @property
    def rule(self) -> Rule:
        """What was typed. A place between two empty fields keeps its turn after the one before it."""
        data = self.cleaned_data
        hosts = (data[f"host_{number}"] for number in range(1, MOST_HOSTS + 1))
        names = ("weekday", "nth", "month", "start", "end", "venue")
        return Rule(**{name: data[name] for name in names}, hosts=tuple(venue for venue in hosts if venue))


def _place(label: Any, empty: Any, venues: Mapping[str, Venue]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("", empty), *((key, venue.name) for key, venue in venues.items())],
        coerce=venues.__getitem__,
        empty_value=None,
    )
