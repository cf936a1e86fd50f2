"""A meeting's mails person by person: what was sent, which answer came how, and the invitation once more."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from icalendar import Calendar

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.models import Change
from meetings.domain import answers, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import ring
from notifications.enums import MailKind, OutboxState, ReturnKind
from notifications.models import Invitation, MailReturn, OutboxMessage
from tests import world
from tests.notifications import inbound_mail, sending
from tests.notifications.stories import scenes
from tests.support import smtp_sink
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/sitzungen/2027-q1-arbeit/mails/"
NOON = inbound_mail.NOON
MINUTE = dt.timedelta(minutes=1)
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def invited(cast: World, relay: smtp_sink.Sink) -> Meeting:
    """The invitations have left."""
    return scenes.invited(cast)


def row_of(meeting: Meeting, name: str, cast: World) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance", "person").get(
        meeting=meeting, person=getattr(cast, name)
    )


def shown(desk: Client, name: str, *, at: dt.datetime = NOON) -> Any:
    with clock.frozen(at):
        rows = desk.get(PAGE).context["rows"]
    return next(row for row in rows if row.reply.last_name == name)


def shown_rows(desk: Client) -> list[Any]:
    with clock.frozen(NOON):
        return list(desk.get(PAGE).context["rows"])


def attached(message: Any) -> bytes:
    [part] = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    return bytes(part.get_payload(decode=True))


def press(desk: Client, row: Attendance, what: str = "", *, at: dt.datetime = NOON) -> list[str]:
    with clock.frozen(at):
        response = desk.post(f"{PAGE}{row.pk}/{what}", follow=True)
    return [str(message) for message in response.context["messages"]]


def test_who_is_invited_is_not_said_to_have_got_nothing(desk: Client, cast: World, invited: Meeting) -> None:
    """In a demo the mails of earlier days are not kept, and the entries in the calendars are."""
    OutboxMessage.objects.all().delete()
    with clock.frozen(NOON):
        page = desk.get(PAGE).content.decode()

    assert (
        page.count("hat die Einladung seit 23.11.2026") == len([one for one in shown_rows(desk) if one.is_entered]) > 1
    )
    assert page.count("noch keine") == 0


def test_row_says_what_was_sent_when_and_how_the_answer_came(desk: Client, cast: World, invited: Meeting) -> None:
    answers.answer(row_of(invited, "birgit", cast), answer=Answer.ACCEPTED, via=Via.PHONE, by=cast.imke, at=NOON)

    birgit, susanne = (shown(desk, getattr(cast, name).last_name) for name in ("birgit", "susanne"))
    assert [(one.kind, one.word, one.at) for one in birgit.mails] == [(MailKind.INVITATION, "versandt", scenes.SOON)]
    assert (birgit.reply.said, birgit.reply.how.split(",")[0], susanne.reply.waits) == (
        "kommt",
        "Telefon",
        "keine Antwort",
    )


def test_mail_that_came_back_is_named(desk: Client, cast: World, invited: Meeting) -> None:
    message = OutboxMessage.objects.get(person=cast.susanne, kind=MailKind.INVITATION)
    facts = {"message": message, "person": cast.susanne, "address": cast.susanne.email, "kind": ReturnKind.HARD}
    MailReturn.objects.create(**facts, at=NOON)

    [mail] = shown(desk, cast.susanne.last_name).mails
    assert (mail.mark, mail.word) == ("late", "Adresse nimmt keine Mail an")


def test_deputy_who_is_out_before_any_mail_left_is_not_on_the_list(desk: Client, cast: World, invited: Meeting) -> None:
    member, told = row_of(invited, "susanne", cast), {"via": Via.WEB, "by": cast.imke, "at": NOON}
    deputy = answers.name_deputy(member, person=cast.rolf, **told)
    assert cast.rolf.last_name in {row.reply.last_name for row in shown_rows(desk)}

    with transaction.atomic():
        answers.dismiss(deputy, member, **told)

    assert cast.rolf.last_name not in {row.reply.last_name for row in shown_rows(desk)}


def test_provisional_answer_is_marked_here_and_on_the_meetings_page(
    desk: Client, cast: World, invited: Meeting
) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)

    assert shown(desk, cast.susanne.last_name).provisional == row.pk
    with clock.frozen(NOON):
        pages = [desk.get(PAGE).content.decode(), desk.get("/sitzungen/2027-q1-arbeit/").content.decode()]
    assert [page.count("vorläufig") for page in pages] == [1, 1]


def test_invitation_goes_once_more_with_the_stored_answer(
    desk: Client, cast: World, invited: Meeting, relay: smtp_sink.Sink
) -> None:
    answers.answer(row_of(invited, "susanne", cast), answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=NOON)
    before = Invitation.objects.get(meeting=invited, person=cast.susanne)

    said = press(desk, row_of(invited, "susanne", cast))
    got = sending.deliver(relay, at=NOON + MINUTE)

    assert said == [f"Die Einladung an {cast.susanne.full_name} geht in 60 Sekunden noch einmal hinaus."]
    assert list(got) == [cast.susanne.email]
    [event] = Calendar.from_ical(attached(got[cast.susanne.email])).walk("VEVENT")
    after = Invitation.objects.get(pk=before.pk)
    assert (event["UID"], event["SEQUENCE"], event["ATTENDEE"].params["PARTSTAT"]) == (before.uid, 0, "ACCEPTED")
    assert (event["DTSTAMP"].dt, after.sequence) == (NOON + MINUTE, before.sequence)
    assert got[cast.susanne.email]["In-Reply-To"] == before.first_message_id
    assert "hier ist die Einladung zur Sitzung noch einmal" in sending.text(got[cast.susanne.email])


@pytest.mark.parametrize("is_written", [True, False])
def test_within_the_minute_it_is_taken_back(desk: Client, cast: World, invited: Meeting, is_written: bool) -> None:
    row = row_of(invited, "susanne", cast)
    press(desk, row)
    if is_written:
        ring.ring(at=NOON + MINUTE / 2)

    said = press(desk, row, "zurueck/", at=NOON + MINUTE / 2)
    ring.ring(at=NOON + 5 * MINUTE)

    assert said == ["Zurückgenommen. Die Einladung geht nicht noch einmal hinaus."]
    again = OutboxMessage.objects.filter(kind=MailKind.REQUEST_AGAIN)
    assert list(again.values_list("state", flat=True)) == [OutboxState.SUPERSEDED] * is_written


def test_invitation_ordered_once_more_is_seen_before_its_mail_is_written(
    desk: Client, cast: World, invited: Meeting
) -> None:
    row = row_of(invited, "susanne", cast)
    with clock.frozen(NOON):
        response = desk.post(f"{PAGE}{row.pk}/")
        page = desk.get(PAGE).content.decode()

    seen = shown(desk, cast.susanne.last_name)
    assert response["Location"] == f"{PAGE}#person-{row.pk}"
    assert (seen.is_ordered, seen.again_waits, seen.may_be_sent_again) == (True, True, False)
    assert (page.count("Nicht noch einmal senden"), page.count("Einladung noch einmal <span")) == (1, 1)
    assert press(desk, row) == ["An diese Person wartet schon eine Mail zu dieser Sitzung."]
    assert Change.objects.filter(verb="invitation.resent").count() == 1

    with clock.frozen(NOON):
        back = desk.post(f"{PAGE}{row.pk}/zurueck/")
    seen = shown(desk, cast.susanne.last_name)
    assert (back["Location"], seen.is_ordered, seen.may_be_sent_again) == (response["Location"], False, True)


def test_whose_mail_comes_back_is_sent_to_the_address_and_not_offered_it_again(
    desk: Client, cast: World, invited: Meeting
) -> None:
    cast.susanne.failed_address = cast.susanne.email
    cast.susanne.save()
    row = row_of(invited, "susanne", cast)
    with clock.frozen(NOON):
        pages = [desk.get(path).content.decode() for path in (PAGE, f"{PAGE}{row.pk}/")]

    link = f'<a href="/postausgang/zurueckgekommen/#person-{cast.susanne.pk}">Adresse prüfen'
    assert [page.count(link) for page in pages] == [1, 1]
    assert shown(desk, cast.susanne.last_name).may_be_sent_again is False
    assert press(desk, row) == [f"Mails an {cast.susanne.email} kommen zurück. Bitte prüfen Sie zuerst die Adresse."]


def test_nobody_is_offered_it_again_while_a_mail_about_the_meeting_waits(
    desk: Client, cast: World, invited: Meeting
) -> None:
    day = {"start": invited.start + 7 * DAY, "end": invited.end + 7 * DAY, "venue": cast.venue}
    planning.move_date(invited, **day, version=invited.version, conflict_reason="Egal.", by=cast.imke, at=NOON)
    ring.ring(at=NOON + MINUTE / 2)

    offered = [one.reply.last_name for one in shown_rows(desk) if one.may_be_sent_again]
    assert (offered, shown(desk, cast.susanne.last_name).something_waits) == ([], True)


def test_once_the_meeting_is_off_the_page_shows_what_the_person_did_get(
    desk: Client, cast: World, invited: Meeting
) -> None:
    planning.cancel(invited, reason="Glatteis.", by=cast.imke, at=NOON)
    ring.ring(at=NOON + 2 * MINUTE)
    row = row_of(invited, "susanne", cast)
    with clock.frozen(NOON + HOUR):
        page = desk.get(f"{PAGE}{row.pk}/")
        html = desk.get(f"{PAGE}{row.pk}/html/").content.decode()

    look = page.context["look"]
    assert [one.kind for one in look.got] == [MailKind.CANCELLED, MailKind.INVITATION]
    assert (look.mail.subject, look.mail.gone) == ("Abgesagt: Arbeit, 11.02.2027", "")
    assert f"<h1>Was {cast.susanne.full_name} bekommen hat</h1>" in page.content.decode()
    assert "Glatteis." in html


def test_what_left_is_not_taken_back_and_what_waits_is_not_doubled(desk: Client, cast: World, invited: Meeting) -> None:
    row = row_of(invited, "susanne", cast)
    press(desk, row)
    ring.ring(at=NOON + MINUTE / 2)
    assert press(desk, row) == ["An diese Person wartet schon eine Mail zu dieser Sitzung."]

    ring.ring(at=NOON + 2 * MINUTE)
    assert press(desk, row, "zurueck/", at=NOON + 2 * MINUTE) == ["Die Einladung ist schon unterwegs."]
    assert Change.objects.filter(verb="invitation.resent").count() == 1


def test_nobody_who_heard_nothing_is_sent_it_again(desk: Client, cast: World) -> None:
    made = scenes.confirmed(cast)

    assert press(desk, row_of(made, "susanne", cast)) == ["Diese Person hat noch keine Einladung bekommen."]


def test_look_shows_the_mail_and_the_entry_in_words(desk: Client, cast: World, invited: Meeting) -> None:
    row = row_of(invited, "susanne", cast)
    before = Change.objects.count()
    with clock.frozen(NOON):
        look = desk.get(f"{PAGE}{row.pk}/").context["look"]
        html = desk.get(f"{PAGE}{row.pk}/html/").content.decode()

    facts = dict(look.facts)
    assert (facts["Titel"], facts["Antwort"]) == (
        "Arbeitsbündnis Arbeit: Sitzung",
        "noch offen, mit Knöpfen zum Antworten",
    )
    assert "noch einmal" in html
    assert Change.objects.count() == before


def test_page_offers_the_invitation_again_only_where_it_may_leave(desk: Client, cast: World, invited: Meeting) -> None:
    answers.answer(row_of(invited, "susanne", cast), answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=NOON)

    def offered(at: dt.datetime) -> int:
        with clock.frozen(at):
            return desk.get(PAGE).content.decode().count("Noch einmal senden")

    expected = Invitation.objects.filter(meeting=invited, last_method="REQUEST").count()
    assert (expected > 0, offered(NOON), offered(invited.end)) == (True, expected, 0)


def test_nobody_is_offered_it_before_the_invitation(desk: Client, cast: World) -> None:
    scenes.confirmed(cast)

    with clock.frozen(NOON):
        assert "Noch einmal senden" not in desk.get(PAGE).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_cost_does_not_grow_with_people(
    desk: Client, cast: World, invited: Meeting, django_assert_max_num_queries: Any, count: int
) -> None:
    kept = Attendance.objects.filter(meeting=invited).order_by("pk").values_list("pk", flat=True)[:count]
    Attendance.objects.filter(meeting=invited).exclude(pk__in=list(kept)).delete()

    with clock.frozen(NOON), django_assert_max_num_queries(12):
        assert len(desk.get(PAGE).context["rows"]) == count
