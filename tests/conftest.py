"""What every test may rely on, and the account of what ran on what."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from buendnisse import clock
from meetings.domain import calendar_days, reminder_rules
from meetings.models import ReminderRules
from notifications.domain import digest_news
from tests import groups
from tests.support import database
from tests.world import World


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
    django_db_createdb: bool,
) -> Iterator[None]:
    """In place of pytest-django's own, which would run all migrations in every process of every run."""
    with django_db_blocker.unblock(), database.copied(anew=django_db_createdb):
        yield


@pytest.fixture(autouse=True)
def _clock_shift_read_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process reads a demo's shift anew every second; a test reads it once, so that its queries can be counted."""
    monkeypatch.setattr(clock, "_SHIFT_FRESH_FOR", float("inf"))
    clock.forget_shift()
    yield
    clock.forget_shift()


@pytest.fixture(autouse=True)
def _calendar_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process reads the Fachstelle's days anew every half minute; a test begins without any, read already."""
    monkeypatch.setattr(calendar_days, "_FRESH_FOR", float("inf"))
    monkeypatch.setattr(calendar_days, "_kept", (0.0, calendar_days.Calendar()))


@pytest.fixture
def desk(client: Client, cast: World) -> Client:
    """A browser of the Fachstelle; `cast` is that of the asking test."""
    client.force_login(cast.imke, backend="notifications.adapters.SignInBackend")
    return client


@pytest.fixture(autouse=True)
def _rules_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for the rules of reminders; and the news of another test's Monday are not this one's."""
    monkeypatch.setattr(reminder_rules, "_FRESH_FOR", float("inf"))
    monkeypatch.setattr(reminder_rules, "_kept", (0.0, ReminderRules(pk=1)))
    digest_news.forget()


def pytest_collection_finish() -> None:
    """What is imported stays to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("what ran on what")
    for line in groups.lines():
        terminalreporter.write_line(line)
    for title in groups.missing():
        terminalreporter.write_line(f"CI=true, and {title} is missing: failed", red=True)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """One of several processes has ended: what it counted is part of the account."""
    groups.add(getattr(node, "workeroutput", {}).get("groups", {}))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["groups"] = groups.seen()
    elif groups.missing() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)
