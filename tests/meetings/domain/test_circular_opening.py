"""A vote by mail until it is open: drafted, edited, opened, taken back; nothing confidential is put to everybody."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from buendnisse.enums import Role
from buendnisse.models import Change, Paper
from meetings.domain import circular
from meetings.domain.circular_rules import CircularRefused
from meetings.domain.versions import Stale
from meetings.enums import CircularState
from meetings.models import Ballot, CircularVoter
from tests import world
from tests.factories.buendnisse import MembershipFactory, OrganisationFactory, PersonFactory
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support import voting
from tests.support.voting import answer, figures
from tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


def test_draft_tells_nobody_and_takes_a_number_of_its_body(cast: World) -> None:
    first, again = voting.prepare(cast), voting.prepare(cast)
    other = voting.prepare(cast, form_key=uuid.UUID(int=78))

    assert (first.number, again.pk, other.number) == ("U-A-2026-01", first.pk, "U-A-2026-02")
    assert (first.state, Ballot.objects.count()) == (CircularState.DRAFT, 0)


def test_opening_asks_members_and_standing_deputies_of_each_organisation_with_a_vote(cast: World) -> None:
    MembershipFactory(body=cast.arbeit, person=PersonFactory(), role=Role.MEMBER, is_voting=False)

    vote = voting.begin(cast)

    rows = Ballot.objects.filter(vote=vote).order_by("voter__organisation__name", "is_deputy")
    asked = list(rows.values_list("voter__organisation__slug", "person__handle", "is_deputy"))
    assert asked == [("bbs", "susanne", False), ("bbs", "rolf", True), ("jobcenter", "birgit", False)]
    assert figures(vote) == (0, 0, 0, 0, 2)


def test_deputy_of_two_organisations_is_asked_once(cast: World) -> None:
    other = {"organisation": cast.birgit.organisation, "until": dt.date(2026, 12, 31)}
    MembershipFactory(body=cast.arbeit, person=cast.rolf, role=Role.DEPUTY, is_voting=False, **other)

    vote = voting.begin(cast)

    asked = Ballot.objects.filter(vote=vote, person=cast.rolf).values_list("voter__organisation__slug", flat=True)
    assert list(asked) == ["bbs"]


def test_voting_member_of_two_organisations_is_refused_with_both_names(cast: World) -> None:
    club = OrganisationFactory(name="Sportverein Moorbrook")
    MembershipFactory(body=cast.arbeit, person=cast.susanne, organisation=club, role=Role.DEPUTY_CHAIR)

    with pytest.raises(CircularRefused) as refused:
        voting.begin(cast)

    assert str(refused.value) == (
        "Susanne Overhage hat für zwei Organisationen eine Stimme: Berufsbildende Schulen Emsfurt und "
        "Sportverein Moorbrook. Tragen Sie für eine davon jemand anderen ein."
    )


def test_opening_twice_is_opening_once(cast: World) -> None:
    vote = voting.begin(cast)
    circular.open_vote(vote, version=vote.version, by=cast.imke, at=AT)

    assert (CircularVoter.objects.count(), Change.objects.filter(verb="circular.opened").count()) == (2, 1)


def test_text_is_fixed_once_it_is_open(cast: World) -> None:
    vote = voting.begin(cast)

    with pytest.raises(CircularRefused, match="Ihr Wortlaut steht fest"):
        circular.edit(
            vote,
            subject="Anders",
            text="Anders",
            closes_on=voting.ENDS,
            kind="resolution",
            version=vote.version,
            by=cast.imke,
            at=AT,
        )


def test_draft_that_changed_since_its_preview_does_not_open(cast: World) -> None:
    vote = voting.prepare(cast)
    said = {"subject": "Neu", "text": "Neu", "closes_on": voting.ENDS, "kind": "resolution"}
    circular.edit(vote, **said, version=1, by=cast.imke, at=AT)  # type: ignore[arg-type]

    with pytest.raises(Stale):
        circular.open_vote(vote, version=1, by=cast.imke, at=AT)


def test_late_opening_of_an_old_draft_is_refused(cast: World) -> None:
    vote = voting.prepare(cast)

    with pytest.raises(CircularRefused, match="Wählen Sie einen Tag"):
        circular.open_vote(vote, version=1, by=cast.imke, at=AT + dt.timedelta(days=5))


def test_confidential_matter_is_not_voted_on_by_mail(cast: World) -> None:
    item = AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit))
    item.confidential_to.add(cast.susanne.organisation)

    with pytest.raises(CircularRefused, match="vertraulich"):
        voting.prepare(cast, agenda_item=item)


def test_item_that_became_confidential_is_neither_edited_nor_opened(cast: World) -> None:
    item = AgendaItemFactory(meeting=MeetingFactory(alliance=cast.arbeit))
    vote = voting.prepare(cast, agenda_item=item)
    item.confidential_to.add(cast.susanne.organisation)
    said = {"subject": "A", "text": "A", "closes_on": voting.ENDS, "kind": "resolution"}

    with pytest.raises(CircularRefused, match="Das Thema ist vertraulich"):
        circular.edit(vote, **said, version=1, by=cast.imke, at=AT)  # type: ignore[arg-type]
    with pytest.raises(CircularRefused, match="Das Thema ist vertraulich"):
        circular.open_vote(vote, version=1, by=cast.imke, at=AT)


def test_confidential_paper_is_refused_at_each_step(cast: World) -> None:
    paper = Paper.objects.create(slug="vertrag", title="Vertrag", kind="Sonstiges", dated=AT.date())
    vote = voting.prepare(cast, papers=[paper])
    paper.confidential_to.add(cast.susanne.organisation)
    said = {"subject": "A", "text": "A", "closes_on": voting.ENDS, "kind": "resolution", "papers": [paper]}

    with pytest.raises(CircularRefused, match="Die Unterlage „Vertrag“ ist vertraulich"):
        voting.prepare(cast, papers=[paper], form_key=uuid.UUID(int=78))
    with pytest.raises(CircularRefused, match="Die Unterlage „Vertrag“ ist vertraulich"):
        circular.edit(vote, **said, version=1, by=cast.imke, at=AT)  # type: ignore[arg-type]
    with pytest.raises(CircularRefused, match="Die Unterlage „Vertrag“ ist vertraulich"):
        circular.open_vote(vote, version=1, by=cast.imke, at=AT)


def test_taken_back_it_is_a_draft_again(cast: World) -> None:
    vote = voting.begin(cast)

    circular.take_back(vote, by=cast.imke, at=AT)
    circular.open_vote(vote, version=vote.version, by=cast.imke, at=AT)

    assert (vote.state, vote.number, CircularVoter.objects.count()) == ("circulating", "U-A-2026-01", 2)


def test_what_somebody_answered_is_not_taken_back(cast: World) -> None:
    vote = voting.begin(cast)
    answer(vote, cast.susanne)

    with pytest.raises(CircularRefused, match="schon Stimmen da"):
        circular.take_back(vote, by=cast.imke, at=AT)
