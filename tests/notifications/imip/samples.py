"""One meeting's copy and the mail around it, with every value fixed; tests change what they are about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from notifications.imip import compose, envelope
from notifications.imip.event import Event, Party

FACHSTELLE = Party("sitzungen@kreis.example", "Fachstelle Integration")
MEMBER = Party("h.arslan@besuchsdienst.example", "Hülya Arslan")

EVENT = Event(
    uid="7c1e4a52.9f3b60d2c48e4b7aa1d05c3e8f6b2d17@kreis.example",
    sequence=0,
    stamp=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    start=datetime(2026, 12, 3, 14, 0, tzinfo=UTC),
    end=datetime(2026, 12, 3, 16, 0, tzinfo=UTC),
    summary="Arbeit: 4. Sitzung 2026",
    location="Kreishaus, Großer Saal, Musterstraße 1, Musterstadt",
    description="Guten Tag, Hülya Arslan,\n\nwir laden Sie herzlich ein; die Tagesordnung folgt.\n\nSitzung: "
    "https://kreis.example/sitzungen/12/",
    url="https://kreis.example/sitzungen/12/",
    organizer=FACHSTELLE,
    attendee=MEMBER,
    created=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    last_modified=datetime(2026, 11, 20, 10, 15, tzinfo=UTC),
)

MAIL = envelope.Mail(
    sender=FACHSTELLE,
    to=MEMBER,
    subject="Arbeit, 03.12.2026: Einladung ins Kreishaus, Großer Saal",
    text="Guten Tag, Hülya Arslan,\n\nwir laden Sie herzlich ein.\n",
    html='<!doctype html><html lang="de"><body><p>Guten Tag, Hülya Arslan,</p></body></html>',
    message_id="<inv.12.7.0.1@kreis.example>",
    date=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
)


def event(**changes: Any) -> Event:
    return replace(EVENT, **changes)


def mail(**changes: Any) -> envelope.Mail:
    return replace(MAIL, **changes)


def invitation(**changes: Any) -> envelope.Mail:
    return mail(**{"calendar": compose.request(EVENT), "calendar_method": "REQUEST", **changes})


def digest(**changes: Any) -> envelope.Mail:
    token = "x" * 120  # longer than a header line, as real tokens are
    return mail(
        **{
            "subject": "Ihr Wochenbrief",
            "message_id": "<digest.7.2026-11-23@kreis.example>",
            "list_id": "wochenbrief.kreis.example",
            "list_unsubscribe": envelope.Unsubscribe(
                f"https://kreis.example/abmelden/{token}/", "abmelden@kreis.example"
            ),
            **changes,
        }
    )
