"""Letters about the date of a meeting, as they arrive: words, calendar part, and who gets none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.enums import MailFormat, Via
from buendnisse.models import FurtherAddress, Person
from meetings.domain import answers, planning
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import dispatch, outbox
from notifications.enums import MailKind, OutboxState
from notifications.models import Invitation, OutboxMessage
from tests.factories.buendnisse import VenueFactory
from tests.notifications import sending
from tests.notifications.mail_snapshots_of import kept
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)
WEEK = dt.timedelta(days=7)
SUSANNE, BIRGIT, ROLF, CORINNA = (f"{name}@verein.example" for name in ("susanne", "birgit", "rolf", "corinna"))


def row(meeting: Meeting, person: Any) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=person)


def move(meeting: Meeting, cast: World, *, at: dt.datetime, by: dt.timedelta = WEEK, **kwargs: Any) -> None:
    facts = {"start": meeting.start + by, "end": meeting.end + by, "venue": meeting.venue} | kwargs
    planning.move_date(meeting, **facts, version=meeting.version, by=cast.imke, at=at)


def same_as_snapshot(kind: str, message: Any) -> None:
    found = sending.snapshot(message)
    assert found == kept(kind, found)


def test_invitation_reaches_everybody_who_is_asked(february: Meeting, relay: smtp_sink.Sink) -> None:
    got = sending.deliver(relay, at=AT + MINUTE)

    assert sorted(got) == [BIRGIT, CORINNA, SUSANNE]
    same_as_snapshot("invitation", got[SUSANNE])
    part = sending.calendar(got[SUSANNE])
    assert (part["METHOD"], part["SEQUENCE"], part["DTSTART"], part["STATUS"]) == (
        "REQUEST",
        "0",
        "20270211T100000",
        "CONFIRMED",
    )


def test_who_reads_text_only_still_gets_an_invitation_with_buttons(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(mail_format=MailFormat.TEXT)

    message = sending.deliver(relay, at=AT + MINUTE)[SUSANNE]

    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    page = next(part for part in message.walk() if part.get_content_type() == "text/html").get_content()
    assert page.count("style=") == 1  # nothing but the text itself


def test_member_with_a_deputy_is_asked_again_when_the_date_moves(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    answers.name_deputy(row(february, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + MINUTE)
    sending.deliver(relay, at=AT + 5 * MINUTE)
    february.refresh_from_db()

    move(february, cast, at=AT + 10 * MINUTE)
    got = sending.deliver(relay, at=AT + 15 * MINUTE)

    assert {address: sending.calendar(got[address])["METHOD"] for address in (SUSANNE, ROLF)} == {
        SUSANNE: "REQUEST",
        ROLF: "CANCEL",
    }
    assert sending.calendar(got[SUSANNE])["DTSTART"] == "20270218T100000"
    assert answers.deputy_of(row(february, cast.susanne)) is None


def test_calendar_part_holds_no_acting_link(february: Meeting, relay: smtp_sink.Sink) -> None:
    got = sending.deliver(relay, at=AT + MINUTE)

    part = sending.calendar(got[SUSANNE])
    assert part["URL"] == "http://127.0.0.1:8000/sitzungen/2027-q1-arbeit/"
    assert "/antwort/" not in part["DESCRIPTION"]


def test_nobody_shares_a_uid(february: Meeting, relay: smtp_sink.Sink) -> None:
    got = sending.deliver(relay, at=AT + MINUTE)

    assert len({sending.calendar(message)["UID"] for message in got.values()}) == 3


def test_second_ring_sends_nothing(february: Meeting, relay: smtp_sink.Sink) -> None:
    sending.deliver(relay, at=AT + MINUTE)

    assert sending.deliver(relay, at=AT + MINUTE) == {}


def test_move_says_what_is_new_and_asks_again(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    first = sending.deliver(relay, at=AT + MINUTE)
    answers.answer(row(february, cast.susanne), answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=AT + MINUTE)
    move(
        february,
        cast,
        at=AT + 2 * MINUTE,
        reason="am 11. Februar tagt der Kreistag. Deshalb kommen wir später zusammen.",
    )

    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    same_as_snapshot("moved", got[SUSANNE])
    before, after = sending.calendar(first[SUSANNE]), sending.calendar(got[SUSANNE])
    assert (after["UID"], after["SEQUENCE"], after["DTSTART"]) == (before["UID"], "1", "20270218T100000")
    assert got[SUSANNE]["In-Reply-To"] == first[SUSANNE]["Message-ID"]


def test_move_before_the_invitation_left_is_a_fresh_invitation(
    february: Meeting, relay: smtp_sink.Sink, cast: World
) -> None:
    move(february, cast, at=AT + MINUTE / 2)

    got = sending.deliver(relay, at=AT + 2 * MINUTE)

    assert got[SUSANNE]["Subject"] == "Arbeit, 18.02.2027: Der Termin steht"
    assert sending.calendar(got[SUSANNE])["SEQUENCE"] == "0"
    assert len(relay.mail) == 3


def test_moved_and_moved_back_before_the_mail_left_tells_nobody(
    february: Meeting, relay: smtp_sink.Sink, cast: World
) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    move(february, cast, at=AT + 2 * MINUTE)
    move(february, cast, at=AT + 2 * MINUTE, by=-WEEK)

    assert sending.deliver(relay, at=AT + 4 * MINUTE) == {}
    assert set(Invitation.objects.values_list("sequence", flat=True)) == {0}


def test_earlier_hour_is_told_as_such(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    move(february, cast, at=AT + 2 * MINUTE, by=-dt.timedelta(minutes=90))

    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    assert got[SUSANNE]["Subject"] == "Verlegt: Arbeit, 11.02.2027: jetzt 08:30 bis 10:30 Uhr"
    assert "Die Sitzung am 11. Februar beginnt früher" in sending.text(got[SUSANNE])


def test_another_place_asks_again(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    hall = VenueFactory(name="Volkshochschule Emsregion, Forum", is_step_free=False, note="", bus_note="")
    move(february, cast, at=AT + 2 * MINUTE, by=dt.timedelta(), venue=hall)

    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    assert got[SUSANNE]["Subject"] == "Verlegt: Arbeit, 11.02.2027: anderer Ort"
    assert sending.calendar(got[SUSANNE])["SEQUENCE"] == "1"


def test_first_place_asks_again(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    Meeting.objects.filter(pk=february.pk).update(venue=None)  # a date of the year's plan that had no host yet
    sending.deliver(relay, at=AT + MINUTE)
    february.refresh_from_db()
    facts = {"start": february.start, "end": february.end, "venue": VenueFactory(name="Bürgerhaus Haseburg")}
    planning.move_date(february, **facts, version=february.version, by=cast.imke, at=AT + WEEK)

    message = sending.deliver(relay, at=AT + WEEK + MINUTE)[SUSANNE]

    entry = sending.calendar(message)
    assert (entry["LOCATION"], entry["SEQUENCE"]) == ("Bürgerhaus Haseburg", "1")


def test_new_link_is_told_without_asking_again(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    planning.edit(february, video_link="https://konferenz.example/neu", version=1, by=cast.imke, at=AT + 2 * MINUTE)

    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    assert got[SUSANNE]["Subject"] == "Geändert: Arbeit, 11.02.2027"
    assert sending.calendar(got[SUSANNE])["SEQUENCE"] == "0"
    assert "Ihre Antwort gilt weiter. Sie müssen nichts tun." in sending.text(got[SUSANNE])


def test_cancellation_reaches_every_calendar(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    first = sending.deliver(relay, at=AT + MINUTE)
    answers.answer(row(february, cast.susanne), answer=Answer.ACCEPTED, via=Via.LINK, by=cast.susanne, at=AT + MINUTE)
    planning.cancel(
        february,
        reason="Für morgen ist Glatteis angesagt. Die Wege sind nicht sicher.",
        by=cast.imke,
        at=AT + 2 * MINUTE,
    )

    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    assert sorted(got) == [BIRGIT, CORINNA, SUSANNE]
    same_as_snapshot("cancelled", got[SUSANNE])
    part = sending.calendar(got[SUSANNE])
    assert (part["METHOD"], part["SEQUENCE"], part["STATUS"]) == ("CANCEL", "1", "CANCELLED")
    assert part["UID"] == sending.calendar(first[SUSANNE])["UID"]


def test_reasons_without_full_stop_leave_as_sentences(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    move(february, cast, at=AT + 2 * MINUTE, reason="am 11. Februar tagt der Kreistag")
    moved = sending.text(sending.deliver(relay, at=AT + 4 * MINUTE)[SUSANNE])
    planning.cancel(february, reason="der Raum ist nicht frei", by=cast.imke, at=AT + 5 * MINUTE)
    cancelled = sending.text(sending.deliver(relay, at=AT + 7 * MINUTE)[SUSANNE])

    assert "\n\nwir verlegen die Sitzung des Arbeitsbündnisses Arbeit. Am 11. Februar\ntagt der Kreistag.\n\n" in moved
    assert "Bitte kommen Sie nicht.\n\nDer Raum ist nicht frei.\n\n" in cancelled


def test_cancellation_before_the_invitation_left_drops_both(
    february: Meeting, relay: smtp_sink.Sink, cast: World
) -> None:
    planning.cancel(february, reason="Doch nicht.", by=cast.imke, at=AT + MINUTE / 2)

    assert sending.deliver(relay, at=AT + 5 * MINUTE) == {}
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {OutboxState.SUPERSEDED}


def test_cancellation_of_what_the_relay_never_took_drops_both(
    february: Meeting, relay: smtp_sink.Sink, cast: World
) -> None:
    relay.answers[SUSANNE] = "452 4.2.2 mailbox full"
    sending.deliver(relay, at=AT + MINUTE)
    relay.answers.clear()
    planning.cancel(february, reason="Glatteis.", by=cast.imke, at=AT + 2 * MINUTE)

    got = sending.deliver(relay, at=AT + 60 * MINUTE)

    assert sorted(got) == [BIRGIT, CORINNA]


def test_deputy_is_invited_and_the_members_entry_goes(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    answers.name_deputy(row(february, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + MINUTE)

    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    assert sorted(got) == [ROLF, SUSANNE]
    same_as_snapshot("uninvited", got[SUSANNE])
    same_as_snapshot("invitation_deputy", got[ROLF])
    member, deputy = sending.calendar(got[SUSANNE]), sending.calendar(got[ROLF])
    assert (member["METHOD"], member["SEQUENCE"], member.get("STATUS")) == ("CANCEL", "1", None)
    assert (deputy["METHOD"], deputy["SEQUENCE"]) == ("REQUEST", "0")


def test_deputy_taken_back_undoes_all(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    answers.name_deputy(row(february, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + MINUTE)
    sending.deliver(relay, at=AT + 3 * MINUTE)
    answers.withdraw_deputy(row(february, cast.susanne), via=Via.LINK, by=cast.susanne, at=AT + 4 * MINUTE)

    got = sending.deliver(relay, at=AT + 6 * MINUTE)

    member, deputy = sending.calendar(got[SUSANNE]), sending.calendar(got[ROLF])
    assert (member["METHOD"], member["SEQUENCE"]) == ("REQUEST", "2")
    assert (deputy["METHOD"], deputy["SEQUENCE"]) == ("CANCEL", "1")
    assert got[SUSANNE]["Subject"] == "Arbeit, 11.02.2027: Sie sind wieder eingeladen"


def test_deputy_taken_back_at_once_tells_nobody(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    answers.name_deputy(row(february, cast.susanne), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=AT + MINUTE)
    answers.withdraw_deputy(row(february, cast.susanne), via=Via.LINK, by=cast.susanne, at=AT + MINUTE)

    assert sending.deliver(relay, at=AT + 3 * MINUTE) == {}


def test_reminder_goes_three_days_before_at_seven_to_those_without_answer(
    february: Meeting, relay: smtp_sink.Sink, cast: World
) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    answers.answer(row(february, cast.birgit), answer=Answer.ACCEPTED, via=Via.LINK, by=cast.birgit, at=AT + MINUTE)
    seven = dt.datetime(2027, 2, 8, 6, 0, tzinfo=dt.UTC)

    early = sending.deliver(relay, at=seven - MINUTE)
    got = sending.deliver(relay, at=seven)
    again = sending.deliver(relay, at=seven + 60 * MINUTE)

    assert (early, sorted(got), again) == ({}, [CORINNA, SUSANNE], {})
    same_as_snapshot("answer_reminder", got[SUSANNE])
    assert sending.calendar(got[SUSANNE]) == {}


def test_reminder_is_over_once_the_person_answered(february: Meeting, relay: smtp_sink.Sink, cast: World) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    seven = dt.datetime(2027, 2, 8, 6, 0, tzinfo=dt.UTC)
    for person in (cast.birgit, cast.susanne, cast.corinna):
        answers.answer(row(february, person), answer=Answer.DECLINED, via=Via.LINK, by=person, at=AT + MINUTE)

    assert sending.deliver(relay, at=seven) == {}


def test_vorzimmer_gets_a_plain_notice_without_calendar_or_acting_link(
    february: Meeting, relay: smtp_sink.Sink, cast: World
) -> None:
    FurtherAddress.objects.create(person=cast.birgit, address="vorzimmer@jobcenter.example", gets_copy=True)
    FurtherAddress.objects.create(person=cast.birgit, address="privat@jobcenter.example", gets_copy=False)

    got = sending.deliver(relay, at=AT + MINUTE)

    assert sorted(got) == [BIRGIT, CORINNA, SUSANNE, "vorzimmer@jobcenter.example"]
    notice = got["vorzimmer@jobcenter.example"]
    same_as_snapshot("copy", notice)
    assert sending.calendar(notice) == {}
    acting = ("/antwort/", "/sitzung/", "/einstellungen/")
    assert [path for path in acting if path in sending.text(notice)] == []


def test_copy_of_a_cancellation_is_dropped_where_no_copy_left(
    february: Meeting, relay: smtp_sink.Sink, cast: World
) -> None:
    FurtherAddress.objects.create(person=cast.birgit, address="vorzimmer@jobcenter.example", gets_copy=True)
    planning.cancel(february, reason="Doch nicht.", by=cast.imke, at=AT + MINUTE / 2)

    assert sending.deliver(relay, at=AT + 5 * MINUTE) == {}


def test_noted_date_tells_nobody(cast: World, relay: smtp_sink.Sink, february: Meeting) -> None:
    Meeting.objects.filter(pk=february.pk).update(state="planned")
    february.refresh_from_db()
    OutboxMessage.objects.all().delete()
    move(february, cast, at=AT + MINUTE)

    sending.deliver(relay, at=AT + 5 * MINUTE)

    assert OutboxMessage.objects.filter(kind=MailKind.MOVED).count() == 0


def test_cost_of_a_batch_does_not_grow_by_queries_of_the_meeting(
    february: Meeting, relay: smtp_sink.Sink, django_assert_max_num_queries: Any
) -> None:
    """Three messages: their own rows and a look at the valve (three each), and what they share once."""
    dispatch.fan_out(at=AT + MINUTE)
    with django_assert_max_num_queries(3 * 3 + 37):
        outbox.send_batch(at=AT + MINUTE)
