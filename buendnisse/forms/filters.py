"""Filters above long lists. Their choices are drawn here, since a template for each costs more than the list's queries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class FilterSelect(forms.Select):
    """A select without groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """As the template of a select draws it."""
        chosen = {str(one) for one in self.format_value(value)}
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (one, SafeString(" selected") if one in chosen else "", label)
                for one, label in ((str("" if key is None else key), label) for key, label in self.choices)
            ),
        )
        said = self.build_attrs(self.attrs, attrs).items()
        shown = format_html_join("", ' {}="{}"', ((key, given) for key, given in said if given not in {None, False}))
        return format_html('<select name="{}"{}>\n{}\n</select>', name, shown, options)
