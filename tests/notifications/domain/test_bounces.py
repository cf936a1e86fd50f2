"""What comes back about a mail: who is held, what goes again, and whose matter it is."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes

import pytest

from buendnisse.domain import addresses
from buendnisse.enums import DigestRhythm
from buendnisse.models import Change, FurtherAddress, Person
from meetings.models import Meeting
from notifications import bounces as reading
from notifications.domain import bounces, outbox, returned, returns, ring, telephone_list
from notifications.domain.reach import Reach
from notifications.enums import MailKind, OutboxState, ReturnKind
from notifications.models import MailReturn, OutboxMessage
from tests.notifications import sending
from tests.notifications.bounces import reports
from tests.notifications.short_notice import cancel
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)

DAY = dt.timedelta(days=1)
THEN = AT + dt.timedelta(minutes=5)


def sent_to(person: Person, kind: str = MailKind.INVITATION) -> OutboxMessage:
    return OutboxMessage.objects.get(person=person, kind=kind, copy_to=None)


def come_back(
    message: OutboxMessage, *, status: str = "5.1.1", action: str = "failed", at: dt.datetime = THEN, **facts: str
) -> MailReturn | None:
    """A report about this message, as its server wrote it, to its envelope sender."""
    raw = reports.dsn(
        status=status,
        action=action,
        diagnostic=f"smtp; 550 {status} no",
        recipient=message.to_address,
        **({"to": returns.sender(message), "message_id": message.message_id} | facts),
    )
    report = reading.read(raw)
    assert report is not None
    return bounces.settle(report, inbound=None, at=at)


def state(message: OutboxMessage) -> str:
    return OutboxMessage.objects.get(pk=message.pk).state


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_each_message_leaves_from_an_envelope_sender_of_its_own(invited: Meeting, relay: smtp_sink.Sink) -> None:
    assert len(set(relay.senders)) == len(relay.mail) > 1
    for sender, (recipient, raw) in zip(relay.senders, relay.mail, strict=True):
        assert sender.startswith("buendnisse+bounce-")
        assert sender.endswith("@fachstelle.example")
        message = returns.message_of([sender])
        assert message is not None
        assert message.to_address == recipient
        assert message_from_bytes(raw)["From"].endswith("<buendnisse@fachstelle.example>")


def test_dead_address_holds_what_follows_and_says_so(invited: Meeting, cast: World) -> None:
    message = sent_to(cast.susanne)
    row = come_back(message)

    assert row is not None
    assert (row.kind, row.status, row.address) == (ReturnKind.HARD, "5.1.1", cast.susanne.email)
    message.refresh_from_db()
    assert (message.state, message.failure) == (
        OutboxState.FAILED,
        "Kam zurück, Adresse nimmt keine Mail an: 550 5.1.1 no",
    )
    susanne = again(cast.susanne)
    assert (susanne.mail_comes_back, susanne.gets_mail, susanne.wants_mail) == (True, False, True)
    assert not Person.objects.reachable_by_mail().filter(pk=susanne.pk).exists()
    change = Change.objects.get(verb="person.address_failed")
    assert (change.subject_id, change.reason, change.by) == (susanne.pk, "5.1.1", None)


def test_who_cannot_be_mailed_is_called_about_a_cancellation(invited: Meeting, cast: World) -> None:
    come_back(sent_to(cast.susanne))
    cancel(invited, cast, at=THEN)
    ring.ring(at=THEN + outbox.GRACE)

    listed = telephone_list.of(invited, at=THEN + outbox.GRACE)
    assert listed is not None
    [entry] = [one for one in listed.entries if one.row.person_id == cast.susanne.pk]
    assert (entry.reach, entry.words) == (Reach.CALL, "Mails an diese Adresse kommen zurück.")
    held = sent_to(cast.susanne, MailKind.CANCELLED)
    assert (held.state, held.is_held) == (OutboxState.STOPPED, True)


def test_waiting_mail_is_held_and_a_code_is_not(invited: Meeting, cast: World) -> None:
    for kind in (MailKind.MINUTES, MailKind.CODE):
        outbox.write(kind=kind, person=cast.susanne, occasion=f"{kind}:1", at=THEN)
    come_back(sent_to(cast.susanne))
    outbox.write(kind=MailKind.LINK, person=again(cast.susanne), occasion="link:1", at=THEN)

    found = OutboxMessage.objects.filter(person=cast.susanne, occasion__endswith=":1")
    assert dict(found.values_list("kind", "state")) == {
        "minutes": OutboxState.STOPPED,
        "code": OutboxState.WAITING,
        "link": OutboxState.WAITING,
    }


def test_address_that_holds_after_all_gets_the_same_bytes_again(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    message = sent_to(cast.susanne)
    come_back(message)
    before = len(relay.mail)

    assert returned.holds(again(cast.susanne), by=cast.imke, at=THEN) == 1
    ring.ring(at=THEN)

    assert relay.mail[before:] == [(cast.susanne.email, bytes(message.payload or b""))]
    assert again(cast.susanne).gets_mail
    assert MailReturn.objects.get().settled_by == cast.imke
    assert Change.objects.filter(verb="person.address_holds").count() == 1


def test_another_address_gets_a_mail_of_its_own(invited: Meeting, cast: World, relay: smtp_sink.Sink) -> None:
    message = sent_to(cast.susanne)
    come_back(message)
    before = len(relay.mail)

    susanne = again(cast.susanne)
    assert returned.correct(susanne, email="neu@bbs.example", version=susanne.version, by=cast.imke, at=THEN) == 1
    ring.ring(at=THEN)

    [(recipient, raw)] = relay.mail[before:]
    assert (recipient, sending.calendar(message_from_bytes(raw))["METHOD"]) == ("neu@bbs.example", "REQUEST")
    assert message_from_bytes(raw)["Message-ID"] != message.message_id
    assert state(message) == OutboxState.SUPERSEDED

    late = come_back(message)
    assert late is not None
    assert (late.settled_at, again(cast.susanne).gets_mail) == (THEN, True)


def test_address_changed_elsewhere_lets_go_at_the_next_ring(invited: Meeting, cast: World) -> None:
    come_back(sent_to(cast.susanne))
    outbox.write(kind=MailKind.MINUTES, person=again(cast.susanne), occasion="minutes:1", at=THEN)
    Person.objects.filter(pk=cast.susanne.pk).update(email="neu@bbs.example")

    assert returned.release_due(at=THEN) == 2
    assert returned.release_due(at=THEN) == 0
    assert not MailReturn.objects.open().exists()
    assert not OutboxMessage.objects.filter(is_held=True).exists()


def test_address_taken_away_drops_what_was_held(invited: Meeting, cast: World) -> None:
    come_back(sent_to(cast.susanne))
    held = outbox.write(kind=MailKind.MINUTES, person=again(cast.susanne), occasion="minutes:1", at=THEN)
    assert held is not None
    Person.objects.filter(pk=cast.susanne.pk).update(email="")

    assert returned.release_due(at=THEN) == 0
    assert state(held) == OutboxState.SUPERSEDED


def test_held_for_a_month_is_history(invited: Meeting, cast: World) -> None:
    come_back(sent_to(cast.susanne))
    held = outbox.write(kind=MailKind.MINUTES, person=again(cast.susanne), occasion="minutes:1", at=THEN)
    assert held is not None

    assert returned.holds(again(cast.susanne), by=cast.imke, at=THEN + 31 * DAY) == 0
    assert state(held) == OutboxState.SUPERSEDED


def test_address_of_who_signs_in_is_nobody_elses(cast: World) -> None:
    refusal = "Mit dieser Adresse meldet sich schon jemand anders an."
    with pytest.raises(addresses.AddressRefused, match=refusal):
        returned.correct(cast.birgit, email=cast.imke.email, version=1, by=cast.imke, at=AT)
    with pytest.raises(addresses.StaleAddress):
        returned.correct(cast.birgit, email="neu@jobcenter.example", version=9, by=cast.imke, at=AT)
    assert again(cast.birgit).email == cast.birgit.email


def test_full_mailbox_is_tried_again_twice_and_then_given_up(
    invited: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    message = sent_to(cast.susanne)
    at = THEN
    for _try in range(2):
        come_back(message, status="5.2.2", at=at)
        assert state(message) == OutboxState.WAITING
        ring.ring(at=at)
        assert state(message) == OutboxState.WAITING
        at += DAY
        ring.ring(at=at)
        assert state(message) == OutboxState.SENT

    come_back(message, status="5.2.2", at=at)
    assert state(message) == OutboxState.FAILED
    assert len({raw for recipient, raw in relay.mail if recipient == cast.susanne.email}) == 1
    assert again(cast.susanne).gets_mail
    assert not MailReturn.objects.open().exists()


def test_three_mails_that_came_back_within_a_month_make_a_dead_address(invited: Meeting, cast: World) -> None:
    rows = []
    for number in range(3):
        message = outbox.write(kind=MailKind.MINUTES, person=cast.susanne, occasion=f"minutes:{number}", at=THEN)
        assert message is not None
        OutboxMessage.objects.filter(pk=message.pk).update(
            state=OutboxState.SENT,
            payload=b"x",
            to_address=cast.susanne.email,
            message_id=f"<{number}@fachstelle.example>",
        )
        message.refresh_from_db()
        rows.append(come_back(message, status="4.2.2", at=THEN + number * DAY))

    assert again(cast.susanne).mail_comes_back
    assert [row.settled_at is None for row in MailReturn.objects.order_by("pk")] == [False, False, True]


def test_refusal_for_what_we_are_never_stops_a_person(invited: Meeting, cast: World) -> None:
    come_back(sent_to(cast.susanne), status="5.7.26")

    assert again(cast.susanne).gets_mail
    assert state(sent_to(cast.susanne)) == OutboxState.FAILED
    [trouble] = returned.troubles().policy
    assert (trouble.domain, trouble.last.status) == (cast.susanne.email.partition("@")[2], "5.7.26")


def test_complaint_stops_the_letter_with_news_and_nothing_else(invited: Meeting, cast: World) -> None:
    message = sent_to(cast.susanne)
    report = reading.read(reports.complaint(message_id=message.message_id))
    assert report is not None
    bounces.settle(report, inbound=None, at=THEN)

    susanne = again(cast.susanne)
    assert (susanne.digest, susanne.gets_mail, state(message)) == (DigestRhythm.NEVER, True, OutboxState.SENT)
    assert [trouble.person for trouble in returned.troubles().complaints] == [susanne]


def test_delay_is_noted_and_nothing_else(invited: Meeting, cast: World) -> None:
    row = come_back(sent_to(cast.susanne), status="4.4.1", action="delayed")

    assert row is not None
    assert (row.kind, row.settled_at) == (ReturnKind.DELAYED, THEN)
    assert (state(sent_to(cast.susanne)), again(cast.susanne).gets_mail) == (OutboxState.SENT, True)


def test_copy_that_comes_back_stops_the_copies_and_not_the_person(cast: World) -> None:
    copy_to = FurtherAddress.objects.create(person=cast.susanne, address="vorzimmer@bbs.example", gets_copy=True)
    message = outbox.write(kind=MailKind.COPY, person=cast.susanne, occasion="copy:1", at=AT, copy_to=copy_to)
    assert message is not None
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=OutboxState.SENT, payload=b"x", to_address=copy_to.address, message_id="<c@fachstelle.example>"
    )
    message.refresh_from_db()
    come_back(message)

    copy_to.refresh_from_db()
    assert (copy_to.gets_copy, again(cast.susanne).gets_mail) == (False, True)
    assert [trouble.last.copy_to for trouble in returned.troubles().copies] == [copy_to]


def test_report_about_an_address_the_person_has_no_longer_changes_nothing(invited: Meeting, cast: World) -> None:
    Person.objects.filter(pk=cast.susanne.pk).update(email="neu@bbs.example")
    row = come_back(sent_to(cast.susanne))

    assert row is not None
    assert (row.settled_at, again(cast.susanne).gets_mail) == (THEN, True)


def test_report_that_names_only_the_recipient_is_about_no_mail_of_ours(invited: Meeting, cast: World) -> None:
    """Anybody can write that somebody's mail does not arrive."""
    forged = come_back(sent_to(cast.susanne), to="buendnisse@fachstelle.example", message_id="<x@anderswo.example>")

    assert forged is None
    assert again(cast.susanne).gets_mail


