"""A year's dates: one mail to each person, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse.enums import MailFormat
from buendnisse.models import FurtherAddress, Membership, Person
from meetings.domain import planning, year_plan
from meetings.models import Meeting
from notifications.domain import dispatch, outbox
from notifications.models import Invitation
from tests.notifications import sending, year
from tests.notifications.year import cancel, fix, move, same_as_snapshot
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)
WEEK = dt.timedelta(days=7)
SUSANNE, BIRGIT, ROLF, HEDWIG, CORINNA = (
    f"{name}@verein.example" for name in ("susanne", "birgit", "rolf", "hedwig", "corinna")
)
VORZIMMER = "vorzimmer@jobcenter.example"
INTRODUCTION = "ein neues Jahr, und zwölf Gelegenheiten, sich zu sehen.\r\n\r\nWir freuen uns <auf> Sie & Ihre Themen."


def test_each_person_gets_one_mail_with_all_own_dates(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    fix(planned, cast, introduction=INTRODUCTION)

    got = sending.deliver(relay, at=AT + MINUTE)

    assert sorted(recipient for recipient, _data in relay.mail) == [BIRGIT, HEDWIG, SUSANNE]
    assert [sending.calendar(message) for message in got.values()] == [{}, {}, {}]
    same_as_snapshot("save_the_date", got[SUSANNE])
    same_as_snapshot("save_the_date_one", got[HEDWIG])


def test_introduction_is_text_and_nothing_else(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    fix(planned, cast, introduction=INTRODUCTION)

    message = sending.deliver(relay, at=AT + MINUTE)[BIRGIT]

    page = next(part for part in message.walk() if part.get_content_type() == "text/html").get_content()
    assert "Wir freuen uns &lt;auf&gt; Sie &amp; Ihre Themen.</p>" in page
    assert "Wir freuen uns <auf> Sie & Ihre Themen.\n" in sending.text(message)


def test_second_ring_sends_nothing(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)

    assert sending.deliver(relay, at=AT + 5 * MINUTE) == {}


def test_no_calendar_entry_is_made_before_the_invitation(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    """So that dates taken back can be thrown away."""
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    move(arbeit, cast, at=AT + 2 * MINUTE)
    sending.deliver(relay, at=AT + 4 * MINUTE)

    assert Invitation.objects.count() == 0


def test_dates_taken_back_before_the_mail_left_are_told_to_nobody(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    fix(planned, cast)
    year_plan.reopen(planned, year=2027, by=cast.imke, at=AT + MINUTE / 2)

    assert sending.deliver(relay, at=AT + 3 * MINUTE) == {}


def test_dates_told_taken_back_and_fixed_again_are_told_where_they_are_new(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    arbeit = fix(planned, cast)[0]
    sending.deliver(relay, at=AT + MINUTE)
    year_plan.reopen(planned, year=2027, by=cast.imke, at=AT + 2 * MINUTE)
    move(arbeit, cast, at=AT + 3 * MINUTE)
    fix(planned, cast, at=AT + 4 * MINUTE)

    got = sending.deliver(relay, at=AT + 6 * MINUTE)

    assert sorted(got) == [BIRGIT, SUSANNE]
    assert "Wann: Donnerstag, 18. Februar 2027, 10:00 bis 12:00 Uhr" in sending.text(got[SUSANNE])


@pytest.mark.parametrize("count", [1, 3])
def test_cost_of_a_mail_does_not_grow_with_its_dates(
    cast: World, relay: smtp_sink.Sink, django_assert_max_num_queries: Any, count: int
) -> None:
    """Two mails of two queries each, what both share (whether mailboxes are, too), and each meeting's links granted for both at once."""
    days = [dt.date(2027, 2, 11), dt.date(2027, 5, 13), dt.date(2027, 8, 26)][:count]
    year.confirm([year.note(cast.arbeit, cast, day=day) for day in days], cast)
    dispatch.fan_out(at=AT + MINUTE)

    with django_assert_max_num_queries(2 * 2 + 29 + 6 * count):
        outbox.send_batch(at=AT + MINUTE)


