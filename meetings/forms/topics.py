"""Forms around topics: what the Fachstelle decides with."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from buendnisse import german
from buendnisse.models import Organisation, Person, Topic
from meetings.domain.agenda_rules import AgendaRefused, title_of
from meetings.enums import AgendaItemKind
from meetings.models import AgendaItem, Meeting

_TEXT_LENGTH = 5000
_LONGEST = 240  # minutes: no meeting is longer than four hours


class Minutes(forms.IntegerField):
    """Minutes on an agenda, with one sentence for whatever is wrong with them."""

    def __init__(self, **kwargs: Any) -> None:
        said = _("Bitte geben Sie ganze Minuten an, zum Beispiel 20.")
        super().__init__(
            min_value=1,
            max_value=_LONGEST,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--num"}),
            error_messages={"invalid": said, "min_value": said, "max_value": said},
            **kwargs,
        )


def said(rule: Callable[[str], str], text: str) -> str:
    """What a rule of the domain makes of a field; its refusal stands beside what was typed."""
    try:
        return rule(text)
    except AgendaRefused as refused:
        raise forms.ValidationError(str(refused)) from refused


def topic_of(item: AgendaItem) -> dict[str, Any]:
    """An item as the initial values of the forms here."""
    return {
        "form_key": item.form_key,
        "version": item.version,
        "title": item.title,
        "description": item.description,
        "kind": item.kind,
        "minutes": item.duration_minutes,
        "wished_result": item.wished_result,
        "topics": [topic.pk for topic in item.topics.all()],
        "presenter": item.presenter_id,
        "position": item.position or None,
    }


class ItemForm(forms.Form):
    """An item as the Fachstelle words it."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Titel auf der Tagesordnung"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Bitte nennen Sie Ihr Thema in einem Satz.")},
    )
    description = forms.CharField(
        label=_("Beschreibung"),
        help_text=_("Steht unter dem Titel, in der Mail und im PDF."),
        required=False,
        max_length=_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    wished_result = forms.CharField(
        label=_("Gewünschtes Ergebnis"),
        required=False,
        max_length=_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kind = forms.ChoiceField(label=_("Art"), choices=AgendaItemKind.choices, initial=AgendaItemKind.DISCUSSION.value)
    minutes = Minutes(label=_("Minuten"), initial=20)
    presenter = forms.ModelChoiceField(
        label=_("Wer berichtet?"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("noch offen"),
    )

    topics = forms.ModelMultipleChoiceField(
        Topic.objects.filter(ended_on__isnull=True).order_by("pk"),
        label=_("Themenfelder"),
        help_text=_("Danach ist es zu finden, und die Ansprechperson dafür steht in den Mails dazu."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, presenters: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["presenter"]
        field.queryset = Person.objects.filter(pk__in=[person.pk for person in presenters]).select_related(
            "organisation"
        )
        field.queryset = field.queryset.order_by("last_name", "first_name")
        field.label_from_instance = lambda person: f"{person.full_name}, {person.organisation.short_name}"

    def clean_title(self) -> str:
        return said(title_of, self.cleaned_data["title"])

    @property
    def edited(self) -> dict[str, Any]:
        data = self.cleaned_data
        named = {name: data[name] for name in ("title", "description", "wished_result", "kind", "presenter", "topics")}
        return {**named, "duration_minutes": data["minutes"]}


class PutOffForm(forms.Form):
    """What becomes of a topic that is not on this agenda, and why."""

    what = forms.ChoiceField(label=_("Was passiert mit dem Thema?"), widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(
        label=_("Welche Stelle kümmert sich?"),
        help_text=_("Nur wenn eine Stelle sich kümmert."),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("keine"),
    )
    reason = forms.CharField(
        label=_("Ihr Grund"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=_TEXT_LENGTH,
        error_messages={
            "required": _("Bitte schreiben Sie einen Satz dazu. Wer das Thema vorgeschlagen hat, liest genau ihn.")
        },
    )

    def __init__(self, *args: Any, ways: Sequence[tuple[str, Any]], proposer: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["what"]
        field.choices = ways
        who: Any = self.fields["organisation"]
        who.queryset = Organisation.objects.order_by("name")
        if all(way != "delegate" for way, _label in ways):
            del self.fields["organisation"]
        if proposer is not None:
            self.fields["reason"].help_text = _(
                "%s liest genau diesen Satz. Er steht auch in der Liste der Vorschläge."
            ) % (proposer.formal_name)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("what") == "delegate" and not data.get("organisation"):
            self.add_error("organisation", _("Bitte wählen Sie die Stelle aus, die sich kümmert."))
        return data


class MergeForm(forms.Form):
    """Under which other topic one is dealt with, and why."""

    into = forms.ModelChoiceField(
        label=_("Mit welchem Thema?"),
        queryset=AgendaItem.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Bitte wählen Sie das Thema, mit dem Sie es zusammenlegen.")},
    )
    reason = forms.CharField(
        label=_("Ihr Satz dazu"),
        help_text=_("Beide, die vorgeschlagen haben, lesen genau diesen Satz."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=_TEXT_LENGTH,
        error_messages={"required": _("Bitte schreiben Sie einen Satz dazu. Beide lesen genau ihn.")},
    )

    def __init__(self, *args: Any, partners: QuerySet[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = partners
        field.label_from_instance = lambda item: " · ".join(
            filter(None, [item.title, item.proposer.full_name if item.proposer else "", item.get_state_display()])
        )


class CopyForm(forms.Form):
    """A topic once more, as a new one."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    title = forms.CharField(label=_("Titel auf der Tagesordnung"), widget=forms.Textarea(attrs={"rows": 2}))
    to = forms.ChoiceField(label=_("Wohin?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, meetings: Sequence[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        to: Any = self.fields["to"]
        to.choices = [
            *((pk, _("In die Sitzung am %s") % german.long_day(one.start)) for pk, one in self.meetings.items()),
            ("", _("In den Themenspeicher")),
        ]
        to.required = False

    def clean_title(self) -> str:
        return said(title_of, self.cleaned_data["title"])

    @property
    def chosen(self) -> Meeting | None:
        """The meeting, or None for the Themenspeicher."""
        return self.meetings.get(self.cleaned_data["to"])
