"""What is asked of a person, as a letter with news begins: to answer first, then to do. And whether any of it is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import LinkPurpose
from meetings.enums import Happened
from meetings.models import ActionItem, Decision, Meeting, Relay
from meetings.models.circular import CircularVote
from notifications.domain import digest_windows, urls_for
from notifications.domain.digest_block import Block, LinkTo
from notifications.domain.digest_news import News
from notifications.domain.digest_readers import Reader
from notifications.domain.digest_waits import Report


@dataclass(frozen=True)
class Asked:
    """`is_fresh`: something in it is new since the last letter. Old questions alone make no letter."""

    blocks: Sequence[Block]
    is_fresh: bool


def of(reader: Reader, news: News, *, since: dt.datetime) -> Asked:
    """All that waits for this reader. New is what was asked in the window, and what falls due before the next letter."""
    until, waits = news.until, news.waits
    relays, reports = waits.relays.get(reader.person.pk, ()), waits.reports.get(reader.person.pk, ())
    invited, opened = news.once(("asked", since), lambda: _asked(news, since))
    rhythm = reader.person.digest
    soon = digest_windows.next_day(rhythm, end=since), digest_windows.next_day(rhythm, end=until)
    days = local_date(since), local_date(until)
    is_fresh = (
        any(meeting.pk in invited for meeting in reader.invitations)
        or any(vote.pk in opened for vote in reader.votes)
        or any(_is_soon(task.due_on, *soon) for task in reader.tasks)
        or any(_is_between(decision, *days) for decision in reader.decisions)
        or any(_is_new(relay, since, until) or _is_soon(relay.due_on, *soon) for relay in relays)
        or any(_is_soon(report.until, *soon) for report in reports)
    )
    blocks = [news.once(("invitation", one.pk), partial(_invitation, one)) for one in reader.invitations]
    blocks += [news.once(("vote", one.pk), partial(_vote, one)) for one in reader.votes]
    blocks += [_task(task, today=days[1]) for task in reader.tasks]
    blocks += [_relay(relay) for relay in relays]
    blocks += [_report(report) for report in reports]
    blocks += [_decision(decision) for decision in reader.decisions]
    return Asked(blocks, is_fresh)


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
    link = LinkTo(_("Aufgabe zurückmelden"), LinkPurpose.TASK, task)
    words = _("Ihre Aufgabe bis %s") if task.due_on >= today else _("Noch offen: Ihre Aufgabe bis %s")
    return Block(words % german.day(task.due_on), [task.task], [link])


def _decision(decision: Decision) -> Block:
    link = LinkTo(_("Sagen, wie es steht"), LinkPurpose.DECISION, decision)
    return Block(_("Wie steht es um %s?") % decision.number, [decision.text], [link])


def _relay(relay: Relay) -> Block:
    names = {"body": relay.target.word, "subject": german.sentence(relay.subject)}
    lines = [_("Für %(body)s: %(subject)s") % names]
    if relay.due_on is not None:
        lines.append(_("Bitte antworten bis %s.") % german.day(relay.due_on))
    title = _("%s wartet auf Ihre Antwort") % relay.source.word
    return Block(title, lines, [LinkTo(_("Ansehen und antworten"), LinkPurpose.RELAY, relay)])


def _report(report: Report) -> Block:
    meeting = report.meeting
    words = _("%(body)s: Was gibt es Neues bei %(units)s? Bitte schreiben Sie uns ein paar Sätze bis %(day)s.")
    line = words % {"body": meeting.alliance.word, "units": report.units, "day": german.long_day(report.until)}
    title = _("Ein kurzer Bericht für den %s") % german.day_and_month(meeting.start)
    link = LinkTo(_("Bericht schreiben"), LinkPurpose.UNIT_REPORT, meeting, until=meeting.end)
    return Block(title, [line], [link])
