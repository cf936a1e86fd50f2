"""What one report says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How bad it is, and whose matter. The values are stored."""

    HARD = "hard"  # the address takes no mail and will not
    SOFT = "soft"  # not this time: full, too busy, given up after trying
    POLICY = "policy"  # our mail is refused for what we are: a matter of the mail servers, not of the person
    COMPLAINT = "complaint"  # the reader pressed "spam"
    DELAYED = "delayed"  # the other side is still trying
    UNCHECKED = "unchecked"  # it arrived, and its sender could not be proved (RFC 6591); never stored


@dataclass(frozen=True)
class Report:
    """`status` is the enhanced code (RFC 3463) or empty; `message_id` that of our mail, with its <>, or empty.

    `recipient` is lower case and empty where the report does not tell it. `returned_to` are the addresses the report
    itself was sent to: one of them may be the envelope sender of our mail. `thread_id` is the mail it answers by its
    headers: anybody can answer any mail, so it proves nothing. `said_by` is who wrote a report in words; empty for one in
    a form that only servers use.
    """

    kind: Kind
    status: str = ""
    diagnostic: str = ""
    recipient: str = ""
    message_id: str = ""
    returned_to: tuple[str, ...] = ()
    thread_id: str = ""
    said_by: str = ""
