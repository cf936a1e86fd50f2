from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.enums import DigestRhythm


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=_("Wie oft möchten Sie den Brief mit Neuigkeiten?"), choices=DigestRhythm, widget=forms.RadioSelect
    )
    papers = forms.BooleanField(
        label=_("Unterlagen als Anhang schicken"),
        help_text=_("Dann hängen sie an der Einladung, zusammen höchstens 5 MB. Sie müssen keine Seite öffnen."),
        required=False,
    )
    rest = forms.BooleanField(
        label=_("In den Schulferien keine Erinnerungen"),
        help_text=_(
            "Sie kommen am ersten Schultag danach, wenn sie dann noch etwas nützen. Einladungen und Absagen kommen immer."
        ),
        required=False,
    )
