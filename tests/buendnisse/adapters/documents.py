"""Invented documents of every kind, as data for typesetting. Each call makes a new one, free to change."""

from __future__ import annotations

from typing import Any

# Eighty sentences, each with a word of its own to find it by.
LONG = " ".join(
    f"Satz N{number:02}: Das Arbeitsbündnis hält fest, dass die Sprachmittlung im Südkreis fortgeführt wird."
    for number in range(1, 81)
)
FOOTER = "Landkreis Musterland, Fachstelle Integration · Telefon 00000 100"
LETTERHEAD = {"name": "Landkreis Musterland", "office": "Fachstelle Integration"}


def _meta(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "running_head": title,
        "author": "Landkreis Musterland – Fachstelle Integration",
        "footer": FOOTER,
        "date": "2026-11-19",
        "keywords": ["Arbeitsbündnis"],
    }


def agenda() -> dict[str, Any]:
    return {
        "meta": _meta("Tagesordnung: Arbeitsbündnis Arbeit am 3. Dezember 2026"),
        "large": False,
        "letterhead": LETTERHEAD,
        "body_line": "Arbeitsbündnis Arbeit · 4. Quartal 2026",
        "title": "Tagesordnung für Donnerstag, 3. Dezember 2026",
        "facts": [
            ["Zeit", "10:00 bis 12:00 Uhr"],
            ["Ort", "Kreishaus, Raum 1"],
            ["Online", ["Über den ", {"t": "Besprechungsraum", "link": "https://video.example/raum", "bold": True}]],
            ["Vorsitz", None],
        ],
        "notice": {"mark": "Nachgereicht:", "text": "Die Unterlage zu TOP 2 liegt jetzt vor."},
        "time_frame": "2 Punkte · 45 von 120 Minuten geplant",
        "items": [
            {"number": "1", "title": "Begrüßung", "begins": "10:00", "minutes": 5},
            {
                "number": "2",
                "title": "Praktikumswoche: erste Zahlen",
                "begins": "10:05",
                "minutes": 40,
                "kind": "Beratung",
                "presenter": "Frau Yıldız, KMT",
                "description": "Betriebe und Plätze.\n\nZweiter Absatz.",
                "origin": "Aus dem Arbeitsbündnis Bildung, W-2026-05.",
                "confidential": "Vertraulich: nur für die genannten Stellen",
                "papers": [{"title": "Auswertung", "standing": "Stand 18.11.2026"}],
            },
        ],
        "papers": [{"item": "2", "title": "Auswertung", "standing": "Stand 18.11.2026"}],
        "next_meetings": ["Arbeitsbündnis Bildung: Mittwoch, 17. Februar 2027, 15:00 Uhr"],
    }


def minutes() -> dict[str, Any]:
    return {
        "meta": {**_meta("Protokoll: Arbeitsbündnis Bildung am 11. November 2026"), "mark": "Fassung 2"},
        "large": False,
        "letterhead": LETTERHEAD,
        "body_line": "Arbeitsbündnis Bildung · 4. Quartal 2026",
        "title": "Ergebnisprotokoll der Sitzung vom 11. November 2026",
        "version": {"mark": "Fassung 2 vom 19. November 2026", "standing": "Einspruch bis 3. Dezember 2026"},
        "facts": [["Zeit", "Mittwoch, 11. November 2026, 15:00 bis 17:00 Uhr"], ["Ort", "Volkshochschule"]],
        "items": [
            {"number": "1", "title": "Begrüßung", "result": "Die Tagesordnung ist angenommen."},
            {
                "number": "2",
                "title": "Kursorte am Abend",
                "presenter": "Beratung · Herr Öztürk, Volkshochschule",
                "result": [
                    {"kind": "paragraph", "run": ["Vier Orte sind ", {"t": "ohne Bus", "bold": True}, "."]},
                    {"kind": "heading", "run": "Offene Fragen"},
                    {"kind": "list", "points": ["Wer zahlt?", "Ab wann?"]},
                    {"kind": "numbers", "points": ["Erst fragen", "Dann planen"]},
                ],
                "decisions": [
                    {
                        "kind": "Beschluss",
                        "number": "B-2026-07",
                        "standing": "einvernehmlich",
                        "text": "Das Bündnis bittet Gesellschaft um Mitwirkung.",
                        "votes": "Ja 12 · Nein 0 · Enthaltung 1",
                    }
                ],
                "tasks": [{"what": "Liste der Kursorte senden", "who": "Herr Öztürk, VHS", "due": "15.12.2026"}],
                "corrections": [{"mark": "Berichtigt:", "text": "„drei“ ersetzt durch „vier“."}],
            },
            {"number": "3", "title": "Verschiedenes", "result": ""},
        ],
        "tasks": [{"item": "2", "what": "Liste der Kursorte senden", "who": "Herr Öztürk, VHS", "due": "15.12.2026"}],
        "attendance": {
            "sentence": "2 von 3 Organisationen waren vertreten.",
            "people": [
                {"name": "Ayşe Łukasz", "organisation": "Ankommen e. V.", "participation": "anwesend"},
                {"name": "Jörg Groß", "organisation": "Volkshochschule", "participation": "entschuldigt"},
            ],
        },
        "annexes": ["Kursorte ohne Bus, Stand 02.11.2026"],
        "corrections": [{"date": "19.11.2026", "place": "TOP 2", "text": "Fassung 2 versandt."}],
        "closing": "Festgehalten sind Ergebnisse, nicht der Verlauf der Beratung.",
        "signatures": [{"name": "Ayşe Łukasz", "role": "Sitzungsleitung", "note": "freigegeben am 18. November 2026"}],
    }


def path() -> dict[str, Any]:
    return {
        "meta": _meta("Weg einer Weiterleitung: Spätfahrt"),
        "large": False,
        "letterhead": LETTERHEAD,
        "overline": "Weg einer Weiterleitung · W-2026-03",
        "title": "Spätfahrt nach Venndorf",
        "summary": "Gesellschaft hat Arbeit um ein Votum gebeten. Arbeit hat unterstützt.",
        "facts": [["Stand", "abgeschlossen am 12. Juni 2026"]],
        "lanes": ["Gesellschaft", "Arbeit"],
        "steps": [
            {
                "short_date": "25.02.2026",
                "lane": 0,
                "decision": True,
                "title": "Gesellschaft beschließt die Bitte",
                "line": "25. Februar 2026 · Beschluss G-2026-03",
                "wording": "Bitte um ein Votum.",
            },
            {
                "short_date": "26.02.2026",
                "lane": 0,
                "to": 1,
                "arrow": "W-2026-03",
                "title": "Bitte an Arbeit",
                "line": "26. Februar 2026 · Weiterleitung W-2026-03",
            },
            {
                "short_date": "05.03.2026",
                "lane": 1,
                "to": 0,
                "reply": True,
                "decision": True,
                "follows": [2],
                "arrow": "A-2026-03",
                "title": "Arbeit unterstützt",
                "line": "5. März 2026 · Beschluss A-2026-03",
                "wording": "Arbeit unterstützt die Spätfahrt.",
            },
        ],
        "figure_text": "Gesellschaft bittet Arbeit, Arbeit antwortet mit Unterstützung.",
        "legend": "Durchgezogener Pfeil: Weiterleitung. Gestrichelter Pfeil: Antwort.",
        "closing": "Die Fachstelle hat den Rücklauf zugestellt.",
    }
