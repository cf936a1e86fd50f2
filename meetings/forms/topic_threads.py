"""What of a thread is looked at."""

from __future__ import annotations

from django import forms

from buendnisse.forms.filters import FilterAlliance
from meetings.domain import topic_thread


class ThreadForm(forms.Form):
    buendnis = FilterAlliance()
    art = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("", *topic_thread.KINDS)], required=False, widget=forms.HiddenInput
    )

    @property
    def kind(self) -> str:
        """Empty: all. A filter nobody knows is left out instead of refused."""
        self.is_valid()
        return self.cleaned_data.get("art") or ""

    @property
    def body(self) -> int | None:
        self.is_valid()
        alliance = self.cleaned_data.get("buendnis")
        return alliance.pk if alliance else None
