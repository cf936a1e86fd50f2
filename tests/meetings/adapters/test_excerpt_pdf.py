"""An excerpt of one item, and the list to sign."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from meetings.adapters import attendance_pdf, excerpt_pdf
from meetings.domain import action_items, addenda, answers, decisions, minutes, session
from meetings.enums import Answer
from meetings.models import Attendance, MinutesVersion
from tests.meetings import held
from tests.meetings.held import AT, LATER

pytestmark = pytest.mark.django_db


def words(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def sent(*, confidential: bool = False) -> tuple[held.Held, MinutesVersion]:
    now = held.over()
    imke = now.world.imke
    session.reopen(now.meeting, by=imke, at=AT)
    session.record_result(
        now.bus, result="Der Bus fährt **abends**.\n\n- Montag\n- Freitag", version=now.bus.version, by=imke, at=AT
    )
    decisions.adopt(now.bus, kind="consensus", text="Der Bus fährt.", votes=None, by=imke, at=AT)
    action_items.assign(now.bus, owner=now.world.susanne, task="Fahrplan", due_on=dt.date(2026, 12, 11), by=imke, at=AT)
    session.finish(now.meeting, by=imke, at=AT)
    if confidential:
        now.bus.confidential_to.add(now.world.birgit.organisation)
    return now, minutes.circulate(now.minutes, by=imke, at=LATER, reason="Test")


def test_an_excerpt_is_one_item_in_full_and_nothing_else() -> None:
    now, version = sent()

    text = words(excerpt_pdf.pdf(version, 2, by=now.world.imke, at=LATER))

    for part in (
        "Auszug aus dem Protokoll vom 19. November 2026",
        "TOP 2 Rufbus am Abend",
        "Der Bus fährt abends.",
        "– Montag",
        "A-2026-01",
        "Fahrplan",
        "Für die Richtigkeit:",
        "23. November 2026 Imke Albers",
    ):
        assert part in text
    for other in ("Begrüßung", "Verschiedenes", "Birgit Hanneken"):
        assert other not in text


@pytest.mark.parametrize(("number", "sentence"), [(2, "vertraulich"), (9, "gibt es in diesem Protokoll nicht")])
def test_what_is_confidential_or_does_not_exist_has_no_excerpt(number: int, sentence: str) -> None:
    now, version = sent(confidential=True)

    with pytest.raises(excerpt_pdf.NoExcerpt, match=sentence):
        excerpt_pdf.pdf(version, number, by=now.world.imke, at=LATER)


def test_the_list_to_sign_knows_who_is_excused_and_who_stands_in() -> None:
    now = held.running()
    rows = {row.person.last_name: row for row in Attendance.objects.select_related("person")}
    Attendance.objects.filter(pk=rows["Overhage"].pk).update(answer=Answer.DECLINED)
    Attendance.objects.filter(pk=rows["Hanneken"].pk).update(answer=Answer.ACCEPTED_ONLINE)

    document = attendance_pdf.document(now.meeting, at=AT)

    assert [(one["name"], one.get("instead", "")) for one in document["groups"][0]["people"]] == [
        ("Susanne Overhage", "entschuldigt"),
        ("Birgit Hanneken", "online, bestätigt die Protokollführung"),
    ]
    text = words(attendance_pdf.pdf(now.meeting, at=AT))
    assert "Weitere Anwesende" in text
    assert "Donnerstag, 19. November 2026" in text


def test_the_deputy_signs_in_place_of_the_member() -> None:
    now = held.running()
    row = Attendance.objects.select_related("meeting__alliance").get(meeting=now.meeting, person=now.world.susanne)
    now.meeting.state = row.meeting.state = "invited"
    answers.name_deputy(row, person=now.world.rolf, via="web", by=now.world.imke, at=AT - dt.timedelta(days=7))

    people = attendance_pdf.document(now.meeting, at=AT)["groups"][0]["people"]

    assert ("Rolf Eilers", "vertritt Susanne Overhage") in [(one["name"], one.get("remark", "")) for one in people]
    assert "Susanne Overhage" not in [one["name"] for one in people]


def test_excerpt_carries_later_corrections_and_says_what_is_left_out() -> None:
    now = held.circulated()
    minutes.approve_by_silence(at=LATER + 30 * held.DAY)
    for item, said in ((now.bus, "Gemeint ist der 21. Januar."), (now.opening, "Etwas anderes.")):
        addenda.amend(now.minutes, by=now.world.imke, agenda_item=item, text=said, at=LATER + 31 * held.DAY)

    data = excerpt_pdf.pdf(now.minutes.versions.get(), 2, by=now.world.imke, at=LATER + 32 * held.DAY)

    text = words(data)
    assert "Berichtigung vom 24. Dezember 2026: Gemeint ist der 21. Januar." in text.replace("\xa0", " ")
    assert "Etwas anderes." not in text
    assert "Die anderen Punkte dieser Sitzung" in text


def test_fachstelle_signs_the_list_of_who_is_there() -> None:
    now = held.running()

    last = attendance_pdf.document(now.meeting, at=AT)["groups"][-1]

    assert [one["name"] for one in last["people"]] == ["Imke Albers"]
