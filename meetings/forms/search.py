"""The search over everything."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from buendnisse.forms.filter_bar import FilterBar, Given, Part, Words, one_alliance, options
from meetings.domain import search
from meetings.domain.search_words import LONGEST_QUERY


class WordsFilter(FilterBar):
    """One field for words, and whatever else narrows a list of what was found."""

    def __init__(self, data: Mapping[str, str], *more: Part) -> None:
        too_long = _("Das ist zu lang zum Suchen. Bitte nehmen Sie weniger Wörter.")
        words = Words("q", _("Wonach suchen Sie?"), longest=LONGEST_QUERY, too_long=too_long)
        super().__init__(data, words, *more)


class FindFilters(WordsFilter):
    """Over everything, or over one alliance and one kind of thing."""

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(data, one_alliance(), Given("art", options((kind, kind) for kind in search.GROUPS)))
