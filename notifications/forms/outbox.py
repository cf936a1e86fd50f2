from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from notifications.domain import mail_room
from notifications.domain.own_words import PLACE
from notifications.enums import MailKind


class FilterForm(forms.Form):
    """Narrows the list. Nonsense in the address narrows nothing."""

    q = forms.CharField(label=_("Name, Adresse oder Betreff"), required=False, max_length=100)
    art = forms.ChoiceField(label=_("Art"), required=False, choices=[("", _("alle Arten")), *MailKind.choices])
    sitzung = forms.ChoiceField(label=_("Sitzung"), required=False)

    def __init__(self, *args: Any, meetings: list[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sitzung"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [("", _("alle Sitzungen")), *((str(meeting.pk), meeting.title) for meeting in meetings)]

    def filters(self) -> mail_room.Filters:
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        meeting = chosen.get("sitzung")
        return mail_room.Filters(
            kind=chosen.get("art", ""), meeting=int(meeting) if meeting else None, words=chosen.get("q", "")
        )


class ActForm(forms.Form):
    """What to do with a mail, and whether with all of its occasion."""

    do = forms.ChoiceField(choices=[(verb, verb) for verb in (mail_room.STOP, mail_room.RELEASE, mail_room.HURRY)])
    whole = forms.BooleanField(required=False)


class IntroductionForm(forms.Form):
    """Own words in the mails of one occasion; empty takes them out again."""

    words = forms.CharField(
        label=_("Eigene Einleitung"),
        help_text=PLACE,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=1000,
    )
