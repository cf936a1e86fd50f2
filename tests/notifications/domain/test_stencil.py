"""Letters to many are written once, and read as if each had been written alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from buendnisse.models import Person
from notifications.domain import batch, columns, stencil
from notifications.domain.stencil import Own, Written

DAY = dt.date(2027, 2, 11)
HTML = (
    '<p>{{ person.greeting }}</p><a href="{{ link }}ja/" title="{{ person.full_name }}">Ja</a>'
    "{% if more %}<p>{{ more }}</p>{% endif %}{% for one in links %}<i>{{ one.url }}</i>{% endfor %}"
)
TEXT = (
    "{{ person.greeting }},\n\nwir laden Sie zu einer Sitzung ein, an der Sie hoffentlich teilnehmen können: "
    "{{ more }}\n{{ link }}\n{% for one in links %}{{ one.url }}\n{% endfor %}Bis bald"
)


def person(name: str, **fields: Any) -> Person:
    return Person(first_name="Robin", last_name=name, salutation="frau", **fields)


def letter(
    name: str = "Muster", *, more: str = "", link: str = "https://b.example/1/", **fields: Any
) -> dict[str, Any]:
    reader = person(name)
    return {"person": reader, "link": Own(link), "more": Own(more), "links": [{"url": Own(link)}], "day": DAY} | fields


class Writer:
    """Counts how often it writes."""

    def __init__(self, html: str = HTML, text: str = TEXT) -> None:
        self.html, self.text, self.times = html, text, 0

    def __call__(self, context: Mapping[str, Any]) -> Written:
        self.times += 1
        html, text = (
            engines[name].from_string(source).render(dict(context))
            for name, source in (("django", self.html), ("text", self.text))
        )
        return Written("Einladung", text, html)


def together(write: Callable[[Mapping[str, Any]], Written], *letters: dict[str, Any]) -> list[tuple[str, str, str]]:
    with batch.sharing([]):
        return [stencil.write(one, write, kind="x") for one in letters]


def alone(write: Callable[[Mapping[str, Any]], Written], one: dict[str, Any]) -> tuple[str, str, str]:
    return stencil.write(one, write, kind="x")


def test_letters_that_differ_in_what_is_their_readers_own_are_written_once() -> None:
    write = Writer()
    letters = [letter("Muster"), letter("Özdemir <&>", link="https://b.example/2/"), letter("von der Heide" * 6)]

    found = together(write, *letters)

    assert write.times == 1
    assert found == [alone(write, one) for one in letters]


@pytest.mark.parametrize(
    "fields",
    [{"day": dt.date(2027, 2, 12)}, {"more": Own("Sie sind Mitglied.")}, {"links": []}, {"day": None}, {"more": "x"}],
)
def test_letters_that_differ_in_anything_else_are_not(fields: dict[str, Any]) -> None:
    write = Writer()
    letters = [letter(), letter() | fields]

    found = together(write, *letters)

    assert write.times == 2
    assert found == [alone(write, one) for one in letters]


@pytest.mark.parametrize(
    "asks",
    [
        '{% if link == "https://b.example/1/" %}a{% endif %}',
        '{% if "1" in link %}a{% endif %}',
        "{{ link|length }}",
        "{{ link|slice:':3' }}",
        "{{ person.email }}",
        "{% if person.office %}a{% endif %}",
    ],
)
def test_template_that_asks_more_of_what_is_ones_own_is_written_for_each(asks: str) -> None:
    write = Writer(html=HTML + asks)
    letters = [letter("Muster"), letter("Beispiel", link="https://b.example/2/")]

    found = together(write, *letters)

    assert found == [alone(write, one) for one in letters]


def test_readers_with_large_type_have_a_letter_of_their_own() -> None:
    write = Writer(html="{% if person.large_type %}groß{% endif %}")

    found = together(write, letter(), letter() | {"person": person("Muster", large_type=True)})

    assert [html for _subject, _text, html in found] == ["", "groß"]


def test_outside_a_batch_each_is_written_alone() -> None:
    write = Writer()

    assert [alone(write, letter()), alone(write, letter())] == [alone(write, letter())] * 2
    assert write.times == 3


@given(names=st.lists(st.text(max_size=90), min_size=2, max_size=4), link=st.text(max_size=90))
def test_whatever_people_are_called_their_letter_is_the_same(names: list[str], link: str) -> None:
    write = Writer()
    letters = [letter(name, more=name, link=link) for name in names]

    assert together(write, *letters) == [alone(write, one) for one in letters]


def test_columns_are_those_of_the_whole_text() -> None:
    text = "\N{SOFT HYPHEN}a\n" + "Wort " * 20 + "\n\n\n\n\n3.\N{NO-BREAK SPACE}März"

    assert columns.plain(text) == "a\n" + ("Wort " * 14).strip() + "\n" + ("Wort " * 6).strip() + "\n\n\n3. März\n"