def test_what_changes_while_the_mail_waits_is_shown_as_it_is_and_told_by_no_other(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    arbeit, bildung, _gesellschaft, _may = fix(planned, cast)
    move(arbeit, cast, at=AT + MINUTE / 3)
    cancel(bildung, cast, at=AT + MINUTE / 2)

    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    assert sorted(recipient for recipient, _data in relay.mail) == [BIRGIT, HEDWIG, SUSANNE]
    lines = sending.text(got[SUSANNE]).splitlines()
    assert lines[0] == "Arbeit: Ihre Termine 2027"
    assert [line for line in lines if line.startswith("Wann: ")] == [
        "Wann: Donnerstag, 18. Februar 2027, 10:00 bis 12:00 Uhr",
        "Wann: Donnerstag, 13. Mai 2027, 10:00 bis 12:00 Uhr",
    ]


def test_mail_the_relay_did_not_take_shows_what_holds_when_it_leaves(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    relay.answers[SUSANNE] = "452 4.2.2 mailbox full"
    arbeit, *_rest = fix(planned, cast)
    sending.deliver(relay, at=AT + MINUTE)
    relay.answers.clear()
    move(arbeit, cast, at=AT + 2 * MINUTE)

    got = [sending.deliver(relay, at=AT + minutes * MINUTE) for minutes in (4, 60)]

    assert [sorted(mail) for mail in got] == [[BIRGIT], [SUSANNE]]
    assert "Wann: Donnerstag, 18. Februar 2027, 10:00 bis 12:00 Uhr" in sending.text(got[1][SUSANNE])


def test_who_has_no_date_left_gets_nothing(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    for meeting in fix(planned, cast)[:3]:
        cancel(meeting, cast, at=AT + MINUTE / 2)

    got = sending.deliver(relay, at=AT + 3 * MINUTE)

    assert sorted(got) == [BIRGIT, SUSANNE]
    assert got[BIRGIT]["Subject"] == "Arbeit, 13.05.2027: Ihr Termin 2027"


def test_who_reads_no_mail_gets_none(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    Person.objects.filter(pk=cast.hedwig.pk).update(email="")
    Person.objects.filter(pk=cast.birgit.pk).update(mail_format=MailFormat.NONE)
    fix(planned, cast)

    assert sorted(sending.deliver(relay, at=AT + MINUTE)) == [SUSANNE]


def test_further_address_gets_the_dates_without_any_link(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    FurtherAddress.objects.create(person=cast.birgit, address=VORZIMMER, gets_copy=True)
    fix(planned, cast)

    notice = sending.deliver(relay, at=AT + MINUTE)[VORZIMMER]

    same_as_snapshot("save_the_date_copy", notice)
    personal = ("/kalender/", "/sitzung/", "/einstellungen/")
    assert [path for path in personal if path in sending.text(notice)] == []


def test_further_address_hears_of_a_move_once_and_only_after_the_dates(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    FurtherAddress.objects.create(person=cast.birgit, address=VORZIMMER, gets_copy=True)
    arbeit, *_rest = fix(planned, cast)
    move(arbeit, cast, at=AT + MINUTE / 2)
    sending.deliver(relay, at=AT + 2 * MINUTE)
    first = [recipient for recipient, _data in relay.mail].count(VORZIMMER)
    move(arbeit, cast, at=AT + 3 * MINUTE)

    got = sending.deliver(relay, at=AT + 5 * MINUTE)

    assert (first, got[VORZIMMER]["Subject"]) == (1, "Geändert: Arbeit, 25.02.2027: Zur Kenntnis")
    assert "hat dazu eine eigene E-Mail bekommen." in " ".join(sending.text(got[VORZIMMER]).split())


def test_later_dates_of_the_year_are_told_with_those_that_stand(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    fix(planned[:2], cast)
    sending.deliver(relay, at=AT + MINUTE)
    fix(planned[2:], cast, at=AT + 2 * MINUTE)

    got = sending.deliver(relay, at=AT + 4 * MINUTE)

    assert sorted(got) == [BIRGIT, HEDWIG, SUSANNE]
    lines = sending.text(got[SUSANNE]).splitlines()
    assert [line for line in lines if line.startswith("- ")] == [
        "- Donnerstag, 11. Februar 2027, 10:00 bis 12:00 Uhr, Arbeit",
        "- Mittwoch, 17. Februar 2027, 15:00 bis 17:00 Uhr, Bildung",
        "- Neu: Donnerstag, 13. Mai 2027, 10:00 bis 12:00 Uhr, Arbeit",
    ]
    assert [line for line in lines if line.startswith("Wann: ")] == [
        "Wann: Donnerstag, 13. Mai 2027, 10:00 bis 12:00 Uhr",
    ]


def test_second_mail_says_first_what_is_new(planned: list[Meeting], cast: World, relay: smtp_sink.Sink) -> None:
    fix(planned[:2], cast)
    sending.deliver(relay, at=AT + MINUTE)
    planning.edit(planned[3], note="bitte bringen Sie Zahlen mit", version=1, by=cast.imke, at=AT + MINUTE)
    fix(planned[2:], cast, at=AT + 2 * MINUTE, introduction=INTRODUCTION)

    got = sending.deliver(relay, at=AT + 4 * MINUTE)

    same_as_snapshot("save_the_date_added", got[SUSANNE])
    assert got[HEDWIG]["Subject"] == "Gesellschaft, 03.03.2027: Ihr Termin 2027"


def test_second_mail_tells_a_date_that_changed_from_one_that_was_added(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    arbeit, *_rest = fix(planned[:2], cast)
    sending.deliver(relay, at=AT + MINUTE)
    year_plan.reopen(planned[:2], year=2027, by=cast.imke, at=AT + 2 * MINUTE)
    move(arbeit, cast, at=AT + 3 * MINUTE)
    fix(planned, cast, at=AT + 4 * MINUTE)

    got = sending.deliver(relay, at=AT + 6 * MINUTE)

    words = " ".join(sending.text(got[SUSANNE]).split())
    assert got[SUSANNE]["Subject"] == "Arbeit: Ein neuer Termin 2027"
    assert (
        "ein Termin ist dazugekommen: Donnerstag, 13. Mai 2027 (Arbeit). "
        "Ein Termin ist jetzt anders: Donnerstag, 18. Februar 2027 (Arbeit)."
    ) in words.replace("\N{NO-BREAK SPACE}", " ")
    assert [line for line in sending.text(got[SUSANNE]).splitlines() if line.startswith("- ")] == [
        "- Mittwoch, 17. Februar 2027, 15:00 bis 17:00 Uhr, Bildung",
        "- Geändert: Donnerstag, 18. Februar 2027, 10:00 bis 12:00 Uhr, Arbeit",
        "- Neu: Donnerstag, 13. Mai 2027, 10:00 bis 12:00 Uhr, Arbeit",
    ]


def test_quarter_without_a_date_is_told_until_it_has_one(
    planned: list[Meeting], cast: World, relay: smtp_sink.Sink
) -> None:
    """A draft is no date; a date that fell through promises none; who leaves is promised nothing after that."""
    Membership.objects.filter(person=cast.susanne, body=cast.bildung).update(until=dt.date(2027, 4, 30))
    fix(planned[:2], cast)
    autumn = [year.note(cast.arbeit, cast, day=day) for day in (dt.date(2027, 8, 26), dt.date(2027, 11, 4))]
    first = sending.text(sending.deliver(relay, at=AT + MINUTE)[SUSANNE])
    fix([*autumn, planned[3]], cast, at=AT + 2 * MINUTE)
    cancel(autumn[0], cast, at=AT + 2 * MINUTE)
    second = sending.text(sending.deliver(relay, at=AT + 4 * MINUTE)[SUSANNE])

    assert [_gaps(text) for text in (first, second)] == [
        "Für Bildung folgt noch ein Termin im 2. Quartal. Für Arbeit folgen noch Termine im 2., 3. und 4. Quartal.",
        "Für Bildung folgt noch ein Termin im 2. Quartal.",
    ]


def _gaps(text: str) -> str:
    return next(" ".join(part.split()) for part in text.split("\n\n") if part.startswith("Für "))


def test_date_in_a_calendar_already_is_listed_and_stays_known_from_there(
    cast: World, february: Meeting, relay: smtp_sink.Sink
) -> None:
    sending.deliver(relay, at=AT + MINUTE)
    year.confirm([year.note(cast.arbeit, cast, day=dt.date(2027, 5, 13))], cast, at=AT + 2 * MINUTE)
    told = sending.text(sending.deliver(relay, at=AT + 4 * MINUTE)[SUSANNE])
    cancel(february, cast, at=AT + 5 * MINUTE)

    got = sending.deliver(relay, at=AT + 7 * MINUTE)

    assert "\n- Donnerstag, 11. Februar 2027, 10:00 bis 12:00 Uhr, Arbeit\n" in told
    assert {sending.calendar(message)["METHOD"] for message in got.values()} == {"CANCEL"}


def test_meeting_scheduled_alone_still_asks_at_once(february: Meeting, relay: smtp_sink.Sink) -> None:
    got = sending.deliver(relay, at=AT + MINUTE)

    assert {sending.calendar(message)["METHOD"] for message in got.values()} == {"REQUEST"}
