"""SMTP: the only code that sends. One connection carries a whole batch."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

_TIMEOUT = 30  # seconds; a relay that needs longer to answer is treated as down
_CLOSING = 421
_PERMANENT = 500  # SMTP replies from here on will not change by trying again (RFC 5321 §4.2.1)


class DeliveryFailed(Exception):
    """The relay did not take this message. `permanent`: trying again will not help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class RelayDown(Exception):
    """No connection to the relay: the whole batch waits."""


class ConnectionLost(Exception):
    """The connection ended at this message: whether the relay took it is not known. Others need a new connection."""


class Connection:
    """An open session with the relay."""

    def __init__(self, session: smtplib.SMTP) -> None:
        self._session = session

    def deliver(self, *, sender: str, recipient: str, payload: bytes) -> None:
        """Hand over ready bytes. Raises DeliveryFailed for this message, ConnectionLost for the session."""
        try:
            self._session.sendmail(sender, [recipient], payload)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except UnicodeError as error:
            raise DeliveryFailed("Die Adresse lässt sich nicht versenden.", permanent=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ConnectionLost(str(error) or type(error).__name__) from error


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
    except (OSError, smtplib.SMTPException) as error:
        raise RelayDown(str(error)) from error
    try:
        yield Connection(session)
    finally:
        try:
            session.quit()
        except (OSError, smtplib.SMTPException):
            session.close()


def _refused(code: int, reply: bytes | str) -> DeliveryFailed | ConnectionLost:
    """With 421 the relay ends the session (RFC 5321 §3.8), often since it takes only so many messages in one."""
    if code == _CLOSING:
        return ConnectionLost(_text(code, reply))
    return DeliveryFailed(_text(code, reply), permanent=code >= _PERMANENT)


def _text(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {text}"[:250]
