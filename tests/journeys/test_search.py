"""Looking for something: from the field in the bar by keyboard to the result; and the link that asks how a decision stands."""

from __future__ import annotations

import datetime as dt

import pytest

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import Person
from meetings.domain import decision_follow_up, search_index
from meetings.models import Decision
from tests import world
from tests.factories.meetings import AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.journeys.conftest import DESK, PHONE, OpenPage, assert_accessible, keep_picture


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> world.World:
    cast = world.build()
    Person.objects.update(may_sign_in=True)
    meeting = MeetingFactory(alliance=cast.arbeit, slug="2026-q3-arbeit", state="held", quarter="2026-Q3")
    item = AgendaItemFactory(meeting=meeting, title="Rufbus am Abend", state="discussed")
    decision = DecisionFactory(
        agenda_item=item, number="A-2026-01", text="Der Rufbus fährt abends.", follow_up_on=dt.date(2026, 11, 19)
    )
    decision_follow_up.first_task(decision, cast.susanne)
    search_index.refresh(at=clock.now())
    return cast


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_found_and_followed(browser_page: OpenPage, cast: world.World, width: int) -> None:
    page = browser_page(width=width, person=cast.susanne, javascript=False)
    page.goto("/beschluesse/?faellig=on")
    assert page.get_by_role("link", name="A-2026-01").count() == 1
    keep_picture(page, f"beschluesse-{width}")
    assert_accessible(page)

    if width == DESK:
        page.get_by_role("searchbox", name="Überall suchen").fill("Bus")
        page.keyboard.press("Enter")
    else:
        page.get_by_role("link", name="Suche", exact=True).click()
        assert_accessible(page)
        page.get_by_role("searchbox", name="Wonach suchen Sie?").fill("Bus")
        page.keyboard.press("Enter")
    page.wait_for_url("**/suche/**q=Bus**")
    assert page.locator("mark", has_text="Rufbus").count() == 3
    keep_picture(page, f"suche-{width}")
    assert_accessible(page)
    page.get_by_role("link", name="Rufbus am Abend").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/beschluesse/A-2026-01/")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_says_by_link_how_a_decision_stands(browser_page: OpenPage, cast: world.World, width: int) -> None:
    now = clock.now()
    link = links.grant(
        cast.susanne,
        purpose=LinkPurpose.DECISION,
        subject=Decision.objects.get(),
        until=now + dt.timedelta(days=9),
        at=now,
    )
    page = browser_page(width=width, javascript=False)
    page.goto(f"/beschluss/{links.token(link)}/")
    keep_picture(page, f"beschluss-link-{width}")
    assert_accessible(page)
    page.get_by_label("Wir sind dabei").check()
    page.get_by_role("button", name="Rückmeldung senden").click()
    assert_accessible(page)

    page.get_by_label("Es ist umgesetzt").check()
    page.get_by_role("button", name="Rückmeldung senden").click()

    assert page.get_by_text("Vielen Dank für Ihre Arbeit.").count() == 1
    keep_picture(page, f"beschluss-danke-{width}")
    assert_accessible(page)
    assert Decision.objects.get().state == "done"
