"""Titles that mean one thing are found to be alike, and others are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.domain.likeness import ALIKE, Titles, likeness

WORDS = ["Eltern", "Elternlotsen", "Elternlotsinnen", "Lotsen", "Schulen", "Grundschulen", "Kinder", "10"]
TITLES = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join) | st.text(max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Elternlotsen", "Elternlotsinnen"),
        ("Elternlotsinnen an Grundschulen", "Mehr Elternlotsen für die Schulen"),
        ("Kinderbetreuung", "Betreuung für Kinder"),
        ("Kinderbetreuung während der Sprachkurse", "Betreuung der Kinder bei Sprachkursen"),
        ("Begleitung zu Arztterminen: Wer fährt, wer haftet?", "Begleitung zu Arztterminen"),
        ("Führerschein: Übersicht zur Umschreibung", "Umschreibung von Führerscheinen"),
    ],
)
def test_one_matter_in_two_wordings_is_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sprachkurse am Abend", "Rufbus am Abend"),
        ("Anerkennung von Abschlüssen", "Anerkennung ehrenamtlicher Arbeit"),
        ("Wohnraum für Auszubildende", "Ausbildung in der Pflege"),
        ("Bus nach Feierabend", "Schichtfahrgemeinschaften"),
        ("Thema", "Ein neues Thema"),
        ("", "Elternlotsen"),
    ],
)
def test_two_matters_are_not_alike(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_a_share_and_the_order_is_all_one(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, other) == pytest.approx(likeness(other, one))


@given(st.lists(TITLES, max_size=8), TITLES)
def test_many_titles_are_weighed_like_each_alone(titles: list[str], asked: str) -> None:
    expected = {number for number, title in enumerate(titles) if likeness(asked, title) >= ALIKE}

    assert set(Titles(dict(enumerate(titles))).alike(asked)) == expected
