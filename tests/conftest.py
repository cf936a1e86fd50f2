"""What every test may rely on, and the account of what ran on what."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings

from tests import groups


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("what ran on what")
    for line in groups.lines():
        terminalreporter.write_line(line)
    for title in groups.missing():
        terminalreporter.write_line(f"CI=true, and {title} is missing: failed", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if groups.missing() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)
