"""Real documents: Typst itself refuses what breaks PDF/A-3a or PDF/UA-1, the rest is read back here."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils.translation import gettext_lazy as _
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from buendnisse.adapters import typesetting
from buendnisse.adapters.typesetting import TypesettingFailed, printable, typeset
from tests.buendnisse.adapters import documents

KINDS: dict[str, Callable[[], dict[str, Any]]] = {
    "agenda": documents.agenda,
    "minutes": documents.minutes,
    "path": documents.path,
}
RUNNING_HEADS = [make()["meta"]["running_head"] for make in KINDS.values()]


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """The document's words on one line, without running heads and footers; hyphens at line ends are undone."""
    text = "\n".join(page.extract_text() for page in read(pdf).pages)
    words = " ".join(text.replace("\u200b", "").replace("\u00ad\n", "").replace("\u00a0", " ").split())
    for furniture in (*RUNNING_HEADS, documents.FOOTER, r"Seite \d+ von \d+"):
        words = re.sub(rf" ?{furniture}(?: Fassung 2(?! vom))?", "", words)
    return words


def fonts_of(pdf: bytes) -> set[str]:
    """The embedded fonts without the subset prefix."""
    found = set()
    for page in read(pdf).pages:
        for reference in page["/Resources"].get_object().get("/Font", {}).values():
            font = reference.get_object()
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            found.add(str(font["/BaseFont"]).split("+")[-1])
    return found


def structure_of(pdf: bytes) -> list[dict[str, Any]]:
    """All structure elements in reading order."""

    def walk(node: Any) -> Iterator[dict[str, Any]]:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from walk(node["/K"])

    return list(walk(read(pdf).trailer["/Root"]["/StructTreeRoot"]))


def tags_of(pdf: bytes) -> list[str]:
    return [str(element["/S"])[1:] for element in structure_of(pdf)]


def alternative_texts(pdf: bytes) -> list[str]:
    return [element["/Alt"] for element in structure_of(pdf) if element["/S"] == "/Figure"]


def words_in(value: object, *, skip: tuple[str, ...] = ("meta", "link", "kind", "figure_text")) -> list[str]:
    """Every text of the data that must be found in the document; a fact without a value is left out."""
    if isinstance(value, list) and value[-1:] == [None]:
        return []
    if isinstance(value, dict):
        kept = [part for key, part in value.items() if key not in skip or (key == "kind" and "number" in value)]
        return [word for part in kept for word in words_in(part, skip=skip)]
    if isinstance(value, list):
        return [word for part in value for word in words_in(part, skip=skip)]
    return [" ".join(value.split())] if isinstance(value, str) and value else []


def sentences_in(text: str) -> list[int]:
    """The numbers of documents.LONG's sentences found."""
    return [int(number) for number in re.findall(r"N(\d\d):", text)]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("template", KINDS)
def test_document_is_complete_tagged_and_archivable(template: str, *, large: bool) -> None:
    data = {**KINDS[template](), "large": large}

    pdf = typeset(template, data)

    reader = read(pdf)
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == data["meta"]["title"]
    assert reader.metadata.author == data["meta"]["author"]
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2026, 11, 19)
    assert root["/Lang"] == "de-DE"
    assert bool(root["/MarkInfo"]["/Marked"]) is True
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"]) is True
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert {name.split("-")[0] for name in fonts_of(pdf)} == {"FiraSans"}
    text = text_of(pdf)
    assert [word for word in words_in(data) if word not in text] == []


