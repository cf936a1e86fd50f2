"""The board by keyboard alone, by pointer, and without a script: order, minutes, merging, taking back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Request, expect

from buendnisse import clock
from buendnisse.enums import Via
from buendnisse.models import Installation
from meetings.domain import agenda
from meetings.enums import AgendaItemState
from meetings.models import AgendaItem, Meeting
from tests import world
from tests.journeys.conftest import PHONE, OpenPage, assert_accessible, keep_picture
from tests.meetings.march import march_of_arbeit


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> Iterator[world.World]:
    """The world on a clock of its own that shows its morning and runs on, in the server's threads too."""
    found = world.build()
    Installation.objects.update(is_demo=True, clock_shift_seconds=clock.shift_to(world.AT))
    clock.forget_shift()
    yield found
    clock.forget_shift()


@pytest.fixture
def march(cast: world.World) -> Meeting:
    """Three topics of the Fachstelle stand on the agenda of March; one proposal waits."""
    meeting = march_of_arbeit(cast)
    for title in ("Rufbus", "Handlungskonzept", "Sprachkurse"):
        agenda.add(
            meeting,
            title=title,
            kind="discussion",
            minutes=20,
            presenter=None,
            by=cast.imke,
            form_key=uuid.uuid4(),
            at=world.AT - dt.timedelta(hours=1),
        )
    agenda.propose(
        alliance=cast.arbeit,
        meeting=meeting,
        title="Spätfahrten",
        proposer=cast.susanne,
        via=Via.LINK,
        form_key=uuid.uuid4(),
        at=world.AT,
    )
    return meeting


def order(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.agenda_items.on_agenda() if not item.standing_code]


def item(title: str) -> AgendaItem:
    return AgendaItem.objects.get(title=title)


def said(page: Page, text: str) -> None:
    expect(page.locator("#ansage")).to_have_text(text)


def tab_to(page: Page, name: str, *, role: str = "") -> None:
    """Tab until the focus is on what bears this name."""
    for _step in range(120):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(() => { const e = document.activeElement;"
            " return e.getAttribute('aria-label') || (e.labels && e.labels[0] ? e.labels[0].textContent : e.textContent); })()"
        )
        if " ".join(found.split()) == name:
            return
    raise AssertionError(name)


def test_board_by_keyboard(browser_page: OpenPage, cast: world.World, march: Meeting) -> None:
    page = browser_page(person=cast.imke)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.goto(reverse("meetings:agenda", args=[march.slug]))

    tab_to(page, "TOP 4 nach oben")
    page.keyboard.press("Enter")
    said(page, "TOP 4 steht jetzt an Platz 3: Handlungskonzept.")
    assert order(march) == ["Handlungskonzept", "Rufbus", "Sprachkurse"]
    assert len(sent) == 1
    assert page.evaluate("document.activeElement.id") == f"punkt-{item('Handlungskonzept').pk}"

    tab_to(page, "TOP 3 ziehen, oder mit den Pfeiltasten verschieben")
    page.keyboard.press("ArrowDown")
    said(page, "TOP 3 steht jetzt an Platz 4: Handlungskonzept.")
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == "TOP 4 ziehen, oder mit den Pfeiltasten verschieben"
    page.keyboard.press("ArrowDown")
    said(page, "TOP 4 steht jetzt an Platz 5: Handlungskonzept.")
    assert order(march) == ["Rufbus", "Sprachkurse", "Handlungskonzept"]

    tab_to(page, "Neuer Platz für TOP 5")
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    said(page, "TOP 5 steht jetzt an Platz 3: Handlungskonzept.")
    assert order(march) == ["Handlungskonzept", "Rufbus", "Sprachkurse"]

    expect(page.locator("#summe strong")).to_have_text(f"{minutes(march)} von 120 Minuten")
    field = page.get_by_label("Minuten für TOP 3")
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("35")
    expect(page.locator("#summe strong")).to_have_text(f"{minutes(march) + 15} von 120 Minuten")
    with page.expect_response("**/ordnen/"):
        page.keyboard.press("Tab")
    assert minutes(march) == int(page.locator("#summe strong").inner_text().split()[0])
    tab_to(page, "Wer berichtet zu TOP 3")
    page.keyboard.type("Birgit Hanneken, Jobcenter")
    with page.expect_response("**/ordnen/"):
        page.keyboard.press("Tab")
    expect(page.locator("#abgelehnt")).to_have_count(0)
    expect(page.locator("#tagesordnung")).to_contain_text("Beginn etwa")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "TOP 3 bearbeiten"
    page.reload()
    expect(page.get_by_label("Wer berichtet zu TOP 3")).to_have_value("Birgit Hanneken, Jobcenter")
    assert_accessible(page)
    keep_picture(page, "tafel-1280")


def test_merge_and_take_back_by_keyboard(browser_page: OpenPage, cast: world.World, march: Meeting) -> None:
    page = browser_page(person=cast.imke)
    page.goto(reverse("meetings:agenda", args=[march.slug]))
    with page.expect_navigation():
        tab_to(page, "Spätfahrten: zusammenlegen")
        page.keyboard.press("Enter")
    page.get_by_label("Rufbus", exact=False).focus()
    page.keyboard.press("Space")
    page.get_by_label("Ihr Satz dazu").focus()
    page.keyboard.type("Beide gehen um Busse.")
    with page.expect_navigation():
        tab_to(page, "Zusammenlegen")
        page.keyboard.press("Enter")
    assert item("Spätfahrten").state == AgendaItemState.MERGED
    expect(page.get_by_text("Dazu: „Spätfahrten“ von Susanne Overhage, BBS")).to_be_visible()
    assert_accessible(page)
    keep_picture(page, "zusammengelegt-1280")

    with page.expect_navigation():
        tab_to(page, "Spätfahrten: diesen Schritt zurücknehmen")
        page.keyboard.press("Enter")
    assert item("Spätfahrten").state == AgendaItemState.PROPOSED
    expect(page.locator(".notices")).to_contain_text("Niemand hat davon eine Mail bekommen.")


@pytest.mark.parametrize("width", [1280, PHONE])
def test_board_by_pointer(browser_page: OpenPage, cast: world.World, march: Meeting, width: int) -> None:
    page = browser_page(person=cast.imke, width=width)
    page.set_viewport_size({"width": width, "height": 3000})  # nothing scrolls under the pointer
    page.goto(reverse("meetings:agenda", args=[march.slug]))
    grip = page.locator(f"#punkt-{item('Sprachkurse').pk} .agenda__grip")
    target = page.locator(f"#punkt-{item('Rufbus').pk}")
    grip.hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 30, steps=5)
    page.mouse.move(box["x"] + 20, box["y"] + 4, steps=3)
    page.mouse.up()

    said(page, "TOP 5 steht jetzt an Platz 3: Sprachkurse.")
    assert order(march) == ["Sprachkurse", "Rufbus", "Handlungskonzept"]
    assert_accessible(page)


