"""Choosing a paper that is there already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Paper
from meetings.models import AgendaItem


class KnownPaperForm(forms.Form):
    """Papers that stand on their own, as long as they do not lie with the item yet."""

    paper = forms.ModelChoiceField(
        label=_("Unterlage, die es schon gibt"),
        help_text=_("Sie wird nicht kopiert: Eine neue Fassung gilt dann überall."),
        queryset=Paper.objects.none(),
        empty_label=_("Bitte wählen"),
    )

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["paper"]
        field.queryset = Paper.objects.filter(is_standing=True).exclude(agenda_items=item).order_by("title", "pk")
