"""Remarks: what somebody has to say, and what the Fachstelle does with it."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.domain.agenda_rules import text_of, title_of
from meetings.domain.remarks import LONGEST
from meetings.forms.topics import said


class RemarkForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("Was möchten Sie dazu sagen?"),
        help_text=_(
            "Zwei bis drei Sätze genügen. Nur die Fachstelle liest das. "
            "Wird ein Thema daraus, schreibt sie es in ihren Worten. Dann steht Ihr Name dabei."
        ),
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
        help_text=_("Das Thema liegt dann bei den Vorschlägen."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Bitte geben Sie dem Thema einen Titel.")},
    )

    description = forms.CharField(
        label=_("Beschreibung"),
        help_text=_(
            "Das liest der Vorsitz und später das Bündnis, mit dem Namen der Person. Bitte prüfen Sie jedes Wort."
        ),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_description(self) -> str:
        return said(text_of, self.cleaned_data["description"])

    def clean_title(self) -> str:
        return said(title_of, self.cleaned_data["title"])
