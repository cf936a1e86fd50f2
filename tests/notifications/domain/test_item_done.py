"""One year on: the proposer hears that the decision is carried out, once, and only while it is true."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from buendnisse import clock
from buendnisse.models import Membership, Person
from meetings.domain import decisions
from meetings.enums import AgendaItemState, DecisionState
from meetings.models import AgendaItem, Decision
from notifications.domain import ring
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.notifications import sending
from tests.support import smtp_sink, snapshots
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def decision(cast: World) -> Decision:
    start = dt.datetime(2026, 3, 3, 9, 0, tzinfo=dt.UTC)
    meeting = MeetingFactory(alliance=cast.arbeit, quarter="2026-Q1", start=start, end=start + dt.timedelta(hours=2))
    item = AgendaItemFactory(
        alliance=cast.arbeit,
        meeting=meeting,
        title="Rufbus am Abend",
        proposer=cast.susanne,
        proposing_organisation=cast.susanne.organisation,
        state=AgendaItemState.DISCUSSED,
        submitted_at=dt.datetime(2026, 1, 25, 23, 30, tzinfo=dt.UTC),  # half past midnight on the 26th in Berlin
    )
    return DecisionFactory(
        agenda_item=item,
        number="A-2026-03",
        text="Der Rufbus fährt bis 21 Uhr.",
        decided_on=dt.date(2026, 3, 3),
        state=DecisionState.IN_PROGRESS,
    )


def follow_up(cast: World, decision: Decision, state: str, at: dt.datetime = AT, **given: Any) -> None:
    decisions.follow_up(decision, state=state, version=decision.version, by=cast.imke, at=at, **given)
    ring.ring(at=at, send=False)


def letters(*states: str) -> list[OutboxMessage]:
    rows = OutboxMessage.objects.filter(kind=MailKind.ITEM_DONE, state__in=states or [OutboxState.WAITING])
    return list(rows.select_related("person__organisation"))


def test_the_proposer_hears_that_it_is_done(cast: World, decision: Decision) -> None:
    follow_up(cast, decision, DecisionState.DONE, note="Seit Oktober fährt er.")

    (message,) = letters()
    assert (message.person, message.not_before) == (cast.susanne, AT + dt.timedelta(seconds=60))
    with clock.frozen(AT):
        found = snapshots.mail(message, at=AT)
    assert found == snapshots.stored("item_done", found)


@pytest.mark.parametrize(
    ("handed_in", "words"),
    [
        (dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC), "Ihr Thema vom 1. Januar ist umgesetzt"),
        (dt.datetime(2025, 12, 31, 22, 30, tzinfo=dt.UTC), "Ihr Thema vom 31. Dezember 2025 ist umgesetzt"),
        (None, "Ihr Thema vom 3. März ist umgesetzt"),
    ],
)
def test_it_names_the_day_the_topic_was_handed_in(
    cast: World, decision: Decision, handed_in: dt.datetime | None, words: str
) -> None:
    AgendaItem.objects.filter(pk=decision.agenda_item_id).update(submitted_at=handed_in)
    follow_up(cast, decision, DecisionState.DONE)

    (message,) = letters()
    assert snapshots.mail(message, at=AT).splitlines()[4] == words


def test_it_is_said_once(cast: World, decision: Decision, relay: smtp_sink.Sink) -> None:
    follow_up(cast, decision, DecisionState.DONE)
    assert set(sending.deliver(relay, at=sending.after_grace(AT))) == {cast.susanne.email}

    later = AT + dt.timedelta(days=1)
    follow_up(cast, decision, DecisionState.IN_PROGRESS, later)
    follow_up(cast, decision, DecisionState.DONE, later)

    assert letters() == []
    assert len(letters(OutboxState.SENT)) == 1


def test_set_back_while_it_waits_nothing_is_said(cast: World, decision: Decision, relay: smtp_sink.Sink) -> None:
    follow_up(cast, decision, DecisionState.DONE)
    (message,) = letters()
    follow_up(cast, decision, DecisionState.IN_PROGRESS)

    with pytest.raises(NothingToSay):
        snapshots.mail(message, at=AT)
    assert sending.deliver(relay, at=sending.after_grace(AT)) == {}


@pytest.mark.parametrize("how", ["left the house", "left the body"])
def test_people_who_left_are_not_written_to(cast: World, decision: Decision, how: str) -> None:
    if how == "left the house":
        Person.objects.filter(pk=cast.susanne.pk).update(active_until=dt.date(2026, 6, 30))
    else:
        Membership.objects.filter(person=cast.susanne).delete()

    follow_up(cast, decision, DecisionState.DONE)

    assert letters() == []


def test_whose_topic_went_under_it_hears_too(cast: World, decision: Decision) -> None:
    for proposer, title in ((cast.birgit, "Spätfahrten"), (cast.susanne, "Nachtbus"), (cast.imke, "Fahrplan")):
        AgendaItemFactory(
            alliance=cast.arbeit,
            meeting=decision.meeting,
            title=title,
            proposer=proposer,
            state=AgendaItemState.MERGED,
            merged_into=decision.agenda_item,
            submitted_at=dt.datetime(2026, 2, 1, 9, 0, tzinfo=dt.UTC),
        )

    follow_up(cast, decision, DecisionState.DONE)

    found = {message.person: snapshots.mail(message, at=AT) for message in letters()}
    assert set(found) == {cast.susanne, cast.birgit}
    assert "„Rufbus am Abend“" in found[cast.susanne]
    assert found[cast.birgit].splitlines()[4] == "Ihr Thema vom 1. Februar ist umgesetzt"
    assert "„Spätfahrten“" in found[cast.birgit]


def test_the_fachstelle_needs_no_letter_about_its_own_topic(cast: World, decision: Decision) -> None:
    item = decision.agenda_item
    assert item is not None
    item.proposer = cast.imke
    item.save()

    follow_up(cast, decision, DecisionState.DONE)

    assert letters() == []


def test_another_state_is_no_news(cast: World, decision: Decision) -> None:
    follow_up(cast, decision, DecisionState.IN_PROGRESS, note="Es geht voran.")

    assert letters() == []
