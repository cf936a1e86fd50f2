"""What of the news is for one person: by what she may see, in the order of the letter.

First what is asked of you, then your meetings, answers to your body, the others, short notices.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import LinkPurpose
from buendnisse.models import Alliance, Change, Sight
from meetings.domain import relay_words
from meetings.enums import CircularState, Happened, MeetingState, RelayAnswerKind, RelayState
from meetings.models import AgendaItem, CircularVote, Decision, Meeting, Minutes, Notice, Relay
from notifications.domain import digest_asks
from notifications.domain.digest_block import Block, LinkTo
from notifications.domain.digest_news import (
    COME_HOME,
    OF_DATES,
    OF_ITEMS,
    OF_MEETINGS,
    OF_VOTES,
    VOTES_ENDED,
    News,
)
from notifications.domain.digest_readers import Reader

#: Relays whose place on an agenda was a slip, or is no more.
_OFF_THE_AGENDA = frozenset(
    {RelayState.DRAFT, RelayState.SENT, RelayState.ACKNOWLEDGED, RelayState.WITHDRAWN, RelayState.DECLINED}
)
_TOPICS = 4  # of an agenda of others; their page has all of them
_SUBJECT = 120  # characters of a vote's subject


@dataclass(frozen=True)
class Picked:
    """One person's news, without what mails of her own told.

    `late`: asked, and over its day. `is_fresh`: something in `asks` is new in this window, and stands first; `has_old`:
    something is not. `is_member`: may hand news in, too.
    """

    asks: tuple[Block, ...]
    own: tuple[Block, ...]
    answers: tuple[Block, ...]
    others: tuple[Block, ...]
    late: tuple[Block, ...]
    notices: tuple[str, ...]
    is_fresh: bool
    has_old: bool
    is_member: bool

    @property
    def is_empty(self) -> bool:
        """Old questions alone are no news: reminders ask again, a letter does not."""
        return not (self.is_fresh or self.own or self.answers or self.others or self.notices)


def pick(reader: Reader, news: News, *, since: dt.datetime) -> Picked:
    """What of it is for this reader, from `since` on."""
    told = news.once(("told", since), lambda: _told(news, since))
    own, others = _blocks(told, news, reader, since)
    asked = digest_asks.of(reader, news, since=since)
    return Picked(
        asks=tuple(asked.blocks),
        own=tuple(own),
        answers=tuple(_answers(told, news, reader)),
        others=tuple(others),
        late=tuple(asked.late),
        notices=tuple(_notices(news, since, reader)),
        is_fresh=asked.is_fresh,
        has_old=asked.has_old,
        is_member=bool(reader.sight.inside),
    )


@dataclass(frozen=True)
class _Told:
    """What happened from a moment on: by body, and the answers that came home."""

    of_bodies: Mapping[int, Sequence[Change]]
    answers: Sequence[Change]


def _told(news: News, since: dt.datetime) -> _Told:
    told = _without_overtaken([change for change in news.changes if change.at >= since])
    of_bodies: dict[int, list[Change]] = defaultdict(list)
    for change in told:
        if change.body_id is not None and change.body_id in news.bodies:
            of_bodies[change.body_id].append(change)
    return _Told(of_bodies, [change for change in told if change.verb in COME_HOME and _is_answer(change)])


def _without_overtaken(told: list[Change]) -> list[Change]:
    """Of a date that was fixed, moved and called off in one window only the last is news.

    A cancellation that was taken back before a letter told it is none at all.
    """
    restored = {change.data["cancelled"]: change.pk for change in told if change.verb == Happened.MEETING_RESTORED}
    untold = {pk for change in told if change.pk in restored for pk in (change.pk, restored[change.pk])}
    told = [change for change in told if change.pk not in untold]
    last = {change.subject_id: change.pk for change in told if change.verb in OF_DATES}
    return [change for change in told if change.verb not in OF_DATES or change.pk == last[change.subject_id]]


class _Eyes:
    """Which of the things told in a window this reader may see; each kind is worked out once."""

    def __init__(self, told: Sequence[Change], news: News, sight: Sight) -> None:
        self.sight = sight
        seen = news.seen
        coming = {pk for pk in _ids(told, OF_MEETINGS) if pk in news.meetings and news.meetings[pk].end > news.at}
        self.meetings = seen.of(Meeting, coming, sight)
        ahead = {pk for pk in _ids(told, OF_ITEMS) if pk in news.items and not _is_over(news.items[pk], news)}
        self.items = seen.of(AgendaItem, ahead, sight)
        self.relays = seen.of(Relay, _ids(told, (Happened.RELAY_SCHEDULED,)), sight)
        self.votes = seen.of(CircularVote, _ids(told, OF_VOTES), sight)
        circulated = [news.minutes[pk] for pk in _ids(told, (Happened.MINUTES_CIRCULATED,)) if pk in news.minutes]
        agreed = {one.pk for minutes in circulated for one in news.decisions[minutes.meeting_id]}
        self.agreed = seen.of(Decision, agreed, sight)
        self.topics = seen.of(AgendaItem, news.agendas.items, sight)


def _is_over(item: AgendaItem, news: News) -> bool:
    """What was new on the agenda of a meeting that is over is told by its minutes."""
    return item.meeting is not None and item.meeting.end <= news.at


def _ids(told: Sequence[Change], verbs: Sequence[str]) -> set[int]:
    return {change.subject_id for change in told if change.verb in verbs}


def _blocks(told: _Told, news: News, reader: Reader, since: dt.datetime) -> tuple[list[Block], list[Block]]:
    """Blocks for each alliance with news: one's own with everything, the others with what they agreed.

    They read the same for everybody who stands alike to that alliance and had the same mails, and so are made once for
    them all.
    """
    sight, is_member = reader.sight, bool(reader.sight.inside)
    asked = frozenset(vote.pk for vote in reader.votes)
    own: dict[int, list[Block]] = {}
    others: dict[int, list[Block]] = {}
    for pk, changes in told.of_bodies.items():
        if pk in reader.person.quiet_bodies:
            continue
        body, stand = news.bodies[pk], news.seen.alike(sight, pk)
        if pk in sight.inside:
            had = frozenset(change.pk for change in changes if reader.had.knows(change))
            make = partial(_own_blocks, body, [one for one in changes if one.pk not in had], news, sight, asked)
            own[pk] = news.once(("own", since, pk, stand, asked & _ids(changes, OF_VOTES), had), make)
        else:
            make = partial(_other_block, body, changes, news, sight, is_member=is_member)
            others[pk] = news.once(("other", since, pk, stand, is_member), make)
    return _sorted(own, news), _sorted(others, news)


def _own_blocks(
    body: Alliance, changes: Sequence[Change], news: News, sight: Sight, asked: Collection[int]
) -> list[Block]:
    """One for each meeting with news of its own, by date, and one for all else."""
    eyes = _Eyes(changes, news, sight)
    rest = Block(body.word)
    of_meetings: dict[Meeting, Block] = {}
    for change in changes:
        lines, links, meeting = _own_lines(change, news, eyes, asked)
        if not lines:
            continue
        block = rest if meeting is None else of_meetings.setdefault(meeting, _own_block(body, meeting))
        block.lines += [line for line in lines if line not in block.lines]
        block.links += [link for link in links if not any(link is one for one in block.links)]
    found = [of_meetings[meeting] for meeting in sorted(of_meetings, key=lambda one: (one.start, one.pk))]
    return found + ([rest] if rest.lines else [])


def _own_block(body: Alliance, meeting: Meeting) -> Block:
    link = LinkTo(_("Tagesordnung und Unterlagen öffnen"), LinkPurpose.MEETING, meeting)
    return Block(f"{body.word}, {german.long_day(meeting.start)}", links=[link])


def _other_block(
    body: Alliance, changes: Sequence[Change], news: News, sight: Sight, *, is_member: bool
) -> list[Block]:
    eyes = _Eyes(changes, news, sight)
    block = Block(_title(body, news))
    for change in changes:
        block.lines += [line for line in _other_lines(change, news, eyes) if line not in block.lines]
    if not block.lines:
        return []
    if (line := _agenda_of(news.next_meetings.get(body.pk), news, eyes)) and line not in block.lines:
        block.lines.append(line)
    if is_member:
        block.links.append(LinkTo(_("Dazu etwas sagen"), LinkPurpose.REMARK, body))
    return [block]


def _sorted(blocks: Mapping[int, Sequence[Block]], news: News) -> list[Block]:
    """Whoever meets next comes first; whoever has no date, last."""
    order = {pk: place for place, pk in enumerate(news.next_meetings)}
    return [block for pk in sorted(blocks, key=lambda pk: (order.get(pk, len(order)), pk)) for block in blocks[pk]]


def _title(body: Alliance, news: News) -> str:
    meeting = news.next_meetings.get(body.pk)
    if meeting is None:
        return body.word
    return _("%(body)s, nächste Sitzung %(when)s") % {"body": body.word, "when": german.moment(meeting.start)}


def _agenda_of(meeting: Meeting | None, news: News, eyes: _Eyes) -> str:
    """What others are going to talk about, as their agenda was sent; empty where nothing of it may be told."""
    titles = news.agendas.topics(meeting.pk, seen=eyes.topics, sight=eyes.sight) if meeting is not None else []
    return news.once(("agenda", *titles), lambda: _on_agenda(titles)) if titles else ""


def _on_agenda(titles: Sequence[str]) -> str:
    """ "Auf der Tagesordnung: „Treffpunkt in Venndorf“ und „Rufbus“." """
    shown = [f"„{title}“" for title in titles[:_TOPICS]]
    if more := len(titles) - len(shown):
        shown.append(_("%s mehr") % german.in_words(more) if more > 1 else _("ein Thema mehr"))
    return _("Auf der Tagesordnung: %s.") % german.listing(shown)


#: What is told of a change, and the meeting it stands under; none where that is over or called off, or it is about the
#: body's dates.
_Said = tuple[Sequence[str], Sequence[LinkTo], Meeting | None]


def _own_lines(change: Change, news: News, eyes: _Eyes, asked: Collection[int]) -> _Said:
    """`asked`: votes that stand among the questions already."""
    pk = change.subject_id
    if change.verb in OF_MEETINGS and pk in eyes.meetings:
        meeting = news.meetings[pk]
        line = news.once(change.pk, lambda: _of_meeting(change, meeting))
        return [line] if line else [], [], meeting if change.verb == Happened.MEETING_INVITED else None
    if change.verb in OF_ITEMS and pk in eyes.items and not news.items[pk].standing_code:
        return [news.once(change.pk, lambda: _new_topic(news.items[pk]))], [], _to_come(news.items[pk], news)
    if change.verb in OF_VOTES and pk in eyes.votes and pk in news.votes:
        line = news.once(change.pk, lambda: _of_vote(change, news.votes[pk]))
        return ([line] if line and not (pk in asked and change.verb == Happened.CIRCULAR_OPENED) else []), [], None
    if change.verb == Happened.RELAY_SCHEDULED and pk in eyes.relays and news.relays[pk].state not in _OFF_THE_AGENDA:
        relay = news.relays[pk]
        line = _("Bitte aus %(body)s: „%(subject)s“.") % {"body": relay.source.word, "subject": relay.subject}
        return [line], [], _to_come(relay.target_item, news)
    if change.verb == Happened.MINUTES_CIRCULATED and pk in news.minutes:
        return (*news.once(change.pk, lambda: _of_minutes(news.minutes[pk])), None)
    return [], [], None


def _to_come(item: AgendaItem | None, news: News) -> Meeting | None:
    meeting = item.meeting if item is not None else None
    return (
        meeting if meeting is not None and meeting.end > news.at and meeting.state != MeetingState.CANCELLED else None
    )


def _of_minutes(minutes: Minutes) -> tuple[list[str], list[LinkTo]]:
    day = german.day_and_month(minutes.meeting.start)
    line = _("Das Protokoll vom %s ist da.") % day
    if minutes.objection_until:
        line += " " + _("Fehler melden Sie bitte bis %s.") % german.day(minutes.objection_until)
    return [line], [LinkTo(_("Protokoll vom %s lesen") % day, LinkPurpose.MINUTES, minutes)]


def _new_topic(item: AgendaItem) -> str:
    if item.meeting is None or item.meeting.state == MeetingState.CANCELLED:
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
        case Happened.MEETING_INVITED if meeting.state == MeetingState.CANCELLED:
            return ""
        case Happened.MEETING_INVITED:
            return _("Die Tagesordnung für den %s ist da.") % german.day(meeting.start)
    return _("Der Termin steht: %s.") % when


def _of_vote(change: Change, vote: CircularVote) -> str:
    """Nothing where it is a draft again, or told by how it ended."""
    name = Truncator(vote.subject.rstrip(".")).chars(_SUBJECT)
    if change.verb not in VOTES_ENDED:
        if not vote.is_running:
            return ""
        return _("Bis %(day)s läuft eine Abstimmung per E-Mail: „%(name)s“.") % {
            "day": german.day(vote.closes_on),
            "name": name,
        }
    if vote.state == CircularState.CANCELLED:
        return _("Die Abstimmung per E-Mail „%s“ ist abgebrochen.") % name
    meeting = vote.next_item.meeting if vote.next_item else None
    if meeting is not None and meeting.state != MeetingState.CANCELLED:
        return _("„%(name)s“ beraten wir in der Sitzung am %(day)s.") % {
            "name": name,
            "day": german.day(meeting.start),
        }
    return _("Abstimmung per E-Mail „%(name)s“: %(result)s.") % {"name": name, "result": vote.get_state_display()}


def _other_lines(change: Change, news: News, eyes: _Eyes) -> list[str]:
    pk = change.subject_id
    if change.verb == Happened.MEETING_INVITED:
        line = _agenda_of(news.meetings.get(pk), news, eyes)
        return [line] if line else []
    if change.verb in VOTES_ENDED and pk in eyes.votes and (vote := news.votes[pk]).state == CircularState.ADOPTED:
        return [
            _("Per E-Mail verabredet: %(text)s (%(number)s)")
            % {"text": german.sentence(vote.text), "number": vote.number}
        ]
    if change.verb != Happened.MINUTES_CIRCULATED or pk not in news.minutes:
        return []
    agreed = news.once(("agreed", pk), lambda: _of_decisions(news.minutes[pk].meeting, news))
    return [line for decision, line in agreed if decision in eyes.agreed]


def _of_decisions(meeting: Meeting, news: News) -> list[tuple[int, str]]:
    """What a meeting decided, each line with the decision's id."""
    day = german.day_and_month(meeting.start)
    words = _("Neu verabredet am %(day)s: %(text)s (%(number)s)")
    return [
        (decision.pk, words % {"day": day, "text": decision.text, "number": decision.number})
        for decision in news.decisions[meeting.pk]
    ]


