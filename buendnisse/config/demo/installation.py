"""The invented district itself: whose installation this is, and its clock."""

from __future__ import annotations

from buendnisse import clock
from buendnisse.config.demo.stage import START, Stage
from buendnisse.models import Installation
from notifications.models import RingState


def load(stage: Stage) -> None:
    """Fill the one row of the installation, and let the demo's clock begin at START."""
    Installation.objects.update_or_create(
        pk=1,
        defaults={
            "district": "Landkreis Haseland",
            "office_name": "Fachstelle Integration",
            "office_phone": "00000 4100",
            "office_hours": "montags bis freitags 9–12 Uhr",
            "office_address": "Kreishaus, Am Markt 1, 00000 Haseburg",
            "writer": stage.people["p-reiter"],
            "facts": FACTS,
            "is_demo": True,
        },
    )
    RingState.objects.update_or_create(pk=1, defaults={"last_at": START})


def start_clock() -> None:
    """Make it START now. The last step, so that loading takes no time of the demo's."""
    Installation.objects.filter(pk=1).update(clock_shift_seconds=clock.shift_to(START))
    clock.forget_shift()


#: What the legal pages say of the operator. All of it is invented.
FACTS = {
    "operator": "Landkreis Haseland",
    "represented_by": "Landrätin Henrike Vornhagen",
    "street": "Am Markt 1",
    "city": "00000 Haseburg",
    "phone": "00000 4000",
    "email": "info@haseland.example",
    "office_email": "integration@haseland.example",
    "vat_id": "",
    "responsible": "Imke Albers, Leitung der Fachstelle Integration",
    "privacy_officer": "Datenschutzbeauftragter des Landkreises Haseland",
    "privacy_email": "datenschutz@haseland.example",
    "privacy_phone": "00000 4010",
    "privacy_authority": "Die Landesbeauftragte für den Datenschutz Niedersachsen",
    "accessibility_email": "barriere@fachstelle.example",
    "accessibility_phone": "00000 4100",
    "accessibility_checked_on": "2026-10-30",
    "arbitration_office": "Schlichtungsstelle nach dem Niedersächsischen Behindertengleichstellungsgesetz",
}
