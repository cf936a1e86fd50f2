"""A mail inside a page: its frame shows the buttons that the mail is about."""

from __future__ import annotations

import pytest

from tests import world
from tests.journeys.conftest import DESK, PHONE, OpenPage


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_frame_of_a_mail_is_as_high_as_the_mail_or_as_far_as_its_buttons(browser_page: OpenPage, width: int) -> None:
    page = browser_page(width=width, person=world.build().imke)
    page.goto("/postausgang/beispiele/invitation/")

    frame, inside = page.locator(".letter-frame"), page.frame_locator(".letter-frame")
    button = inside.get_by_role("link", name="Ich kann nicht kommen")
    page.wait_for_function("document.querySelector('.letter-frame').clientHeight > 640")

    seen, needed, most = frame.evaluate(
        "frame => [frame.clientHeight, frame.contentDocument.documentElement.offsetHeight,"
        " parseFloat(getComputedStyle(frame).maxHeight)]"
    )
    assert abs(seen - min(needed, most)) <= 2
    box, around = button.bounding_box(), frame.bounding_box()
    assert box is not None
    assert around is not None
    assert box["y"] + box["height"] <= around["y"] + around["height"]
