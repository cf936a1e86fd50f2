"""SMTP: the only code that sends. One connection carries a whole batch."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from django.conf import settings

_TIMEOUT = 30  # seconds; a relay that needs longer to answer is treated as down
_CLOSING = 421
_NO_ADDRESS = frozenset("\r\n")
_DONE, _GO_ON = 2, 3  # first digits of replies (RFC 5321 §4.2.1)
_REFUSALS, _PERMANENT, _BEYOND = 400, 500, 600  # replies from 500 on will not change by trying again


class DeliveryFailed(Exception):
    """The relay did not take this message. `permanent`: trying again will not help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class RelayDown(Exception):
    """No connection to the relay: the whole batch waits."""


class ConnectionLost(Exception):
    """The connection ended at this message. Others need a new one.

    `may_have_arrived`: it was on its way already, and the relay may have taken it without our hearing so.
    """

    def __init__(self, reason: str, *, may_have_arrived: bool = False) -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived


class _Ended(Exception):
    """The relay said that it ends the session, and has not taken the message."""


class Connection:
    """An open session with the relay."""

    def __init__(self, session: smtplib.SMTP) -> None:
        self._session = session

    def deliver(self, *, sender: str, recipient: str, payload: bytes) -> None:
        """Hand over ready bytes. Raises DeliveryFailed for this message, ConnectionLost for the session.

        A reply that is none says nothing about the message, so the session is given up at it.
        """
        is_handed_over = False
        session = self._session
        try:
            session.ehlo_or_helo_if_needed()
            size = [f"size={len(payload)}"] if session.does_esmtp and session.has_extn("size") else []
            if self.takes_several:
                self._announce(sender, recipient, size)
            else:
                _require(_DONE, *session.mail(sender, size))
                _require(_DONE, *session.rcpt(recipient))
                _require(_GO_ON, *session.docmd("data"))
            is_handed_over = True
            session.send(_dotted(payload))
            _require(_DONE, *session.getreply())
        except DeliveryFailed:
            self._start_anew()
            raise
        except ValueError as error:
            self._start_anew()
            raise DeliveryFailed("Die Adresse lässt sich nicht versenden.", permanent=True) from error
        except _Ended as error:
            session.close()
            raise ConnectionLost(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            session.close()
            reason = str(error) or type(error).__name__
            raise ConnectionLost(reason, may_have_arrived=is_handed_over) from error

    @property
    def takes_several(self) -> bool:
        """Whether the relay takes several commands at once (RFC 2920). Known once a message was handed over."""
        return bool(self._session.does_esmtp) and self._session.has_extn("pipelining")

    def _announce(self, sender: str, recipient: str, size: Sequence[str]) -> None:
        """MAIL, RCPT and DATA in one piece: one wait instead of three. Every reply is read, whatever the first ones say.

        A relay may ask for a mail whose only recipient it has refused; it gets an empty one (RFC 2920 §3.1), and says
        what it thinks of that.
        """
        session = self._session
        commands = [" ".join([f"MAIL FROM:<{sender}>", *size]), f"RCPT TO:<{recipient}>", "DATA"]
        if any(set(command) & _NO_ADDRESS for command in commands):
            raise ValueError("an address of two lines")
        session.send("\r\n".join([*commands, ""]).encode("ascii"))
        refused: DeliveryFailed | None = None
        for wanted in (_DONE, _DONE, _GO_ON):
            code, reply = session.getreply()
            try:
                _require(wanted, code, reply)
            except DeliveryFailed as failure:
                refused = refused or failure
        if refused is None:
            return
        if code // 100 == _GO_ON:
            session.send(b".\r\n")
            session.getreply()
        raise refused

    def _start_anew(self) -> None:
        """The next message begins afresh. Where that fails, it ends the session by itself."""
        with suppress(OSError, smtplib.SMTPException):
            self._session.rset()


def is_configured() -> bool:
    """False where no `EMAIL_URL` is set: mail is then kept and not sent."""
    return bool(settings.SMTP["host"])


@contextmanager
def connect() -> Iterator[Connection]:
    """Open a session with the relay of `EMAIL_URL`. Raises RelayDown."""
    smtp = settings.SMTP
    try:
        session: smtplib.SMTP
        if smtp["tls"]:
            session = smtplib.SMTP_SSL(
                smtp["host"], smtp["port"], timeout=_TIMEOUT, context=ssl.create_default_context()
            )
        else:
            session = smtplib.SMTP(smtp["host"], smtp["port"], timeout=_TIMEOUT)
        if smtp["starttls"]:
            session.starttls(context=ssl.create_default_context())
        if smtp["user"]:
            session.login(smtp["user"], smtp["password"])
    except smtplib.SMTPResponseException as error:
        raise RelayDown(_text(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise RelayDown(str(error)) from error
    try:
        yield Connection(session)
    finally:
        try:
            session.quit()
        except (OSError, smtplib.SMTPException):
            session.close()


def _require(wanted: int, code: int, reply: bytes) -> None:
    """Raises DeliveryFailed, _Ended, or SMTPException where the relay does not speak SMTP.

    With 421 the relay ends the session (RFC 5321 §3.8), often since it takes only so many messages in one.
    """
    if code // 100 == wanted:
        return
    if code == _CLOSING:
        raise _Ended(_text(code, reply))
    if not _REFUSALS <= code < _BEYOND:
        raise smtplib.SMTPException(_text(code, reply))
    raise DeliveryFailed(_text(code, reply), permanent=code >= _PERMANENT)


def _dotted(payload: bytes) -> bytes:
    """With the line that ends it, and no other line that looks like it (RFC 5321 §4.5.2)."""
    quoted = payload.replace(b"\n.", b"\n..")
    if quoted.startswith(b"."):
        quoted = b"." + quoted
    return quoted + (b".\r\n" if quoted.endswith(b"\r\n") else b"\r\n.\r\n")


def _text(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {text}"[:250]
