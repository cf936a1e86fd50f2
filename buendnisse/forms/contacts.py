"""Looking for whom to ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Area, Topic


class ContactFilterForm(forms.Form):
    thema = forms.ModelChoiceField(
        label=_("Thema"),
        queryset=Topic.objects.order_by("pk"),
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
        return {"topic": self.cleaned_data.get("thema"), "area": self.cleaned_data.get("gebiet")}
