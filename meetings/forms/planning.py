"""Forms for dates. They check what was typed; the rules are those of `domain.planning`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from buendnisse.clock import BERLIN, local, local_date
from buendnisse.models import Alliance, Venue
from meetings.domain import planning
from meetings.domain.conflicts import Conflict, conflicts, needs_reason
from meetings.domain.quarter import Quarter
from meetings.enums import MeetingMode, MeetingState
from meetings.forms.posted import over
from meetings.models import Meeting

_REPLACED_BY = dt.timedelta(days=62)  # a meeting lost in December may be held in February
_DAYS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
_HOURS = ["%H:%M", "%H.%M", "%H:%M:%S", "%H"]


class DateForm(forms.Form):
    """Day, hours and place, and what speaks against them. `found` is shown before anything is saved."""

    date = forms.DateField(
        label=_("Tag"),
        input_formats=_DAYS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Bitte schreiben Sie den Tag so: 03.12.2026.")},
    )
    start = forms.TimeField(
        label=_("Beginn"),
        input_formats=_HOURS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Bitte schreiben Sie die Uhrzeit so: 10:00.")},
    )
    end = forms.TimeField(
        label=_("Ende"),
        input_formats=_HOURS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Bitte schreiben Sie die Uhrzeit so: 12:00.")},
    )
    venue = forms.ModelChoiceField(
        Venue.objects.order_by("name"), label=_("Ort"), required=False, empty_label=_("kein Ort, nur online")
    )
    conflict_reason = forms.CharField(
        label=_("Warum trotzdem dieser Tag?"),
        help_text=_("Ein Satz genügt. Er wird beim Termin festgehalten."),
        required=False,
        max_length=500,
        widget=forms.HiddenInput,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, at: dt.datetime, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.meeting = meeting
        self.found: list[Conflict] = []
        self.is_checked = False
        usable = Q(ended_on__isnull=True) | Q(ended_on__gte=local_date(at))
        if meeting is not None and meeting.venue_id is not None:
            usable |= Q(pk=meeting.venue_id)
        field: Any = self.fields["venue"]
        field.queryset = Venue.objects.filter(usable).order_by("name")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        alliance = self.meeting.alliance if self.meeting else data.get("alliance")
        if not (alliance and data.get("date") and data.get("start") and data.get("end")):
            return data
        if data["end"] <= data["start"]:
            self.add_error("end", _("Das Ende liegt nicht nach dem Beginn."))
            return data
        begin, end = self.span
        try:
            planning.require_future(begin, at=self.at)
            planning.require_alliance(alliance, begin)
        except planning.PlanRefused as past:
            self.add_error(past.field, str(past))
            return data
        if sentence := self._taken(alliance, data["date"]):
            self.add_error("date", sentence)
            return data
        self.found = conflicts(alliance, begin, end, data.get("venue"), at=self.at, meeting=self.meeting)
        if needs_reason(self.found):
            self.fields["conflict_reason"].widget = forms.Textarea(attrs={"rows": 2, "class": "me-line"})
        self._keep("seen", self._signature())
        self.is_checked = not self.errors
        return data

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """Beginning and end as aware moments."""
        data = self.cleaned_data
        return (
            dt.datetime.combine(data["date"], data["start"], tzinfo=BERLIN),
            dt.datetime.combine(data["date"], data["end"], tzinfo=BERLIN),
        )

    @property
    def may_save(self) -> bool:
        """Whether somebody pressed a saving button having seen exactly these remarks."""
        is_saving = self.data.get("do") in {"note", "fix"}
        return is_saving and (not self.found or self._was_seen == self._signature())

    def _taken(self, alliance: Alliance, day: dt.date) -> str:
        """Why there can be no further meeting; a meeting that is moved keeps its quarter."""
        return ""

    def refuse(self, refused: planning.PlanRefused) -> None:
        """Put the refusal beside its field; what was typed is checked anew."""
        self.is_checked = False
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))

    def _signature(self) -> str:
        kinds = ",".join(sorted(conflict.kind for conflict in self.found))
        return f"{self.cleaned_data['date']:%Y-%m-%d} {self.cleaned_data['start']:%H:%M} {kinds}"

    def _keep(self, name: str, value: object) -> None:
        """Show another value than what was posted."""
        if not hasattr(self, "_was_seen"):
            self._was_seen = self.data.get("seen", "")
        self.data = over(self.data, **{name: value})


class PlanForm(DateForm):
    """A new date of an alliance."""

    alliance = forms.ModelChoiceField(Alliance.objects.none(), label=_("Bündnis"), empty_label=_("bitte wählen"))
    mode = forms.ChoiceField(label=_("Wie"), choices=MeetingMode.choices, widget=forms.RadioSelect)
    video_link = forms.URLField(
        label=_("Link zur Videokonferenz"),
        required=False,
        assume_scheme="https",
        error_messages={
            "invalid": _("Bitte schreiben Sie die ganze Adresse, zum Beispiel https://konferenz.example/raum.")
        },
    )
    note = forms.CharField(
        label=_("Hinweis für die Mitglieder"),
        help_text=_("Steht in der Mail und auf der Seite der Sitzung."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    quarter = forms.CharField(widget=forms.HiddenInput, required=False, max_length=7)

    field_order = (
        "alliance",
        "date",
        "start",
        "end",
        "mode",
        "venue",
        "video_link",
        "note",
        "conflict_reason",
    )

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments for `planning.plan`."""
        data, (start, end) = self.cleaned_data, self.span
        kept = {name: data[name] for name in ("mode", "venue", "video_link", "conflict_reason", "form_key")}
        quarter = self._quarter(data["date"])
        return {**kept, "start": start, "end": end, "quarter": quarter, "note_for_members": data["note"]}

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, at=at, **kwargs)
        field: Any = self.fields["alliance"]
        field.queryset = Alliance.objects.exclude(valid_until__lt=local_date(at)).in_order()
        field.error_messages["invalid_choice"] = _("Dieses Gremium ist beendet. Dort wird nichts mehr geplant.")

    def _quarter(self, day: dt.date) -> str:
        """The quarter the date is for: that of the meeting it replaces, also a little later, or that of the day."""
        try:
            wanted = Quarter.parse(self.data.get("quarter", ""))
        except ValueError:
            return str(Quarter.of(day))
        return str(wanted if wanted.first <= day <= wanted.last + _REPLACED_BY else Quarter.of(day))

    def _taken(self, alliance: Alliance, day: dt.date) -> str:
        made = self.data.get("form_key", "")
        return planning.why_taken(alliance, self._quarter(day), besides=made)

    @property
    def fixes(self) -> bool:
        """Whether people are invited at once, or the date is only noted."""
        return self.data.get("do") == "fix"


