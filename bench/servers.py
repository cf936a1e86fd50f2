"""The servers of a real house, each on a place of its own: PostgreSQL, Redis and a relay that takes everything."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import free_port, running, wait_for_port

_BESIDE = ":/usr/sbin:/usr/local/sbin"  # servers lie where ordinary users do not look


class Missing(Exception):
    """A part is not on this machine; `str()` names it."""


def find(*names: str) -> str:
    """The program under the first name that is here. Raises Missing."""
    folders = os.environ.get("PATH", "") + _BESIDE
    found = next((path for name in names if (path := shutil.which(name, path=folders))), None)
    if found is None:
        raise Missing(f"{names[0]} is not on this machine")
    return found


def postgres_folder() -> Path:
    """Where the newest PostgreSQL keeps its programs; Debian has them beside every path. Raises Missing."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: float(one.parts[-3]))
    return debian[-1].parent if debian else Path(find("initdb")).parent


@contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, int]]:
    """A database server of its own, which writes to the disk as one in earnest does; its DATABASE_URL and process. Raises Missing."""
    programs, place = postgres_folder(), folder / "postgres"
    place.mkdir()
    if os.getuid() == 0:
        shutil.chown(place, "postgres")
        folder.chmod(0o711)  # its server runs as somebody else, who must get through
    options = f"-k {place} -c listen_addresses=''"
    _as_postgres(programs / "initdb", "-D", place / "data", "--username=bench", "--auth=trust", "--encoding=UTF8")
    _as_postgres(programs / "pg_ctl", "-D", place / "data", "-l", place / "log", "-w", "start", "-o", options)
    try:
        _as_postgres(programs / "createdb", "-h", place, "-U", "bench", "bench")
        process = int((place / "data" / "postmaster.pid").read_text().split()[0])
        yield f"postgresql://bench@/bench?host={place}", process
    finally:
        _as_postgres(programs / "pg_ctl", "-D", place / "data", "-m", "fast", "-w", "stop")


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A broker of its own; its REDIS_URL. Raises Missing."""
    port, place = free_port(), folder / "redis"
    place.mkdir()
    command = [find("redis-server", "valkey-server"), "--bind", "127.0.0.1", "--port", str(port)]
    command += ["--dir", str(place), "--appendonly", "yes", "--save", ""]
    with running(command, log=folder / "redis.log", environment=dict(os.environ)):
        wait_for_port(port, 10)
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def sink(folder: Path) -> Iterator[tuple[int, int]]:
    """Postfix's smtp-sink, which takes every mail and throws it away; its port and process. Raises Missing."""
    port = free_port()
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    command = [find("smtp-sink"), *user, f"127.0.0.1:{port}", "500"]
    with running(command, log=folder / "sink.log", environment=dict(os.environ)) as process:
        wait_for_port(port, 10)
        yield port, process.pid


def _as_postgres(*command: str | Path) -> None:
    words = [str(word) for word in command]
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, cwd="/", capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