def _answers(told: _Told, news: News, reader: Reader) -> list[Block]:
    """Answers that came home to one's own bodies. Each relay once, whatever steps it took in the window.

    An answer that was taken back as a slip is none.
    """
    home = [
        change.subject_id
        for change in told.answers
        if change.body_id not in reader.person.quiet_bodies and not reader.had.knows(change)
    ]
    ours = [pk for pk in dict.fromkeys(home) if pk in news.relays and news.relays[pk].source_id in reader.loud]
    visible = news.seen.of(Relay, ours, reader.sight)
    return [
        _answer(news.relays[pk], news, reader)
        for pk in ours
        if pk in visible and news.relays[pk].state in relay_words.WITH_ANSWER
    ]


def _is_answer(change: Change) -> bool:
    """A closing is news only where nothing came back before it: what was for information and has been noted."""
    return change.verb != Happened.RELAY_CLOSED or change.reason == RelayAnswerKind.NOTED


def _answer(relay: Relay, news: News, reader: Reader) -> Block:
    decision = relay.answer_decision_id
    is_open = decision is None or news.seen.of(Decision, [decision], reader.sight)
    kept: dict[int, str] | None = {} if is_open else None  # what this reader may see of it needs no question of its own
    words = relay_words.answer_wording(relay, reader=reader.sight, at=news.at, kept=kept)
    names = {"source": relay.source.word, "subject": relay.subject}
    asked = _("Wir in %(source)s haben „%(subject)s“ weitergegeben.") % names
    link = LinkTo(_("Den ganzen Weg ansehen"), LinkPurpose.RELAY, relay)
    is_noted = relay.answer_kind == RelayAnswerKind.NOTED
    title = _("%s hat es zur Kenntnis genommen") if is_noted else _("Antwort aus %s")
    return Block(title % relay.target.word, [f"{asked} {relay_words.answered(relay, words)}"], [link])


def _notices(news: News, since: dt.datetime, reader: Reader) -> list[str]:
    sight, loud = reader.sight, reader.loud
    fresh = news.once(("notices", since), lambda: _fresh_notices(news, since))
    visible = news.seen.of(Notice, fresh, sight)
    return [line for pk, (bodies, line) in fresh.items() if pk in visible and (sight.all_bodies or loud & bodies)]


def _fresh_notices(news: News, since: dt.datetime) -> dict[int, tuple[frozenset[int], str]]:
    """For which bodies, and the line, by id."""
    return {
        one.pk: (
            frozenset(body.pk for body in one.bodies.all()),
            german.sentences(f"{one.text.rstrip(' .')} ({one.from_organisation.short_name})", _more(one)),
        )
        for one in news.notices
        if one.released_at and one.released_at >= since
    }


def _more(notice: Notice) -> str:
    return _("Mehr dazu: %s") % notice.web_address if notice.web_address else ""
