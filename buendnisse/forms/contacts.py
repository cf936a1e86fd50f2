"""Looking for whom to ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.forms.filters import FilterText
from buendnisse.models import Area, Topic


class ContactFilterForm(forms.Form):
    q = forms.CharField(label=_("Suchen"), required=False, max_length=100, widget=FilterText)
    thema = forms.ModelChoiceField(
        label=_("Thema"),
        queryset=Topic.objects.filter(merged_into__isnull=True).order_by("pk"),
        to_field_name="slug",
        required=False,
        empty_label=_("alle"),
    )
    gebiet = forms.ModelChoiceField(
        label=_("Gebiet"), queryset=Area.objects.order_by("name"), required=False, empty_label=_("alle")
    )

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood; a filter nobody knows is left out instead of refused."""
        self.is_valid()
        words = self.cleaned_data.get("q") or ""
        return {"words": words, "topic": self.cleaned_data.get("thema"), "area": self.cleaned_data.get("gebiet")}
