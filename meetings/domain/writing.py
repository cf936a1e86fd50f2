"""One writer at the desk of a running meeting: whoever comes first, until somebody takes over or nobody writes.

The lease is short and renews itself while the desk is open. It keeps two people from typing into each other's
text; what was typed is safe without it, since every text carries its version.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.clock import local
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import open_minutes
from meetings.enums import Happened, MeetingState
from meetings.models import AgendaItem, Meeting, SessionDesk

#: How long a desk that says nothing any longer keeps others from writing.
LEASE = dt.timedelta(minutes=2)
#: A closed window: time enough for the next page of the same window to open.
PARTING = dt.timedelta(seconds=10)


class SomebodyWrites(Exception):
    """Another person, or another window, writes at this desk. `str()` says who since when, and what to do."""

    def __init__(self, desk: SessionDesk, *, by: Person) -> None:
        self.writer = desk.writer
        self.since = desk.since
        self.is_self = desk.writer_id == by.pk
        super().__init__(_who(desk, by=by) + " " + str(_("Mit „Übernehmen“ schreiben Sie hier weiter.")))


def current(meeting: Meeting) -> SessionDesk | None:
    """The desk with its writer and item; None where nobody has written yet."""
    return SessionDesk.objects.select_related("writer", "item").filter(meeting=meeting).first()


def holder(desk: SessionDesk | None, *, by: Person, at: dt.datetime) -> SomebodyWrites | None:
    """Who keeps `by` from writing at `at`, as far as a page can know that does not know its window."""
    if desk is None or desk.writer_id in {None, by.pk} or not _holds(desk, at):
        return None
    return SomebodyWrites(desk, by=by)


def claim(
    meeting: Meeting,
    *,
    by: Person,
    at: dt.datetime,
    window: str = "",
    item: AgendaItem | None = None,
    take_over: bool = False,
    via: str = Via.WEB,
) -> SessionDesk:
    """Become the writer, or stay it; `item` is what one has open. With `take_over` whoever writes has to make way.

    Who takes over from somebody stands in the journal; the quiet renewals do not. Raises SomebodyWrites, NotInSession.
    """
    with transaction.atomic():
        if Meeting.objects.values_list("state", flat=True).get(pk=meeting.pk) != MeetingState.IN_SESSION:
            raise open_minutes.NotInSession(_("Die Sitzung läuft nicht. Mitgeschrieben wird nur, solange sie läuft."))
        SessionDesk.objects.get_or_create(meeting=meeting)
        desk = SessionDesk.objects.select_related("writer").select_for_update(of=["self"]).get(meeting=meeting)
        is_mine = desk.writer_id == by.pk and desk.window in {window, ""}
        if not is_mine and _holds(desk, at):
            if not take_over:
                raise SomebodyWrites(desk, by=by)
            journal.record(Happened.MEETING_WRITER_CHANGED, meeting, at=at, by=by, via=via, body=meeting.alliance)
        if not is_mine or desk.since is None:
            desk.writer, desk.since = by, at
        desk.window, desk.held_until = window, at + LEASE
        if item is not None:
            desk.item = item
        desk.save()
    return desk


def may_write(
    meeting: Meeting, *, by: Person, at: dt.datetime, window: str = "", item: AgendaItem | None = None
) -> None:
    """Before the desk writes: while the meeting runs, one has to be its writer; afterwards versions are enough.

    Raises SomebodyWrites.
    """
    if meeting.state == MeetingState.IN_SESSION:
        claim(meeting, by=by, at=at, window=window, item=item)


def leave(meeting: Meeting, *, by: Person, at: dt.datetime, window: str = "") -> None:
    """The window was closed: in a moment anybody may write. Of somebody else's desk nothing changes."""
    mine = SessionDesk.objects.filter(meeting=meeting, writer=by, window=window)
    mine.filter(held_until__gt=at + PARTING).update(held_until=at + PARTING)


def _holds(desk: SessionDesk, at: dt.datetime) -> bool:
    return desk.writer_id is not None and desk.held_until is not None and desk.held_until > at


def _who(desk: SessionDesk, *, by: Person) -> str:
    since = f"{local(desk.since):%H:%M}" if desk.since else ""
    if desk.writer is None or desk.writer_id == by.pk:
        return str(_("Sie schreiben seit %(since)s Uhr in einem anderen Fenster.") % {"since": since})
    said = _("%(name)s schreibt seit %(since)s Uhr.")
    return str(said % {"name": desk.writer.full_name, "since": since})
