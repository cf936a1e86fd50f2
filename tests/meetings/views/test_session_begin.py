"""Beginning a meeting: once more asked before its day, and taken back while nothing was written."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from buendnisse import clock
from meetings.domain import action_items, decisions, drafting, session
from meetings.models import Meeting, Minutes
from tests.meetings import held
from tests.meetings.held import AT, DAY
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

LIVE = "/sitzungen/2026-q4-arbeit/sitzung/"


def state() -> str:
    return Meeting.objects.get().state


def test_before_its_day_somebody_is_asked_once_more() -> None:
    now = held.running()
    Meeting.objects.update(state="invited")
    client = signed_in(now.world.imke)

    with clock.frozen(AT - DAY):
        page = client.post(f"{LIVE}beginnen/")
        assert (page.status_code, state()) == (200, "invited")
        assert page.content.decode().count("<h1>Diese Sitzung ist erst am Donnerstag, 19.") == 1
        client.post(f"{LIVE}beginnen/", {"trotzdem": "ja"})

    assert state() == "in_session"


def test_on_its_day_nobody_is_asked() -> None:
    now = held.running()
    Meeting.objects.update(state="invited")

    with clock.frozen(AT - dt.timedelta(hours=9)):
        signed_in(now.world.imke).post(f"{LIVE}beginnen/")

    assert state() == "in_session"


def test_slip_is_taken_back_and_leaves_no_minutes() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    assert client.get(LIVE).content.decode().count("Beginn zurücknehmen") == 1

    client.post(f"{LIVE}beginn-zuruecknehmen/")

    assert (state(), Minutes.objects.count()) == ("invited", 0)
    client.post(f"{LIVE}beginnen/")
    assert (state(), Minutes.objects.count()) == ("in_session", 1)


WRITTEN = {
    "presence": lambda now: session.record_presence(now.row("rolf"), presence="excused", by=now.world.imke, at=AT),
    "result": lambda now: session.record_result(now.bus, result="Gut.", version=1, by=now.world.imke, at=AT),
    "note": lambda now: drafting.keep(now.bus, version=1, proposal="", note="Nur für uns."),
    "decision": lambda now: decisions.adopt(now.bus, kind="consensus", text="Ja.", by=now.world.imke, at=AT),
    "task": lambda now: action_items.assign(
        now.bus, owner=now.world.rolf, task="Fragen", due_on=dt.date(2026, 12, 1), by=now.world.imke, at=AT,
        form_key=uuid.uuid4(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
def test_once_something_is_written_it_has_begun(written: str) -> None:
    now = held.running()
    WRITTEN[written](now)
    client = signed_in(now.world.imke)

    assert client.get(f"{LIVE}?punkt={now.bus.pk}").content.decode().count("Beginn zurücknehmen") == 0
    page = client.post(f"{LIVE}beginn-zuruecknehmen/", follow=True)

    assert [str(message) for message in page.context["messages"]] == [
        "Es ist schon etwas festgehalten. Der Beginn lässt sich nicht mehr zurücknehmen."
    ]
    assert (state(), Minutes.objects.count()) == ("in_session", 1)
