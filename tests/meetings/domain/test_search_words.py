"""Taking a search apart, and finding words in their German forms."""

from __future__ import annotations

import pytest

from meetings.domain import search_words
from meetings.domain.search_words import Piece


def finds(query: str, text: str) -> bool:
    """As the database compares: every term somewhere in the words of the entry."""
    words = search_words.indexed(text)
    terms = search_words.query(query).terms
    return bool(terms) and all(any(needle in words for needle in term.needles) for term in terms)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("betreuung", "Kursbegleitende Kinderbetreuung ab 2027"),
        ("betreuen", "Die Betreuung der Kinder"),
        ("Betreuun", "Die Betreuung der Kinder"),
        ("Haus", "Drei von vier Häusern stellen frei"),
        ("Häuser", "Ein Haus prüft noch"),
        ("haeuser", "Ein Haus prüft noch"),
        ("Übergänge", "Am Uebergang in die Schule"),
        ("strasse", "In der Straße"),
        ("Straße", "In der Strasse"),
        ("Elternlotsinnen", "Die Elternlotsen berichten"),
        ("Lehrer", "Lehrer*innen und Lehrer:innen"),
        ("Bus", "Der Rufbus fährt"),
        ("Bus", "Zwei Busse"),
        ("Rufbusse", "Der Rufbus fährt"),
        ("Arztpraxis", "In den Arztpraxen"),
        ("Arztpraxen", "In der Arztpraxis"),
        ("Thema", "Zwei Themen"),
        ("Zentrum", "Die Zentren"),
        ("Rat", "Die Räte"),
        ("KI", "Förderung von KI in Kursen"),
        ("Yesil", "Frau Yeşil"),
        ("B-2026-07", "Zu B-2026-07 wurde berichtet"),
        ("b-2026-7", "Zu B-2026-07 wurde berichtet"),
        ("11.11.2026", "Am 11.11.2026"),
        ("2026-11-03", "Am 03.11.2026"),
        ("3.11.", "Am 03.11.2026"),
        ("2027", "ab dem Haushaltsjahr 2027."),
        ("rufbus abend", "Abends fährt der Rufbus"),
        ("der Rufbus", "Rufbus am Abend"),
        ('"zweite Fremdsprache"', "als zweite Fremdsprache gelernt"),
        ("„zweite Fremdsprache“", "als zweite Fremdsprache gelernt"),
        ("die und", "die Kita und der Hort"),
    ],
)
def test_finds(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("KI", "Kita und Kinder"),
        ("Bus", "Der Abuse-Bericht"),
        ("rufbus abend", "Der Rufbus fährt"),
        ("B-2026-07", "Zu B-2026-70 wurde berichtet"),
        ("2026", "Nummer 12026"),
        ('"zweite Fremdsprache"', "Die zweite und dritte Fremdsprache"),
        ("%", "100 % Förderung"),
        ("", "Irgendetwas"),
    ],
)
def test_does_not_find(query: str, text: str) -> None:
    assert not finds(query, text)


def test_excerpt_begins_near_the_first_hit_and_marks_words_as_they_stand() -> None:
    text = "Anfang " * 40 + "der Kinderbetreuung in Kursen. " + "Ende " * 80

    pieces = search_words.excerpt(text, search_words.query("Betreuung"))

    assert pieces[0] == Piece("… ")
    assert [piece.text for piece in pieces if piece.is_hit] == ["Kinderbetreuung"]
    assert pieces[-1] == Piece(" …")
    assert len("".join(piece.text for piece in pieces)) < 260


def test_phrases_and_numbers_are_marked_as_one() -> None:
    pieces = search_words.marked("Zu B-2026-07: der Weg, am 7.", search_words.query("B-2026-07"))

    assert [piece.text for piece in pieces if piece.is_hit] == ["B-2026-07"]


def test_a_long_query_is_cut() -> None:
    assert len(search_words.query("wort" + " anderes".join(map(str, range(300)))).terms) <= 10
