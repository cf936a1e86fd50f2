"""The rows of the board as they come back: minutes, who presents, places. Plain fields, so that forty rows stay cheap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buendnisse.models import Person
from meetings.domain.agenda_board import presenter_words
from meetings.domain.agenda_order import Agenda
from meetings.domain.agenda_rows import Wish
from meetings.models import AgendaItem

_LONGEST = 240  # minutes: no meeting is longer than four hours
_HIGHEST = 99  # a number on an agenda
_TEXT = 300


@dataclass(frozen=True)
class Rows:
    """What was typed, what is wished of it, what is wrong with it, and which button was pressed."""

    typed: Mapping[str, str]
    wishes: Mapping[int, Wish]
    errors: list[str]
    step: tuple[int, int] | None


def read(data: QueryDict, agenda: Agenda, people: Mapping[str, Person]) -> Rows:
    """Fields `m-` (minutes), `p-` (presenter), `n-` (place), `v-` (version) a row; buttons `hoch` and `runter`."""
    typed = {name: str(text)[:_TEXT] for name, text in data.items() if name[:2] in {"m-", "p-", "n-", "v-"}}
    by_name = {name.casefold(): person for name, person in people.items()}
    wishes, errors = {}, []
    for entry in agenda.entries:
        pk, number, stored = entry.item.pk, entry.number, presenter_words(entry.item.presenter)
        if f"v-{pk}" not in typed:
            continue
        minutes, version = typed.get(f"m-{pk}", "").strip(), typed[f"v-{pk}"]
        place, name = typed.get(f"n-{pk}", "").strip(), " ".join(typed.get(f"p-{pk}", "").split())
        if not _is_number(minutes, _LONGEST):
            errors.append(_("TOP %d: Bitte geben Sie ganze Minuten von 1 bis 240 an.") % number)
        elif place and not _is_number(place, _HIGHEST):
            errors.append(_("TOP %d: Bitte geben Sie die Nummer an, die der Punkt bekommen soll.") % number)
        elif name and name != stored and name.casefold() not in by_name:
            errors.append(
                _("TOP %d: „%s“ kennen wir hier nicht. Bitte wählen Sie einen Namen aus der Liste.") % (number, name)
            )
        elif version.isdecimal():
            person = entry.item.presenter if name == stored else by_name.get(name.casefold())
            wishes[pk] = Wish(int(version), int(minutes), person, int(place) if place else None)
    return Rows(typed, wishes, errors, _step(data))


def compared(rows: Rows, items: Iterable[AgendaItem]) -> list[str]:
    """Both texts of each row somebody else changed: "„Rufbus“: Gespeichert ist: 20 Minuten, …"."""
    said = _("„%(title)s“: Gespeichert ist: %(stored)s. Sie haben getippt: %(typed)s.")
    return [
        said
        % {
            "title": item.title,
            "stored": _row_words(item.duration_minutes, item.presenter),
            "typed": _row_words(rows.wishes[item.pk].minutes, rows.wishes[item.pk].presenter),
        }
        for item in items
    ]


def without(rows: Rows, items: Iterable[AgendaItem]) -> dict[str, str]:
    """What was typed on all other rows."""
    gone = {str(item.pk) for item in items}
    return {name: text for name, text in rows.typed.items() if name[2:] not in gone}


def _row_words(minutes: int, presenter: Person | None) -> str:
    who = presenter_words(presenter) or _("niemand berichtet")
    return ngettext("%(count)d Minute, %(who)s", "%(count)d Minuten, %(who)s", minutes) % {"count": minutes, "who": who}


def _step(data: QueryDict) -> tuple[int, int] | None:
    for name, way in (("hoch", -1), ("runter", 1)):
        if (number := str(data.get(name, ""))).isdecimal() and len(number) < 12:  # noqa: PLR2004 -- digits of a key
            return int(number), way
    return None


def _is_number(text: str, most: int) -> bool:
    return text.isdecimal() and len(text) <= len(str(most)) and 0 < int(text) <= most