class MoveForm(DateForm):
    """Another day, hour or place for a meeting."""

    reason = forms.CharField(
        label=_("Warum wird verlegt?"),
        help_text=_("Ein ganzer Satz. Er steht am Anfang der Mail an alle."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    introduction = forms.CharField(required=False, widget=forms.HiddenInput)  # typed beside the mail, on the next page

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        begin, end = local(meeting.start), local(meeting.end)
        kwargs.setdefault(
            "initial",
            {
                "date": begin.date(),
                "start": begin.time(),
                "end": end.time(),
                "venue": meeting.venue_id,
                "version": meeting.version,
            },
        )
        super().__init__(*args, meeting=meeting, **kwargs)
        if meeting.state == MeetingState.PLANNED:
            self.fields["reason"].widget = forms.HiddenInput()  # nobody is told

    @staticmethod
    def wished(asked: Mapping[str, str], meeting: Meeting) -> dict[str, str] | None:
        """A day somebody proposed, as if it had been typed, so that what speaks against it is shown; None without one.

        `asked`: tag (JJJJ-MM-TT), von and bis (HH:MM). Without an end the meeting keeps its length.
        """
        if not asked.get("tag"):
            return None
        start = asked.get("von", "")
        found = {
            "date": asked["tag"],
            "start": start or f"{local(meeting.start):%H:%M}",
            "end": asked.get("bis") or _later(start, meeting.end - meeting.start) or f"{local(meeting.end):%H:%M}",
            "venue": meeting.venue_id or "",
            "version": meeting.version,
        }
        return {name: str(value) for name, value in found.items()}

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments for `planning.move_date`."""
        data, (start, end) = self.cleaned_data, self.span
        kept = {name: data[name] for name in ("venue", "version", "reason", "conflict_reason", "introduction")}
        return {**kept, "start": start, "end": end}

    def show_current(self, current: Meeting) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self._keep("version", current.version)
        self.is_checked = False


def _later(start: str, length: dt.timedelta) -> str:
    """ "14:00" and two hours → "16:00"; empty for what is no hour of one day."""
    try:
        begin = dt.datetime.combine(dt.date.min, dt.time.fromisoformat(start))
    except ValueError:
        return ""
    end = begin + length
    return f"{end:%H:%M}" if end.date() == begin.date() else ""


class EditForm(forms.Form):
    """What can change without asking everybody again."""

    mode = forms.ChoiceField(label=_("Wie"), choices=MeetingMode.choices, widget=forms.RadioSelect)
    video_link = forms.URLField(label=_("Link zur Videokonferenz"), required=False, assume_scheme="https")
    note = forms.CharField(
        label=_("Hinweis für die Mitglieder"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        names = ("mode", "video_link", "note", "version")
        kwargs.setdefault("initial", {name: getattr(meeting, name) for name in names})
        super().__init__(*args, **kwargs)

    def show_current(self, current: Meeting) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, version=current.version)


#: Reasons of a morning on which nobody has time to write. Each is a sentence after "wir sagen die Sitzung ab".
_KNOWN_REASONS = {
    "snow": _("Die Straßen sind glatt und verschneit."),
    "room": _("Der Raum ist nicht nutzbar."),
    "ill": _("Der Grund ist Krankheit."),
}


class CancelForm(forms.Form):
    """Why a meeting does not take place: one's own words, and at short notice a sentence to tap."""

    says_nothing_of_optional = True  # one of the two is needed

    known = forms.ChoiceField(
        label=_("Warum fällt die Sitzung aus?"),
        choices=[*_KNOWN_REASONS.items(), ("own", _("Ein anderer Grund, mit Ihren Worten"))],
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label=_("Warum fällt die Sitzung aus?"),
        help_text=_("Ein oder zwei ganze Sätze. Sie stehen in der Mail an alle."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    introduction = forms.CharField(required=False, widget=forms.HiddenInput)  # typed beside the mail, on the next page

    def __init__(self, *args: Any, at_short_notice: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if at_short_notice:
            self.fields["reason"].label = _("Ihre Worte dazu")
            self.fields["reason"].widget.attrs["rows"] = 2
        else:
            del self.fields["known"]

    @property
    def words(self) -> str:
        """The reason as it stands in the mail; empty where nothing was chosen and nothing written."""
        known = _KNOWN_REASONS.get(self.cleaned_data.get("known", ""), "")
        return f"{known} {self.cleaned_data['reason']}".strip()
