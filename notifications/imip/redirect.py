"""The same message, sent to another address for a trial: it names whom it was written for, in its subject and its text.

The calendar part stays as it is. It names somebody else as ATTENDEE, so a program offers no answer for the tester.
"""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from .event import Party

_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
_NOTE = (
    '<div role="note" style="padding:12px 16px;border:2px solid #7a4b00;background:#fff4d6;color:#1b1b1b;'
    'font-family:Arial,sans-serif;font-size:16px;line-height:24px">{}</div>'
)


def redirected(payload: bytes, *, to: Party, mark: str, note: str) -> bytes:
    """The message with another To; `mark` before its subject, `note` (one paragraph) above both texts.

    List headers go: one click on "unsubscribe" would be the tester's for somebody else.
    """
    message = message_from_bytes(payload, policy=SMTP)
    assert isinstance(message, EmailMessage)  # noqa: S101 -- our own bytes, read by the policy above
    subject = str(message["Subject"] or "")
    for name in ("To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"):
        del message[name]
    message["To"] = to.address
    message["Subject"] = f"{mark} {subject}"
    for part in message.walk():
        if part.is_multipart() or part.is_attachment() or not isinstance(part, EmailMessage):
            continue
        if part.get_content_type() == "text/plain":
            part.set_content(f"{note}\n\n{'-' * 40}\n\n{part.get_content()}", cte="quoted-printable")
        elif part.get_content_type() == "text/html":
            shown = _NOTE.format(escape(note))
            page = _BODY.sub(lambda found: found[0] + shown, part.get_content(), count=1)  # noqa: B023
            part.set_content(page, subtype="html", cte="quoted-printable")
    return message.as_bytes()
