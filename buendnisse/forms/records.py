"""Forms of the Verwaltung: one thing on record, with the version it was read at."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from buendnisse.domain.records import RecordRefused
from buendnisse.forms.filters import FilterSelect, FilterText

SCOPES = [
    ("", gettext_lazy("aktuelle")),
    ("ended", gettext_lazy("beendete")),
    ("all", gettext_lazy("alle")),
]


def words(label: Any, *, most: int, hint: Any = "", required: bool = False, rows: int = 0) -> forms.CharField:
    """A line of text, or several."""
    widget: Any = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput
    return forms.CharField(label=label, max_length=most, help_text=hint, required=required, widget=widget)


def day(label: Any, *, hint: Any = "", required: bool = False) -> forms.DateField:
    """A day, typed or chosen."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Bitte schreiben Sie den Tag so: 24.12.2026.")},
    )


class RecordForm(forms.Form):
    """Fields are named as the columns; `form_key` makes a double tap one thing, `version` a second writer seen."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = forms.IntegerField(
        widget=forms.HiddenInput, initial=1, min_value=1, max_value=2_000_000_000, required=False
    )
    #: What is not written as it was typed.
    not_said: ClassVar[frozenset[str]] = frozenset({"form_key", "version"})

    @classmethod
    def of(cls, row: Any, data: Any = None, **kwargs: Any) -> Any:
        """The form as the row stands. What it is linked with can stay so, even where nothing new gets it any more."""
        standing = cls.standing(row)
        form = cls(data, initial=standing | {"version": row.version}, **kwargs)
        for name, held in standing.items():
            field = form.fields.get(name)
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None and held:
                offered = field.queryset
                field.queryset = offered | offered.model._default_manager.filter(pk__in=_numbers(held))
        return form

    @classmethod
    def standing(cls, row: Any) -> dict[str, Any]:
        """What the row says, by field."""
        names = [name for name in cls.base_fields if name not in cls.not_said and hasattr(row, name)]
        return {name: _read(row, name) for name in names}

    @property
    def said(self) -> dict[str, Any]:
        """What was typed, by column."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.not_said}

    def labels(self) -> dict[str, Any]:
        """The words for fields, for a history."""
        return {name: field.label for name, field in self.fields.items() if field.label}

    def refuse(self, refused: RecordRefused) -> None:
        """Put the refusal beside its field."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))

    def on_top_of(self, current: Any) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        data: Any = self.data.copy()  # type: ignore[attr-defined] # what was posted is a QueryDict
        data["version"] = str(current.version)
        self.data = data

    def differing(self, current: Any) -> list[tuple[Any, str, str]]:
        """Where this form and what is stored now differ: label, ours, theirs."""
        theirs = self.standing(current)
        found = []
        for name, value in self.said.items():
            ours, other = _shown(self.fields[name], value), _shown(self.fields[name], theirs.get(name))
            if ours != other:
                found.append((self.fields[name].label, ours, other))
        return found


class EndForm(forms.Form):
    """The last day of something."""

    last = day(gettext_lazy("Letzter Tag"), required=True)

    def refuse(self, refused: RecordRefused) -> None:
        """Put the refusal beside its field."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class SearchForm(forms.Form):
    """Above a list: words, and whether what has ended is shown."""

    q = forms.CharField(label=gettext_lazy("Suchen"), required=False, max_length=100, widget=FilterText)
    stand = forms.ChoiceField(label=gettext_lazy("Zeigen"), required=False, choices=SCOPES, widget=FilterSelect)

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood; a filter nobody knows is left out instead of refused."""
        self.is_valid()
        data = self.cleaned_data
        return {"words": data.get("q") or "", "scope": data.get("stand") or "", **self.further(data)}

    def further(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What a list of its own kind asks for."""
        return {}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was chosen."""
        return any(self.wanted.values())


def _numbers(held: Any) -> list[int]:
    return [one.pk for one in held] if isinstance(held, list) else [held.pk]


def _read(row: Any, name: str) -> Any:
    field = row._meta.get_field(name)
    return list(getattr(row, name).all()) if field.many_to_many else getattr(row, name)


def _shown(field: forms.Field, value: Any) -> str:
    """A value as people read it."""
    if isinstance(field, forms.BooleanField):
        return _("ja") if value else _("nein")
    if isinstance(value, list | tuple | models.QuerySet):
        words = [str(one) for one in value]
        if isinstance(field, forms.ModelMultipleChoiceField):
            words.sort()  # a choice of several has no order, and a database gives it in any
        return ", ".join(words) or "–"
    if value in {None, ""}:
        return "–"
    if hasattr(value, "isoformat") and not isinstance(value, str):
        return german.short_day(value)
    choices = {} if isinstance(field, forms.ModelChoiceField) else dict(getattr(field, "choices", ()))
    return str(choices.get(value, value))
