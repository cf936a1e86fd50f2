"""Handing in papers and versions of them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.domain.paper_files import KINDS, LARGEST
from buendnisse.enums import MEETS
from buendnisse.forms.filters import FilterAlliance
from buendnisse.forms.records import RecordForm, words
from buendnisse.models import Alliance, Body, Organisation, Paper, Topic

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
#: What papers are called that stand on their own.
STANDING_KINDS = (
    _("Konzept"),
    _("Analyse"),
    _("Geschäftsordnung"),
    _("Arbeitsprogramm"),
    _("Wegweiser"),
    _("Faltblatt"),
    _("Sonstiges"),
)


def _file() -> forms.FileField:
    return forms.FileField(
        label=_("Datei"),
        help_text=_("PDF, Text, Tabelle, Folien oder Bild, höchstens %(limit)d MB. PDF können alle öffnen.")
        % {"limit": LARGEST // (1024 * 1024)},
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in KINDS)}),
        allow_empty_file=True,  # the verb says it in a kinder sentence
        max_length=250,
    )


def _kind() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Art"), choices=[(kind, kind) for kind in STANDING_KINDS])


def _bodies() -> forms.ModelMultipleChoiceField[Any]:
    return forms.ModelMultipleChoiceField(
        label=_("Für welche Bündnisse?"),
        queryset=Body.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens ein Bündnis aus. Nur seine Mitglieder lesen mit.")},
    )


def _topics() -> forms.ModelMultipleChoiceField[Any]:
    return forms.ModelMultipleChoiceField(
        label=_("Zu welchen Themenfeldern gehört sie?"),
        queryset=Topic.objects.filter(ended_on__isnull=True).order_by("pk"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class HandInForm(forms.Form):
    """A paper for an item: who it is for follows from the meeting."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    title = forms.CharField(
        label=_("Titel"), help_text=_("So steht die Unterlage auf der Tagesordnung."), max_length=250
    )
    file = _file()
    organisation = forms.ModelChoiceField(
        label=_("Von welcher Organisation?"), queryset=Organisation.objects.order_by("name"), required=False
    )
    dated = forms.DateField(label=_("Stand vom"), widget=_DAY)
    abstract = forms.CharField(
        label=_("Worum geht es?"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments of the verb, the file apart."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class PaperForm(HandInForm):
    """A paper that stands on its own."""

    kind = _kind()
    bodies = _bodies()
    topics = _topics()
    field_order = ("form_key", "title", "file", "bodies", "kind", "topics", "organisation", "dated", "abstract")

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = ""
        self.fields["bodies"].queryset = Alliance.objects.valid_on(day).order_by("pk")  # type: ignore[attr-defined]


class DescribeForm(RecordForm):
    """What a paper is, without its file."""

    title = words(_("Titel"), most=250, required=True)
    bodies = _bodies()
    kind = _kind()
    topics = _topics()
    organisation = forms.ModelChoiceField(
        label=_("Von welcher Organisation?"), queryset=Organisation.objects.order_by("name"), required=False
    )
    abstract = words(_("Worum geht es?"), most=2000, rows=3)

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies, kind = self.fields["bodies"], self.fields["kind"]
        bodies.queryset = Body.objects.filter(kind__in=MEETS).valid_on(day).order_by("pk")  # type: ignore[attr-defined]
        held = str(self.initial.get("kind", ""))
        if held and held not in dict(kind.choices):  # type: ignore[attr-defined]
            kind.choices = [(held, held), *kind.choices]  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9999)
    file = _file()
    dated = forms.DateField(label=_("Stand vom"), widget=_DAY)
    note = forms.CharField(
        label=_("Was ist neu?"), help_text=_("Zum Beispiel: Zahlen ergänzt."), required=False, max_length=250
    )

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class PaperFilterForm(forms.Form):
    STANDING, OF_MEETINGS, ENDED = "grundlagen", "sitzungen", "frueher"

    q = forms.CharField(label=_("Wonach suchen Sie?"), required=False, max_length=200)
    buendnis = FilterAlliance()
    wozu = forms.ChoiceField(
        label=_("Wozu?"),
        choices=[
            ("", _("alle")),
            (STANDING, _("Grundlagen")),
            (OF_MEETINGS, _("zu Sitzungen")),
            (ENDED, _("nicht mehr gültig")),
        ],
        required=False,
    )

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood; a filter nobody knows is left out instead of refused."""
        self.is_valid()
        data, use = self.cleaned_data, self.cleaned_data.get("wozu")
        return {
            "words": data.get("q") or "",
            "body": data.get("buendnis"),
            "is_standing": {self.STANDING: True, self.OF_MEETINGS: False}.get(use or ""),
            "is_ended": use == self.ENDED,
        }


def version_of(paper: Paper, *, number: int, today: dt.date) -> dict[str, Any]:
    """What the form for a new version begins with."""
    return {"number": number, "dated": today}
