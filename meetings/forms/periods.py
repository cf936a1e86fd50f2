"""The periods of an alliance, in days before or after a meeting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import periods
from buendnisse.domain.periods import LONGEST, Periods
from buendnisse.models import Alliance
from meetings.forms.rules import AgreedForm


def _days(label: Any, hint: Any, *, least: int = 1) -> forms.IntegerField:
    wrong = _("Bitte schreiben Sie eine Zahl von %(least)d bis %(most)d.") % {"least": least, "most": LONGEST}
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=LONGEST,
        error_messages={"min_value": wrong, "max_value": wrong, "invalid": wrong, "required": wrong},
    )


class PeriodsForm(AgreedForm):
    """In the order in which a quarter goes by."""

    call_days = _days(_("Aufruf zu Themen"), _("Tage vor der Sitzung"))
    reminder_days = _days(_("Erinnerung an Themen"), _("Tage vor der Sitzung"))
    editorial_days = _days(_("Redaktionsschluss"), _("Tage vor der Sitzung"))
    invitation_days = _days(_("Einladung mit Tagesordnung"), _("Tage vor der Sitzung"))
    minimum_notice_days = _days(
        _("Kürzeste Frist für eine Einladung"), _("Tage vor der Sitzung. Danach nur mit Grund.")
    )
    late_papers_days = _days(_("Unterlagen nachreichen bis"), _("Tage vor der Sitzung"), least=0)
    minutes_to_chair_days = _days(_("Protokoll an den Vorsitz"), _("Tage nach der Sitzung"))
    minutes_due_days = _days(_("Protokoll an alle"), _("Tage nach der Sitzung"))

    @classmethod
    def of(cls, alliance: Alliance, data: Any = None) -> PeriodsForm:
        held = periods.of(alliance)
        names = Periods.__dataclass_fields__
        return cls(data, initial={name: getattr(held, name) for name in names} | {"version": alliance.rule_version})

    @property
    def periods(self) -> Periods:
        """What was typed."""
        return Periods(**{name: self.cleaned_data[name] for name in Periods.__dataclass_fields__})

    @property
    def in_words(self) -> list[tuple[Any, Any]]:
        """Each field with what it says, for whoever compares."""
        return [(field.label, field.value()) for field in self.visible_fields()]
