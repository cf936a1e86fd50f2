"""What is written down while a meeting runs, one form a step."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from buendnisse.enums import Role
from buendnisse.forms.marked import MARKS, MarkedTextarea
from buendnisse.models import Person
from meetings.domain.attendance_list import Entry
from meetings.domain.relay import Reply
from meetings.domain.voting import Votes, VotesImpossible
from meetings.enums import Channel, DecisionKind, DecisionState, Presence, RelayAnswerKind
from meetings.forms.posted import over
from meetings.models import Attendance, Decision

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_COUNT = _("Bitte geben Sie die Zahl der Stimmen an, von 0 bis 999.")
_VOTES = {"min_value": _COUNT, "max_value": _COUNT, "invalid": _COUNT}
_REPLY = 5000
#: How far a decision answers what another body asked.
HOW_FAR = [
    (RelayAnswerKind.FULL, _("vollständig")),
    (RelayAnswerKind.CONDITIONAL, _("mit Bedingungen")),
    (RelayAnswerKind.PARTIAL, _("zum Teil")),
]
#: Far more than anybody types about one item.
_LONGEST = 20_000
_HOUR = forms.TimeInput(attrs={"type": "time", "class": "input--small"}, format="%H:%M")


class ResultForm(forms.Form):
    result = forms.CharField(
        label=_("Ergebnis"),
        help_text=format_lazy(
            "{} {}", _("Was kam heraus? Ergebnisse, nicht der Verlauf; keine Einzelfälle mit Namen."), MARKS
        ),
        widget=MarkedTextarea(attrs={"rows": 6}),
        max_length=_LONGEST,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DraftForm(forms.Form):
    """All texts of one item, as the desk keeps them by itself."""

    result = forms.CharField(required=False, max_length=_LONGEST, strip=False)
    version = forms.IntegerField(min_value=0)
    text = forms.CharField(required=False, max_length=_LONGEST, strip=False)
    note = forms.CharField(required=False, max_length=_LONGEST, strip=False)
    draft_version = forms.IntegerField(min_value=0)


class DecisionForm(forms.Form):
    """Votes are optional: alliances mostly agree without counting. Shares one HTML form with the TaskForm."""

    decision_form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    text = forms.CharField(
        label=_("Beschluss"),
        help_text=_("Erst vorlesen, dann feststellen. Danach steht der Wortlaut fest."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=_LONGEST,
    )
    kind = forms.ChoiceField(
        label=_("Wie wurde entschieden?"),
        choices=[
            (DecisionKind.CONSENSUS, _("einvernehmlich")),
            (DecisionKind.RESOLUTION, _("Beschluss mit Abstimmung")),
            (DecisionKind.RECOMMENDATION, _("Empfehlung")),
            (DecisionKind.ACKNOWLEDGEMENT, _("zur Kenntnis genommen")),
        ],
        initial=DecisionKind.CONSENSUS,
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(
        label=_("Ergebnis der Beratung"),
        choices=[
            (DecisionState.ADOPTED, _("gefasst (bei gezählten Stimmen entscheidet die Mehrheit)")),
            (DecisionState.REJECTED, _("abgelehnt")),
            (DecisionState.POSTPONED, _("vertagt")),
        ],
        initial=DecisionState.ADOPTED,
    )
    answer_kind = forms.ChoiceField(
        label=_("Die Antwort ist"),
        choices=HOW_FAR,
        initial=RelayAnswerKind.FULL,
        widget=forms.RadioSelect,
        required=False,
    )
    answer_words = forms.CharField(
        label=_("Ein Satz dazu"),
        help_text=_("Steht beim Beschluss, wenn die Antwort vorgelesen wird."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=_REPLY,
        required=False,
    )
    yes = forms.IntegerField(label=_("Ja"), min_value=0, max_value=999, required=False, error_messages=_VOTES)
    no = forms.IntegerField(label=_("Nein"), min_value=0, max_value=999, required=False, error_messages=_VOTES)
    abstain = forms.IntegerField(
        label=_("Enthaltung"), min_value=0, max_value=999, required=False, error_messages=_VOTES
    )
    follow_up_on = forms.DateField(
        label=_("Wiedervorlage"), help_text=_("Ohne Angabe: in der nächsten Sitzung"), widget=_DAY, required=False
    )

    def __init__(self, *args: Any, entitled: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entitled = entitled
        self.fields["answer_kind"].says_nothing_of_optional = True  # type: ignore[attr-defined] # one is always chosen

    def ask_only_for_the_decision(self) -> None:
        """Its item answers nobody, or has answered already."""
        del self.fields["answer_kind"], self.fields["answer_words"]

    @classmethod
    def of(cls, decision: Decision) -> DecisionForm:
        """The words of a decision once more, as a form of its own."""
        names = {"text": "text", "kind": "kind", "outcome": "state", "follow_up_on": "follow_up_on"}
        votes = {"yes": "votes_yes", "no": "votes_no", "abstain": "votes_abstain"}
        said = {field: getattr(decision, name) for field, name in (names | votes).items()}
        answered = decision.answered_relays.first()
        if answered is not None:
            said |= {"answer_kind": answered.answer_kind, "answer_words": answered.answer}
        return cls(initial=said)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        counted = [cleaned.get(name) for name in ("yes", "no", "abstain")]
        cleaned["votes"] = None
        if any(count is not None for count in counted) and not self.errors:
            if cleaned.get("yes") is None or cleaned.get("no") is None:
                self.add_error("yes", _("Bitte geben Sie Ja und Nein an, oder lassen Sie alle Felder leer."))
                return cleaned
            try:
                cleaned["votes"] = Votes(cleaned["yes"], cleaned["no"], cleaned.get("abstain") or 0, self.entitled)
            except VotesImpossible as impossible:
                self.add_error("yes", str(impossible))
        if cleaned["votes"] and cleaned["kind"] == DecisionKind.CONSENSUS and not cleaned["votes"].is_consensus:
            cleaned["kind"] = DecisionKind.RESOLUTION  # the default was left as it stood: somebody was against it
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments of the verbs, but for `follow_up_on`, which a rejected one has none of."""
        said = self.cleaned_data
        return {name: said[name] for name in ("kind", "text", "votes")} | {"form_key": said["decision_form_key"]}

    @property
    def reply(self) -> Reply:
        """How far it answers, where its item answers another body; elsewhere nobody is asked, and nothing comes of it."""
        said = self.cleaned_data
        return Reply(RelayAnswerKind(said.get("answer_kind") or RelayAnswerKind.FULL), said.get("answer_words", ""))


