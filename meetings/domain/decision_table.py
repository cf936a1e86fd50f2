"""The register as a table for spreadsheets: semicolons, a mark for UTF-8, nothing that is run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from meetings.domain.decision_lines import Line

#: A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(lines: Iterable[Line]) -> str:
    """One row a decision, with the columns of the page."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _("Nummer"),
            _("Bündnis"),
            _("Datum"),
            _("Beschluss"),
            _("Ergebnis"),
            _("Stimmen"),
            _("Stand"),
            _("Wiedervorlage"),
            _("Wer kümmert sich"),
            _("Aufträge"),
            _("Weiterleitungen"),
            _("Ersetzt"),
        ]
    )
    for line in lines:
        cells = [
            line.number,
            line.body,
            line.day,
            line.text,
            line.result,
            line.votes,
            line.state,
            line.follow_up,
            line.responsible,
            line.tasks,
            ", ".join(relay.number for relay in line.relays),
            line.replaces,
        ]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return "\N{BYTE ORDER MARK}" + stream.getvalue()
