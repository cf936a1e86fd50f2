"""Bei den anderen: next date, topics and fresh decisions of the alliances somebody does not sit in.

Topics are those of the agenda as it was sent, never what the Fachstelle is still moving about. A fixed number of
queries, however many alliances there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from buendnisse.clock import local_date
from buendnisse.models import Alliance
from buendnisse.models.sight import Sight, sight_of
from meetings.domain.agenda_content import as_content, may_read
from meetings.models import AgendaItem, AgendaVersion, Decision, Meeting

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


def sent_topics(meetings: Iterable[Meeting], reader: object, *, at: dt.datetime) -> dict[int, list[str]]:
    """Titles on the agendas of these meetings as they were sent last, by the meeting's id; standing items left out.

    What became confidential since, or has left the agenda, is not told. Two queries, none where nothing was sent.
    """
    sight = sight_of(reader, at=at)
    sent = [meeting.pk for meeting in meetings if meeting.agenda_sent_at is not None]
    if not sent:
        return {}
    on_agenda = AgendaItem.objects.visible_to(sight, at=at).filter(meeting__in=sent, standing_code="").on_agenda()
    titles: dict[int, dict[int, str]] = defaultdict(dict)
    for pk, meeting, title in on_agenda.values_list("pk", "meeting", "title"):
        titles[meeting][pk] = title
    versions = AgendaVersion.objects.filter(meeting__in=sent).order_by("number")
    newest = dict(versions.values_list("meeting", "content"))
    return {
        pk: _of_version(newest[pk], titles[pk], sight) if pk in newest else list(titles[pk].values()) for pk in sent
    }


def _of_version(content: object, seen: dict[int, str], sight: Sight) -> list[str]:
    entries = sorted(as_content(content)["items"], key=lambda entry: entry["number"])
    return [
        entry["title"]
        for entry in entries
        if entry["id"] in seen and may_read(entry, sight) and not entry["is_deferred"]
    ]
