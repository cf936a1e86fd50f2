"""Who sees what: one table. Each row is a thing in Arbeit; each column a person of the cast."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models

from buendnisse.models import Membership, Paper
from meetings.enums import AgendaItemState, MeetingState, MinutesState, NoticeState, RelayState
from meetings.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, Minutes, Notice, Relay
from tests.factories.meetings import ActionItemFactory, AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.world import AT, World, build

pytestmark = pytest.mark.django_db

PEOPLE = ("imke", "theda", "birgit", "susanne", "rolf", "hedwig", "corinna", "lueder", "sven", "nobody")
# imke Fachstelle · theda reader · birgit chair · susanne member · rolf deputy · hedwig member elsewhere · corinna guest
# lueder technical admin · sven stranger · nobody signed in
EVERYONE_INSIDE = {"imke", "theda", "birgit", "susanne", "rolf"}
OVERVIEW = EVERYONE_INSIDE | {"hedwig"}


def planned(world: World) -> models.Model:
    return MeetingFactory(alliance=world.arbeit)


def invited(world: World) -> Meeting:
    meeting = MeetingFactory(alliance=world.arbeit, state=MeetingState.INVITED)
    Attendance.objects.create(
        meeting=meeting, person=world.corinna, organisation=world.corinna.organisation, role="guest"
    )
    return meeting


def item(world: World, **kwargs: Any) -> AgendaItem:
    return AgendaItemFactory(meeting=invited(world), **kwargs)


def proposal(world: World) -> models.Model:
    return item(world, state=AgendaItemState.PROPOSED, proposer=world.susanne)


def parked(world: World) -> models.Model:
    return item(world, state=AgendaItemState.BACKLOG)


def confidential(world: World) -> AgendaItem:
    one = item(world)
    one.confidential_to.add(world.birgit.organisation)
    return one


def minutes(world: World, state: MinutesState) -> Minutes:
    return Minutes.objects.create(meeting=invited(world), state=state, approved_on=dt.date(2026, 12, 20))


def decision(world: World, state: MinutesState) -> models.Model:
    written = minutes(world, state)
    return DecisionFactory(agenda_item=AgendaItemFactory(meeting=written.meeting))


def confidential_decision(world: World) -> models.Model:
    one = confidential(world)
    Minutes.objects.create(meeting=one.meeting, state=MinutesState.CIRCULATED)
    return DecisionFactory(agenda_item=one)


def task_of_hedwig(world: World) -> models.Model:
    return ActionItemFactory(agenda_item=item(world), owner=world.hedwig)


def relay(
    world: World, state: RelayState, source: AgendaItem | None = None, *, sent_at: dt.datetime | None = AT
) -> models.Model:
    return Relay.objects.create(
        number="W-2026-01",
        source=world.arbeit,
        target=world.bildung,
        source_item=source or item(world),
        kind="opinion_requested",
        subject="Kurse",
        message="Bitte um Stellungnahme.",
        state=state,
        sent_at=sent_at,
        reason="Erledigt." if state == RelayState.WITHDRAWN else "",
    )


def notice(world: World, state: NoticeState) -> models.Model:
    return Notice.objects.create(
        text="Kurs ab Januar",
        state=state,
        valid_until=dt.date(2026, 12, 31),
        from_organisation=world.susanne.organisation,
        from_person=world.susanne,
        submitted_at=AT,
    )


def paper(world: World) -> Paper:
    one = Paper.objects.create(
        slug="leitfaden", title="Leitfaden", kind="sitzungsunterlage", dated=dt.date(2026, 11, 1)
    )
    one.bodies.add(world.arbeit)
    return one


def confidential_paper(world: World) -> Paper:
    one = paper(world)
    one.confidential_to.add(world.susanne.organisation)
    return one


TABLE = {
    "planned meeting": (planned, {"imke"}),
    "invited meeting": (invited, OVERVIEW | {"corinna"}),
    "item on the agenda": (item, OVERVIEW | {"corinna"}),
    "proposal of Susanne": (proposal, {"imke", "birgit", "susanne"}),
    "Themenspeicher": (parked, EVERYONE_INSIDE),
    "confidential item": (confidential, {"imke", "birgit"}),
    "minutes as draft": (lambda w: minutes(w, MinutesState.DRAFT), {"imke"}),
    "minutes in review": (lambda w: minutes(w, MinutesState.IN_REVIEW), {"imke", "birgit"}),
    "minutes circulated": (lambda w: minutes(w, MinutesState.CIRCULATED), EVERYONE_INSIDE),
    "decision, minutes as draft": (
        lambda w: decision(w, MinutesState.DRAFT),
        EVERYONE_INSIDE - {"theda"},
    ),
    "decision, minutes circulated": (lambda w: decision(w, MinutesState.CIRCULATED), OVERVIEW),
    "confidential decision": (confidential_decision, {"imke", "birgit"}),
    "task of Hedwig in Arbeit": (task_of_hedwig, OVERVIEW),
    "relay as draft": (lambda w: relay(w, RelayState.DRAFT), {"imke"}),
    "relay withdrawn as a draft": (lambda w: relay(w, RelayState.WITHDRAWN, sent_at=None), {"imke"}),
    "relay withdrawn": (lambda w: relay(w, RelayState.WITHDRAWN), OVERVIEW),
    "relay sent": (lambda w: relay(w, RelayState.SENT), OVERVIEW),
    "relay of a confidential item": (lambda w: relay(w, RelayState.SENT, confidential(w)), {"imke"}),
    "notice of Susanne, not released": (lambda w: notice(w, NoticeState.PROPOSED), {"imke", "susanne"}),
    "notice released": (lambda w: notice(w, NoticeState.RELEASED), OVERVIEW),
    "paper": (paper, EVERYONE_INSIDE),
    "confidential paper": (confidential_paper, {"imke", "susanne", "rolf"}),
}


@pytest.mark.parametrize("row", TABLE)
def test_thing_is_seen_by_exactly_these(row: str) -> None:
    world = build()
    make, expected = TABLE[row]
    thing = make(world)

    seen = {name for name in PEOPLE if _sees(thing, AnonymousUser() if name == "nobody" else getattr(world, name))}

    assert seen == expected


def _sees(thing: models.Model, person: object) -> bool:
    kinds: tuple[type[Any], ...] = (Meeting, AgendaItem, Minutes, Decision, ActionItem, Relay, Notice, Paper)
    assert isinstance(thing, kinds)
    found = type(thing).objects.visible_to(person, at=AT).filter(pk=thing.pk)
    return list(found) == [thing]


def test_sight_ends_with_the_membership() -> None:
    world = build()
    thing = paper(world)
    Membership.objects.filter(person=world.susanne).update(until=dt.date(2026, 11, 22))

    assert not _sees(thing, world.susanne)
