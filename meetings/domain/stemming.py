"""Stems of German words (Snowball's German stemmer): "Betreuung" and "betreuen" are one, and so are "ä" and "ae"."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import snowballstemmer

#: Words that carry no meaning of their own.
COMMON = frozenset(
    [
        "aber",
        "alle",
        "als",
        "auch",
        "auf",
        "aus",
        "bei",
        "beim",
        "bis",
        "das",
        "dass",
        "dem",
        "den",
        "der",
        "des",
        "die",
        "diese",
        "doch",
        "durch",
        "ein",
        "eine",
        "einem",
        "einen",
        "einer",
        "eines",
        "für",
        "hat",
        "haben",
        "ihr",
        "ihre",
        "im",
        "in",
        "ist",
        "können",
        "man",
        "mehr",
        "mit",
        "nach",
        "nicht",
        "noch",
        "nur",
        "oder",
        "ohne",
        "sich",
        "sie",
        "sind",
        "sollen",
        "soll",
        "sowie",
        "über",
        "um",
        "und",
        "uns",
        "unser",
        "unsere",
        "vom",
        "von",
        "vor",
        "was",
        "wenn",
        "wer",
        "wie",
        "wir",
        "wird",
        "wo",
        "zu",
        "zum",
        "zur",
        "zwischen",
    ]
)
_stemmer = snowballstemmer.stemmer("german")
_guard = Lock()  # the stemmer keeps the word it works on in itself


@lru_cache(maxsize=30_000)
def stem(word: str) -> str:
    """The stem of one word in small letters."""
    with _guard:
        return str(_stemmer.stemWord(word))
