"""What a person wishes of us, on one page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.domain.mail_wishes import WISHES
from buendnisse.enums import DigestRhythm, MailFormat, Salutation
from buendnisse.models import Person

#: How mail looks is a wish; that there is none at all is settled with the Fachstelle.
_LOOKS = [choice for choice in MailFormat.choices if choice[0] != MailFormat.NONE]


class WishesForm(forms.Form):
    salutation = forms.ChoiceField(
        label=_("Wie sollen wir Sie ansprechen?"), choices=Salutation, widget=forms.RadioSelect
    )
    digest = forms.ChoiceField(
        label=_("Wie oft möchten Sie den Brief mit Neuigkeiten?"), choices=DigestRhythm, widget=forms.RadioSelect
    )
    rests_in_holidays = forms.BooleanField(
        label=_("In den Schulferien keine Neuigkeiten und keine Erinnerungen"),
        help_text=_("Was Sie verpassen, steht im ersten Brief danach. Einladungen und Absagen kommen immer."),
        required=False,
    )
    mail_format = forms.ChoiceField(
        label=_("Wie sollen unsere E-Mails aussehen?"), choices=_LOOKS, widget=forms.RadioSelect
    )
    large_type = forms.BooleanField(
        label=_("Große Schrift"), help_text=_("In E-Mails und auf Ihren Seiten."), required=False
    )
    gets_papers = forms.BooleanField(
        label=_("Unterlagen als Anhang schicken"),
        help_text=_("Dann hängen sie an der Einladung, zusammen höchstens 5 MB. Sie müssen keine Seite öffnen."),
        required=False,
    )

    @classmethod
    def of(cls, person: Person) -> WishesForm:
        """The form as the person chose before."""
        return cls(initial={name: getattr(person, name) for name in WISHES})

    @property
    def wishes(self) -> dict[str, Any]:
        """What was chosen, for `mail_wishes.choose`."""
        return {name: self.cleaned_data[name] for name in WISHES}


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Ihre neue E-Mail-Adresse"),
        help_text=_("Wir schicken dorthin eine E-Mail. Erst wenn Sie den Knopf darin drücken, gilt die neue Adresse."),
    )
