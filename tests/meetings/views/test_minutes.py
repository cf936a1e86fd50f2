"""Minutes on the desk and behind links."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Change, Membership, Person
from meetings.domain import decisions, minutes, objections, session
from meetings.models import Meeting, Minutes, Objection
from tests.meetings import held
from tests.meetings.held import AT, LATER
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

PAGE = "/sitzungen/2026-q4-arbeit/protokoll/"


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with clock.frozen(LATER):
        yield


def address(person: Person, purpose: LinkPurpose, subject: Minutes) -> str:
    link = links.grant(person, purpose=purpose, subject=subject, until=LATER + dt.timedelta(days=60), at=AT)
    start = {LinkPurpose.MINUTES: "protokoll", LinkPurpose.RELEASE: "protokoll-freigeben"}[purpose]
    return f"/{start}/{links.token(link)}/"


def test_draft_is_for_the_fachstelle() -> None:
    now = held.over()

    assert signed_in(now.world.imke).get(PAGE).context["reading"].version is None
    page = signed_in(now.world.susanne).get(PAGE)
    assert (page.status_code, "reading" in page.context) == (200, False)
    assert signed_in(now.world.hedwig).get(PAGE).status_code == 404


def test_decision_is_a_result() -> None:
    now = held.running()
    decisions.adopt(now.bus, text="Der Bus fährt.", kind="consensus", by=now.world.imke, at=AT)
    session.finish(now.meeting, by=now.world.imke, at=AT)

    page = signed_in(now.world.imke).get(PAGE).content.decode()

    assert (page.count("Der Bus fährt."), page.count("Kein Ergebnis festgehalten.")) == (1, 2)


@pytest.mark.parametrize(
    ("seconds", "words"), [(59, "bekommt in einer Minute einen Link."), (60, "hat einen Link bekommen und liest.")]
)
def test_chair_reads_once_the_mail_has_left(seconds: int, words: str) -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=LATER)

    with clock.frozen(LATER + dt.timedelta(seconds=seconds)):
        page = signed_in(now.world.imke).get(PAGE).content.decode()

    assert (page.count(f"Birgit Hanneken {words}"), page.count(" einen Link")) == (1, 1)


def test_way_of_the_minutes_by_buttons() -> None:
    now = held.over()
    desk = signed_in(now.world.imke)

    desk.post(f"{PAGE}vorsitz/")
    assert now.minutes.state == "in_review"
    desk.post(f"{PAGE}versenden/")
    assert now.minutes.state == "in_review"

    link = address(now.world.birgit, LinkPurpose.RELEASE, now.minutes)
    Client().post(link, {"freigeben": "ja", "seen": Client().get(link).context["seen"]})
    assert now.minutes.reviewed_by == now.world.birgit
    desk.post(f"{PAGE}versenden/")
    assert now.minutes.state == "circulated"


def test_looking_at_the_release_link_releases_nothing() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)

    page = Client().get(address(now.world.birgit, LinkPurpose.RELEASE, now.minutes))

    assert (page.status_code, now.minutes.reviewed_by) == (200, None)


def test_chair_gives_back_with_a_remark_and_not_without() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    link = address(now.world.birgit, LinkPurpose.RELEASE, now.minutes)

    page = Client().post(link, {"zurueck": "ja", "remark": ""})
    assert page.context["form"].errors.keys() == {"remark"}
    Client().post(link, {"zurueck": "ja", "remark": "Punkt 2 ist zu lang."})

    assert (now.minutes.state, now.minutes.review_remark) == ("draft", "Punkt 2 ist zu lang.")
    assert "Punkt 2 ist zu lang." in signed_in(now.world.imke).get(PAGE).content.decode()


def test_chair_whose_draft_was_taken_back_is_not_thanked_for_a_remark() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    link = address(now.world.birgit, LinkPurpose.RELEASE, now.minutes)
    minutes.recall(now.minutes, by=now.world.imke, at=AT)

    page = Client().get(link).content.decode()

    assert re.findall("<h1>(.*?)</h1>", page) == ["Das Protokoll wird noch bearbeitet"]


def test_member_reads_by_link_without_signing_in() -> None:
    now = held.circulated()

    page = Client().get(address(now.world.rolf, LinkPurpose.MINUTES, now.minutes))

    assert page.status_code == 200
    assert [item.title for item in page.context["reading"].items] == [
        "Begrüßung und Protokoll",
        "Rufbus am Abend",
        "Verschiedenes",
    ]


def test_link_of_a_guest_shows_no_minutes() -> None:
    now = held.circulated()

    assert Client().get(address(now.world.corinna, LinkPurpose.MINUTES, now.minutes)).status_code == 404


def test_member_reports_a_mistake_by_link() -> None:
    now = held.circulated()
    link = address(now.world.susanne, LinkPurpose.MINUTES, now.minutes)
    assert Client().get(f"{link}fehler/").status_code == 200

    page = Client().post(f"{link}fehler/", {"item": now.bus.pk, "text": "Es ist der 21. Januar."}, follow=True)

    objection = Objection.objects.get()
    assert (objection.by, objection.agenda_item, objection.text) == (
        now.world.susanne,
        now.bus,
        "Es ist der 21. Januar.",
    )
    assert "Die Fachstelle prüft das. Sie hören von uns." in page.content.decode()


def test_mistake_without_words_is_refused_beside_its_field() -> None:
    now = held.circulated()
    link = address(now.world.susanne, LinkPurpose.MINUTES, now.minutes)

    page = Client().post(f"{link}fehler/", {"item": now.bus.pk, "text": ""})

    assert page.context["form"].errors.keys() == {"text"}
    assert not Objection.objects.exists()


def test_mistake_after_the_period_is_told_whom_to_call() -> None:
    now = held.circulated()
    link = address(now.world.susanne, LinkPurpose.MINUTES, now.minutes)

    with clock.frozen(dt.datetime(2026, 12, 8, 9, tzinfo=dt.UTC)):
        page = Client().post(f"{link}fehler/", {"item": "", "text": "Zu spät"})

    assert page.status_code == 200
    assert not Objection.objects.exists()
    assert "Rufen Sie uns gern an." in page.content.decode()


def test_objection_is_answered_and_becomes_a_version() -> None:
    now = held.circulated()
    objection = objections.contest(now.minutes, by=now.world.susanne, agenda_item=now.bus, text="21.", at=LATER)
    prefix = f"o{objection.pk}-"

    signed_in(now.world.imke).post(
        f"{PAGE}einwand/{objection.pk}/",
        {
            f"{prefix}accept": "yes",
            f"{prefix}changed_from": "20. Januar",
            f"{prefix}changed_to": "21. Januar",
            f"{prefix}resolution": "Datum berichtigt.",
        },
    )

    assert now.minutes.versions.count() == 2
    old = signed_in(now.world.susanne).get(f"{PAGE}?fassung=1").content.decode()
    new = signed_in(now.world.susanne).get(PAGE).content.decode()
    assert ("20. Januar auch abends" in old, "21. Januar auch abends" in new) == (True, True)


def test_answer_to_words_that_are_not_there_keeps_what_was_typed() -> None:
    now = held.circulated()
    objection = objections.contest(now.minutes, by=now.world.susanne, agenda_item=now.bus, text="21.", at=LATER)
    prefix = f"o{objection.pk}-"

    page = signed_in(now.world.imke).post(
        f"{PAGE}einwand/{objection.pk}/",
        {
            f"{prefix}accept": "yes",
            f"{prefix}changed_from": "30. Februar",
            f"{prefix}changed_to": "1. März",
            f"{prefix}resolution": "Datum berichtigt.",
        },
    )

    assert "steht so nicht im Ergebnis" in page.content.decode()
    assert "1. März" in page.content.decode()


def test_pdf_is_served_to_who_may_read_it() -> None:
    now = held.circulated()

    page = signed_in(now.world.rolf).get("/sitzungen/2026-q4-arbeit/protokoll.pdf?fassung=1")

    assert (page.status_code, page.headers["Content-Type"], page.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert signed_in(now.world.hedwig).get("/sitzungen/2026-q4-arbeit/protokoll.pdf").status_code == 404
    assert signed_in(now.world.corinna).get("/sitzungen/2026-q4-arbeit/protokoll.pdf").status_code == 404
    assert Client().get("/sitzungen/2026-q4-arbeit/protokoll.pdf").status_code == 302


@pytest.mark.parametrize("step", ["vorsitz/", "versenden/", "berichtigung/", "bestaetigung/"])
def test_steps_are_for_the_fachstelle(step: str) -> None:
    now = held.over()

    assert signed_in(now.world.birgit).post(f"{PAGE}{step}").status_code == 403
    assert now.minutes.state == "draft"


def test_approved_minutes_get_an_addendum_from_the_page() -> None:
    now = held.circulated()
    minutes.approve_by_silence(at=dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC))

    client = signed_in(now.world.imke)
    said = {"item": now.bus.pk, "text": "Gemeint ist Emsfurt."}
    said["form_key"] = client.get(PAGE).context["addendum_form"]["form_key"].value()

    for _tap in range(2):
        client.post(f"{PAGE}berichtigung/", said)

    assert signed_in(now.world.susanne).get(PAGE).content.decode().count("Gemeint ist Emsfurt.") == 1
    assert Change.objects.filter(verb="minutes.amended").count() == 1


@pytest.mark.parametrize("reports", [1, 3])
def test_page_takes_the_same_queries(reports: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    now = held.circulated()
    for number in range(reports):
        objections.contest(now.minutes, by=now.world.susanne, agenda_item=now.bus, text=f"Nr. {number}", at=LATER)
    client = signed_in(now.world.imke)

    with django_assert_max_num_queries(13):
        client.get(PAGE)


def test_topics_may_be_handed_on_and_the_frame_may_not() -> None:
    now = held.over()
    type(now.bus).objects.filter(pk=now.closing.pk).update(standing_code="relays", kind="information")
    desk = signed_in(now.world.imke)

    page = desk.get(PAGE).content.decode()

    found = re.findall(r"/weiterleitungen/neu/\?item=\d+", page)
    assert found == [f"/weiterleitungen/neu/?item={now.bus.pk}"]
    assert desk.get(found[0]).status_code == 200


def test_text_changed_since_is_shown_again_instead_of_released() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    link = address(now.world.birgit, LinkPurpose.RELEASE, now.minutes)
    page = Client().get(link)
    now.bus.refresh_from_db()
    session.record_result(now.bus, result="Ganz anders.", version=now.bus.version, by=now.world.imke, at=AT)

    answer = Client().post(link, {"freigeben": "ja", "seen": page.context["seen"]})

    assert (answer.status_code, now.minutes.reviewed_by) == (409, None)
    assert "Der Text hat sich seitdem geändert. Bitte lesen Sie noch einmal." in answer.content.decode()
    assert "Ganz anders." in answer.content.decode()


def test_chair_sees_who_was_there_and_gets_the_draft_as_pdf() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    link = address(now.world.birgit, LinkPurpose.RELEASE, now.minutes)

    page = Client().get(link).content.decode()
    pdf = Client().get(f"{link}protokoll.pdf")

    assert re.search(r"<li>Rolf Eilers, [^<]+: entschuldigt</li>", page)
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")


def test_former_chair_neither_reads_nor_releases() -> None:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=AT)
    link = address(now.world.birgit, LinkPurpose.RELEASE, now.minutes)
    Membership.objects.filter(person=now.world.birgit).update(until=AT.date())

    assert [Client().get(link).status_code, Client().post(link, {"freigeben": "ja"}).status_code] == [404, 404]
    assert now.minutes.reviewed_by is None


def test_what_was_typed_survives_a_refusal() -> None:
    now = held.circulated()
    desk = signed_in(now.world.susanne)
    with clock.frozen(dt.datetime(2026, 12, 8, 9, tzinfo=dt.UTC)):
        late = desk.post(f"{PAGE}fehler/", {"text": "Mein langer Text", "item": ""}).content.decode()
    early = signed_in(now.world.imke).post(
        f"{PAGE}berichtigung/", {"text": "Gemeint ist Emsfurt.", "item": "", "form_key": str(uuid.uuid4())}
    )

    assert "Mein langer Text" in late
    assert "Rufen Sie uns gern an" in late
    assert "Gemeint ist Emsfurt." in early.content.decode()
    assert "noch nicht genehmigt" in early.content.decode()


def test_reason_too_long_is_refused_beside_its_field() -> None:
    now = held.over()

    page = signed_in(now.world.imke).post(f"{PAGE}versenden/", {"reason": "ä" * 201})

    assert page.context["reason_form"].errors.keys() == {"reason"}
    assert now.minutes.state == "draft"


def test_accepting_without_a_change_is_refused_on_the_page() -> None:
    now = held.circulated()
    objection = minutes_contest(now)
    prefix = f"o{objection.pk}-"

    page = signed_in(now.world.imke).post(
        f"{PAGE}einwand/{objection.pk}/", {f"{prefix}accept": "yes", f"{prefix}resolution": "Stimmt."}
    )

    assert "Bitte tragen Sie ein, was im Protokoll anders wird" in page.content.decode()
    assert now.minutes.state == "contested"


def test_attendance_is_put_right_from_the_page() -> None:
    now = held.circulated()
    objection = minutes_contest(now)
    prefix, row = f"o{objection.pk}-", now.row("rolf")
    desk = signed_in(now.world.imke)

    half = desk.post(
        f"{PAGE}einwand/{objection.pk}/",
        {f"{prefix}accept": "yes", f"{prefix}resolution": "Stimmt.", f"{prefix}who": row.pk},
    )
    assert "was richtig ist" in half.content.decode()
    page = desk.post(
        f"{PAGE}einwand/{objection.pk}/",
        {
            f"{prefix}accept": "yes",
            f"{prefix}resolution": "Stimmt.",
            f"{prefix}who": row.pk,
            f"{prefix}presence": "present",
        },
        follow=True,
    )

    assert "Der Einwand ist beantwortet. Fassung 2 geht an alle." in page.content.decode()
    read = signed_in(now.world.susanne).get(PAGE).content.decode()
    assert "Rolf Eilers: „entschuldigt“ ersetzt durch „anwesend“." in read


def minutes_contest(now: held.Held) -> Objection:
    return objections.contest(now.minutes, by=now.world.rolf, text="Ich war da.", at=LATER)


def test_members_read_plain_words_for_every_standing() -> None:
    now = held.running()
    imke = now.world.imke
    decisions.reject(now.bus, text="Abgelehntes.", kind="resolution", by=imke, at=AT)
    decisions.postpone(now.bus, text="Vertagtes.", kind="resolution", by=imke, at=AT)
    session.finish(now.meeting, by=imke, at=AT)
    minutes.circulate(now.minutes, by=imke, at=LATER, reason="Test")

    page = Client().get(address(now.world.susanne, LinkPurpose.MINUTES, now.minutes)).content.decode()

    found = re.findall(r'class="quote flow-s"><p><strong>([^<(]+)', page)
    assert [words.strip() for words in found] == ["Nicht angenommen", "Vertagt"]


def test_cancelled_meeting_says_why_there_are_no_minutes() -> None:
    now = held.over()
    now.minutes.delete()
    Meeting.objects.filter(pk=now.meeting.pk).update(state="cancelled")

    assert "Diese Sitzung ist abgesagt." in signed_in(now.world.imke).get(PAGE).content.decode()
