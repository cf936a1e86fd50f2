"""Naming the answer a decision rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import Decision, Relay

_NONE = "keine"


class RestsOnForm(forms.Form):
    """One of the answers the body had, or none."""

    on = forms.ChoiceField(label=_("Auf welcher Antwort beruht er?"), widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, decision: Decision, answers: Sequence[Relay], **kwargs: Any) -> None:
        stored = {"on": str(decision.rests_on_id or _NONE), "version": decision.version}
        super().__init__(*args, **{"initial": stored, **kwargs})
        self._answers = {str(one.pk): one for one in answers}
        words = _("%(number)s: %(subject)s, Antwort aus %(body)s")
        choices = [
            (pk, words % {"number": one.number, "subject": one.subject, "body": one.target.word})
            for pk, one in self._answers.items()
        ]
        self.fields["on"].choices = [*choices, (_NONE, _("auf keiner"))]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Relay | None:
        return self._answers.get(self.cleaned_data["on"])
