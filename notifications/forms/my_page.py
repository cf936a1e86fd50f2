from __future__ import annotations

from typing import Any

from django import forms

from buendnisse.enums import LinkPurpose


class OpenForm(forms.Form):
    """Which of my things a button opens."""

    purpose = forms.ChoiceField(choices=LinkPurpose)
    number = forms.IntegerField(min_value=0)

    def clean_purpose(self) -> Any:
        return LinkPurpose(self.cleaned_data["purpose"])
