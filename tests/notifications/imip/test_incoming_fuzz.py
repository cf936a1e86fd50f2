"""Whatever the bytes are, reading them raises nothing and stays within bounds.

`FUZZ_INPUTS=100000` runs as many inputs as are wanted; by itself the suite runs a few.
"""

from __future__ import annotations

import os
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import bounces
from notifications.imip import incoming
from notifications.imip.incoming import Incoming
from tests.notifications.accidents import PIECES, mangled
from tests.notifications.bounces import reports
from tests.support import mail_programs
from tests.support.mail_programs import PROGRAMS, Reply

INPUTS = int(os.environ.get("FUZZ_INPUTS", "300"))
_SAID = Reply(uid="7.abc@fachstelle.example", attendee="susanne@verein.example", comment="Ja; später")
_WHOLE = [
    *(compose(_SAID) for compose in PROGRAMS.values()),
    mail_programs.nextcloud(_SAID),
    mail_programs.words("Guten Tag", headers=("Content-Language: de",)),
    reports.dsn(),
    reports.complaint(),
    reports.for_people("anna@verein.example could not be delivered: 550 5.1.1"),
]
#: Seconds of this process for a mail of some kilobytes.
MOMENT = 1.0


def bounded(mail: Incoming) -> bool:
    words = [mail.subject, mail.sender.name, mail.message_id, mail.sender.address]
    said = mail.answer
    return (
        mail.kind in {"calendar", "report", "automatic", "human"}
        and mail.fault != "unreadable"  # that is, nothing was raised inside either
        and max(map(len, words)) <= 254
        and len(mail.text) <= 50_000
        and (said is None or (len(said.comment) <= 2000 and len(said.uid) <= 200 and 0 <= said.sequence < 2**31))
    )


def timed(raw: bytes) -> tuple[Incoming, bounces.Report | None, float]:
    begun = time.process_time()
    return incoming.read(raw), bounces.read(raw), time.process_time() - begun


def read(raw: bytes) -> Incoming:
    """By both readers, in a moment."""
    mail, report, seconds = timed(raw)
    if seconds > MOMENT:
        seconds = timed(raw)[2]  # the first time, the collector of this process may have come in between
    assert seconds < MOMENT
    said = [] if report is None else [report.recipient, report.diagnostic, report.message_id, report.said_by]
    assert all(b"\x00" not in words.encode() and len(words) <= 400 for words in said)
    return mail


@settings(max_examples=INPUTS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.integers(min_value=0, max_value=2**63))
def test_mail_with_accidents(seed: int) -> None:
    assert bounded(read(mangled(seed, _WHOLE)))


@settings(max_examples=INPUTS // 3 + 1, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.binary(max_size=2000))
def test_any_bytes(raw: bytes) -> None:
    assert bounded(read(raw))


@settings(max_examples=INPUTS // 3 + 1, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=60))
def test_pieces_in_any_order(pieces: list[bytes]) -> None:
    assert bounded(read(b"".join(pieces)))
