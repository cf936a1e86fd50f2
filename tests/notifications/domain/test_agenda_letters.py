"""The invitation with the agenda: words, calendar object, PDF, and who gets which of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest
from django.db import transaction

from buendnisse import clock
from buendnisse.domain import journal
from buendnisse.enums import Via
from meetings.domain import agenda, agenda_proposals, agenda_sending, answers, planning
from meetings.enums import AgendaItemState, Answer, MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import agenda_check, resending
from notifications.enums import InboundVerb, MailKind, OutboxState
from notifications.models import Invitation, OutboxMessage
from tests import world
from tests.factories.meetings import MeetingFactory, StandingItemFactory
from tests.notifications import sending
from tests.support import smtp_sink, snapshots
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

INVITED_AT = AT + dt.timedelta(days=2)


@pytest.fixture
def sink(settings: Any) -> Iterator[smtp_sink.Sink]:
    with smtp_sink.running() as running:
        sending.use(settings, running)
        yield running


@pytest.fixture
def cast() -> World:
    return world.build()


@pytest.fixture
def meeting(cast: World) -> Meeting:
    """Arbeit on 3 December; the date was told, one topic is accepted."""
    for code, title, position in (
        ("opening", "Begrüßung und Tagesordnung", -2),
        ("closing", "Verschiedenes und Termine", 2),
    ):
        StandingItemFactory(alliance=cast.arbeit, code=code, title=title, position=position)
    cast.arbeit.minimum_notice_days = 7
    cast.arbeit.save()
    meeting = MeetingFactory(alliance=cast.arbeit, venue=cast.venue, chair=cast.birgit, slug="2026-q4-arbeit")
    planning.confirm(meeting, by=cast.imke, at=AT)
    item = agenda_proposals.propose(
        alliance=cast.arbeit,
        meeting=meeting,
        title="100-Tage-Gespräche: Erfahrungen und Terminlage",
        description="Wie viele Gespräche haben stattgefunden, wo hakt es?",
        proposer=cast.susanne,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=AT,
    )
    agenda.accept(item, by=cast.imke, at=AT)
    return meeting


def parts(message: Message) -> list[str]:
    return [part.get_content_type() for part in message.walk() if not part.is_multipart()]


def text_of(message: Message) -> str:
    return next(
        part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        for part in message.walk()
        if part.get_content_type() == "text/plain"
    )


def waiting(cast: World) -> dict[str, OutboxMessage]:
    rows = OutboxMessage.objects.filter(kind=MailKind.AGENDA, state=OutboxState.WAITING)
    return {message.person.handle: message for message in rows.select_related("person__organisation")}


def test_sending_invites_fixes_the_agenda_and_reaches_everybody(
    cast: World, meeting: Meeting, sink: smtp_sink.Sink
) -> None:
    sending.deliver(sink, at=sending.after_grace(AT))

    version = agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")
    sending.deliver(sink, at=INVITED_AT)
    mails = sending.deliver(sink, at=sending.after_grace(INVITED_AT))

    meeting.refresh_from_db()
    assert (version, meeting.state, meeting.agenda_sent_at) == (1, MeetingState.INVITED, INVITED_AT)
    assert {item.state for item in meeting.agenda_items.all()} == {AgendaItemState.SCHEDULED}
    assert set(mails) == {person.email for person in (cast.birgit, cast.susanne, cast.corinna, cast.rolf)}
    asked, reads = mails[cast.susanne.email], mails[cast.rolf.email]
    assert parts(asked) == ["text/plain", "text/html", "text/calendar", "application/ics", "application/pdf"]
    assert parts(reads) == ["text/plain", "text/html", "application/pdf"]
    assert ("Kommen Sie?" in text_of(asked), "Kommen Sie?" in text_of(reads)) == (True, False)


def test_calendar_entry_keeps_its_sequence_where_time_and_place_are_known(
    cast: World, meeting: Meeting, sink: smtp_sink.Sink
) -> None:
    sending.deliver(sink, at=sending.after_grace(AT))
    told = Invitation.objects.get(person=cast.susanne)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")
    mails = sending.deliver(sink, at=sending.after_grace(INVITED_AT))
    again = sending.calendar(mails[cast.susanne.email])

    assert told.last_method == "REQUEST"
    assert (again["METHOD"], again["UID"], again["SEQUENCE"]) == ("REQUEST", told.uid, str(told.sequence))


def test_letter_for_whoever_comes(cast: World, meeting: Meeting) -> None:
    agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")
    sending.ring.ring(at=INVITED_AT, send=False)

    with clock.frozen(INVITED_AT):
        found = snapshots.mail(waiting(cast)["susanne"], at=INVITED_AT)

    assert found == snapshots.stored("agenda", found)


def test_letter_for_whoever_only_reads(cast: World, meeting: Meeting) -> None:
    agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")
    sending.ring.ring(at=INVITED_AT, send=False)

    with clock.frozen(INVITED_AT):
        found = snapshots.mail(waiting(cast)["rolf"], at=INVITED_AT)

    assert found == snapshots.stored("agenda_reading", found)


def test_changed_agenda_is_sent_as_such(cast: World, meeting: Meeting) -> None:
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.", urgency="Eilt.")
    agenda.add(
        meeting,
        title="Nachtrag zur Praktikumswoche",
        kind="information",
        minutes=10,
        presenter=None,
        by=cast.imke,
        form_key=uuid.uuid4(),
        at=INVITED_AT,
    )

    version = agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")
    sending.ring.ring(at=INVITED_AT, send=False)
    with clock.frozen(INVITED_AT):
        found = snapshots.mail(waiting(cast)["susanne"], at=INVITED_AT)

    assert version == 2
    assert found == snapshots.stored("agenda_changed", found)


def test_changed_agenda_does_not_ask_again_who_has_answered(cast: World, meeting: Meeting) -> None:
    agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.", urgency="Eilt.")
    row = answers.of(meeting, cast.susanne)
    assert row is not None
    answers.answer(row, answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=AT)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")
    sending.ring.ring(at=INVITED_AT, send=False)

    with clock.frozen(INVITED_AT):
        found = snapshots.mail(waiting(cast)["susanne"], at=INVITED_AT)

    assert found == snapshots.stored("agenda_answered", found)


def test_person_with_a_deputy_reads_and_the_deputy_is_invited(
    cast: World, meeting: Meeting, sink: smtp_sink.Sink
) -> None:
    row = answers.of(meeting, cast.susanne)
    assert row is not None
    answers.name_deputy(row, person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")

    mails = sending.deliver(sink, at=sending.after_grace(INVITED_AT))

    assert sending.calendar(mails[cast.rolf.email])["METHOD"] == "REQUEST"
    assert "application/pdf" in parts(mails[cast.susanne.email])
    assert "Kommen Sie?" not in text_of(mails[cast.susanne.email])


def test_confidential_point_reaches_only_the_chosen(cast: World, meeting: Meeting) -> None:
    item = meeting.agenda_items.get(standing_code="")
    item.confidential_to.add(cast.birgit.organisation)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")
    sending.ring.ring(at=INVITED_AT, send=False)

    with clock.frozen(INVITED_AT):
        letters = {name: snapshots.mail(one, at=INVITED_AT) for name, one in waiting(cast).items()}

    assert {name for name, text in letters.items() if "100-Tage" in text} == {"birgit"}


def test_sending_an_agenda_without_a_topic_is_refused(cast: World, meeting: Meeting) -> None:
    item = meeting.agenda_items.get(standing_code="")
    agenda.restore(item, by=cast.imke, at=AT)

    with pytest.raises(agenda_sending.SendingRefused, match="Auf der Tagesordnung steht noch kein Thema"):
        agenda_sending.send_agenda(meeting, by=cast.imke, at=AT, without_release="Eilt.", urgency="Eilt.")

    meeting.refresh_from_db()
    assert (meeting.state, meeting.agenda_sent_at) == (MeetingState.CONFIRMED, None)


def test_sending_after_the_meeting_began_is_refused(cast: World, meeting: Meeting) -> None:
    with pytest.raises(agenda_sending.SendingRefused):
        agenda_sending.send_agenda(meeting, by=cast.imke, at=meeting.start, without_release="Eilt.", urgency="Eilt.")


def test_check_counts_and_changes_nothing(cast: World, meeting: Meeting) -> None:
    with clock.frozen(INVITED_AT):
        found = agenda_check.check(meeting, by=cast.imke, at=INVITED_AT)

    meeting.refresh_from_db()
    assert (len(found.asked), len(found.reading), found.version, found.refusal) == (3, 1, 1, "")
    assert found.mail is not None
    assert found.mail.subject == "Arbeit, 03.12.2026: Einladung und Tagesordnung"
    assert found.mail.attachments == [
        "Kalendereintrag (REQUEST)",
        "invite.ics",
        "Tagesordnung-Arbeit-2026-12-03.pdf",
    ]
    assert (meeting.state, OutboxMessage.objects.count()) == (MeetingState.CONFIRMED, 0)


def agenda_in(text: str) -> list[str]:
    """The first lines under the heading "Tagesordnung", and the line above the link to the page."""
    lines = text.splitlines()
    at = lines.index("Tagesordnung")
    return [lines[at + 3].split(" von ")[0], lines[at + 5], lines[lines.index(_OPEN)]]


_OPEN = "Die Tagesordnung und die Unterlagen öffnen:"
_AGENDA = ["Geplant sind 30", "1. Begrüßung und Tagesordnung", _OPEN]


@pytest.mark.parametrize("is_kept", [True, False], ids=["sent_here", "taken_over"])
def test_late_deputy_and_whoever_is_invited_once_more_get_the_agenda(
    cast: World, meeting: Meeting, sink: smtp_sink.Sink, is_kept: bool
) -> None:
    agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")
    sending.deliver(sink, at=sending.after_grace(INVITED_AT))
    if not is_kept:  # meetings taken over have no versions, only the day the agenda left
        meeting.agenda_versions.all().delete()
    later = INVITED_AT + dt.timedelta(days=1)
    related = Attendance.objects.select_related("meeting__alliance", "person")
    susanne, birgit = (related.get(meeting=meeting, person=person) for person in (cast.susanne, cast.birgit))
    answers.name_deputy(susanne, person=cast.rolf, via=Via.LINK, by=cast.susanne, at=later)
    resending.resend(birgit, by=cast.imke, at=later)

    mails = sending.deliver(sink, at=sending.after_grace(later))

    got = [mails[person.email] for person in (cast.rolf, cast.birgit)]
    assert [mail["Subject"].split(": ")[1] for mail in got] == [
        "Bitte vertreten Sie Frau Overhage",
        "Ihre Einladung noch einmal",
    ]
    assert [agenda_in(text_of(mail)) for mail in got] == [_AGENDA, _AGENDA]
    assert [parts(mail)[-1] for mail in got] == ["application/pdf", "application/pdf"]


def test_calendar_that_asks_is_told_where_the_agenda_lies(cast: World, meeting: Meeting, sink: smtp_sink.Sink) -> None:
    agenda_sending.send_agenda(meeting, by=cast.imke, at=INVITED_AT, without_release="Eilt.", urgency="Eilt.")
    sending.deliver(sink, at=sending.after_grace(INVITED_AT))
    row = Attendance.objects.get(meeting=meeting, person=cast.susanne)
    data = {"meeting": meeting.pk, "person": row.person_id}
    later = INVITED_AT + dt.timedelta(days=1)
    with transaction.atomic():
        journal.record(InboundVerb.REFRESHED, row, at=later, by=None, data=data)

    mail = sending.deliver(sink, at=sending.after_grace(later))[cast.susanne.email]

    lines = text_of(mail).splitlines()
    assert "Zur Seite der Sitzung mit Tagesordnung und Unterlagen:" in lines
    assert ("Tagesordnung" in lines, parts(mail)[-1]) == (False, "application/ics")
