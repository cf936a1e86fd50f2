"""How forms look: label, hint, error beside the field; the errors summed up on top with links to the fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

_PLAIN = (
    forms.CheckboxInput,
    forms.RadioSelect,
    forms.CheckboxSelectMultiple,
    forms.HiddenInput,
    forms.MultipleHiddenInput,
)


_DJANGOS_REQUIRED = forms.Field.default_error_messages["required"]


class Field(BoundField):
    """A field as our templates draw it, with a kinder sentence than Django's where it is empty."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.error_messages.get("required") is _DJANGOS_REQUIRED:
            field.error_messages["required"] = _what_to_do(field)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Text-like inputs carry the class `input`, beside what the form asked for."""
        built = super().build_widget_attrs(attrs, widget)
        drawn = widget or self.field.widget
        if not isinstance(drawn, _PLAIN):
            given = built.get("class") or drawn.attrs.get("class", "")
            built["class"] = f"input {given}".strip()
        return built

    @property
    def kind(self) -> str:
        """Which of the three drawings: group (radios, several boxes), box (one box), line."""
        if self.use_fieldset:
            return "group"
        return "box" if isinstance(self.field.widget, forms.CheckboxInput) else "line"

    @property
    def lead(self) -> str:
        """The label as the beginning of a line: "Ihr Thema:", but "Worum geht es?" as it is."""
        label = str(self.label)
        return label if label.endswith(("?", ":", ".")) else f"{label}:"

    @property
    def first_id(self) -> str:
        """The element an error links to; in a group the first choice, since a fieldset takes no focus."""
        return f"{self.auto_id}_0" if self.kind == "group" else str(self.auto_id)


def _what_to_do(field: forms.Field) -> Any:
    if isinstance(field, forms.BooleanField):
        return _("Bitte setzen Sie hier das Häkchen.")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return _("Bitte wählen Sie etwas aus.")
    if isinstance(field, forms.FileField):
        return _("Bitte wählen Sie eine Datei aus.")
    return _("Bitte füllen Sie dieses Feld aus.")


class Renderer(TemplatesSetting):
    """Draws forms with templates/forms and templates/django/forms/widgets."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = Field
