"""Why a mail did not leave, as the Fachstelle reads it: a sentence first, then the server's own words for the IT."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from notifications.bounces import Kind
from notifications.bounces.status import code_in, kind_of
from notifications.enums import MailKind

_ERRNO = re.compile(r"^\[Errno -?\d+\] ")
_REPLY = re.compile(r"[45]\d\d ")
_SILENT = re.compile(r"timed out", re.IGNORECASE)


def down(words: str) -> str:
    """No connection to the relay: everything waits."""
    if _REPLY.match(words):
        return _with(_("Der Mailserver lässt uns nicht hinein"), words)
    if _SILENT.search(words):
        return _with(_("Der Mailserver antwortet nicht"), words)
    return _with(_("Der Mailserver ist nicht erreichbar"), words)


def lost(words: str) -> str:
    """The connection ended at this message."""
    is_silent = _SILENT.search(words)
    sentence = _("Der Mailserver ist verstummt") if is_silent else _("Der Mailserver hat die Verbindung beendet")
    return _with(sentence, words)


def refused(reply: str, *, permanent: bool) -> str:
    """The relay did not take this message, or the address is none that could be named to it."""
    if not _REPLY.match(reply):
        return reply
    if not permanent:
        return _with(_("Der Mailserver nimmt die Mail noch nicht an"), reply)
    sentences = {
        Kind.HARD: _("Die Adresse nimmt keine Mail an"),
        Kind.POLICY: _("Der Mailserver weist unsere Mail ab"),
    }
    kind = kind_of(code_in(reply), reply)
    return _with(sentences.get(kind, _("Der Mailserver hat die Mail abgelehnt")), reply)


def given_up(why: str, *, kind: str) -> str:
    """It has been tried for as long as makes sense (`retries`)."""
    if kind == MailKind.CODE:
        return _("Der Code ist abgelaufen. %s") % why
    return _("Drei Tage versucht, dann aufgegeben. %s") % why


def in_short(failure: str) -> str:
    """Without the server's own words, which say little to who is no technician: those stand beside the mail."""
    sentence = failure.partition(": ")[0].strip()
    return f"{sentence.rstrip('.')}." if sentence else ""


def _with(sentence: str, words: str) -> str:
    bare = _ERRNO.sub("", " ".join(words.split()))
    return f"{sentence}: {bare}" if bare else f"{sentence}."
