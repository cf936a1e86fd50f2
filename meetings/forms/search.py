"""The search over everything."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.forms.filters import FilterSelect, FilterText
from buendnisse.models import Alliance
from meetings.domain import search
from meetings.domain.search_words import LONGEST_QUERY


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("Wonach suchen Sie?"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=FilterText,
        error_messages={"max_length": _("Das ist zu lang zum Suchen. Bitte nehmen Sie weniger Wörter.")},
    )
    buendnis = forms.ModelChoiceField(
        label=_("Bündnis"),
        queryset=Alliance.objects.in_order(),
        to_field_name="slug",
        required=False,
        empty_label=_("alle"),
        widget=FilterSelect,
    )
    art = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("", *search.GROUPS)], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["buendnis"].label_from_instance = lambda body: body.word  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood; a filter nobody knows is left out instead of refused."""
        self.is_valid()
        return self.cleaned_data
