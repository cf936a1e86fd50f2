"""`manage.py demo`: fill an empty database with the invented district of Haseland."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from buendnisse.config.demo import load
from buendnisse.models import Body, Installation, Organisation, Person
from meetings.models import Decision, Meeting, Relay

_REFUSED = (
    "Diese Datenbank enthält schon eigene Daten. Die Demo braucht eine leere Datenbank; "
    "bitte VAR_DIR oder DATABASE_URL ändern."
)


class Command(BaseCommand):
    help = "Lädt die Demodaten in eine leere Datenbank; ein zweites Mal ändert nichts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Ausgabe als JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            if _is_migrated() and not _is_demo():
                load.refuse_content()
            call_command("migrate", verbosity=0, interactive=False)
            outcome = load.load()
        except load.NotADemo:
            raise CommandError(_REFUSED) from None
        self._tell(outcome, time.monotonic() - started, as_json=options["json"])

    def _tell(self, outcome: load.Outcome, seconds: float, *, as_json: bool) -> None:
        counts = {
            "organisations": Organisation.objects.count(),
            "people": Person.objects.count(),
            "meetings": Meeting.objects.count(),
            "decisions": Decision.objects.count(),
            "relays": Relay.objects.count(),
        }
        if as_json:
            self.stdout.write(
                json.dumps(
                    {
                        "outcome": outcome.value,
                        "seconds": round(seconds, 1),
                        "counts": counts,
                    }
                )
            )
        elif outcome == load.Outcome.ALREADY_THERE:
            self.stdout.write("Die Demo ist schon geladen. Nichts wurde geändert.")
        else:
            self.stdout.write(
                f"Die Demo ist geladen: {counts['organisations']} Organisationen, {counts['people']} Personen, "
                f"{counts['meetings']} Sitzungen, {counts['decisions']} Beschlüsse, {counts['relays']} Weiterleitungen "
                f"({seconds:.1f} s). Ihre Uhr beginnt am 23. November 2026 um 9 Uhr."
            )


def _is_migrated() -> bool:
    """True if the tables that tell content are there. An older schema still has them."""
    tables = set(connection.introspection.table_names())
    return tables >= {model._meta.db_table for model in (Installation, Person, Organisation, Body)}


def _is_demo() -> bool:
    return Installation.objects.filter(is_demo=True).exists()