@pytest.mark.parametrize("template", KINDS)
def test_headings_start_with_the_title_and_skip_no_level(template: str) -> None:
    levels = [int(tag[1]) for tag in tags_of(typeset(template, KINDS[template]())) if re.fullmatch("H[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(before, after) for before, after in pairwise(levels) if after > before + 1] == []


def test_minutes_tables_have_header_cells_and_the_agenda_is_a_list() -> None:
    tags = tags_of(typeset("minutes", documents.minutes()))

    assert tags.count("Table") == 3
    assert tags.count("TH") == 4 + 3 + 3
    assert tags.count("LI") == 3 + 2 + 2 + 1 + 1  # agenda, result's list and numbers, its task, annex


def test_drawing_of_a_path_is_told_in_words() -> None:
    pdf = typeset("path", documents.path())

    assert alternative_texts(pdf) == [documents.path()["figure_text"]]


@pytest.mark.parametrize("template", KINDS)
def test_same_data_gives_same_bytes(template: str) -> None:
    data = KINDS[template]()

    first = typeset(template, data)

    assert typeset(template, dict(reversed(data.items()))) == first
    assert typeset(template, {**data, "title": "Ein anderer Titel"}) != first


@pytest.mark.parametrize(
    ("template", "changes", "expected"),
    [
        ("agenda", {"items": [], "papers": [], "next_meetings": [], "facts": [], "notice": None},
         "Noch keine Tagesordnungspunkte."),
        ("minutes", {"items": [], "tasks": [], "annexes": [], "corrections": [], "signatures": [], "facts": [],
                     "closing": None, "attendance": {"sentence": "Niemand war da.", "people": []}},
         "In dieser Sitzung wurden keine Aufträge vergeben."),
        ("path", {"steps": [], "lanes": [], "facts": [], "closing": None}, "Noch kein Schritt."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("large", [False, True])
def test_empty_document_says_so(template: str, changes: dict[str, Any], expected: str, *, large: bool) -> None:
    text = text_of(typeset(template, {**KINDS[template](), **changes, "large": large}))

    assert expected in text


@pytest.mark.parametrize("large", [False, True])
def test_forty_items_with_long_text_flow_over_pages(*, large: bool) -> None:
    agenda = documents.agenda()
    agenda["items"] = [
        {**agenda["items"][1], "number": str(number), "title": f"Punkt Nummer {number}"} for number in range(1, 41)
    ]
    agenda["items"][7]["description"] = documents.LONG

    text = text_of(typeset("agenda", {**agenda, "large": large}))

    assert [n for n in range(1, 41) if f"Punkt Nummer {n} " not in text] == []
    assert sentences_in(text) == list(range(1, 81))


@pytest.mark.parametrize("large", [False, True])
def test_long_minutes_lose_no_word(*, large: bool) -> None:
    minutes = documents.minutes()
    second = minutes["items"][1]
    second["decisions"][0]["text"] = documents.LONG
    second["corrections"][0]["text"] = documents.LONG
    second["title"] = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikation" * 3
    minutes["tasks"][0]["what"] = documents.LONG
    minutes["attendance"]["people"][0]["organisation"] = documents.LONG
    minutes["closing"] = documents.LONG

    text = text_of(typeset("minutes", {**minutes, "large": large}))

    assert sorted(sentences_in(text)) == sorted(5 * list(range(1, 81)))


def test_long_path_is_drawn_in_parts_of_twelve_steps() -> None:
    path = documents.path()
    step = path["steps"][1]
    path["steps"] = [{**step, "lane": n % 2, "to": (n + 1) % 2, "title": f"Schritt Nummer {n}"} for n in range(1, 31)]

    pdf = typeset("path", path)

    text = text_of(pdf)
    assert tags_of(pdf).count("Figure") == 3
    assert [n for n in range(1, 31) if f"Schritt Nummer {n} " not in text] == []


def test_markup_in_data_is_set_as_text() -> None:
    words = '#eval("1") *fett* $x^2$ `code` <marke> @quelle = kein Titel // kein Kommentar \\ #include "style.typ"'

    text = text_of(typeset("agenda", {**documents.agenda(), "title": words}))

    assert words in text


@pytest.mark.parametrize("wording", ["", " ", "\n"])
def test_blank_title_gets_a_name(wording: str) -> None:
    assert "Ohne Titel" in text_of(typeset("agenda", {**documents.agenda(), "title": wording}))


def test_missing_glyphs_are_replaced_and_lazy_text_is_set() -> None:
    title = _("Sitzung \U0001f600\U0001f600 mit محمد, 5\u202fkm, \uff34\uff45st, e\u0301t\u0117 und \u2610 Ja")

    text = text_of(typeset("agenda", {**documents.agenda(), "title": title}))

    assert "Sitzung [?] mit [?], 5 km, Test, été und [ ] Ja" in text.replace("étė", "été")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grüße", "Grüße"),
        ("Gru\u0308ße", "Grüße"),
        ("a\r\nb\rc\u2028d\te", "a\nb\nc\nd e"),
        ("Teil\u00adhabe", "Teil\u00adhabe"),
        ("\u200eName\u200d\ufe0f\x00", "Name"),
        ("\U0001f600\U0001f601 ja \U0001f600", "[?] ja [?]"),
        ("\u202f10\u20112\u2212", "\u00a010-2–"),
        ("①ﬁ", "1fi"),
        ("\ud800", "[?]"),
        ("", ""),
    ],
)
def test_text_is_reduced_to_what_the_font_draws(text: str, expected: str) -> None:
    glyphs = frozenset(map(ord, "GrüßeNamejbcdTilha 1020-–fi[]?\u00a0\u00ad"))

    assert printable(text, glyphs) == expected


def test_numbers_flags_and_nothing_stay_and_tuples_become_lists() -> None:
    assert printable({"a": (1, True, None, 2.5)}, frozenset()) == {"a": [1, True, None, 2.5]}


def test_unformatted_date_is_refused() -> None:
    with pytest.raises(TypesettingFailed) as refusal:
        typeset("agenda", {**documents.agenda(), "title": date(2026, 12, 3)})

    assert str(refusal.value) == "date is not wording: format it before typesetting"


@pytest.mark.parametrize("template", ["nothing", "../documents/agenda", "../../pyproject", ""])
def test_unknown_template_is_refused(template: str) -> None:
    with pytest.raises(TypesettingFailed):
        typeset(template, documents.agenda())


def test_data_of_another_shape_are_refused() -> None:
    data = documents.agenda()
    del data["items"]

    with pytest.raises(TypesettingFailed) as refusal:
        typeset("agenda", data)

    assert "items" in str(refusal.value)


def test_step_to_an_unknown_lane_is_refused() -> None:
    data = documents.path()
    data["steps"][1]["to"] = 2

    with pytest.raises(TypesettingFailed) as refusal:
        typeset("path", data)

    assert "a step leaves the lanes" in str(refusal.value)


def test_missing_fonts_are_refused(settings: Any, tmp_path: Path) -> None:
    settings.FONT_DIR = tmp_path

    with pytest.raises(TypesettingFailed) as refusal:
        typeset("agenda", documents.agenda())

    assert str(refusal.value) == f"no fonts in {tmp_path}: run make setup"


def test_font_of_another_family_is_refused(settings: Any, tmp_path: Path) -> None:
    with TTFont(Path(django_settings.FONT_DIR) / "FiraSans-Regular.ttf") as font:
        for record in font["name"].names:
            record.string = str(record).replace("Fira Sans", "Other Face")
        font.save(tmp_path / "FiraSans-Regular.ttf")
    settings.FONT_DIR = tmp_path

    with pytest.raises(TypesettingFailed) as refusal:
        typeset("agenda", documents.agenda())

    assert "unknown font family: fira sans" in str(refusal.value)


def test_broken_font_file_is_refused(settings: Any, tmp_path: Path) -> None:
    shutil.copyfile(typesetting.__file__, tmp_path / "FiraSans-Regular.ttf")
    settings.FONT_DIR = tmp_path

    with pytest.raises(TypesettingFailed):
        typeset("agenda", documents.agenda())
