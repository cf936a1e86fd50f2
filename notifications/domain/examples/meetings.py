"""Examples about a meeting itself: the agenda, papers that come late, the reminder, minutes and what follows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from buendnisse.domain import journal
from buendnisse.models import Paper
from meetings.domain import agenda_content, minutes_content
from meetings.enums import (
    AgendaItemKind,
    Happened,
    MeetingState,
    MinutesState,
    ObjectionState,
    Presence,
    ReleaseState,
)
from meetings.models import (
    ActionItem,
    AgendaItem,
    AgendaRelease,
    AgendaVersion,
    Attendance,
    Decision,
    ItemPaper,
    Minutes,
    MinutesVersion,
    Objection,
)
from notifications.domain.examples.scene import Example, mail, moment
from notifications.domain.examples.stage import Stage, topic
from notifications.enums import MailKind
from notifications.models import OutboxMessage

Made = tuple[OutboxMessage, dt.datetime]

BEFORE = [MailKind.AGENDA_REVIEW, MailKind.AGENDA, MailKind.LATE_PAPERS, MailKind.ANSWER_REMINDER]
AFTER = [
    MailKind.MINUTES_REVIEW,
    MailKind.MINUTES,
    MailKind.MINUTES_ANSWER,
    MailKind.TASK_REMINDER,
    MailKind.REMINDERS,
    MailKind.TASK_HANDED_OVER,
    MailKind.DECISION_DUE,
]
_INVITED = moment(2035, 2, 1)


def _agenda_of(stage: Stage) -> None:
    title = "Begrüßung, Tagesordnung und Protokoll der letzten Sitzung"
    topic(stage, title, kind=AgendaItemKind.FORMAL, position=1, proposer=None, presenter=None, description="")
    topic(stage, position=2)
    chair = {"proposer": stage.chair, "presenter": stage.chair, "duration_minutes": 25}
    topic(stage, "Sprachkurse am Vormittag", position=3, description="Wie viele Plätze fehlen?", **chair)


def _agenda_review(stage: Stage) -> Made:
    _agenda_of(stage)
    content = agenda_content.content(stage.meeting)
    at = moment(2035, 1, 29)
    AgendaRelease.objects.create(meeting=stage.meeting, state=ReleaseState.ASKED, asked_at=at, content=content)
    return mail(stage, MailKind.AGENDA_REVIEW, person=stage.chair), at


def _agenda(stage: Stage) -> Made:
    _agenda_of(stage)
    stage.set_meeting(state=MeetingState.INVITED, agenda_sent_at=_INVITED)
    content = agenda_content.content(stage.meeting)
    words = "Herr Muster führt diesmal durch die Sitzung."
    AgendaVersion.objects.create(meeting=stage.meeting, number=1, sent_at=_INVITED, content=content, introduction=words)
    return mail(stage, MailKind.AGENDA, data={"version": 1}), _INVITED


def _late_papers(stage: Stage) -> Made:
    _agenda_of(stage)
    stage.set_meeting(state=MeetingState.INVITED, agenda_sent_at=_INVITED)
    item, at = AgendaItem.objects.get(meeting=stage.meeting, position=2), moment(2035, 2, 12)
    paper = Paper.objects.create(
        slug="beispiel-unterlage", title="Praktika: Liste der Betriebe", kind="Liste", dated=dt.date(2035, 2, 12)
    )
    paper.bodies.add(stage.alliance)
    ItemPaper.objects.create(agendaitem=item, paper=paper, late_on=dt.date(2035, 2, 12))
    data = {"meeting": stage.meeting.pk, "paper": paper.pk, "late": True}
    journal.record(Happened.PAPER_ADDED, item, at=at, by=stage.reader, body=stage.alliance, data=data)
    return mail(stage, MailKind.LATE_PAPERS), at


def _answer_reminder(stage: Stage) -> Made:
    stage.set_meeting(state=MeetingState.INVITED)
    return mail(stage, MailKind.ANSWER_REMINDER), moment(2035, 2, 12, 7)


def _minutes(stage: Stage, state: MinutesState) -> Minutes:
    Attendance.objects.filter(meeting=stage.held).update(presence=Presence.PRESENT)
    until = dt.date(2034, 12, 14)
    sent = moment(2034, 11, 30)
    made: Minutes = Minutes.objects.create(
        meeting=stage.held, state=state, author=stage.chair, circulated_at=sent, objection_until=until
    )
    content = minutes_content.content(stage.held, author=stage.chair)
    MinutesVersion.objects.create(minutes=made, number=1, circulated_at=sent, content=content)
    return made


def _minutes_review(stage: Stage) -> Made:
    found = _minutes(stage, MinutesState.IN_REVIEW)
    data = {"minutes": found.pk}
    message = mail(stage, MailKind.MINUTES_REVIEW, person=stage.chair, meeting_id=stage.held.pk, data=data)
    return message, moment(2034, 11, 23)


def _minutes_sent(stage: Stage) -> Made:
    found = _minutes(stage, MinutesState.CIRCULATED)
    data = {"minutes": found.pk, "version": 1}
    return mail(stage, MailKind.MINUTES, meeting_id=stage.held.pk, data=data), moment(2034, 11, 30)


def _minutes_answer(stage: Stage) -> Made:
    found = _minutes(stage, MinutesState.CIRCULATED)
    objection = Objection.objects.create(
        minutes=found,
        by=stage.reader,
        received_at=moment(2034, 12, 4),
        agenda_item=stage.bus,
        text="Der Rufbus fährt ab dem 2. März, nicht ab dem 1. März.",
        state=ObjectionState.REJECTED,
        resolution="In der Sitzung wurde der 1. März genannt. Die Verkehrsgesellschaft hat ihn bestätigt.",
    )
    data = {"minutes": found.pk, "objection": objection.pk}
    return mail(stage, MailKind.MINUTES_ANSWER, meeting_id=stage.held.pk, data=data), moment(2034, 12, 6)


def _task_reminder(stage: Stage) -> Made:
    _minutes(stage, MinutesState.CIRCULATED)
    return mail(stage, MailKind.TASK_REMINDER, about_meeting=False), moment(2035, 1, 8, 7)


def _reminders(stage: Stage) -> Made:
    _minutes(stage, MinutesState.CIRCULATED)
    stage.set_meeting(state=MeetingState.CALL_OPEN)
    ActionItem.objects.filter(pk=stage.action.pk).update(due_on=dt.date(2035, 1, 25))
    kinds = (MailKind.CALL_REMINDER, MailKind.TASK_REMINDER)
    parts = [{"kind": kind, "matter": "", "meeting": stage.meeting.pk, "data": {}} for kind in kinds]
    at = moment(2035, 1, 18, 7)
    return mail(stage, MailKind.REMINDERS, about_meeting=False, data={"parts": parts}, created_at=at), at


def _task_handed_over(stage: Stage) -> Made:
    return mail(stage, MailKind.TASK_HANDED_OVER, data={"action": stage.action.pk}), moment(2034, 12, 10)


def _decision_due(stage: Stage) -> Made:
    Decision.objects.filter(pk=stage.decision.pk).update(follow_up_on=dt.date(2035, 2, 15))
    return mail(stage, MailKind.DECISION_DUE, about_meeting=False), moment(2035, 2, 8, 7)


EXAMPLES: Mapping[str, Example] = {
    MailKind.AGENDA_REVIEW: Example(_("An den Vorsitz, bevor die Einladung hinausgeht."), _agenda_review),
    MailKind.AGENDA: Example(_("Vor der Sitzung, an alle Eingeladenen. Geht, wenn Sie sie freigeben."), _agenda),
    MailKind.LATE_PAPERS: Example(
        _("Wenn nach der Einladung noch Unterlagen kommen, alle in einer Mail."), _late_papers
    ),
    MailKind.ANSWER_REMINDER: Example(
        _("%(days)s vor der Sitzung, nur an alle ohne Antwort."), _answer_reminder, rule="answer_before"
    ),
    MailKind.MINUTES_REVIEW: Example(
        _("An den Vorsitz, nach der Sitzung und bevor das Protokoll an alle geht."), _minutes_review
    ),
    MailKind.MINUTES: Example(
        _("Nach der Sitzung, an Mitglieder und Stellvertretungen. Geht, wenn Sie es verschicken."), _minutes_sent
    ),
    MailKind.MINUTES_ANSWER: Example(_("An die Person, die einen Fehler gemeldet hat."), _minutes_answer),
    MailKind.TASK_REMINDER: Example(
        _("%(days)s vor dem Termin einer Aufgabe und einmal danach."), _task_reminder, rule="task_before"
    ),
    MailKind.REMINDERS: Example(
        _("Wenn für eine Person innerhalb von %(of_days)s mehreres fällig ist, statt einzelner Erinnerungen."),
        _reminders,
        rule="together_days",
    ),
    MailKind.TASK_HANDED_OVER: Example(_("An die Person, die eine Aufgabe übernimmt."), _task_handed_over),
    MailKind.DECISION_DUE: Example(_("An die Person, die sagt, wie ein Beschluss steht."), _decision_due),
}
