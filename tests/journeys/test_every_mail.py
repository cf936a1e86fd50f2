"""The HTML of every kind of mail in a browser: readable by everybody, wide and narrow, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from notifications.domain import examples
from notifications.enums import MailKind
from tests import world
from tests.journeys.conftest import assert_mail_accessible


@pytest.mark.django_db
def test_every_mail_is_accessible(browser: Browser) -> None:
    world.build()
    pages = {kind: examples.show(kind).mail.html for kind in MailKind}
    with browser.new_context() as context:
        page = context.new_page()
        for kind, html in pages.items():
            page.set_content(html)
            assert_mail_accessible(page, f"mail-{kind}", looks=((600, "light"), (320, "dark")))
