"""The frame of every page: light and dark, wide and narrow, with and without script."""

from __future__ import annotations

import pytest

from buendnisse.models import Installation
from tests.journeys.conftest import DESK, PHONE, OpenPage, assert_accessible, keep_picture

ADDRESSES = {"404": "/gibt-es-nicht/", "anmelden": "/anmelden/login/"}


@pytest.fixture(autouse=True)
def office(transactional_db: None) -> Installation:
    return Installation.objects.create(
        pk=1,
        district="Landkreis Haseland",
        office_phone="00000 4100",
        office_hours="montags bis freitags 9–12 Uhr",
        is_demo=True,
    )


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_page_of_nobody_is_accessible(browser_page: OpenPage, name: str, color_scheme: str, width: int) -> None:
    page = browser_page(width=width, color_scheme=color_scheme, javascript=False)

    page.goto(ADDRESSES[name])

    keep_picture(page, f"{name}-{width}-{color_scheme}")
    assert_accessible(page)


def test_dark_follows_the_system_without_an_attribute(browser_page: OpenPage) -> None:
    colours = []
    for color_scheme in ("light", "dark"):
        page = browser_page(color_scheme=color_scheme)
        page.goto("/gibt-es-nicht/")
        colours.append(page.evaluate("getComputedStyle(document.body).color"))

    assert colours == ["oklch(0.2023 0.0321 277.67)", "oklch(0.9672 0.0041 271.37)"]
