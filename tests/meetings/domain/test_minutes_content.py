"""What minutes say, and what is closed to some who read them."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse.models import sight_of
from meetings.domain import action_items, decisions, session, voting
from meetings.domain.minutes_content import content, redacted
from tests.meetings import held
from tests.meetings.held import AT

pytestmark = pytest.mark.django_db


def test_content_holds_the_whole_document() -> None:
    now = held.over()
    session.reopen(now.meeting, by=now.world.imke, at=AT)
    decisions.adopt(
        now.bus, kind="resolution", text="Der Bus fährt.", votes=voting.Votes(2, 0, 0, 2), by=now.world.imke, at=AT
    )
    action = action_items.assign(
        now.bus, owner=now.world.susanne, task="Fahrplan", due_on=dt.date(2026, 12, 11), by=now.world.imke, at=AT
    )
    session.finish(now.meeting, by=now.world.imke, at=AT)

    document = content(now.meeting, author=now.world.imke)

    assert document["author"] == "Imke Albers, Fachstelle"
    assert document["quorum"] == {"present": 2, "entitled": 2, "reached": True}
    assert [(item["number"], item["title"]) for item in document["items"]] == [
        (1, "Begrüßung und Protokoll"),
        (2, "Rufbus am Abend"),
        (3, "Verschiedenes"),
    ]
    bus = document["items"][1]
    assert bus["presenter"] == "Frau Overhage, BBS"
    assert bus["decisions"] == [
        {
            "number": "A-2026-01",
            "kind": "resolution",
            "state": "adopted",
            "text": "Der Bus fährt.",
            "votes": {"yes": 2, "no": 0, "abstain": 0, "entitled": 2},
        }
    ]
    assert bus["tasks"] == [
        {
            "id": action.pk,
            "task": "Fahrplan",
            "owner_id": now.world.susanne.pk,
            "owner": "Susanne Overhage",
            "organisation": "BBS",
            "due_on": "2026-12-11",
        }
    ]
    assert [(row["name"], row["presence"], row["channel"]) for row in document["attendance"]] == [
        ("Susanne Overhage", "present", "online"),
        ("Birgit Hanneken", "present", ""),
        ("Rolf Eilers", "excused", ""),
    ]


def test_confidential_item_is_closed_to_others() -> None:
    now = held.over()
    now.bus.confidential_to.set([now.world.birgit.organisation])
    document = content(now.meeting)

    for_birgit = redacted(document, sight_of(now.world.birgit, at=AT))
    for_susanne = redacted(document, sight_of(now.world.susanne, at=AT))

    assert for_birgit["items"][1]["title"] == "Rufbus am Abend"
    assert for_susanne["items"][1]["title"] == "Vertraulicher Punkt"
    assert for_susanne["items"][1]["result"] == "Nur für die beteiligten Organisationen."
