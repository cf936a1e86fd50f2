"""Forms around answers to relays: what came back, how far it answers, and what became of a recommendation."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse import german
from meetings.enums import RelayAnswerKind, RelayOutcome
from meetings.forms.relays import DATE, StoredForm, long
from meetings.forms.session import HOW_FAR
from meetings.models import Decision, Relay


class LetterForm(forms.Form):
    """With what came by post or mail."""

    letter = forms.FileField(
        label=_("Der Brief dazu"), required=False, help_text=_("Wenn die Antwort als Datei gekommen ist.")
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def clean_form_key(self) -> uuid.UUID:
        return self.cleaned_data["form_key"] or uuid.uuid4()


class AnswerForm(LetterForm):
    """A decision of the target, or words, or both; the decision's text is never copied."""

    decision = forms.TypedChoiceField(
        label=_("Der Beschluss, der antwortet"), required=False, coerce=int, empty_value=None
    )
    answer_kind = forms.ChoiceField(
        label=_("Die Antwort ist"), choices=RelayAnswerKind.choices, initial=RelayAnswerKind.FULL
    )
    words = long(
        _("In einem Satz"),
        required=False,
        rows=3,
        help_text=_("Steht beim Beschluss, oder für sich, wo es keinen gibt."),
    )

    def __init__(self, *args: Any, decisions: Sequence[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._decisions = {decision.pk: decision for decision in decisions}
        nothing = ("", _("keiner, die Antwort ist ein Text"))
        named = [
            (pk, f"{one.number}, {german.short_day(one.decided_on)}: {one.text[:80]}")
            for pk, one in self._decisions.items()
        ]
        self.fields["decision"].choices = [nothing, *named]  # type: ignore[attr-defined]
        if not self._decisions:
            del self.fields["decision"]

    @property
    def chosen(self) -> Decision | None:
        pk = self.cleaned_data.get("decision")
        return self._decisions[pk] if pk else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("decision") and not data.get("words", "").strip() and not self.errors:
            self.add_error("words", _("Bitte wählen Sie den Beschluss, oder schreiben Sie die Antwort auf."))
        return data


class UnitAnswerForm(LetterForm):
    """The answer of a body without decisions of ours: its own words, perhaps with a letter."""

    words = long(_("Was antworten Sie?"), rows=5, help_text=_("Ein paar Sätze genügen."))
    answer_kind = forms.ChoiceField(
        label=_("Die Antwort ist"), choices=HOW_FAR, initial=RelayAnswerKind.FULL, widget=forms.RadioSelect
    )
    field_order = ("words", "answer_kind", "letter", "form_key")
    #: A unit decides nothing in our register.
    chosen: Decision | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].error_messages["required"] = _("Bitte schreiben Sie Ihre Antwort auf.")
        self.fields["letter"].label = _("Ein Brief dazu")
        self.fields["letter"].help_text = ""


class NoteForm(forms.Form):
    """What is only for information was read; there may be a word to it."""

    words = long(_("Ein Satz dazu"), required=False, rows=3, help_text=_("Wenn etwas dazu gesagt wurde."))


class CorrectForm(StoredForm):
    """How far an answer that is on its way home answers, and its sentence."""

    answer_kind = forms.ChoiceField(label=_("Die Antwort ist"), choices=HOW_FAR, widget=forms.RadioSelect)
    words = long(_("Ein Satz dazu"), required=False, rows=3)

    def __init__(self, *args: Any, relay: Relay, **kwargs: Any) -> None:
        stored = {"version": relay.version, "answer_kind": relay.answer_kind, "words": relay.answer}
        super().__init__(*args, **{"initial": stored, **kwargs})
        self.fields["version"].required = True
        if relay.answer_decision_id is None:
            self.fields["words"].label, self.fields["words"].required = _("Die Antwort"), True


class OutcomeForm(LetterForm):
    """What a body outside made of a recommendation, often with its letter."""

    outcome = forms.ChoiceField(label=_("Was wurde daraus?"), choices=RelayOutcome.choices, widget=forms.RadioSelect)
    on = forms.DateField(label=_("Am"), widget=DATE)
    words = long(_("Mit welchen Worten?"), required=False, rows=3)
