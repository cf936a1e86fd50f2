"""Whatever happens to a meeting, each person's calendar hears a story that holds together (RFC 5546 §2.1.4)."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import re
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import agenda_sending, answers, deputies, planning
from meetings.enums import Answer, MeetingState
from meetings.models import Attendance, DeputyRequest, Meeting
from notifications.domain import bounces, recall, resending, ring
from notifications.models import OutboxMessage
from tests.factories.meetings import AgendaItemFactory
from tests.notifications import year
from tests.support import smtp_sink
from tests.world import AT, World, build

pytestmark = pytest.mark.django_db(transaction=True)

DAY = dt.timedelta(days=1)
#: `STORIES=40 pytest …` plays more of them, and others with each run.
STORIES = int(os.environ.get("STORIES", "0"))
_MANY = settings(
    max_examples=STORIES or 12,
    deadline=None,
    derandomize=not STORIES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
STEPS = ["move", "move_back", "edit", "answer", "deputy", "other_deputy", "no_deputy", "cancel", "restore"]
STEPS += ["ask", "ask_other", "say_yes", "say_no", "two_weeks", "ring", "ring_down", "refuse", "resend"]
WITH_THE_YEAR = [*STEPS, "invite"]


class _Undo(Exception):
    """Rolls an example back."""


@dataclass
class Stage:
    """One run: the world, the meeting, and the relay that is up or down."""

    world: World
    meeting: Meeting
    settings: Any
    up: dict[str, Any]
    at: dt.datetime = AT
    moves: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    bytes_sent: dict[int, bytes] = field(default_factory=dict)

    def do(self, step: str) -> None:
        self.at += dt.timedelta(seconds=20)
        self.meeting.refresh_from_db()  # whoever acts has the page before them as it is now: a ring changes states, too
        try:
            getattr(self, step)()
        except (planning.PlanRefused, answers.AnswerRefused, agenda_sending.SendingRefused, recall.RecallRefused):
            return

    def member(self) -> Attendance:
        return Attendance.objects.select_related("meeting__alliance").get(
            meeting=self.meeting, person=self.world.susanne
        )

    def move(self) -> None:
        self._to(self.meeting.start + next(self.moves) * DAY)

    def move_back(self) -> None:
        self._to(dt.datetime(2027, 2, 8, 9, 0, tzinfo=dt.UTC))

    def _to(self, start: dt.datetime) -> None:
        end = start + dt.timedelta(hours=2)
        planning.move_date(
            self.meeting,
            start=start,
            end=end,
            venue=self.world.venue,
            version=self.meeting.version,
            conflict_reason="Es ging nicht anders.",
            by=self.world.imke,
            at=self.at,
        )

    def edit(self) -> None:
        link = f"https://konferenz.example/{next(self.moves)}"
        planning.edit(
            self.meeting, mode="hybrid", video_link=link, version=self.meeting.version, by=self.world.imke, at=self.at
        )

    def answer(self) -> None:
        answers.answer(self.member(), answer=Answer.ACCEPTED, via=Via.LINK, by=self.world.susanne, at=self.at)

    def deputy(self) -> None:
        answers.name_deputy(self.member(), person=self.world.rolf, via=Via.LINK, by=self.world.susanne, at=self.at)

    def other_deputy(self) -> None:
        answers.name_deputy(self.member(), person=self.world.sven, via=Via.LINK, by=self.world.susanne, at=self.at)

    def no_deputy(self) -> None:
        answers.withdraw_deputy(self.member(), via=Via.LINK, by=self.world.susanne, at=self.at)

    def ask(self) -> None:
        self._ask("Greta")

    def ask_other(self) -> None:
        self._ask("Hinrich")

    def _ask(self, name: str) -> None:
        facts = {"first_name": name, "last_name": "Harms", "email": f"{name.lower()}@verein.example"}
        deputies.ask(self.member(), **facts, via=Via.LINK, by=self.world.susanne, at=self.at)

    def say_yes(self) -> None:
        for request in DeputyRequest.objects.order_by("-pk")[:1]:
            deputies.confirm(request, via=Via.LINK, by=request.person, at=self.at)

    def say_no(self) -> None:
        for request in DeputyRequest.objects.order_by("-pk")[:1]:
            deputies.decline(request, via=Via.LINK, by=request.person, at=self.at)

    def two_weeks(self) -> None:
        self.at += 15 * DAY
        recall.end_requests(at=self.at)

    def cancel(self) -> None:
        planning.cancel(self.meeting, reason="Glatteis.", by=self.world.imke, at=self.at)

    def restore(self) -> None:
        recall.take_back(self.meeting, by=self.world.imke, at=self.at)

    def invite(self) -> None:
        agenda_sending.send_agenda(
            self.meeting, by=self.world.imke, at=self.at, without_release="Eilt.", urgency="Eilt."
        )

    def refuse(self) -> None:
        """The invitation that left last comes back: that server takes the address, and not this mail."""
        sent = OutboxMessage.objects.filter(state="sent", meeting_id=self.meeting.pk, data__has_key="told")
        message = sent.exclude(kind="copy").order_by("-pk").first()
        if message is None:
            return
        [said] = message.data["told"].values()
        if said["in_calendar"] and said["method"] == "REQUEST":
            bounces.refused(message, "550 5.7.1 blocked by policy", at=self.at)

    def resend(self) -> None:
        """The Fachstelle sends it once more to everybody whose mail did not arrive."""
        lost = OutboxMessage.objects.filter(state="failed", meeting_id=self.meeting.pk)
        rows = Attendance.objects.select_related("person", "meeting__alliance", "meeting__venue")
        for row in rows.filter(meeting=self.meeting, person__in=lost.values("person")):
            with suppress(resending.NotResent):
                resending.resend(row, by=self.world.imke, at=self.at)

    def ring(self) -> None:
        self._ring(self.up)

    def ring_down(self) -> None:
        self._ring({**self.up, "port": 1})

    def _ring(self, relay: dict[str, Any]) -> None:
        """Keeps what was sent, as people's mail programs do: the outbox forgets bytes after 30 days."""
        self.settings.SMTP = relay
        self.at += dt.timedelta(minutes=15)
        ring.ring(at=self.at)
        sent = OutboxMessage.objects.filter(state="sent", payload__isnull=False).exclude(pk__in=self.bytes_sent)
        self.bytes_sent |= {pk: bytes(payload) for pk, payload in sent.values_list("pk", "payload")}

    def heard_by(self, person_id: int) -> list[Heard]:
        """The calendar objects that reached a person, in the order they left."""
        return [_read(self.bytes_sent[message.pk]) for message, said in told_to(person_id) if said["in_calendar"]]


