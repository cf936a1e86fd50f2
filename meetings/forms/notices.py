"""A short notice: as a member hands it in, as the Fachstelle words it, and the list that finds it again."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.forms.filters import FilterAlliance, FilterSelect
from buendnisse.models import Alliance
from meetings.domain.notice_list import Stand, Wanted
from meetings.models import Notice
from meetings.models.notice import LONGEST

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NoticeForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("Was gibt es Neues?"),
        help_text=_("Ein bis zwei Sätze. Bitte nennen Sie keine Namen von Betroffenen."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Bitte schreiben Sie in ein bis zwei Sätzen, was es Neues gibt."),
            "max_length": _("Das ist zu lang für eine Kurzmeldung. Bitte kürzen Sie auf %(limit_value)d Zeichen."),
        },
    )
    bodies = forms.ModelMultipleChoiceField(
        label=_("Für welche Bündnisse?"),
        queryset=Alliance.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte kreuzen Sie mindestens ein Bündnis an.")},
    )
    valid_until = forms.DateField(
        label=_("Bis wann gilt das?"),
        help_text=_("Danach verschwindet die Kurzmeldung von selbst."),
        widget=_DATE,
        error_messages={
            "required": _("Bitte geben Sie den letzten Tag an."),
            "invalid": _("Bitte geben Sie einen Tag an, zum Beispiel 31.01.2027."),
        },
    )
    web_address = forms.CharField(
        label=_("Internetseite dazu"),
        help_text=_("Die ganze Adresse. Sie beginnt mit https://"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bodies"].queryset = Alliance.objects.valid_on(day).in_order()  # type: ignore[attr-defined]


class NoticeEditForm(NoticeForm):
    """The Fachstelle's wording, and a word to whoever sent it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reply = forms.CharField(
        label=_("Ein Satz dazu an die Person"),
        help_text=_("Steht in der E-Mail, die sie gleich bekommt."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["form_key"]

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "bodies", "valid_until", "web_address", "version")}


class NoticeListForm(forms.Form):
    """What the list is narrowed to. Wrong values narrow nothing."""

    q = forms.CharField(label=_("Wörter"), required=False, max_length=100)
    stand = forms.ChoiceField(
        label=_("Stand"), required=False, choices=[("", _("alle")), *Stand.choices], widget=FilterSelect
    )
    buendnis = FilterAlliance()

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        data = self.cleaned_data
        return Wanted(data.get("q", ""), data.get("stand", ""), data.get("buendnis"))


def words_of(notice: Notice) -> dict[str, Any]:
    """A notice as a form begins with it."""
    return {
        "text": notice.text,
        "bodies": [body.pk for body in notice.bodies.all()],
        "valid_until": notice.valid_until,
        "web_address": notice.web_address,
        "version": notice.version,
    }
