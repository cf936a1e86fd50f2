"""Who may read a topic."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Organisation
from meetings.domain.agenda_confidential import Standing

ALL, SOME = "alle", "einige"


class Ticked(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """None may be ticked where everybody reads; it is not called voluntary for that."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) if value else Organisation.objects.none()


class ConfidentialForm(forms.Form):
    """Everybody, or the organisations that are ticked. The members of the alliance stand first."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    circle = forms.ChoiceField(
        label=_("Wer liest diesen Punkt?"),
        choices=[
            (ALL, _("Alle, die die Tagesordnung lesen")),
            (SOME, _("Nur die Organisationen, die ich unten ankreuze")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie aus, wer den Punkt liest.")},
    )
    organisations = Ticked(
        label=_("Organisationen"),
        help_text=_("Die Fachstelle liest immer mit."),
        queryset=Organisation.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Diese Organisation gibt es nicht mehr. Bitte laden Sie die Seite neu.")},
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = ((_("Mitglieder dieses Bündnisses"), standing.members), (_("Weitere Organisationen"), standing.others))
        field: Any = self.fields["organisations"]
        field.choices = [(label, [(one.pk, one.name) for one in rows]) for label, rows in groups if rows]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("circle") == SOME and not data.get("organisations") and "organisations" not in self.errors:
            self.add_error(
                "organisations", _("Bitte kreuzen Sie mindestens eine Organisation an, oder wählen Sie „Alle“.")
            )
        return data

    @property
    def chosen(self) -> list[Organisation]:
        """Nobody in particular: everybody."""
        return list(self.cleaned_data["organisations"]) if self.cleaned_data["circle"] == SOME else []
