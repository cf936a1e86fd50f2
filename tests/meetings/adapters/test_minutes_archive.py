"""Approved minutes are kept as one file, whose bytes and SHA-256 stay."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

import pytest
from pypdf import PdfReader

from buendnisse.models import Installation, sight_of
from meetings.adapters import minutes_archive, minutes_pdf
from meetings.domain import addenda, minutes
from meetings.domain.forgetting import Mask
from meetings.models import MinutesArchive
from tests.meetings import held
from tests.meetings.held import LATER

pytestmark = pytest.mark.django_db

APPROVED = dt.datetime(2026, 12, 8, 6, 0, tzinfo=dt.UTC)  # the day after the period, 7:00 in Berlin


def approved() -> held.Held:
    now = held.circulated()
    assert minutes.approve_by_silence(at=APPROVED) == 1
    return now


def test_nothing_is_filed_before_the_approval() -> None:
    held.circulated()

    assert minutes_archive.keep(at=LATER) == 0


def test_what_was_approved_is_filed_once() -> None:
    now = approved()

    assert [minutes_archive.keep(at=APPROVED), minutes_archive.keep(at=APPROVED)] == [1, 0]

    filed = MinutesArchive.objects.get(minutes=now.minutes)
    assert filed.sha256 == hashlib.sha256(bytes(filed.content)).hexdigest()
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(filed.content))).pages)
    assert "genehmigt am 8. Dezember 2026" in " ".join(words.split())


def test_the_filed_bytes_are_handed_out_whatever_the_typesetter_would_make_today() -> None:
    now = approved()
    minutes_archive.keep(at=APPROVED)
    Installation.objects.update_or_create(pk=1, defaults={"office_name": "Fachstelle mit neuem Namen"})
    version = now.minutes.versions.get()
    sight = sight_of(now.world.susanne, at=APPROVED)

    handed_out = minutes_archive.bytes_for(version, sight=sight)

    assert handed_out == bytes(MinutesArchive.objects.get().content)
    assert handed_out != minutes_pdf.pdf(version, sight=sight)


def test_who_may_not_read_all_gets_a_file_without_the_rest() -> None:
    now = held.over()
    now.bus.confidential_to.add(now.world.birgit.organisation)
    minutes.circulate(now.minutes, by=now.world.imke, at=LATER, reason="Test")
    minutes.approve_by_silence(at=APPROVED)
    minutes_archive.keep(at=APPROVED)
    version = now.minutes.versions.get()

    def text(name: str) -> str:
        sight = sight_of(getattr(now.world, name), at=APPROVED)
        data = minutes_archive.bytes_for(version, sight=sight)
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)

    assert ["Rufbus am Abend" in text(name) for name in ("birgit", "susanne")] == [True, False]


def test_a_later_correction_is_filed_beside_the_first() -> None:
    now = approved()
    minutes_archive.keep(at=APPROVED)
    addenda.amend(now.minutes, text="Es war der 21. Januar.", agenda_item=now.bus, by=now.world.imke, at=APPROVED)

    assert minutes_archive.keep(at=APPROVED) == 1

    assert list(MinutesArchive.objects.order_by("addenda").values_list("addenda", flat=True)) == [0, 1]
    newest = minutes_archive.newest(now.minutes)
    assert newest is not None
    assert newest.addenda == 1


def test_forgetting_somebody_files_the_minutes_without_the_name() -> None:
    now = approved()
    minutes_archive.keep(at=APPROVED)
    before = MinutesArchive.objects.get().sha256

    Mask(now.world.susanne).write("ein früheres Mitglied")
    assert minutes_archive.keep(at=APPROVED) == 1

    filed = MinutesArchive.objects.get()
    assert filed.sha256 != before
    assert "Overhage" not in " ".join(p.extract_text() for p in PdfReader(io.BytesIO(bytes(filed.content))).pages)
