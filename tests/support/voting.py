"""A vote by mail of Arbeit: Jobcenter (Birgit), BBS (Susanne, deputy Rolf), and a club that has only a telephone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import circular, circular_ballots
from meetings.models import Ballot, CircularVote
from tests.factories.buendnisse import MembershipFactory, OrganisationFactory, PersonFactory
from tests.world import AT, World

ENDS = dt.date(2026, 11, 30)  # a Monday, the usual period after AT
TEXT = "Das Arbeitsbündnis Arbeit bittet den Landkreis, den Rufbus am Abend fortzuführen."
HOUR = dt.timedelta(hours=1)


def prepare(cast: World, **given: Any) -> CircularVote:
    """A draft with everything in it."""
    words = {
        "alliance": cast.arbeit,
        "subject": "Rufbus am Abend",
        "text": TEXT,
        "background": "Der Vertrag endet zum Jahreswechsel. Bis zur nächsten Sitzung ist es zu spät.",
        "closes_on": ENDS,
        "form_key": uuid.UUID(int=77),
        "by": cast.imke,
        "at": AT,
    }
    return circular.draft(**(words | given))


def begin(cast: World, **given: Any) -> CircularVote:
    vote = prepare(cast, **given)
    circular.open_vote(vote, version=vote.version, by=cast.imke, at=AT)
    return vote


def by_telephone(cast: World) -> Person:
    """A club of Arbeit whose member has no address; to be made before the vote begins."""
    club = OrganisationFactory(slug="sportverein", name="Sportverein Moorbrook", short_name="SV Moorbrook")
    person: Person = PersonFactory(
        handle="hinnerk",
        first_name="Hinnerk",
        last_name="Többen",
        salutation="herr",
        email="",
        phone="00000 4711",
        organisation=club,
    )
    MembershipFactory(body=cast.arbeit, person=person)
    return person


def answer(
    vote: CircularVote,
    person: Person,
    choice: str = "yes",
    *,
    objects: bool = False,
    remark: str = "",
    at: dt.datetime = AT + HOUR,
    via: str = Via.LINK,
    by: Person | None = None,
) -> bool:
    """As if the person had just opened the page."""
    ballot = Ballot.objects.select_related("vote", "voter").get(vote=vote, person=person)
    procedure = "objects" if objects else "agrees"
    return circular_ballots.cast(
        ballot,
        procedure=procedure,
        choice="" if objects else choice,
        remark=remark,
        version=ballot.version,
        via=via,
        by=by or person,
        at=at,
    )


def figures(vote: CircularVote) -> tuple[int, int, int, int, int]:
    """Yes, no, abstained, against the procedure, missing."""
    vote.refresh_from_db()
    return (vote.votes_yes, vote.votes_no, vote.votes_abstain, vote.objections_to_procedure, vote.votes_missing)
