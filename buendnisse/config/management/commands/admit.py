"""`manage.py admit ADDRESS`: the first person of the Fachstelle, and a link that signs her in once."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from buendnisse import clock, german
from buendnisse.domain import admission, links
from notifications.domain import urls_for


class Command(BaseCommand):
    help = "Nimmt eine Person in die Fachstelle auf und zeigt einen Link, mit dem sie sich einmal anmeldet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADRESSE")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--json", action="store_true", help="eine Zeile für Programme")

    def handle(self, *_args: Any, **options: Any) -> None:
        address = options["address"].strip()
        at = clock.now()
        try:
            validate_email(address)
            person, is_new = admission.admit(
                address, first_name=options["first_name"], last_name=options["last_name"], at=at
            )
        except ValidationError as error:
            raise CommandError(f"{address} ist keine E-Mail-Adresse.") from error
        except admission.SharedAddress as error:
            raise CommandError(f"Unter {address} lesen mehrere Personen. Bitte eine eigene Adresse nehmen.") from error
        link = admission.sign_in_link(person, at=at)
        url = urls_for.absolute(reverse("notifications:sign_in_once", args=[links.token(link)]))
        if options["json"]:
            row = {"person": person.pk, "name": person.full_name.strip(), "new": is_new, "url": url}
            self.stdout.write(json.dumps(row | {"valid_until": link.expires_at.isoformat()}, ensure_ascii=False))
            return
        self.stdout.write(f"{person.full_name.strip()} gehört zur Fachstelle und kann sich anmelden.")
        self.stdout.write(f"Dieser Link geht einmal, bis {german.moment(link.expires_at)}:\n{url}")
