"""What a title may be. One rule for everybody who names a topic."""

from __future__ import annotations

import pytest

from meetings.domain import agenda_rules
from meetings.domain.agenda_rules import title_of


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Begleitung zu\n Arztterminen ", "Begleitung zu Arztterminen"),
        ("Kinder < 6 Jahre: Plätze", "Kinder < 6 Jahre: Plätze"),
        ("Stunden <3 und >3", "Stunden <3 und >3"),
        ("x" * 250, "x" * 250),
    ],
)
def test_title_is_one_line_of_plain_text(typed: str, stored: str) -> None:
    assert title_of(typed) == stored


@pytest.mark.parametrize(
    ("typed", "error", "said"),
    [
        (" \n ", agenda_rules.TitleMissing, "Bitte nennen Sie Ihr Thema in einem Satz."),
        (
            "x" * 10_000,
            agenda_rules.TitleTooLong,
            "Der Titel ist zu lang für die Tagesordnung. Bitte kürzen Sie ihn auf 250 Zeichen.",
        ),
        (
            "Neues <b>Konzept</b>",
            agenda_rules.TitleNotPlain,
            "Bitte schreiben Sie den Titel als einfachen Text, ohne HTML wie „<b>“.",
        ),
        (
            "<!-- nichts -->",
            agenda_rules.TitleNotPlain,
            "Bitte schreiben Sie den Titel als einfachen Text, ohne HTML wie „<b>“.",
        ),
    ],
)
def test_title_is_refused_with_a_sentence(typed: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as refused:
        title_of(typed)

    assert str(refused.value) == said
