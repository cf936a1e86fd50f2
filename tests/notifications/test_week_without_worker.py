"""The worker is down for nine days while people go on working: what is stale stays, what matters goes, nobody is flooded."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.db import transaction

from buendnisse.clock import automatic_mail_time
from buendnisse.domain import journal
from buendnisse.enums import Via
from meetings.enums import Happened
from meetings.models import ActionItem, AgendaItem, Meeting
from notifications.domain.ring import ring
from notifications.enums import MailKind, OutboxState
from notifications.models import DigestWindow, OutboxMessage
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.meetings import held
from tests.notifications import sending
from tests.support import smtp_sink

pytestmark = pytest.mark.django_db

MONDAY = automatic_mail_time(dt.date(2026, 11, 23))
BACK = automatic_mail_time(dt.date(2026, 12, 2)) + dt.timedelta(hours=5)  # it missed Monday, 30 November
NEXT = automatic_mail_time(dt.date(2026, 12, 7))
WEEK = dt.timedelta(days=7)


def new_topic(stage: held.Held, meeting: Meeting, title: str, day: dt.date) -> None:
    item: AgendaItem = AgendaItemFactory(meeting=meeting, title=title, state="accepted")
    at = automatic_mail_time(day)
    with transaction.atomic():
        journal.record(Happened.ITEM_ACCEPTED, item, at=at, by=None, via=Via.WEB, body=stage.world.arbeit)


def task(stage: held.Held, words: str, reminded_on: dt.date) -> None:
    ActionItem.objects.create(
        alliance=stage.world.arbeit,
        meeting=stage.meeting,
        agenda_item=stage.bus,
        owner=stage.world.susanne,
        organisation=stage.world.susanne.organisation,
        task=words,
        due_on=reminded_on + WEEK,
    )


@pytest.fixture
def stage(relay: smtp_sink.Sink) -> held.Held:
    """It rang on Monday morning. Since then minutes were sent, two topics came in, and two reminders fell due.

    The first of them is over: it would have been of use until seven this morning."""
    made = held.over()
    ring(at=MONDAY)
    relay.mail.clear()
    OutboxMessage.objects.filter(state=OutboxState.WAITING).update(state=OutboxState.SUPERSEDED)
    march = MeetingFactory(
        alliance=made.world.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state="call_open",
    )
    held.circulate(made)
    task(made, "Fahrplan erfragen", dt.date(2026, 11, 25))
    task(made, "Haltestellen nennen", dt.date(2026, 12, 1))
    new_topic(made, march, "Sprachkurse am Abend", dt.date(2026, 11, 25))
    new_topic(made, march, "Treffpunkt in Venndorf", dt.date(2026, 12, 1))
    return made


def arrived(relay: smtp_sink.Sink, at: dt.datetime) -> dict[str, list[str]]:
    """Subject and text of all that comes at this ring, by recipient."""
    before = len(relay.mail)
    ring(at=at)
    found: dict[str, list[str]] = {}
    for recipient, raw in relay.mail[before:]:
        found.setdefault(recipient, []).append(sending.text(message_from_bytes(raw, policy=SMTP)))
    return found


def test_stale_reminders_stay_and_the_rest_comes_once(relay: smtp_sink.Sink, stage: held.Held) -> None:
    cast = stage.world
    came = arrived(relay, BACK)

    hers = came[cast.susanne.email]
    kinds = OutboxMessage.objects.filter(person=cast.susanne, state=OutboxState.SENT, sent_at=BACK)
    assert sorted(kinds.values_list("kind", flat=True)) == [MailKind.DIGEST, MailKind.MINUTES, MailKind.TASK_REMINDER]
    [reminder] = [text for text in hers if "Wie steht es um Ihre Aufgabe?" in text]
    assert ("Haltestellen nennen" in reminder, "Fahrplan erfragen" in reminder) == (True, False)
    assert max(Counter({recipient: len(texts) for recipient, texts in came.items()}).values()) == 3
    assert arrived(relay, BACK) == {}


def test_letter_with_news_neither_leaves_out_nor_repeats(relay: smtp_sink.Sink, stage: held.Held) -> None:
    cast = stage.world
    [late] = [text for text in arrived(relay, BACK)[cast.susanne.email] if "Wochenbrief" in text.partition("\n")[0]]
    windows = set(DigestWindow.objects.values_list("until", flat=True))
    [following] = [
        text for text in arrived(relay, NEXT)[cast.susanne.email] if "Wochenbrief" in text.partition("\n")[0]
    ]

    minute = dt.timedelta(minutes=1)
    assert windows == {MONDAY + WEEK - minute}
    assert set(DigestWindow.objects.values_list("until", flat=True)) == {NEXT - minute}
    assert ("Sprachkurse am Abend" in late, "Treffpunkt in Venndorf" in late) == (True, False)
    assert ("Sprachkurse am Abend" in following, "Treffpunkt in Venndorf" in following) == (False, True)
