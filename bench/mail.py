"""2,000 invitations by two worker processes on PostgreSQL and Redis into Postfix's smtp-sink, beside a bare loop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import servers

PATIENCE = 1800  # seconds


def measure(folder: Path) -> dict[str, Any]:
    """What `bench.invitations` prints; its own process, since this one keeps its data in a file."""
    place = folder / "mail"
    place.mkdir()
    with ExitStack() as parts:
        try:
            folder.chmod(0o711)  # the database's server runs as somebody else, who must get through
            database, database_process = parts.enter_context(servers.postgres(place))
            broker = parts.enter_context(servers.redis(place))
            port, sink_process = parts.enter_context(servers.sink(place))
        except servers.Missing as missing:
            return {"not measured": str(missing)}
        environment = os.environ | {
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "VAR_DIR": str(place / "var"),
            "BENCH_PROCESSES": f"{database_process} {sink_process}",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.invitations", str(place)],
            env=environment,
            stdout=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError("bench.invitations failed; the reason stands above")
        found: dict[str, Any] = json.loads(done.stdout)
        return found
