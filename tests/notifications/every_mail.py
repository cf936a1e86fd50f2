"""One mail of each kind, really sent, and what its personal links are about; for tests of what holds for all mail."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from buendnisse.clock import at_local, automatic_mail_time
from buendnisse.domain import link_requests, links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import FurtherAddress
from meetings.domain import (
    action_items,
    agenda,
    agenda_proposals,
    agenda_release,
    agenda_sending,
    answers,
    decisions,
    deputies,
    item_papers,
    minutes,
    notices,
    planning,
    relay,
    remarks,
    session,
)
from meetings.domain.schedule import schedule
from meetings.enums import AgendaItemKind, AgendaItemState, DeadlineKind, DecisionState
from meetings.models import AgendaItem, Attendance, DeputyRequest, Meeting
from notifications.domain import ring, sign_in
from notifications.enums import MailKind
from tests import world
from tests.factories.buendnisse import MembershipFactory, UnitFactory
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory, StandingItemFactory
from tests.meetings import held
from tests.notifications import year
from tests.support import files, relay_scene, voting
from tests.world import AT, World

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
SOON = AT + MINUTE

#: What a link of each purpose is about; "" for one that is about its person alone.
SUBJECTS: dict[LinkPurpose, str] = {
    LinkPurpose.ANSWER: "meeting",
    LinkPurpose.DEPUTY: "deputyrequest",
    LinkPurpose.MEETING: "meeting",
    LinkPurpose.PROPOSE: "meeting",
    LinkPurpose.UNIT_REPORT: "meeting",
    LinkPurpose.ITEM: "agendaitem",
    LinkPurpose.MINUTES: "minutes",
    LinkPurpose.MISSED: "alliance",
    LinkPurpose.RELEASE: "minutes",
    LinkPurpose.AGENDA_RELEASE: "meeting",
    LinkPurpose.TASK: "actionitem",
    LinkPurpose.RELAY: "relay",
    LinkPurpose.BALLOT: "circularvote",
    LinkPurpose.NOTICE: "",
    LinkPurpose.REMARK: "alliance",
    LinkPurpose.FEED: "",
    LinkPurpose.SETTINGS: "",
    LinkPurpose.UNSUBSCRIBE: "",
    LinkPurpose.SIGN_IN: "",
}

#: Makes what happens; returns the moment the mail about it leaves.
Story = Callable[[], dt.datetime]


class Mail(NamedTuple):
    """How a mail of this kind comes about, and what its links open beside settings: purpose and model of the subject."""

    story: Story
    opens: frozenset[tuple[LinkPurpose, str]]


def mail(story: Story, *purposes: LinkPurpose) -> Mail:
    return Mail(story, frozenset((purpose, SUBJECTS[purpose]) for purpose in purposes))


def _confirmed(cast: World, **given: Any) -> Meeting:
    """Arbeit on 11 February 2027; the date stands, nothing is sent yet."""
    made = year.note(cast.arbeit, cast, day=dt.date(2027, 2, 11))
    Meeting.objects.filter(pk=made.pk).update(chair=cast.birgit, **given)
    made.refresh_from_db()
    planning.confirm(made, by=cast.imke, at=AT)
    return made


def _invited(cast: World) -> Meeting:
    made = _confirmed(cast)
    ring.ring(at=SOON)
    made.refresh_from_db()
    return made


def _row(meeting: Meeting, cast: World) -> Attendance:
    return Attendance.objects.select_related("meeting__alliance").get(meeting=meeting, person=cast.susanne)


def _topic(meeting: Meeting, cast: World, at: dt.datetime = AT, **given: Any) -> AgendaItem:
    said = {"title": "Rufbus am Abend", "form_key": uuid.uuid4()} | given
    return agenda_proposals.propose(
        alliance=meeting.alliance, meeting=meeting, proposer=cast.susanne, via=Via.LINK, at=at, **said
    )


# --- Signing in and links --------------------------------------------------------------------------


def code() -> dt.datetime:
    sign_in.send_code(world.build().imke, code="123456", valid_until=AT + 10 * MINUTE, at=AT)
    return AT


def new_link() -> dt.datetime:
    cast = world.build()
    item = AgendaItemFactory(meeting__alliance=cast.arbeit, proposer=cast.susanne, state=AgendaItemState.PROPOSED)
    old = links.grant(cast.susanne, purpose=LinkPurpose.ITEM, subject=item, until=AT - DAY, at=AT - 9 * DAY)
    link_requests.request(old, at=AT)
    return SOON


# --- Dates, answers, deputies ----------------------------------------------------------------------


def save_the_date() -> dt.datetime:
    cast = world.build()
    year.confirm(year.note_all(cast), cast)
    return SOON


def invitation() -> dt.datetime:
    _confirmed(world.build())
    return SOON


def copy() -> dt.datetime:
    cast = world.build()
    FurtherAddress.objects.create(person=cast.birgit, address="vorzimmer@jobcenter.example", gets_copy=True)
    _confirmed(cast)
    return SOON


def moved() -> dt.datetime:
    cast = world.build()
    year.move(_invited(cast), cast, at=SOON)
    return SOON + MINUTE


def cancelled() -> dt.datetime:
    cast = world.build()
    year.cancel(_invited(cast), cast, at=SOON)
    return SOON + MINUTE


def uninvited() -> dt.datetime:
    cast = world.build()
    answers.name_deputy(_row(_invited(cast), cast), person=cast.rolf, via=Via.LINK, by=cast.susanne, at=SOON)
    return SOON + 2 * MINUTE


def answer_reminder() -> dt.datetime:
    _invited(world.build())
    return at_local(dt.date(2027, 2, 8), dt.time(7, 0))


def _asked(cast: World) -> DeputyRequest:
    said = {"first_name": "Greta", "last_name": "Harms", "email": "greta@verein.example"}
    made = deputies.ask(_row(_invited(cast), cast), **said, via=Via.LINK, by=cast.susanne, at=SOON)
    assert isinstance(made, DeputyRequest)
    return made


def deputy_asked() -> dt.datetime:
    _asked(world.build())
    return SOON + 2 * MINUTE


def deputy_unasked() -> dt.datetime:
    cast = world.build()
    request = _asked(cast)
    ring.ring(at=SOON + 2 * MINUTE)
    row = _row(request.attendance.meeting, cast)
    answers.withdraw_deputy(row, via=Via.LINK, by=cast.susanne, at=SOON + 2 * MINUTE)
    return SOON + 4 * MINUTE


def deputy_answered() -> dt.datetime:
    request = _asked(world.build())
    ring.ring(at=SOON + 2 * MINUTE)
    deputies.decline(request, via=Via.LINK, by=request.person, at=SOON + 2 * MINUTE)
    return SOON + 4 * MINUTE


# --- Topics and agenda -----------------------------------------------------------------------------


def _at_seven(meeting: Meeting, kind: DeadlineKind) -> dt.datetime:
    return at_local(schedule(meeting)[kind], dt.time(7, 0))


def call() -> dt.datetime:
    return _at_seven(_confirmed(world.build()), DeadlineKind.CALL_FOR_ITEMS)


def call_reminder() -> dt.datetime:
    meeting = _confirmed(world.build())
    ring.ring(at=_at_seven(meeting, DeadlineKind.CALL_FOR_ITEMS))
    return _at_seven(meeting, DeadlineKind.REMINDER)


def unit_report() -> dt.datetime:
    """Of a unit whose person is a guest, and so is not called for topics."""
    cast = world.build()
    UnitFactory(organisation=cast.corinna.organisation)
    StandingItemFactory(alliance=cast.arbeit, code="units", title="Berichte aus den Einheiten", position=1)
    return _at_seven(_confirmed(cast), DeadlineKind.CALL_FOR_ITEMS)


def item_received() -> dt.datetime:
    cast = world.build()
    _topic(_confirmed(cast), cast)
    return SOON


def item_fate() -> dt.datetime:
    cast = world.build()
    agenda.decline(_topic(_confirmed(cast), cast), reason="Voll.", by=cast.imke, at=AT)
    return SOON


def item_done() -> dt.datetime:
    cast = world.build()
    item = AgendaItemFactory(meeting__alliance=cast.arbeit, proposer=cast.susanne, state=AgendaItemState.DISCUSSED)
    decision = DecisionFactory(agenda_item=item, state=DecisionState.IN_PROGRESS)
    decisions.follow_up(decision, state=DecisionState.DONE, version=1, by=cast.imke, at=AT)
    return SOON


def _with_topic(cast: World) -> Meeting:
    meeting = _invited(cast)
    said = {"kind": AgendaItemKind.DISCUSSION, "minutes": 20, "presenter": cast.susanne}
    agenda.add(meeting, title="Sprachcafé", **said, by=cast.imke, form_key=uuid.uuid4(), at=SOON)  # type: ignore[arg-type]
    return meeting


def agenda_review() -> dt.datetime:
    cast = world.build()
    agenda_release.ask(_with_topic(cast), by=cast.imke, at=SOON)
    return SOON + MINUTE


def _sent(cast: World) -> Meeting:
    meeting = _with_topic(cast)
    agenda_sending.send_agenda(meeting, by=cast.imke, at=SOON, without_release="Verabredet.")
    return meeting


def agenda_sent() -> dt.datetime:
    _sent(world.build())
    return SOON + 2 * MINUTE


def late_papers() -> dt.datetime:
    cast = world.build()
    meeting = _sent(cast)
    ring.ring(at=SOON + 2 * MINUTE)
    item_papers.hand_in(
        meeting.agenda_items.get(title="Sprachcafé"),
        files.pdf("Kosten.pdf"),
        title="Kosten",
        organisation=None,
        dated=AT.date(),
        form_key=uuid.uuid4(),
        by=cast.imke,
        at=SOON + 2 * MINUTE,
    )
    return automatic_mail_time(AT.date() + DAY)


# --- Minutes, tasks, relays ------------------------------------------------------------------------


def minutes_review() -> dt.datetime:
    now = held.over()
    minutes.submit_to_chair(now.minutes, by=now.world.imke, at=held.LATER)
    return held.LATER + MINUTE


def _circulated() -> held.Held:
    """Minutes with a decision and a task are out; the mail waits."""
    now = held.over()
    imke, at = now.world.imke, held.AT + dt.timedelta(hours=2)
    session.reopen(now.meeting, by=imke, at=at)
    decisions.adopt(now.bus, kind="consensus", text="Der Rufbus fährt auch abends.", by=imke, at=at)
    owner = now.world.susanne
    action_items.assign(now.bus, owner=owner, task="Fahrplan erfragen", due_on=dt.date(2027, 1, 15), by=imke, at=at)
    session.finish(now.meeting, by=imke, at=at)
    minutes.circulate(now.minutes, by=imke, at=held.LATER, reason="Verabredet.")
    return now


def minutes_sent() -> dt.datetime:
    _circulated()
    return held.LATER + 2 * MINUTE


def task_reminder() -> dt.datetime:
    _circulated()
    ring.ring(at=held.LATER + 2 * MINUTE)
    return automatic_mail_time(dt.date(2027, 1, 8))


def task_handed_over() -> dt.datetime:
    now = _circulated()
    at = held.LATER + 2 * MINUTE
    ring.ring(at=at)
    task = now.bus.action_items.get()
    action_items.hand_over(task, to=now.world.birgit, version=task.version, by=now.world.imke, at=at)
    return at + 2 * MINUTE


def _scene() -> relay_scene.Scene:
    scene = relay_scene.set_scene()
    MembershipFactory(body=scene.cast.bildung, person=scene.cast.theda, role="chair")
    return scene


def relay_sent() -> dt.datetime:
    relay_scene.hand_over(_scene())
    return SOON


def relay_answer() -> dt.datetime:
    scene = _scene()
    relay.decline(relay_scene.hand_over(scene), reason="Das ist Sache der Gemeinde.", by=scene.cast.imke, at=AT)
    return SOON


def digest() -> dt.datetime:
    scene = _scene()
    ring.ring(at=AT)  # the first Monday an installation sees is not told
    topic = _topic(scene.arbeit_march, scene.cast, AT + 2 * DAY)
    agenda.accept(topic, by=scene.cast.imke, at=AT + 2 * DAY)
    return automatic_mail_time(dt.date(2026, 11, 30))


# --- Votes by mail ---------------------------------------------------------------------------------


def ballot() -> dt.datetime:
    voting.begin(world.build())
    return SOON


def ballot_reminder() -> dt.datetime:
    ring.ring(at=ballot())
    return automatic_mail_time(voting.ENDS - 2 * DAY)


def ballot_result() -> dt.datetime:
    ring.ring(at=ballot())
    return at_local(voting.ENDS + DAY, dt.time(0, 0))


def ballot_moved() -> dt.datetime:
    cast = world.build()
    MeetingFactory(alliance=cast.arbeit, state="call_open")
    vote = voting.begin(cast)
    ring.ring(at=SOON)
    voting.answer(vote, cast.birgit, objects=True)
    return AT + 2 * voting.HOUR


# --- Notices and remarks ---------------------------------------------------------------------------


def notice_fate() -> dt.datetime:
    cast = world.build()
    said = {"text": "Neuer Kurs.", "valid_until": dt.date(2027, 1, 11)}
    made = notices.submit(bodies=[cast.arbeit], by=cast.susanne, at=AT, **said)  # type: ignore[arg-type]
    notices.release(made, by=cast.imke, at=AT)
    return SOON


def remark_answer() -> dt.datetime:
    cast = world.build()
    made = remarks.make(cast.gesellschaft, text="Bei uns auch.", by=cast.susanne, at=AT, form_key=uuid.uuid4())
    remarks.answer(made, reply="Das nehmen wir gern auf.", by=cast.imke, at=AT)
    return SOON


#: Every kind of mail there is; one without its row fails the test.
MAILS: dict[MailKind, Mail] = {
    MailKind.CODE: mail(code),
    MailKind.LINK: mail(new_link, LinkPurpose.ITEM),
    MailKind.SAVE_THE_DATE: mail(save_the_date, LinkPurpose.MEETING, LinkPurpose.FEED),
    MailKind.INVITATION: mail(invitation, LinkPurpose.ANSWER, LinkPurpose.MEETING),
    MailKind.COPY: mail(copy),
    MailKind.MOVED: mail(moved, LinkPurpose.ANSWER, LinkPurpose.MEETING),
    MailKind.CANCELLED: mail(cancelled, LinkPurpose.MEETING),
    MailKind.UNINVITED: mail(uninvited, LinkPurpose.MEETING),
    MailKind.ANSWER_REMINDER: mail(answer_reminder, LinkPurpose.ANSWER, LinkPurpose.MEETING),
    MailKind.DEPUTY_ASKED: mail(deputy_asked, LinkPurpose.DEPUTY),
    MailKind.DEPUTY_UNASKED: mail(deputy_unasked),
    MailKind.DEPUTY_ANSWERED: mail(deputy_answered, LinkPurpose.ANSWER),
    MailKind.CALL: mail(call, LinkPurpose.PROPOSE),
    MailKind.CALL_REMINDER: mail(call_reminder, LinkPurpose.PROPOSE),
    MailKind.UNIT_REPORT: mail(unit_report, LinkPurpose.UNIT_REPORT),
    MailKind.ITEM_RECEIVED: mail(item_received, LinkPurpose.ITEM),
    MailKind.ITEM_FATE: mail(item_fate, LinkPurpose.ITEM),
    MailKind.ITEM_DONE: mail(item_done, LinkPurpose.ITEM),
    MailKind.AGENDA: mail(agenda_sent, LinkPurpose.ANSWER, LinkPurpose.MEETING),
    MailKind.AGENDA_REVIEW: mail(agenda_review, LinkPurpose.AGENDA_RELEASE),
    MailKind.LATE_PAPERS: mail(late_papers, LinkPurpose.MEETING),
    MailKind.MINUTES_REVIEW: mail(minutes_review, LinkPurpose.RELEASE),
    MailKind.MINUTES: mail(minutes_sent, LinkPurpose.MINUTES, LinkPurpose.TASK, LinkPurpose.MISSED),
    MailKind.TASK_REMINDER: mail(task_reminder, LinkPurpose.TASK),
    MailKind.TASK_HANDED_OVER: mail(task_handed_over, LinkPurpose.TASK),
    MailKind.RELAY: mail(relay_sent, LinkPurpose.RELAY),
    MailKind.RELAY_ANSWER: mail(relay_answer, LinkPurpose.RELAY),
    MailKind.BALLOT: mail(ballot, LinkPurpose.BALLOT),
    MailKind.BALLOT_REMINDER: mail(ballot_reminder, LinkPurpose.BALLOT),
    MailKind.BALLOT_RESULT: mail(ballot_result, LinkPurpose.BALLOT),
    MailKind.BALLOT_MOVED: mail(ballot_moved, LinkPurpose.BALLOT),
    MailKind.NOTICE_FATE: mail(notice_fate, LinkPurpose.NOTICE),
    MailKind.REMARK_ANSWER: mail(remark_answer, LinkPurpose.REMARK),
    MailKind.DIGEST: mail(digest, LinkPurpose.MEETING, LinkPurpose.NOTICE, LinkPurpose.UNSUBSCRIBE),
}
