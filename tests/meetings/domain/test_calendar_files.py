"""Reading files of days: tables, calendars, and whatever else people send."""

from __future__ import annotations

import datetime as dt
import time
from contextlib import suppress

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.domain import calendar_csv, calendar_files
from meetings.domain.calendar_lines import DaysFileRefused, FileDay, FileDays, Unread

TABLE = "Name;von;bis\nHerbstferien;14.10.2030;25.10.2030\nReformationstag;31.10.2030;\n"
HERBST = FileDay(2, "Herbstferien", dt.date(2030, 10, 14), dt.date(2030, 10, 25))
SAVE_AS = "Bitte speichern Sie sie als Kalender (.ics) oder als Tabelle (CSV) und versuchen Sie es noch einmal."
PARTS = "Auf einmal lesen wir höchstens 1.000. Bitte teilen Sie die Datei, zum Beispiel nach Jahren."
REFORMATION = FileDay(3, "Reformationstag", dt.date(2030, 10, 31), dt.date(2030, 10, 31))


def read(content: str | bytes) -> FileDays:
    return calendar_files.read(ContentFile(content.encode() if isinstance(content, str) else content, name="ferien"))


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def calendar(*events: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ferien//DE", *events, "END:VCALENDAR", ""])


def one(*lines: str) -> FileDay:
    found = read(calendar(event("SUMMARY:Kreistag", *lines)))
    assert found.unread == []
    return found.days[0]


def why(*lines: str) -> list[str]:
    found = read(calendar(event(*lines)))
    assert found.days == []
    return [unread.why for unread in found.unread]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.replace("\n", "\r\n").encode("cp1252"),
        TABLE.replace(";", ",").encode(),
        TABLE.replace(";", "\t").encode(),
        TABLE.replace("Name;von;bis", "  BEZEICHNUNG ; Beginn;Ende").encode(),
        TABLE.replace("14.10.2030", "2030-10-14").replace("31.10.2030", "31.10.30").encode(),
        TABLE.replace("Herbstferien", '"Herbstferien"').encode(),
    ],
)
def test_tables_people_write(content: bytes) -> None:
    assert read(content) == FileDays([HERBST, REFORMATION])


def test_umlauts_of_windows_programs() -> None:
    found = read("Name;von\nBuß- und Bettag – überall;20.11.2030\n".encode("cp1252"))

    assert [day.name for day in found.days] == ["Buß- und Bettag – überall"]


def test_columns_may_stand_in_any_order_and_the_last_day_may_be_missing() -> None:
    found = read("Tag,Bemerkung,Titel\n2030-10-31,egal,Reformationstag\n")

    assert found.days == [FileDay(2, "Reformationstag", dt.date(2030, 10, 31), dt.date(2030, 10, 31))]


def test_lines_that_are_not_understood_are_named_and_the_others_read() -> None:
    found = read("Name;von;bis\nA;31.02.2030;\n\n;1.3.2030;\nB;;\nC;1.3.2030;morgen\nD;1.3.2030\n")

    assert found.unread == [
        Unread(2, "A", "„31.02.2030“ ist kein Tag. Bitte schreiben Sie ihn so: 24.12.2030."),
        Unread(4, "", "Der Name fehlt."),
        Unread(5, "B", "Der erste Tag fehlt."),
        Unread(6, "C", "„morgen“ ist kein Tag. Bitte schreiben Sie ihn so: 24.12.2030."),
    ]
    assert found.days == [FileDay(7, "D", dt.date(2030, 3, 1), dt.date(2030, 3, 1))]


def test_names_are_one_visible_line_of_120_signs() -> None:
    found = read('Name;von\n"Ferien\n im\u202e  Herbst";1.3.2030\n' + "x" * 300 + ";1.3.2030\n")

    assert [(day.name, len(day.name)) for day in found.days] == [("Ferien im Herbst", 16), ("x" * 119 + "…", 120)]


