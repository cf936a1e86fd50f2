"""A line to a server that breaks: it carries so many of our commands, then hangs up or falls silent.

It can also answer for an IMAP server: a command with one of the pieces in `refused` never gets there, and comes back NO.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Line:
    """`port`: what to connect to. `breaks_at`: the piece of a command at whose second sight the line breaks."""

    port: int
    breaks_at: bytes = b""
    sights: int = 1
    is_silent: bool = False
    refused: dict[bytes, bytes] = field(default_factory=dict)
    open: list[socket.socket] = field(default_factory=list)

    def carry(self, client: socket.socket, to_port: int) -> None:
        server = socket.create_connection(("127.0.0.1", to_port), timeout=20)
        self.open += [client, server]
        threading.Thread(target=_pump, args=(server, client), daemon=True).start()
        with suppress(OSError):
            while data := client.recv(65536):
                if self.breaks_at and self.breaks_at in data:
                    self.sights -= 1
                    if self.sights < 0:
                        if self.is_silent:
                            continue
                        break
                words = next((words for piece, words in self.refused.items() if piece in data), b"")
                if words:
                    client.sendall(data.split(b" ")[0] + b" NO " + words + b"\r\n")
                else:
                    server.sendall(data)
        for one in (client, server):
            one.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)


@contextmanager
def to(port: int) -> Iterator[Line]:
    listener = socket.create_server(("127.0.0.1", 0))
    line = Line(listener.getsockname()[1])

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                threading.Thread(target=line.carry, args=(client, port), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield line
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for one in line.open:
            one.close()
