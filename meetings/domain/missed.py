"""Was habe ich verpasst? What an alliance agreed since somebody was last there, short enough for two minutes.

Begins with the last meeting one attended; before the first, with joining; for who is new, a year ago. Read through
`visible_to`: a reader learns here what the other pages would show, and nothing else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import at_local, local_date
from buendnisse.enums import Role
from buendnisse.models import Alliance, Membership, Person
from buendnisse.models.sight import Sight, sight_of
from meetings.domain import relay_words
from meetings.enums import TOOK_PLACE, Presence, RelayAnswerKind
from meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, Minutes, Relay

#: What somebody reads who is new, or who does not belong to the alliance.
LOOK_BACK = dt.timedelta(days=365)
#: So many lines of a kind, the newest: two minutes of reading. The rest stands in the minutes.
MOST = 6
_MOST_DATES = 2
_THERE = frozenset({Presence.PRESENT, Presence.DEPUTY, Presence.GUEST, Presence.SECRETARIAT})


@dataclass(frozen=True)
class Since:
    """From when on. `last`: the last meeting attended; `joined`: where there was none; `is_new`: nothing took place since."""

    moment: dt.datetime
    last: Meeting | None = None
    joined: dt.date | None = None
    is_new: bool = False

    @property
    def day(self) -> dt.date:
        return local_date(self.moment)


@dataclass(frozen=True)
class Answer:
    """An answer to a request of this alliance, in one or two sentences."""

    relay: Relay
    text: str


@dataclass(frozen=True)
class Missed:
    """`meetings`: those that took place since, each with its minutes where the reader may have them."""

    alliance: Alliance
    since: Since
    is_member: bool
    meetings: list[tuple[Meeting, Minutes | None]]
    decisions: list[Decision]
    more_decisions: bool
    answers: list[Answer]
    tasks: list[ActionItem]
    dates: list[Meeting]
    topics: list[AgendaItem]

    @property
    def sentence(self) -> str:
        """ "Sie waren zuletzt am 11. Juni 2026 dabei. Das ist seitdem passiert." """
        last, joined = self.since.last, self.since.joined
        if self.since.is_new:
            first, then = _("Schön, dass Sie dabei sind."), _("Das war im letzten Jahr wichtig.")
        elif last is not None:
            first, then = _("Sie waren zuletzt am %s dabei.") % german.day(last.start), _("Das ist seitdem passiert.")
        elif joined is not None:
            first, then = _("Sie gehören seit dem %s dazu.") % german.day(joined), _("Das ist seitdem passiert.")
        else:
            first, then = "", _("Das war im letzten Jahr wichtig.")
        return first if self.is_nothing else f"{first} {then}".strip()

    @property
    def is_nothing(self) -> bool:
        """Nothing took place, was agreed or came back. Tasks and dates may be there all the same."""
        return not (self.meetings or self.decisions or self.answers)


def of(alliance: Alliance, person: Person, *, at: dt.datetime) -> Missed:
    """What `person` missed of this alliance as of `at`; a fixed number of queries."""
    sight = sight_of(person, at=at)
    found = since(alliance, person, at=at)
    decisions = _decisions(alliance, sight, found, at)
    dates = list(
        Meeting.objects.visible_to(sight, at=at)
        .upcoming(at)
        .filter(alliance=alliance)
        .exclude(state__in=TOOK_PLACE)  # it can end before its hour
        .select_related("venue")
    )
    tasks = ActionItem.objects.visible_to(sight, at=at).open().filter(owner=person, alliance=alliance)
    return Missed(
        alliance=alliance,
        since=found,
        is_member=alliance.pk in sight.inside,
        meetings=_meetings(alliance, sight, found, at),
        decisions=decisions[:MOST],
        more_decisions=len(decisions) > MOST,
        answers=_answers(alliance, sight, found, at),
        tasks=list(tasks.order_by("due_on", "pk")[:MOST]),
        dates=dates[:_MOST_DATES],
        topics=_topics(dates[0], sight, at) if dates else [],
    )


def since(alliance: Alliance, person: Person, *, at: dt.datetime) -> Since:
    """Where the reading of this person begins."""
    rows = Attendance.objects.filter(person=person, meeting__alliance=alliance, presence__in=_THERE)
    over = Q(meeting__end__lte=at) | Q(meeting__state__in=TOOK_PLACE)
    last = rows.filter(over).select_related("meeting").order_by("-meeting__start").first()
    if last is not None:
        return Since(last.meeting.end, last=last.meeting)
    today = local_date(at)
    own = Membership.objects.filter(body=alliance, person=person).active_on(today).exclude(role=Role.GUEST)
    joined = own.order_by("since").values_list("since", flat=True).first()
    year_ago = _begin_of(today - LOOK_BACK)
    if joined is None:
        return Since(year_ago)
    begun = _begin_of(joined)
    took_place = Meeting.objects.filter(alliance=alliance, state__in=TOOK_PLACE, end__gt=begun).exists()
    return Since(begun, joined=joined) if took_place else Since(year_ago, joined=joined, is_new=True)


def _begin_of(day: dt.date) -> dt.datetime:
    return at_local(day, dt.time(0, 0))


def _meetings(alliance: Alliance, sight: Sight, found: Since, at: dt.datetime) -> list[tuple[Meeting, Minutes | None]]:
    rows = Meeting.objects.visible_to(sight, at=at).filter(alliance=alliance, state__in=TOOK_PLACE)
    meetings = list(rows.filter(end__gt=found.moment).order_by("-start")[:MOST])
    readable = {one.meeting_id: one for one in Minutes.objects.visible_to(sight, at=at).filter(meeting__in=meetings)}
    return [(meeting, readable.get(meeting.pk)) for meeting in meetings]


def _decisions(alliance: Alliance, sight: Sight, found: Since, at: dt.datetime) -> list[Decision]:
    """What holds now, the newest first; one more than is shown."""
    rows = Decision.objects.visible_to(sight, at=at).standing().filter(alliance=alliance, decided_on__gte=found.day)
    if found.last is not None:
        rows = rows.exclude(meeting=found.last)
    return list(rows.order_by("-decided_on", "-number")[: MOST + 1])


def _answers(alliance: Alliance, sight: Sight, found: Since, at: dt.datetime) -> list[Answer]:
    """Answers that came home, as the letter with news tells them."""
    noted = Q(closed_at__gt=found.moment, answer_kind=RelayAnswerKind.NOTED)
    came = Q(returned_at__gt=found.moment) | Q(declined_at__gt=found.moment) | noted
    rows = Relay.objects.visible_to(sight, at=at).filter(came, source=alliance, state__in=relay_words.WITH_ANSWER)
    relays = list(rows.select_related("target", "answer_decision").order_by("-answered_at", "-pk")[:MOST])
    decided = [relay.answer_decision_id for relay in relays if relay.answer_decision_id is not None]
    kept = relay_words.kept_from(decided, reader=sight, at=at) if decided else set()
    return [
        Answer(relay, relay_words.answered(relay, relay_words.answer_wording(relay, reader=sight, at=at, kept=kept)))
        for relay in relays
    ]


def _topics(meeting: Meeting, sight: Sight, at: dt.datetime) -> list[AgendaItem]:
    """What the next meeting will be about, without what every meeting has."""
    rows = AgendaItem.objects.visible_to(sight, at=at).on_agenda().filter(meeting=meeting, standing_code="")
    return list(rows[:MOST])