def test_what_did_not_arrive_is_kept_and_sent_again(browser_page: OpenPage, cast: world.World, march: Meeting) -> None:
    page = browser_page(person=cast.imke)
    page.set_viewport_size({"width": 1280, "height": 3000})
    page.goto(reverse("meetings:agenda", args=[march.slug]))
    address = f"**{reverse('meetings:agenda_order', args=[march.slug])}"
    page.route(address, lambda route: route.abort())
    page.get_by_label("Minuten für TOP 3").fill("35")
    page.keyboard.press("Tab")
    said(page, "Das ist nicht angekommen. Bitte versuchen Sie es noch einmal.")
    grip = page.locator(f"#punkt-{item('Sprachkurse').pk} .agenda__grip")
    box = page.locator(f"#punkt-{item('Rufbus').pk}").bounding_box()
    assert box is not None
    grip.hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 30, steps=5)
    page.mouse.move(box["x"] + 20, box["y"] + 4, steps=3)
    with page.expect_event("requestfailed"):
        page.mouse.up()
    titles = page.locator(".agenda > li:not(.is-fixed) .agenda__title")
    expect(titles).to_have_text(order(march))

    page.unroute(address)
    with page.expect_response(address):
        page.get_by_label("Minuten für TOP 3").focus()
        page.get_by_label("Minuten für TOP 4").focus()
    page.reload()

    assert item("Rufbus").duration_minutes == 35
    expect(page.get_by_label("Minuten für TOP 3")).to_have_value("35")


def test_board_without_a_script(browser_page: OpenPage, cast: world.World, march: Meeting) -> None:
    page = browser_page(person=cast.imke, javascript=False, width=PHONE)
    page.goto(reverse("meetings:agenda", args=[march.slug]))
    page.get_by_label("Minuten für TOP 3").fill("35")
    with page.expect_navigation():
        page.get_by_role("button", name="TOP 4 nach oben", exact=True).click()

    assert order(march) == ["Handlungskonzept", "Rufbus", "Sprachkurse"]
    assert item("Rufbus").duration_minutes == 35
    assert_accessible(page)
    keep_picture(page, "tafel-ohne-script-320")


def minutes(meeting: Meeting) -> int:
    return sum(one.duration_minutes for one in meeting.agenda_items.on_agenda().filter(position__gt=0))
