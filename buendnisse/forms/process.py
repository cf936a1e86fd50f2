"""A stage of the way integration proceeds."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.domain.process import Facts
from buendnisse.models import Body, Contact, ProcessStage, Topic


class _People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # Django's own takes none
    def label_from_instance(self, contact: Contact) -> str:
        """Who, and for what."""
        area = f", {contact.area.name}" if contact.area else ""
        return f"{contact.person.full_name} ({contact.topic.name}{area})"


class StageForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    name = forms.CharField(label=_("Name der Stufe"), help_text=_("Zum Beispiel: Deutsch lernen"), max_length=80)
    text = forms.CharField(
        label=_("Was geschieht hier?"),
        help_text=_("Zwei oder drei kurze Sätze."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=1500,
    )
    offers = forms.CharField(
        label=_("Angebote"),
        help_text=_("Eines in jeder Zeile: was, wo und wann. Zum Beispiel: Sprachcafé, Bücherei, dienstags 15 Uhr"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=3000,
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Themenfelder"),
        queryset=Topic.objects.filter(ended_on__isnull=True).order_by("pk"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    bodies = forms.ModelMultipleChoiceField(
        label=_("Wer arbeitet daran?"),
        queryset=Body.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    contacts = _People(
        label=_("Wen kann man fragen?"),
        help_text=_("Ohne Auswahl stehen dort die Ansprechpersonen der Themenfelder."),
        queryset=Contact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, day: dt.date, reader: object, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Body.objects.valid_on(day).order_by("kind", "pk")
        asked = Contact.objects.visible_to(reader, at=at).select_related("person", "topic", "area")
        self.fields["bodies"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["contacts"].queryset = asked.order_by("topic_id", "person__last_name", "pk")  # type: ignore[attr-defined]

    @property
    def facts(self) -> Facts:
        """What the verbs take."""
        names = ("name", "text", "offers", "topics", "bodies", "contacts")
        return Facts(**{name: self.cleaned_data[name] for name in names})


def begin(stage: ProcessStage) -> dict[str, Any]:
    """What the form of a stage begins with."""
    return {
        "form_key": stage.form_key,
        "version": stage.version,
        "name": stage.name,
        "text": stage.text,
        "offers": stage.offers,
        "topics": list(stage.topics.values_list("pk", flat=True)),
        "bodies": list(stage.bodies.values_list("pk", flat=True)),
        "contacts": list(stage.contacts.values_list("pk", flat=True)),
    }