@dataclass(frozen=True)
class Heard:
    method: str
    uid: str
    sequence: int
    start: str
    stamp: str


def told_to(person_id: int) -> list[tuple[OutboxMessage, dict[str, Any]]]:
    """The mails with a date that reached a person, in the order they left, and what each said, in whichever form."""
    sent = OutboxMessage.objects.filter(person_id=person_id, state="sent", data__has_key="told").exclude(kind="copy")
    return [(message, said) for message in sent.order_by("sent_at", "pk") for said in message.data["told"].values()]


def _read(data: bytes) -> Heard:
    part = next(p for p in message_from_bytes(data).walk() if p.get_content_type() == "text/calendar")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    text = payload.decode().replace("\r\n ", "")
    event = text.partition("BEGIN:VEVENT")[2]

    def value(name: str, where: str = event) -> str:
        found = re.search(rf"^{name}[^:]*:(.*?)\r$", where, re.MULTILINE)
        assert found
        return found[1]

    return Heard(value("METHOD", text), value("UID"), int(value("SEQUENCE")), value("DTSTART"), value("DTSTAMP"))


def check_story(story: list[Heard]) -> None:
    """First a REQUEST, one UID, SEQUENCE never falls and rises where it must."""
    assert [one.method for one in story[:1]] in ([], ["REQUEST"])
    assert len({one.uid for one in story}) <= 1
    for before, after in itertools.pairwise(story):
        assert after.sequence >= before.sequence
        assert after.stamp > before.stamp
        if after.method == "CANCEL" or before.method == "CANCEL" or after.start != before.start:
            assert after.sequence > before.sequence
        assert (before.method, after.method) != ("CANCEL", "CANCEL")


def check_end(stage: Stage) -> None:
    """What each calendar shows in the end is what holds."""
    meeting = Meeting.objects.get(pk=stage.meeting.pk)
    check_voices(meeting)
    start = f"{clock.local(meeting.start):%Y%m%dT%H%M%S}"
    named = Person.objects.filter(last_name="Harms")
    cast = (stage.world.birgit, stage.world.susanne, stage.world.rolf, stage.world.sven, stage.world.corinna)
    for person in (*cast, *named):
        story = stage.heard_by(person.pk)
        check_story(story)
        row = Attendance.objects.filter(meeting=meeting, person=person, is_asked=True, deputy__isnull=True).first()
        if meeting.state == MeetingState.CANCELLED or row is None:
            assert [one.method for one in story[-1:]] in ([], ["CANCEL"])
        else:
            assert (story[-1].method, story[-1].start) == ("REQUEST", start)


