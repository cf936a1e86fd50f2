"""The form members propose with."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from buendnisse import german
from buendnisse.domain.paper_files import KINDS, LARGEST
from buendnisse.models import Topic
from meetings.domain.agenda_rules import USUAL_MINUTES, text_of, title_of, window
from meetings.enums import AgendaItemKind
from meetings.forms.topics import Minutes, said
from meetings.models import Meeting

_TITLE_LENGTH = 200
_TEXT_LENGTH = 5000

_WISHES = [
    (AgendaItemKind.DISCUSSION.value, _("Wir sprechen darüber")),
    (AgendaItemKind.DECISION.value, _("Wir verabreden etwas")),
    (AgendaItemKind.INFORMATION.value, _("Ich möchte etwas berichten")),
]


class TopicForm(forms.Form):
    """Three short fields; the rest is optional. Nothing is asked that the link tells already."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    meeting = forms.ChoiceField(label=_("Für welche Sitzung?"), widget=forms.RadioSelect, required=False)
    title = forms.CharField(
        label=_("Ihr Thema in einem Satz"),
        help_text=_("So steht es später auf der Tagesordnung."),
        max_length=_TITLE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "class": "me-line", "autocomplete": "off"}),
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
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Was wünschen Sie sich?"),
        choices=_WISHES,
        widget=forms.RadioSelect,
        initial=AgendaItemKind.DISCUSSION.value,
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Wozu gehört es?"),
        queryset=Topic.objects.filter(ended_on__isnull=True).order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    file = forms.FileField(
        label=_("Eine Datei dazu"),
        help_text=_("PDF, Word, Open Document oder Bild, höchstens %(limit)d MB.")
        % {"limit": LARGEST // (1024 * 1024)},
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in KINDS)}),
        required=False,
        allow_empty_file=True,  # the verb says it in a kinder sentence
        max_length=250,
    )
    minutes = Minutes(label=_("Wie viele Minuten brauchen Sie?"), required=False)
    wished_result = forms.CharField(
        label=_("Was soll am Ende herauskommen?"),
        required=False,
        max_length=_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, meetings: Sequence[Meeting] = (), at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {meeting.slug: meeting for meeting in meetings}
        if len(self.meetings) > 1:
            choices = [(one.slug, _choice(one, at)) for one in meetings]
            self.fields["meeting"].choices = choices  # type: ignore[attr-defined]
            self.fields["meeting"].required = True
            self.fields["meeting"].initial = meetings[0].slug
        else:
            del self.fields["meeting"]

    def clean_title(self) -> str:
        return said(title_of, self.cleaned_data["title"])

    def clean_description(self) -> str:
        return said(text_of, self.cleaned_data["description"])

    def clean_wished_result(self) -> str:
        return said(text_of, self.cleaned_data["wished_result"])

    @property
    def words(self) -> dict[str, Any]:
        """What a proposal takes from here; the meeting apart."""
        data = self.cleaned_data
        return {
            name: data[name] for name in ("title", "description", "kind", "minutes", "wished_result", "topics", "file")
        }

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
        return any(self[name].errors or self[name].value() for name in ("topics", "minutes", "wished_result"))

    @property
    def lost_file(self) -> bool:
        """Whether a file was sent that must be chosen again, since no page can fill one in."""
        return bool(self.files.get("file"))


def _choice(meeting: Meeting, at: dt.datetime) -> str:
    """A meeting, and where a topic for it goes now."""
    until = window(meeting, at=at)
    name = f"{meeting.alliance.word}, {german.long_day(meeting.start)}"
    if until.is_over:
        return _now("%s. Dafür ist es zu spät, wir heben Ihr Thema auf.") % name
    if until.is_late:
        return _now("%s. Die Tagesordnung ist schon in Arbeit, Ihr Thema kann noch dazukommen.") % name
    return _now("%(name)s. Themen bitte bis %(day)s.") % {
        "name": name,
        "day": german.day_and_month(until.in_time_until),
    }
