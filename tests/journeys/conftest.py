"""A real browser against the real server. Nothing it opens may scroll sideways, break the policy or leave the machine."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, Response, sync_playwright
from pytest_django.live_server_helper import LiveServer

from buendnisse.models import Person
from tests import groups

AXE = settings.BUILD_DIR / "test" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Not a fault but what the desk's script is told: somebody was faster, somebody else writes.
ANSWERS = (409, 423)
DESK, PHONE = 1280, 320
#: Wide and narrow, light and dark.
LOOKS = ((DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark"))

_CONTRAST = {"type": "rule", "values": ["color-contrast"]}

#: `browser_page(width=320, color_scheme="dark", javascript=False, person=…)`: a page of a context of its own.
OpenPage = Callable[..., Page]

#: For each page without script: where the browser is told to let axe run.
_SWITCHES: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all journeys."""
    executable = groups.require("chromium")
    # Playwright's sync interface keeps an event loop in this thread; the database is used between its calls only.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """Opens pages with relative addresses. At the end of the test every one of them must have been quiet."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(
        *, width: int = DESK, color_scheme: str = "light", javascript: bool = True, person: Person | None = None
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=color_scheme,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        if person is not None:
            context.add_cookies([_session_cookie(person, live_server.url)])
        page = context.new_page()
        page.set_default_timeout(10_000)
        if not javascript:
            _SWITCHES[page] = context.new_cdp_session(page)
        _listen(page, live_server.url, complaints)
        return page

    yield open_page

    for context in contexts:
        context.close()
    assert complaints == []


def assert_accessible(page: Page) -> None:
    """No finding of axe, exactly one h1, no sideways scrolling; and in the other scheme, too, enough contrast."""
    page.wait_for_load_state()
    with _axe_may_run(page):
        _assert_whole(page)
        scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
        page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
        _run_axe(page, _CONTRAST)
        page.emulate_media(color_scheme=scheme)


def assert_accessible_everywhere(page: Page, name: str, *, looks: Sequence[tuple[int, str]] = LOOKS) -> None:
    """`assert_accessible` for one page in several looks, loaded once: nothing but CSS tells them apart.

    Two looks of one width differ in their colours, so that the second is asked for contrast only. Ends as wide as before.
    """
    page.wait_for_load_state()
    before, seen = page.viewport_size, set()
    for width, color_scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=color_scheme)  # type: ignore[arg-type]
        keep_picture(page, f"{name}-{width}-{color_scheme}")
        with _axe_may_run(page):
            if width in seen:
                _run_axe(page, _CONTRAST)
            else:
                _assert_whole(page)
        seen.add(width)
    if before is not None:
        page.set_viewport_size(before)


def _assert_whole(page: Page) -> None:
    _run_axe(page, {"type": "tag", "values": AXE_TAGS})
    headings, inner, outer = page.evaluate(
        "[document.querySelectorAll('h1').length,"
        " document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert headings == 1, f"{page.url} has {headings} h1"
    assert inner <= outer, f"{page.url} is {inner} px wide in a window of {outer} px"


def assert_mail_accessible(page: Page, name: str, *, looks: Sequence[tuple[int, str]]) -> None:
    """The same for the HTML of a mail, without landmarks: those are the mail program's, whose page it is part of."""
    wcag = [tag for tag in AXE_TAGS if tag.startswith("wcag")]
    for width, color_scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=color_scheme)  # type: ignore[arg-type]
        keep_picture(page, f"{name}-{width}-{color_scheme}")
        with _axe_may_run(page):
            _run_axe(page, {"type": "tag", "values": wcag})
            headings, inner = page.evaluate(
                "[document.querySelectorAll('h1').length, document.documentElement.scrollWidth]"
            )
        assert (headings, inner <= width) == (1, True), f"{name}: {headings} h1, {inner} of {width} px"


def keep_picture(page: Page, name: str) -> None:
    """A screenshot for people to look at, where PICTURES names a folder; nothing otherwise."""
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@contextmanager
def _axe_may_run(page: Page) -> Iterator[None]:
    """The page as it stands, with axe in it. Where scripts are off they run inside the block only: axe is one."""
    switch = _SWITCHES.get(page)
    if switch is not None:
        # Off first: this session does not know what Playwright's own one has told the browser.
        switch.send("Emulation.setScriptExecutionDisabled", {"value": True})
        switch.send("Emulation.setScriptExecutionDisabled", {"value": False})
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    yield
    if switch is not None:
        switch.send("Emulation.setScriptExecutionDisabled", {"value": True})


def _run_axe(page: Page, run_only: dict[str, Any]) -> None:
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", run_only)
    assert [_finding(violation) for violation in found["violations"]] == [], page.url


def _session_cookie(person: Person, url: str) -> Any:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


def _listen(page: Page, home: str, complaints: list[str]) -> None:
    def requested(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(home).netloc and not request.url.startswith("data:"):
            complaints.append(f"left the machine: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400 and response.status not in ANSWERS and response.request.resource_type != "document":
            complaints.append(f"{response.status} {response.url}")

    page.on("request", requested)
    page.on("response", answered)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"{page.url}: {message.text}")
            if message.type == "error" and not message.text.startswith("Failed to load resource")
            else None
        ),
    )


@functools.cache
def _axe_source() -> str:
    if not AXE.exists():
        pytest.fail(f"{AXE.name} is not built: run make setup", pytrace=False)
    return AXE.read_text(encoding="utf-8")


def _finding(violation: dict[str, Any]) -> str:
    nodes = [
        f"{node['html'][:160]} ({json.dumps(node['any'][:1], ensure_ascii=False)[:300]})" for node in violation["nodes"]
    ]
    return f"{violation['id']}: {violation['help']}: {nodes}"
