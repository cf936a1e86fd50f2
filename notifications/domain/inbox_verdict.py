"""What became of a mail that came in, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.enums import InboundOutcome, InboundReason


@dataclass(frozen=True)
class Verdict:
    """`is_open`: somebody of the Fachstelle should look. `refusal`: the sentence of the rule that refused."""

    outcome: InboundOutcome
    reason: InboundReason
    is_open: bool = False
    refusal: str = ""

    @classmethod
    def tray(cls, reason: InboundReason, refusal: str = "") -> Verdict:
        return cls(InboundOutcome.TRAY, reason, is_open=True, refusal=refusal)


class ToTray(Exception):
    """Nothing is applied: the Fachstelle settles it."""

    def __init__(self, reason: InboundReason, refusal: str = "") -> None:
        super().__init__(reason)
        self.verdict = Verdict.tray(reason, refusal)
