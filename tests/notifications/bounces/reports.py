"""Reports as mail servers write them, put together from their parts."""

from __future__ import annotations

import textwrap

OURS = "<agenda.7.0f@fachstelle.example>"
RETURN = "buendnisse+bounce-7-0123456789abcdef@fachstelle.example"


def dsn(
    *,
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 User unknown",
    recipient: str = "anna@verein.example",
    original: str = "",
    to: str = RETURN,
    message_id: str = OURS,
    words: str = "Ihre Nachricht kam nicht an.",
) -> bytes:
    """RFC 3464, with the headers of our mail at its end."""
    lines = [f"Final-Recipient: rfc822; {recipient}"]
    lines += [f"Original-Recipient: rfc822; {original}"] if original else []
    lines += [f"Action: {action}"] if action else []
    lines += [f"Status: {status}"] if status else []
    lines += [f"Diagnostic-Code: {diagnostic}"] if diagnostic else []
    fields = "\n".join(lines)
    return wire(
        f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_r"

--=_r
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{words}

--=_r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{fields}

--=_r
Content-Type: text/rfc822-headers

From: Fachstelle Integration <buendnisse@fachstelle.example>
To: {recipient}
Subject: Arbeit, 11.02.2027: Tagesordnung
Message-ID: {message_id}

--=_r--
"""
    )


def complaint(*, of: str = "abuse", message_id: str = OURS, to: str = "buendnisse@fachstelle.example") -> bytes:
    """RFC 5965; the provider has taken the recipient out."""
    return wire(
        f"""\
From: feedback@postfach.example
To: {to}
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=_c"

--=_c
Content-Type: text/plain

This is an email abuse report.

--=_c
Content-Type: message/feedback-report

Feedback-Type: {of}
User-Agent: Postfach/1.0
Version: 1

--=_c
Content-Type: message/rfc822

From: Fachstelle Integration <buendnisse@fachstelle.example>
Message-ID: {message_id}
Subject: Ihr Wochenbrief

Guten Tag

--=_c--
"""
    )


def for_people(words: str, *, sender: str = "Mail Delivery Subsystem <mailer-daemon@postfach.example>") -> bytes:
    """No machine-readable part: what Gmail and old servers send."""
    quoted = f"----- Original message -----\n\nFrom: buendnisse@fachstelle.example\nMessage-ID: {OURS}\nSubject: spam policy\n"
    head = f"From: {sender}\nTo: {RETURN}\nSubject: Delivery Status Notification (Failure)\n"
    return wire(f"{head}Content-Type: text/plain; charset=utf-8\n\n{textwrap.dedent(words)}\n{quoted}")


def wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
