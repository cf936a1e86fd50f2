"""Reading the mailbox: every mail is filed once, whatever breaks in between.

The order for each mail: file it (its own transaction), put the mark behind it, move it. A crash before the mark reads
it again, and `inbox.receive` knows it; a crash after it leaves a mail that was filed lying in the inbox, which costs
nothing. No transaction is open while the server is asked.

No mail holds up those behind it for long: one the server will not hand out is passed over once it hands out others
meanwhile, or after an hour, and one whose reading took the worker down is put into the tray unread.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from buendnisse import clock
from buendnisse.domain import journal
from buendnisse.models import Person
from notifications.domain import inbox
from notifications.enums import InboundSource
from notifications.imip import mime
from notifications.models import InboundMessage, MailboxState
from notifications.transport import imap

logger = logging.getLogger(__name__)

DONE, BROKEN = "Verarbeitet", "Fehler"
EVERY = dt.timedelta(minutes=2)
_BATCH = 50
_AT_A_STRETCH = 60.0  # seconds; then the next reading goes on, long before a worker is told to stop (2 minutes)
_MOST_TRIES = 2  # readings of one mail that ended with the reader
_MOST_REFUSALS = 30  # about an hour
_REFUSALS_OF_ONE = 2  # then it is this mail's fault where the server hands out another one
_OTHERS = 3
_LEASE = dt.timedelta(minutes=5)  # longer than a batch may take (hard time limit of a task: 3 minutes)


class AlreadyReading(Exception):
    """Somebody else reads the mailbox now."""


@dataclass
class Reading:
    """What one reading did. `failure`: why it could not be read to the end; empty: it was."""

    rows: list[InboundMessage] = field(default_factory=list)
    broken: int = 0
    left: int = 0
    failure: str = ""
    is_without_database: bool = False

    @property
    def read(self) -> int:
        return len(self.rows)


class NotReadable(Exception):
    """A ring's step failed: the mailbox could not be read. `read` mails were before."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading.failure)
        self.read = reading.read


def is_due() -> bool:
    """Whether the mailbox should be read now: there is one, and the last try is long enough ago."""
    if not imap.is_configured():
        return False
    tried = MailboxState.objects.filter(pk=1).values_list("tried_at", flat=True).first()
    return tried is None or tried <= clock.real_now() - EVERY


def read(*, at: dt.datetime, limit: int = _BATCH) -> Reading:
    """Read what is new, at most `limit` mails. A server that fails is no error: the next reading goes on.

    Raises AlreadyReading.
    """
    token = _take_lease()
    reading = Reading()
    try:
        with imap.connect() as mailbox:
            _read(mailbox, reading, at=at, limit=limit)
    except imap.MailboxDown as down:
        reading.failure = str(down)
        logger.warning("mailbox: %s", down)
    finally:
        _give_back(token, reading)
    return reading


def step(*, at: dt.datetime) -> int:
    """As a step of the ring: everything new; the number of mails. Raises NotReadable."""
    if not imap.is_configured() or transaction.get_connection().in_atomic_block:
        return 0  # a dry run takes back what it did, and a moved mail cannot be
    done = 0
    while True:
        try:
            reading = read(at=at)
        except AlreadyReading:
            return done
        done += reading.read
        if reading.failure:
            raise NotReadable(reading)
        if not reading.left:
            return done


def seen(*, by: Person, at: dt.datetime) -> None:
    """Somebody has looked into the folder of what was not readable."""
    with transaction.atomic():
        if MailboxState.objects.filter(pk=1, unreadable__gt=0).update(unreadable=0):
            journal.record("mailbox.errors_seen", by, at=at, by=by)


def _read(mailbox: imap.Mailbox, reading: Reading, *, at: dt.datetime, limit: int) -> None:
    mark = _mark(mailbox)
    found = mailbox.after(mark)
    reading.left = len(found)
    ends = time.monotonic() + _AT_A_STRETCH
    for place, uid in enumerate(found[:limit], start=1):
        folder = _take(mailbox, uid, reading, behind=found[place : place + _OTHERS], at=at)
        MailboxState.objects.filter(pk=1).update(uid_mark=uid, trying_uid=0)
        reading.left -= 1
        if folder and not mailbox.file(uid, folder):
            logger.warning("mailbox: mail %s was read and could not be moved to %s", uid, folder)
        if time.monotonic() > ends:
            return


