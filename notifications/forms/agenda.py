"""What the Fachstelle adds when it sends an agenda."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.domain.own_words import PLACE


class SendForm(forms.Form):
    """Own words above the mail; the reasons only where they are wanted."""

    introduction = forms.CharField(
        label=_("Eigene Einleitung"),
        help_text=PLACE,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1500,
        required=False,
    )
    urgency = forms.CharField(
        label=_("Warum ist es eilig?"),
        help_text=_("Der Grund steht in der Einladung."),
        max_length=300,
    )
    without_release = forms.CharField(
        label=_("Warum ohne Freigabe des Vorsitzes?"),
        help_text=_("Der Grund wird festgehalten. Die Eingeladenen lesen ihn nicht."),
        max_length=300,
    )

    def __init__(self, *args: Any, is_short: bool, needs_release: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_short:
            del self.fields["urgency"]
        if not needs_release:
            del self.fields["without_release"]
