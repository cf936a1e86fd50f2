"""What happened in a window, gathered once for everybody, and picked for one person by what she may see.

Read from the journal: whatever a verb recorded can be told here, and nothing else. The order is that of the
letter: what is asked of you, your meetings, answers to your body, the others, short notices.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.enums import LinkPurpose
from buendnisse.models import Alliance, Change, Person
from buendnisse.models.sight import Sight, sight_of
from meetings.domain import elsewhere, relay_turn, relay_words
from meetings.enums import Answer, Happened, MeetingState, RelayAnswerKind, RelayState
from meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, Minutes, Notice, Relay

_OF_DATES = (Happened.MEETING_CONFIRMED, Happened.MEETING_MOVED, Happened.MEETING_CANCELLED)
_OF_MEETINGS = (*_OF_DATES, Happened.MEETING_RESTORED, Happened.MEETING_INVITED)
_OF_ITEMS = (Happened.ITEM_ACCEPTED, Happened.ITEM_SCHEDULED)
#: Relays whose place on an agenda was a slip, or is no more.
_OFF_THE_AGENDA = frozenset(
    {RelayState.DRAFT, RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.WITHDRAWN, RelayState.DECLINED}
)
_COME_HOME = (Happened.RELAY_RETURNED, Happened.RELAY_DECLINED, Happened.RELAY_CLOSED)
_TOLD = (*_OF_MEETINGS, *_OF_ITEMS, *_COME_HOME, Happened.MINUTES_CIRCULATED, Happened.RELAY_SCHEDULED)
_TOPICS = 4  # of an agenda of others; their page has all of them
_ASKED_AHEAD = dt.timedelta(days=14)  # tasks that come up


@dataclass(frozen=True)
class LinkTo:
    """A personal page; its address is made when the letter is written."""

    label: str
    purpose: LinkPurpose
    subject: models.Model


@dataclass
class Block:
    """A heading with lines, and where to read more."""

    title: str
    lines: list[str] = field(default_factory=list)
    links: list[LinkTo] = field(default_factory=list)


@dataclass(frozen=True)
class Picked:
    """One person's news. `is_fresh`: something in `asks` is new in this window; `is_member`: may hand news in, too."""

    asks: tuple[Block, ...]
    own: tuple[Block, ...]
    answers: tuple[Block, ...]
    others: tuple[Block, ...]
    notices: tuple[str, ...]
    is_fresh: bool
    is_member: bool

    @property
    def is_empty(self) -> bool:
        """Old questions alone are no news: reminders ask again, a letter does not."""
        return not (self.is_fresh or self.own or self.answers or self.others or self.notices)


@dataclass(frozen=True)
class News:
    """Everything told between two moments, with what the telling needs, by id."""

    since: dt.datetime
    until: dt.datetime
    changes: Sequence[Change]
    bodies: Mapping[int, Alliance]
    meetings: Mapping[int, Meeting]
    items: Mapping[int, AgendaItem]
    minutes: Mapping[int, Minutes]
    relays: Mapping[int, Relay]
    decisions: Mapping[int, list[Decision]]
    next_meetings: Mapping[int, Meeting]
    notices: Sequence[Notice]


def gather(*, since: dt.datetime, until: dt.datetime) -> News:
    """Everything told in [since, until). The same nine queries however many people read it."""
    told = list(Change.objects.filter(at__gte=since, at__lt=until, verb__in=_TOLD).order_by("pk"))
    ids: dict[str, set[int]] = defaultdict(set)
    for change in told:
        ids[change.subject_type].add(change.subject_id)
    minutes = Minutes.objects.filter(pk__in=ids["minutes"]).select_related("meeting__alliance").in_bulk()
    decisions: dict[int, list[Decision]] = defaultdict(list)
    held = [one.meeting_id for one in minutes.values()]
    for decision in Decision.objects.standing().filter(meeting__in=held).order_by("number"):
        decisions[decision.meeting_id or 0].append(decision)
    next_meetings: dict[int, Meeting] = {}
    for meeting in Meeting.objects.upcoming(until).filter(start__gt=until).select_related("alliance"):
        next_meetings.setdefault(meeting.alliance_id, meeting)
    notices = Notice.objects.valid_on(local_date(until)).filter(released_at__gte=since, released_at__lt=until)
    return News(
        since,
        until,
        told,
        bodies=Alliance.objects.in_bulk(),
        meetings=Meeting.objects.filter(pk__in=ids["meeting"]).select_related("alliance", "venue").in_bulk(),
        items=AgendaItem.objects.filter(pk__in=ids["agendaitem"]).select_related("meeting").in_bulk(),
        minutes=minutes,
        relays=Relay.objects.filter(pk__in=ids["relay"]).select_related(*relay_turn.RELATED).in_bulk(),
        decisions=decisions,
        next_meetings=next_meetings,
        notices=list(notices.select_related("from_organisation").prefetch_related("bodies").order_by("pk")),
    )


