"""What a working relay never does: it says nothing, from the start, after it has greeted us or in the middle of a mail,
or it takes a mail and hangs up before it says so. One does not let us in at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import IO


class Fault(StrEnum):
    REFUSES_US = "greets with a refusal"
    NO_BANNER = "says nothing"
    SILENT = "greets and falls silent"
    SILENT_IN_DATA = "falls silent in the middle of a mail"
    CLOSES = "hangs up when it has the mail"


@contextmanager
def running(fault: Fault) -> Iterator[tuple[int, list[bytes]]]:
    """Its port, and the mails it got, those it never acknowledged included."""
    listener = socket.create_server(("127.0.0.1", 0))
    got: list[bytes] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                line, _address = listener.accept()
                threading.Thread(target=_serve, args=(line, fault, got), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1], got
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _serve(line: socket.socket, fault: Fault, got: list[bytes]) -> None:
    with line, line.makefile("rb") as reader, suppress(OSError):
        if fault == Fault.REFUSES_US:
            line.sendall(b"554 5.7.1 not you\r\n")
            return
        if fault != Fault.NO_BANNER:
            line.sendall(b"220 bad.example\r\n")
        for command in reader:
            if fault in {Fault.NO_BANNER, Fault.SILENT}:
                continue
            if command.upper().startswith(b"DATA"):
                line.sendall(b"354 go on\r\n")
                got.append(_mail(reader))
                if fault == Fault.SILENT_IN_DATA:
                    reader.read()
                return
            line.sendall(b"250 fine\r\n")


def _mail(reader: IO[bytes]) -> bytes:
    mail = bytearray()
    for text in reader:
        if text == b".\r\n":
            break
        mail += text
    return bytes(mail)
