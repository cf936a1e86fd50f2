"""What a mail costs to render, beside what the standard library needs to put the same words and files together."""

from __future__ import annotations

import email
import statistics
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from buendnisse import clock
from notifications.domain import batch, render
from notifications.models import OutboxMessage

ROUNDS = 5


def measure(messages: Sequence[OutboxMessage]) -> dict[str, Any]:
    """Processor time a mail, medians: letter, templates, calendar and bytes, as a batch makes them; and bytes alone.

    `messages` are still to be frozen.
    """
    rows = list(
        OutboxMessage.objects.filter(pk__in=[one.pk for one in messages]).select_related("person__organisation")
    )
    house, at = render.house(), clock.now()
    for row in rows:
        row.message_id = f"<bench.{row.pk}@bench.example>"

    def whole() -> list[bytes]:
        with batch.sharing(rows):
            rendered = [render.render(row, at=at, installation=house) for row in rows]
            return [render.freeze(row, one, at=at, installation=house) for row, one in zip(rows, rendered, strict=True)]

    parts = [_parts(payload) for payload in whole()]

    def library() -> None:
        for headers, words in parts:
            _build(headers, words)

    ours, theirs = _cpu(whole), _cpu(library)
    return {
        "ours, ms": round(ours / len(rows) * 1000, 2),
        "email.message, ms": round(theirs / len(rows) * 1000, 2),
        "ours / email.message": round(ours / theirs, 2),
    }


def _cpu(work: Callable[[], object]) -> float:
    work()
    times = []
    for _round in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def _parts(payload: bytes) -> tuple[dict[str, str], dict[str, Any]]:
    """The headers and contents of a mail that was frozen, as a program that sends it would have them."""
    found = email.message_from_bytes(payload, policy=SMTP)
    assert isinstance(found, EmailMessage)
    headers = {name: str(value) for name, value in found.items() if not name.lower().startswith(("content-", "mime-"))}
    contents: dict[str, Any] = {
        part.get_content_type(): part.get_content() for part in found.walk() if not part.is_multipart()
    }
    return headers, contents


def _build(headers: dict[str, str], contents: dict[str, Any]) -> bytes:
    mail = EmailMessage(policy=SMTP)
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(contents["text/plain"])
    if "text/html" in contents:
        mail.add_alternative(contents["text/html"], subtype="html")
    calendar = contents["text/calendar"]
    mail.add_alternative(calendar, subtype="calendar", params={"method": "REQUEST"}, cte="base64")
    mail.add_attachment(contents["application/ics"], maintype="application", subtype="ics", filename="invite.ics")
    return mail.as_bytes()
