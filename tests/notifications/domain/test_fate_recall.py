"""Two proposers hear of one topic; a step taken back is told to nobody, or truly to whoever had its mail."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from buendnisse import clock
from buendnisse.enums import Via
from meetings.domain import agenda, agenda_fate, agenda_own
from meetings.enums import AgendaItemState
from meetings.models import AgendaItem, Meeting
from notifications.domain import fate_recall
from notifications.models import OutboxMessage
from tests.meetings.march import march_of_arbeit
from tests.notifications import sending
from tests.support import smtp_sink, snapshots
from tests.world import AT, World

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
SAID = "Beide Themen gehen um Busse. Wir sprechen einmal darüber."


@pytest.fixture
def march(cast: World) -> Meeting:
    return march_of_arbeit(cast)


def propose(cast: World, meeting: Meeting, title: str, proposer: Any) -> AgendaItem:
    return agenda.propose(
        alliance=cast.arbeit,
        meeting=meeting,
        title=title,
        proposer=proposer,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=AT,
    )


@pytest.fixture
def pair(cast: World, march: Meeting, relay: smtp_sink.Sink) -> tuple[AgendaItem, AgendaItem]:
    """Two proposals, their copies delivered."""
    found = propose(cast, march, "Spätfahrten", cast.birgit), propose(cast, march, "Rufbus", cast.susanne)
    sending.deliver(relay, at=AT + 2 * MINUTE)
    return found


def text(mail: Any) -> str:
    """In one line."""
    return " ".join(sending.text(mail).split())


def subjects(mails: dict[str, Any]) -> dict[str, str]:
    return {name.partition("@")[0]: str(mail["Subject"]) for name, mail in mails.items()}


def test_both_proposers_hear_of_a_merge(cast: World, pair: tuple[AgendaItem, AgendaItem]) -> None:
    item, into = pair
    at = AT + 5 * MINUTE
    agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=at)
    sending.ring.ring(at=at, send=False)

    rows = OutboxMessage.objects.filter(state="waiting").order_by("person__last_name")
    with clock.frozen(at):
        letters = [(row.person, snapshots.mail(row, at=at)) for row in rows]
    assert [person for person, _found in letters] == [cast.birgit, cast.susanne]
    for (_person, found), name in zip(letters, ("item_fate_merged", "item_fate_host"), strict=True):
        assert found == snapshots.stored(name, found)


def test_what_becomes_of_the_one_is_told_to_both(
    cast: World, pair: tuple[AgendaItem, AgendaItem], relay: smtp_sink.Sink
) -> None:
    item, into = pair
    agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT + 5 * MINUTE)
    sending.deliver(relay, at=AT + 7 * MINUTE)

    agenda.accept(into, by=cast.imke, at=AT + 10 * MINUTE)

    mails = sending.deliver(relay, at=AT + 12 * MINUTE)
    assert subjects(mails) == {
        "birgit": "Arbeit, 11.03.2027: Ihr Thema ist zusammengelegt",
        "susanne": "Arbeit, 11.03.2027: Ihr Thema ist auf der Tagesordnung",
    }
    assert "Das gemeinsame Thema kommt auf die Tagesordnung für Donnerstag, 11. März 2027" in text(
        mails[cast.birgit.email]
    )


@pytest.mark.parametrize("is_written", [True, False], ids=["after a ring", "before the first ring"])
@pytest.mark.parametrize("step", ["merge", "decline", "accept", "defer"])
def test_nobody_hears_of_a_step_taken_back_in_its_minute(
    cast: World, pair: tuple[AgendaItem, AgendaItem], relay: smtp_sink.Sink, step: str, is_written: bool
) -> None:
    item, into = pair
    at = AT + 5 * MINUTE
    given: dict[str, dict[str, Any]] = {
        "merge": {"into": into, "reason": SAID},
        "decline": {"reason": "Voll."},
        "accept": {},
        "defer": {"to": None, "reason": "Voll."},
    }
    getattr(agenda, step)(item, by=cast.imke, at=at, **given[step])
    if is_written:
        sending.ring.ring(at=at, send=False)

    found = fate_recall.take_back(item, by=cast.imke, at=at + MINUTE / 2)

    assert found.told == ()
    assert item.state == AgendaItemState.PROPOSED
    assert sending.deliver(relay, at=at + 5 * MINUTE) == {}


def test_whoever_had_the_mail_gets_another(
    cast: World, pair: tuple[AgendaItem, AgendaItem], relay: smtp_sink.Sink
) -> None:
    item, into = pair
    agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT + 5 * MINUTE)
    sending.deliver(relay, at=AT + 7 * MINUTE)

    found = fate_recall.take_back(item, by=cast.imke, at=AT + 10 * MINUTE)

    assert found.told == (cast.birgit, cast.susanne)
    mails = sending.deliver(relay, at=AT + 12 * MINUTE)
    assert subjects(mails) == {
        "birgit": "Arbeit, 11.03.2027: Ihr Thema ist wieder offen",
        "susanne": "Arbeit, 11.03.2027: Zu Ihrem Thema",
    }
    assert "„Spätfahrten“ von Birgit Hanneken (Jobcenter) ist wieder ein eigenes Thema." in text(
        mails[cast.susanne.email]
    )


def test_acceptance_whose_mail_a_mistake_had_replaced_is_told_after_all(
    cast: World, pair: tuple[AgendaItem, AgendaItem], relay: smtp_sink.Sink
) -> None:
    _other, item = pair
    at = AT + 5 * MINUTE
    agenda.accept(item, by=cast.imke, at=at)
    sending.ring.ring(at=at, send=False)
    agenda.decline(item, reason="Versehen.", by=cast.imke, at=at + MINUTE / 4)
    sending.ring.ring(at=at + MINUTE / 4, send=False)

    fate_recall.take_back(item, by=cast.imke, at=at + MINUTE / 2)

    assert (item.state, item.position) == (AgendaItemState.ACCEPTED, 3)
    mails = sending.deliver(relay, at=at + 5 * MINUTE)
    assert subjects(mails) == {"susanne": "Arbeit, 11.03.2027: Ihr Thema ist auf der Tagesordnung"}


def last(item: AgendaItem) -> dict[str, int]:
    """What the page names as the step it takes back."""
    step = agenda_fate.last_step(item)
    return {"step": step.pk if step else 0}


def test_double_tap_takes_one_step_back(
    client: Client, cast: World, march: Meeting, pair: tuple[AgendaItem, AgendaItem]
) -> None:
    client.force_login(cast.imke)
    item, _into = pair
    address = reverse("notifications:agenda_restore", args=[march.slug, item.pk])
    with clock.frozen(AT + 5 * MINUTE):
        agenda.accept(item, by=cast.imke, at=AT + 3 * MINUTE)
        agenda.decline(item, reason="Voll.", by=cast.imke, at=AT + 4 * MINUTE)
        shown = client.get(reverse("meetings:agenda", args=[march.slug])).content.decode()
        sent = last(item)
        client.post(address, sent)
        page = client.post(address, sent, follow=True).content.decode()

    item.refresh_from_db()
    assert f'name="step" value="{sent["step"]}"' in shown
    assert item.state == AgendaItemState.ACCEPTED
    assert "„Spätfahrten“: Dieser Schritt ist schon zurückgenommen." in page


def test_button_of_an_old_page_takes_no_other_step_back(
    client: Client, cast: World, march: Meeting, pair: tuple[AgendaItem, AgendaItem]
) -> None:
    client.force_login(cast.imke)
    item, _into = pair
    address = reverse("notifications:agenda_restore", args=[march.slug, item.pk])
    agenda.accept(item, by=cast.imke, at=AT + 3 * MINUTE)
    old = last(item)
    agenda.decline(item, reason="Voll.", by=cast.imke, at=AT + 4 * MINUTE)
    with clock.frozen(AT + 5 * MINUTE):
        pages = [client.post(address, sent, follow=True).content.decode() for sent in (old, {})]

    item.refresh_from_db()
    assert item.state == AgendaItemState.DECLINED
    said = "Inzwischen ist mit diesem Thema etwas anderes geschehen. Bitte sehen Sie zuerst nach."
    assert [said in page for page in pages] == [True, True]


def test_topic_withdrawn_gives_back_what_went_under_it(
    cast: World, march: Meeting, pair: tuple[AgendaItem, AgendaItem], relay: smtp_sink.Sink
) -> None:
    item, into = pair
    agenda.merge(item, into=into, reason=SAID, by=cast.imke, at=AT + 5 * MINUTE)
    sending.deliver(relay, at=AT + 7 * MINUTE)

    agenda_own.withdraw(into, by=cast.susanne, at=AT + 10 * MINUTE)

    item.refresh_from_db()
    assert (item.state, item.merged_into, item.meeting) == (AgendaItemState.PROPOSED, None, march)
    assert into.state == AgendaItemState.WITHDRAWN
    mails = sending.deliver(relay, at=AT + 12 * MINUTE)
    assert subjects(mails) == {"birgit": "Arbeit, 11.03.2027: Ihr Thema ist wieder offen"}


def test_page_says_truly_who_has_heard(
    client: Client, cast: World, march: Meeting, pair: tuple[AgendaItem, AgendaItem], relay: smtp_sink.Sink
) -> None:
    client.force_login(cast.imke)
    item, _into = pair
    address = reverse("notifications:agenda_restore", args=[march.slug, item.pk])
    agenda.decline(item, reason="Voll.", by=cast.imke, at=AT + 5 * MINUTE)
    with clock.frozen(AT + 5 * MINUTE):
        early = client.post(address, last(item), follow=True).content.decode()
    item.refresh_from_db()
    agenda.decline(item, reason="Voll.", by=cast.imke, at=AT + 6 * MINUTE)
    sending.deliver(relay, at=AT + 8 * MINUTE)
    with clock.frozen(AT + 9 * MINUTE):
        late = client.post(address, last(item), follow=True).content.decode()

    assert "„Spätfahrten“ ist wieder ein Vorschlag. Niemand hat davon eine Mail bekommen." in early
    assert (
        "„Spätfahrten“ ist wieder ein Vorschlag. Die Mail an Frau Hanneken ist schon weg. "
        "Es geht eine zweite, die das richtigstellt." in late
    )
