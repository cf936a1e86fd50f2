"""Ringing the clock in tests, with a real SMTP sink."""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP
from typing import Any

from notifications.domain import outbox, ring
from tests.support import smtp_sink


def use(settings: Any, sink: smtp_sink.Sink) -> None:
    """Make `sink` the relay."""
    settings.SMTP = {
        "host": "127.0.0.1",
        "port": sink.port,
        "user": "",
        "password": "",
        "tls": False,
        "starttls": False,
    }


def after_grace(at: dt.datetime) -> dt.datetime:
    """When mail of a change at `at` may leave."""
    return at + outbox.GRACE


def deliver(sink: smtp_sink.Sink, *, at: dt.datetime) -> dict[str, Any]:
    """Ring at `at`; the mail that arrived, by recipient (the last one of each)."""
    before = len(sink.mail)
    ring.ring(at=at)
    return {recipient: message_from_bytes(data, policy=SMTP) for recipient, data in sink.mail[before:]}


def calendar(message: Message) -> dict[str, str]:
    """METHOD, UID, SEQUENCE, DTSTART… of the calendar part; empty where there is none."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            text = payload.decode().replace("\r\n ", "")
            event = text.partition("BEGIN:VEVENT")[2]
            lines = [text.partition("METHOD:")[0] and "METHOD:" + text.partition("METHOD:")[2].split("\r\n")[0]]
            lines += event.split("\r\n")
            return {line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in lines if ":" in line}
    return {}


def text(message: Message) -> str:
    """Subject and plain text, as the snapshots hold them."""
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            return f"{message['Subject']}\n\n{payload.decode()}".replace("\r\n", "\n")
    return ""


def snapshot(message: Message) -> str:
    """The text with what differs from run to run made the same: tokens of links."""
    return re.sub(r"(http://127\.0\.0\.1:\d+/\w+/)[\w~-]+/", r"\1TOKEN/", text(message))
