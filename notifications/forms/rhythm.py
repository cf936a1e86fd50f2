from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.enums import DigestRhythm


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=_("Wie oft möchten Sie den Brief mit Neuigkeiten?"), choices=DigestRhythm, widget=forms.RadioSelect
    )
