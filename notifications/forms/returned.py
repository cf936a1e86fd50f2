from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

#: What the buttons beside a report do.
HOLDS, CORRECT, COPIES, SEEN, REOPEN = "holds", "correct", "copies", "seen", "reopen"


class SettleForm(forms.Form):
    """Which button it was; with `correct`, another address and the state of the person it was typed against."""

    do = forms.ChoiceField(choices=[(verb, verb) for verb in (HOLDS, CORRECT, COPIES, SEEN, REOPEN)])
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    email = forms.EmailField(
        label=_("Neue Adresse"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Bitte prüfen Sie die Adresse. Sie sieht aus wie name@firma.de.")},
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("do") == CORRECT and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("Bitte tragen Sie die neue Adresse ein."))
        return given