def test_sample_can_be_read() -> None:
    found = read(calendar_csv.SAMPLE)

    assert ([day.name for day in found.days], found.unread) == (["Herbstferien", "Brückentag"], [])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Diese Datei ist leer. Bitte wählen Sie eine andere aus."),
        (b"\n\n", "In der ersten Zeile fehlen die Überschriften „Name“ und „von“. Gefunden haben wir: nichts."),
        (
            b"Ferien 2030\nHerbst;14.10.2030\n",
            "In der ersten Zeile fehlen die Überschriften „Name“ und „von“. Gefunden haben wir: „Ferien 2030“.",
        ),
        (
            b"PK\x03\x04egal",
            f"Das ist eine Datei von Excel oder ein ZIP-Archiv. {SAVE_AS}",
        ),
        (
            b"Name;von\n\x00;1.3.2030\n",
            f"Das ist keine Textdatei. {SAVE_AS}",
        ),
        (
            b'Name;von\n"' + b"x" * 200_000,
            "Ab Zeile 2 passen die Anführungszeichen nicht zusammen. Bitte prüfen Sie die Datei.",
        ),
        (
            b"Name;von\n" + b"A;1.3.2030\n" * 1001,
            f"In der Datei stehen mehr als 1.000 Einträge. {PARTS}",
        ),
        (b"x" * (1024 * 1024 + 1), "Diese Datei ist größer als 1 MB. Kalender mit Ferien sind viel kleiner."),
        (
            b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            "In der Datei steht kein einziger Termin. Bitte prüfen Sie, ob es die richtige ist.",
        ),
        (
            b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 20_000,
            f"In der Datei stehen 20.000 Einträge. {PARTS}",
        ),
    ],
)
def test_files_that_are_refused_whole(content: bytes, sentence: str) -> None:
    with pytest.raises(DaysFileRefused) as refused:
        read(content)

    assert str(refused.value) == sentence


def test_thousand_lines_are_read() -> None:
    assert len(read("Name;von\n" + "A;1.3.2030\n" * 1000).days) == 1000


def test_whole_days_end_the_day_before_the_end() -> None:
    day = one("DTSTART;VALUE=DATE:20301014", "DTEND;VALUE=DATE:20301026")

    assert (day.first, day.last, day.is_timed) == (dt.date(2030, 10, 14), dt.date(2030, 10, 25), False)


@pytest.mark.parametrize(
    "end", ["DTEND;VALUE=DATE:20301015", "DTEND;VALUE=DATE:20301014", "DURATION:P1D", "STATUS:CONFIRMED"]
)
def test_single_day_in_the_ways_programs_write_it(end: str) -> None:
    day = one("DTSTART;VALUE=DATE:20301014", end)

    assert (day.first, day.last) == (dt.date(2030, 10, 14), dt.date(2030, 10, 14))


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:20301014T140000", "DTEND:20301014T190000"),
        ("DTSTART;TZID=Europe/Berlin:20301014T140000", "DURATION:PT5H"),
        ("DTSTART;TZID=W. Europe Standard Time:20301014T140000", "DTEND:20301014T170000Z"),
        ("DTSTART:20301014T120000Z", "DTEND:20301014T170000Z"),
    ],
)
def test_hours_of_one_day_are_local(lines: tuple[str, ...]) -> None:
    assert one(*lines) == FileDay(
        4, "Kreistag", dt.date(2030, 10, 14), dt.date(2030, 10, 14), dt.time(14), dt.time(19), is_timed=True
    )


@pytest.mark.parametrize(
    ("lines", "last", "hours"),
    [
        (("DTSTART:20301014T140000",), 14, (None, None)),
        (("DTSTART:20301014T140000", "DTEND:20301014T140000"), 14, (None, None)),
        (("DTSTART:20301014T140000", "DTEND:20301015T000000"), 14, (dt.time(14), dt.time(23, 59))),
        (("DTSTART:20301014T140000", "DTEND:20301016T120000"), 16, (None, None)),
    ],
)
def test_hours_without_an_end_or_over_midnight(lines: tuple[str, ...], last: int, hours: tuple[object, object]) -> None:
    day = one(*lines)

    assert (day.last.day, (day.from_hour, day.until_hour), day.is_timed) == (last, hours, True)


def test_of_two_names_the_first_counts() -> None:
    assert one("SUMMARY:Noch ein Name", "DTSTART;VALUE=DATE:20301004").name == "Kreistag"


