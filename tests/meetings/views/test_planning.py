"""The Fachstelle plans, moves and cancels in the browser."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from buendnisse import clock
from buendnisse.models import Paper
from meetings.domain import planning
from meetings.domain.report_lines import REPORT
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting
from tests.factories.buendnisse import PersonFactory
from tests.factories.meetings import AgendaItemFactory, RelayFactory
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def typed(cast: World, **changed: Any) -> dict[str, Any]:
    return {
        "alliance": cast.arbeit.pk,
        "date": "2027-02-11",
        "start": "10:00",
        "end": "12:00",
        "mode": "on_site",
        "venue": cast.venue.pk,
        "form_key": str(uuid.UUID(int=7)),
        "do": "check",
    } | changed


def confirmed(cast: World) -> Meeting:
    meeting = planning.plan(
        cast.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 2, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 2, 11, 11, 0, tzinfo=dt.UTC),
        mode="on_site",
        venue=cast.venue,
        form_key=uuid.UUID(int=1),
        by=cast.imke,
        at=AT,
    )
    planning.confirm(meeting, by=cast.imke, at=AT)
    return meeting


def test_checking_saves_nothing_and_says_what_speaks_against_the_day(desk: Client, cast: World) -> None:
    response = desk.post("/sitzungen/neu/", typed(cast, date="2027-05-01"))

    assert [conflict.kind for conflict in response.context["form"].found] == ["public_holiday", "weekend"]
    assert Meeting.objects.count() == 0


def test_day_in_the_past_is_refused_as_soon_as_it_is_checked(desk: Client, cast: World) -> None:
    response = desk.post("/sitzungen/neu/", typed(cast, date="2026-11-20"))

    assert response.context["form"].errors == {"date": ["Der 20.\xa0November\xa02026 liegt in der Vergangenheit."]}
    assert (response.context["form"].is_checked, response.context["form"].found) == (False, [])


def test_meeting_cannot_be_moved_into_the_past_and_the_form_says_so_when_checked(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)
    said = {"date": "2026-11-20", "start": "10:00", "end": "12:00", "venue": cast.venue.pk, "do": "check"}

    response = desk.post(f"/sitzungen/{meeting.slug}/verlegen/", said | {"version": meeting.version})

    assert list(response.context["form"].errors) == ["date"]


def test_free_day_is_fixed_with_one_button(desk: Client, cast: World) -> None:
    response = desk.post("/sitzungen/neu/", typed(cast, do="fix"))

    meeting = Meeting.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/sitzungen/2027-q1-arbeit/")
    assert (meeting.state, Attendance.objects.filter(meeting=meeting).count()) == (MeetingState.CONFIRMED, 3)


def test_date_can_be_noted_without_inviting(desk: Client, cast: World) -> None:
    desk.post("/sitzungen/neu/", typed(cast, do="note"))

    assert (Meeting.objects.get().state, Attendance.objects.count()) == (MeetingState.PLANNED, 0)


def test_saving_without_having_seen_the_remarks_shows_them_first(desk: Client, cast: World) -> None:
    response = desk.post("/sitzungen/neu/", typed(cast, date="2027-05-01", do="fix", conflict_reason="Tag der Arbeit"))

    assert (response.status_code, Meeting.objects.count()) == (200, 0)


def test_holiday_needs_a_reason_and_keeps_it(desk: Client, cast: World) -> None:
    shown = desk.post("/sitzungen/neu/", typed(cast, date="2027-05-01"))
    seen = shown.context["form"]["seen"].value()
    without = desk.post("/sitzungen/neu/", typed(cast, date="2027-05-01", do="fix", seen=seen))

    desk.post("/sitzungen/neu/", typed(cast, date="2027-05-01", do="fix", seen=seen, conflict_reason="Fest der Arbeit"))

    assert list(without.context["form"].errors) == ["conflict_reason"]
    assert Meeting.objects.get().conflict_reason == "Fest der Arbeit"


def test_double_tap_is_one_meeting(desk: Client, cast: World) -> None:
    desk.post("/sitzungen/neu/", typed(cast, do="note"))
    desk.post("/sitzungen/neu/", typed(cast, do="note"))

    assert Meeting.objects.count() == 1


def test_second_meeting_of_a_quarter_is_refused_beside_its_field(desk: Client, cast: World) -> None:
    confirmed(cast)

    response = desk.post("/sitzungen/neu/", typed(cast, date="2027-03-11", do="note"))

    assert response.context["form"].errors == {
        "date": ["Im 1. Quartal hat Arbeit schon einen Termin: 11.\xa0Februar\xa02027. Bitte verlegen Sie diesen."]
    }


def test_what_was_typed_wrong_is_said_and_kept(desk: Client, cast: World) -> None:
    response = desk.post("/sitzungen/neu/", typed(cast, end="09:00", note="Bitte Ausweis mitbringen"))

    form = response.context["form"]
    assert form.errors == {"end": ["Das Ende liegt nicht nach dem Beginn."]}
    assert form["note"].value() == "Bitte Ausweis mitbringen"


def test_moving_keeps_the_state_and_the_reason(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)

    response = desk.post(
        f"/sitzungen/{meeting.slug}/verlegen/",
        {
            "date": "2027-02-18",
            "start": "10:00",
            "end": "12:00",
            "venue": cast.venue.pk,
            "version": meeting.version,
            "reason": "Der Kreistag tagt.",
            "do": "fix",
        },
    )

    meeting.refresh_from_db()
    assert response.status_code == 302
    assert (meeting.state, f"{meeting.start:%d.%m.}", meeting.move_reason) == (
        MeetingState.CONFIRMED,
        "18.02.",
        "Der Kreistag tagt.",
    )


def test_stale_move_shows_both_and_goes_through_the_second_time(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)
    planning.edit(meeting, note="Neu", version=1, by=cast.imke, at=AT)
    move = {
        "date": "2027-02-18",
        "start": "10:00",
        "end": "12:00",
        "venue": cast.venue.pk,
        "version": 1,
        "do": "fix",
    }

    first = desk.post(f"/sitzungen/{meeting.slug}/verlegen/", move)
    second = desk.post(
        f"/sitzungen/{meeting.slug}/verlegen/", move | {"version": first.context["form"]["version"].value()}
    )

    assert (first.status_code, first.context["stored"].note, second.status_code) == (409, "Neu", 302)


def test_cancelling_needs_a_reason(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)

    without = desk.post(f"/sitzungen/{meeting.slug}/absagen/", {"reason": " "})
    desk.post(f"/sitzungen/{meeting.slug}/absagen/", {"reason": "Glatteis."})

    meeting.refresh_from_db()
    assert list(without.context["form"].errors) == ["reason"]
    assert (meeting.state, meeting.cancel_reason) == (MeetingState.CANCELLED, "Glatteis.")


@pytest.mark.parametrize(
    ("posted", "reason"),
    [
        ({"known": "snow"}, "Die Straßen sind glatt und verschneit."),
        (
            {"known": "room", "reason": "Es gibt einen Wasserschaden."},
            "Der Raum ist nicht nutzbar. Es gibt einen Wasserschaden.",
        ),
        ({"known": "ill"}, "Der Grund ist Krankheit."),
        ({"known": "own", "reason": "Die Straße ist gesperrt."}, "Die Straße ist gesperrt."),
        ({"reason": "Die Straße ist gesperrt."}, "Die Straße ist gesperrt."),
    ],
)
def test_usual_reasons_are_tapped_at_short_notice(
    desk: Client, cast: World, posted: dict[str, str], reason: str
) -> None:
    meeting = confirmed(cast)
    with clock.frozen(meeting.start - dt.timedelta(hours=3)):
        desk.post(f"/sitzungen/{meeting.slug}/absagen/", posted)

    assert Meeting.objects.get().cancel_reason == reason


@pytest.mark.parametrize(
    ("posted", "field"),
    [({"reason": ""}, "reason"), ({"known": "own", "reason": " "}, "reason"), ({"known": "hail"}, "known")],
)
def test_reason_that_is_none_is_refused_and_nothing_lost(
    desk: Client, cast: World, posted: dict[str, str], field: str
) -> None:
    meeting = confirmed(cast)
    with clock.frozen(meeting.start - dt.timedelta(hours=3)):
        form = desk.post(f"/sitzungen/{meeting.slug}/absagen/", posted).context["form"]

    assert (list(form.errors), form["known"].value()) == ([field], posted.get("known"))
    assert Meeting.objects.get().state == MeetingState.CONFIRMED


@pytest.mark.parametrize(("days", "is_offered"), [(0, True), (3, True), (4, False)])
def test_usual_reasons_are_for_short_notice(desk: Client, cast: World, days: int, is_offered: bool) -> None:
    meeting = confirmed(cast)
    with clock.frozen(meeting.start - dt.timedelta(days=days)):
        text = desk.get(f"/sitzungen/{meeting.slug}/absagen/").content.decode()

    assert ("Die Straßen sind glatt und verschneit." in text) is is_offered


def test_what_was_said_after_cancelling_leads_to_the_telephone_list(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)
    page = desk.post(f"/sitzungen/{meeting.slug}/absagen/", {"reason": "Glatteis."}, follow=True).content.decode()

    assert (
        "Wen keine Mail erreicht, der steht auf der "
        f'<a href="/sitzungen/{meeting.slug}/telefonliste/">Telefonliste</a>.' in page
    )


def test_date_that_was_only_noted_is_cancelled_without_a_word(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)
    Meeting.objects.update(state=MeetingState.PLANNED)
    page = desk.post(f"/sitzungen/{meeting.slug}/absagen/", {"reason": "Doch nicht."}, follow=True).content.decode()

    assert "Der vorgemerkte Termin ist abgesagt. Niemand bekommt eine Mail." in page
    assert "Telefonliste" not in page


def test_answer_by_telephone_is_kept_as_such(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)
    row = Attendance.objects.get(meeting=meeting, person=cast.susanne)

    desk.post(f"/sitzungen/{meeting.slug}/antworten/", {"person": row.pk, "answer": "declined", "comment": "krank"})

    row.refresh_from_db()
    assert (row.answer, row.answered_via, row.comment) == ("declined", "phone_by_secretariat", "krank")


@pytest.mark.parametrize(
    "path", ["neu/", "2027-q1-arbeit/verlegen/", "2027-q1-arbeit/absagen/", "2027-q1-arbeit/antworten/"]
)
@pytest.mark.parametrize("name", ["birgit", "theda", "lueder"])
def test_only_the_fachstelle_plans(client: Client, cast: World, path: str, name: str) -> None:
    confirmed(cast)
    client.force_login(getattr(cast, name), backend=settings.AUTHENTICATION_BACKENDS[-1])

    assert client.get(f"/sitzungen/{path}").status_code == 403


@pytest.mark.parametrize(
    ("name", "status", "inside"),
    [("imke", 200, True), ("birgit", 200, True), ("theda", 200, True), ("lueder", 403, False)],
)
def test_meeting_page_shows_answers_only_inside(
    client: Client, cast: World, name: str, status: int, inside: bool
) -> None:
    confirmed(cast)
    client.force_login(getattr(cast, name), backend=settings.AUTHENTICATION_BACKENDS[-1])

    response = client.get("/sitzungen/2027-q1-arbeit/")

    assert (response.status_code, 'id="antworten"' in response.content.decode()) == (status, inside)


def test_moving_says_who_reads_mail_and_who_is_called(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)
    address = f"/sitzungen/{meeting.slug}/verlegen/"
    everybody = desk.get(address).content.decode()
    type(cast.susanne).objects.filter(pk=cast.susanne.pk).update(email="")
    some = desk.get(address).content.decode()

    assert "3 Personen bekommen eine Mail und werden neu gefragt.</p>" in everybody
    assert "2 Personen bekommen eine Mail und werden neu gefragt. Per Telefon: Susanne Overhage.</p>" in some


def test_page_of_a_cancelled_meeting_looks_ahead_to_nothing(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)
    looking_ahead = ("Nach der Sitzung finden Sie hier das Protokoll.", 'id="termine"', 'href="#', "entsteht noch")
    before = desk.get("/sitzungen/2027-q1-arbeit/").content.decode()
    planning.cancel(meeting, reason="der Raum ist nicht frei", by=cast.imke, at=AT)
    after = desk.get("/sitzungen/2027-q1-arbeit/").content.decode()

    assert [[page.count(word) for word in looking_ahead] for page in (before, after)] == [[1, 1, 7, 1], [0, 0, 4, 0]]
    assert "<strong>Diese Sitzung fällt aus.</strong> Der Raum ist nicht frei.</p>" in after


@pytest.mark.parametrize("size", [1, 30])
def test_meeting_page_costs_the_same_whatever_its_size(
    desk: Client, cast: World, size: int, django_assert_num_queries: Any
) -> None:
    meeting = confirmed(cast)
    report = AgendaItemFactory(meeting=meeting, position=1, standing_code=REPORT)
    for number in range(size):
        item = AgendaItemFactory(meeting=meeting, position=number + 2, presenter=PersonFactory())
        item.papers.add(Paper.objects.create(slug=f"p-{number}", title="Unterlage", dated=AT.date()))
        RelayFactory(
            source=cast.bildung, target=cast.arbeit, source_item=item, kind="for_information", target_item=report
        )
        Attendance.objects.create(meeting=meeting, person=PersonFactory(), organisation=item.presenter.organisation)

    # session, person, meeting, answers, votes, agenda, papers, installation, mails, proposed times; what standing items tell
    # today has a page of its own
    with django_assert_num_queries(11):
        page = desk.get("/sitzungen/2027-q1-arbeit/").content.decode()

    assert (page.count("Unterlage:"), page.count("Zur Kenntnis aus Bildung"), page.count(">eintragen<")) == (
        size,
        0,
        size + 3,
    )


def test_pages_of_alliances_and_the_year_open(desk: Client, cast: World) -> None:
    confirmed(cast)

    opened = {path: desk.get(path).status_code for path in ("/buendnisse/", "/buendnisse/arbeit/", "/planung/2027/")}

    assert opened == {"/buendnisse/": 200, "/buendnisse/arbeit/": 200, "/planung/2027/": 200}


@pytest.mark.parametrize("year", ["0", "1", "1999", "2200", "9999", "9" * 30])
def test_year_nobody_plans_is_no_page(desk: Client, year: str) -> None:
    assert desk.get(f"/planung/{year}/").status_code == 404


def test_quarter_that_is_taken_is_said_before_anything_is_offered(desk: Client, cast: World) -> None:
    confirmed(cast)

    form = desk.post("/sitzungen/neu/", typed(cast, date="2027-03-04")).context["form"]

    assert (form.is_checked, [text.replace("\xa0", " ") for text in form.errors["date"]]) == (
        False,
        ["Im 1. Quartal hat Arbeit schon einen Termin: 11. Februar 2027. Bitte verlegen Sie diesen."],
    )


def test_meeting_lost_in_its_quarter_is_made_up_for_in_the_next(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)
    planning.cancel(meeting, reason="Glatteis.", by=cast.imke, at=AT)

    wanted = typed(cast, date="2027-04-15", quarter="2027-Q1")
    seen = desk.post("/sitzungen/neu/", wanted).context["form"].data["seen"]
    desk.post("/sitzungen/neu/", wanted | {"do": "fix", "seen": seen})

    made = Meeting.objects.exclude(pk=meeting.pk).get()
    assert (made.quarter, made.slug) == ("2027-Q1", "2027-q1-arbeit-2")


@pytest.mark.parametrize("quarter", ["2026-Q1", "x", "2027-Q9", ""])
def test_quarter_that_does_not_fit_the_day_is_that_of_the_day(desk: Client, cast: World, quarter: str) -> None:
    desk.post("/sitzungen/neu/", typed(cast, quarter=quarter, do="fix"))

    assert Meeting.objects.get().quarter == "2027-Q1"


def test_cancelled_meeting_to_come_is_still_found_with_its_alliance(desk: Client, cast: World) -> None:
    meeting = confirmed(cast)
    planning.cancel(meeting, reason="Glatteis.", by=cast.imke, at=AT)

    assert desk.get("/buendnisse/arbeit/").context["page"].coming == [meeting]
