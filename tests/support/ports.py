"""Free ports of this machine."""

from __future__ import annotations

import socket


def free(count: int) -> list[int]:
    """Ports nobody listened on a moment ago; held together, so that all differ."""
    held = [socket.create_server(("127.0.0.1", 0)) for _number in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
