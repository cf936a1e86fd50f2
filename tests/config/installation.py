"""A whole installation in a folder of its own, started as people start it."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from buendnisse.config import processes

START = 60.0  # seconds on a busy machine
OURS = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "IMAP_URL", "DEMO", "PORT", "BASE_URL", "DJANGO_SETTINGS_MODULE"}


def environment(var_dir: Path, **more: str) -> dict[str, str]:
    """The tests' environment without what would point at another installation."""
    plain = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**plain, "VAR_DIR": str(var_dir), "PORT": "0", **more}


def manage(var_dir: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=environment(var_dir, **more),
        capture_output=True,
        text=True,
        timeout=START,
        check=False,
    )


class Running:
    """`manage.py run`, and what it says."""

    def __init__(
        self, var_dir: Path, *, before: Callable[[], object] | None = None, workers: int = 1, **more: str
    ) -> None:
        self.var_dir = var_dir
        self.said: list[str] = []
        self._heard = b""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--web-workers", "1", "--concurrency", str(workers)],
            cwd=settings.BASE_DIR,
            env=environment(var_dir, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,  # what is read is kept in `_heard`: a line in Python's own buffer is one that select does not see
            preexec_fn=before,  # noqa: PLW1509 -- sets a signal, nothing else
        )
        self.address = self.wait_for(r"läuft: (http://\S+)/").group(1)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first line from here on that matches; fails with everything said after a deadline."""
        stream = self.process.stdout
        assert stream is not None
        deadline = time.monotonic() + START
        while True:
            while b"\n" in self._heard:
                line, _, self._heard = self._heard.partition(b"\n")
                self.said.append(line.decode().rstrip())
                if found := re.search(pattern, self.said[-1]):
                    return found
            if not select.select([stream], [], [], max(0.0, deadline - time.monotonic()))[0]:
                break
            if not (more := os.read(stream.fileno(), 65536)):
                break
            self._heard += more
        raise AssertionError(f"no line like {pattern!r} in:\n" + "\n".join(self.said))

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=START) as answer:  # noqa: S310 -- our own address
            return json.load(answer)

    def note(self) -> dict[str, Any]:
        return dict(json.loads((self.var_dir / "run.json").read_text(encoding="ascii")))

    def members(self) -> list[int]:
        """Handles on every process of this installation but the parent, children of children included."""
        return [os.pidfd_open(pid) for pid in processes.marked(self.note()["run"])]

    def end(self) -> int:
        """Ctrl-C, and the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.rest()

    def rest(self) -> int:
        """Read on until the process has ended."""
        rest, _ = self.process.communicate(timeout=START)
        self.said += (self._heard + rest).decode().splitlines()
        self._heard = b""
        return self.process.returncode


def all_gone(handles: list[int]) -> bool:
    """Have all these processes ended, at the latest after a deadline? Closes the handles."""
    deadline = time.monotonic() + START
    waiting = set(handles)
    while waiting and (left := deadline - time.monotonic()) > 0:
        waiting -= set(select.select(list(waiting), [], [], left)[0])
    for handle in handles:
        os.close(handle)
    return not waiting
