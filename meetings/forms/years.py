"""One slot of a year, and the day wanted for it. Posted by buttons; a wrong value is nobody's slip of the pen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from buendnisse.models import Alliance
from meetings.domain.quarter import Quarter


class SlotForm(forms.Form):
    """`day` is left out where it will be typed; `seen` is the day the reader saw, empty where there was none."""

    alliance = forms.ModelChoiceField(Alliance.objects.select_related("usual_venue"), to_field_name="slug")
    quarter = forms.IntegerField(min_value=1, max_value=4)
    day = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    seen = forms.DateField(input_formats=["%Y-%m-%d"], required=False)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def is_for_a_day(self) -> bool:
        """Valid, and a day is named."""
        return self.is_valid() and self.cleaned_data["day"] is not None

    @property
    def sentence(self) -> str:
        """What to say instead of the errors of fields nobody typed into."""
        return _(
            "Diesen Tag gibt es hier nicht. Bitte wählen Sie einen aus der Liste oder tragen Sie einen eigenen ein."
        )

    @property
    def place(self) -> dict[str, Any]:
        """Arguments that name the slot."""
        data = self.cleaned_data
        return {"alliance": data["alliance"], "quarter": Quarter(self.year, data["quarter"])}

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments for `year_plan.take`."""
        return {**self.place, "day": self.cleaned_data["day"], "seen": self.cleaned_data["seen"]}
