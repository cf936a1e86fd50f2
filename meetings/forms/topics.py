"""Forms around topics: what members fill in, and what the Fachstelle decides with."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from buendnisse import german
from buendnisse.models import Organisation, Person
from meetings.domain.agenda_rules import USUAL_MINUTES, AgendaRefused, title_of
from meetings.enums import AgendaItemKind
from meetings.models import AgendaItem, Meeting

_TITLE_LENGTH = 200
_TEXT_LENGTH = 5000
_LONGEST = 240  # minutes: no meeting is longer than four hours

_WISHES = [
    (AgendaItemKind.DISCUSSION.value, _("Wir sprechen darüber")),
    (AgendaItemKind.DECISION.value, _("Wir verabreden etwas")),
    (AgendaItemKind.INFORMATION.value, _("Ich möchte etwas berichten")),
]


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


def plain_title(text: str) -> str:
    """`title_of` for a form's field: the refusal stands beside what was typed."""
    try:
        return title_of(text)
    except AgendaRefused as refused:
        raise forms.ValidationError(str(refused)) from refused


class TopicForm(forms.Form):
    """Three short fields; the rest is optional. Nothing is asked that the link tells already."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    meeting = forms.ChoiceField(label=_("Für welche Sitzung?"), widget=forms.RadioSelect, required=False)
    title = forms.CharField(
        label=_("Ihr Thema in einem Satz"),
        help_text=_("So steht es später auf der Tagesordnung."),
        max_length=_TITLE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "class": "me-line"}),
        error_messages={
            "required": _("Bitte schreiben Sie hier ein paar Wörter. Zum Beispiel: „Begleitung zu Arztterminen“."),
            "max_length": _("Das ist zu lang für die Tagesordnung. Bitte kürzen Sie auf %(limit_value)d Zeichen."),
        },
    )
    description = forms.CharField(
        label=_("Worum geht es?"),
        help_text=_("Zwei bis drei Sätze genügen. Bitte nennen Sie keine Namen von Betroffenen."),
        required=False,
        max_length=_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    kind = forms.ChoiceField(
        label=_("Was wünschen Sie sich?"),
        choices=_WISHES,
        widget=forms.RadioSelect,
        initial=AgendaItemKind.DISCUSSION.value,
    )
    minutes = Minutes(label=_("Wie viele Minuten brauchen Sie?"), required=False)
    wished_result = forms.CharField(
        label=_("Was soll am Ende herauskommen?"),
        required=False,
        max_length=_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, meetings: Sequence[Meeting] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {meeting.slug: meeting for meeting in meetings}
        if len(self.meetings) > 1:
            choices = [(one.slug, f"{one.alliance.word}, {german.long_day(one.start)}") for one in meetings]
            self.fields["meeting"].choices = choices  # type: ignore[attr-defined]
            self.fields["meeting"].required = True
            self.fields["meeting"].initial = meetings[0].slug
        else:
            del self.fields["meeting"]

    @property
    def words(self) -> dict[str, Any]:
        """What a proposal takes from here; the meeting apart."""
        data = self.cleaned_data
        return {name: data[name] for name in ("title", "description", "kind", "minutes", "wished_result")}

    @property
    def edited(self) -> dict[str, Any]:
        """The same as fields of an item that exists; no minutes means the usual ones."""
        words = self.words
        minutes = words.pop("minutes") or USUAL_MINUTES[AgendaItemKind(words["kind"])]
        return {**words, "duration_minutes": minutes}

    @property
    def chosen(self) -> Meeting:
        """The meeting that was chosen, or the only one."""
        return self.meetings[self.cleaned_data.get("meeting") or next(iter(self.meetings))]

    @property
    def opens_more(self) -> bool:
        """Whether the optional part has something in it, so that it must not be folded away."""
        return any(self[name].errors or self[name].value() for name in ("minutes", "wished_result"))


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

    def __init__(self, *args: Any, presenters: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["presenter"]
        field.queryset = Person.objects.filter(pk__in=[person.pk for person in presenters]).select_related(
            "organisation"
        )
        field.queryset = field.queryset.order_by("last_name", "first_name")
        field.label_from_instance = lambda person: f"{person.full_name}, {person.organisation.short_name}"

    def clean_title(self) -> str:
        return plain_title(self.cleaned_data["title"])

    @property
    def edited(self) -> dict[str, Any]:
        data = self.cleaned_data
        named = {name: data[name] for name in ("title", "description", "wished_result", "kind", "presenter")}
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
        return plain_title(self.cleaned_data["title"])

    @property
    def chosen(self) -> Meeting | None:
        """The meeting, or None for the Themenspeicher."""
        return self.meetings.get(self.cleaned_data["to"])
