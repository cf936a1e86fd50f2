"""Who may have which paper: one table. Each row is a paper; each column a person of the cast."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from buendnisse.models import Body, Membership, Paper, Person
from meetings.domain import item_papers, paper_shelf
from meetings.enums import AgendaItemState, MeetingState
from meetings.models import AgendaItem, Attendance, Meeting
from tests import world
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support import files
from tests.world import AT, World

pytestmark = pytest.mark.django_db

PEOPLE = ("imke", "theda", "birgit", "susanne", "rolf", "hedwig", "corinna", "lueder", "sven", "nobody")
INSIDE = {"imke", "theda", "birgit", "susanne", "rolf"}
DAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def arbeit(cast: World, **facts: Any) -> Meeting:
    """A meeting of Arbeit that Corinna is invited to as a guest."""
    meeting = MeetingFactory(alliance=cast.arbeit, state=MeetingState.INVITED, **facts)
    _row(meeting, cast.corinna, role="guest")
    return meeting


def _row(meeting: Meeting, person: Person, **facts: Any) -> Attendance:
    row: Attendance = Attendance.objects.create(
        meeting=meeting, person=person, organisation=person.organisation, **facts
    )
    return row


def hand_in(cast: World, item: AgendaItem, title: str = "Leitfaden") -> Paper:
    return item_papers.hand_in(
        item, files.pdf(), title=title, organisation=None, dated=DAY, form_key=uuid.uuid4(), by=cast.imke, at=AT
    )


def put(title: str, *bodies: Body, is_standing: bool = False) -> Paper:
    paper: Paper = Paper.objects.create(
        slug=title.lower(), title=title, kind="Konzept", dated=DAY, is_standing=is_standing
    )
    paper.bodies.set(bodies)
    paper.versions.create(number=1, dated=DAY, file_name="a.pdf", content_type="application/pdf", size=9)
    return paper


def standing(cast: World) -> Paper:
    return put("Konzept", cast.arbeit, is_standing=True)


def of_an_item(cast: World) -> Paper:
    return hand_in(cast, AgendaItemFactory(meeting=arbeit(cast)))


def of_a_proposal(cast: World) -> Paper:
    return hand_in(cast, AgendaItemFactory(meeting=arbeit(cast), state=AgendaItemState.PROPOSED))


def of_another_meeting(cast: World) -> Paper:
    arbeit(cast)
    earlier = MeetingFactory(alliance=cast.arbeit, state=MeetingState.INVITED, quarter="2026-Q3")
    return hand_in(cast, AgendaItemFactory(meeting=earlier))


def of_a_planned_meeting(cast: World) -> Paper:
    meeting = arbeit(cast)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.PLANNED)
    return hand_in(cast, AgendaItemFactory(meeting=meeting))


def that_came_with_a_relay(cast: World) -> Paper:
    """Written for Gesellschaft, now on the agenda of Arbeit."""
    paper = put("Vorlage", cast.gesellschaft)
    AgendaItemFactory(meeting=arbeit(cast)).papers.add(paper)
    return paper


def of_a_confidential_item(cast: World) -> Paper:
    item = AgendaItemFactory(meeting=arbeit(cast))
    item.confidential_to.add(cast.susanne.organisation)
    return hand_in(cast, item)


def older_than_the_secret(cast: World) -> Paper:
    """Put there for all of Arbeit, before its item became confidential."""
    paper = put("Vorlage", cast.arbeit)
    item = AgendaItemFactory(meeting=arbeit(cast))
    item.papers.add(paper)
    item.confidential_to.add(cast.birgit.organisation)
    return paper


def standing_with_a_confidential_item(cast: World) -> Paper:
    paper = standing(cast)
    item = AgendaItemFactory(meeting=arbeit(cast))
    item.papers.add(paper)
    item.confidential_to.add(cast.birgit.organisation)
    return paper


def where_sven_stands_in(cast: World) -> Paper:
    meeting = arbeit(cast)
    _row(meeting, cast.sven, role="deputy", stands_in_for=_row(meeting, cast.susanne, role="member"))
    return hand_in(cast, AgendaItemFactory(meeting=meeting))


def where_sven_no_longer_stands_in(cast: World) -> Paper:
    meeting = arbeit(cast)
    _row(meeting, cast.sven, role="deputy", is_asked=False)
    return hand_in(cast, AgendaItemFactory(meeting=meeting))


def where_sven_was_a_member(cast: World) -> Paper:
    """A row of attendance alone opens nothing for somebody who has left."""
    meeting = arbeit(cast)
    _row(meeting, cast.sven, role="member")
    return hand_in(cast, AgendaItemFactory(meeting=meeting))


TABLE = {
    "standing paper of Arbeit": (standing, INSIDE),
    "paper of an item": (of_an_item, INSIDE | {"corinna"}),
    "paper of a proposal": (of_a_proposal, INSIDE),
    "paper of a meeting the guest is not invited to": (of_another_meeting, INSIDE),
    "paper of a meeting that is only planned": (of_a_planned_meeting, INSIDE),
    "paper that came with a relay": (that_came_with_a_relay, INSIDE | {"hedwig", "corinna"}),
    "paper of a confidential item": (of_a_confidential_item, {"imke", "susanne", "rolf"}),
    "paper whose item became confidential": (older_than_the_secret, {"imke", "birgit"}),
    "standing paper with a confidential item": (standing_with_a_confidential_item, INSIDE),
    "paper where Sven stands in": (where_sven_stands_in, INSIDE | {"corinna", "sven"}),
    "paper where Sven no longer stands in": (where_sven_no_longer_stands_in, INSIDE | {"corinna"}),
    "paper where Sven was a member": (where_sven_was_a_member, INSIDE | {"corinna"}),
}


@pytest.mark.parametrize("row", TABLE)
def test_paper_is_for_exactly_these(row: str) -> None:
    cast = world.build()
    make, expected = TABLE[row]
    paper = make(cast)

    people = {name: AnonymousUser() if name == "nobody" else getattr(cast, name) for name in PEOPLE}
    may = {name for name, person in people.items() if paper_shelf.version(person, slug=paper.slug, number=1, at=AT)}
    listed = {name for name, person in people.items() if list(paper_shelf.listed(person, at=AT)) == [paper]}

    assert (may, listed) == (expected, expected)


def test_sight_ends_with_the_membership() -> None:
    cast = world.build()
    paper = of_an_item(cast)
    Membership.objects.filter(person=cast.susanne).update(until=dt.date(2026, 11, 22))

    assert paper_shelf.version(cast.susanne, slug=paper.slug, number=1, at=AT) is None


def test_paper_is_late_after_the_agenda_left() -> None:
    cast = world.build()
    early = hand_in(cast, AgendaItemFactory(meeting=arbeit(cast)), "Früh")
    late = hand_in(cast, AgendaItemFactory(meeting=arbeit(cast, agenda_sent_at=AT, quarter="2027-Q1")), "Spät")

    assert (early.is_late, late.is_late) == (False, True)


def test_version_is_the_one_asked_for_or_the_newest_with_a_file() -> None:
    cast = world.build()
    paper = standing(cast)
    paper.versions.create(number=2, dated=DAY, stored_as="zwei", file_name="b.pdf")
    paper.versions.create(number=3, dated=DAY, stored_as="drei")

    found = {wanted: paper_shelf.version(cast.imke, slug=paper.slug, number=wanted, at=AT) for wanted in (None, 1, 3)}

    assert {wanted: version.number if version else None for wanted, version in found.items()} == {
        None: 2,
        1: 1,
        3: None,
    }


def test_list_is_narrowed_by_words_body_and_use() -> None:
    cast = world.build()
    guide, concept = put("Leitfaden Praktikum", cast.arbeit), put("Konzept", cast.bildung, is_standing=True)

    def found(**wanted: Any) -> list[Paper]:
        return list(paper_shelf.listed(cast.susanne, **wanted, at=AT))

    assert found() == [concept, guide]
    assert found(words="praktikum leit") == [guide]
    assert found(words="praktikum konzept") == []
    assert found(body=cast.bildung) == [concept]
    assert found(is_standing=False) == [guide]
