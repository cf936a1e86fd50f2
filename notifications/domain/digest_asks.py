"""What is asked of a person, as a letter with news begins: to answer first, then to do. And whether any of it is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import LinkPurpose
from meetings.domain import reminder_rules
from meetings.enums import Happened
from meetings.models import ActionItem, Decision, Meeting, Relay
from meetings.models.circular import CircularVote
from notifications.domain import calm_rules, digest_windows, invitations, urls_for, votes
from notifications.domain.digest_block import Block, LinkTo
from notifications.domain.digest_news import News
from notifications.domain.digest_readers import Reader
from notifications.domain.digest_waits import Report
from notifications.enums import MailKind

#: How long before its day an old question stands in each letter, and how long after it as a quiet line.
_AHEAD = dt.timedelta(days=14)
_AFTER = dt.timedelta(days=21)


@dataclass(frozen=True)
class Asked:
    """`blocks`: to answer and to do, what is new before the rest. `late`: their day is over; a quiet line for some weeks.

    `is_fresh`: something in `blocks` is new since the last letter and was not asked by a mail of its own. Old questions
    alone make no letter. `has_old`: something else waits among them.
    """

    blocks: Sequence[Block]
    late: Sequence[Block]
    is_fresh: bool
    has_old: bool


@dataclass(frozen=True)
class _Question:
    """`opened`, `reminded`, `last`: the keys of mails that ask it first, again, and for the last time (`calm_rules`)."""

    make: Callable[[], Block]
    due: dt.date | None
    is_new: bool
    is_soon: bool
    opened: Sequence[str] = ()
    reminded: Sequence[str] = ()
    last: str = ""


def of(reader: Reader, news: News, *, since: dt.datetime) -> Asked:
    """All that waits for this reader, each asked by one mail only.

    New is what was asked in the window, and what falls due before the next letter; neither where a mail of its own asked
    it. What a mail asked today or within the days of rest before is left out, and what was asked for the last time, for
    good.
    """
    today, had = local_date(news.until), reader.had
    fresh: list[Block] = []
    old: list[Block] = []
    late: list[Block] = []
    for one in _questions(reader, news, since):
        before = had.asked_at((*one.opened, *one.reminded, one.last))
        if one.last in had.asked or (before is not None and today - local_date(before) <= _rest()):
            continue
        if one.due is not None and one.due < today:
            if today - one.due <= _AFTER:
                late.append(one.make())
        elif (one.is_new and had.asked_at(one.opened) is None) or (one.is_soon and had.asked_at(one.reminded) is None):
            fresh.append(one.make())
        elif one.due is None or one.due <= today + _AHEAD:
            old.append(one.make())
    return Asked([*fresh, *old], late, bool(fresh), bool(old))


def _rest() -> dt.timedelta:
    """How long after a mail nobody is asked the same; from Friday to Monday by rule."""
    return reminder_rules.days("together_days")


def _questions(reader: Reader, news: News, since: dt.datetime) -> Iterator[_Question]:
    """To answer first, then to do."""
    until, waits, rhythm = news.until, news.waits, reader.person.digest
    invited, opened = news.once(("asked", since), lambda: _asked(news, since))
    soon = digest_windows.next_day(rhythm, end=since), digest_windows.next_day(rhythm, end=until)
    days = local_date(since), local_date(until)
    for meeting in reader.invitations:
        block = partial(news.once, ("invitation", meeting.pk), partial(_invitation, meeting))
        matter, about = invitations.matter(meeting.pk), {"about": meeting.start.isoformat()}
        last = calm_rules.key(MailKind.ANSWER_REMINDER, f"reminder:{meeting.pk}", about)
        yield _Question(block, None, meeting.pk in invited, False, [matter], [], last)
    for vote in reader.votes:
        block = partial(news.once, ("vote", vote.pk), partial(_vote, vote))
        matter = votes.matter(vote.pk)
        last = calm_rules.key(MailKind.BALLOT_REMINDER, matter, {})
        yield _Question(block, vote.closes_on, vote.pk in opened, False, [matter], [], last)
    for task in reader.tasks:
        before, last = (
            calm_rules.key(MailKind.TASK_REMINDER, f"task:{task.pk}", {"about": f"{task.due_on}.{reason}"})
            for reason in ("before", "late")
        )
        block = partial(_task, task, today=days[1])
        yield _Question(block, task.due_on, False, _is_soon(task.due_on, *soon), [], [before], last)
    for relay in waits.relays.get(reader.person.pk, ()):
        due, matter = relay.due_on.isoformat() if relay.due_on else "", f"{MailKind.RELAY}:{relay.pk}"
        before, last = (
            calm_rules.key(MailKind.RELAY, matter, {"about": reason, "due": due}) for reason in ("before", "late")
        )
        is_new, is_soon = _is_new(relay, since, until), _is_soon(relay.due_on, *soon)
        yield _Question(partial(_relay, relay, today=days[1]), relay.due_on, is_new, is_soon, [matter], [before], last)
    for report in waits.reports.get(reader.person.pk, ()):
        call, matter = f"call:{report.meeting.pk}", f"report:{report.meeting.pk}"
        first = [calm_rules.key(MailKind.CALL, call, {}), calm_rules.key(MailKind.UNIT_REPORT, matter, {})]
        again = [
            calm_rules.key(MailKind.CALL_REMINDER, call, {}),
            calm_rules.key(MailKind.UNIT_REPORT, matter, {"reminder": True}),
        ]
        is_soon = _is_soon(report.until, *soon)
        yield _Question(partial(_report, report), report.until, False, is_soon, first, again)
    for decision in reader.decisions:
        matter = f"decision:{decision.pk}"
        first_key, last = (
            calm_rules.key(MailKind.DECISION_DUE, matter, {"about": f"{decision.follow_up_on}.{reason}"})
            for reason in ("first", "again")
        )
        is_new = _is_between(decision, *days)
        yield _Question(partial(_decision, decision), None, is_new, False, [first_key], [], last)


def _asked(news: News, since: dt.datetime) -> tuple[set[int], set[int]]:
    """Meetings people were invited to in the window, and votes that were opened."""
    told = [change for change in news.changes if change.at >= since]
    invited = {change.subject_id for change in told if change.verb == Happened.MEETING_INVITED}
    return invited, {change.subject_id for change in told if change.verb == Happened.CIRCULAR_OPENED}


def _is_soon(day: dt.date | None, first: dt.date, last: dt.date) -> bool:
    return day is not None and first <= day < last


def _is_new(relay: Relay, since: dt.datetime, until: dt.datetime) -> bool:
    return relay.sent_at is not None and since <= relay.sent_at < until


def _is_between(decision: Decision, first: dt.date, last: dt.date) -> bool:
    return decision.follow_up_on is not None and first < decision.follow_up_on <= last


def _invitation(meeting: Meeting) -> Block:
    where = [meeting.venue.name] if meeting.venue else []
    facts = [meeting.alliance.name, german.when(meeting.start, meeting.end), *where]
    title = _("Bitte antworten: Kommen Sie am %s?") % german.day_and_month(meeting.start)
    return Block(title, [", ".join(facts) + "."], [LinkTo(_("Jetzt antworten"), LinkPurpose.ANSWER, meeting)])


def _vote(vote: CircularVote) -> Block:
    title = _("Bitte abstimmen bis %s") % german.day(vote.closes_on)
    link = LinkTo(_("Jetzt abstimmen"), LinkPurpose.BALLOT, vote, until=vote.ends_at + urls_for.AFTER_MEETING)
    return Block(title, [f"{vote.alliance.name}: {german.sentence(vote.subject)}"], [link])


def _task(task: ActionItem, *, today: dt.date) -> Block:
    link, day = LinkTo(_("Aufgabe zurückmelden"), LinkPurpose.TASK, task), german.day(task.due_on)
    if task.due_on >= today:
        return Block(_("Ihre Aufgabe bis %s") % day, [task.task], [link])
    return Block(_("Ihre Aufgabe"), [task.task, _("Ihre Rückmeldung war bis %s erbeten.") % day], [link])


def _decision(decision: Decision) -> Block:
    link = LinkTo(_("Sagen, wie es steht"), LinkPurpose.DECISION, decision)
    return Block(_("Wie steht es um %s?") % decision.number, [decision.text], [link])


def _relay(relay: Relay, *, today: dt.date) -> Block:
    names = {"body": relay.target.word, "subject": german.sentence(relay.subject)}
    lines = [_("Für %(body)s: %(subject)s") % names]
    if relay.due_on is not None:
        words = _("Bitte antworten bis %s.") if relay.due_on >= today else _("Ihre Antwort war bis %s erbeten.")
        lines.append(words % german.day(relay.due_on))
    title = _("%s wartet auf Ihre Antwort") % relay.source.word
    return Block(title, lines, [LinkTo(_("Ansehen und antworten"), LinkPurpose.RELAY, relay)])


def _report(report: Report) -> Block:
    meeting = report.meeting
    words = _("%(body)s: Was gibt es bei Ihnen Neues (%(units)s)? Bitte schreiben Sie uns ein paar Sätze bis %(day)s.")
    line = words % {"body": meeting.alliance.word, "units": report.units, "day": german.long_day(report.until)}
    title = _("Ein kurzer Bericht für den %s") % german.day_and_month(meeting.start)
    link = LinkTo(_("Bericht schreiben"), LinkPurpose.UNIT_REPORT, meeting, until=meeting.end)
    return Block(title, [line], [link])
