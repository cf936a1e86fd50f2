"""What a reader from data protection would stumble over in minutes: names, and cases one can recognise.

Data-protection officers advise minutes without speakers' names and without anything that makes a single case
recognisable; who reports may be named where the body wants it. These are hints for the clerk, never a lock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse.enums import NamesRule
from buendnisse.models import Alliance
from meetings.domain.minutes_content import MinutesContent

_PERSON = re.compile(r"\b(?:Frau|Herrn?)\s+(?:(?:Prof|Dr)\.\s+)*[A-ZÄÖÜ][\wäöüß’'-]+")
_CASES = (
    (re.compile(r"\bFamilie\s+[A-ZÄÖÜ][\w-]*\.?"), gettext_lazy("eine einzelne Familie")),
    (re.compile(r"\b(?:geb\.|geboren am)\s*\d"), gettext_lazy("ein Geburtsdatum")),
    (re.compile(r"\b\d{1,2}-jährige\w*\b|\b\d{1,2} Jahre alt\b"), gettext_lazy("das Alter eines einzelnen Menschen")),
    (re.compile(r"\bwohnhaft\b|\bwohnt in der\b"), gettext_lazy("den Wohnort eines einzelnen Menschen")),
    (
        re.compile(r"\b(?:Diagnose|erkrankt(?:e|en|er)? an|traumatisiert\w*)\b"),
        gettext_lazy("etwas über die Gesundheit"),
    ),
    (re.compile(r"\b(?:Aktenzeichen|Az\.)\s*\S*\d"), gettext_lazy("ein Aktenzeichen")),
)


@dataclass(frozen=True)
class Hint:
    """One place to look at again. `words` is what stands there."""

    number: int
    title: str
    words: str
    why: str


def of(content: MinutesContent, *, alliance: Alliance) -> list[Hint]:
    """The places of these minutes that name a speaker or make a case recognisable, each once."""
    found: list[Hint] = []
    people = [row["name"] for row in content["attendance"]]
    for item in content["items"]:
        may_stand = {item["presenter"].partition(",")[0]} if alliance.names_rule == NamesRule.REPORTERS else set()
        text = "\n".join([item["result"], *(report["text"] for report in item["reports"])])
        found += [
            Hint(item["number"], item["title"], words, _why(alliance))
            for words in _named(text, people)
            if words not in may_stand
        ]
        for pattern, what in _CASES:
            found += [
                Hint(item["number"], item["title"], words, _("Das nennt %s.") % what)
                for words in _once(match.group() for match in pattern.finditer(text))
            ]
    return found


def _named(text: str, people: Iterable[str]) -> Iterator[str]:
    """ "Frau Overhage", and everybody of the meeting by full name."""
    yield from _once(match.group() for match in _PERSON.finditer(text))
    yield from (name for name in people if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _why(alliance: Alliance) -> str:
    if alliance.names_rule == NamesRule.REPORTERS:
        return _("Dieses Bündnis nennt nur, wer berichtet.")
    return _("Dieses Bündnis nennt im Protokoll niemanden, der gesprochen hat.")