def pick(person: Person, news: News, *, since: dt.datetime, at: dt.datetime) -> Picked:
    """What of it is for this person, from `since` on, as of `at`."""
    sight = sight_of(person, at=at)
    seen = _Seen(person, at)
    told = _without_overtaken([change for change in news.changes if change.at >= since])
    heard = [change for change in told if change.body_id not in person.quiet_bodies]
    own, others = _blocks(heard, news, sight, seen)
    asks, is_fresh = _asks(person, news, told, at=at)
    return Picked(
        asks=tuple(asks),
        own=tuple(own),
        answers=tuple(_answers(heard, news, sight, seen)),
        others=tuple(others),
        notices=tuple(_notices(news, since, sight, seen)),
        is_fresh=is_fresh,
        is_member=bool(sight.inside),
    )


def _without_overtaken(told: list[Change]) -> list[Change]:
    """Of a date that was fixed, moved and called off in one window only the last is news.

    A cancellation that was taken back before a letter told it is none at all.
    """
    restored = {change.data["cancelled"]: change.pk for change in told if change.verb == Happened.MEETING_RESTORED}
    untold = {pk for change in told if change.pk in restored for pk in (change.pk, restored[change.pk])}
    told = [change for change in told if change.pk not in untold]
    last = {change.subject_id: change.pk for change in told if change.verb in _OF_DATES}
    return [change for change in told if change.verb not in _OF_DATES or change.pk == last[change.subject_id]]


class _Seen:
    """Which rows of a kind this person may see; asked once a kind, and not at all for nothing."""

    def __init__(self, person: Person, at: dt.datetime) -> None:
        self.person, self.at = person, at

    def inside(self, sight: Sight) -> frozenset[int]:
        """Own bodies the person wants to hear from."""
        return sight.inside - frozenset(self.person.quiet_bodies)

    def of(self, model: Any, ids: Iterable[int]) -> set[int]:
        wanted = set(ids)
        if not wanted:
            return set()
        visible = model._default_manager.visible_to(self.person, at=self.at)
        return set(visible.filter(pk__in=wanted).values_list("pk", flat=True))


def _blocks(told: list[Change], news: News, sight: Sight, seen: _Seen) -> tuple[list[Block], list[Block]]:
    """A block for each alliance with news: one's own with everything, the others with what they agreed."""
    meetings = seen.of(Meeting, (change.subject_id for change in told if change.verb in _OF_MEETINGS))
    items = seen.of(AgendaItem, (change.subject_id for change in told if change.verb in _OF_ITEMS))
    relays = seen.of(Relay, (change.subject_id for change in told if change.verb == Happened.RELAY_SCHEDULED))
    circulated = [change.subject_id for change in told if change.verb == Happened.MINUTES_CIRCULATED]
    agreed = seen.of(
        Decision,
        (one.pk for pk in circulated if pk in news.minutes for one in news.decisions[news.minutes[pk].meeting_id]),
    )
    topics = _topics(told, news, sight, seen)
    own: dict[int, Block] = {}
    others: dict[int, Block] = {}
    for change in told:
        body = news.bodies.get(change.body_id or 0)
        if body is None:
            continue
        if body.pk in sight.inside:
            lines, links = _own_lines(change, news, meetings, items, relays)
            blocks = own
        else:
            lines, links = _other_lines(change, news, agreed, topics), []
            blocks = others
        if lines:
            block = blocks.setdefault(body.pk, _block(body, news, is_own=blocks is own))
            block.lines += [line for line in lines if line not in block.lines]
            block.links += [link for link in links if link not in block.links]
    for pk, block in own.items():
        if (meeting := news.next_meetings.get(pk)) is not None:
            block.links.insert(0, LinkTo(_("Tagesordnung und Unterlagen öffnen"), LinkPurpose.MEETING, meeting))
    for pk, block in others.items():
        meeting = news.next_meetings.get(pk)
        if (
            meeting is not None
            and (titles := topics.get(meeting.pk))
            and (line := _on_agenda(titles)) not in block.lines
        ):
            block.lines.append(line)
        if sight.inside:
            block.links.append(LinkTo(_("Dazu etwas sagen"), LinkPurpose.REMARK, news.bodies[pk]))
    return list(own.values()), list(others.values())


