"""Remarks: what somebody has to say, and what the Fachstelle does with it."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.domain.agenda_rules import title_of
from meetings.domain.remarks import LONGEST
from meetings.forms.topics import said


class RemarkForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("Was möchten Sie dazu sagen?"),
        help_text=_("Zwei bis drei Sätze genügen. Nur die Fachstelle liest das."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Bitte schreiben Sie, was Sie dazu sagen möchten."),
            "max_length": _("Das ist zu lang. Bitte kürzen Sie auf %(limit_value)d Zeichen, oder rufen Sie uns an."),
        },
    )


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("Antwort per E-Mail"),
        help_text=_("Genau das liest die Person. Anrede und Gruß kommen von selbst dazu."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Bitte schreiben Sie die Antwort. Sie geht so per E-Mail.")},
    )


class TakeUpForm(forms.Form):
    title = forms.CharField(
        label=_("Titel des Themas"),
        help_text=_("Das Thema liegt dann bei den Vorschlägen. Die Rückmeldung wird seine Beschreibung."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Bitte geben Sie dem Thema einen Titel.")},
    )

    def clean_title(self) -> str:
        return said(title_of, self.cleaned_data["title"])
