"""Filters above long lists. They are drawn here, since a template for each costs more than the list's queries."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Alliance, Body


class FilterSelect(forms.Select):
    """A select, with headings where its choices are grouped."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """As the template of a select draws it."""
        chosen = {str(one) for one in self.format_value(value)}
        drawn: list[str] = []
        for key, label in self.choices:
            if isinstance(label, list | tuple):
                heading = f'<optgroup label="{_escaped(key)}">'
                drawn += [heading, *_options(label, chosen), "</optgroup>"]
            else:
                drawn += _options([(key, label)], chosen)
        options = SafeString("\n".join(drawn))
        shown = _attributes(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>\n{}\n</select>', name, shown, options)


class FilterText(forms.TextInput):
    """The words that are looked for."""

    input_type = "search"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """As the template of an input draws it."""
        given = self.build_attrs(self.attrs, attrs)
        typed = self.format_value(value)
        if typed is not None:
            given = {"value": typed, **given}
        return format_html('<input type="{}" name="{}"{}>', self.input_type, name, _attributes(given))


class FilterAlliance(forms.ModelChoiceField):  # type: ignore[type-arg] # Django's own takes none
    """One alliance, or all of them."""

    def __init__(self) -> None:
        super().__init__(
            Alliance.objects.in_order().only("slug", "kind", "name", "short_name"),
            label=_("Bündnis"),
            to_field_name="slug",
            required=False,
            empty_label=_("alle"),
            widget=FilterSelect,
        )

    def label_from_instance(self, body: Body) -> str:
        """As people say it."""
        return body.word


def _options(pairs: Iterable[tuple[Any, Any]], chosen: set[str]) -> list[str]:
    keys = ((str("" if key is None else key), label) for key, label in pairs)
    return [
        f'<option value="{_escaped(key)}"{" selected" if key in chosen else ""}>{_escaped(label)}</option>'
        for key, label in keys
    ]


def _attributes(given: dict[str, Any]) -> SafeString:
    """What is true stands by its name alone, what is false not at all."""
    said = (
        f" {name}" if value is True else f' {name}="{_escaped(value)}"'
        for name, value in given.items()
        if value is not None and value is not False
    )
    return SafeString("".join(said))


def _escaped(said: Any) -> str:
    """Plain text as HTML. Django's own asks of each word whether it is lazy or safe, which none of these is."""
    return html.escape(str(said))