def test_second_report_about_the_same_mail_does_nothing_more(invited: Meeting, cast: World) -> None:
    come_back(sent_to(cast.susanne))
    returned.holds(again(cast.susanne), by=cast.imke, at=THEN)
    before = Change.objects.count()
    come_back(sent_to(cast.susanne), status="5.2.2")

    assert (state(sent_to(cast.susanne)), Change.objects.count()) == (OutboxState.WAITING, before)


def test_relay_that_knows_nobody_of_this_name_is_a_dead_address_at_once(
    february: Meeting, cast: World, relay: smtp_sink.Sink
) -> None:
    relay.answers[cast.susanne.email] = "550 5.1.1 user unknown"
    ring.ring(at=sending.after_grace(AT))

    assert again(cast.susanne).mail_comes_back
    assert state(sent_to(cast.susanne)) == OutboxState.FAILED
    assert [trouble.person for trouble in returned.troubles().addresses] == [cast.susanne]


def test_reports_are_forgotten_ninety_days_after_they_were_settled(invited: Meeting, cast: World) -> None:
    come_back(sent_to(cast.susanne))
    come_back(sent_to(cast.birgit), status="5.7.1")
    returned.holds(again(cast.susanne), by=cast.imke, at=THEN)

    assert returned.forget(at=THEN + 90 * DAY) == 0
    assert returned.forget(at=THEN + 91 * DAY) == 1
    assert [row.person for row in MailReturn.objects.all()] == [cast.birgit]


def test_two_see_the_same_refusal_and_the_second_is_told(invited: Meeting, cast: World) -> None:
    row = come_back(sent_to(cast.susanne), status="5.7.1")
    assert row is not None
    returned.see(row, by=cast.imke, at=THEN)

    assert not returned.troubles()
    with pytest.raises(returned.AlreadySettled, match="Das hat gerade schon jemand erledigt."):
        returned.see(row, by=cast.imke, at=THEN)
