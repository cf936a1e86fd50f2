from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

CHOOSE, RENEW, END = "choose", "renew", "end"


class CalendarForm(forms.Form):
    """What somebody wants in their calendar, or another address for it."""

    without_invited = forms.BooleanField(
        label=_("Ohne Sitzungen, die schon durch eine Einladung im Kalender stehen"),
        help_text=_("So steht nichts doppelt im Kalender."),
        required=False,
    )
    with_deadlines = forms.BooleanField(
        label=_("Mit meinen Fristen und Aufgaben"),
        help_text=_("Sie stehen als ganzer Tag im Kalender. Die Zeit bleibt frei."),
        required=False,
    )
    do = forms.ChoiceField(choices=[(one, one) for one in (CHOOSE, RENEW, END)], widget=forms.HiddenInput)