def _block(body: Alliance, news: News, *, is_own: bool) -> Block:
    meeting = news.next_meetings.get(body.pk)
    if meeting is None:
        return Block(body.word)
    if is_own:
        return Block(f"{body.word}, {german.long_day(meeting.start)}")
    return Block(_("%(body)s, nächste Sitzung %(when)s") % {"body": body.word, "when": german.moment(meeting.start)})


def _topics(told: list[Change], news: News, sight: Sight, seen: _Seen) -> dict[int, list[str]]:
    """What is on the agendas others were sent; asked only where something of others is told at all."""
    is_told = any(
        change.verb in {Happened.MEETING_INVITED, Happened.MINUTES_CIRCULATED} and change.body_id not in sight.inside
        for change in told
    )
    others = [meeting for pk, meeting in news.next_meetings.items() if pk not in sight.inside]
    return elsewhere.sent_topics(others, sight, at=seen.at) if is_told else {}


def _on_agenda(titles: Sequence[str]) -> str:
    """ "Auf der Tagesordnung: „Treffpunkt in Venndorf“ und „Rufbus“." """
    shown = [f"„{title}“" for title in titles[:_TOPICS]]
    if more := len(titles) - len(shown):
        shown.append(_("%s mehr") % german.in_words(more) if more > 1 else _("ein Thema mehr"))
    return _("Auf der Tagesordnung: %s.") % german.listing(shown)


def _own_lines(
    change: Change, news: News, meetings: set[int], items: set[int], relays: set[int]
) -> tuple[list[str], list[LinkTo]]:
    pk = change.subject_id
    if change.verb in _OF_MEETINGS and pk in meetings and pk in news.meetings:
        return [_of_meeting(change, news.meetings[pk])], []
    if change.verb in _OF_ITEMS and pk in items and not news.items[pk].standing_code:
        return [_new_topic(news.items[pk])], []
    if change.verb == Happened.RELAY_SCHEDULED and pk in relays and news.relays[pk].state not in _OFF_THE_AGENDA:
        relay = news.relays[pk]
        return [_("Bitte aus %(body)s: „%(subject)s“.") % {"body": relay.source.word, "subject": relay.subject}], []
    if change.verb == Happened.MINUTES_CIRCULATED and pk in news.minutes:
        minutes = news.minutes[pk]
        day = german.day_and_month(minutes.meeting.start)
        line = _("Das Protokoll vom %s ist da.") % day
        if minutes.objection_until:
            line += " " + _("Fehler melden Sie bitte bis %s.") % german.day(minutes.objection_until)
        return [line], [LinkTo(_("Protokoll vom %s lesen") % day, LinkPurpose.MINUTES, minutes)]
    return [], []


def _new_topic(item: AgendaItem) -> str:
    if item.meeting is None:
        return _("Neues Thema: „%s“.") % item.title
    day = german.day(item.meeting.start)
    return _("Neues Thema für den %(day)s: „%(title)s“.") % {"day": day, "title": item.title}


def _of_meeting(change: Change, meeting: Meeting) -> str:
    day, when = german.long_day(meeting.start), german.when(meeting.start, meeting.end)
    match change.verb:
        case Happened.MEETING_CANCELLED:
            return _("Die Sitzung am %s fällt aus.") % day
        case Happened.MEETING_RESTORED:
            return _("Die Sitzung findet doch statt: %s.") % when
        case Happened.MEETING_MOVED:
            return _("Die Sitzung ist verlegt. Sie ist jetzt am %s.") % when
        case Happened.MEETING_INVITED:
            return _("Die Tagesordnung für den %s ist da.") % german.day(meeting.start)
    return _("Der Termin steht: %s.") % when


