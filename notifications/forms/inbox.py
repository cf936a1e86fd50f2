"""Forms of the Posteingang: what the list is narrowed to, and whose answer a mail is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from meetings.enums import Answer
from meetings.models import Attendance
from notifications.domain import tray
from notifications.enums import InboundKind


class FilterForm(forms.Form):
    """Narrows the list. Nonsense in the address narrows nothing."""

    suche = forms.CharField(label=gettext_lazy("Name, Adresse oder Betreff"), required=False, max_length=100)
    art = forms.ChoiceField(
        label=gettext_lazy("Art"), required=False, choices=[("", gettext_lazy("alle Arten")), *InboundKind.choices]
    )

    def filters(self) -> tray.Filters:
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        return tray.Filters(kind=chosen.get("art", ""), words=chosen.get("suche", ""))


class EnterForm(forms.Form):
    """Whose answer it is, and which."""

    attendance = forms.ChoiceField(label=gettext_lazy("Für wen und welche Sitzung?"))
    answer = forms.ChoiceField(label=gettext_lazy("Antwort"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, rows: Iterable[Attendance], chosen: Attendance | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = {str(row.pk): row for row in rows}
        groups = groupby(self._rows.items(), key=lambda pair: _meeting(pair[1]))
        choices = [(words, [(key, _listed(row)) for key, row in pairs]) for words, pairs in groups]
        given = [(value, label) for value, label in Answer.choices if value != Answer.PENDING]
        self.fields["attendance"].choices = [("", _("bitte wählen")), *choices]  # type: ignore[attr-defined]
        self.fields["answer"].choices = given  # type: ignore[attr-defined]
        if chosen is not None or len(self._rows) == 1:
            self.initial["attendance"] = str(chosen.pk) if chosen is not None else next(iter(self._rows))

    @property
    def row(self) -> Attendance:
        return self._rows[self.cleaned_data["attendance"]]


def _meeting(row: Attendance) -> str:
    return f"{row.meeting.alliance.word}, {german.short_day(row.meeting.start)}"


def _listed(row: Attendance) -> str:
    """With the meeting: a browser shows only the chosen line. And with what counts, which the entry writes over."""
    listed = f"{row.person.last_name}, {row.person.first_name} ({row.organisation.short_name}): {_meeting(row)}"
    if row.answer == Answer.PENDING or row.answer_is_for_earlier_date:
        return listed
    return _("%(listed)s, jetzt: %(answer)s") % {"listed": listed, "answer": row.get_answer_display()}
