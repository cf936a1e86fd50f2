"""Memory of a web worker after it has shown pages, as gunicorn runs it."""

from __future__ import annotations

import os
import sys
import urllib.request
from pathlib import Path
from typing import Any

from bench.processes import children, free_port, resident, running, wait_for_port


def measure(folder: Path) -> dict[str, Any]:
    """One worker, 50 requests to pages anybody may see; signed-in pages are in `pages`, in this process."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--no-control-socket",
        "--workers",
        "1",
        "--bind",
        f"127.0.0.1:{port}",
        "buendnisse.config.wsgi",
    ]
    with running(command, log=folder / "web.log", environment=dict(os.environ)) as parent:
        wait_for_port(port, 30)
        for _request in range(50):
            for page in ("impressum", "datenschutz", "demo/rollen"):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}/") as answer:
                    answer.read()
        worker = children(parent.pid)[0]
        return {"memory of a worker, MB": round(resident(worker) / 1e6, 1)}