class TaskForm(forms.Form):
    task_form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    task = forms.CharField(label=_("Was ist zu tun?"), max_length=500)
    owner = forms.ModelChoiceField(label=_("Wer?"), queryset=Person.objects.none())
    due_on = forms.DateField(label=_("Bis wann?"), widget=_DAY)

    def __init__(self, *args: Any, owners: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = Person.objects.filter(pk__in=[person.pk for person in owners])
        field.choices = [("", _("bitte wählen"))] + [
            (person.pk, f"{person.last_name}, {person.first_name} ({person.organisation.short_name})")
            for person in owners
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """Arguments of `action_items.assign`."""
        said = self.cleaned_data
        return {name: said[name] for name in ("task", "owner", "due_on")} | {"form_key": said["task_form_key"]}


_HOURS = {"present_from": _("ab"), "present_until": _("bis")}
_THERE = [
    ("unknown:", _("noch nicht erfasst")),
    ("present:on_site", _("anwesend")),
    ("present:online", _("anwesend, online")),
    ("deputy:on_site", _("in Vertretung")),
    ("deputy:online", _("in Vertretung, online")),
    ("guest:on_site", _("Gast")),
    ("guest:online", _("Gast, online")),
    ("secretariat:on_site", _("Geschäftsführung")),
    ("excused:", _("entschuldigt")),
    ("absent:", _("nicht anwesend")),
]


def _as_recorded(row: Attendance) -> dict[str, Any]:
    """What is stored of a row, as the list shows it."""
    has_channel = row.presence in {Presence.PRESENT, Presence.DEPUTY, Presence.GUEST, Presence.SECRETARIAT}
    channel = row.channel or Channel.ON_SITE
    if row.presence == Presence.SECRETARIAT:
        channel = Channel.ON_SITE
    return {
        "there": f"{row.presence}:{channel if has_channel else ''}",
        "present_from": row.present_from,
        "present_until": row.present_until,
    }


@dataclass(frozen=True)
class Group:
    """Rows of the attendance list under one heading; closed where nobody has to look."""

    title: Any
    forms: list[PresenceForm]
    is_open: bool


class PresenceForm(forms.Form):
    """One row of the attendance list; which vote it casts follows from who is there.

    Each field carries what it showed when the page was read: a row nobody touched keeps what others wrote meanwhile.
    """

    there = forms.ChoiceField(label=_("Teilnahme"), choices=_THERE, show_hidden_initial=True)
    present_from = forms.TimeField(label=_("ab"), required=False, widget=_HOUR, show_hidden_initial=True)
    present_until = forms.TimeField(label=_("bis"), required=False, widget=_HOUR, show_hidden_initial=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: Attendance) -> None:
        self.row = row
        self.stored = ""
        super().__init__(data, prefix=f"a{row.pk}", initial=_as_recorded(row) | {"version": row.version})
        for field in self.visible_fields():
            field.field.widget.attrs["aria-label"] = f"{row.person.full_name}: {field.label}"
            field.field.widget.attrs["class"] = "input input--small"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("present_from"), cleaned.get("present_until")
        if since and until and until <= since:
            self.add_error("present_until", _("Das Ende liegt vor dem Beginn."))
        return cleaned

    @property
    def is_touched(self) -> bool:
        """Whether the writer changed something in this row."""
        return bool({"there", "present_from", "present_until"} & set(self.changed_data))

    @property
    def entry(self) -> Entry:
        """The row as written, for `attendance_list.record`."""
        presence, _colon, channel = str(self.cleaned_data["there"]).partition(":")
        hours = {name: self.cleaned_data[name] for name in ("present_from", "present_until")}
        return Entry(self.row, self.cleaned_data["version"] or 0, presence, channel, **hours)

    def show_current(self, current: Attendance) -> None:
        """After a stale write: what was written stays, and is written over what holds now, which stands beside it."""
        recorded = _as_recorded(current)
        shown = {self.add_initial_prefix(name): value or "" for name, value in recorded.items()}
        self.data = over(self.data, **shown, **{self.add_prefix("version"): current.version})
        hours = [f"{label} {recorded[name]:%H:%M}" for name, label in _HOURS.items() if recorded[name]]
        self.stored = ", ".join([str(dict(_THERE)[recorded["there"]]), *hours])


def grouped(forms: list[PresenceForm]) -> list[Group]:
    """Who is still missing first; who is noted, and deputies nobody asked, wait closed unless something is wrong there."""
    missing, noted, reserve = [], [], []
    for form in forms:
        row = form.row
        if row.presence != Presence.UNKNOWN:
            noted.append(form)
        elif row.role == Role.DEPUTY and row.stands_in_for_id is None:
            reserve.append(form)
        else:
            missing.append(form)
    named = ((_("Noch nicht erfasst"), missing), (_("Schon erfasst"), noted), (_("Stellvertretungen"), reserve))
    return [
        Group(title, rows, is_open=rows is missing or any(form.errors or form.stored for form in rows))
        for title, rows in named
        if rows
    ]
