"""One mail of each kind, really sent, and what its personal links are about; for tests of what holds for all mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from buendnisse.enums import LinkPurpose
from notifications.enums import MailKind
from tests.notifications.stories import dates, exchange, inbound, minutes, people, topics, votes

#: What a link of each purpose is about; "" for one that is about its person alone.
SUBJECTS: dict[LinkPurpose, str] = {
    LinkPurpose.ANSWER: "meeting",
    LinkPurpose.DEPUTY: "deputyrequest",
    LinkPurpose.REPLY: "inboundmessage",
    LinkPurpose.MEETING: "meeting",
    LinkPurpose.PROPOSE: "meeting",
    LinkPurpose.UNIT_REPORT: "meeting",
    LinkPurpose.ITEM: "agendaitem",
    LinkPurpose.MINUTES: "minutes",
    LinkPurpose.MISSED: "alliance",
    LinkPurpose.RELEASE: "minutes",
    LinkPurpose.AGENDA_RELEASE: "meeting",
    LinkPurpose.TASK: "actionitem",
    LinkPurpose.DECISION: "decision",
    LinkPurpose.RELAY: "relay",
    LinkPurpose.BALLOT: "circularvote",
    LinkPurpose.NOTICE: "",
    LinkPurpose.REMARK: "alliance",
    LinkPurpose.FEED: "",
    LinkPurpose.SETTINGS: "",
    LinkPurpose.ADDRESS: "addresswish",
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


#: Every kind of mail there is; one without its row fails the test.
MAILS: dict[MailKind, Mail] = {
    MailKind.CODE: mail(dates.code),
    MailKind.LINK: mail(dates.new_link, LinkPurpose.ITEM),
    MailKind.WELCOME: mail(people.welcome, LinkPurpose.TASK),
    MailKind.ADDRESS_CHECK: mail(people.address_check, LinkPurpose.ADDRESS),
    MailKind.ADDRESS_CHANGED: mail(people.address_changed),
    MailKind.FAREWELL: mail(people.farewell),
    MailKind.SAVE_THE_DATE: mail(dates.save_the_date, LinkPurpose.MEETING, LinkPurpose.FEED),
    MailKind.INVITATION: mail(dates.invitation, LinkPurpose.ANSWER, LinkPurpose.MEETING),
    MailKind.COPY: mail(dates.copy),
    MailKind.REPLY_CHECK: mail(inbound.reply_check, LinkPurpose.REPLY),
    MailKind.REQUEST_AGAIN: mail(inbound.request_again, LinkPurpose.ANSWER, LinkPurpose.MEETING),
    MailKind.PASSED_ON: mail(inbound.passed_on),
    MailKind.MOVED: mail(dates.moved, LinkPurpose.ANSWER, LinkPurpose.MEETING),
    MailKind.CANCELLED: mail(dates.cancelled, LinkPurpose.MEETING),
    MailKind.UNINVITED: mail(dates.uninvited, LinkPurpose.MEETING),
    MailKind.ANSWER_REMINDER: mail(dates.answer_reminder, LinkPurpose.ANSWER, LinkPurpose.MEETING),
    MailKind.DEPUTY_ASKED: mail(dates.deputy_asked, LinkPurpose.DEPUTY),
    MailKind.DEPUTY_UNASKED: mail(dates.deputy_unasked),
    MailKind.DEPUTY_ANSWERED: mail(dates.deputy_answered, LinkPurpose.ANSWER),
    MailKind.CALL: mail(topics.call, LinkPurpose.PROPOSE),
    MailKind.CALL_REMINDER: mail(topics.call_reminder, LinkPurpose.PROPOSE),
    MailKind.UNIT_REPORT: mail(topics.unit_report, LinkPurpose.UNIT_REPORT),
    MailKind.ITEM_RECEIVED: mail(topics.item_received, LinkPurpose.ITEM),
    MailKind.ITEM_FATE: mail(topics.item_fate, LinkPurpose.ITEM),
    MailKind.ITEM_DONE: mail(topics.item_done, LinkPurpose.ITEM),
    MailKind.AGENDA: mail(topics.agenda_sent, LinkPurpose.ANSWER, LinkPurpose.MEETING),
    MailKind.AGENDA_REVIEW: mail(topics.agenda_review, LinkPurpose.AGENDA_RELEASE),
    MailKind.LATE_PAPERS: mail(topics.late_papers, LinkPurpose.MEETING),
    MailKind.MINUTES_REVIEW: mail(minutes.minutes_review, LinkPurpose.RELEASE),
    MailKind.MINUTES: mail(minutes.minutes_sent, LinkPurpose.MINUTES, LinkPurpose.TASK, LinkPurpose.MISSED),
    MailKind.MINUTES_ANSWER: mail(minutes.minutes_answer, LinkPurpose.MINUTES),
    MailKind.REMINDERS: mail(topics.reminders, LinkPurpose.PROPOSE, LinkPurpose.TASK),
    MailKind.TASK_REMINDER: mail(minutes.task_reminder, LinkPurpose.TASK),
    MailKind.DECISION_DUE: mail(minutes.decision_due, LinkPurpose.DECISION),
    MailKind.TASK_HANDED_OVER: mail(minutes.task_handed_over, LinkPurpose.TASK),
    MailKind.RELAY: mail(minutes.relay_sent, LinkPurpose.RELAY),
    MailKind.RELAY_ANSWER: mail(minutes.relay_answer, LinkPurpose.RELAY),
    MailKind.BALLOT: mail(votes.ballot, LinkPurpose.BALLOT),
    MailKind.BALLOT_REMINDER: mail(votes.ballot_reminder, LinkPurpose.BALLOT),
    MailKind.BALLOT_RESULT: mail(votes.ballot_result, LinkPurpose.BALLOT),
    MailKind.BALLOT_MOVED: mail(votes.ballot_moved, LinkPurpose.BALLOT),
    MailKind.NOTICE_FATE: mail(exchange.notice_fate, LinkPurpose.NOTICE),
    MailKind.REMARK_ANSWER: mail(exchange.remark_answer, LinkPurpose.REMARK),
    MailKind.DIGEST: mail(minutes.digest, LinkPurpose.MEETING, LinkPurpose.NOTICE, LinkPurpose.UNSUBSCRIBE),
}
