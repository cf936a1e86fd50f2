"""What nobody may do by mistake: each is refused with one clear sentence, and nothing is kept of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from buendnisse import clock
from buendnisse.domain import paper_files, papers
from buendnisse.models import Change, Membership, Paper
from meetings.domain import relay
from meetings.domain.relay_rules import WayClosed
from meetings.enums import RelayKind
from meetings.models import Relay
from tests import world
from tests.factories.meetings import DecisionFactory
from tests.support import files
from tests.world import AT, World

pytestmark = pytest.mark.django_db

GIGABYTE = 1024**3


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Nothing is changed and no file is kept, whatever was refused."""
    settings.MEDIA_ROOT = tmp_path
    before = Change.objects.count()
    with clock.frozen(AT):
        yield tmp_path
    assert list(tmp_path.iterdir()) == []
    assert (Change.objects.count(), Paper.objects.count()) == (before, 0)


def paper(cast: World, file: Any) -> dict[str, Any]:
    return {
        "form_key": uuid.uuid4(),
        "title": "Bericht",
        "file": file,
        "kind": "Konzept",
        "bodies": [cast.arbeit.pk],
        "dated": "2026-11-23",
    }


def test_a_program_that_calls_itself_a_pdf(desk: Client, cast: World) -> None:
    page = desk.post("/unterlagen/neu/", paper(cast, files.named("bericht.pdf", b"MZ\x90\0\3\0\0\0")))

    assert page.context["form"].errors == {
        "file": ["Der Inhalt dieser Datei passt nicht zu ihrer Endung „pdf“. Bitte speichern Sie sie noch einmal."]
    }


class _Unread:
    """The body of a request that nobody may begin to read."""

    def read(self, *_size: int) -> NoReturn:
        raise AssertionError("what is too large must not be read")

    readline = read


@pytest.mark.parametrize("who", ["desk", "member", "nobody"])
def test_two_gigabytes_before_one_octet_of_them_is_read(cast: World, client: Client, who: str) -> None:
    if who != "nobody":
        person = cast.imke if who == "desk" else cast.birgit
        client.force_login(person, backend="notifications.adapters.SignInBackend")
    given = {"CONTENT_LENGTH": str(2 * GIGABYTE), "wsgi.input": _Unread()}
    page = client.generic("POST", "/unterlagen/neu/", b"", "multipart/form-data; boundary=x", **given)

    assert page.status_code == 413
    text = page.content.decode()
    assert "Diese Datei ist zu groß" in text
    assert "Erlaubt sind 10 MB. Wir haben nichts davon gespeichert." in text


@pytest.mark.parametrize("name", ["../../etc/cron.d/plan.txt", "C:\\Daten\\plan.txt", "/plan.txt"])
def test_a_path_in_place_of_a_file_name(cast: World, name: str) -> None:
    facts: dict[str, Any] = {"kind": "Konzept", "bodies": [cast.arbeit], "organisation": None, "dated": AT.date()}

    with pytest.raises(paper_files.FileNameRefused) as refused:
        papers.add(ContentFile(b"Plan", name=name), title="Plan", **facts, form_key=uuid.uuid4(), by=cast.imke, at=AT)
    assert str(refused.value) == ("Im Namen dieser Datei stehen Ordner. Bitte nennen Sie nur die Datei: bericht.pdf.")


def test_a_membership_that_ends_before_it_begins(desk: Client, cast: World) -> None:
    row = cast.susanne.memberships.get(body=cast.arbeit)
    page = desk.post(f"/verwaltung/mitgliedschaften/{row.pk}/", {"version": 1, "until": "2024-12-31"})

    (said,) = page.context["form"].errors["until"]
    assert said.replace("\N{NO-BREAK SPACE}", " ") == (
        "Der letzte Tag (31. Dezember 2024) liegt vor dem ersten (1. Januar 2025). Bitte prüfen Sie beide."
    )
    row.refresh_from_db()
    assert row.until is None


def test_a_second_chair(desk: Client, cast: World) -> None:
    said = {"body": cast.arbeit.pk, "role": "chair", "since": "2026-12-01"}
    page = desk.post(f"/verwaltung/personen/{cast.hedwig.pk}/gremium/", said)

    assert page.context["seat_form"].non_field_errors() == [
        "Den Vorsitz von „Arbeitsbündnis Arbeit“ hat schon Birgit Hanneken. Zwei zugleich gibt es nicht."
    ]
    assert Membership.objects.filter(role="chair").count() == 1


def test_a_way_from_a_body_to_itself(desk: Client, cast: World) -> None:
    page = desk.post("/planung/wege/arbeit/", {"targets": [cast.arbeit.pk], "seen": ""})

    assert page.context["form"].errors == {"targets": ["Arbeit kann nicht an sich selbst weitergeben."]}


def test_a_relay_from_a_body_to_itself(cast: World) -> None:
    decision = DecisionFactory(agenda_item__meeting__alliance=cast.arbeit)
    words = {"subject": "Rufbus", "message": "Bitte prüfen.", "due_on": None}

    with pytest.raises(WayClosed) as refused:
        relay.hand_over(
            decision,
            to=cast.arbeit,
            kind=RelayKind.FOR_INFORMATION,
            **words,
            form_key=uuid.uuid4(),
            by=cast.imke,
            at=AT,
        )
    assert str(refused.value) == "Arbeit kann nicht an sich selbst weitergeben."
    assert not Relay.objects.exists()


def test_a_person_merged_into_themselves(desk: Client, cast: World) -> None:
    page = desk.post(f"/verwaltung/personen/{cast.sven.pk}/zusammenfuehren/", {"double": cast.sven.pk})

    assert page.context["form"].errors == {
        "double": ["Das ist dieselbe Person. Bitte wählen Sie zwei verschiedene Einträge."]
    }
    cast.sven.refresh_from_db()
    assert cast.sven.merged_into is None
