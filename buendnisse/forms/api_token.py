from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Person


class ApiTokenForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(
        label=_("Wofür ist der Schlüssel?"),
        help_text=_("Zum Beispiel: Anzeige im Kreisportal"),
        max_length=80,
    )
    person = forms.ModelChoiceField(
        label=_("Für wen?"),
        help_text=_("Das Programm sieht, was diese Person sieht, und schlägt in ihrem Namen Themen vor."),
        queryset=Person.objects.none(),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
