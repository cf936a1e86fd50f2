"""Holding mail back as a whole, and sending all of it to one address. Both are visible on every page while they last.

Stopping one mail or one occasion is another matter (`mail_room.act`): that is for what should not leave at all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, DateTimeField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.models import Installation, Person
from buendnisse.models.prepared import Prepared
from meetings.models import Meeting
from notifications.domain import calm_parts
from notifications.enums import MailKind, OutboxState
from notifications.imip.event import AddressRefused, Party
from notifications.models import MailPause, OutboxMessage


class ValveRefused(Exception):
    """Somebody was faster, or the address is none. `str()` is a German sentence."""


@dataclass(frozen=True)
class Valve:
    """How it stands at this moment. `test_address`: where all mail goes instead; empty outside a test.

    `meetings`: those whose mail is held back by itself.
    """

    test_address: str = ""
    is_paused: bool = False
    meetings: frozenset[int] = frozenset()

    def keeps(self, kind: str) -> bool:
        """Whether the pause of all mail keeps this kind here. Codes always go: somebody waits in front of a page."""
        return self.is_paused and kind != MailKind.CODE

    def holds_meeting_of(self, message: OutboxMessage) -> bool:
        """Whether this is about a meeting whose mail is held back.

        What is about several is held by a pause of any of them, until it goes without that (`calm_pause`); where it
        may have arrived already it goes again as it is.
        """
        if not self.meetings:
            return False
        about = {message.meeting_id} if message.may_have_arrived else calm_parts.meetings(message)
        return not self.meetings.isdisjoint(about)


def now() -> Valve:
    """Read anew while messages leave (`delivery`): a switch counts at once. One query."""
    test_address, is_paused, meetings = "", False, set()
    for address, paused_at, meeting in _question().fetch():
        if meeting is not None:
            meetings.add(meeting)
        else:
            test_address, is_paused = address, paused_at is not None
    return Valve(test_address, is_paused, frozenset(meetings))


@cache
def _question() -> Prepared:
    """The installation's row, which is about no meeting, and one row for each meeting that is held back."""
    house = Installation.objects.filter(pk=1).annotate(about=Cast(Value(None), BigIntegerField()))
    pauses = MailPause.objects.annotate(nobody=Value(""), since=Cast(Value(None), DateTimeField()))
    of_house = house.values_list("test_address", "mail_paused_at", "about")
    return Prepared(lambda: of_house.union(pauses.values_list("nobody", "since", "meeting_id"), all=True))


def held_meetings() -> frozenset[int]:
    """Those whose mail is held back by itself."""
    return frozenset(MailPause.objects.values_list("meeting_id", flat=True))


def pause(*, by: Person, at: dt.datetime) -> None:
    """From now on nothing leaves but sign-in codes. Raises ValveRefused where that is so already."""
    with transaction.atomic():
        Installation.objects.get_or_create(pk=1)
        if not Installation.objects.filter(pk=1, mail_paused_at__isnull=True).update(mail_paused_at=at):
            raise ValveRefused(_("Der Versand ist schon angehalten."))
        journal.record("mail.paused", Installation(pk=1), at=at, by=by)


def resume(*, by: Person, at: dt.datetime) -> None:
    """What is due by now goes with the next ring, said as things stand then. Raises ValveRefused."""
    with transaction.atomic():
        if not Installation.objects.filter(pk=1, mail_paused_at__isnull=False).update(mail_paused_at=None):
            raise ValveRefused(_("Der Versand läuft schon wieder."))
        journal.record("mail.resumed", Installation(pk=1), at=at, by=by)


def pause_meeting(meeting: Meeting, *, by: Person, at: dt.datetime) -> None:
    """The same for what is about one meeting. Raises ValveRefused."""
    try:
        with transaction.atomic():
            MailPause.objects.create(meeting=meeting, at=at, by=by)
            journal.record("mail.paused", meeting, at=at, by=by, body=meeting.alliance)
    except IntegrityError as taken:
        raise ValveRefused(_("Die Mails zu dieser Sitzung sind schon angehalten.")) from taken


def resume_meeting(meeting: Meeting, *, by: Person, at: dt.datetime) -> None:
    """Raises ValveRefused."""
    with transaction.atomic():
        if not MailPause.objects.filter(meeting=meeting).delete()[0]:
            raise ValveRefused(_("Die Mails zu dieser Sitzung gehen schon wieder hinaus."))
        journal.record("mail.resumed", meeting, at=at, by=by, body=meeting.alliance)


def is_paused(meeting: Meeting) -> bool:
    """Whether mail about this meeting is held back by itself."""
    return MailPause.objects.filter(meeting=meeting).exists()


def pauses() -> list[MailPause]:
    """Meetings whose mail is held back, the latest pause first."""
    return list(MailPause.objects.select_related("meeting__alliance", "by").order_by("-at", "pk"))


def waiting() -> int:
    """How many mails wait, codes left out: what goes once a pause ends, and where, once a test ends."""
    return OutboxMessage.objects.filter(state=OutboxState.WAITING).exclude(kind=MailKind.CODE).count()


def begin_test(*, address: str, by: Person, at: dt.datetime) -> None:
    """Within a tenth of a second (`delivery`) everything goes to this address only. Raises ValveRefused.

    What leaves so has left: its reader never gets it.
    """
    try:
        Party(address)
    except AddressRefused as refused:
        raise ValveRefused(_("An diese Adresse kann keine Mail gehen. Bitte prüfen Sie die Schreibweise.")) from refused
    with transaction.atomic():
        Installation.objects.get_or_create(pk=1)
        if not Installation.objects.filter(pk=1, test_address="").update(test_address=address):
            raise ValveRefused(_("Der Testbetrieb läuft schon. Beenden Sie ihn erst."))
        journal.record("mail.test_begun", Installation(pk=1), at=at, by=by)


def end_test(*, by: Person, at: dt.datetime) -> None:
    """Mail goes to its readers again, also what waits. Raises ValveRefused."""
    with transaction.atomic():
        if not Installation.objects.filter(pk=1).exclude(test_address="").update(test_address=""):
            raise ValveRefused(_("Der Testbetrieb ist schon beendet."))
        journal.record("mail.test_ended", Installation(pk=1), at=at, by=by)