def check_voices(meeting: Meeting) -> None:
    """One voice an organisation: the member, or whoever stands in, never both, and never somebody only asked."""
    rows = Attendance.objects.filter(meeting=meeting, is_asked=True, deputy__isnull=True).exclude(role="guest")
    organisations = list(rows.values_list("organisation", flat=True))
    assert len(organisations) == len(set(organisations))
    standing_in = Attendance.objects.filter(meeting=meeting, stands_in_for__isnull=False)
    asked = DeputyRequest.objects.open().filter(attendance__meeting=meeting)
    assert not asked.filter(attendance__in=standing_in.values("stands_in_for")).exists()
    assert not asked.filter(person__in=standing_in.values("person")).exists()


def check_words(stage: Stage) -> None:
    """Before the invitation nothing lies in a member's calendar; what each person was told last is what holds."""
    meeting = Meeting.objects.get(pk=stage.meeting.pk)
    for person in (stage.world.birgit, stage.world.susanne, stage.world.rolf, stage.world.sven):
        told = [said for _message, said in told_to(person.pk)]
        forms = [said["in_calendar"] for said in told]
        assert forms == sorted(forms)  # words first, then calendar objects, never back
        row = Attendance.objects.filter(meeting=meeting, person=person, is_asked=True, deputy__isnull=True).first()
        if meeting.state == MeetingState.CANCELLED or row is None:
            assert [said["method"] for said in told[-1:]] in ([], ["CANCEL"])
        else:
            assert (told[-1]["method"], told[-1]["start"]) == ("REQUEST", meeting.start.isoformat())
            is_deputy = row.stands_in_for_id is not None
            assert told[-1]["in_calendar"] == (meeting.agenda_sent_at is not None or is_deputy or any(forms))
        check_story(stage.heard_by(person.pk))


@pytest.fixture(scope="module")
def relay() -> Any:
    with smtp_sink.running() as running:
        yield {"host": "127.0.0.1", "port": running.port, "user": "", "password": "", "tls": False, "starttls": False}


@_MANY
@given(steps=st.lists(st.sampled_from(STEPS), max_size=14))
@example(steps=["ring", "refuse", "resend", "ring", "cancel"])  # all that arrived came by the second sending
@example(steps=["ring", "move", "ring", "refuse", "resend", "ring", "cancel"])  # the new day, too
@example(steps=["ring", "deputy", "ring", "refuse", "resend", "ring", "no_deputy"])
def test_every_calendar_hears_a_story_that_holds_together(steps: list[str], relay: Any, settings: Any) -> None:
    with suppress(_Undo), transaction.atomic():
        _play(steps, relay, settings)
        raise _Undo


@_MANY
@given(steps=st.lists(st.sampled_from(WITH_THE_YEAR), max_size=14))
@example(steps=["cancel", "ring", "restore"])  # the year's mail leaves without the date
@example(steps=["invite", "ring", "two_weeks", "two_weeks"])  # the outbox has forgotten the bytes
@example(steps=["invite", "ring", "deputy", "ring_down", "move"])  # a deputy who got the agenda to read only
def test_dates_told_with_the_year_go_on_in_words_until_the_invitation(
    steps: list[str], relay: Any, settings: Any
) -> None:
    with suppress(_Undo), transaction.atomic():
        _play(steps, relay, settings, with_the_year=True)
        raise _Undo


def _play(steps: list[str], relay: Any, settings: Any, *, with_the_year: bool = False) -> None:
    world = build()
    start = dt.datetime(2027, 2, 8, 9, 0, tzinfo=dt.UTC)
    meeting = planning.plan(
        world.arbeit,
        quarter="2027-Q1",
        start=start,
        end=start + dt.timedelta(hours=2),
        mode="on_site",
        venue=world.venue,
        form_key=uuid.uuid4(),
        by=world.imke,
        at=AT,
    )
    if with_the_year:
        AgendaItemFactory(meeting=meeting, alliance=world.arbeit, position=1, state="accepted", kind="information")
        year.confirm([meeting], world)
    else:
        planning.confirm(meeting, by=world.imke, at=AT)
    stage = Stage(world, meeting, settings, relay)
    for step in steps:
        stage.do(step)
    for _again in range(3):
        stage.ring()
    stage.resend()
    stage.ring()
    if with_the_year:
        check_words(stage)
    else:
        check_end(stage)
