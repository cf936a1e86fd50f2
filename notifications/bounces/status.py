"""From a status code and the words around it to how bad it is.

RFC 3463 says what the codes mean; what large providers mean by them is added where it differs. In doubt it is soft:
a mailbox wrongly held to be dead costs a person every invitation, one more try costs nothing.
"""

from __future__ import annotations

import re

from .report import Kind

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<!\d)(?<!\.)([45]\d\d)(?=[ \-#]|$)")

#: Both together, as a server says it to another: a date such as 5.1.27 is none.
_SMTP = re.compile(r"(?<![\d.])([45])\d\d[ \-]{1,2}#?\1\.\d{1,3}\.\d{1,3}(?![\d.])")

_HARD = {
    "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10",  # no such mailbox, domain or person
    "5.2.1",  # switched off
    "5.4.1", "5.4.4", "5.4.310",  # Exchange Online's edge for unknown addresses; no such host
}  # fmt: skip
_POLICY = {"5.1.7", "5.1.8"}  # the sender's address is at fault
_SOFT = {"5.2.2", "5.2.3", "5.3.4", "5.4.7"}  # full, too large, given up
#: Subjects whose meaning lies in the second figure alone: security and policy, content.
_POLICY_SUBJECTS = {"6", "7"}

#: In this order: a full mailbox is often "unavailable" too, and a blocked sender is told "user unknown" by nobody.
_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.SOFT,
        re.compile(r"quota|mailbox (is )?full|exceeded (its )?storage|insufficient (disk|system)|too large|expired|timed out"
            r"|connection refused|try again later",
            re.IGNORECASE),
    ),
    (
        Kind.POLICY,
        re.compile(
            r"\bspam\b|blocked|blacklist|block ?list|denylist|\bdnsbl\b|\brbl\b|spamhaus|reputation|\bspf\b|\bdkim\b|\bdmarc\b"
            r"|policy|unsolicited|not (yet )?authori[sz]ed|relay(ing)? (access )?denied|sender (address )?rejected|refused by",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.HARD,
        re.compile(
            r"user unknown|unknown (user|recipient|local.?part|address)|no such (user|recipient|mailbox|address|person)"
            r"|does(n't| not) exist|not found|invalid (recipient|mailbox|address)|recipient (address )?rejected"
            r"|host not found|mailbox (is )?(unavailable|disabled|not available)|no mailbox|not a valid|doesn't have an? |unrouteable"
            r"|account (is |has been )?(disabled|closed|suspended|deactivated)|bad destination|host unknown"
            r"|could(n't| not) be found|unbekannt|existiert nicht",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip


def code_in(text: str) -> str:
    """The first enhanced status code in a text that says more than x.0.0, or that; empty where there is none."""
    found = [".".join(match.groups()) for match in _ENHANCED.finditer(text)]
    failing = [code for code in found if code[0] != "2"]
    return next((code for code in failing if not code.endswith(".0.0")), failing[0] if failing else "")


def is_told_by_smtp(text: str) -> bool:
    """Whether a server's own words stand in a text: its reply code with the enhanced one."""
    return _SMTP.search(text) is not None


def kind_of(status: str, words: str, around: str = "") -> Kind:
    """How bad a final failure is. Never DELAYED or COMPLAINT.

    `words` are the other server's; what stands `around` them is asked only where neither code nor words tell.
    """
    if status.startswith("4") or (not status and _is_passing(words)):
        return Kind.SOFT
    _class, _, rest = status.partition(".")
    subject, _, _detail = rest.partition(".")
    if status in _HARD:
        return Kind.HARD
    if status in _POLICY or subject in _POLICY_SUBJECTS:
        return Kind.POLICY
    if status in _SOFT:
        return Kind.SOFT
    return _by_words(words) or _by_words(around) or Kind.SOFT


def _by_words(words: str) -> Kind | None:
    return next((kind for kind, pattern in _WORDS if pattern.search(words)), None)


def _is_passing(words: str) -> bool:
    """By the plain reply code of SMTP, where there is no better one."""
    reply = _REPLY.search(words)
    return reply is not None and reply[1].startswith("4")
