"""What the Fachstelle writes above a year's dates, and the plan it looked at."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.domain.year_plan import INTRODUCTION_LENGTH
from notifications.domain.own_words import PLACE


class TellingForm(forms.Form):
    introduction = forms.CharField(
        label=_("Eigene Einleitung"),
        help_text=PLACE,
        required=False,
        max_length=INTRODUCTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    person = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    def show(self, signature: str) -> None:
        """The plan that is looked at now; what was typed stays."""
        self.initial["seen"] = signature
        if self.is_bound:
            self.data = {**{key: self.data[key] for key in self.data}, "seen": signature}

    @property
    def words(self) -> str:
        """The introduction as far as it is valid; what stood there before while nothing is posted."""
        if not self.is_bound:
            return str(self.initial.get("introduction", ""))
        self.is_valid()
        return str(self.cleaned_data.get("introduction", ""))

    @property
    def whose(self) -> int | None:
        """Whose mail to show; nonsense shows anybody's."""
        self.is_valid()
        number = self.cleaned_data.get("person") if self.is_bound else None
        return int(number) if number else None
