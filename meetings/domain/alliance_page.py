"""An alliance for a reader: its meetings, members, rules, and how many relays wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from buendnisse import permissions
from buendnisse.clock import local_date
from buendnisse.enums import ASKED_ROLES, Role
from buendnisse.models import Alliance, Membership, Person, sight_of
from meetings.domain import elsewhere, notices
from meetings.domain.elsewhere import Elsewhere
from meetings.enums import RELAY_TRAVELLING, MeetingState, RelayKind
from meetings.models import Meeting, Notice, Relay

_ORDER = [Role.CHAIR, Role.DEPUTY_CHAIR, Role.MEMBER, Role.DEPUTY, Role.GUEST, Role.MINUTE_TAKER, Role.SECRETARIAT]


@dataclass(frozen=True)
class OverviewRow:
    alliance: Alliance
    next_meeting: Meeting | None
    members: int
    is_own: bool


@dataclass
class AlliancePage:
    alliance: Alliance
    coming: list[Meeting]
    past: list[Meeting]
    open_relays: int
    sees_inside: bool
    may_moderate: bool
    is_member: bool = False
    members: list[Membership] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    others: list[Elsewhere] = field(default_factory=list)
    may_say: bool = False

    @property
    def next_meeting(self) -> Meeting | None:
        return next((one for one in self.coming if one.state != MeetingState.CANCELLED), None)


def overview(person: Person, *, at: dt.datetime) -> list[OverviewRow]:
    """All alliances that exist today, one's own first; a fixed number of queries."""
    today = local_date(at)
    bodies = list(Alliance.objects.valid_on(today).in_order())
    own = permissions.own_body_ids(person, at=at)
    following: dict[int, Meeting] = {}
    for meeting in Meeting.objects.visible_to(person, at=at).upcoming(at).select_related("venue"):
        following.setdefault(meeting.alliance_id, meeting)
    counts: dict[int, set[int]] = {}
    rows = Membership.objects.filter(role__in=ASKED_ROLES - {Role.GUEST}).active_on(today)
    for body_id, person_id in rows.values_list("body_id", "person_id"):
        counts.setdefault(body_id, set()).add(person_id)
    found = [OverviewRow(body, following.get(body.pk), len(counts.get(body.pk, ())), body.pk in own) for body in bodies]
    return sorted(found, key=lambda row: not row.is_own)


def of(alliance: Alliance, person: Person, *, at: dt.datetime) -> AlliancePage:
    """One alliance; its members only for those who belong to it, the reader and the Fachstelle."""
    seen = Meeting.objects.visible_to(person, at=at).filter(alliance=alliance).select_related("venue")
    inside = permissions.may_see_inside(person, alliance, at=at)
    waiting = Relay.objects.visible_to(person, at=at).filter(state__in=RELAY_TRAVELLING, target=alliance)
    sight = sight_of(person, at=at)
    return AlliancePage(
        alliance=alliance,
        coming=list(seen.filter(end__gte=at).order_by("start")),  # cancelled ones too: people look for them
        past=list(seen.past(at)[:8]),
        open_relays=waiting.exclude(kind=RelayKind.FOR_INFORMATION).count(),
        sees_inside=inside,
        may_moderate=permissions.may_moderate(person),
        is_member=alliance.pk in sight.inside,
        members=_members(alliance, at) if inside else [],
        notices=notices.running(alliance, sight, at=at),
        others=elsewhere.others(sight, besides=[alliance.pk], at=at) if sight.overview else [],
        may_say=bool(sight.inside),
    )


def _members(alliance: Alliance, at: dt.datetime) -> list[Membership]:
    rows = Membership.objects.filter(body=alliance).active_on(local_date(at)).select_related("person", "organisation")
    return sorted(rows, key=lambda row: (_ORDER.index(Role(row.role)), row.organisation.name, row.person.last_name))
