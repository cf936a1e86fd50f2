"""How often and when people are reminded, as the Fachstelle chooses it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.domain.reminder_rules import RANGES
from meetings.forms.posted import over
from meetings.models import ReminderRules


def _number(field: str, label: Any, help_text: Any = "") -> forms.IntegerField:
    allowed = RANGES[field]
    wrong = _("Bitte wählen Sie eine Zahl von %(first)d bis %(last)d.") % {
        "first": allowed.start,
        "last": allowed.stop - 1,
    }
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=allowed.start,
        max_value=allowed.stop - 1,
        error_messages={"min_value": wrong, "max_value": wrong, "invalid": wrong, "required": wrong},
    )


class ReminderRulesForm(forms.Form):
    """Written on top of the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    per_quarter = _number(
        "per_quarter",
        _("Höchstens so viele Erinnerungen für eine Person im Quartal"),
        _("Was darüber hinausgeht, steht im Brief mit Neuigkeiten. Bei 0 erinnern wir niemanden."),
    )
    together_days = _number(
        "together_days",
        _("Was in so vielen Tagen fällig ist, kommt in einer E-Mail"),
        _("Aufrufe zu Themen und Erinnerungen, auch aus mehreren Bündnissen."),
    )
    expires_days = _number(
        "expires_days",
        _("Nach so vielen Tagen entfällt eine Erinnerung"),
        _("Wenn sie so lange nicht versendet werden konnte, nützt sie nichts mehr."),
    )
    answer_before = _number("answer_before", _("Tage vor der Sitzung: „Kommen Sie?“"))
    vote_before = _number("vote_before", _("Tage vor dem Ende einer Abstimmung per E-Mail"))
    task_before = _number("task_before", _("Tage vor dem Termin einer Aufgabe"))
    task_after = _number("task_after", _("Tage nach dem Termin einer Aufgabe"))
    relay_before = _number("relay_before", _("Tage vor der Frist einer Weiterleitung"))
    relay_after = _number("relay_after", _("Tage nach der Frist einer Weiterleitung"))
    decision_again = _number("decision_again", _("Tage nach der Wiedervorlage eines Beschlusses: noch einmal fragen"))

    @classmethod
    def of(cls, rules: ReminderRules, data: Any = None) -> ReminderRulesForm:
        names = ("version", *RANGES)
        return cls(data, initial={name: getattr(rules, name) for name in names})

    def show_current(self, rules: ReminderRules) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, version=rules.version)

    @property
    def wanted(self) -> dict[str, int]:
        """What was typed."""
        return {name: self.cleaned_data[name] for name in RANGES}
