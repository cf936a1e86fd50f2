"""What people type, made into sentences."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse import german


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("der Raum ist nicht frei", "Der Raum ist nicht frei."),
        (" Glatteis. ", "Glatteis."),
        ("Kommen Sie trotzdem?", "Kommen Sie trotzdem?"),
        ("Näheres folgt …", "Näheres folgt …"),
        ("", ""),
    ],
)
def test_sentence_has_a_capital_and_one_full_stop(typed: str, sentence: str) -> None:
    assert german.sentence(typed) == sentence


def test_closed_leaves_the_start_as_typed() -> None:
    assert german.closed("am 11. Februar tagt der Kreistag") == "am 11. Februar tagt der Kreistag."


def test_sentences_leave_out_what_says_nothing() -> None:
    assert german.sentences("zwölf kommen", "", "zwei nicht.") == "Zwölf kommen. Zwei nicht."


def test_date_in_a_heading_may_break_before_its_year_and_nowhere_else() -> None:
    text = f"Der Termin bleibt: {german.day(dt.date(2026, 12, 3))}, {german.hour(dt.time(10))}"

    assert german.year_apart(text) == f"Der Termin bleibt: 3.{german.NBSP}Dezember 2026, 10:00{german.NBSP}Uhr"
