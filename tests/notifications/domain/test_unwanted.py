"""What somebody has chosen counts when a mail is about to leave, and so at once: also for what waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from buendnisse.domain import mail_wishes
from buendnisse.domain.mail_wishes import NothingToTakeBack
from buendnisse.enums import DigestRhythm, MailFormat, MailTopic
from buendnisse.models import Change, Person
from meetings.models import Meeting
from notifications.domain import outbox, ring, unwanted
from notifications.enums import MAY_BE_QUIET, MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.notifications.stories import minutes, topics
from tests.support import smtp_sink
from tests.world import AT, World

pytestmark = pytest.mark.django_db

SOON = AT + dt.timedelta(minutes=1)


def choose(person: Person, **wishes: object) -> None:
    mail_wishes.choose(person, replace(mail_wishes.wishes_of(person), **wishes), at=AT)  # type: ignore[arg-type]


def test_only_what_is_no_duty_can_be_left_out() -> None:
    always = set(MailKind) - set(MAY_BE_QUIET)

    assert {MailKind.INVITATION, MailKind.AGENDA, MailKind.MOVED, MailKind.CANCELLED, MailKind.BALLOT} <= always
    assert {topic for topics in MAY_BE_QUIET.values() for topic in topics} == set(MailTopic)


def test_choice_counts_for_mail_that_waits_and_can_be_taken_back(relay: smtp_sink.Sink) -> None:
    at = topics.call()
    susanne, birgit = (Person.objects.get(handle=name) for name in ("susanne", "birgit"))
    ring.ring(at=at, send=False)
    choose(susanne, quiet_topics=(MailTopic.CALLS,))
    choose(birgit, quiet_topics=(MailTopic.CALLS,))
    mail_wishes.take_back(birgit, at=SOON)

    outbox.send_all(at=at)

    dropped = OutboxMessage.objects.get(kind=MailKind.CALL, person=susanne)
    assert (dropped.state, dropped.failure) == (OutboxState.SUPERSEDED, "Nach eigenem Wunsch abbestellt.")
    assert OutboxMessage.objects.get(kind=MailKind.CALL, person=birgit).state == OutboxState.SENT


def test_body_left_out_leaves_the_duties(relay: smtp_sink.Sink, invited: Meeting, cast: World) -> None:
    choose(cast.susanne, quiet_bodies=(cast.arbeit.pk,))
    for number, kind in enumerate((MailKind.ITEM_RECEIVED, MailKind.LATE_PAPERS, MailKind.INVITATION)):
        outbox.write(kind=kind, person=cast.susanne, occasion=f"x:{number}", at=AT, meeting_id=invited.pk)
    rows = OutboxMessage.objects.filter(occasion__startswith="x:").order_by("occasion")

    said = "Nach eigenem Wunsch nur das Nötigste aus diesem Bündnis."
    assert [unwanted.why(row, at=AT) for row in rows] == [said, said, ""]


@pytest.mark.parametrize(("handle", "comes"), [("susanne", True), ("birgit", False)], ids=["with a task", "without"])
def test_minutes_with_a_task_of_ones_own_come_all_the_same(relay: smtp_sink.Sink, handle: str, comes: bool) -> None:
    at = minutes.minutes_sent()
    choose(Person.objects.get(handle=handle), quiet_topics=(MailTopic.MINUTES,))

    ring.ring(at=at)

    sent = OutboxMessage.objects.filter(kind=MailKind.MINUTES, person__handle=handle, state=OutboxState.SENT)
    assert sent.exists() is comes


@pytest.mark.parametrize("rhythm", [DigestRhythm.NEVER, DigestRhythm.MONTHLY])
def test_letter_that_waits_follows_the_rhythm(relay: smtp_sink.Sink, cast: World, rhythm: DigestRhythm) -> None:
    data = {"since": "2026-11-23T06:00:00+00:00", "until": "2026-11-30T06:00:00+00:00"}
    message = outbox.write(kind=MailKind.DIGEST, person=cast.birgit, occasion="digest:1", at=AT, data=data)
    mail_wishes.choose_rhythm(cast.birgit, rhythm=rhythm, at=AT)

    outbox.send_all(at=AT)

    assert message is not None
    message.refresh_from_db()
    assert (message.state, message.failure != "", relay.mail) == (OutboxState.SUPERSEDED, True, [])


def test_choice_is_one_change_and_the_way_back_another(cast: World) -> None:
    before = mail_wishes.wishes_of(cast.birgit)
    choose(cast.birgit, digest=DigestRhythm.MONTHLY, mail_format=MailFormat.TEXT, quiet_topics=("minutes", "calls"))
    choose(cast.birgit, digest=DigestRhythm.MONTHLY)

    stored = mail_wishes.wishes_of(Person.objects.get(pk=cast.birgit.pk))
    assert stored == replace(before, digest="monthly", mail_format="text", quiet_topics=("calls", "minutes"))
    assert [change.verb for change in Change.objects.of(cast.birgit)] == ["person.mails_chosen"]
    mail_wishes.take_back(cast.birgit, at=SOON)
    assert mail_wishes.wishes_of(Person.objects.get(pk=cast.birgit.pk)) == before
    with pytest.raises(NothingToTakeBack):
        mail_wishes.take_back(cast.birgit, at=SOON)


def test_what_was_chosen_since_is_not_taken_back(cast: World) -> None:
    choose(cast.birgit, digest=DigestRhythm.MONTHLY)
    Person.objects.filter(pk=cast.birgit.pk).update(gets_papers=True)

    with pytest.raises(NothingToTakeBack):
        mail_wishes.take_back(cast.birgit, at=SOON)
