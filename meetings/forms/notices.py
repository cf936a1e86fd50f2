"""A short notice."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.enums import BodyKind
from buendnisse.models import Body


class NoticeForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("Was gibt es Neues?"),
        help_text=_("Ein bis zwei Sätze. Genau so stehen sie im Wochenbrief."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    bodies = forms.ModelMultipleChoiceField(
        label=_("Für welche Bündnisse?"), queryset=Body.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    valid_until = forms.DateField(
        label=_("Gilt bis"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bodies"].queryset = Body.objects.filter(kind=BodyKind.ALLIANCE).order_by("pk")  # type: ignore[attr-defined]
