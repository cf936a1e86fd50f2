"""What mails say in cases the kept snapshots do not show: the last day, a shared mailbox, whom a question is for."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.clock import at_local
from buendnisse.enums import Via
from buendnisse.models import FurtherAddress, Person
from meetings.domain import answers, deputies
from meetings.models import Attendance, Meeting
from notifications.domain import batch, dispatch, render
from notifications.domain.letters import naming, year_gaps
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.buendnisse import MembershipFactory
from tests.notifications import sending
from tests.support import smtp_sink
from tests.support.relay_scene import hand_over, set_scene
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)
SUSANNE, GRETA = "susanne@verein.example", "greta@verein.example"


def row(meeting: Meeting, person: Person) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=person)


def reminded(meeting: Meeting, person: Person, *, at: dt.datetime) -> str:
    """The reminder as it reads at that moment, in one line."""
    message = OutboxMessage(kind=MailKind.ANSWER_REMINDER, person=person, meeting_id=meeting.pk, created_at=at)
    return " ".join(render.render(message, at=at).text.split())


@pytest.mark.parametrize(
    ("day", "wish"),
    [
        (dt.date(2027, 2, 1), "Bitte antworten Sie bis Montag, 8. Februar 2027."),
        (dt.date(2027, 2, 8), "Bitte antworten Sie bis Mittwoch, 10. Februar 2027."),
        (dt.date(2027, 2, 10), "Bitte antworten Sie noch heute."),
    ],
)
def test_reminder_names_the_day_an_answer_is_wanted_by(february: Meeting, cast: World, day: dt.date, wish: str) -> None:
    said = reminded(february, cast.susanne, at=at_local(day, dt.time(7, 0)))

    assert said.partition("Letzter Bus: Stadtbus bis 21:10 Uhr ab Kreishaus ")[2].startswith(f"{wish} Ich komme: ")


def test_who_shares_a_mailbox_reads_in_the_subject_for_whom_each_mail_is(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    Person.objects.filter(pk=cast.birgit.pk).update(email=SUSANNE.title())
    dispatch.fan_out(at=AT)
    rows = OutboxMessage.objects.filter(kind=MailKind.INVITATION).select_related("person__organisation", "copy_to")

    alone = {row.person.full_name: render.render(row, at=AT).subject for row in rows}
    with batch.sharing(list(rows)):
        together = {row.person.full_name: render.render(row, at=AT).subject for row in rows}

    assert together == alone
    assert alone == {
        "Susanne Overhage": "Für Susanne Overhage: Arbeit, 11.02.2027: Der Termin steht",
        "Birgit Hanneken": "Für Birgit Hanneken: Arbeit, 11.02.2027: Der Termin steht",
        "Corinna Lahme": "Arbeit, 11.02.2027: Der Termin steht",
    }


def test_a_shared_mailbox_says_nothing_on_the_copy_for_a_further_address(february: Meeting, cast: World) -> None:
    Person.objects.filter(pk=cast.birgit.pk).update(email=SUSANNE)
    further = FurtherAddress.objects.create(person=cast.birgit, address="vorzimmer@jobcenter.example", gets_copy=True)
    dispatch.fan_out(at=AT)
    copy = OutboxMessage.objects.select_related("person__organisation").get(copy_to=further)

    assert render.render(copy, at=AT).subject == "Arbeit, 11.02.2027: Zur Kenntnis"


def test_deputy_asked_late_answers_before_the_meeting_begins(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    at = at_local(dt.date(2027, 2, 9), dt.time(9, 0))
    sending.deliver(relay, at=at)
    facts = {"first_name": "Greta", "last_name": "Harms", "email": GRETA}
    deputies.ask(row(february, cast.susanne), **facts, via=Via.LINK, by=cast.susanne, at=at)

    said = " ".join(sending.text(sending.deliver(relay, at=at + 3 * MINUTE)[GRETA]).split())

    assert "Bitte antworten Sie vor der Sitzung, also bis Donnerstag, 11. Februar 2027, 10:00 Uhr. Erst wenn" in said
    assert "Wenn Sie absagen oder bis dahin nicht antworten, löschen wir beides nach einem Tag wieder." in said


def test_quarters_that_all_lack_a_date_are_said_in_one_short_sentence(cast: World) -> None:
    assert year_gaps.lines([cast.susanne.pk], 2027, at=AT) == {
        cast.susanne.pk: ["Für Bildung stehen noch keine Termine fest.", "Für Arbeit stehen noch keine Termine fest."]
    }


def test_bodies_are_named_as_somebody_sits_in_them(cast: World) -> None:
    assert [naming.inside(bodies) for bodies in ([cast.arbeit], [cast.bildung, cast.arbeit])] == [
        "im Arbeitsbündnis Arbeit",
        "in den Arbeitsbündnissen Bildung und Arbeit",
    ]


def test_unit_is_told_one_way_to_answer() -> None:
    """Who may answer on the page is not asked to answer by mail as well."""
    scene = set_scene()
    MembershipFactory(body=scene.unit, person=scene.cast.hedwig)
    hand_over(scene, to=scene.unit, due_on=dt.date(2026, 12, 15))
    dispatch.fan_out(at=AT)
    message = OutboxMessage.objects.select_related("person__organisation").get(kind=MailKind.RELAY)

    said = " ".join(render.render(message, at=AT).text.split())

    assert "Gefragt ist Ihre Meinung zum Thema „Kinderbetreuung während der Kurse“." in said
    assert "Bitte antworten Sie bis Dienstag, 15. Dezember 2026." in said
    assert "So geht es weiter ----------------- Ein paar Sätze genügen. Passt die Bitte" in said
    assert "Ansehen und antworten: http" in said


def test_deputy_named_on_record_is_told_with_day_hour_and_place(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    answers.name_deputy(row(february, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + MINUTE)

    said = sending.text(sending.deliver(relay, at=AT + 3 * MINUTE)[SUSANNE])

    assert "\nWann: Donnerstag, 11. Februar 2027, 10:00 bis 12:00 Uhr\nOrt: Kreishaus Haseburg, Sitzungsraum 1" in said
    assert OutboxMessage.objects.filter(kind=MailKind.UNINVITED, state=OutboxState.SENT).count() == 1
