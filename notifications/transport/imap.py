"""IMAP: the only code that reads a mailbox. It takes copies and files what was read; what a mail says is not its business."""

from __future__ import annotations

import imaplib
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.conf import settings
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

_TIMEOUT = 20  # seconds for each answer of the server
_TOKEN_TIMEOUT = 30
#: With these a server says that it may do so another time (RFC 5530 section 3).
_PASSING = (b"[UNAVAILABLE]", b"[INUSE]", b"[LIMIT]", b"[SERVERBUG]")
_ERRORS = (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError)


class MailboxDown(Exception):
    """The mailbox cannot be read, or not any further; `str()` is the reason in the server's words, without secrets."""


class NotGiven(Exception):
    """The server will not hand out this one mail, as Exchange where it cannot convert one. It goes on with others.

    `is_passing`: by its own word it may hand it out another time.
    """

    def __init__(self, words: bytes) -> None:
        super().__init__(words.decode("utf-8", "replace")[:250])
        self.is_passing = words.upper().startswith(_PASSING)


@dataclass(frozen=True)
class Copy:
    """One mail as it lies on the server, or only its beginning where it is longer than was asked for."""

    uid: int
    raw: bytes


class Mailbox:
    """An open folder. Nothing marks a mail as read, and nothing is deleted: mails are moved."""

    def __init__(self, box: BaseMailBox, folder: str) -> None:
        self._box = box
        self._folders: dict[str, str] = {}
        self.folder = folder
        self.validity = _number(box.client.response("UIDVALIDITY")[1])

    def after(self, mark: int) -> list[int]:
        """UIDs above the mark, the lowest first. Raises MailboxDown."""
        with _as_down():
            found = sorted(int(uid) for uid in self._box.uids(f"UID {mark + 1}:*", charset=None))
        return [uid for uid in found if uid > mark]  # "7:*" names the last mail even where that is 5 (RFC 3501 6.4.8)

    def copy(self, uid: int, *, longest: int) -> Copy | None:
        """At most `longest` octets of a mail; None where it is gone. Raises MailboxDown, NotGiven."""
        with _as_down():
            status, answer = self._box.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{longest}>)")
        if status != "OK":
            raise NotGiven(b" ".join(part for part in answer if isinstance(part, bytes)))
        parts = [part[1] for part in answer if isinstance(part, tuple)]
        return Copy(uid, parts[0]) if parts else None

    def file(self, uid: int, folder: str) -> bool:
        """Move a mail into a folder beside the inbox, made if missing. False where the server will not.

        Raises MailboxDown where the connection is gone.
        """
        try:
            self._box.move([str(uid)], self._existing(folder))
        except (ImapToolsError, imaplib.IMAP4.error) as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise MailboxDown(_words(error)) from error
            return False
        except OSError as error:
            raise MailboxDown(_words(error)) from error
        return True

    def count(self) -> int:
        """How many mails lie in the folder."""
        with _as_down():
            return len(self._box.uids("ALL", charset=None))

    def _existing(self, name: str) -> str:
        """The folder's full name: some servers allow folders only below the inbox."""
        if name not in self._folders:
            top = self._box.folder.list()
            between = next((info.delim for info in top if info.delim), "/")
            names = [name, f"INBOX{between}{name}"]
            known = {info.name for info in top}
            self._folders[name] = next((one for one in names if one in known), None) or self._make(names)
        return self._folders[name]

    def _make(self, names: Sequence[str]) -> str:
        for name in names[:-1]:
            with suppress(ImapToolsError):
                self._box.folder.create(name)
                return name
        self._box.folder.create(names[-1])
        return names[-1]


def is_configured() -> bool:
    """False where no `IMAP_URL` is set: no mailbox is read."""
    return bool(settings.IMAP["host"])


def name() -> str:
    """Which mailbox it is, for the mark that belongs to it. Holds no secret."""
    imap = settings.IMAP
    return f"{imap['user']}@{imap['host']}:{imap['port']}/{imap['folder']}"


@contextmanager
def connect(*, timeout: float | None = None) -> Iterator[Mailbox]:
    """Open the folder of `IMAP_URL`. Raises MailboxDown."""
    imap = settings.IMAP
    with _as_down():
        box = _open(timeout or _TIMEOUT)
    try:
        with _as_down():
            if imap["token"]:
                box.xoauth2(imap["user"], _token(imap["token"]), initial_folder=None)
            else:
                box.login(imap["user"], imap["password"], initial_folder=None)
            # Servers tell what they can do (MOVE) only to who has signed in.
            box.client.capabilities = tuple(box.client.capability()[1][-1].decode().upper().split())
            box.folder.set(imap["folder"])
            opened = Mailbox(box, imap["folder"])
        yield opened
    finally:
        with suppress(*_ERRORS):
            box.logout()
        with suppress(*_ERRORS):
            box.client.shutdown()  # logging out closes nothing where the line is dead


def _open(timeout: float) -> BaseMailBox:
    imap = settings.IMAP
    if imap["tls"]:
        return MailBox(imap["host"], imap["port"], timeout=timeout, ssl_context=ssl.create_default_context())
    if imap["starttls"]:
        return MailBoxStartTls(imap["host"], imap["port"], timeout=timeout, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(imap["host"], imap["port"], timeout=timeout)


def _token(command: Sequence[str]) -> str:
    """A fresh access token from the operator's own command (OAuth 2). Raises MailboxDown."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_TOKEN_TIMEOUT, check=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise MailboxDown(f"IMAP_TOKEN_COMMAND: {type(error).__name__}") from error
    token = done.stdout.strip()
    if not token or not token.isascii() or len(token.split()) != 1:
        raise MailboxDown("IMAP_TOKEN_COMMAND: no token")
    return token


@contextmanager
def _as_down() -> Iterator[None]:
    try:
        yield
    except _ERRORS as error:
        raise MailboxDown(_words(error)) from error


def _words(error: Exception) -> str:
    """One line. A tagged refusal comes as (status, [b"words"])."""
    result = getattr(error, "command_result", None)
    if isinstance(result, tuple) and len(result) > 1 and result[1] and isinstance(result[1][0], bytes):
        return result[1][0].decode("utf-8", "replace")[:250]
    text = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return next(iter(words.splitlines()), "")[:250] or type(error).__name__


def _number(answer: Sequence[object]) -> int:
    found = answer[0] if answer else b""
    return int(found) if isinstance(found, bytes) and found.isdigit() else 0
