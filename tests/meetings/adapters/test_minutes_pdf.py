import datetime as dt
import io

import pytest
from pypdf import PdfReader

from buendnisse.models import sight_of
from meetings.adapters import minutes_pdf
from meetings.domain import action_items, decisions, minutes, objections, session, voting
from tests.meetings import held
from tests.meetings.held import AT, LATER

pytestmark = pytest.mark.django_db


def words(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def ready() -> held.Held:
    now = held.over()
    session.reopen(now.meeting, by=now.world.imke, at=AT)
    decisions.adopt(
        now.bus, kind="resolution", text="Der Bus fährt.", votes=voting.Votes(2, 0, 0, 2), by=now.world.imke, at=AT
    )
    action_items.assign(
        now.bus, owner=now.world.susanne, task="Fahrplan", due_on=dt.date(2026, 12, 11), by=now.world.imke, at=AT
    )
    session.finish(now.meeting, by=now.world.imke, at=AT)
    minutes.circulate(now.minutes, by=now.world.imke, at=LATER, reason="Test")
    return now


def test_pdf_says_what_was_decided() -> None:
    now = ready()
    version = now.minutes.versions.get()

    text = words(minutes_pdf.pdf(version, sight=sight_of(now.world.susanne, at=LATER)))

    for part in (
        "Ergebnisprotokoll der Sitzung vom 19. November 2026",
        "Fassung 1 vom 23. November 2026",
        "noch nicht genehmigt, Einwände bis 7. Dezember 2026",
        "2 von 2 stimmberechtigten Organisationen, beschlussfähig",
        "Der Rufbus fährt ab dem 20. Januar auch abends.",
        "A-2026-01",
        "Ja 2 · Nein 0 · Enthaltung 0 (je Organisation eine Stimme)",
        "Susanne Overhage, BBS",
        "11.12.2026",
        "anwesend, online",
    ):
        assert part in text


def test_same_version_gives_the_same_bytes() -> None:
    now = ready()
    version = now.minutes.versions.get()
    sight = sight_of(now.world.susanne, at=LATER)

    first = minutes_pdf.pdf(version, sight=sight)
    minutes_pdf._typeset.cache_clear()

    assert minutes_pdf.pdf(version, sight=sight) == first


def test_confidential_item_is_closed_in_the_pdf() -> None:
    now = held.over()
    now.bus.confidential_to.set([now.world.birgit.organisation])
    minutes.circulate(now.minutes, by=now.world.imke, at=LATER, reason="Test")
    version = now.minutes.versions.get()

    text = words(minutes_pdf.pdf(version, sight=sight_of(now.world.susanne, at=LATER)))

    assert "Rufbus" not in text
    assert "Vertraulicher Punkt" in text


def test_replaced_version_says_so() -> None:
    now = ready()
    objection = objections.contest(now.minutes, by=now.world.susanne, agenda_item=now.bus, text="Falsch", at=LATER)
    objections.resolve(objection, accept=True, changed_to="Neu", resolution="Berichtigt.", by=now.world.imke, at=LATER)

    standings = [minutes_pdf.standing(now.minutes, version) for version in now.minutes.versions.order_by("number")]

    assert standings == [
        "ersetzt durch Fassung 2 vom 23. November 2026".replace("23. November 2026", "23.\xa0November\xa02026"),
        "noch nicht genehmigt, Einwände bis 7.\xa0Dezember\xa02026",
    ]
