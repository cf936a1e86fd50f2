"""One mail about several things that are due for one person within a few days, each with its own button."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from buendnisse import german
from meetings.domain import reminder_rules
from meetings.models import Meeting
from notifications.domain import batch, calm_parts, calm_rules, unwanted
from notifications.domain.calm_parts import Part
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import decisions, meeting, relay, sitting, tasks, topics, unit_reports, votes
from notifications.domain.letters.unit_reports import Request
from notifications.enums import MailKind
from notifications.models import OutboxMessage

_COMPOSERS: dict[str, Composer] = {
    **decisions.COMPOSERS,
    **meeting.COMPOSERS,
    **relay.COMPOSERS,
    **tasks.COMPOSERS,
    **topics.COMPOSERS,
    **unit_reports.COMPOSERS,
    **votes.COMPOSERS,
}


@dataclass(frozen=True)
class Entry:
    """One thing that is asked: a heading, its lines, its buttons."""

    title: str
    lines: list[str]
    links: list[dict[str, str]]


def reminders(message: OutboxMessage, at: dt.datetime) -> Letter:
    """All of it that is still open. What one mail would say alone is said by that mail.

    The message notes what of its parts it says: what it leaves out may be said by another.
    """
    found = list(_letters(message, at))
    if not found:
        raise NothingToSay
    said = dict.fromkeys(key for part, letter in found for key in _said(part, letter))
    message.data = {**message.data, "covers": list(said)}
    letters = [letter for _part, letter in found]
    if len(letters) == 1:
        return letters[0]
    entries: list[Entry] = []
    for entry in (entry for letter in letters for entry in _entries(letter)):
        if entry not in entries:  # a report is asked for by the call, and by a letter of its own
            entries.append(entry)
    number = german.in_words(len(entries))
    context = {
        "entries": entries,
        "heading": _("%s Fragen an Sie") % f"{number[:1].upper()}{number[1:]}",
        "about": _about([letter.context for letter in letters]),
        "most": _often(reminder_rules.current().per_quarter),
    }
    return Letter("reminders", context)


def _often(number: int) -> str:
    """einmal, zweimal; nothing where there is no reminder at all."""
    words = {0: "", 1: _("einmal")}
    return words.get(number, _("%smal") % german.in_words(number))


def _letters(message: OutboxMessage, at: dt.datetime) -> Iterator[tuple[Part, Letter]]:
    """Each part as a mail of its own would say it. What is due in some days is asked as on its day."""
    for part in calm_parts.kept(message):
        if part.expires is not None and at >= part.expires:
            continue
        single = OutboxMessage(
            kind=part.kind,
            person=message.person,
            matter=part.matter,
            meeting_id=part.meeting,
            data=part.data,
            created_at=message.created_at,
        )
        try:
            with batch.alone():  # who else is written to about these meetings now matters to nobody here
                if unwanted.why(single, at=at):
                    continue
                yield part, _COMPOSERS[single.kind](single, max(at, part.due))
        except NothingToSay:
            continue


def _said(part: Part, letter: Letter) -> Sequence[str]:
    """The keys of what the letter says; one that lists things may have left some out."""
    if part.kind not in calm_rules.LISTS or "only" not in part.data:
        return part.covers
    listed = [one.action.pk for one in letter.context.get("tasks", ())]
    listed += [one.decision.pk for one in letter.context.get("dues", ())]
    return calm_rules.of(part.covers, listed)


def _entries(letter: Letter) -> Iterator[Entry]:
    said = letter.context
    if letter.template in _ENTRIES:
        yield from _ENTRIES[letter.template](said)
    for report in said.get("reports", ()):
        yield _report(report)


def _topics(said: Mapping[str, Any]) -> Iterator[Entry]:
    lines = [f"{fact['name']}: {fact['text']}" for fact in said["facts"]]
    yield Entry(_("Haben Sie ein Thema für eine Ihrer Sitzungen?"), lines, _topic_links(said["propose_url"]))


def _vote(said: Mapping[str, Any]) -> Iterator[Entry]:
    vote = said["vote"]
    lines = [f"{vote.alliance.name}: {german.sentence(vote.subject)}"]
    title = _("Bitte abstimmen bis %s") % german.day(vote.closes_on)
    yield Entry(title, lines, [_link(_("Jetzt abstimmen"), said["ballot_url"])])


def _tasks(said: Mapping[str, Any]) -> Iterator[Entry]:
    for one in said["tasks"]:
        title = _("Ihre Aufgabe bis %s") % german.day(one.action.due_on)
        yield Entry(title, [one.action.task], [_link(_("Aufgabe zurückmelden"), one.url)])


def _decisions(said: Mapping[str, Any]) -> Iterator[Entry]:
    for due in said["dues"]:
        title = _("Wie steht es um %s?") % due.decision.number
        yield Entry(title, [due.decision.text], [_link(_("Sagen, wie es steht"), due.url)])


def _relay(said: Mapping[str, Any]) -> Iterator[Entry]:
    lines = [str(said["asked_for"])] if said["asked_for"] else []
    yield Entry(said["heading"], lines, [_link(said["button"], said["path_url"])])


def _topic(said: Mapping[str, Any]) -> Iterator[Entry]:
    meeting: Meeting = said["meeting"]
    until = _("Themen bitte bis %s.") % german.day_and_month(said["window"].in_time_until)
    title = _("Haben Sie ein Thema für den %s?") % german.day_and_month(meeting.start)
    lines = [f"{_when(meeting)}. {until}", *_where(meeting)]
    yield Entry(title, lines, _topic_links(said["propose_url"]))


def _topic_links(url: str) -> list[dict[str, str]]:
    return [_link(_("Ein Thema vorschlagen"), url), _link(_("Diesmal kein Thema"), f"{url}kein-thema/")]


def _answer(said: Mapping[str, Any]) -> Iterator[Entry]:
    meeting: Meeting = said["meeting"]
    title = _("Kommen Sie am %s?") % german.day_and_month(meeting.start)
    lines = [f"{_when(meeting)}.", *_where(meeting)]
    yield Entry(title, lines, [_link(button["label"], button["url"]) for button in said["answers"]])


def _report(report: Request) -> Entry:
    title = _("Ein kurzer Bericht für den %s") % german.day_and_month(report.meeting.start)
    return Entry(title, [report.sentence], [_link(_("Bericht schreiben"), report.url)])


def _when(meeting: Meeting) -> str:
    return f"{meeting.alliance.name}, {german.when(meeting.start, meeting.end)}"


def _where(meeting: Meeting) -> list[str]:
    """Place and last bus in lines, which hold no links."""
    online = _("Teilnahme per Videokonferenz ist möglich")
    return [f"{fact['name']}: {online if 'url' in fact else fact['text']}" for fact in sitting.where(meeting)]


def _link(label: str, url: str) -> dict[str, str]:
    return {"label": label, "url": url}


def _about(said: Sequence[Mapping[str, Any]]) -> str:
    """ "Arbeit, 11.02.2027": the first meeting that is named, else the first body: a bare date would read like a meeting's."""
    meetings = [found for one in said if (found := one.get("meeting") or next(iter(one.get("meetings", ())), None))]
    if meetings:
        return f"{meetings[0].alliance.word}, {german.short_day(meetings[0].start)}"
    body = next((one["body"] for one in said if one.get("body")), None)
    return body.word if body else _("Bündnisse")


#: What a mail of this template asks, as entries of one mail.
_ENTRIES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Entry]]] = {
    "call": _topic,
    "call_reminder": _topic,
    "call_two": _topics,
    "answer_reminder": _answer,
    "ballot_reminder": _vote,
    "task_reminder": _tasks,
    "decision_due": _decisions,
    "relay": _relay,
}

COMPOSERS: dict[str, Composer] = {MailKind.REMINDERS: reminders}
