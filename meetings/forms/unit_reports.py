"""The short report of a unit: one field, and a button for having nothing to report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.domain.unit_reports import LONGEST
from meetings.forms.posted import over
from meetings.models import UnitReport

_NOTHING = "nothing"
_TOO_LONG = _("Das ist zu lang. Bitte kürzen Sie auf %(limit_value)d Zeichen. Jetzt sind es %(show_value)d.")


class UnitReportForm(forms.Form):
    """`stored` is what stands there as the page is made; without one, nothing was written yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000, initial=0)
    text = forms.CharField(
        label=_("Ihr kurzer Bericht"),
        help_text=_("Drei bis fünf Sätze genügen, höchstens %s Zeichen. Bitte nennen Sie keine Namen von Betroffenen.")
        % LONGEST,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"max_length": _TOO_LONG},
    )
    says_nothing_of_optional = True

    def __init__(self, data: Any = None, *, stored: UnitReport | None = None) -> None:
        super().__init__(data, initial={"text": stored.text, "version": stored.version} if stored else None)
        self.fields["text"].widget.attrs.pop("maxlength", None)  # what is too long stays, and is named
        self._stored = stored.text if stored else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = data.get("text")
        if text is None:
            return data
        if self.data.get("do") != _NOTHING and not text:
            self.add_error(
                "text", _("Bitte schreiben Sie ein paar Sätze, oder wählen Sie „Diesmal nichts zu berichten“.")
            )
        if self.data.get("do") == _NOTHING and text != self._stored:
            self.add_error("text", _("Sie haben etwas geschrieben. Bitte senden Sie es, oder leeren Sie das Feld."))
        return data

    @property
    def words(self) -> dict[str, Any]:
        """What the verb takes."""
        is_nothing = self.data.get("do") == _NOTHING
        return {"text": "" if is_nothing else self.cleaned_data["text"], "version": self.cleaned_data["version"]}

    def on_top_of(self, version: int) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, version=version)
