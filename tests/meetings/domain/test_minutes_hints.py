"""Hints for the clerk: names and cases that minutes better leave out."""

from __future__ import annotations

import pytest

from buendnisse.domain import alliance_rules
from buendnisse.enums import NamesRule
from buendnisse.models import Change
from meetings.domain import minutes_hints
from meetings.domain.minutes_content import content
from meetings.models import AgendaItem
from tests.meetings import held
from tests.meetings.held import AT

pytestmark = pytest.mark.django_db


def hints(now: held.Held, text: str) -> list[tuple[int, str, str]]:
    AgendaItem.objects.filter(pk=now.bus.pk).update(result=text)
    now.meeting.alliance.refresh_from_db()
    found = minutes_hints.of(content(now.meeting), alliance=now.meeting.alliance)
    return [(hint.number, hint.words, hint.why) for hint in found]


def test_results_without_names_give_no_hint() -> None:
    assert hints(held.over(), "Der Rufbus fährt ab dem 20. Januar auch abends.") == []


def test_who_spoke_is_pointed_at() -> None:
    nobody = "Dieses Bündnis nennt im Protokoll niemanden, der gesprochen hat."

    assert hints(held.over(), "Frau Hanneken widerspricht. Auch Birgit Hanneken und noch einmal Frau Hanneken.") == [
        (2, "Frau Hanneken", nobody),
        (2, "Birgit Hanneken", nobody),
    ]


def test_who_reports_may_be_named_where_the_body_wants_it() -> None:
    now = held.over()
    text = "Frau Overhage berichtet, Frau Hanneken fragt nach."
    imke = now.world.imke

    assert alliance_rules.name_in_minutes(now.meeting.alliance, NamesRule.REPORTERS, by=imke, at=AT) is True
    assert alliance_rules.name_in_minutes(now.meeting.alliance, NamesRule.REPORTERS, by=imke, at=AT) is False
    assert now.meeting.alliance.rule_version == 2  # whoever has the rules of procedure open is told

    assert hints(now, text) == [(2, "Frau Hanneken", "Dieses Bündnis nennt nur, wer berichtet.")]
    assert Change.objects.filter(verb="body.rule_changed", data={"fields": ["names_rule"]}).count() == 1


@pytest.mark.parametrize(
    ("text", "words", "what"),
    [
        ("Bei Familie K. fehlt ein Platz.", "Familie K.", "eine einzelne Familie"),
        ("Der 14-jährige kommt nicht an.", "14-jährige", "das Alter eines einzelnen Menschen"),
        ("Sie ist wohnhaft in Haseaue.", "wohnhaft", "den Wohnort eines einzelnen Menschen"),
        ("Er ist geboren am 3. Mai.", "geboren am 3", "ein Geburtsdatum"),
        ("Die Diagnose liegt vor.", "Diagnose", "etwas über die Gesundheit"),
        ("Az. 51-2026 wird geprüft.", "Az. 51-2026", "ein Aktenzeichen"),
    ],
)
def test_a_case_one_could_recognise_is_pointed_at(text: str, words: str, what: str) -> None:
    assert hints(held.over(), text) == [(2, words, f"Das nennt {what}.")]
