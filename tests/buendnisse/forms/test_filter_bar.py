"""The filters above a long list, as they are drawn."""

from __future__ import annotations

import pytest

from buendnisse.forms.filter_bar import Words

WORDS = Words("q", "Suche", longest=3, too_long="Zu viel & zu lang.")


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Bus", '<input type="search" name="q" value="Bus" maxlength="3" class="input" id="id_q">'),
        (
            "Rufbus",
            (
                '<input type="search" name="q" value="Rufbus" maxlength="3" class="input" id="id_q"'
                ' aria-invalid="true" aria-describedby="id_q_error">'
                '<p class="error" id="id_q_error">Zu viel &amp; zu lang.</p>'
            ),
        ),
    ],
)
def test_a_refusal_is_tied_to_its_field(typed: str, drawn: str) -> None:
    label = '<label for="id_q">Suche</label>'
    assert WORDS.draw(typed) == f'<div class="field field--grow">{label}{drawn}</div>'
