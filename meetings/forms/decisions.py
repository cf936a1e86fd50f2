"""Looking for decisions, and saying what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buendnisse.forms.filter_bar import Box, Choice, Option, one_alliance, options, or_all
from buendnisse.models import Person
from meetings.domain.decision_register import Choices, Wanted
from meetings.enums import DecisionKind, DecisionState
from meetings.forms.days import within_two_years
from meetings.forms.posted import over
from meetings.forms.search import WordsFilter
from meetings.models import Decision

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RegisterFilters(WordsFilter):
    """What the register is narrowed to. Wrong choices narrow nothing; too many words are refused."""

    def __init__(self, data: Mapping[str, str], *, offered: Choices) -> None:
        super().__init__(
            data,
            one_alliance(),
            Choice("stand", str(_("Stand")), or_all(options(DecisionState.choices))),
            Choice("art", str(_("Ergebnis")), or_all(options(DecisionKind.choices))),
            Choice("thema", str(_("Thema")), or_all(Option(slug, name, pk) for slug, name, pk in offered.topics)),
            Choice("jahr", str(_("Jahr")), or_all(options((year, year) for year in offered.years))),
            Box("faellig", str(_("nur wo die Wiedervorlage fällig ist"))),
        )

    @property
    def sought(self) -> Wanted:
        """The same as the register takes it."""
        said = self.wanted
        return Wanted(
            words=said["q"],
            alliance_id=said["buendnis"],
            state=said["stand"] or "",
            kind=said["art"] or "",
            topic_id=said["thema"],
            year=said["jahr"],
            is_due=said["faellig"],
        )


class _VersionForm(forms.Form):
    """What is written over the version its writer has read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def show_current(self, current: Decision) -> None:
        """After a stale write: what was typed stays, and is written over what holds now."""
        self.data = over(self.data, version=current.version)


class FollowUpForm(_VersionForm):
    state = forms.ChoiceField(
        label=_("Wie steht es?"),
        choices=[
            (DecisionState.ADOPTED, _("gefasst, noch nicht begonnen")),
            (DecisionState.IN_PROGRESS, _("in Umsetzung")),
            (DecisionState.DONE, _("umgesetzt")),
        ],
    )
    follow_up_on = forms.DateField(label=_("Wiedervorlage"), widget=_DAY, required=False, validators=[within_two_years])
    note = forms.CharField(label=_("Notiz"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=5000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") == DecisionState.IN_PROGRESS and not data.get("follow_up_on") and not self.errors:
            self.add_error("follow_up_on", _("Bitte nennen Sie einen Tag. Dann wird wieder gefragt, wie es steht."))
        return data

    @classmethod
    def of(cls, decision: Decision) -> FollowUpForm:
        """The form as the decision stands."""
        names = ("state", "follow_up_on", "note", "version")
        return cls(initial={name: getattr(decision, name) for name in names})


class ReportForm(_VersionForm):
    """How a decision stands, in the words of whoever is responsible."""

    stand = forms.ChoiceField(label=_("Wie weit ist es?"), widget=forms.RadioSelect)
    wieder = forms.DateField(
        label=_("Wann sollen wir wieder fragen? Nur wenn es noch nicht umgesetzt ist"),
        widget=_DAY,
        required=False,
        validators=[within_two_years],
    )
    satz = forms.CharField(
        label=_("Ein Satz dazu"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )

    def __init__(self, *args: Any, decision: Decision, next_on: dt.date | None = None, **kwargs: Any) -> None:
        stored = {"satz": decision.report, "wieder": next_on, "version": decision.version}
        super().__init__(*args, **{"initial": stored, **kwargs})
        choices: list[tuple[str, Any]] = [
            (DecisionState.DONE, _("Es ist umgesetzt")),
            (DecisionState.IN_PROGRESS, _("Wir sind dabei")),
        ]
        if decision.state == DecisionState.ADOPTED:
            choices.append((DecisionState.ADOPTED, _("Noch nicht begonnen")))
        self.fields["stand"].choices = choices  # type: ignore[attr-defined]
        self.fields["wieder"].says_nothing_of_optional = True  # type: ignore[attr-defined] # its label says when it is needed

    @property
    def verb(self) -> dict[str, Any]:
        """Arguments for `decision_follow_up.report`."""
        said = self.cleaned_data
        return {
            "state": said["stand"],
            "words": said["satz"],
            "follow_up_on": said["wieder"],
            "version": said["version"],
        }


class EntrustForm(_VersionForm):
    to = forms.ModelChoiceField(
        label=_("Wer kümmert sich?"), queryset=Person.objects.none(), required=False, empty_label=_("niemand")
    )
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"id": "id_entrust_version"}))

    def __init__(self, *args: Any, decision: Decision, people: Any, **kwargs: Any) -> None:
        stored = {"to": decision.responsible_id, "version": decision.version}
        super().__init__(*args, **{"initial": stored, **kwargs})
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = lambda person: (  # type: ignore[attr-defined]
            f"{person.last_name}, {person.first_name} ({person.organisation.short_name})"
        )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Warum wird er aufgehoben?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=5000
    )
    by_decision = forms.ModelChoiceField(
        label=_("Durch welchen Beschluss?"), queryset=Decision.objects.none(), required=False, empty_label=_("keinen")
    )

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by_decision"].queryset = _others(decision)  # type: ignore[attr-defined]


class SupersedeForm(forms.Form):
    by_decision = forms.ModelChoiceField(label=_("Welcher Beschluss gilt jetzt?"), queryset=Decision.objects.none())

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by_decision"].queryset = _others(decision)  # type: ignore[attr-defined]


def _others(decision: Decision) -> Any:
    """What may take its place: decisions of the same body that hold, of the same day or later."""
    rows = Decision.objects.standing().filter(alliance=decision.alliance_id, decided_on__gte=decision.decided_on)
    return rows.exclude(pk=decision.pk).order_by("-number")
