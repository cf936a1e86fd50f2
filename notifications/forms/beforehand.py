"""Own words for what is about to be done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.domain.own_words import LONGEST
from notifications.domain.own_words import PLACE


class BeforehandForm(forms.Form):
    reason = forms.CharField(
        label=_("Warum ohne Freigabe des Vorsitzes?"),
        help_text=_("Der Grund wird festgehalten. In der Mail steht er nicht."),
        max_length=200,
    )
    introduction = forms.CharField(
        label=_("Eigene Einleitung"),
        help_text=PLACE,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=LONGEST,
    )

    def __init__(self, *args: Any, wants_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not wants_reason:
            del self.fields["reason"]
