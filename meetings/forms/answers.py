"""Forms for answers: a deputy named by link, and what was said on the telephone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.domain.replies import Reply
from meetings.enums import Answer
from meetings.forms.posted import over
from meetings.models import Meeting


class DeputyForm(forms.Form):
    """Somebody who is not on record, for this once."""

    name = forms.CharField(
        label=_("Vorname und Nachname"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Bitte ergänzen Sie die Adresse, zum Beispiel „vorname.name@verein.example“.")},
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if " " not in name:
            raise forms.ValidationError(_("Bitte nennen Sie Vornamen und Nachnamen."))
        return name

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments for `answers.name_deputy`: the last word is the last name."""
        first, _space, last = self.cleaned_data["name"].rpartition(" ")
        return {"first_name": first, "last_name": last, "email": self.cleaned_data["email"]}


class PhoneAnswerForm(forms.Form):
    """What somebody said on the telephone. `gelesen`: of every row the version that was on the page."""

    person = forms.ChoiceField(label=_("Wer hat angerufen?"))
    answer = forms.ChoiceField(label=_("Antwort"), widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("Bemerkung"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    deputy = forms.CharField(
        label=_("Vertretung: Vorname und Nachname"),
        help_text=_("Nur wenn jemand anderes kommt und das schon zugesagt hat."),
        required=False,
        max_length=160,
    )
    deputy_email = forms.EmailField(
        label=_("E-Mail-Adresse der Vertretung"),
        help_text=_("Ohne Adresse gehen Einladung und Unterlagen per Post oder Telefon."),
        required=False,
        error_messages={"invalid": _("Bitte ergänzen Sie die Adresse, zum Beispiel „vorname.name@verein.example“.")},
    )

    gelesen = forms.RegexField(r"^(\d{1,18}:\d{1,9},)*$", max_length=8000, required=False, widget=forms.HiddenInput)

    @property
    def version(self) -> int | None:
        """The version of the chosen row that was read; None where the page did not say."""
        pairs = (pair.split(":") for pair in self.cleaned_data["gelesen"].split(",") if pair)
        return next((int(version) for pk, version in pairs if pk == self.cleaned_data["person"]), None)

    def show_current(self, rows: Iterable[Reply]) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, gelesen=_read(rows))

    def clean_deputy(self) -> str:
        name = " ".join(self.cleaned_data["deputy"].split())
        if name and " " not in name:
            raise forms.ValidationError(_("Bitte nennen Sie Vornamen und Nachnamen."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("deputy") and cleaned.get("answer") not in {None, Answer.DECLINED}:
            self.add_error("answer", _("Wenn jemand anderes kommt, wählen Sie bitte „kommt nicht“."))
        if cleaned.get("deputy_email") and not cleaned.get("deputy") and "deputy" not in self.errors:
            self.add_error("deputy", _("Bitte nennen Sie auch den Namen der Vertretung."))
        return cleaned

    @property
    def deputy_facts(self) -> dict[str, str] | None:
        """Arguments for `answers.name_deputy`, where somebody was named: the last word is the last name."""
        if not self.cleaned_data["deputy"]:
            return None
        first, _space, last = self.cleaned_data["deputy"].rpartition(" ")
        return {"first_name": first, "last_name": last, "email": self.cleaned_data["deputy_email"]}

    def __init__(self, *args: Any, meeting: Meeting, rows: Iterable[Reply], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(rows)
        left_out = {Answer.PENDING} | (set() if meeting.has_online else {Answer.ACCEPTED_ONLINE})
        answers = [(value, label) for value, label in Answer.choices if value not in left_out]
        people = [(str(row.pk), row.listed) for row in rows]
        self.initial["gelesen"] = _read(rows)
        self.fields["person"].choices = [("", _("bitte wählen")), *people]  # type: ignore[attr-defined]
        self.fields["answer"].choices = answers  # type: ignore[attr-defined]


def _read(rows: Iterable[Reply]) -> str:
    return "".join(f"{row.pk}:{row.version}," for row in rows)