def _take(mailbox: imap.Mailbox, uid: int, reading: Reading, *, behind: list[int], at: dt.datetime) -> str:
    """Fetch and file one mail; the folder it goes to, empty where it is gone. Raises MailboxDown."""
    tries, refusals = _tried(uid)
    try:
        copy = mailbox.copy(uid, longest=mime.LONGEST + 1)
    except imap.NotGiven as refused:
        if refusals < _MOST_REFUSALS and not _is_its_own_fault(mailbox, refused, refusals, behind):
            _note(uid, tries, refusals + 1)
            raise imap.MailboxDown(str(refused)) from refused
        logger.warning("mailbox: mail %s is not handed out (%s); it goes to %s", uid, refused, BROKEN)
        reading.broken += 1
        return BROKEN
    if copy is None:
        return ""
    if tries >= _MOST_TRIES:
        logger.error("mailbox: mail %s was begun %s times and never read; it is set aside", uid, tries)
        reading.rows.append(inbox.set_aside(copy.raw, at=at, source=InboundSource.IMAP))
        return BROKEN
    _note(uid, tries + 1, refusals)  # before it is read: who is killed over it notes nothing
    return _file(copy, reading, at=at)


def _is_its_own_fault(mailbox: imap.Mailbox, refused: imap.NotGiven, refusals: int, behind: list[int]) -> bool:
    """Whether the server keeps back this one mail and gives others. One that is unwell refuses them all for a while."""
    if refused.is_passing or refusals < _REFUSALS_OF_ONE:
        return False
    for uid in behind:
        with suppress(imap.NotGiven):
            if mailbox.copy(uid, longest=1) is not None:
                return True
    return False


def _tried(uid: int) -> tuple[int, int]:
    """How often this mail's reading was begun, and how often the server refused it."""
    found = MailboxState.objects.filter(pk=1, trying_uid=uid).values_list("tries", "refusals").first()
    return found or (0, 0)


def _note(uid: int, tries: int, refusals: int) -> None:
    MailboxState.objects.filter(pk=1).update(trying_uid=uid, tries=tries, refusals=refusals)


def _file(copy: imap.Copy, reading: Reading, *, at: dt.datetime) -> str:
    """The folder the mail goes to. A database that is away is not the mail's fault: it is read again then."""
    try:
        row = inbox.receive(copy.raw, at=at, source=InboundSource.IMAP)
    except SoftTimeLimitExceeded:  # the worker is told to stop, maybe because of this mail
        raise
    except (OperationalError, InterfaceError):
        reading.is_without_database = True
        raise
    except Exception:
        logger.exception("mailbox: mail %s could not be read; it goes to %s", copy.uid, BROKEN)
        reading.broken += 1
        return BROKEN
    reading.rows.append(row)
    return DONE


def _mark(mailbox: imap.Mailbox) -> int:
    """Where reading goes on. In another mailbox, or one that was built anew, from the start: known mail is known."""
    name = imap.name()[:300]
    state = MailboxState.objects.get(pk=1)
    if (state.mailbox, state.uid_validity) == (name, mailbox.validity):
        return state.uid_mark
    MailboxState.objects.filter(pk=1).update(mailbox=name, uid_validity=mailbox.validity, uid_mark=0, trying_uid=0)
    return 0


def _take_lease() -> str:
    """One reader at a time, by the machine's clock; a dead one's lease runs out."""
    MailboxState.objects.get_or_create(pk=1)
    now = clock.real_now()
    token = uuid.uuid4().hex
    free = MailboxState.objects.filter(pk=1).filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
    if free.update(lease_until=now + _LEASE, lease_by=token, tried_at=now) != 1:
        raise AlreadyReading
    return token


def _give_back(token: str, reading: Reading) -> None:
    fields: dict[str, object] = {"lease_until": None, "lease_by": "", "failure": reading.failure}
    if reading.is_without_database:
        fields["tries"] = 0
    if not reading.failure:
        fields["read_at"] = clock.real_now()
    if reading.left and not reading.failure:
        fields["tried_at"] = None  # there is more: go on at the next ring
    state = MailboxState.objects.filter(pk=1, lease_by=token)
    if reading.broken:
        fields["unreadable"] = (state.values_list("unreadable", flat=True).first() or 0) + reading.broken
    state.update(**fields)
