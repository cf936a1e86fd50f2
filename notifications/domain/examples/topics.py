"""Examples about topics: the call, its reminder, the copy of a proposal and what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from buendnisse.models import StandingItem, Unit
from meetings.enums import AgendaItemState, DecisionState, MeetingState, NoticeState, RemarkState, StandingCode
from meetings.models import Decision, Notice, Remark
from notifications.domain.examples.scene import Example, mail, moment
from notifications.domain.examples.stage import Stage, topic
from notifications.enums import MailKind
from notifications.models import OutboxMessage

Made = tuple[OutboxMessage, dt.datetime]

BEFORE = [MailKind.CALL, MailKind.CALL_REMINDER, MailKind.UNIT_REPORT]
OWN = [
    MailKind.ITEM_RECEIVED,
    MailKind.ITEM_FATE,
    MailKind.ITEM_DONE,
    MailKind.NOTICE_FATE,
    MailKind.REMARK_ANSWER,
]
_CALL = moment(2034, 12, 21, 7)


def _call(stage: Stage) -> Made:
    stage.set_meeting(state=MeetingState.CALL_OPEN)
    topic(stage, proposer=stage.chair, presenter=stage.chair)
    return mail(stage, MailKind.CALL, data={"meetings": [stage.meeting.pk]}), _CALL


def _call_reminder(stage: Stage) -> Made:
    stage.set_meeting(state=MeetingState.CALL_OPEN)
    return mail(stage, MailKind.CALL_REMINDER), moment(2035, 1, 18, 7)


def _unit_report(stage: Stage) -> Made:
    stage.set_meeting(state=MeetingState.CALL_OPEN)
    Unit.objects.create(
        slug="beispiel-projekt",
        kind="unit",
        name="Projekt Ankommen",
        short_name="Projekt Ankommen",
        organisation=stage.reader.organisation,
        programme="Beispiel",
        funder="Beispiel",
    )
    StandingItem.objects.create(
        alliance=stage.alliance,
        code=StandingCode.UNITS,
        title="Berichte der Stellen und Projekte",
        kind="formal",
        duration_minutes=10,
        position=1,
    )
    return mail(stage, MailKind.UNIT_REPORT), _CALL


def _item_received(stage: Stage) -> Made:
    stage.set_meeting(state=MeetingState.CALL_OPEN)
    item = topic(stage, state=AgendaItemState.PROPOSED, position=0)
    return mail(stage, MailKind.ITEM_RECEIVED, data={"item": item.pk}), moment(2035, 1, 10, 17, 5)


def _item_fate(stage: Stage) -> Made:
    item = topic(stage, state=AgendaItemState.DECLINED, position=0, reason="Das Thema gehört in den Sozialausschuss.")
    return mail(stage, MailKind.ITEM_FATE, data={"item": item.pk}), moment(2035, 1, 24, 11)


def _item_done(stage: Stage) -> Made:
    Decision.objects.filter(pk=stage.decision.pk).update(state=DecisionState.DONE)
    data = {"decision": stage.decision.pk}
    return mail(stage, MailKind.ITEM_DONE, about_meeting=False, data=data), moment(2035, 3, 1)


def _notice_fate(stage: Stage) -> Made:
    notice = Notice.objects.create(
        text="Unser Sprachcafé hat jetzt auch am Samstag geöffnet.",
        state=NoticeState.RELEASED,
        valid_until=dt.date(2035, 3, 31),
        from_organisation=stage.reader.organisation,
        from_person=stage.reader,
        submitted_at=moment(2035, 2, 1),
        released_at=moment(2035, 2, 2),
    )
    notice.bodies.set([stage.alliance, stage.other])
    data = {"notice": notice.pk, "state": NoticeState.RELEASED}
    return mail(stage, MailKind.NOTICE_FATE, about_meeting=False, data=data), moment(2035, 2, 2)


def _remark_answer(stage: Stage) -> Made:
    remark = Remark.objects.create(
        about=stage.other,
        text="Der neue Treffpunkt ist auch für unsere Schülerinnen und Schüler gut.",
        from_organisation=stage.reader.organisation,
        from_person=stage.reader,
        submitted_at=moment(2035, 2, 1),
        state=RemarkState.ANSWERED,
        reply="Danke. Wir sagen es in der nächsten Sitzung weiter.",
    )
    return mail(stage, MailKind.REMARK_ANSWER, about_meeting=False, data={"remark": remark.pk}), moment(2035, 2, 5)


EXAMPLES: Mapping[str, Example] = {
    MailKind.CALL: Example(
        _("Um 7 Uhr an dem Tag, den die Regeln des Bündnisses nennen, an Mitglieder und Stellvertretungen."), _call
    ),
    MailKind.CALL_REMINDER: Example(
        _("Einmal, bevor die Tagesordnung feststeht, nur an alle ohne Antwort."), _call_reminder
    ),
    MailKind.UNIT_REPORT: Example(_("An Stellen und Projekte, wenn sie keinen Aufruf bekommen."), _unit_report),
    MailKind.ITEM_RECEIVED: Example(_("Gleich nach dem Vorschlag, an die Person, die ihn schickt."), _item_received),
    MailKind.ITEM_FATE: Example(_("Wenn Sie ein Thema annehmen, verschieben oder nicht aufnehmen."), _item_fate),
    MailKind.ITEM_DONE: Example(_("Wenn der Beschluss zu einem Thema umgesetzt ist."), _item_done),
    MailKind.NOTICE_FATE: Example(_("Wenn Sie eine Kurzmeldung freigeben oder ablehnen."), _notice_fate),
    MailKind.REMARK_ANSWER: Example(_("Wenn Sie auf eine Rückmeldung antworten."), _remark_answer),
}