def test_folded_lines_escapes_and_alarms() -> None:
    alarm = ("BEGIN:VALARM", "TRIGGER:-PT15M", "SUMMARY:Wecker", "DTSTART:20010101T000000", "END:VALARM")
    found = read(calendar(event("SUMMARY:Kreistag\\, öffentl", " ich", *alarm, "DTSTART;VALUE=DATE:20301014")))

    assert [(day.name, day.first) for day in found.days] == [("Kreistag, öffentlich", dt.date(2030, 10, 14))]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("DTSTART;VALUE=DATE:20301014",), "Der Name fehlt."),
        (("SUMMARY:X",), "Der Beginn fehlt oder ist kein Tag, den es gibt."),
        (("SUMMARY:X", "DTSTART;VALUE=DATE:20300231"), "Der Beginn fehlt oder ist kein Tag, den es gibt."),
        (("SUMMARY:X", "DTSTART:20301014", "DTSTART:20301015"), "Der Beginn fehlt oder ist kein Tag, den es gibt."),
        (("SUMMARY:X", "DTSTART;VALUE=DATE:20301014", "DTEND:morgen"), "Das Ende ist kein Tag, den es gibt."),
        (("SUMMARY:X", "DTSTART;VALUE=DATE:99991231", "DURATION:P2D"), "Das Ende ist kein Tag, den es gibt."),
        (
            ("SUMMARY:X", "DTSTART;VALUE=DATE:20301014", "DTEND:20301015T100000"),
            "Beginn und Ende passen nicht zusammen: nur eines hat eine Uhrzeit.",
        ),
        (("SUMMARY:X", "DTSTART:20301014T100000", "DTEND:20301014T090000"), "Das Ende liegt vor dem Beginn."),
        (
            ("SUMMARY:X", "DTSTART;VALUE=DATE:20301014", "RRULE:FREQ=YEARLY"),
            "Dieser Termin wiederholt sich. Bitte tragen Sie seine Tage einzeln ein.",
        ),
        (
            ("SUMMARY:X", "DTSTART;VALUE=DATE:20301014", "RDATE;VALUE=DATE:20311014"),
            "Dieser Termin wiederholt sich. Bitte tragen Sie seine Tage einzeln ein.",
        ),
        (("SUMMARY:X", "DTSTART;VALUE=DATE:20301014", "STATUS:CANCELLED"), "Dieser Termin ist abgesagt."),
    ],
)
def test_events_that_are_left_out(lines: tuple[str, ...], sentence: str) -> None:
    assert why(*lines) == [sentence]


def test_broken_event_leaves_the_others_readable() -> None:
    good = event("SUMMARY:Herbstferien", "DTSTART;VALUE=DATE:20301014", "DTEND;VALUE=DATE:20301026")
    found = read(calendar(event("SUMMARY:X", "DTSTART"), good) + "BEGIN:VEVENT\r\nSUMMARY:Abgebrochen\r\n")

    assert [day.name for day in found.days] == ["Herbstferien"]
    assert found.unread == [
        Unread(4, "X", "Der Beginn fehlt oder ist kein Tag, den es gibt."),
        Unread(16, "", "Die Datei bricht mitten in diesem Termin ab."),
    ]


@pytest.mark.parametrize(
    "content",
    [
        calendar(*[event("BEGIN:A\r\n" * 30, "SUMMARY:X", "DTSTART;VALUE=DATE:20301014")] * 1000),
        calendar(event("SUMMARY:X", *["DTSTART;VALUE=DATE:20301014"] * 30_000)),
        calendar(event("SUMMARY:" + "x" * 900_000, "DTSTART;VALUE=DATE:20301014")),
        calendar(event("SUMMARY:X", *[" y"] * 200_000)),
        calendar(event("DTSTART" + ";A=B" * 200_000 + ":20301014")),
        " BEGIN:VCALENDAR\n" + " BEGIN:VEVENT\n" * 70_000,
        "Name;von\n" + ";" * 1_000_000,
    ],
    ids=["nested", "repeated", "long", "folded", "parameters", "indented", "cells"],
)
def test_no_file_of_a_megabyte_takes_long(content: str) -> None:
    begun = time.process_time()
    with suppress(DaysFileRefused):
        read(content)
    assert time.process_time() - begun < 2  # seconds; a tenth of it on a quiet machine


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _read_or_refused(content)


_WORDS = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VALARM",
        "END:VALARM",
        "SUMMARY:Ferien",
        "SUMMARY;LANGUAGE=de:\\",
        "DTSTART;VALUE=DATE:20301014",
        "DTSTART:20301014T100000Z",
        "DTSTART;TZID=Nirgendwo:20301014T100000",
        "DTSTART:00010101T000000Z",
        "DTEND:99991231T235959Z",
        "DTEND;VALUE=DATE:20301014",
        "DTEND;VALUE=PERIOD:20301014T100000Z/PT1H",
        "DURATION:-P9999W",
        "DURATION:PT",
        "RRULE:FREQ=;",
        "STATUS:",
        " gefaltet",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS | st.text(max_size=30), max_size=20))
def test_any_calendar_is_read_or_refused(lines: list[str]) -> None:
    _read_or_refused("\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT"]).encode("utf-8", "replace"))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from('0123456789.-;,"\n\r\tabÄ \u0660'), max_size=200))
def test_any_table_is_read_or_refused(text: str) -> None:
    _read_or_refused(f"Name;von;bis\n{text}".encode())


def _read_or_refused(content: bytes) -> None:
    with suppress(DaysFileRefused):
        found = read(content)
        assert all(day.name and "\n" not in day.name for day in found.days)
        assert all(unread.why.endswith(".") for unread in found.unread)
