"""The end of a meeting: what was not reached comes back by default, visibly, and with a sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse import clock
from meetings.domain import in_session
from meetings.enums import AgendaItemState
from meetings.models import AgendaItem, Meeting
from tests.factories.meetings import MeetingFactory
from tests.meetings import held
from tests.meetings.held import AT
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

END = "/sitzungen/2026-q4-arbeit/sitzung/beenden/"
SAID = "In der Sitzung am 19.\xa0November\xa02026 sind wir nicht mehr dazu gekommen."


def march(now: held.Held) -> Meeting:
    return MeetingFactory(
        alliance=now.world.arbeit,
        quarter="2027-Q1",
        start=dt.datetime(2027, 3, 11, 9, 0, tzinfo=dt.UTC),
        end=dt.datetime(2027, 3, 11, 11, 0, tzinfo=dt.UTC),
        state="confirmed",
    )


def test_next_meeting_is_the_default_and_formal_items_ask_nothing() -> None:
    now = held.running()
    following = march(now)

    page = signed_in(now.world.imke).post(END).content.decode()

    assert f'value="later:{following.pk}" checked' in page
    assert "Kommt wieder in der Sitzung am Donnerstag, 11. März 2027" in page.replace("\xa0", " ")
    assert SAID in page
    assert f'name="weg-{now.opening.pk}"' not in page


def test_what_comes_back_is_a_successor_with_the_sentence() -> None:
    now = held.running()
    following = march(now)

    signed_in(now.world.imke).post(
        END, {"trotzdem": "ja", f"weg-{now.bus.pk}": f"later:{following.pk}", "grund": "Die Zeit war um."}
    )

    now.bus.refresh_from_db()
    successor = AgendaItem.objects.get(continued_from=now.bus)
    assert (now.bus.state, now.bus.reason, now.bus.position) == (AgendaItemState.DEFERRED, "Die Zeit war um.", 2)
    assert (successor.meeting, successor.state) == (following, AgendaItemState.ACCEPTED)
    assert Meeting.objects.get(pk=now.meeting.pk).state == "held"


@pytest.mark.parametrize(
    ("way", "state"), [("erledigt", "scheduled"), ("later:999", "scheduled"), ("backlog", "deferred")]
)
def test_other_ways(way: str, state: str) -> None:
    now = held.running()

    signed_in(now.world.imke).post(END, {"trotzdem": "ja", f"weg-{now.bus.pk}": way, "grund": SAID})

    now.bus.refresh_from_db()
    assert now.bus.state == state
    assert AgendaItem.objects.filter(continued_from=now.bus, state="backlog").exists() == (way == "backlog")
    assert Meeting.objects.get(pk=now.meeting.pk).state == "held"


def test_what_nobody_chose_for_comes_back() -> None:
    now = held.running()
    following = march(now)

    signed_in(now.world.imke).post(END, {"trotzdem": "ja", "grund": SAID})

    assert AgendaItem.objects.get(continued_from=now.bus).meeting == following


def test_without_a_sentence_nothing_comes_back_and_the_choice_stays() -> None:
    now = held.running()
    march(now)

    answer = signed_in(now.world.imke).post(END, {"trotzdem": "ja", f"weg-{now.bus.pk}": "backlog", "grund": " "})

    page = answer.content.decode()
    assert "Bitte schreiben Sie einen Satz dazu." in page
    assert 'value="backlog" checked' in page
    assert Meeting.objects.get(pk=now.meeting.pk).state == "in_session"


def end_and_reopen(now: held.Held, *, after: dt.timedelta) -> list[str]:
    client = signed_in(now.world.imke)
    with clock.frozen(AT):
        client.post(END, {"trotzdem": "ja", "grund": "Die Zeit war um."}, follow=True)
    with clock.frozen(AT + after):
        page = client.post("/sitzungen/2026-q4-arbeit/sitzung/wieder-oeffnen/", follow=True)
    now.bus.refresh_from_db()
    return [str(message) for message in page.context["messages"]]


def test_reopening_takes_back_what_the_end_put_off() -> None:
    now = held.running()
    march(now)

    assert end_and_reopen(now, after=dt.timedelta(seconds=30)) == ["Wieder auf der Tagesordnung: „Rufbus am Abend“."]

    assert (now.bus.state, now.bus.reason, now.bus.position) == (AgendaItemState.SCHEDULED, "", 2)
    assert not AgendaItem.objects.filter(continued_from=now.bus).exists()


def test_reopened_later_it_stays_put_off_and_is_named() -> None:
    now = held.running()
    march(now)

    [said] = end_and_reopen(now, after=dt.timedelta(minutes=1))

    assert said.startswith("Weiter vertagt: „Rufbus am Abend“.")
    assert (now.bus.state, AgendaItem.objects.filter(continued_from=now.bus).count()) == (AgendaItemState.DEFERRED, 1)


def test_what_somebody_put_off_before_the_end_stays_so() -> None:
    now = held.running()
    in_session.put_off(now.bus, reason="Später.", by=now.world.imke, at=AT - dt.timedelta(seconds=5))

    assert end_and_reopen(now, after=dt.timedelta(seconds=30)) == []

    assert now.bus.state == AgendaItemState.DEFERRED
