"""Finding people, and writing down who they are."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from buendnisse import clock
from buendnisse.domain import people
from buendnisse.domain.people import FACTS
from buendnisse.domain.person_list import Stand
from buendnisse.enums import MailFormat, OrganisationKind, Role, Salutation
from buendnisse.forms.filters import FilterSelect, FilterText
from buendnisse.models import Body, Organisation, Person

#: Dates of memberships: nobody joined earlier, and nobody plans further; another year is a slip of the finger.
_EARLIEST = dt.date(1990, 1, 1)
_FURTHEST = dt.timedelta(days=2 * 366)


def plausible(day: dt.date) -> None:
    """Raises ValidationError for a day before 1990 or more than two years ahead."""
    if not _EARLIEST <= day <= clock.local_date(clock.now()) + _FURTHEST:
        raise ValidationError(_now("Dieser Tag liegt zu weit weg. Bitte prüfen Sie das Jahr."))


def date_field(**given: Any) -> forms.DateField:
    """A day as browsers ask for it, within what is plausible."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, validators=[plausible], **given)


class OrganisationField(forms.ModelChoiceField):  # type: ignore[type-arg] # Django's own takes none
    """One of the organisations on record, by name."""

    def __init__(self, **given: Any) -> None:
        super().__init__(Organisation.objects.order_by("name"), **given)


class PeopleFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Name, Organisation oder E-Mail-Adresse"), required=False, max_length=100, widget=FilterText
    )
    gremium = forms.ModelChoiceField(
        Body.objects.order_by("kind", "name"),
        label=_("Gremium"),
        to_field_name="slug",
        required=False,
        empty_label=_("alle"),
        widget=FilterSelect,
    )
    rolle = forms.ChoiceField(
        label=_("Rolle"), choices=[("", _("alle")), *Role.choices], required=False, widget=FilterSelect
    )
    stand = forms.ChoiceField(label=_("Stand"), choices=Stand, required=False, widget=FilterSelect)

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood; a filter nobody knows is left out instead of refused."""
        self.is_valid()
        given = self.cleaned_data
        return {
            "q": given.get("q", ""),
            "body": given.get("gremium"),
            "role": given.get("rolle", ""),
            "stand": given.get("stand", ""),
        }


class PersonForm(forms.Form):
    """What the Fachstelle writes down. Rhythm, large type and the like are the person's own switches."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    salutation = forms.ChoiceField(label=_("Anrede"), choices=Salutation, widget=forms.RadioSelect)
    academic_title = forms.CharField(label=_("Titel"), max_length=20, required=False)
    first_name = forms.CharField(label=_("Vorname"), max_length=80)
    last_name = forms.CharField(label=_("Nachname"), max_length=80)
    organisation = OrganisationField(label=_("Organisation"))
    function = forms.CharField(
        label=_("Aufgabe dort"), max_length=200, required=False, help_text=_("Zum Beispiel: Leitung, Sozialarbeit")
    )
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        required=False,
        help_text=_("Lesen mehrere Personen dieses Postfach, tragen Sie dieselbe Adresse bei jeder ein."),
    )
    phone = forms.CharField(label=_("Telefon"), max_length=40, required=False)
    postal_address = forms.CharField(
        label=_("Postanschrift"),
        max_length=250,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Für Briefe an Personen ohne E-Mail-Adresse."),
    )
    mail_format = forms.ChoiceField(label=_("Wie wir schreiben"), choices=MailFormat)
    active_until = date_field(
        label=_("Ausgeschieden am"), required=False, help_text=_("Letzter Tag. Leer, solange die Person dabei ist.")
    )

    @classmethod
    def of(cls, person: Person) -> PersonForm:
        """The form as the person stands."""
        return cls(initial={**{name: getattr(person, name) for name in FACTS}, "version": person.version})

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: self.cleaned_data[name] for name in FACTS}


