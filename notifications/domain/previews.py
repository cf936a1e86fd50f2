"""A mail as its reader sees it, without sending it and without leaving a trace in the database."""

from __future__ import annotations

import datetime as dt
import email.policy
import re
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any

from django.db import transaction

from notifications.domain import render
from notifications.domain.letter import NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage

#: A personal link's last part: id, hyphen, 20 characters (see buendnisse.domain.links).
_TOKEN = re.compile(r"(?<=/)[a-z2-7]{2,16}-[A-Za-z0-9_~]{20}(?![A-Za-z0-9_~])")
_MASK = "…"
_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "List-Unsubscribe", "List-Id")


@dataclass(frozen=True)
class Preview:
    """What is shown of a mail. `gone`: why there is nothing to show."""

    subject: str = ""
    text: str = ""
    html: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    gone: str = ""


def preview(message: OutboxMessage, *, at: dt.datetime, is_open: bool) -> Preview:
    """The frozen bytes where there are any, else the mail as it would leave now.

    Personal links are masked and codes never shown unless `is_open` (a demo, where everybody is invented).
    """
    if message.kind == MailKind.CODE and not is_open:
        return Preview(subject=message.subject, gone="code")
    payload = bytes(message.payload) if message.payload is not None else _rendered(message, at, is_open=is_open)
    if payload is None:
        return Preview(subject=message.subject, gone="bytes" if message.message_id else "over")
    shown = _read(payload)
    return shown if is_open else _masked(shown)


def _rendered(message: OutboxMessage, at: dt.datetime, *, is_open: bool) -> bytes | None:
    """As it would leave now. Whatever rendering grants is rolled back: looking changes nothing."""
    left_as = message.message_id
    if left_as and not is_open:
        return None  # its bytes were forgotten; the demo's old mails came without and are shown as they would be now
    try:
        with transaction.atomic():
            rendered = render.render(message, at=at)
            message.message_id = left_as or f"<preview@{render.domain()}>"
            payload = render.freeze(message, rendered, at=at)
            message.message_id = left_as
            transaction.set_rollback(True)
            return payload
    except (NothingToSay, KeyError):
        return None  # over, or its ids are forgotten with its bytes


def _read(payload: bytes) -> Preview:
    parsed = BytesParser(policy=email.policy.default).parsebytes(payload)
    plain = parsed.get_body(preferencelist=("plain",))
    html = parsed.get_body(preferencelist=("html",))
    others = [part for part in parsed.walk() if not part.is_multipart() and part not in {plain, html}]
    return Preview(
        subject=str(parsed["Subject"] or ""),
        text=plain.get_content() if plain is not None else "",
        html=html.get_content() if html is not None else "",
        headers=[(name, str(parsed[name])) for name in _HEADERS if parsed[name] and "<preview@" not in parsed[name]],
        attachments=[_name(part) for part in others],
    )


def _name(part: Any) -> str:
    if part.get_content_type() == "text/calendar":
        return f"Kalendereintrag ({part.get_param('method', 'PUBLISH')})"
    return str(part.get_filename() or part.get_content_type())


def _masked(shown: Preview) -> Preview:
    return Preview(
        subject=shown.subject,
        text=_TOKEN.sub(_MASK, shown.text),
        html=_TOKEN.sub(_MASK, shown.html),
        headers=[(name, _TOKEN.sub(_MASK, value)) for name, value in shown.headers],
        attachments=shown.attachments,
    )
