"""What the agenda and the list of people did not foresee: an item by consent, one that is put off, a guest at the door."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.enums import MailFormat, Role, Via
from buendnisse.models import Organisation, Person
from meetings.domain import agenda, agenda_order, session, standing
from meetings.domain.agenda_rules import OPEN_MEETINGS, TooLate, title_of
from meetings.enums import AgendaItemState, Happened, MeetingState
from meetings.models import AgendaItem, Attendance, Meeting


class OnTheList(Exception):
    """Somebody entered as a guest belongs to the meeting. `str()` is a German sentence."""


def add_item(
    meeting: Meeting,
    *,
    title: str,
    kind: str,
    minutes: int,
    presenter: Person | None,
    by: Person,
    at: dt.datetime,
    form_key: uuid.UUID,
    via: str = Via.WEB,
) -> AgendaItem:
    """A Nachtrags-TOP, taken up by those present; behind the other topics, before the closing frame.

    Municipal practice: the agenda is extended in session only with the consent of those present. The same `form_key`
    again gives the same item. Raises TooLate, what `title_of` raises.
    """
    title = title_of(title)
    with transaction.atomic():
        stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
        known = AgendaItem.objects.filter(form_key=form_key, meeting=stored).first()
        if known is not None:
            return known
        if stored.state != MeetingState.IN_SESSION:
            raise TooLate(_("Die Sitzung läuft nicht. Ein Nachtrags-TOP entsteht nur, während sie läuft."))
        item = AgendaItem.objects.create(
            alliance=meeting.alliance,
            meeting=stored,
            kind=kind,
            title=title,
            duration_minutes=minutes,
            presenter=presenter,
            submitted_at=at,
            submitted_via=via,
            is_late=True,
            state=AgendaItemState.SCHEDULED,
            form_key=form_key,
        )
        agenda_order.place(item)
        journal.record(
            Happened.ITEM_SCHEDULED,
            item,
            at=at,
            by=by,
            via=via,
            body=meeting.alliance,
            reason="in_session",
            data={"meeting": stored.pk},
        )
    return item


def put_off(item: AgendaItem, *, reason: str, by: Person, at: dt.datetime) -> AgendaItem:
    """Put the open item off to the next meeting that still takes topics, else to the Themenspeicher; the one that goes on.

    Raises ReasonMissing, MoveRefused.
    """
    following = standing.meeting_after(item.meeting) if item.meeting else None
    takes_it = following is not None and following.state in OPEN_MEETINGS and following.start > at
    return agenda.defer(item, to=following if takes_it else None, reason=reason, by=by, at=at)


def welcome(
    meeting: Meeting,
    *,
    first_name: str,
    last_name: str,
    organisation: Organisation,
    channel: str,
    by: Person,
    at: dt.datetime,
    form_key: uuid.UUID,
) -> Attendance:
    """A guest nobody expected: known by name in that organisation, or new, without address, account or mail.

    A double tap (the same `form_key`) is one guest. Raises OnTheList, MinutesFrozen, NotInSession.
    """
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)  # first: a double tap waits here
        named = {"first_name__iexact": first_name.strip(), "last_name__iexact": last_name.strip()}
        person: Person | None = Person.objects.filter(organisation=organisation, **named).order_by("pk").first()
        if person is None:
            person = Person.objects.create(
                handle=form_key.hex,
                first_name=first_name.strip(),
                last_name=last_name.strip(),
                organisation=organisation,
                mail_format=MailFormat.NONE,
            )
        if Attendance.objects.filter(meeting=meeting, person=person).exclude(role=Role.GUEST).exists():
            raise OnTheList(_("%s steht schon in der Liste.") % person.full_name)
        return session.record_guest(meeting, person=person, channel=channel, by=by, at=at)
