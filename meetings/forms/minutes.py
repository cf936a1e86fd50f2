"""What readers, chair and Fachstelle write about minutes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.models import Person
from meetings.domain.corrections import Correction, TaskChange
from meetings.domain.minutes_content import ItemContent, MinutesContent, TaskContent, tasks_of
from meetings.enums import BEGUN, Presence
from meetings.models import ActionItem, AgendaItem, Attendance, Meeting, Minutes, Objection

_RESULT = 20_000


class ObjectionForm(forms.Form):
    """A mistake, at one item or anywhere."""

    item = forms.TypedChoiceField(label=_("Zu welchem Punkt?"), coerce=int, empty_value=None, required=False)
    text = forms.CharField(
        label=_("Was stimmt nicht?"),
        help_text=_("Ein Satz genügt, zum Beispiel: Es ist der 21. Januar."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )

    def __init__(self, *args: Any, content: MinutesContent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(item["id"], f"{item['number']}. {item['title']}") for item in content["items"]]
        self.fields["item"].choices = [("", _("Zum Protokoll im Ganzen")), *choices]  # type: ignore[attr-defined]

    def agenda_item(self, minutes: Minutes) -> AgendaItem | None:
        return minutes.meeting.agenda_items.filter(pk=self.cleaned_data["item"] or 0).first()


@dataclass(frozen=True)
class CorrectionChoices:
    """What an answer may put right; read once for all objections of a page."""

    items: list[tuple[int, str]]
    rows: list[Attendance]
    tasks: list[tuple[ItemContent, TaskContent]]

    @property
    def owners(self) -> list[Person]:
        """Everybody of the meeting: whoever took a task was there, or belongs to the alliance."""
        return [row.person for row in self.rows]

    @property
    def names(self) -> dict[int, str]:
        return {row.pk: f"{row.person.last_name}, {row.person.first_name}" for row in self.rows}

    @classmethod
    def of(cls, content: MinutesContent, meeting: Meeting) -> CorrectionChoices:
        rows = meeting.attendance.select_related("person__organisation", "organisation", "meeting__alliance")
        return cls(
            items=[(item["id"], f"{item['number']}. {item['title']}") for item in content["items"]],
            rows=list(rows.order_by("person__last_name", "person__first_name", "pk")),
            tasks=tasks_of(content),
        )


class ResolutionForm(forms.Form):
    """The answer to one objection."""

    accept = forms.ChoiceField(
        label=_("Stimmt der Hinweis?"),
        choices=[("yes", _("Ja, das Protokoll wird berichtigt")), ("no", _("Nein, es bleibt beim Wortlaut"))],
        widget=forms.RadioSelect,
    )
    item = forms.TypedChoiceField(label=_("In welchem Punkt?"), coerce=int, empty_value=None, required=False)
    changed_from = forms.CharField(
        label=_("Diese Stelle …"),
        help_text=_("Wörtlich aus dem Ergebnis. Leer: Das ganze Ergebnis wird ersetzt."),
        max_length=_RESULT,
        required=False,
    )
    changed_to = forms.CharField(
        label=_("… wird ersetzt durch"), widget=forms.Textarea(attrs={"rows": 3}), max_length=_RESULT, required=False
    )
    who = forms.TypedChoiceField(label=_("Wessen Teilnahme?"), coerce=int, empty_value=None, required=False)
    presence = forms.ChoiceField(
        label=_("Richtig ist"), choices=[("", _("bitte wählen")), *Presence.choices[1:]], required=False
    )
    task = forms.TypedChoiceField(label=_("Welcher Auftrag?"), coerce=int, empty_value=None, required=False)
    task_text = forms.CharField(
        label=_("Was ist zu tun?"), help_text=_("Leer: bleibt, wie es ist."), max_length=500, required=False
    )
    task_owner = forms.TypedChoiceField(label=_("Wer?"), coerce=int, empty_value=None, required=False)
    task_due = forms.DateField(
        label=_("Bis wann?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )
    task_dropped = forms.BooleanField(label=_("Diesen Auftrag gibt es nicht"), required=False)
    resolution = forms.CharField(
        label=_("Antwort in einem Satz"),
        help_text=_("Steht in der Versionsgeschichte und, wenn berichtigt wird, in der Mail an alle."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )

    def __init__(self, *args: Any, objection: Objection, choices: CorrectionChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices = choices
        within = objection.agenda_item_id
        fields: Any = self.fields
        if within is None:
            fields["item"].choices = [("", _("keiner")), *choices.items]
        else:
            del fields["item"]
        fields["who"].choices = [("", _("niemand")), *((row.pk, choices.names[row.pk]) for row in choices.rows)]
        fields["task"].choices = [
            ("", _("keiner")),
            *((one["id"], one["task"]) for item, one in choices.tasks if within in {None, item["id"]}),
        ]
        fields["task_owner"].choices = [
            ("", _("bleibt")),
            *((one.pk, f"{one.last_name}, {one.first_name} ({one.organisation.short_name})") for one in choices.owners),
        ]

    @property
    def words(self) -> list[forms.BoundField]:
        return [self[name] for name in ("item", "changed_from", "changed_to") if name in self.fields]

    @property
    def attendance(self) -> list[forms.BoundField]:
        return [self["who"], self["presence"]]

    @property
    def tasks(self) -> list[forms.BoundField]:
        return [self[name] for name in ("task", "task_text", "task_owner", "task_due", "task_dropped")]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if bool(data.get("who")) != bool(data.get("presence")):
            self.add_error("presence", _("Bitte wählen Sie, wessen Teilnahme falsch ist und was richtig ist."))
        said = any(data.get(name) for name in ("task_text", "task_owner", "task_due", "task_dropped"))
        if said and not data.get("task"):
            self.add_error("task", _("Bitte wählen Sie den Auftrag."))
        elif data.get("task") and not said:
            self.add_error("task", _("Bitte tragen Sie ein, was an dem Auftrag anders wird."))
        return data

    @property
    def is_accepted(self) -> bool:
        return bool(self.cleaned_data["accept"] == "yes")

    @property
    def correction(self) -> Correction:
        """What is to change, for `objections.resolve`."""
        data, choices = self.cleaned_data, self._choices
        row = next((row for row in choices.rows if row.pk == data["who"]), None)
        action = ActionItem.objects.select_related("agenda_item").filter(pk=data["task"] or 0).first()
        task = None
        if action is not None:
            owner = next((one for one in choices.owners if one.pk == data["task_owner"]), None)
            task = TaskChange(action, data["task_text"], data["task_due"], owner, data["task_dropped"])
        return Correction(
            changed_from=data["changed_from"],
            changed_to=data["changed_to"],
            item=AgendaItem.objects.filter(pk=data.get("item") or 0).first(),
            attendance=(row, data["presence"]) if row is not None else None,
            task=task,
        )


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("Was soll geändert werden?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Warum ohne Freigabe?"), max_length=200)
    introduction = forms.CharField(required=False, widget=forms.HiddenInput)  # typed beside the mail


class AddendumForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    item = forms.ModelChoiceField(
        label=_("Zu welchem Punkt?"), queryset=AgendaItem.objects.none(), required=False, empty_label=_("Zum Ganzen")
    )
    text = forms.CharField(label=_("Was wird berichtigt?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.agenda_items.on_agenda().filter(position__gt=0)  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments for `addenda.amend`."""
        data = self.cleaned_data
        return {"text": data["text"], "agenda_item": data["item"], "form_key": data["form_key"]}


class ConfirmForm(forms.Form):
    meeting = forms.ModelChoiceField(label=_("In welcher Sitzung?"), queryset=Meeting.objects.none())

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = Meeting.objects.filter(alliance=minutes.meeting.alliance_id, start__gt=minutes.meeting.start)
        self.fields["meeting"].queryset = later.filter(state__in=BEGUN).order_by("start")  # type: ignore[attr-defined]
