"""What the chair and the Fachstelle write about the release of an agenda."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.clock import BERLIN, local


class ChangeWishForm(forms.Form):
    """The chair asks for a change."""

    remark = forms.CharField(
        label=_("Was sollen wir ändern?"),
        help_text=_("Ein Satz genügt, zum Beispiel: TOP 4 bitte zuerst."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


class CallForm(forms.Form):
    """A release on the telephone: who, and when."""

    name = forms.CharField(label=_("Wer hat am Telefon freigegeben?"), max_length=120)
    day = forms.DateField(label=_("Tag"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    hour = forms.TimeField(label=_("Uhrzeit"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, data: Any = None, *, at: dt.datetime, chair: str) -> None:
        now = local(at)
        super().__init__(data, initial={"name": chair, "day": now.date(), "hour": now.time()})

    @property
    def said_at(self) -> dt.datetime:
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], tzinfo=BERLIN)
