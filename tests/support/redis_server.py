"""A Redis of the test's own that may be killed; append-only, as the embedded broker is."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from buendnisse.config import broker
from tests.support import ports


class Server:
    """Always the same port and folder, so that what was queued is there after a new start."""

    def __init__(self, binary: str, folder: Path) -> None:
        folder.mkdir()
        [port] = ports.free(1)
        self.url = f"redis://127.0.0.1:{port}/0"
        self._command = [
            *(binary, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)),
            *("--save", "", "--appendonly", "yes", "--loglevel", "warning"),
        ]
        self._process = self._start()

    def kill(self) -> None:
        """kill -9, and start it again as an init system does."""
        self._process.kill()
        self._process.wait()
        self._process = self._start()

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not broker.answers(self.url):
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"Redis ended with status {process.wait(0.05)}")
        return process


@contextmanager
def running(binary: str, folder: Path) -> Iterator[Server]:
    server = Server(binary, folder)
    try:
        yield server
    finally:
        server.end()
