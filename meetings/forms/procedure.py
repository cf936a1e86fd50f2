"""How an alliance decides, to be written down as it agreed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import procedure
from buendnisse.domain.procedure import CIRCULAR_DAYS, OBJECTION_DAYS, Procedure
from buendnisse.enums import NamesRule
from buendnisse.models import Alliance
from meetings.forms.rules import AgreedForm

#: More than half: 51 in a hundred say so for every number of organisations up to a hundred.
_SHARES = [
    (Decimal("0.25"), _("ein Viertel")),
    (Decimal("0.50"), _("die Hälfte")),
    (Decimal("0.51"), _("mehr als die Hälfte")),
    (Decimal("0.75"), _("drei Viertel")),
    (Decimal("1.00"), _("alle")),
]


def _days(label: Any, days: range) -> forms.IntegerField:
    wrong = _("Bitte wählen Sie %(first)d bis %(last)d Tage.") % {"first": days.start, "last": days.stop - 1}
    return forms.IntegerField(
        label=label,
        min_value=days.start,
        max_value=days.stop - 1,
        error_messages={"min_value": wrong, "max_value": wrong, "invalid": wrong, "required": wrong},
    )


def _words(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=procedure.LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )


class ProcedureForm(AgreedForm):
    """One form for all of it: who agrees on one rule mostly agrees on the next."""

    counts_votes = forms.BooleanField(
        label=_("Stimmen werden gezählt"),
        required=False,
        help_text=_("Ohne Haken gilt: einvernehmlich. Im Sitzungsmodus lässt sich trotzdem einmal zählen."),
    )
    quorum_share = forms.TypedChoiceField(
        label=_("Beschlussfähig, wenn von den Organisationen da ist:"), coerce=Decimal, choices=_SHARES
    )
    quorum_rule = _words(_("Beschlussfähigkeit in Worten"))
    majority_rule = _words(_("Wie entschieden wird"))
    deputy_rule = _words(_("Wer vertreten darf"))
    objection_days = _days(_("Tage für Einwände gegen das Protokoll"), OBJECTION_DAYS)
    circular_days = _days(_("Tage für eine Abstimmung per E-Mail"), CIRCULAR_DAYS)
    circular_rule = _words(_("Was bei einem Widerspruch geschieht"))
    names_rule = forms.ChoiceField(
        label=_("Wen das Protokoll nennt"), choices=NamesRule.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keep_another_share(kwargs.get("initial") or {})

    @classmethod
    def of(cls, alliance: Alliance, data: Any = None) -> ProcedureForm:
        held = procedure.of(alliance)
        names = Procedure.__dataclass_fields__
        return cls(data, initial={name: getattr(held, name) for name in names} | {"version": alliance.rule_version})

    @property
    def procedure(self) -> Procedure:
        """What was typed."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Procedure(**data | {"names_rule": NamesRule(data["names_rule"])})

    @property
    def in_words(self) -> list[tuple[Any, Any]]:
        """Each field with what it says, for whoever compares."""
        return [(field.label, _said(field)) for field in self.visible_fields()]

    def _keep_another_share(self, initial: dict[str, Any]) -> None:
        """A share that came from elsewhere stays to be chosen."""
        share = initial.get("quorum_share")
        field: Any = self.fields["quorum_share"]
        if share is not None and share not in dict(_SHARES):
            field.choices = [*_SHARES, (share, _("%s von hundert") % int(share * 100))]


def _said(field: forms.BoundField) -> Any:
    value: Any = field.value()
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    return dict(getattr(field.field, "choices", ())).get(value, value) or "–"
