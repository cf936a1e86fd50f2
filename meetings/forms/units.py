"""A unit with its programme, and who goes on when it ends."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from buendnisse.domain.units import MOST_HANDOVERS
from buendnisse.forms.records import EndForm, RecordForm, day, words
from buendnisse.forms.registers import PersonChoice, everybody
from buendnisse.models import Organisation, Topic, Unit

_ROWS = 4


class UnitForm(RecordForm):
    """The organisation behind it is chosen once; without one it gets its own."""

    not_said: ClassVar[frozenset[str]] = RecordForm.not_said

    name = words(_("Name"), most=200, required=True)
    short_name = words(_("Kurzer Name"), most=80, required=True, hint=_("Zum Beispiel: KMT, Netwin."))
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(unit__isnull=True, ended_on__isnull=True).order_by("name"),
        label=_("Organisation"),
        required=False,
        empty_label=_("neu anlegen, mit demselben Namen"),
    )
    programme = words(_("Programm"), most=200, required=True)
    funder = words(_("Geld von"), most=200, required=True, hint=_("Zum Beispiel: Land Niedersachsen, ESF Plus."))
    valid_from = day(_("Seit"))
    tasks = words(_("Aufgaben"), most=2000, rows=5, hint=_("Eine in jeder Zeile."))
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.filter(ended_on__isnull=True).order_by("pk"),
        label=_("Themenfelder"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contact = PersonChoice(
        everybody(),
        label=_("Ansprechperson"),
        required=False,
        empty_label=_("wer für die Stelle spricht"),
        help_text=_("Mit Telefon und E-Mail auf der Seite der Stelle."),
    )
    note = words(_("In einem Satz"), most=500, rows=2, hint=_("Steht oben auf der Seite der Stelle."))
    field_order = (
        *("form_key", "version", "name", "short_name", "organisation", "programme", "funder", "valid_from"),
        *("note", "tasks", "topics", "contact"),
    )

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["organisation"]

    @classmethod
    def standing(cls, row: Any) -> dict[str, Any]:
        """What the row says; the organisation is none of the form's any more."""
        found = super().standing(row)
        found.pop("organisation")
        return found

    def clean_tasks(self) -> str:
        """Without empty lines."""
        lines = (line.strip() for line in self.cleaned_data["tasks"].splitlines())
        return "\n".join(line for line in lines if line)


class UnitEndForm(EndForm):
    """The last day, the successor, and who takes over which task."""

    says_nothing_of_optional = True

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000, required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Q(pk=unit.successor_id) | Q(pk__in=unit.handovers.values("organisation"))  # what is entered can stay
        chosen = Organisation.objects.filter(Q(ended_on__isnull=True) | held)
        others = chosen.exclude(pk=unit.organisation_id).order_by("name")
        self._by_key = {str(one.pk): one for one in others}  # once for all fields
        self.fields["successor"] = self._taker(_("Wer führt die Arbeit weiter?"), _("niemand, oder noch offen"))
        self._numbers = range(1, max(_ROWS, len(unit.tasks.splitlines()), unit.handovers.count()) + 1)
        for number in self._numbers:
            self.fields[f"task_{number}"] = words(_("%s. Aufgabe") % number, most=250, rows=2)
            self.fields[f"taker_{number}"] = self._taker(_("macht weiter"), _("bitte wählen"))

    @classmethod
    def of(cls, unit: Unit, today: Any) -> UnitEndForm:
        """As it stands: handovers entered before, else the unit's tasks."""
        initial: dict[str, Any] = {
            "last": unit.valid_until or today,
            "successor": unit.successor_id,
            "version": unit.version,
        }
        told: list[tuple[str, int | None]] = [(one.task, one.organisation_id) for one in unit.handovers.order_by("pk")]
        told = told or [(line, None) for line in unit.tasks.splitlines()[:MOST_HANDOVERS]]
        for number, (task, taker) in enumerate(told, start=1):
            initial |= {f"task_{number}": task, f"taker_{number}": taker}
        return cls(unit=unit, initial=initial)

    def on_top_of(self, current: Unit) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        data: Any = self.data.copy()  # type: ignore[attr-defined] # what was posted is a QueryDict
        data["version"] = str(current.version)
        self.data = data

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each task with who takes it over."""
        return [(self[f"task_{number}"], self[f"taker_{number}"]) for number in self._numbers]

    @property
    def handovers(self) -> list[tuple[str, Organisation]]:
        """What was typed; a task without a taker is left out."""
        data = self.cleaned_data
        found = ((data[f"task_{number}"].strip(), data[f"taker_{number}"]) for number in self._numbers)
        return [(task, taker) for task, taker in found if task and taker]

    def _taker(self, label: Any, empty: Any) -> forms.TypedChoiceField:
        return forms.TypedChoiceField(
            label=label,
            required=False,
            choices=[("", empty), *((key, one.name) for key, one in self._by_key.items())],
            coerce=self._by_key.__getitem__,
            empty_value=None,
        )
