"""German for dates, times and numbers, the same in pages, mails and documents."""

from __future__ import annotations

import datetime as dt
import re

from buendnisse import clock

WEEKDAYS = (
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Samstag",
    "Sonntag",
)
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
NBSP = "\N{NO-BREAK SPACE}"
_BEFORE_YEAR = re.compile(rf"({'|'.join(MONTHS)}){NBSP}(\d{{4}})")


def _date(value: dt.date | dt.datetime) -> dt.date:
    return clock.local_date(value) if isinstance(value, dt.datetime) else value


def day(value: dt.date | dt.datetime) -> str:
    """3. Dezember 2026"""
    date = _date(value)
    return f"{date.day}.{NBSP}{MONTHS[date.month - 1]}{NBSP}{date.year}"


def year_apart(text: str) -> str:
    """Dates in the text may break before the year: in a large heading on a telephone they would break inside it."""
    return _BEFORE_YEAR.sub(r"\1 \2", text)


def day_and_month(value: dt.date | dt.datetime) -> str:
    """3. Dezember"""
    date = _date(value)
    return f"{date.day}.{NBSP}{MONTHS[date.month - 1]}"


def long_day(value: dt.date | dt.datetime) -> str:
    """Donnerstag, 3. Dezember 2026"""
    return f"{WEEKDAYS[_date(value).weekday()]}, {day(value)}"


def votes(yes: int, no: int, abstain: int) -> str:
    """ "7 ja, 0 nein, 1 Enthaltung" """
    return f"{yes} ja, {no} nein, {abstain} {'Enthaltung' if abstain == 1 else 'Enthaltungen'}"


def short_day(value: dt.date | dt.datetime) -> str:
    """03.12.2026"""
    return _date(value).strftime("%d.%m.%Y")


def date_in_list(value: dt.date | dt.datetime) -> str:
    """03.12."""
    return _date(value).strftime("%d.%m.")


def weekday_short(value: dt.date | dt.datetime) -> str:
    """Do, 03.12."""
    return f"{WEEKDAYS[_date(value).weekday()][:2]}, {date_in_list(value)}"


def weekday_day(value: dt.date | dt.datetime) -> str:
    """Do, 03.12.2026"""
    return f"{WEEKDAYS[_date(value).weekday()][:2]}, {short_day(value)}"


def hour(value: dt.datetime | dt.time) -> str:
    """10:00 Uhr"""
    time = clock.local(value).time() if isinstance(value, dt.datetime) else value
    return f"{time:%H:%M}{NBSP}Uhr"


def span(start: dt.datetime, end: dt.datetime) -> str:
    """10:00 bis 12:00 Uhr"""
    return f"{clock.local(start):%H:%M} bis {hour(end)}"


def moment(value: dt.datetime) -> str:
    """Donnerstag, 3. Dezember 2026, 10:00 Uhr"""
    return f"{long_day(value)}, {hour(value)}"


def when(start: dt.datetime, end: dt.datetime) -> str:
    """Donnerstag, 3. Dezember 2026, 10:00 bis 12:00 Uhr"""
    return f"{long_day(start)}, {span(start, end)}"


def days_until(value: dt.date, today: dt.date) -> str:
    """noch 15 Tage · morgen · heute · seit 54 Tagen überfällig"""
    days = (value - today).days
    if days < 0:
        return f"seit {count(-days, 'Tag', 'Tagen')} überfällig"
    return {0: "heute", 1: "morgen"}.get(days, f"noch {days}{NBSP}Tage")


def after(days: int) -> str:
    """ "nach 19 Tagen"; "am selben Tag" """
    return "am selben Tag" if days == 0 else f"nach {count(days, 'Tag', 'Tagen')}"


_NUMBERS = (
    "null",
    "eine",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
)


def in_words(number: int) -> str:
    """zwei … zwölf in words, above in figures, as German prose has it."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def thousands(number: int) -> str:
    """2.079"""
    return f"{number:,}".replace(",", ".")


def count(number: int, one: str, many: str) -> str:
    """1 Tag, 3 Tage, 2.079 Tage"""
    return f"{thousands(number)}{NBSP}{one if number == 1 else many}"


def listing(words: list[str]) -> str:
    """A, B und C"""
    if len(words) < 2:  # noqa: PLR2004 -- one word needs no "und"
        return "".join(words)
    return f"{', '.join(words[:-1])} und {words[-1]}"


def capitalised(text: str) -> str:
    """The same with a capital at the start; the rest as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def closed(text: str) -> str:
    """What somebody typed, with a full stop where it ends without one."""
    text = text.strip()
    return text if not text or text[-1] in _ENDS else f"{text}."


def sentence(text: str) -> str:
    """The same with a capital at the start, to stand by itself."""
    return capitalised(closed(text))


def sentences(*parts: str) -> str:
    """Each part that says something as a sentence."""
    return " ".join(sentence(part) for part in parts if part)


_ENDS = ".!?…:"
