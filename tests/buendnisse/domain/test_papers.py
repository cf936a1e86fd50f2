"""Adding papers and versions: what is kept, what is refused, and that nothing is left behind."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError

from buendnisse.domain import paper_files, papers
from buendnisse.models import Change, Paper, PaperVersion
from tests import world
from tests.support import files
from tests.world import AT, World

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 23)
KEY = uuid.UUID("6f1c1f5e-9d55-4c8b-8a3e-0d2b8f6f8a11")


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def add(cast: World, file: Any = None, **facts: Any) -> Paper:
    said = {"title": "Übergabebogen", "kind": "Konzept", "form_key": KEY, "abstract": ""} | facts
    return papers.add(
        file or files.pdf(), bodies=[cast.arbeit], organisation=None, dated=DAY, by=cast.imke, at=AT, **said
    )


def test_paper_is_stored_under_a_name_that_says_nothing(cast: World, shelf: Path) -> None:
    paper = add(cast)

    version = paper.versions.get()
    assert paper.slug == "uebergabebogen-6f1c1f5e9d55"
    assert (version.number, version.file_name, version.content_type, version.size) == (
        1,
        "Leitfaden.pdf",
        "application/pdf",
        len(files.PDF),
    )
    assert [file.name for file in shelf.iterdir()] == [version.stored_as]
    assert len(version.stored_as) == 32
    with default_storage.open(version.stored_as) as kept:
        assert kept.read() == files.PDF
    change = Change.objects.get()
    assert (change.verb, change.body_id, change.data) == ("paper.added", cast.arbeit.pk, {"late": False})


def test_same_form_twice_is_one_paper(cast: World, shelf: Path) -> None:
    assert add(cast) == add(cast)

    assert len(list(shelf.iterdir())) == 1


def test_failed_transaction_leaves_no_file(cast: World, shelf: Path) -> None:
    with pytest.raises(DatabaseError), paper_files.stored(files.pdf()):
        raise DatabaseError

    assert list(shelf.iterdir()) == []


def test_version_is_added_and_earlier_ones_stay(cast: World) -> None:
    paper = add(cast)

    papers.add_version(paper, files.pdf("Neu.pdf"), number=2, dated=DAY, note="Zahlen ergänzt", by=cast.imke, at=AT)

    assert list(paper.versions.order_by("number").values_list("number", "file_name", "note")) == [
        (1, "Leitfaden.pdf", ""),
        (2, "Neu.pdf", "Zahlen ergänzt"),
    ]
    assert Change.objects.filter(verb="paper.version_added").values_list("data", flat=True).get() == {"version": 2}


def test_same_version_twice_is_one(cast: World) -> None:
    paper = add(cast)
    versions = {
        papers.add_version(paper, files.pdf("Neu.pdf"), number=2, dated=DAY, by=cast.imke, at=AT) for _tap in range(2)
    }

    assert [version.number for version in versions] == [2]


def test_second_of_two_people_is_told(cast: World, shelf: Path) -> None:
    paper = add(cast)
    papers.add_version(paper, files.pdf("Neu.pdf"), number=2, dated=DAY, by=cast.imke, at=AT)

    with pytest.raises(papers.VersionTaken) as refused:
        papers.add_version(paper, files.pdf("Anders.pdf"), number=2, dated=DAY, by=cast.theda, at=AT)

    assert str(refused.value) == (
        "Fassung 2 ist inzwischen da, vom 23.\u00a0November\u00a02026. Prüfen Sie bitte, ob Ihre noch gebraucht wird."
    )
    assert len(list(shelf.iterdir())) == 2


DOCX = files.archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"))
XLSX = files.archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
PPTX = files.archive(("[Content_Types].xml", b"<Types/>"), ("ppt/presentation.xml", b"<p:presentation/>"))
ODF = "application/vnd.oasis.opendocument"


def odf(word: str) -> bytes:
    return files.archive(("mimetype", f"{ODF}.{word}".encode()), ("content.xml", b"<office/>"))


TAKEN = {
    "a.pdf": files.PDF,
    "a.PDF": files.PDF,
    "a.docx": DOCX,
    "a.xlsx": XLSX,
    "a.pptx": PPTX,
    "a.odt": odf("text"),
    "a.ods": odf("spreadsheet"),
    "a.odp": odf("presentation"),
    "a.png": b"\x89PNG\r\n\x1a\n\0\0",
    "a.jpg": b"\xff\xd8\xff\xe0",
    "a.jpeg": b"\xff\xd8\xff\xe1",
    "a.txt": "Grüße\r\n\tund mehr".encode(),
}
NOT_TAKEN = {
    "a.exe": b"MZ\0\0",
    "a.html": b"<!doctype html>",
    "a.svg": b"<svg/>",
    "a.docm": DOCX,
    "a.zip": DOCX,
    "pdf": files.PDF,
    ".pdf": files.PDF,
}
NOT_WHAT_IT_SAYS = {
    "a.pdf": b"<!doctype html>",
    "a.docx": XLSX,
    "b.docx": b"PK\x03\x04 broken",
    "a.odt": odf("spreadsheet"),
    "b.odt": DOCX,
    "a.png": b"\xff\xd8\xff\xe0",
    "a.jpg": b"GIF89a",
    "a.txt": b"MZ\0\0",
    "b.txt": b"\xff\xfe",
}


@pytest.mark.parametrize("name", TAKEN)
def test_kind_is_taken(cast: World, name: str) -> None:
    add(cast, files.named(name, TAKEN[name]))

    assert PaperVersion.objects.get().content_type == paper_files.KINDS[name.rpartition(".")[2].lower()].content_type


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_other_kinds_are_refused(cast: World, shelf: Path, name: str) -> None:
    with pytest.raises(paper_files.FileKindRefused) as refused:
        add(cast, files.named(name, NOT_TAKEN[name]))

    assert str(refused.value) == (
        "Diese Art von Datei nehmen wir nicht an. "
        "Möglich sind PDF, DOCX, ODT, XLSX, ODS, PPTX, ODP, PNG, JPG, JPEG und TXT."
    )
    assert (list(shelf.iterdir()), Paper.objects.count()) == ([], 0)


@pytest.mark.parametrize("name", NOT_WHAT_IT_SAYS)
def test_content_must_fit_the_ending(cast: World, name: str) -> None:
    with pytest.raises(paper_files.FileKindRefused) as refused:
        add(cast, files.named(name, NOT_WHAT_IT_SAYS[name]))

    ending = name.rpartition(".")[2]
    assert str(refused.value) == (
        f"Der Inhalt dieser Datei passt nicht zu ihrer Endung „{ending}“. Bitte speichern Sie sie noch einmal."
    )


def test_size_is_bounded(cast: World) -> None:
    whole = files.PDF + b" " * (paper_files.LARGEST - len(files.PDF))
    add(cast, files.pdf(content=whole))

    with pytest.raises(paper_files.FileTooLarge) as refused:
        add(cast, files.pdf(content=whole + b" "), form_key=uuid.uuid4())
    assert str(refused.value) == "Diese Datei ist zu groß. Erlaubt sind 10 MB."
    with pytest.raises(paper_files.FileEmpty):
        add(cast, files.pdf(content=b""), form_key=uuid.uuid4())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Rechnung\u202efdp.exe\r\n.pdf", "Rechnungfdp.exe.pdf"),
        ("Grüße  aus   Emsfurt.pdf", "Grüße aus Emsfurt.pdf"),
        (f"{'a' * 300}.pdf", f"{'a' * 116}.pdf"),
    ],
)
def test_name_is_cleaned(given: str, kept: str) -> None:
    assert paper_files.clean_name(given) == kept


@pytest.mark.parametrize("given", ["C:\\Daten\\Plan.pdf", "../../etc/Plan.pdf", "/etc/passwd.txt"])
def test_name_with_folders_is_refused(given: str) -> None:
    with pytest.raises(paper_files.FileNameRefused, match="stehen Ordner"):
        paper_files.clean_name(given)
