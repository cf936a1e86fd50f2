"""Forms for days of the calendar: one entry, and a file of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.domain import calendar_entries
from meetings.domain.calendar_files import LARGEST
from meetings.enums import CalendarEntryKind, ConflictWeight
from meetings.models import CalendarEntry

_DAYS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
_HOURS = ["%H:%M", "%H.%M", "%H:%M:%S", "%H"]
_FACTS = ("kind", "name", "first", "last", "weight", "from_hour", "until_hour")


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=_DAYS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Bitte schreiben Sie den Tag so: 24.12.2027.")},
        **more,
    )


def _hour(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=_HOURS,
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Bitte schreiben Sie die Uhrzeit so: 16:30.")},
        **more,
    )


class EntryForm(forms.Form):
    """A day or a period. `version` is empty for a new one, whose `form_key` makes two taps one entry."""

    says_nothing_of_optional = True  # the hints say what an empty field means

    kind = forms.ChoiceField(
        label=_("Was ist es?"),
        choices=CalendarEntryKind.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "„Doch kein freier Tag“ nimmt Schulferien des Kalenderpakets zurück, und einen einzelnen Feiertag."
        ),
    )
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Zum Beispiel: Schützenfest in Haseburg"))
    first = _day(_("Erster Tag"))
    last = _day(_("Letzter Tag"), required=False, help_text=_("Leer: nur dieser eine Tag"))
    weight = forms.ChoiceField(
        label=_("Wie schwer wiegt der Hinweis?"),
        choices=ConflictWeight.choices,
        required=False,
        help_text=_("Gilt nur für Hinweise. Bei „spricht dagegen“ braucht ein Termin an diesem Tag eine Begründung."),
    )
    from_hour = _hour(
        _("Von (Uhrzeit)"),
        help_text=_("Nur für Hinweise: Ein Termin zu einer anderen Uhrzeit stört dann nicht. Leer: ganzer Tag"),
    )
    until_hour = _hour(_("Bis (Uhrzeit)"))
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2_000_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("kind", CalendarEntryKind.HINT)
        self.initial.setdefault("weight", ConflictWeight.WEAK)

    @classmethod
    def of(cls, entry: CalendarEntry) -> EntryForm:
        """The form as the entry stands."""
        facts = {name: getattr(entry, name) for name in _FACTS}
        return cls(initial={**facts, "version": entry.version, "form_key": entry.form_key})

    @property
    def facts(self) -> dict[str, Any]:
        """What both verbs take."""
        data = self.cleaned_data
        facts = {name: data[name] for name in _FACTS}
        return {**facts, "last": data["last"] or data["first"], "weight": data["weight"] or ConflictWeight.WEAK}

    def refuse(self, refused: calendar_entries.EntryRefused) -> None:
        """Put the refusal beside its field."""
        self.add_error(refused.field or None, str(refused))

    def show_current(self, current: CalendarEntry | None) -> None:
        """After a stale write: what was typed stays, over what holds now; of a deleted entry a new one is made."""
        if current is None:
            self._keep(version="", form_key=uuid.uuid4())
        else:
            self._keep(version=current.version)

    def _keep(self, **values: Any) -> None:
        data: Mapping[str, Any] = self.data
        self.data = {**{key: data[key] for key in data}, **values}


class ReadForm(forms.Form):
    """A file of days, all of one kind."""

    file_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    file = forms.FileField(
        label=_("Datei"),
        help_text=_("Kalender (.ics) oder Tabelle (CSV), höchstens %(limit)d MB.")
        % {"limit": LARGEST // (1024 * 1024)},
        widget=forms.FileInput(attrs={"accept": ".ics,.csv,.txt,text/calendar,text/csv"}),
        allow_empty_file=True,  # the verb says it in a kinder sentence
        max_length=250,
    )
    kind = forms.ChoiceField(
        label=_("Was steht darin?"),
        choices=[
            (CalendarEntryKind.SCHOOL_HOLIDAYS, _("Schulferien")),
            (CalendarEntryKind.PUBLIC_HOLIDAY, _("Feiertage")),
            (CalendarEntryKind.HINT, _("Hinweise")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Termine mit einer Uhrzeit werden immer zu Hinweisen."),
    )

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments of the verb, the file apart."""
        return {name: self.cleaned_data[name] for name in ("kind", "file_key")}
