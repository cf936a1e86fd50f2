"""Copies what the front-end packages publish into build/, so that pages, documents and tests find it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from buendnisse.config import fonts

STYLESHEETS = ("kern.min.css", "kern-grid.min.css", "kern-utilities.min.css", "fonts/fira-sans.css")


class Command(BaseCommand):
    help = "Kopiert KERN, Schriften und Prüfwerkzeuge aus build/npm nach build/. Braucht keine Datenbank."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        build: Path = settings.BUILD_DIR
        packages = build / "npm" / "node_modules"
        kern = packages / "@kern-ux" / "native"
        if not kern.is_dir():
            raise CommandError(f"{kern} fehlt: erst `make setup` ausführen.")
        copied = copy_kern(kern / "dist", build / "vendor" / "kern")
        (build / "test").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(packages / "axe-core" / "axe.min.js", build / "test" / "axe.min.js")
        shutil.copyfile(packages / "ical.js" / "dist" / "ical.min.js", build / "test" / "ical.mjs")
        converted = fonts.convert(build / "vendor" / "kern" / "fonts", build / "fonts")
        version = json.loads((kern / "package.json").read_text(encoding="utf-8"))["version"]
        self.stdout.write(f"KERN {version}: {copied} Dateien; {converted} Schriften für Dokumente.")


def copy_kern(source: Path, target: Path) -> int:
    """Copy KERN's stylesheets and the fonts these name, and nothing else; returns the number of files.

    Its header script and component stay out: they say "Bundesrepublik Deutschland".
    """
    shutil.rmtree(target, ignore_errors=True)
    wanted = [Path(name) for name in STYLESHEETS]
    for sheet in tuple(wanted):
        text = (source / sheet).read_text(encoding="utf-8")
        wanted += [sheet.parent / name for name in re.findall(r"url\(\"?(\./[^\")]+)\"?\)", text)]
    for name in wanted:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
    return len(wanted)
