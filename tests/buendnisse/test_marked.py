"""Marked-up text: what is read as a mark, and what stays as typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buendnisse import marked
from buendnisse.marked import Block, Run


def para(*runs: Run) -> Block:
    return Block("paragraph", (runs,))


def test_text_without_marks_reads_as_before() -> None:
    text = "Frau Overhage berichtet.\nDie Mittel reichen bis Juni.\n\nDanach wird neu beraten."
    assert marked.blocks(text) == (
        para(Run("Frau Overhage berichtet.\nDie Mittel reichen bis Juni.")),
        para(Run("Danach wird neu beraten.")),
    )
    assert marked.plain(text) == text
    assert marked.html(text) == (
        "<p>Frau Overhage berichtet.<br>Die Mittel reichen bis Juni.</p><p>Danach wird neu beraten.</p>"
    )


def test_headings_lists_bold_and_links() -> None:
    text = "# Stand\nBis **Juni** gilt:\n- Erstens\n- [Merkblatt](https://haseland.example/m)\n\n1. Zuerst\n2. Dann"
    assert marked.blocks(text) == (
        Block("heading", ((Run("Stand"),),)),
        para(Run("Bis "), Run("Juni", bold=True), Run(" gilt:")),
        Block("list", ((Run("Erstens"),), (Run("Merkblatt", link="https://haseland.example/m"),))),
        Block("numbers", ((Run("Zuerst"),), (Run("Dann"),))),
    )
    assert marked.html(text) == (
        '<h4>Stand</h4><p>Bis <strong>Juni</strong> gilt:</p><ul class="dots"><li>Erstens</li><li>'
        '<a href="https://haseland.example/m" rel="noopener noreferrer">Merkblatt</a></li></ul>'
        '<ol class="dots"><li>Zuerst</li><li>Dann</li></ol>'
    )
    assert marked.plain(text) == (
        "Stand\n\nBis Juni gilt:\n\n- Erstens\n- Merkblatt (https://haseland.example/m)\n\n1. Zuerst\n2. Dann"
    )


def test_a_dash_begins_a_point_as_typists_write_it() -> None:
    assert marked.blocks("– Raum\n– Zeit") == (Block("list", ((Run("Raum"),), (Run("Zeit"),))),)


@pytest.mark.parametrize(
    "text",
    [
        "3. Dezember 2026: nächste Sitzung.",
        "1. Dezember 2026: nächste Sitzung.",
        "Schüler*innen und Lehrer*innen",
        "Das kostet 5 * 4 * 3 Euro",
        "snake_case_name und _so_",
        "<b>fett</b> & <script>alert(1)</script>",
        "~~weg~~ `code` > Zitat",
        "| a | b |\n|---|---|",
    ],
)
def test_what_is_no_mark_stays_as_typed(text: str) -> None:
    assert marked.plain(text) == text
    assert [block.kind for block in marked.blocks(text)] == ["paragraph"]


def test_a_list_counts_from_one_and_dates_below_it_stay_dates() -> None:
    assert marked.blocks("1. Zuerst\n2. Dann\n\n7. Oktober ist Feiertag.") == (
        Block("numbers", ((Run("Zuerst"),), (Run("Dann"),))),
        para(Run("7. Oktober ist Feiertag.")),
    )


def test_only_addresses_of_the_web_and_of_mail_become_links() -> None:
    assert marked.html("[x](javascript:alert(1)) [y](data:text/html,1)").count("<a ") == 0
    assert marked.html("[Mail](mailto:kmt@haseland.example)") == (
        '<p><a href="mailto:kmt@haseland.example" rel="noopener noreferrer">Mail</a></p>'
    )
    assert marked.blocks("Siehe https://haseland.example/a, Seite 3.") == (
        para(
            Run("Siehe "),
            Run("https://haseland.example/a", link="https://haseland.example/a"),
            Run(", Seite 3."),
        ),
    )


@given(st.text(alphabet="ab <>&\"'*_#-–[]()1.\n:/", max_size=60))
def test_nothing_typed_becomes_a_tag(text: str) -> None:
    rest = marked.html(text)
    for tag in ("p", "h4", "strong", "li", "ul", "ol", "a"):
        rest = rest.replace(f"</{tag}>", "")
    for tag in ("<p>", "<h4>", "<strong>", "<li>", '<ul class="dots">', '<ol class="dots">', "<br>"):
        rest = rest.replace(tag, "")
    assert "<" not in rest


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(marked.plain(text), str)
    assert isinstance(marked.html(text), str)
