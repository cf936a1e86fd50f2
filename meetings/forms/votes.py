"""Preparing a vote by mail, answering one, and cancelling it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Alliance, Paper
from meetings.enums import BallotChoice, DecisionKind, ProcedureAnswer
from meetings.forms.posted import over
from meetings.models import Ballot, CircularVote

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_LONGEST_TEXT = 5000


class VoteForm(forms.Form):
    """The words of a vote. Which alliance it is for follows from the page."""

    subject = forms.CharField(
        label=_("Worum geht es?"), help_text=_("Ein kurzer Satz. Er steht im Betreff der Mail."), max_length=200
    )
    text = forms.CharField(
        label=_("Worüber wird abgestimmt?"),
        help_text=_("Der genaue Wortlaut. Nach dem Eröffnen lässt er sich nicht mehr ändern."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=_LONGEST_TEXT,
    )
    kind = forms.ChoiceField(
        label=_("Was soll es werden?"),
        choices=[
            (DecisionKind.RESOLUTION, DecisionKind.RESOLUTION.label),
            (DecisionKind.RECOMMENDATION, DecisionKind.RECOMMENDATION.label),
        ],
    )
    background = forms.CharField(
        label=_("Hintergrund"),
        help_text=_("Warum jetzt, und was muss man wissen?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=_LONGEST_TEXT,
        required=False,
    )
    papers = forms.ModelMultipleChoiceField(
        label=_("Unterlagen"),
        help_text=_("Was schon bei den Unterlagen liegt. Alle Gefragten können es lesen."),
        queryset=Paper.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    closes_on = forms.DateField(
        label=_("Letzter Tag"), help_text=_("Bis 24 Uhr. Ein Arbeitstag außerhalb der Ferien."), widget=_DAY
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1, min_value=1)

    def __init__(self, *args: Any, papers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].queryset = papers  # type: ignore[attr-defined]
        if not papers:
            del self.fields["papers"]

    @classmethod
    def of(cls, vote: CircularVote, data: Any, *, papers: Any) -> VoteForm:
        """The form as the draft stands."""
        names = ("subject", "text", "kind", "background", "closes_on", "form_key", "version")
        initial = {name: getattr(vote, name) for name in names}
        initial["papers"] = [paper.pk for paper in vote.papers.all()]
        return cls(data, papers=papers, initial=initial)

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments of the verbs `draft` and `edit`."""
        said = self.cleaned_data
        names = ("subject", "text", "kind", "background", "closes_on")
        return {name: said[name] for name in names} | {"papers": said.get("papers", ())}

    def show_current(self, current: CircularVote) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        data: Any = self.data
        data = data.copy()
        data["version"] = str(current.version)
        self.data = data


class AllianceForm(forms.Form):
    """For which alliance; asked first, since everything else follows from it."""

    buendnis = forms.ModelChoiceField(
        label=_("Bündnis"), queryset=Alliance.objects.none(), to_field_name="slug", empty_label=None
    )

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["buendnis"]
        field.queryset = Alliance.objects.valid_on(day).in_order()
        field.label_from_instance = lambda body: body.name


class BallotForm(forms.Form):
    """Two questions. Who is against the procedure need not answer the second."""

    procedure = forms.ChoiceField(
        label=_("1. Dürfen wir per E-Mail abstimmen?"),
        choices=[
            (ProcedureAnswer.AGREES, _("Ja")),
            (ProcedureAnswer.OBJECTS, _("Nein, ich bin gegen das Verfahren")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie Ja oder Nein.")},
    )
    choice = forms.ChoiceField(
        label=_("2. Stimmen Sie dem Text zu?"),
        choices=BallotChoice.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    remark = forms.CharField(
        label=_("Möchten Sie etwas dazu sagen?"),
        help_text=_("Das liest nur die Fachstelle."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, where: str = "", is_deputy: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.says_nothing_of_optional = True
        self.stored: Ballot | None = None
        words = (
            _("Sagen Sie Nein und bleibt es dabei, endet die Abstimmung am letzten Tag. Dann beraten wir %s.")
            if is_deputy  # theirs is void if the member votes in time
            else _("Sagen Sie Nein, endet die Abstimmung für alle. Dann beraten wir %s.")
        )
        self.fields["procedure"].help_text = words % where if where else ""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = self.cleaned_data
        if said.get("procedure") == ProcedureAnswer.AGREES and not said.get("choice") and "choice" not in self.errors:
            self.add_error("choice", _("Bitte wählen Sie Ja, Nein oder Enthaltung."))
        return said

    def show_current(self, current: Ballot) -> None:
        """After somebody else answered for the same person: what was chosen stays, over what is stored now."""
        self.data = over(self.data, version=current.version)
        self.stored = current


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Warum?"),
        help_text=_("Das lesen alle Gefragten in einer Mail."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )
