"""The tray: every mail that could not be applied is settled by one button, and the button can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import AddressWish, ApiToken, Change, Contact, FurtherAddress, Person, SharedMailbox, Topic
from meetings.domain import answers, replies
from meetings.domain.versions import Stale
from meetings.enums import Answer
from meetings.models import Attendance, Meeting
from notifications.domain import retention, ring, tray, tray_settling
from notifications.domain.tray_settling import NotSettled
from notifications.models import InboundMessage, Invitation
from tests.notifications import inbound_mail
from tests.notifications.inbound_mail import NOON, receive, reply
from tests.support import mail_programs, smtp_sink
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
KAI = {"attendee": "kai@bbs.example", "name": "Kai Kollege"}


@pytest.fixture(autouse=True)
def _our_server(settings: Any) -> None:
    settings.AUTHSERV_ID = mail_programs.OUR_SERVER


def row_of(meeting: Meeting, cast: World) -> Attendance:
    related = ("meeting__alliance", "person", "organisation")
    return Attendance.objects.select_related(*related).get(meeting=meeting, person=cast.susanne)


def said(meeting: Meeting, cast: World) -> str:
    [found] = [one for one in replies.of(meeting) if one.person_id == cast.susanne.pk]
    return found.said


def by(cast: World, row: InboundMessage) -> dict[str, Any]:
    row.refresh_from_db()
    return {"by": cast.imke, "at": NOON + HOUR, "version": row.version}


def stranger(meeting: Meeting, cast: World) -> InboundMessage:
    return receive(mail_programs.gmail(reply(meeting, cast.susanne, **KAI)))


def test_answer_is_entered_for_the_invited_person_and_taken_back(invited: Meeting, cast: World) -> None:
    row = stranger(invited, cast)
    tray_settling.enter(row, row_of(invited, cast), Answer.ACCEPTED, **by(cast, row))
    row.refresh_from_db()
    assert (row.state, row.settlement, row.settled_by, said(invited, cast)) == (
        "settled",
        "applied",
        cast.imke,
        "kommt",
    )

    tray_settling.reopen(row, **by(cast, row))

    row.refresh_from_db()
    assert (row.state, row.settlement, row.settled_by, said(invited, cast)) == ("open", "", None, "")


def test_address_is_remembered_and_then_believed(invited: Meeting, cast: World) -> None:
    row = stranger(invited, cast)
    tray_settling.enter(row, row_of(invited, cast), Answer.ACCEPTED, remember=True, **by(cast, row))

    later = reply(invited, cast.susanne, **KAI, partstat="DECLINED", stamp=NOON + 2 * HOUR, number=2)
    assert receive(mail_programs.gmail(later), at=NOON + 2 * HOUR).reason == "answered"
    assert said(invited, cast) == "kommt nicht"

    with pytest.raises(NotSettled, match="Inzwischen gilt eine neuere Antwort. Sie bleibt, wie sie ist."):
        tray_settling.reopen(row, **by(cast, row))
    assert FurtherAddress.objects.filter(person=cast.susanne, address="kai@bbs.example").exists()


def test_taking_back_forgets_the_address(invited: Meeting, cast: World) -> None:
    row = stranger(invited, cast)
    tray_settling.enter(row, row_of(invited, cast), Answer.ACCEPTED, remember=True, **by(cast, row))

    tray_settling.reopen(row, **by(cast, row))

    assert not FurtherAddress.objects.filter(person=cast.susanne).exists()


def test_stranger_becomes_a_deputy_who_has_answered(invited: Meeting, cast: World) -> None:
    row = stranger(invited, cast)
    tray_settling.name_deputy(row, row_of(invited, cast), name="Kai Kollege", email="kai@bbs.example", **by(cast, row))
    assert said(invited, cast) == "kommt nicht; Kai Kollege vertritt"

    tray_settling.reopen(row, **by(cast, row))

    assert said(invited, cast) == ""


@pytest.mark.parametrize("is_written", [False, True])
def test_deputy_taken_back_before_any_mail_left_is_nowhere_any_more(
    invited: Meeting, cast: World, relay: smtp_sink.Sink, is_written: bool
) -> None:
    row, before = stranger(invited, cast), len(relay.mail)
    tray_settling.name_deputy(row, row_of(invited, cast), name="Kai Kollege", email="kai@bbs.example", **by(cast, row))
    if is_written:
        ring.ring(at=NOON + HOUR)
    tray_settling.reopen(row, **by(cast, row))
    for minutes in (1, 2, 3):
        ring.ring(at=NOON + HOUR + minutes * inbound_mail.MINUTE)

    assert not Person.objects.filter(last_name="Kollege").exists()
    assert {one.full_name for one in replies.of(invited)} == {"Birgit Hanneken", "Corinna Lahme", "Susanne Overhage"}
    assert len(relay.mail) == before


def test_deputy_who_heard_of_it_stays_on_the_list(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    row = stranger(invited, cast)
    tray_settling.name_deputy(row, row_of(invited, cast), name="Kai Kollege", email="kai@bbs.example", **by(cast, row))
    for minutes in (0, 1, 2):
        ring.ring(at=NOON + HOUR + minutes * inbound_mail.MINUTE)
    tray_settling.reopen(row, **by(cast, row))

    assert not Attendance.objects.get(person__email="kai@bbs.example").is_asked


def test_deputy_known_before_stays_a_person(invited: Meeting, cast: World) -> None:
    Person.objects.create(first_name="Kai", last_name="Kollege", organisation=cast.susanne.organisation)
    row = stranger(invited, cast)
    tray_settling.name_deputy(row, row_of(invited, cast), name="Kai Kollege", email="", **by(cast, row))
    tray_settling.reopen(row, **by(cast, row))

    assert Person.objects.filter(last_name="Kollege").exists()


def test_deputy_somebody_has_described_since_stays(invited: Meeting, cast: World) -> None:
    row = stranger(invited, cast)
    tray_settling.name_deputy(row, row_of(invited, cast), name="Kai Kollege", email="kai@bbs.example", **by(cast, row))
    Person.objects.filter(last_name="Kollege").update(phone="00000 4105", version=2)
    tray_settling.reopen(row, **by(cast, row))

    assert Person.objects.filter(last_name="Kollege").exists()


def gets_a_further_address(kai: Person) -> None:
    FurtherAddress.objects.create(person=kai, address="k@bbs.example")


def asks_for_another_address(kai: Person) -> None:
    AddressWish.objects.create(person=kai, address="k@bbs.example", asked_at=NOON)


def is_a_contact(kai: Person) -> None:
    Contact.objects.create(person=kai, topic=Topic.objects.create(name="Rufbus"))


def has_a_key(kai: Person) -> None:
    ApiToken.objects.create(person=kai, name="Kalender", digest="d", created_at=NOON)


def shares_a_mailbox(kai: Person) -> None:
    SharedMailbox.objects.create(address="buero@bbs.example").people.add(kai)


def has_an_address_that_holds(kai: Person) -> None:
    with transaction.atomic():
        journal.record("person.address_holds", kai, at=NOON + HOUR, by=None)


@pytest.mark.parametrize(
    "described",
    [
        gets_a_further_address,
        asks_for_another_address,
        is_a_contact,
        has_a_key,
        shares_a_mailbox,
        has_an_address_that_holds,
    ],
)
def test_deputy_about_whom_something_was_entered_since_stays_with_it(
    invited: Meeting, cast: World, described: Callable[[Person], None]
) -> None:
    row = stranger(invited, cast)
    tray_settling.name_deputy(row, row_of(invited, cast), name="Kai Kollege", email="kai@bbs.example", **by(cast, row))
    described(Person.objects.get(last_name="Kollege"))
    tray_settling.reopen(row, **by(cast, row))

    assert Person.objects.filter(last_name="Kollege").count() == 1
    assert said(invited, cast) == ""


def test_deputy_needs_two_names(invited: Meeting, cast: World) -> None:
    row = stranger(invited, cast)
    with pytest.raises(NotSettled, match="Bitte nennen Sie Vornamen und Nachnamen."):
        tray_settling.name_deputy(row, row_of(invited, cast), name="Kai", email="", **by(cast, row))


def test_late_mail_does_not_undo_what_was_entered_by_hand(invited: Meeting, cast: World) -> None:
    row = stranger(invited, cast)
    tray_settling.enter(row, row_of(invited, cast), Answer.DECLINED, **by(cast, row))

    late = receive(mail_programs.outlook(reply(invited, cast.susanne)), at=NOON + 2 * HOUR)

    assert (late.reason, said(invited, cast)) == ("overtaken", "kommt nicht")


def test_mail_in_words_becomes_an_answer_by_mail(invited: Meeting, cast: World) -> None:
    row = receive(mail_programs.words("Ich komme gern."))
    tray_settling.enter(row, row_of(invited, cast), Answer.ACCEPTED, **by(cast, row))

    [found] = [one for one in replies.of(invited) if one.person_id == cast.susanne.pk]
    assert (found.word, found.how) == ("kommt", "E-Mail, 23.11.2026")


def test_reading_settles_and_is_taken_back(cast: World) -> None:
    row = inbound_mail.words(cast)
    tray_settling.read(row, **by(cast, row))
    assert tray.waiting() == []

    tray_settling.reopen(row, **by(cast, row))
    assert tray.waiting() == [row]


def test_second_button_on_what_was_settled_meanwhile_is_refused(cast: World) -> None:
    row = inbound_mail.words(cast)
    stale = by(cast, row)
    tray_settling.read(row, **stale)

    with pytest.raises(Stale, match="Inzwischen hat jemand anderes das geändert."):
        tray_settling.pass_on(row, **stale)
    with pytest.raises(NotSettled, match="Das geht nicht: Die Mail ist schon erledigt."):
        tray_settling.read(row, **by(cast, row))


def test_nothing_is_passed_on_without_a_mailbox(cast: World) -> None:
    row = inbound_mail.words(cast)
    with pytest.raises(NotSettled, match="Diese Mail lässt sich nicht weitergeben."):
        tray_settling.pass_on(row, **by(cast, row))


def test_only_a_proposal_can_be_turned_down(cast: World) -> None:
    row = inbound_mail.words(cast)
    with pytest.raises(NotSettled, match="Diese Mail schlägt keine andere Zeit vor."):
        tray_settling.keep_date(row, **by(cast, row))


# --- Provisional answers --------------------------------------------------------------------------------------------


def test_invited_person_takes_an_answer_back_that_is_not_theirs(invited: Meeting, cast: World) -> None:
    answers.answer(row_of(invited, cast), answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=NOON - 4 * HOUR)
    row = inbound_mail.from_elsewhere(invited, cast)
    assert said(invited, cast) == "kommt"

    tray_settling.reject(row, by=cast.susanne, at=NOON + HOUR, via=Via.LINK)
    tray_settling.reject(row, by=cast.susanne, at=NOON + HOUR, via=Via.LINK)

    row.refresh_from_db()
    assert (row.outcome, row.reason, row.state) == ("tray", "taken_back", "open")
    stored = row_of(invited, cast)
    assert (stored.answer, stored.answered_via) == ("declined", "mail_link")


def test_answer_taken_back_does_not_outdate_the_persons_own(invited: Meeting, cast: World) -> None:
    ahead = reply(invited, cast.susanne, stamp=NOON + DAY)
    row = receive(mail_programs.nextcloud(ahead))
    tray_settling.reject(row, by=cast.susanne, at=NOON + HOUR, via=Via.LINK)
    assert Invitation.objects.get(person=cast.susanne).last_reply_stamp is None

    own = reply(invited, cast.susanne, partstat="DECLINED", stamp=NOON + 2 * HOUR, number=2)
    assert receive(mail_programs.outlook(own), at=NOON + 2 * HOUR).reason == "answered"


def test_newer_answer_is_not_taken_back_with_the_provisional_one(invited: Meeting, cast: World) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    answers.answer(row_of(invited, cast), answer=Answer.DECLINED, via=Via.LINK, by=cast.susanne, at=NOON + HOUR)

    with pytest.raises(NotSettled, match="Inzwischen gilt etwas anderes. Das bleibt, wie es ist."):
        tray_settling.reject(row, by=cast.susanne, at=NOON + 2 * HOUR, via=Via.LINK)


def test_confirmed_answer_is_no_longer_provisional(invited: Meeting, cast: World) -> None:
    row = inbound_mail.from_elsewhere(invited, cast)
    tray_settling.confirm(row, by=cast.susanne, at=NOON + HOUR, via=Via.LINK)
    tray_settling.confirm(row, by=cast.susanne, at=NOON + HOUR, via=Via.LINK)

    row.refresh_from_db()
    assert (row.outcome, row.state, row.settlement) == ("applied", "settled", "confirmed")
    assert Change.objects.filter(verb="inbound.confirmed").count() == 1
    with pytest.raises(NotSettled, match="Diese Antwort gilt nicht mehr vorläufig."):
        tray_settling.reject(row, by=cast.susanne, at=NOON + HOUR)


# --- Found again, and forgotten ---------------------------------------------------------------------------------------


def test_tabs_and_search(invited: Meeting, cast: World) -> None:
    inbound_mail.words(cast)
    inbound_mail.from_elsewhere(invited, cast)
    settled = receive(mail_programs.words("Danke", subject="Dank", number=2))
    tray_settling.read(settled, **by(cast, settled))
    receive(mail_programs.outlook(reply(invited, cast.birgit)))

    counts = {tab.key: tab.count for tab in tray.tabs(tray.Filters())}
    assert counts == {"offen": 1, "vorlaeufig": 1, "erledigt": 1, "abgelegt": 1}
    for words in ("frage", "SUSANNE", "overhage", "verein.example Frage"):
        assert len(tray.rows(tray.OPEN, tray.Filters(words=words), start=0, limit=9)) == 1
    assert tray.rows(tray.OPEN, tray.Filters(words="gibt es nicht"), start=0, limit=9) == []
    assert tray.rows(tray.OPEN, tray.Filters(kind="calendar"), start=0, limit=9) == []


def test_text_goes_after_90_days_and_the_rest_after_a_year(cast: World) -> None:
    row = inbound_mail.words(cast)
    waiting = receive(mail_programs.words("Bitte melden", number=2))
    tray_settling.read(row, **by(cast, row))

    assert retention.forget_inbound(at=NOON + 90 * DAY) == 0
    assert retention.forget_inbound(at=NOON + 91 * DAY) == 2
    assert retention.forget_inbound(at=NOON + 91 * DAY) == 0
    row.refresh_from_db()
    assert (row.raw, row.subject) == (None, "Frage zur Sitzung")

    assert retention.forget_inbound(at=NOON + 366 * DAY) == 1
    assert list(InboundMessage.objects.all()) == [waiting]
