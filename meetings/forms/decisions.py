"""Looking for decisions, and saying what became of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Alliance, Topic
from meetings.enums import DecisionState
from meetings.forms.posted import over
from meetings.models import Decision

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Wonach suchen Sie?"), required=False, max_length=200)
    buendnis = forms.ModelChoiceField(
        label=_("Bündnis"),
        queryset=Alliance.objects.in_order(),
        to_field_name="slug",
        required=False,
        empty_label=_("alle"),
    )
    stand = forms.ChoiceField(label=_("Stand"), choices=[("", _("alle")), *DecisionState.choices], required=False)
    thema = forms.ModelChoiceField(
        label=_("Thema"),
        queryset=Topic.objects.order_by("pk"),
        to_field_name="slug",
        required=False,
        empty_label=_("alle"),
    )
    jahr = forms.TypedChoiceField(label=_("Jahr"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jahr"].choices = [("", _("alle")), *((year, year) for year in years)]  # type: ignore[attr-defined]
        self.fields["buendnis"].label_from_instance = lambda body: body.word  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood; a filter nobody knows is left out instead of refused."""
        self.is_valid()
        return self.cleaned_data


class FollowUpForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Wie steht es?"),
        choices=[
            (DecisionState.ADOPTED, _("gefasst, noch nicht begonnen")),
            (DecisionState.IN_PROGRESS, _("in Umsetzung")),
            (DecisionState.DONE, _("umgesetzt")),
        ],
    )
    follow_up_on = forms.DateField(label=_("Wiedervorlage"), widget=_DAY, required=False)
    note = forms.CharField(label=_("Notiz"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=5000)
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, decision: Decision) -> FollowUpForm:
        """The form as the decision stands."""
        names = ("state", "follow_up_on", "note", "version")
        return cls(initial={name: getattr(decision, name) for name in names})

    def show_current(self, current: Decision) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, version=current.version)


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
