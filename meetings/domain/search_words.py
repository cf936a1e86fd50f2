"""The words of a search: how they are written, taken apart and compared. One rule for the index and for what is marked.

German forms one word from several, so a stem is found inside a longer word ("Kinderbetreuung" by "betreuung"). Three
letters must begin or end a word ("Rufbus" by "Bus"); shorter ones and whatever has a digit are compared as a whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from meetings.domain.stemming import COMMON, stem

LONGEST_QUERY = 200
_MOST_TERMS = 10
_PART = 4  # letters from which a stem may lie anywhere in a word
_EDGE = 3
_PLURALS = (("buss", "bus"), ("xis", "x"), ("ma", "m"), ("trum", "tr"))  # what is found as part of the other form
_WORD = re.compile(r"[^\W_]+")
_GENDER = re.compile(r"(?<=\w)[*:_·/]-?in(?:nen)?\b")  # "Lehrer*innen" is found by "Lehrer"
_QUOTED = re.compile(r"[\"„“”»«]([^\"„“”»«]+)[\"„“”»«]")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_WRITTEN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WIDTH = 240  # signs of an excerpt
_BEFORE = 80  # of them in front of the first hit
_LOOK_AT = 4000  # signs at a time that are looked through for a hit


@dataclass(frozen=True)
class Term:
    """What must occur. `needles`: one of these must lie in the words of an entry."""

    needles: tuple[str, ...]

    @property
    def length(self) -> int:
        """How many words it has; more than one only in a phrase."""
        return len(self.needles[0].split())

    def fits(self, forms: Sequence[str]) -> bool:
        """Whether these words, one after the other and each as `_form` gives it, begin with what is meant."""
        if self.length == 1:
            return any(needle in forms[0] for needle in self.needles)
        words = self.needles[0].split()
        return len(forms) >= len(words) and all(f" {word} " in form for word, form in zip(words, forms, strict=False))


@dataclass(frozen=True)
class Query:
    """A search as it was understood. `number`: the whole of it as one number or phrase."""

    terms: tuple[Term, ...]
    number: str

    def __bool__(self) -> bool:
        return bool(self.terms)


@dataclass(frozen=True)
class Piece:
    """A stretch of an excerpt."""

    text: str
    is_hit: bool = False


def running(text: str) -> str:
    """The words of a text for comparing: " der rufbus faehrt am 3 12 2026 "."""
    return f" {' '.join(map(_written, _tokens(text)))} "


def indexed(text: str) -> str:
    """The running words, and behind them the stems that lie in none of them ("haus" of "Häuser")."""
    words = running(text)
    stems = {stem(token) for token in _tokens(text) if token.isalpha()}
    more = sorted(one for one in stems if one not in words)
    return f"{words}| {' '.join(more)} " if more else words


def query(text: str) -> Query:
    """Take a search apart: phrases in quotes, numbers and dates as they are, other words by their stems."""
    text = _ISO.sub(r"\3.\2.\1", text[:LONGEST_QUERY])
    found = [running(phrase) for phrase in _QUOTED.findall(text)]
    terms = [Term((phrase,)) for phrase in found if phrase.strip()]
    rare: list[Term] = []
    common: list[Term] = []
    for chunk in _QUOTED.sub(" ", text).split():
        words = list(_tokens(chunk))
        if any(map(str.isdigit, "".join(words))):
            rare.append(Term((running(chunk),)))
            continue
        for word in words:
            (common if word in COMMON else rare).append(_term(word))
    terms += rare or ([] if terms else common)
    return Query(tuple(dict.fromkeys(terms))[:_MOST_TERMS], running(text))


def excerpt(text: str, wanted: Query) -> list[Piece]:
    """The neighbourhood of the first hit, with all hits in it; the beginning where only the title has one."""
    at = next(_hits(text, wanted), (0, 0))[0]
    start = max(0, at - _BEFORE)
    if start:
        start = text.find(" ", start, at) + 1 or start
    end = min(len(text), start + _WIDTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), at + 1)
    cut = text[start:end]
    pieces = marked(cut, wanted)
    return [*([Piece("… ")] if start else []), *pieces, *([Piece(" …")] if end < len(text) else [])]


def marked(text: str, wanted: Query) -> list[Piece]:
    """The text in pieces, those that were looked for as hits."""
    pieces, done = [], 0
    for begins, ends in _hits(text, wanted):
        if begins > done:
            pieces.append(Piece(text[done:begins]))
        pieces.append(Piece(text[begins:ends], is_hit=True))
        done = ends
    return [*pieces, Piece(text[done:])] if done < len(text) else pieces


def _hits(text: str, wanted: Query) -> Iterator[tuple[int, int]]:
    """Where words lie that were looked for, in portions: mostly the first one is enough."""
    for begins in range(0, len(text), _LOOK_AT):
        found = list(_WORD.finditer(text, begins, begins + _LOOK_AT))
        forms = [_form(one.group()) for one in found]
        done = 0  # words that are part of a phrase already
        for place, one in enumerate(found):
            lengths = [term.length for term in wanted.terms if term.fits(forms[place : place + _MOST_TERMS])]
            if lengths and place >= done:
                done = place + max(lengths)
                yield one.start(), found[done - 1].end()


@lru_cache(maxsize=20_000)
def _form(word: str) -> str:
    """ " haeuser haus ": a word as it is written, and its stem."""
    return indexed(word).replace("|", "")


def _term(word: str) -> Term:
    written, base = _written(word), stem(word)
    if len(base) > _PART + _EDGE and base.endswith("inn"):
        base = base[:-3]  # "Elternlotsinnen" finds "Elternlotsen" too
    for form in (_common_part(base), base, written):
        if len(form) >= _PART:
            return Term((form,))
    if len(written) == _EDGE:
        return Term((f" {written}", f"{written} "))
    return Term((f" {written} ",))


def _common_part(base: str) -> str:
    """What singular and plural share where the stemmer keeps them apart: Rufbus/Rufbusse, Praxis/Praxen, Thema/Themen, Zentrum/Zentren."""
    for end, rest in _PLURALS:
        if base.endswith(end) and len(base) - len(end) + len(rest) >= _PART:
            return base.removesuffix(end) + rest
    return base


def _tokens(text: str) -> Iterator[str]:
    plain = _GENDER.sub("", unicodedata.normalize("NFC", text).lower())
    for found in _WORD.finditer(plain):
        word = found.group()
        yield (word.lstrip("0") or "0") if word.isdigit() else _bare(word)


@lru_cache(maxsize=30_000)
def _bare(word: str) -> str:
    """Without signs over letters that are no umlauts: "Yeşil" is found by "Yesil"."""
    if word.isascii():
        return word
    kept = "".join(sign if sign in "äöüß" else unicodedata.normalize("NFKD", sign) for sign in word)
    return "".join(sign for sign in kept if not unicodedata.combining(sign))


def _written(word: str) -> str:
    return word.translate(_WRITTEN)
