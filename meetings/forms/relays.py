"""Forms around relays: what the Fachstelle sends out, and what it notes on the way."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse import german
from buendnisse.models import Body, Paper
from meetings.domain.relay_arrival import Arrival, Door, Outlook
from meetings.enums import RelayKind
from meetings.forms.days import within_two_years
from meetings.forms.posted import over
from meetings.models import Meeting, Relay

_SUBJECT = 200
_QUESTION = 600
_BACKLOG = "themenspeicher"
_WORDS = 5000
_LONGEST = 240  # minutes
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def long(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=_WORDS,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class StoredForm(forms.Form):
    """Changes what is stored, and carries the version its writer has read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    #: What holds now, where somebody else was faster.
    stored: Relay | None = None

    def show_current(self, current: Relay) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.stored = current
        self.data = over(self.data, version=current.version)


class WordingForm(StoredForm):
    """Subject, question, covering words, date, papers, and answers it leans on: what never changes once it is sent."""

    subject = forms.CharField(label=_("Worum geht es?"), max_length=_SUBJECT)
    message = forms.CharField(
        label=_("Ihre Frage in einem Satz"),
        help_text=_("Genau das liest der Empfänger. Nach dem Senden ändert sich nichts mehr daran."),
        max_length=_QUESTION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    cover = long(
        _("Begleittext"),
        required=False,
        help_text=_("Was man dazu wissen muss. Der Beschluss geht ohnehin im Wortlaut mit."),
    )
    due_on = forms.DateField(label=_("Antwort erbeten bis"), required=False, widget=DATE, validators=[within_two_years])
    papers = forms.MultipleChoiceField(
        label=_("Unterlagen, die mitgehen"), required=False, widget=forms.CheckboxSelectMultiple
    )
    supporting = forms.MultipleChoiceField(
        label=_("Stützt sich auf"),
        help_text=_("Antworten, auf die diese Frage aufbaut. Der Weg zeigt sie zusammen."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        papers: Sequence[Paper] = (),
        answered: Sequence[Relay] = (),
        with_date: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._papers = {str(paper.pk): paper for paper in papers}
        self._answered = {str(one.pk): one for one in answered}
        self.fields["papers"].choices = [(pk, paper.title) for pk, paper in self._papers.items()]  # type: ignore[attr-defined]
        self.fields["supporting"].choices = [(pk, _support(one)) for pk, one in self._answered.items()]  # type: ignore[attr-defined]
        found = {"due_on": with_date, "papers": self._papers, "supporting": self._answered}
        for name in [name for name, is_there in found.items() if not is_there]:
            del self.fields[name]

    @property
    def words(self) -> dict[str, Any]:
        """What is said and what goes with it, as `hand_over` and `reword` take it."""
        data = self.cleaned_data
        return {
            "subject": data["subject"],
            "message": data["message"],
            "cover": data["cover"],
            "due_on": data.get("due_on"),
            "papers": [self._papers[pk] for pk in data.get("papers", [])],
            "supporting": [self._answered[pk] for pk in data.get("supporting", [])],
        }


class RelayForm(WordingForm):
    """A new relay, to one body or to several at once: each gets its own."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    targets = forms.MultipleChoiceField(label=_("An wen?"), widget=forms.CheckboxSelectMultiple)
    kind = forms.ChoiceField(
        label=_("Was wird erbeten?"), choices=RelayKind.choices, initial=RelayKind.OPINION_REQUESTED
    )
    field_order = ("form_key", "version", "targets", "kind", "subject", "message", "cover", "due_on", "papers")

    def __init__(self, *args: Any, outlooks: Sequence[Outlook], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bodies = {str(outlook.target.pk): outlook.target for outlook in outlooks}
        self.fields["targets"].choices = [(str(one.target.pk), _forecast(one)) for one in outlooks]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is only for information has no date: nobody waits for an answer."""
        data = super().clean() or {}
        if data.get("kind") == RelayKind.FOR_INFORMATION:
            data["due_on"] = None
        return data

    @property
    def bodies(self) -> list[Body]:
        return [self._bodies[pk] for pk in self.cleaned_data["targets"]]

    def words_for(self, target: Body) -> dict[str, Any]:
        """Arguments of `hand_over` for one target; its key comes from the form's, so that a double tap is one relay."""
        data = self.cleaned_data
        form_key = uuid.uuid5(data["form_key"], str(target.pk))
        return {**self.words, "to": target, "kind": RelayKind(data["kind"]), "form_key": form_key}


class TakeUpForm(forms.Form):
    """For which meeting, and how long it may take."""

    meeting = forms.TypedChoiceField(label=_("Für welche Sitzung?"), widget=forms.RadioSelect, coerce=int)
    minutes = forms.IntegerField(
        label=_("Wie viele Minuten?"),
        min_value=1,
        max_value=_LONGEST,
        initial=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--num"}),
    )

    def __init__(self, *args: Any, arrivals: Sequence[Arrival], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arrivals = {arrival.meeting.pk: arrival for arrival in arrivals}
        choices = [(pk, f"{german.long_day(one.meeting.start)}: {_door(one)}") for pk, one in self._arrivals.items()]
        self.fields["meeting"].choices = choices  # type: ignore[attr-defined]
        first = next((pk for pk, one in self._arrivals.items() if one.takes_items), None)
        self.fields["meeting"].initial = first
        if not choices:
            self.fields["meeting"].help_text = _(
                "Noch ist keine Sitzung geplant. Die Fachstelle plant sie, dann steht sie hier zur Wahl."
            )

    @property
    def arrival(self) -> Arrival:
        return self._arrivals[self.cleaned_data["meeting"]]


class ReasonForm(forms.Form):
    """Why. The other side reads exactly this."""

    reason = long(_("Begründung"), rows=4, help_text=_("Die andere Seite liest genau diesen Text."))


class DeferForm(forms.Form):
    """Until when, and why. Who proposed it, and who asked, read the sentence.

    `why`: the reason, where it is known already; another one may be typed over it.
    """

    to = forms.ChoiceField(label=_("Wohin?"), widget=forms.RadioSelect)
    reason = long(_("Warum?"), rows=3)

    def __init__(self, *args: Any, meetings: Sequence[Meeting], why: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._why = why
        if why:
            self.fields["reason"].required, self.fields["reason"].initial = False, why
        self._meetings = {str(one.pk): one for one in meetings}
        choices = [(pk, _("In die Sitzung am %s") % german.long_day(one.start)) for pk, one in self._meetings.items()]
        self.fields["to"].choices = [*choices, (_BACKLOG, _("In den Themenspeicher"))]  # type: ignore[attr-defined]
        self.fields["to"].initial = choices[0][0] if choices else _BACKLOG
        if not choices:
            self.fields["to"].help_text = _("Eine spätere Sitzung ist noch nicht geplant.")

    def clean_reason(self) -> str:
        said: str = self.cleaned_data["reason"]
        return said or self._why

    @property
    def chosen(self) -> Meeting | None:
        return self._meetings.get(self.cleaned_data["to"])


class DueForm(StoredForm):
    """Until when an answer is asked for now."""

    due_on = forms.DateField(label=_("Antwort erbeten bis"), widget=DATE, validators=[within_two_years])


class WaysForm(forms.Form):
    """Which bodies one body may hand a matter to."""

    targets = forms.MultipleChoiceField(label=_("Gibt weiter an"), required=False, widget=forms.CheckboxSelectMultiple)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, body: Body, bodies: Sequence[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._body = body
        self._bodies = {str(body.pk): body for body in bodies}
        self.fields["targets"].choices = [(pk, body.name) for pk, body in self._bodies.items()]  # type: ignore[attr-defined]
        self.fields["targets"].error_messages["invalid_choice"] = _("Das ist kein Gremium von heute.")

    def clean(self) -> dict[str, Any]:
        """Nobody is offered a way to itself; who asks for it all the same is told why not."""
        if str(self._body.pk) in getattr(self.data, "getlist", lambda _name: [])("targets"):
            self.errors.pop("targets", None)
            self.add_error("targets", _("%s kann nicht an sich selbst weitergeben.") % self._body.word)
        return self.cleaned_data

    @property
    def chosen(self) -> list[Body]:
        return [self._bodies[pk] for pk in self.cleaned_data["targets"]]


class NothingForm(forms.Form):
    """A question with one button."""


class SendForm(forms.Form):
    """Whether the draft goes, with a vote by mail, or gets the date that was offered first."""

    schritt = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    @property
    def new_date(self) -> dt.date | None:
        step, _colon, day = self.cleaned_data["schritt"].partition(":")
        return dt.date.fromisoformat(day) if step == "frist" else None

    @property
    def is_to_be_voted_on(self) -> bool:
        return str(self.cleaned_data["schritt"]).startswith("abstimmen:")

    def clean_schritt(self) -> str:
        said: str = self.cleaned_data["schritt"]
        step, _colon, day = said.partition(":")
        if step == "frist":
            try:
                dt.date.fromisoformat(day)
            except ValueError as wrong:
                raise forms.ValidationError(_("Dieses Datum gibt es nicht.")) from wrong
        return said


def wording_of(relay: Relay) -> dict[str, Any]:
    """The words of a draft as a form begins with them."""
    names = ("subject", "message", "cover", "due_on", "version")
    return {name: getattr(relay, name) for name in names}


def laid_with(relay: Relay) -> dict[str, Any]:
    """What goes with a draft and what it leans on, likewise."""
    return {
        "papers": [str(one.pk) for one in relay.papers.all()],
        "supporting": [str(one.pk) for one in relay.supporting.all()],
    }


def _support(relay: Relay) -> str:
    """ "W-2026-01: Kinderbetreuung, Antwort aus Arbeit" """
    names = {"number": relay.number, "subject": relay.subject, "body": relay.target.word}
    return _("%(number)s: %(subject)s, Antwort aus %(body)s") % names


def _forecast(outlook: Outlook) -> str:
    """ "Arbeit, tagt am 3. Dezember 2026 (als Nachtrag bis 30. November)" """
    arrival = outlook.first
    if arrival is None:
        return outlook.target.name
    return _("%(target)s, tagt am %(day)s (%(door)s)") % {
        "target": outlook.target.word,
        "day": german.day(arrival.day),
        "door": _door(arrival),
    }


def _door(arrival: Arrival) -> str:
    until = german.day_and_month(arrival.until)
    match arrival.door:
        case Door.OPEN:
            return _("auf die Tagesordnung bis %s") % until
        case Door.LATE:
            return _("als Nachtrag bis %s") % until
    return str(_("nur noch, wenn es eilt"))
