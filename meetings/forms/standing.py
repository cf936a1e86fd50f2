"""One standing item of an alliance."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import StandingItem
from meetings.enums import AgendaItemKind
from meetings.forms.posted import over
from meetings.forms.topics import Minutes


class StandingItemForm(forms.Form):
    """Each form of the page has ids of its own by `prefix`; the names are the same."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000, initial=1)
    title = forms.CharField(
        label=_("Titel"),
        max_length=250,
        error_messages={
            "required": _("Bitte geben Sie dem Punkt einen Titel."),
            "max_length": _("Das ist zu lang. Bitte kürzen Sie auf %(limit_value)d Zeichen."),
        },
    )
    kind = forms.ChoiceField(label=_("Art"), choices=AgendaItemKind.choices, initial=AgendaItemKind.INFORMATION)
    minutes = Minutes(label=_("Minuten"), initial=5)

    def __init__(self, data: Any = None, *, row: StandingItem | None = None) -> None:
        initial = None
        if row is not None:
            initial = {"title": row.title, "kind": row.kind, "minutes": row.duration_minutes, "version": row.version}
        super().__init__(data, initial=initial, auto_id=f"p{row.pk if row else 0}-%s")
        if row is not None:
            del self.fields["form_key"]

    @property
    def words(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in ("title", "kind", "minutes")}

    def on_top_of(self, version: int) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, version=version)
