"""Looking for decisions, and saying what became of them."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.forms.filters import FilterAlliance, FilterSelect, FilterText
from buendnisse.models import Person, Topic
from meetings.domain.search_words import LONGEST_QUERY
from meetings.enums import DecisionKind, DecisionState
from meetings.forms.days import within_two_years
from meetings.forms.posted import over
from meetings.models import Decision

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Wonach suchen Sie?"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=FilterText,
    )
    buendnis = FilterAlliance()
    stand = forms.ChoiceField(
        label=_("Stand"), choices=[("", _("alle")), *DecisionState.choices], required=False, widget=FilterSelect
    )
    art = forms.ChoiceField(
        label=_("Ergebnis"), choices=[("", _("alle")), *DecisionKind.choices], required=False, widget=FilterSelect
    )
    thema = forms.ModelChoiceField(
        label=_("Thema"),
        queryset=Topic.objects.filter(merged_into__isnull=True).order_by("pk"),
        to_field_name="slug",
        required=False,
        empty_label=_("alle"),
        widget=FilterSelect,
    )
    jahr = forms.TypedChoiceField(label=_("Jahr"), coerce=int, empty_value=None, required=False, widget=FilterSelect)
    faellig = forms.BooleanField(label=_("nur wo die Wiedervorlage fällig ist"), required=False)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jahr"].choices = [("", _("alle")), *((year, year) for year in years)]  # type: ignore[attr-defined]

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """What was understood; a filter nobody knows is left out instead of refused."""
        self.is_valid()
        return self.cleaned_data


class _VersionForm(forms.Form):
    """What is written over the version its writer has read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def show_current(self, current: Decision) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, version=current.version)


class FollowUpForm(_VersionForm):
    state = forms.ChoiceField(
        label=_("Wie steht es?"),
        choices=[
            (DecisionState.ADOPTED, _("gefasst, noch nicht begonnen")),
            (DecisionState.IN_PROGRESS, _("in Umsetzung")),
            (DecisionState.DONE, _("umgesetzt")),
        ],
    )
    follow_up_on = forms.DateField(label=_("Wiedervorlage"), widget=_DAY, required=False, validators=[within_two_years])
    note = forms.CharField(label=_("Notiz"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=5000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") == DecisionState.IN_PROGRESS and not data.get("follow_up_on") and not self.errors:
            self.add_error("follow_up_on", _("Bitte nennen Sie einen Tag. Dann wird wieder gefragt, wie es steht."))
        return data

    @classmethod
    def of(cls, decision: Decision) -> FollowUpForm:
        """The form as the decision stands."""
        names = ("state", "follow_up_on", "note", "version")
        return cls(initial={name: getattr(decision, name) for name in names})


class ReportForm(_VersionForm):
    """How a decision stands, in the words of whoever is responsible."""

    stand = forms.ChoiceField(label=_("Wie weit ist es?"), widget=forms.RadioSelect)
    wieder = forms.DateField(
        label=_("Wann sollen wir wieder fragen? Nur wenn es noch nicht umgesetzt ist"),
        widget=_DAY,
        required=False,
        validators=[within_two_years],
    )
    satz = forms.CharField(
        label=_("Ein Satz dazu"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )

    def __init__(self, *args: Any, decision: Decision, next_on: dt.date | None = None, **kwargs: Any) -> None:
        stored = {"satz": decision.report, "wieder": next_on, "version": decision.version}
        super().__init__(*args, **{"initial": stored, **kwargs})
        choices: list[tuple[str, Any]] = [
            (DecisionState.DONE, _("Es ist umgesetzt")),
            (DecisionState.IN_PROGRESS, _("Wir sind dabei")),
        ]
        if decision.state == DecisionState.ADOPTED:
            choices.append((DecisionState.ADOPTED, _("Noch nicht begonnen")))
        self.fields["stand"].choices = choices  # type: ignore[attr-defined]
        self.fields["wieder"].says_nothing_of_optional = True  # type: ignore[attr-defined] # its label says when it is needed

    @property
    def verb(self) -> dict[str, Any]:
        """Arguments for `decision_follow_up.report`."""
        said = self.cleaned_data
        return {
            "state": said["stand"],
            "words": said["satz"],
            "follow_up_on": said["wieder"],
            "version": said["version"],
        }


class EntrustForm(_VersionForm):
    to = forms.ModelChoiceField(
        label=_("Wer kümmert sich?"), queryset=Person.objects.none(), required=False, empty_label=_("niemand")
    )
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"id": "id_entrust_version"}))

    def __init__(self, *args: Any, decision: Decision, people: Any, **kwargs: Any) -> None:
        stored = {"to": decision.responsible_id, "version": decision.version}
        super().__init__(*args, **{"initial": stored, **kwargs})
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = lambda person: (  # type: ignore[attr-defined]
            f"{person.last_name}, {person.first_name} ({person.organisation.short_name})"
        )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Warum wird er aufgehoben?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=5000
    )
    by_decision = forms.ModelChoiceField(
        label=_("Durch welchen Beschluss?"), queryset=Decision.objects.none(), required=False, empty_label=_("keinen")
    )

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by_decision"].queryset = _others(decision)  # type: ignore[attr-defined]


class SupersedeForm(forms.Form):
    by_decision = forms.ModelChoiceField(label=_("Welcher Beschluss gilt jetzt?"), queryset=Decision.objects.none())

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by_decision"].queryset = _others(decision)  # type: ignore[attr-defined]


def _others(decision: Decision) -> Any:
    """What may take its place: decisions of the same body that hold, of the same day or later."""
    rows = Decision.objects.standing().filter(alliance=decision.alliance_id, decided_on__gte=decision.decided_on)
    return rows.exclude(pk=decision.pk).order_by("-number")
