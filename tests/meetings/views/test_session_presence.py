"""Who is here: one tap at the writer's desk, and everybody at once on a page of its own."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from meetings.domain import session
from meetings.models import AgendaItem, Attendance
from tests.meetings import held
from tests.meetings.held import AT
from tests.support.clients import signed_in

pytestmark = pytest.mark.django_db

HOME = "/sitzungen/2026-q4-arbeit/"
LIVE = f"{HOME}sitzung/"


def test_one_tap_notes_who_is_here() -> None:
    now = held.running()

    signed_in(now.world.imke).post(f"{LIVE}da/{now.row('birgit').pk}/", {"presence": "present", "item": now.bus.pk})

    assert now.row("birgit").presence == "present"


def test_nothing_typed_is_lost_when_somebody_comes_in() -> None:
    now = held.running()
    typed = {"item": now.bus.pk, "version": 1, "result": "Der Bus fährt", "text": "Wir bitten um", "task": "Anfragen"}

    page = signed_in(now.world.imke).post(f"{LIVE}da/{now.row('susanne').pk}/", {**typed, "presence": "present"})

    shown = {name: page.context[f"{name}_form"].initial for name in ("result", "decision", "task")}
    assert page.context["board"].item == now.bus
    assert [shown["result"]["result"], shown["decision"]["text"], shown["task"]["task"]] == [
        "Der Bus fährt",
        "Wir bitten um",
        "Anfragen",
    ]
    assert Attendance.objects.get(pk=now.row("susanne").pk).presence == "present"
    assert AgendaItem.objects.get(pk=now.bus.pk).result == ""


def attendance(now: held.Held, **said: str) -> dict[str, str]:
    """Everybody unknown as when the meeting began, except who is named."""
    fields: dict[str, str] = {}
    for row in Attendance.objects.filter(meeting=now.meeting).select_related("person"):
        fields |= {f"initial-a{row.pk}-there": "unknown:", f"a{row.pk}-version": "1"}
        fields[f"a{row.pk}-there"] = said.get(row.person.handle, "unknown:")
        fields[f"a{row.pk}-present_from"] = said.get(f"{row.person.handle}_from", "")
        fields[f"a{row.pk}-present_until"] = said.get(f"{row.person.handle}_until", "")
    return fields


def test_everybody_is_noted_at_once() -> None:
    now = held.running()

    signed_in(now.world.imke).post(
        f"{HOME}anwesenheit/",
        attendance(now, birgit="present:online", susanne="excused:", rolf="deputy:on_site", rolf_from="10:20"),
    )

    rows = [(now.row(name).presence, now.row(name).channel) for name in ("birgit", "susanne", "rolf")]
    assert rows == [("present", "online"), ("excused", ""), ("deputy", "on_site")]
    assert f"{now.row('rolf').present_from:%H:%M}" == "10:20"


def test_stale_attendance_shows_both_and_keeps_nothing_until_said_again() -> None:
    now = held.running()
    read_before = attendance(now, birgit="excused:", susanne="present:online")
    session.record_presence(
        now.row("birgit"), presence="present", present_from=dt.time(10, 20), by=now.world.imke, at=AT
    )
    client = signed_in(now.world.imke)

    page = client.post(f"{HOME}anwesenheit/", read_before)

    forms = {form.row.person.handle: form for form in page.context["forms"]}
    assert page.status_code == 409
    assert {handle: form.stored for handle, form in forms.items() if form.stored} == {"birgit": "anwesend, ab 10:20"}
    assert forms["birgit"]["there"].value() == "excused:"
    assert (now.row("birgit").presence, now.row("susanne").presence) == ("present", "unknown")
    again = dict(re.findall(r'name="((?:initial-)?a[^"]+)" value="([^"]*)"', page.content.decode()))
    client.post(f"{HOME}anwesenheit/", read_before | again)
    assert (now.row("birgit").presence, now.row("susanne").presence) == ("excused", "present")


def test_row_nobody_touched_keeps_what_others_wrote_meanwhile() -> None:
    now = held.running()
    read_before = attendance(now, susanne="present:online")
    session.record_presence(now.row("birgit"), presence="present", by=now.world.imke, at=AT)

    page = signed_in(now.world.imke).post(f"{HOME}anwesenheit/", read_before)

    assert page.status_code == 302
    assert (now.row("birgit").presence, now.row("susanne").presence) == ("present", "present")


def test_tap_over_what_somebody_else_noted_says_so() -> None:
    now = held.running()
    session.record_presence(now.row("birgit"), presence="excused", by=now.world.imke, at=AT)
    tap, said = f"{LIVE}da/{now.row('birgit').pk}/", {"presence": "present", "item": now.bus.pk, "text": "Halb"}
    client = signed_in(now.world.imke)

    page = client.post(f"{tap}?stand=1", said)

    assert page.status_code == 409
    assert page.content.decode().count("Birgit Hanneken als „entschuldigt“ erfasst") == 1
    assert now.row("birgit").presence == "excused"
    assert client.post(f"{tap}?stand=2", said).status_code == 200
    assert now.row("birgit").presence == "present"


def test_attendance_that_ends_before_it_begins_is_refused() -> None:
    now = held.running()

    page = signed_in(now.world.imke).post(
        f"{HOME}anwesenheit/",
        attendance(now, birgit="present:on_site", birgit_from="11:00", birgit_until="10:00"),
    )

    assert "Das Ende liegt vor dem Beginn." in page.content.decode()
    assert now.row("birgit").presence == "unknown"


def test_who_is_here_is_folded_and_who_may_still_come_has_a_button() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    session.record_presence(now.row("susanne"), presence="present", channel="online", by=now.world.imke, at=AT)
    session.record_presence(now.row("birgit"), presence="excused", by=now.world.imke, at=AT)

    page = client.get(LIVE)

    assert [row.person.handle for row in page.context["people"]] == ["birgit", "corinna"]
    assert [(row.person.handle, words) for row, words in page.context["here"]] == [("susanne", "online")]
    html = page.content.decode()
    assert (html.count(">ist da<"), html.count("Eine Person ist da")) == (2, 1)


def test_keyboard_goes_on_at_the_next_person() -> None:
    now = held.running()
    client = signed_in(now.world.imke)
    order = [row.person.handle for row in client.get(LIVE).context["people"]]
    focused = []

    for handle in [*order[:1], *order[:0:-1]]:
        said = {"presence": "present", "item": now.bus.pk}
        page = client.post(f"{LIVE}da/{now.row(handle).pk}/", said).content.decode()
        focused.append(re.findall(r'(?:aria-label="ist da: |<h2 id=")([^">]+)"[^>]*autofocus', page))

    names = {handle: now.row(handle).person.full_name for handle in order}
    assert len(order) == 3
    assert focused == [[names[order[1]]], [names[order[1]]], ["da"]]
    assert "autofocus" not in client.get(LIVE).content.decode()
