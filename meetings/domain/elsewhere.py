"""Bei den anderen: next date, topics and fresh decisions of the alliances somebody does not sit in.

Topics are those of the agenda as it was sent, never what the Fachstelle is still moving about. A fixed number of
queries, however many alliances there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from buendnisse.clock import local_date
from buendnisse.models import Alliance
from buendnisse.models.sight import Sight, sight_of
from meetings.domain.agenda_content import as_content, may_read
from meetings.models import AgendaItem, AgendaVersion, Decision, Meeting
from meetings.models.agenda_item import AgendaItemQuerySet

#: What counts as fresh: about a quarter, so that each meeting's decisions are told until the next.
FRESH = dt.timedelta(days=92)
_MOST = 3  # decisions of an alliance; the register has them all


@dataclass(frozen=True)
class Elsewhere:
    """One other alliance as its neighbours see it."""

    alliance: Alliance
    meeting: Meeting | None
    topics: Sequence[str]
    decisions: Sequence[Decision]

    @property
    def is_quiet(self) -> bool:
        return self.meeting is None and not self.decisions


def others(reader: object, *, besides: Iterable[int], at: dt.datetime) -> list[Elsewhere]:
    """Every alliance of today but those `besides`, as `reader` may see them."""
    alliances = Alliance.objects.valid_on(local_date(at)).in_order().exclude(pk__in=list(besides))
    return told(list(alliances), reader, at=at)


def told(alliances: Sequence[Alliance], reader: object, *, at: dt.datetime) -> list[Elsewhere]:
    """The same of these alliances, in their order."""
    sight = sight_of(reader, at=at)
    following: dict[int, Meeting] = {}
    ahead = Meeting.objects.visible_to(sight, at=at).upcoming(at).filter(alliance__in=alliances)
    for meeting in ahead.select_related("venue"):
        following.setdefault(meeting.alliance_id, meeting)
    decisions: dict[int, list[Decision]] = defaultdict(list)
    fresh = Decision.objects.visible_to(sight, at=at).standing().filter(alliance__in=alliances)
    for decision in fresh.filter(decided_on__gte=local_date(at) - FRESH).order_by("-decided_on", "-number"):
        decisions[decision.alliance_id].append(decision)
    topics = sent_topics(following.values(), sight, at=at)
    found = []
    for alliance in alliances:
        meeting_there = following.get(alliance.pk)
        titles = topics.get(meeting_there.pk, []) if meeting_there else []
        found.append(Elsewhere(alliance, meeting_there, titles, decisions[alliance.pk][:_MOST]))
    return found


@dataclass(frozen=True)
class SentAgendas:
    """Agendas as they were sent last, for any number of readers. `titles`: what stands on them now, by meeting and item."""

    meetings: Sequence[int]
    titles: Mapping[int, Mapping[int, str]]
    newest: Mapping[int, object]

    @property
    def items(self) -> set[int]:
        """Everything that stands on them; a reader sees a part of it."""
        return {item for titles in self.titles.values() for item in titles}

    def topics(self, meeting: int, *, seen: Collection[int], sight: Sight) -> list[str]:
        """The titles for a reader who may see these items; nothing where no agenda was sent."""
        if meeting not in self.meetings:
            return []
        titles = {pk: title for pk, title in self.titles.get(meeting, {}).items() if pk in seen}
        return _of_version(self.newest[meeting], titles, sight) if meeting in self.newest else list(titles.values())


def sent_agendas(meetings: Iterable[Meeting], *, items: AgendaItemQuerySet | None = None) -> SentAgendas:
    """Two queries, none where nothing was sent. `items`: those that may be loaded at all."""
    sent = [meeting.pk for meeting in meetings if meeting.agenda_sent_at is not None]
    titles: dict[int, dict[int, str]] = defaultdict(dict)
    if not sent:
        return SentAgendas(sent, titles, {})
    rows = AgendaItem.objects.all() if items is None else items
    on_agenda = rows.filter(meeting__in=sent, standing_code="").on_agenda()
    for pk, meeting, title in on_agenda.values_list("pk", "meeting", "title"):
        titles[meeting][pk] = title
    versions = AgendaVersion.objects.filter(meeting__in=sent).order_by("number")
    return SentAgendas(sent, titles, dict(versions.values_list("meeting", "content")))


def sent_topics(meetings: Iterable[Meeting], reader: object, *, at: dt.datetime) -> dict[int, list[str]]:
    """Titles on the agendas of these meetings as they were sent last, by the meeting's id; standing items left out.

    What became confidential since, or has left the agenda, is not told. Two queries, none where nothing was sent.
    """
    sight = sight_of(reader, at=at)
    agendas = sent_agendas(meetings, items=AgendaItem.objects.visible_to(sight, at=at))
    return {pk: agendas.topics(pk, seen=agendas.items, sight=sight) for pk in agendas.meetings}


def _of_version(content: object, seen: Collection[int], sight: Sight) -> list[str]:
    entries = sorted(as_content(content)["items"], key=lambda entry: entry["number"])
    return [
        entry["title"]
        for entry in entries
        if entry["id"] in seen and may_read(entry, sight) and not entry["is_deferred"]
    ]
