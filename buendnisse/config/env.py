"""Settings from the environment. A wrong value fails loudly at start, with the name of the variable."""

from __future__ import annotations

import os
import secrets
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The variable's text; an empty variable counts as unset."""
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off or unset. Anything else is refused."""
    value = text(name).lower()
    if value in {"", "0", "false", "no", "off"}:
        return False
    if value in {"1", "true", "yes", "on"}:
        return True
    raise ImproperlyConfigured(f"{name}={value!r}: expected 1 or 0")


def number(name: str, default: int) -> int:
    """The variable as a whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number") from error


#: Where `run` notes under which address this VAR_DIR is served.
ADDRESS = "address"


def address(folder: Path, port: int) -> str:
    """Where links lead unless BASE_URL says so: to PORT where it is set, else to where this folder was served last."""
    note = folder / ADDRESS
    if not text("PORT") and note.is_file() and (kept := note.read_text(encoding="ascii").strip()):
        return kept
    return f"http://127.0.0.1:{port}"


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str, folder: Path) -> str:
    """The variable, or a value made once and kept in `folder` readable by its owner only."""
    if value := text(name):
        return value
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name.lower()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text(encoding="ascii").strip()
        if not kept:
            raise ImproperlyConfigured(f"{path} is empty; remove it or set {name}") from None
        return kept
    with os.fdopen(handle, "w", encoding="ascii") as file:
        value = secrets.token_urlsafe(48)
        file.write(value)
    return value


def database(url: str, var_dir: Path) -> dict[str, Any]:
    """Django's DATABASES entry for `postgresql://user:password@host:port/name` or `sqlite:///path`.

    SQLite takes its write lock at BEGIN (`IMMEDIATE`): with Django's default, two writers that both
    started by reading fail at once with "database is locked" instead of waiting.
    """
    parts = urlsplit(url)
    if parts.scheme in {"postgresql", "postgres"}:
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": query,
        }
    if parts.scheme in {"sqlite", ""}:
        path = Path(parts.path[1:] if parts.path.startswith("//") else parts.path) if url else var_dir / "db.sqlite3"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
            "TEST": {"NAME": path.parent / "test.sqlite3"},
        }
    raise ImproperlyConfigured(f"DATABASE_URL: unknown scheme {parts.scheme!r}; use postgresql:// or sqlite:///")


def returns(pattern: str, organizer: str) -> str:
    """Where reports about our mail go: an address with `{token}` where each message gets a token of its own.

    Empty: the organizer's mailbox with an addition (`anna+bounce-{token}@…`). Without `{token}` all reports go to one
    address, for servers that know no additions.
    """
    pattern = pattern or organizer.replace("@", "+bounce-{token}@")
    local = pattern.partition("@")[0].replace("{token}", "0" * 32)  # the longest there is
    if pattern.count("@") != 1 or pattern.count("{token}") > 1 or len(local) > 64:  # noqa: PLR2004 -- RFC 5321 4.5.3.1.1
        raise ImproperlyConfigured("BOUNCE_EMAIL: expected an address like bounce+{token}@example.org")
    return pattern


def mailbox(url: str, token_command: str) -> dict[str, Any]:
    """IMAP settings from `imaps://user:password@host:993/folder` (`imap://` without TLS, `?starttls=1` to upgrade).

    With a token command (OAuth2) the password is left out. Empty: no mailbox is read.
    """
    if not url:
        return {
            "host": "",
            "port": 0,
            "user": "",
            "password": "",
            "folder": "",
            "tls": False,
            "starttls": False,
            "token": [],
        }
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise ImproperlyConfigured("IMAP_URL: expected imaps://user:password@host/folder")
    return {
        "host": parts.hostname,
        "port": parts.port or (993 if parts.scheme == "imaps" else 143),
        "user": unquote(parts.username),
        "password": unquote(parts.password or ""),
        "folder": unquote(parts.path.strip("/")) or "INBOX",
        "tls": parts.scheme == "imaps",
        "starttls": "starttls=1" in parts.query,
        "token": shlex.split(token_command),
    }


def mail(url: str) -> dict[str, Any]:
    """SMTP settings from `smtp://user:password@host:port` (`smtps://` for TLS at once, `?starttls=1` to upgrade).

    Empty: mail is kept in the outbox and not sent.
    """
    if not url:
        return {
            "host": "",
            "port": 0,
            "user": "",
            "password": "",
            "tls": False,
            "starttls": False,
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL: expected smtp://host:port or smtps://host:port")
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 25),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": parts.scheme == "smtps",
        "starttls": "starttls=1" in parts.query,
    }
