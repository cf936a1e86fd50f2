"""The operator's facts: what the legal pages say, and who may be asked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from buendnisse.domain import journal
from buendnisse.models import BarrierReport, Installation, Person

#: Columns of the row itself; every other fact is a text in `Installation.facts`.
COLUMNS = ("district", "office_name", "office_phone", "office_hours", "office_address")


class StaleDescription(Exception):
    """Somebody else changed the facts meanwhile. `current` holds theirs, so that both can be shown."""

    message = _(
        "Jemand anderes hat die Angaben inzwischen geändert. Bitte vergleichen Sie und speichern Sie noch einmal."
    )

    def __init__(self, current: Installation) -> None:
        super().__init__(str(self.message))
        self.current = current


@dataclass(frozen=True)
class Fact:
    """One fact of the legal pages. `default` holds for most districts; without one it must be entered."""

    key: str
    label: Any
    hint: Any = ""
    default: Any = ""
    is_long: bool = False
    is_optional: bool = False


FACTS: tuple[tuple[Any, tuple[Fact, ...]], ...] = (
    (
        _("Impressum"),
        (
            Fact("operator", _("Betreiber"), _("Die Körperschaft, zum Beispiel: Landkreis Musterland")),
            Fact("represented_by", _("Vertreten durch"), _("Amt und Name, zum Beispiel: Landrat Max Muster")),
            Fact("street", _("Straße und Hausnummer")),
            Fact("city", _("Postleitzahl und Ort")),
            Fact("phone", _("Telefon der Zentrale")),
            Fact("email", _("E-Mail-Adresse der Zentrale")),
            Fact(
                "office_email",
                _("E-Mail-Adresse der Fachstelle"),
                _(
                    "Dorthin gehen Antworten auf unsere E-Mails. Antworten auf Einladungen liest das Programm selbst; "
                    "was Menschen in Worten schreiben, gibt es dorthin weiter."
                ),
                is_optional=True,
            ),
            Fact("responsible", _("Verantwortlich für den Inhalt"), _("Name und Funktion")),
            Fact("vat_id", _("Umsatzsteuer-Identifikationsnummer"), _("Nur wenn Sie eine haben"), is_optional=True),
        ),
    ),
    (
        _("Datenschutz"),
        (
            Fact("privacy_officer", _("Datenschutzbeauftragte Person")),
            Fact("privacy_email", _("E-Mail-Adresse der datenschutzbeauftragten Person")),
            Fact("privacy_phone", _("Telefon der datenschutzbeauftragten Person"), is_optional=True),
            Fact(
                "privacy_authority",
                _("Aufsichtsbehörde"),
                default=_("Die Landesbeauftragte oder der Landesbeauftragte für den Datenschutz Niedersachsen"),
            ),
            Fact(
                "privacy_recipients",
                _("Wer die Daten technisch verarbeitet"),
                _("Ihr Rechenzentrum oder Dienstleister, mit Vertrag nach Art. 28 DSGVO"),
                default=_("Die Daten liegen auf Rechnern, die der Betreiber selbst verantwortet."),
                is_long=True,
            ),
        ),
    ),
    (
        _("Barrierefreiheit"),
        (
            Fact(
                "accessibility_checked_on",
                _("Barrierefreiheit zuletzt geprüft am"),
                _("JJJJ-MM-TT, mindestens einmal im Jahr"),
            ),
            Fact(
                "accessibility_method",
                _("Wie geprüft wurde"),
                default=_("Selbstbewertung mit automatischen Prüfungen und einem Durchgang nur mit der Tastatur."),
                is_long=True,
            ),
            Fact(
                "accessibility_gaps",
                _("Was noch nicht barrierefrei ist"),
                _("Mit Grund und Ersatz. Eine Angabe in jeder Zeile"),
                default=_(
                    "Unterlagen, die andere Organisationen einreichen, sind nicht immer barrierefrei. "
                    "Wir erklären Ihnen den Inhalt gern am Telefon oder schicken eine andere Fassung."
                ),
                is_long=True,
            ),
            Fact("accessibility_email", _("E-Mail-Adresse für Meldungen")),
            Fact("accessibility_phone", _("Telefon für Meldungen")),
            Fact(
                "arbitration_office",
                _("Schlichtungsstelle"),
                default=_("Schlichtungsstelle nach § 9d des Niedersächsischen Behindertengleichstellungsgesetzes"),
            ),
            Fact(
                "arbitration_contact", _("Anschrift, Telefon und Adresse im Netz der Schlichtungsstelle"), is_long=True
            ),
        ),
    ),
)


def texts(installation: Installation) -> dict[str, str]:
    """Every fact as it stands, or its default; empty where it must still be entered."""
    return {
        fact.key: str(installation.facts.get(fact.key) or fact.default) for _title, group in FACTS for fact in group
    }


def missing(installation: Installation) -> list[Fact]:
    """Facts that the law asks for and nobody has entered."""
    known = texts(installation)
    return [fact for _title, group in FACTS for fact in group if not known[fact.key] and not fact.is_optional]


def describe(*, version: int, facts: Mapping[str, str], by: Person, at: dt.datetime) -> Installation:
    """Store the operator's facts by key, columns and legal texts alike. Raises StaleDescription.

    The journal keeps which facts changed, not what they say: some of them name people.
    """
    with transaction.atomic():
        Installation.objects.get_or_create(pk=1)
        if not Installation.objects.filter(pk=1, version=version).update(version=F("version") + 1):
            raise StaleDescription(Installation.objects.get(pk=1))
        row = Installation.objects.get(pk=1)
        before = {**row.facts, **{name: getattr(row, name) for name in COLUMNS}}
        changed = sorted(key for key, text in facts.items() if text != before.get(key, ""))
        for name in COLUMNS:
            setattr(row, name, facts.get(name, getattr(row, name)))
        row.facts = {**row.facts, **{key: text for key, text in facts.items() if key not in COLUMNS}}
        row.save(update_fields=[*COLUMNS, "facts"])
        journal.record("installation.described", row, at=at, by=by, data={"facts": changed})
    return row


def report_barrier(*, key: uuid.UUID, page: str, text: str, contact: str, at: dt.datetime) -> BarrierReport:
    """Keep a report of anybody. The same form sent twice is one report; no Change, since nothing of ours changed."""
    report, _made = BarrierReport.objects.get_or_create(
        key=key, defaults={"page": page, "text": text, "contact": contact, "reported_at": at}
    )
    return report


def settle_barrier(report: BarrierReport, *, by: Person, at: dt.datetime) -> None:
    """Somebody has answered. The contact is not needed any longer and goes. Twice changes nothing."""
    with transaction.atomic():
        if BarrierReport.objects.filter(pk=report.pk, settled_at__isnull=True).update(settled_at=at, contact=""):
            journal.record("barrier.settled", report, at=at, by=by)
