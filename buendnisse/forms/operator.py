"""The operator's facts, and reports of barriers."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import installation
from buendnisse.models import Installation


class OperatorForm(forms.Form):
    """All facts on one page. Nothing but the office's telephone is compelled: the pages show what is missing."""

    says_nothing_of_optional = True  # "freiwillig" would be wrong: the law asks for most of them

    version = forms.IntegerField(widget=forms.HiddenInput)
    district = forms.CharField(label=_("Landkreis"), max_length=120, help_text=_("Steht oben auf jeder Seite."))
    office_name = forms.CharField(label=_("Name der Fachstelle"), max_length=120)
    office_phone = forms.CharField(
        label=_("Telefon der Fachstelle"), max_length=40, help_text=_("Steht auf jeder Seite und in jeder E-Mail.")
    )
    office_hours = forms.CharField(
        label=_("Wann jemand da ist"), max_length=120, help_text=_("Zum Beispiel: montags bis freitags 9–12 Uhr")
    )
    office_address = forms.CharField(label=_("Anschrift der Fachstelle"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for _title, group in installation.FACTS:
            for fact in group:
                self.fields[fact.key] = forms.CharField(
                    label=fact.label,
                    help_text=fact.hint,
                    required=False,
                    max_length=2000,
                    widget=forms.Textarea(attrs={"rows": 3}) if fact.is_long else forms.TextInput,
                )

    @classmethod
    def of(cls, row: Installation) -> OperatorForm:
        """The form as the facts stand."""
        columns = {name: getattr(row, name) for name in installation.COLUMNS}
        return cls(initial={**installation.texts(row), **columns, "version": row.version})

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [
            (_("Fachstelle"), [self[name] for name in installation.COLUMNS]),
            *((title, [self[fact.key] for fact in group]) for title, group in installation.FACTS),
        ]

    def facts(self) -> dict[str, str]:
        """What was entered, by key, without the version."""
        return {key: text for key, text in self.cleaned_data.items() if key != "version"}


class BarrierForm(forms.Form):
    """Three fields; only one is needed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("Was ging nicht?"),
        help_text=_("Zum Beispiel: „Mit der Tastatur komme ich nicht zum Knopf ‚Thema senden‘.“"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        error_messages={"required": _("Bitte schreiben Sie in einem Satz, was nicht ging.")},
    )
    page = forms.CharField(
        label=_("Auf welcher Seite?"),
        help_text=_("Adresse oder Überschrift der Seite, oder der Name der Unterlage."),
        max_length=300,
        required=False,
    )
    contact = forms.CharField(
        label=_("Wie erreichen wir Sie?"),
        help_text=_("E-Mail-Adresse oder Telefon. Ohne diese Angabe können wir Ihnen nicht antworten."),
        max_length=200,
        required=False,
    )
