"""What readers, chair and Fachstelle write about minutes."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.domain.minutes_content import MinutesContent
from meetings.models import AgendaItem, Meeting, Minutes


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


class ResolutionForm(forms.Form):
    """The answer to one objection."""

    accept = forms.ChoiceField(
        label=_("Stimmt der Hinweis?"),
        choices=[("yes", _("Ja, das Protokoll wird berichtigt")), ("no", _("Nein, es bleibt beim Wortlaut"))],
        widget=forms.RadioSelect,
    )
    changed_from = forms.CharField(
        label=_("Diese Stelle …"),
        help_text=_("Wörtlich aus dem Ergebnis. Leer: Das ganze Ergebnis wird ersetzt."),
        required=False,
    )
    changed_to = forms.CharField(
        label=_("… wird ersetzt durch"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    resolution = forms.CharField(
        label=_("Antwort in einem Satz"),
        help_text=_("Steht in der Versionsgeschichte und, wenn berichtigt wird, in der Mail an alle."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def is_accepted(self) -> bool:
        return bool(self.cleaned_data["accept"] == "yes")


class RemarkForm(forms.Form):
    remark = forms.CharField(label=_("Was soll geändert werden?"), widget=forms.Textarea(attrs={"rows": 4}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Warum ohne Freigabe?"), max_length=200)


class AddendumForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    item = forms.ModelChoiceField(
        label=_("Zu welchem Punkt?"), queryset=AgendaItem.objects.none(), required=False, empty_label=_("Zum Ganzen")
    )
    text = forms.CharField(label=_("Was wird berichtigt?"), widget=forms.Textarea(attrs={"rows": 3}))

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
        self.fields["meeting"].queryset = later.filter(  # type: ignore[attr-defined]
            state__in=["in_session", "held", "closed"]
        ).order_by("start")
