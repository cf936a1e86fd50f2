"""The search over everything."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.forms.filters import FilterAlliance, FilterText
from meetings.domain import search
from meetings.domain.search_words import LONGEST_QUERY


class WordsForm(forms.Form):
    """One field for words."""

    q = forms.CharField(
        label=_("Wonach suchen Sie?"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=FilterText,
        error_messages={"max_length": _("Das ist zu lang zum Suchen. Bitte nehmen Sie weniger Wörter.")},
    )

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood; a filter nobody knows is left out instead of refused."""
        self.is_valid()
        return self.cleaned_data


class FindForm(WordsForm):
    """Over everything, or over one alliance and one kind of thing."""

    buendnis = FilterAlliance()
    art = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("", *search.GROUPS)], required=False, widget=forms.HiddenInput
    )
