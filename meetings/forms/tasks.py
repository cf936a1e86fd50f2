"""How a task stands, in its owner's words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Alliance, Person
from meetings.enums import ActionItemState
from meetings.forms.posted import over
from meetings.models import ActionItem

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

DONE, LATER, NOT_POSSIBLE = "done", "later", "no"


class _OverVersion(forms.Form):
    """Writes over the version that was read."""

    def show_current(self, current: ActionItem) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, version=current.version)


class ReportForm(_OverVersion):
    stand = forms.ChoiceField(
        label=_("Ihre Rückmeldung"),
        choices=[
            (DONE, _("Die Aufgabe ist erledigt")),
            (LATER, _("Es dauert länger")),
            (NOT_POSSIBLE, _("Es geht nicht")),
        ],
        widget=forms.RadioSelect,
    )
    bis = forms.DateField(
        label=_("Wenn es länger dauert: bis wann?"),
        help_text=_("Ein ungefährer Tag genügt."),
        widget=_DAY,
        required=False,
    )
    satz = forms.CharField(
        label=_("Ein Satz dazu"),
        help_text=_("Wenn es nicht geht: Woran liegt es? Sonst wie Sie mögen."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    says_nothing_of_optional = True  # each answer needs something else

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("stand") == NOT_POSSIBLE and not cleaned.get("satz") and "satz" not in self.errors:
            self.add_error("satz", _("Woran liegt es? Bitte schreiben Sie einen Satz, dann suchen wir einen Weg."))
        if cleaned.get("stand") == LATER and not cleaned.get("bis") and "bis" not in self.errors:
            self.add_error("bis", _("Bitte sagen Sie uns, bis wann Sie es schaffen. Ein ungefährer Tag genügt."))
        return cleaned

    @property
    def verb(self) -> dict[str, Any]:
        """Arguments for `action_items.report`."""
        said = self.cleaned_data["stand"]
        states = {DONE: ActionItemState.DONE, LATER: ActionItemState.IN_PROGRESS, NOT_POSSIBLE: ActionItemState.OPEN}
        return {
            "state": states[said],
            "words": self.cleaned_data["satz"],
            "new_due_on": self.cleaned_data["bis"] if said == LATER else None,
            "is_blocked": said == NOT_POSSIBLE,
            "version": self.cleaned_data["version"],
        }


class DropForm(_OverVersion):
    reason = forms.CharField(label=_("Warum entfällt der Auftrag?"), max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"id": "id_drop_version"}))


class HandOverForm(_OverVersion):
    to = forms.ModelChoiceField(label=_("Wer übernimmt?"), queryset=Person.objects.none())
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"id": "id_hand_over_version"}))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = lambda person: (  # type: ignore[attr-defined]
            f"{person.last_name}, {person.first_name} ({person.organisation.short_name})"
        )


class TaskFilterForm(forms.Form):
    STANDS = (
        ("offen", _("offen")),
        ("ueberfaellig", _("überfällig")),
        ("erledigt", _("erledigt")),
        ("alle", _("alle")),
    )
    stand = forms.ChoiceField(label=_("Stand"), choices=STANDS, required=False)
    wo = forms.ModelChoiceField(
        label=_("Bündnis"),
        queryset=Alliance.objects.order_by("pk"),
        to_field_name="slug",
        empty_label=_("alle"),
        required=False,
    )
    wer = forms.CharField(label=_("Wer oder was?"), required=False, max_length=100)
