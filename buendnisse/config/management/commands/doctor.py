"""`manage.py doctor`: does everything this installation needs answer?"""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from buendnisse.config import doctor


class Command(BaseCommand):
    help = "Prüft Datenbank, Broker, SMTP, IMAP, Uhr, Feiertage und statische Dateien. Status 1, wenn etwas fehlt."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="für Programme lesbar")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = doctor.examine()
        if options["json"]:
            self.stdout.write(json.dumps([dataclasses.asdict(finding) for finding in findings], ensure_ascii=False))
        else:
            for finding in findings:
                self.stdout.write(f"{'gut' if finding.ok else 'FEHLT':<5} {finding.name:<18} {finding.words}")
        if not all(finding.ok for finding in findings):
            sys.exit(1)
