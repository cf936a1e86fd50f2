"""A file of days, as calendar (.ics) or table (CSV): its size, its letters, its format.

Everything is looked at before anything is parsed, so that no file costs more than a moment.
"""

from __future__ import annotations

from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.domain import calendar_csv, calendar_ics
from meetings.domain.calendar_lines import DaysFileRefused, FileDays

#: The largest file, in octets.
LARGEST = 1024 * 1024
_CALENDAR = "BEGIN:VCALENDAR"
_BINARY = {
    b"PK\x03\x04": gettext_lazy("Das ist eine Datei von Excel oder ein ZIP-Archiv."),
    b"\xd0\xcf\x11\xe0": gettext_lazy("Das ist eine alte Datei von Excel oder Word."),
    b"%PDF-": gettext_lazy("Das ist ein PDF."),
}


def read(file: File[bytes]) -> FileDays:
    """Every day of the file, and every line that was not understood. Raises DaysFileRefused."""
    if not file.size:
        raise DaysFileRefused(_("Diese Datei ist leer. Bitte wählen Sie eine andere aus."))
    if file.size > LARGEST:
        raise DaysFileRefused(_("Diese Datei ist größer als 1 MB. Kalender mit Ferien sind viel kleiner."))
    file.seek(0)
    return read_text(_text(file.read()))


def read_text(text: str) -> FileDays:
    """Calendar or table, by how it begins: names of files are often wrong. Raises DaysFileRefused."""
    if text.lstrip()[: len(_CALENDAR)].upper() == _CALENDAR:
        return calendar_ics.read(text)
    return calendar_csv.read(text)


def _text(content: bytes) -> str:
    """UTF-8 with or without its mark, or what Windows programs write."""
    for mark, what in _BINARY.items():
        if content.startswith(mark):
            raise DaysFileRefused(f"{what} {_save_as()}")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DaysFileRefused(f"{_('Das ist keine Textdatei.')} {_save_as()}")


def _save_as() -> str:
    return _("Bitte speichern Sie sie als Kalender (.ics) oder als Tabelle (CSV) und versuchen Sie es noch einmal.")
