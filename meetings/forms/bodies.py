"""A body as the Fachstelle enters it: one that meets here, or one outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.enums import BodyKind
from buendnisse.forms.filters import FilterSelect
from buendnisse.forms.records import RecordForm, SearchForm, day, words

_KINDS = [(kind.value, kind.label) for kind in BodyKind if kind != BodyKind.UNIT]


class BodySearch(SearchForm):
    art = forms.ChoiceField(label=_("Art"), required=False, choices=[("", _("alle")), *_KINDS], widget=FilterSelect)
    field_order = ("q", "art", "stand")

    def further(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"kind": data.get("art") or ""}


class BodyForm(RecordForm):
    """What every body has; its address is chosen once, since links lead there."""

    not_said: ClassVar[frozenset[str]] = RecordForm.not_said | {"slug"}

    name = words(_("Name"), most=200, required=True)
    short_name = words(_("Kurzer Name"), most=80, required=True, hint=_("Er steht vorn in Betreffzeilen und Listen."))
    slug = words(
        _("Adresse"),
        most=50,
        hint=_(
            "Letzter Teil der Seite, zum Beispiel steuerungsgruppe. Leer: aus dem kurzen Namen. Sie bleibt für immer."
        ),
    )
    valid_from = day(_("Gibt es seit"), hint=_("Leer: schon immer."))
    note = words(_("Notiz der Fachstelle"), most=1000, rows=3)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["slug"]


class MeetingBodyForm(BodyForm):
    """An alliance, or a committee such as a Steuerungsgruppe: it meets and decides here."""

    prefix = words(  # type: ignore[assignment] # a field; Django takes it out of the class
        _("Buchstabe der Beschlüsse"),
        most=4,
        required=True,
        hint=_("Mit ihm beginnen die Nummern: S-2026-01. Ein bis vier große Buchstaben."),
    )
    mandate = words(_("Worum es geht"), most=500, rows=2, hint=_("Ein Satz. Er steht oben auf der Seite."))
    field_order = ("form_key", "version", "name", "short_name", "slug", "prefix", "mandate", "valid_from", "note")

    def clean_prefix(self) -> str:
        """Typed small, it is meant large."""
        return str(self.cleaned_data["prefix"]).upper()


class OutsideBodyForm(BodyForm):
    """A body outside, such as a Fachausschuss: it is asked, and we learn the outcome."""

    usual_dates = words(
        _("Wann es tagt"), most=250, hint=_("Zum Beispiel: alle zwei Monate dienstags, nächstes Mal am 8. Dezember.")
    )
    asked_by = words(
        _("Wie man es fragt"),
        most=400,
        rows=3,
        hint=_("Zum Beispiel: Vorlage über das Kreistagsbüro, drei Wochen vorher."),
    )
    field_order = ("form_key", "version", "name", "short_name", "slug", "usual_dates", "asked_by", "valid_from", "note")
