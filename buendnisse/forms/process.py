"""A stage of the way integration proceeds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.clock import local_date
from buendnisse.forms.records import RecordForm, words
from buendnisse.models import Body, Contact, Topic


class _People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # Django's own takes none
    def label_from_instance(self, contact: Contact) -> str:
        """Who, and for what."""
        area = f", {contact.area.name}" if contact.area else ""
        return f"{contact.person.full_name} ({contact.topic.name}{area})"


class StageForm(RecordForm):
    name = words(_("Name der Stufe"), most=80, required=True, hint=_("Zum Beispiel: Deutsch lernen"))
    text = words(_("Was geschieht hier?"), most=1500, rows=4, hint=_("Zwei oder drei kurze Sätze."))
    offers = words(
        _("Angebote"),
        most=3000,
        rows=5,
        hint=_("Eines in jeder Zeile: was, wo und wann. Zum Beispiel: Sprachcafé, Bücherei, dienstags 15 Uhr"),
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

    def __init__(self, *args: Any, reader: object, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Body.objects.valid_on(local_date(at)).order_by("kind", "pk")
        asked = Contact.objects.visible_to(reader, at=at).select_related("person", "topic", "area")
        self.fields["bodies"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["contacts"].queryset = asked.order_by("topic_id", "person__last_name", "pk")  # type: ignore[attr-defined]
