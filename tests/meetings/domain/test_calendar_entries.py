"""Entries of the Fachstelle: what is kept, what is refused, and files that come and go whole."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.base import ContentFile

from buendnisse.models import Change
from meetings.domain import calendar_days, calendar_entries
from meetings.domain.calendar_entries import EntryRefused, FileRead, StaleEntry
from meetings.domain.calendar_lines import DaysFileRefused, Unread
from meetings.enums import CalendarEntryKind, ConflictWeight
from meetings.models import CalendarEntry
from tests import world
from tests.world import AT, World

pytestmark = pytest.mark.django_db

KEY, FILE = uuid.UUID(int=5), uuid.UUID(int=9)
DAY = dt.date(2027, 6, 11)
HINT = {
    "kind": CalendarEntryKind.HINT,
    "name": "Schützenfest",
    "first": DAY,
    "last": dt.date(2027, 6, 14),
    "weight": ConflictWeight.STRONG,
    "from_hour": dt.time(14),
    "until_hour": dt.time(19),
}
FERIEN = "Name;von;bis\nHerbstferien;14.10.2030;25.10.2030\nWeihnachtsferien;23.12.2030;4.1.2031\n"


@pytest.fixture
def cast() -> World:
    return world.build()


def enter(cast: World, **changed: Any) -> CalendarEntry:
    facts: dict[str, Any] = {**HINT, "form_key": KEY} | changed
    return calendar_entries.enter(**facts, by=cast.imke, at=AT)


def read(cast: World, text: str = FERIEN, **changed: Any) -> FileRead:
    facts: dict[str, Any] = {"kind": CalendarEntryKind.SCHOOL_HOLIDAYS, "file_key": FILE} | changed
    return calendar_entries.read_file(ContentFile(text.encode(), name="f.csv"), **facts, by=cast.imke, at=AT)


def told() -> list[tuple[str, int, Any]]:
    return list(Change.objects.order_by("pk").values_list("verb", "subject_id", "data"))


def test_entry_is_kept_with_its_change(cast: World) -> None:
    entry = enter(cast)

    assert CalendarEntry.objects.filter(pk=entry.pk, **HINT, version=1, file_key=None).count() == 1
    assert told() == [("day.entered", entry.pk, {"kind": "hint", "first": "2027-06-11", "last": "2027-06-14"})]


def test_entry_counts_at_once(cast: World, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        enter(cast, kind=CalendarEntryKind.PUBLIC_HOLIDAY, from_hour=None, until_hour=None)

    assert calendar_days.public_holiday(DAY) == "Schützenfest"


def test_double_tap_is_one_entry(cast: World) -> None:
    assert enter(cast) == enter(cast)
    assert CalendarEntry.objects.count() == Change.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"name": "  "}, "name", "Der Name fehlt."),
        ({"last": DAY - dt.timedelta(days=1)}, "last", "Der letzte Tag liegt vor dem ersten."),
        ({"last": DAY + dt.timedelta(days=366)}, "last", "Ein Eintrag darf höchstens 366 Tage lang sein."),
        ({"first": dt.date(1999, 12, 31)}, "first", "Wir kennen nur Tage von 2000 bis 2199."),
        ({"last": dt.date(2200, 1, 1)}, "last", "Wir kennen nur Tage von 2000 bis 2199."),
        ({"until_hour": dt.time(14)}, "until_hour", "Das Ende liegt nicht nach dem Beginn."),
        (
            {"from_hour": None},
            "from_hour",
            "Bitte schreiben Sie beide Uhrzeiten, oder keine für den ganzen Tag.",
        ),
        (
            {"kind": CalendarEntryKind.SCHOOL_HOLIDAYS},
            "from_hour",
            "Uhrzeiten gibt es nur bei Hinweisen. Bitte lassen Sie sie leer oder wählen Sie „Hinweis“.",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(cast: World, changed: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(EntryRefused) as refused:
        enter(cast, **changed)

    assert (str(refused.value), refused.value.field) == (sentence, field)
    assert CalendarEntry.objects.count() == Change.objects.count() == 0


def test_longest_entry_is_a_leap_year(cast: World) -> None:
    assert enter(cast, first=dt.date(2028, 1, 1), last=dt.date(2028, 12, 31)).last == dt.date(2028, 12, 31)


def test_same_days_twice_are_refused(cast: World) -> None:
    enter(cast)

    with pytest.raises(EntryRefused) as refused:
        enter(cast, form_key=uuid.UUID(int=6))

    assert str(refused.value).replace("\xa0", " ") == "„Schützenfest“ am 11. Juni 2027 steht schon im Kalender."


def test_weight_is_kept_for_hints_only(cast: World) -> None:
    entry = enter(cast, kind=CalendarEntryKind.PUBLIC_HOLIDAY, from_hour=None, until_hour=None)

    assert entry.weight == ConflictWeight.WEAK


def test_full_calendar_takes_no_more(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_entries, "MOST", 1)
    enter(cast)

    with pytest.raises(EntryRefused, match="Platz für 1 eigene Einträge"):
        enter(cast, name="Kreistag", form_key=uuid.UUID(int=6))
    with pytest.raises(EntryRefused, match="Platz für 1 eigene Einträge"):
        read(cast)
    assert CalendarEntry.objects.count() == 1


def test_change_writes_over_and_counts_the_version(cast: World) -> None:
    entry = enter(cast)

    assert calendar_entries.change(entry, version=1, **HINT | {"name": "Kirmes"}, by=cast.imke, at=AT) is True
    assert CalendarEntry.objects.values_list("name", "version").get() == ("Kirmes", 2)
    assert told()[-1] == (
        "day.changed",
        entry.pk,
        {"kind": "hint", "first": "2027-06-11", "last": "2027-06-14", "fields": ["name"]},
    )


def test_change_of_nothing_is_none(cast: World) -> None:
    entry = enter(cast)

    assert calendar_entries.change(entry, version=1, **HINT, by=cast.imke, at=AT) is False
    assert len(told()) == 1


def test_stale_change_is_refused_with_what_holds(cast: World) -> None:
    mine, theirs = enter(cast), CalendarEntry.objects.get()
    calendar_entries.change(theirs, version=1, **HINT | {"name": "Kirmes"}, by=cast.imke, at=AT)

    with pytest.raises(StaleEntry) as stale:
        calendar_entries.change(mine, version=1, **HINT | {"name": "Volksfest"}, by=cast.imke, at=AT)

    assert stale.value.current == theirs
    assert stale.value.current.name == "Kirmes"


def test_change_of_what_is_gone_is_refused(cast: World) -> None:
    entry = enter(cast)
    CalendarEntry.objects.all().delete()

    with pytest.raises(StaleEntry) as stale:
        calendar_entries.change(entry, version=1, **HINT | {"name": "Kirmes"}, by=cast.imke, at=AT)

    assert stale.value.current is None


def test_removing_twice_is_once(cast: World) -> None:
    entry = enter(cast)
    pk = entry.pk

    assert [calendar_entries.remove(entry, version=1, by=cast.imke, at=AT) for _ in range(2)] == [True, False]
    assert told()[1:] == [("day.removed", pk, {"kind": "hint", "first": "2027-06-11", "last": "2027-06-14"})]


def test_removing_what_somebody_changed_is_refused(cast: World) -> None:
    entry = enter(cast)
    calendar_entries.change(entry, version=1, **HINT | {"name": "Kirmes"}, by=cast.imke, at=AT)

    with pytest.raises(StaleEntry):
        calendar_entries.remove(entry, version=1, by=cast.imke, at=AT)
    assert CalendarEntry.objects.count() == 1


def test_file_is_read_with_one_change(cast: World) -> None:
    outcome = read(cast)

    assert [(entry.name, entry.kind, entry.first, entry.last, entry.file_key) for entry in outcome.new] == [
        ("Herbstferien", "school_holidays", dt.date(2030, 10, 14), dt.date(2030, 10, 25), FILE),
        ("Weihnachtsferien", "school_holidays", dt.date(2030, 12, 23), dt.date(2031, 1, 4), FILE),
    ]
    assert (outcome.known, outcome.unread) == (0, [])
    assert told() == [("day.file_read", outcome.new[0].pk, {"file": str(FILE), "entries": 2})]


def test_same_form_twice_gives_the_same_outcome(cast: World) -> None:
    first, second = read(cast), read(cast)

    assert (second.new, second.known) == (first.new, 0)
    assert (CalendarEntry.objects.count(), len(told())) == (2, 1)


def test_same_file_again_adds_only_what_is_new(cast: World) -> None:
    read(cast)

    again = read(
        cast, f"{FERIEN}Herbstferien;14.10.2030;25.10.2030\nOsterferien;7.4.2031\n", file_key=uuid.UUID(int=10)
    )

    assert ([entry.name for entry in again.new], again.known) == (["Osterferien"], 3)


def test_same_days_of_another_kind_are_others(cast: World) -> None:
    read(cast)

    assert len(read(cast, kind=CalendarEntryKind.HINT, file_key=uuid.UUID(int=10)).new) == 2


def test_what_has_hours_becomes_a_hint(cast: World) -> None:
    text = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Kreistag\nDTSTART:20301014T140000\nDTEND:20301014T190000\nEND:VEVENT\n"
        "BEGIN:VEVENT\nSUMMARY:Ferien\nDTSTART;VALUE=DATE:20301014\nEND:VEVENT\nEND:VCALENDAR\n"
    )

    assert [(entry.name, entry.kind, entry.from_hour, entry.until_hour) for entry in read(cast, text).new] == [
        ("Kreistag", "hint", dt.time(14), dt.time(19)),
        ("Ferien", "school_holidays", None, None),
    ]


def test_lines_beyond_the_bounds_are_left_out_in_their_order(cast: World) -> None:
    outcome = read(cast, "Name;von;bis\nA;1.1.2030;1.1.2032\nB;morgen\nC;2.1.2030;1.1.2030\nD;1.1.1999\nE;1.1.2030\n")

    assert [entry.name for entry in outcome.new] == ["E"]
    assert outcome.unread == [
        Unread(2, "A", "Ein Eintrag darf höchstens 366 Tage lang sein."),
        Unread(3, "B", "„morgen“ ist kein Tag. Bitte schreiben Sie ihn so: 24.12.2030."),
        Unread(4, "C", "Der letzte Tag liegt vor dem ersten."),
        Unread(5, "D", "Wir kennen nur Tage von 2000 bis 2199."),
    ]


def test_refused_file_changes_nothing(cast: World) -> None:
    with pytest.raises(DaysFileRefused):
        read(cast, "Ferien 2030\n")

    assert CalendarEntry.objects.count() == Change.objects.count() == 0


def test_file_is_taken_back_whole_and_nothing_else(cast: World) -> None:
    enter(cast)
    first = read(cast).new[0].pk

    assert [calendar_entries.take_file_back(FILE, by=cast.imke, at=AT) for _ in range(2)] == [2, 0]
    assert [entry.name for entry in CalendarEntry.objects.all()] == ["Schützenfest"]
    assert told()[2:] == [("day.file_taken_back", first, {"file": str(FILE), "entries": 2})]