class NewPersonFields(forms.Form):
    """Somebody who may be on record already: found by address and by similar names, and then asked about.

    `key` makes a double tap one person.
    """

    NEW = "neu"

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    known = forms.ChoiceField(label=_("Ist es eine dieser Personen?"), widget=forms.RadioSelect, required=False)
    salutation = forms.ChoiceField(
        label=_("Anrede"), choices=Salutation, initial=Salutation.NEUTRAL, widget=forms.RadioSelect
    )
    first_name = forms.CharField(label=_("Vorname"), max_length=80)
    last_name = forms.CharField(label=_("Nachname"), max_length=80)
    email = forms.EmailField(
        label=_("E-Mail-Adresse"), required=False, help_text=_("Leer, wenn die Person keine E-Mails liest.")
    )
    phone = forms.CharField(label=_("Telefon"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.similar: list[Person] = []
        self._offer()

    @property
    def is_wanted(self) -> bool:
        """Whether somebody was named at all."""
        return bool(self.cleaned_data.get("first_name") or self.cleaned_data.get("last_name"))

    @property
    def person(self) -> Person | None:
        """The one on record who was meant; None for somebody new."""
        return next((one for one in self.similar if str(one.pk) == self.cleaned_data.get("known")), None)

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, for `people.enter`."""
        names = ("salutation", "first_name", "last_name", "email", "phone")
        return {**{name: self.cleaned_data[name] for name in names}, "handle": self.cleaned_data["key"].hex}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.similar and not cleaned.get("known") and "known" not in self.errors:
            self.add_error("known", _now("Jemand mit ähnlichem Namen oder derselben Adresse ist schon eingetragen."))
        return cleaned

    def _offer(self) -> None:
        said = {
            name: str(self.data.get(self.add_prefix(name), "")).strip() for name in ("first_name", "last_name", "email")
        }
        if self.is_bound and any(said.values()):
            key = str(self.data.get(self.add_prefix("key"), "")).replace("-", "")  # a first tap has entered them
            self.similar = [one for one in people.similar(**said) if one.handle != key]
        if not self.similar:
            del self.fields["known"]
            return
        self.fields["known"].says_nothing_of_optional = True  # type: ignore[attr-defined]
        offered = [(str(one.pk), _described(one)) for one in self.similar]
        self.fields["known"].choices = [*offered, (self.NEW, _("Nein, das ist jemand anderes"))]  # type: ignore[attr-defined]


def _described(person: Person) -> str:
    """ "Kai Ahlers, BBS Emsfurt, kai@bbs.example" """
    return ", ".join(part for part in (person.full_name, str(person.organisation), person.email) if part)


class NewMemberForm(NewPersonFields):
    """Person, organisation, bodies, role and day, in one step."""

    organisation = OrganisationField(
        label=_("Organisation"), required=False, empty_label=_("Neue Organisation, Name unten eintragen")
    )
    new_organisation = forms.CharField(label=_("Name der neuen Organisation"), max_length=200, required=False)
    new_kind = forms.ChoiceField(
        label=_("Art der neuen Organisation"), choices=[("", "–"), *OrganisationKind.choices], required=False
    )
    bodies = forms.ModelMultipleChoiceField(
        Body.objects.none(), label=_("Gremien"), widget=forms.CheckboxSelectMultiple, required=True
    )
    role = forms.ChoiceField(label=_("Rolle"), choices=Role, initial=Role.MEMBER)
    since = date_field(label=_("Von"))
    welcome = forms.BooleanField(
        label=_("Begrüßung per E-Mail schicken"),
        help_text=_("Mit den nächsten Terminen, den letzten Beschlüssen und dem Hinweis zum Datenschutz."),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.local_date(clock.now())
        bodies = Body.objects.valid_on(today).order_by("kind", "pk")
        self.fields["bodies"].queryset = bodies  # type: ignore[attr-defined]
        for name in ("organisation", "new_organisation", "new_kind"):  # one of two ways is needed
            self.fields[name].says_nothing_of_optional = True  # type: ignore[attr-defined]
        self.fields["since"].initial = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        new = cleaned.get("new_organisation", "").strip()
        if not cleaned.get("organisation") and not new and "organisation" not in self.errors:
            self.add_error("organisation", _now("Bitte wählen Sie die Organisation oder tragen Sie eine neue ein."))
        if cleaned.get("organisation") and new:
            self.add_error("new_organisation", _now("Bitte nur eines: eine Organisation aus der Liste oder eine neue."))
        if new and not cleaned.get("new_kind"):
            self.add_error("new_kind", _now("Bitte wählen Sie, was für eine Organisation das ist."))
        return cleaned


class SeatForm(forms.Form):
    """One more seat for somebody on record."""

    body = forms.ModelChoiceField(Body.objects.none(), label=_("Gremium"))
    role = forms.ChoiceField(label=_("Rolle"), choices=Role, initial=Role.MEMBER)
    since = date_field(label=_("Von"))
    welcome = forms.BooleanField(label=_("Begrüßung per E-Mail schicken"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.local_date(clock.now())
        self.fields["body"].queryset = Body.objects.valid_on(today).order_by("kind", "pk")  # type: ignore[attr-defined]
        self.fields["since"].initial = today


class EndForm(forms.Form):
    """The last day of a seat."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    until = date_field(label=_("Letzter Tag"), required=False, help_text=_("Leer: ohne Ende."))
    farewell = forms.BooleanField(label=_("Abschied per E-Mail schicken"), required=False)


class MergeForm(forms.Form):
    """The other entry of the same person, which is shown nowhere afterwards."""

    double = forms.ModelChoiceField(
        Person.objects.filter(merged_into=None, forgotten_at=None)
        .select_related("organisation")
        .order_by("last_name", "first_name"),
        label=_("Der andere Eintrag"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["double"].label_from_instance = _described  # type: ignore[attr-defined]


class FurtherAddressForm(forms.Form):
    """A Vorzimmer, or an address answers come from."""

    address = forms.EmailField(label=_("Weitere E-Mail-Adresse"))
    label = forms.CharField(label=_("Wofür"), max_length=80, required=False, help_text=_("Zum Beispiel: Vorzimmer"))
    gets_copy = forms.BooleanField(
        label=_("Kopien zur Kenntnis dorthin schicken"),
        help_text=_("Ohne Kalendereintrag und ohne Links, mit denen man antworten kann."),
        required=False,
    )