def _other_lines(change: Change, news: News, agreed: set[int], topics: Mapping[int, list[str]]) -> list[str]:
    if change.verb == Happened.MEETING_INVITED:
        return [_on_agenda(titles)] if (titles := topics.get(change.subject_id)) else []
    if change.verb != Happened.MINUTES_CIRCULATED or change.subject_id not in news.minutes:
        return []
    meeting = news.minutes[change.subject_id].meeting
    day = german.day_and_month(meeting.start)
    return [
        _("Neu verabredet am %(day)s: %(text)s (%(number)s)")
        % {"day": day, "text": decision.text, "number": decision.number}
        for decision in news.decisions[meeting.pk]
        if decision.pk in agreed
    ]


def _answers(told: list[Change], news: News, sight: Sight, seen: _Seen) -> list[Block]:
    """Answers that came home to one's own bodies. Each relay once, whatever steps it took in the window.

    An answer that was taken back as a slip is none.
    """
    home = [change.subject_id for change in told if change.verb in _COME_HOME and _is_answer(change)]
    ours = [pk for pk in dict.fromkeys(home) if pk in news.relays and news.relays[pk].source_id in seen.inside(sight)]
    visible = seen.of(Relay, ours)
    return [
        _answer(news.relays[pk], seen)
        for pk in ours
        if pk in visible and news.relays[pk].state in relay_words.WITH_ANSWER
    ]


def _is_answer(change: Change) -> bool:
    """A closing is news only where nothing came back before it: what was for information and has been noted."""
    return change.verb != Happened.RELAY_CLOSED or change.reason == RelayAnswerKind.NOTED


def _answer(relay: Relay, seen: _Seen) -> Block:
    words = relay_words.answer_wording(relay, reader=seen.person, at=seen.at)
    names = {"source": relay.source.word, "subject": relay.subject}
    asked = _("Wir in %(source)s haben „%(subject)s“ weitergegeben.") % names
    link = LinkTo(_("Den ganzen Weg ansehen"), LinkPurpose.RELAY, relay)
    is_noted = relay.answer_kind == RelayAnswerKind.NOTED
    title = _("%s hat es zur Kenntnis genommen") if is_noted else _("Antwort aus %s")
    return Block(title % relay.target.word, [f"{asked} {relay_words.answered(relay, words)}"], [link])


def _notices(news: News, since: dt.datetime, sight: Sight, seen: _Seen) -> list[str]:
    fresh = [one for one in news.notices if one.released_at and one.released_at >= since]
    visible = seen.of(Notice, (one.pk for one in fresh))
    return [
        german.sentences(f"{one.text.rstrip(' .')} ({one.from_organisation.short_name})", _more(one))
        for one in fresh
        if one.pk in visible and (sight.all_bodies or seen.inside(sight) & {body.pk for body in one.bodies.all()})
    ]


def _more(notice: Notice) -> str:
    return _("Mehr dazu: %s") % notice.web_address if notice.web_address else ""


def _asks(person: Person, news: News, told: list[Change], *, at: dt.datetime) -> tuple[list[Block], bool]:
    """What is asked of this person; and whether any of it is new."""
    invited = {change.subject_id for change in told if change.verb == Happened.MEETING_INVITED}
    rows = Attendance.objects.filter(
        person=person,
        is_asked=True,
        answer=Answer.PENDING,
        meeting__state=MeetingState.INVITED,
        meeting__start__gt=at,
    ).select_related("meeting__alliance", "meeting__venue")
    blocks, is_fresh = [], False
    for row in rows.order_by("meeting__start"):
        blocks.append(_question(row.meeting))
        is_fresh |= row.meeting_id in invited
    day = local_date(news.until)
    tasks = ActionItem.objects.open().filter(owner=person, due_on__lte=day + _ASKED_AHEAD).order_by("due_on", "pk")
    for task in tasks:
        blocks.append(_task(task))
        is_fresh |= day <= task.due_on < day + (news.until - news.since)
    return blocks, is_fresh


def _question(meeting: Meeting) -> Block:
    where = [meeting.venue.name] if meeting.venue else []
    facts = [meeting.alliance.name, german.when(meeting.start, meeting.end), *where]
    title = _("Bitte antworten: Kommen Sie am %s?") % german.day_and_month(meeting.start)
    return Block(title, [", ".join(facts) + "."], [LinkTo(_("Jetzt antworten"), LinkPurpose.ANSWER, meeting)])


def _task(task: ActionItem) -> Block:
    link = LinkTo(_("Aufgabe zurückmelden"), LinkPurpose.TASK, task)
    return Block(_("Ihre Aufgabe bis %s") % german.day(task.due_on), [task.task], [link])
