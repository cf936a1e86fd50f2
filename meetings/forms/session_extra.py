"""Forms for what a meeting brings up unforeseen."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Organisation, Person
from meetings.enums import AgendaItemKind, Channel


class LateItemForm(forms.Form):
    """A Nachtrags-TOP."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    title = forms.CharField(label=_("Thema in einem Satz"), max_length=250)
    kind = forms.ChoiceField(
        label=_("Worum geht es?"),
        choices=[choice for choice in AgendaItemKind.choices if choice[0] != AgendaItemKind.FORMAL],
        initial=AgendaItemKind.DISCUSSION,
    )
    minutes = forms.IntegerField(label=_("Minuten"), min_value=1, max_value=240, initial=10)
    presenter = forms.ModelChoiceField(label=_("Wer berichtet?"), queryset=Person.objects.none(), required=False)
    consent = forms.BooleanField(
        label=_("Alle Anwesenden sind damit einverstanden."),
        error_messages={
            "required": _("Fragen Sie bitte zuerst die Anwesenden. Ohne sie bleibt die Tagesordnung, wie sie ist.")
        },
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["presenter"]
        field.queryset = Person.objects.filter(pk__in=[person.pk for person in people])
        field.choices = [("", _("niemand bestimmt"))] + [
            (person.pk, f"{person.last_name}, {person.first_name} ({person.organisation.short_name})")
            for person in people
        ]


class PutOffForm(forms.Form):
    reason = forms.CharField(
        label=_("Warum wird der Punkt vertagt?"),
        help_text=_("Ein Satz. Wer das Thema vorgeschlagen hat, liest genau ihn."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class GuestForm(forms.Form):
    """Somebody came who stands on no list."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    first_name = forms.CharField(label=_("Vorname"), max_length=80)
    last_name = forms.CharField(label=_("Nachname"), max_length=80)
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.order_by("name"))
    channel = forms.ChoiceField(label=_("Wie nimmt die Person teil?"), choices=Channel.choices, initial=Channel.ON_SITE)
