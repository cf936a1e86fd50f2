"""Organisations, venues, topics and contacts, as the Fachstelle enters them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.enums import OrganisationKind
from buendnisse.forms.filters import FilterSelect
from buendnisse.forms.records import RecordForm, SearchForm, words
from buendnisse.models import Area, Municipality, Organisation, Person, Topic


class OrganisationSearch(SearchForm):
    art = forms.ChoiceField(
        label=_("Art"), required=False, choices=[("", _("alle")), *OrganisationKind.choices], widget=FilterSelect
    )
    field_order = ("q", "art", "stand")

    def further(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"kind": data.get("art") or ""}


class OrganisationForm(RecordForm):
    name = words(_("Name"), most=200, required=True)
    short_name = words(_("Kurzer Name"), most=80, required=True, hint=_("Wie man im Gespräch sagt: BBS, Jobcenter."))
    kind = forms.ChoiceField(label=_("Art"), choices=OrganisationKind.choices)
    parent = forms.ModelChoiceField(
        Organisation.objects.order_by("name"), label=_("Gehört zu"), required=False, empty_label=_("nichts anderem")
    )
    place = words(_("Ort"), most=80)
    municipality = forms.ModelChoiceField(
        Municipality.objects.order_by("name"), label=_("Kommune"), required=False, empty_label=_("keine")
    )
    is_voting = forms.BooleanField(
        label=_("Hat eine Stimme in ihren Bündnissen"),
        required=False,
        initial=True,
        help_text=_("Eine Organisation hat höchstens eine Stimme in jedem Bündnis."),
    )
    note = words(_("Notiz der Fachstelle"), most=1000, rows=3, hint=_("Lesen nur Sie in der Fachstelle."))


class VenueForm(RecordForm):
    name = words(_("Name"), most=200, required=True, hint=_("Mit Raum: Kreishaus Haseburg, Sitzungsraum 1."))
    place = words(_("Ort"), most=80)
    is_step_free = forms.BooleanField(label=_("Ohne Stufen, mit dem Rollstuhl erreichbar"), required=False)
    has_induction_loop = forms.BooleanField(label=_("Induktionsschleife für Hörgeräte"), required=False)
    has_hybrid_equipment = forms.BooleanField(label=_("Technik für Videokonferenzen"), required=False)
    parking = words(_("Parken"), most=250, hint=_("Auch: Stellplatz für Menschen mit Behinderung."))
    bus_note = words(_("Bus und Bahn"), most=400, rows=2, hint=_("Vor allem der letzte Bus nach Hause."))
    door_contact = words(_("Wer macht die Tür auf?"), most=200, hint=_("Name und Telefon für den Tag der Sitzung."))
    note = words(_("Sonst noch wichtig"), most=250, hint=_("Zum Beispiel: Aufzug nur nach Anmeldung."))


class TopicForm(RecordForm):
    name = words(_("Name"), most=80, required=True)


class TopicMergeForm(forms.Form):
    """Which topic takes another's place."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    into = forms.ModelChoiceField(Topic.objects.none(), label=_("Aufgehen in"), empty_label=_("bitte wählen"))

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = Topic.objects.filter(ended_on__isnull=True).exclude(pk=topic.pk).order_by("pk")


class ContactSearch(SearchForm):
    thema = forms.ModelChoiceField(
        Topic.objects.order_by("pk"),
        label=_("Themenfeld"),
        to_field_name="slug",
        required=False,
        empty_label=_("alle"),
        widget=FilterSelect,
    )
    field_order = ("q", "thema", "stand")

    def further(self, data: Mapping[str, Any]) -> dict[str, Any]:
        topic = data.get("thema")
        return {"topic": topic.slug if topic else ""}


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # Django's own takes none
    """Somebody on record who has not left, by surname."""

    def label_from_instance(self, person: Person) -> str:
        """As a list of names is read."""
        return f"{person.last_name}, {person.first_name} ({person.organisation.short_name})"


def everybody() -> Any:
    """Who can be chosen."""
    return (
        Person.objects.filter(active_until__isnull=True)
        .select_related("organisation")
        .order_by("last_name", "first_name", "pk")
    )


class ContactForm(RecordForm):
    person = PersonChoice(everybody(), label=_("Person"), empty_label=_("bitte wählen"))
    topic = forms.ModelChoiceField(
        Topic.objects.filter(ended_on__isnull=True).order_by("pk"), label=_("Themenfeld"), empty_label=_("bitte wählen")
    )
    area = forms.ModelChoiceField(
        Area.objects.order_by("name"), label=_("Gebiet"), required=False, empty_label=_("der ganze Landkreis")
    )
    phone = words(_("Telefon"), most=40)
    email = forms.EmailField(
        label=_("E-Mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Das ist keine E-Mail-Adresse. Sie sieht so aus: name@stelle.example.")},
    )
    note = words(_("Hinweis"), most=500, rows=2, hint=_("Zum Beispiel, wann jemand da ist. Lesen alle Mitglieder."))
