from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.domain.mail_wishes import Wishes
from buendnisse.enums import DigestRhythm, MailFormat, MailTopic, Salutation
from buendnisse.models import Body


class WishesForm(forms.Form):
    """Boxes say what one wants; what is stored says what one does not. Bodies are asked for from the second on."""

    says_nothing_of_optional = True

    salutation = forms.ChoiceField(
        label=_("Wie sollen wir Sie ansprechen?"), choices=Salutation, widget=forms.RadioSelect, required=False
    )
    rhythm = forms.ChoiceField(
        label=_("Wie oft möchten Sie den Brief mit Neuigkeiten?"),
        choices=DigestRhythm,
        widget=forms.RadioSelect,
        help_text=_("Er heißt Wochenbrief oder Monatsbrief und kommt nur, wenn es etwas Neues gibt."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Welche E-Mails möchten Sie außerdem?"),
        choices=MailTopic,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Einladungen, Änderungen und Absagen schicken wir immer. Auch was nur Sie erledigen können, zum Beispiel "
            "eine Aufgabe oder eine Abstimmung."
        ),
    )
    bodies = forms.TypedMultipleChoiceField(
        label=_("Aus welchen Bündnissen möchten Sie alles hören?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Ohne Häkchen bekommen Sie von dort nur Einladungen, Änderungen und Absagen, und im Brief steht von dort nichts Neues."
        ),
    )
    holidays = forms.BooleanField(label=_("In den Schulferien bitte nicht erinnern"), required=False)
    text_only = forms.BooleanField(
        label=_("Nur Text, ohne Gestaltung"),
        help_text=_("Gut für Vorleseprogramme und sehr alte Geräte. Der Inhalt ist derselbe."),
        required=False,
    )
    large_type = forms.BooleanField(
        label=_("Große Schrift"), help_text=_("In E-Mails und auf Ihren Seiten."), required=False
    )
    papers = forms.BooleanField(
        label=_("Unterlagen als Anhang schicken"),
        help_text=_("Dann hängen sie an der Einladung, zusammen höchstens 5 MB. Sie müssen keine Seite öffnen."),
        required=False,
    )

    def __init__(self, data: Any = None, *, wishes: Wishes, bodies: Sequence[Body], rhythm: str = "") -> None:
        """`rhythm`: the one a link in the letter offers; it is chosen and counts once it is saved."""
        self._wishes, self._bodies = wishes, bodies
        initial = {
            "rhythm": rhythm if rhythm in DigestRhythm else wishes.digest,
            "topics": [topic for topic in MailTopic if topic not in wishes.quiet_topics],
            "bodies": [body.pk for body in bodies if body.pk not in wishes.quiet_bodies],
            "holidays": wishes.quiet_in_holidays,
            "text_only": wishes.mail_format == MailFormat.TEXT,
            "papers": wishes.gets_papers,
            "large_type": wishes.large_type,
            "salutation": wishes.salutation,
        }
        super().__init__(data, initial=initial)
        field = self.fields["bodies"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 -- declared above
        field.choices = [(body.pk, body.name) for body in bodies]
        if len(bodies) < 2:  # noqa: PLR2004 -- with one there is nothing to choose between
            del self.fields["bodies"]

    def wishes(self) -> Wishes:
        """What the valid form asks for."""
        said = self.cleaned_data
        return replace(
            self._wishes,
            digest=said["rhythm"],
            quiet_topics=tuple(topic for topic in MailTopic if topic not in said["topics"]),
            quiet_bodies=self._quiet_bodies(),
            quiet_in_holidays=said["holidays"],
            mail_format=self._format(is_text_only=said["text_only"]),
            gets_papers=said["papers"],
            large_type=said["large_type"],
            salutation=said["salutation"] or self._wishes.salutation,
        )

    def _quiet_bodies(self) -> tuple[int, ...]:
        if "bodies" not in self.fields:
            return self._wishes.quiet_bodies
        return tuple(body.pk for body in self._bodies if body.pk not in self.cleaned_data["bodies"])

    def _format(self, *, is_text_only: bool) -> str:
        """Whoever gets no mail at all does so by arrangement, not by this box."""
        if self._wishes.mail_format == MailFormat.NONE:
            return self._wishes.mail_format
        return MailFormat.TEXT if is_text_only else MailFormat.HTML_AND_TEXT


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Ihre neue E-Mail-Adresse"),
        help_text=_("Wir schicken dorthin eine E-Mail. Erst wenn Sie den Knopf darin drücken, gilt die neue Adresse."),
    )
