"""A real SMTP server on a free port of this machine that keeps what it takes."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

#: Says every command of every session, which hides what else the output of a failing test says.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass
class Sink:
    """What arrived, as (recipient, bytes), and from which envelope sender. `answers` maps a recipient to the reply it gets instead of 250;
    `answers_to_data` to the reply its whole mail gets.

    `meanwhile`: what happens elsewhere, once, while we wait for the reply about a recipient.

    `hangs_up_at`: recipients at whom the connection is dropped without a word; `hangs_up_after`: once their mail was
    taken, instead of saying so. `in_one_session`: after so many
    messages the next one is answered with 421 and the end of the session. `takes_several`: it says that it takes several
    commands at once (RFC 2920).
    """

    port: int = 0
    mail: list[tuple[str, bytes]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    answers_to_data: dict[str, str] = field(default_factory=dict)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)
    hangs_up_at: set[str] = field(default_factory=set)
    hangs_up_after: set[str] = field(default_factory=set)
    in_one_session: int = 0
    takes_several: bool = False
    sessions: int = 0
    delay: float = 0.0  # seconds a message takes, to have time to interrupt
    then: Callable[[str, bytes], None] | None = None
    arrival: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, holds: Callable[[], bool], *, seconds: float) -> bool:
        """Until `holds()` after some arrival; False when the time is over."""
        with self.arrival:
            return self.arrival.wait_for(holds, seconds)

    async def handle_EHLO(  # noqa: N802 -- aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name, session.taken = hostname, 0
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.takes_several else responses

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.hangs_up_at:
            server.transport.abort()
        if self.in_one_session and session.taken == self.in_one_session:
            await server.push("421 4.7.0 too many messages in one session")
            server.transport.close()
            return "421 closing"
        if address in self.meanwhile:
            await asyncio.to_thread(self.meanwhile.pop(address))
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 -- aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        session.taken += 1
        if refusal := self.answers_to_data.get(envelope.rcpt_tos[0]):
            return refusal
        await asyncio.sleep(self.delay)
        content = envelope.content
        with self.arrival:
            self.senders.append(envelope.mail_from)
            self.mail.append(
                (envelope.rcpt_tos[0], content if isinstance(content, bytes) else (content or "").encode())
            )
            self.arrival.notify_all()
        if self.then is not None:
            self.then(*self.mail[-1])
        if envelope.rcpt_tos[0] in self.hangs_up_after:
            server.transport.abort()
        return "250 taken"


class _OnFreePort(Controller):
    """Lets the system choose the port; aiosmtpd's own probe wants to know it beforehand."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def running(*, delay: float = 0.0, then: Callable[[str, bytes], None] | None = None) -> Iterator[Sink]:
    """`then` is called with each mail that was taken."""
    sink = Sink(delay=delay, then=then)
    controller = _OnFreePort(sink, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        sink.port = controller.port
        yield sink
    finally:
        controller.stop()
