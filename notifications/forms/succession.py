"""Nachfolge regeln: who follows, from when, and what passes on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from buendnisse import clock, german
from buendnisse.forms.people import NewPersonFields, date_field
from buendnisse.models import Membership, Person
from meetings.domain.succession import Legacy
from meetings.models import ActionItem, AgendaItem


class SuccessionForm(NewPersonFields):
    """Somebody on record or somebody new follows, or nobody yet."""

    last_day = date_field(label=_("Letzter Tag"))
    successor = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Jemand, den wir kennen"),
        required=False,
        empty_label=_("noch niemand, oder jemand Neues (unten)"),
    )
    memberships = forms.ModelMultipleChoiceField(
        Membership.objects.none(),
        label=_("Gremien"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    tasks = forms.ModelMultipleChoiceField(
        ActionItem.objects.none(), label=_("Offene Aufgaben"), widget=forms.CheckboxSelectMultiple, required=False
    )
    items = forms.ModelMultipleChoiceField(
        AgendaItem.objects.none(),
        label=_("Themen, über die berichtet wird"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    leaves = forms.BooleanField(
        label=_("Die Person gehört danach zu nichts mehr"),
        help_text=_("Sie bleibt nachlesbar. Spätestens nach 24 Monaten steht dort ihre Funktion statt des Namens."),
        required=False,
        initial=True,
    )
    letters = forms.BooleanField(label=_("Abschied und Begrüßung per E-Mail schicken"), required=False, initial=True)
    says_nothing_of_optional = True

    #: How the page puts them: heading, and the fields below it.
    PARTS = (
        (_("Was endet und weitergeht"), ("last_day", "memberships", "tasks", "items")),
        (_("Wer folgt nach?"), ("successor",)),
        (
            _("Jemand Neues"),
            ("known", "salutation", "first_name", "last_name", "email", "phone"),
        ),
        (_("Danach"), ("leaves", "letters")),
    )

    field_order = [name for _title, names in PARTS for name in names]

    def __init__(self, *args: Any, person: Person, legacy: Legacy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = False
        self.fields["salutation"].required = False
        day = clock.local_date(clock.now())
        self.fields["last_day"].initial = day
        rows = Person.objects.active_on(day).filter(merged_into=None, forgotten_at=None).exclude(pk=person.pk)
        self._choose("successor", rows.select_related("organisation").order_by("last_name", "first_name"), _person)
        for name, chosen, words in (
            ("memberships", legacy.memberships, _seat),
            ("tasks", legacy.tasks, _task),
            ("items", legacy.items, _item),
        ):
            model: Any = {"memberships": Membership, "tasks": ActionItem, "items": AgendaItem}[name]
            numbers = [one.pk for one in chosen]
            rows = model._default_manager.filter(pk__in=numbers).select_related(*_RELATED[name])
            self._choose(name, rows.order_by("pk"), words)
            self.fields[name].initial = numbers
            if not numbers:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("memberships", "tasks", "items"):
            cleaned.setdefault(name, [])
        if cleaned.get("successor") and self.is_wanted:
            self.add_error("successor", _now("Bitte nur eines: jemand aus der Liste oder jemand Neues."))
        if self.is_wanted and not (cleaned.get("first_name") and cleaned.get("last_name")):
            self.add_error("last_name", _now("Bitte tragen Sie Vornamen und Nachnamen ein."))
        cleaned["salutation"] = cleaned.get("salutation") or "neutral"
        return cleaned

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.PARTS]

    def hidden(self) -> list[tuple[str, str]]:
        """What was chosen, for the button under the preview: pairs of name and value."""
        pairs = []
        for field in self:
            value = field.value()
            many = value if isinstance(value, list | tuple) else [value]
            for one in many:
                said = "on" if one is True else "" if one in (None, False) else str(one)
                if said:
                    pairs.append((field.html_name, said))
        return pairs

    def _choose(self, name: str, rows: Any, words: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields[name].label_from_instance = words  # type: ignore[attr-defined]


_RELATED = {
    "memberships": ("body", "organisation"),
    "tasks": ("alliance",),
    "items": ("alliance", "meeting"),
}


def _person(person: Person) -> str:
    return f"{person.last_name}, {person.first_name} ({person.organisation.short_name})"


def _seat(row: Membership) -> str:
    return f"{row.body.name}: {row.get_role_display()} ({row.organisation.short_name})"


def _task(action: ActionItem) -> str:
    until = _now("bis %s") % german.day(action.due_on)
    return f"{action.task} ({action.alliance.word}, {until})"


def _item(item: AgendaItem) -> str:
    when = german.day(item.meeting.start) if item.meeting else _now("Themenspeicher")
    return f"{item.title} ({item.alliance.word}, {when})"
