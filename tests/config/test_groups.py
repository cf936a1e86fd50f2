"""The account at the end of a run: counted over all its processes, and decisive in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ONE = """
from tests.groups import require

def test_needs_smtp() -> None:
    require("smtp")
"""
ANOTHER = f"{ONE}\ntest_needs_it_again = test_needs_smtp\n"


def run_in_ci(folder: Path) -> subprocess.CompletedProcess[str]:
    """Three tests in two processes, on a machine without Chromium."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    (folder / "test_one.py").write_text(ONE, encoding="utf-8")
    (folder / "test_another.py").write_text(ANOTHER, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "CHROMIUM"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        env={
            **inherited,
            "PATH": "",
            "PYTHONPATH": str(settings.BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "buendnisse.config.test_settings",
            "CI": "true",
            "TESTED_ELSEWHERE": "postgresql, redis, libical, node, dovecot, postfix",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_groups_are_counted_over_all_processes_and_a_missing_one_fails_a_run_in_ci(tmp_path: Path) -> None:
    done = run_in_ci(tmp_path)

    said = done.stdout.splitlines()
    assert [line for line in said if line.startswith(("smtp", "chromium", "CI="))] == [
        "smtp       here, required by 3 tests",
        "chromium   not here: chromium is not installed",
        "CI=true, and Chromium is missing: failed",
    ]
    assert " 3 passed in " in said[-1]
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
