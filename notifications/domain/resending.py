"""The invitation once more to one person, by the Fachstelle's hand; taken back while it has not left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.models import Change, Person
from meetings.domain import answers
from meetings.enums import MeetingState
from meetings.models import Attendance, Meeting
from notifications.domain import invitations
from notifications.enums import STILL_HERE, CalendarMethod, MailKind, OutboxState
from notifications.models import Dispatch, Invitation, OutboxMessage

RESENT = "invitation.resent"


class NotResent(Exception):
    """It cannot be sent again, or not be taken back; `str()` is a German sentence."""


def resend(row: Attendance, *, by: Person, at: dt.datetime) -> None:
    """The current REQUEST leaves after the minute of grace: same UID and SEQUENCE, the answer as it is stored.

    RFC 5546 section 3.2.2.2. Raises NotResent.
    """
    if why := why_not(row, at=at):
        raise NotResent(why)
    with transaction.atomic():
        data = {"meeting": row.meeting_id, "person": row.person_id}
        journal.record(RESENT, row, at=at, by=by, body=row.meeting.alliance, data=data)


def take_back(row: Attendance, *, by: Person, at: dt.datetime) -> None:
    """It does not leave after all. Raises NotResent."""
    change = Change.objects.of(row).filter(verb=RESENT).order_by("-pk").first()
    if change is None:
        raise NotResent(_("Es wartet keine Einladung."))
    with transaction.atomic():
        _dispatch, is_untold = Dispatch.objects.get_or_create(change=change, defaults={"at": at})
        mails = OutboxMessage.objects.filter(occasion=f"{MailKind.REQUEST_AGAIN}:{change.pk}")
        done = mails.filter(state__in=STILL_HERE).update(state=OutboxState.SUPERSEDED, is_held=False)
        if mails.may_have_arrived().exists():
            raise NotResent(_("Die Einladung ist schon unterwegs."))
        if not done and not is_untold:
            raise NotResent(_("Es wartet keine Einladung."))
        journal.record("invitation.resend_taken_back", row, at=at, by=by, body=row.meeting.alliance)


def why_not(row: Attendance, *, at: dt.datetime) -> str:
    """Why this person cannot be sent the invitation again; empty where they can. Three queries at most."""
    if row.meeting.state == MeetingState.CANCELLED:
        return _("Die Sitzung fällt aus.")
    if not answers.is_open(row.meeting, at):
        return _("Die Sitzung hat schon begonnen.")
    if not row.is_asked:
        return _("Diese Person ist nicht eingeladen.")
    if invitations.has_deputy(row):
        return _("Für diese Person kommt eine Vertretung.")
    return _why_no_mail(row)


def entered(meeting: Meeting, *, at: dt.datetime) -> Mapping[int, dt.datetime | None]:
    """Who was sent the invitation and when, arrived or not, while it may be sent again; nobody else is offered it.

    One query.
    """
    if not answers.is_open(meeting, at):
        return {}
    rows = Invitation.objects.filter(meeting=meeting.pk, last_method=CalendarMethod.REQUEST)
    return dict(rows.values_list("person", "last_frozen_at"))


def ordered(meeting: Meeting) -> frozenset[int]:
    """Who is about to be sent it once more, while that mail is not even written. One query."""
    subject = {"subject_type": Attendance._meta.model_name, "subject_id__in": meeting.attendance.values("pk")}
    rows = Change.objects.filter(verb=RESENT, dispatch__isnull=True, **subject)
    return frozenset(data["person"] for data in rows.values_list("data", flat=True))


def _why_no_mail(row: Attendance) -> str:
    if not row.person.wants_mail:
        return _("Diese Person bekommt keine E-Mail von uns.")
    if row.person.mail_comes_back:
        return _("Mails an %s kommen zurück. Bitte prüfen Sie zuerst die Adresse.") % row.person.email
    entries = Invitation.objects.filter(meeting=row.meeting_id, person=row.person_id)
    if not entries.filter(last_method=CalendarMethod.REQUEST).exists():
        return _("Diese Person hat noch keine Einladung bekommen.")
    matter = invitations.matter(row.meeting_id)
    waiting = OutboxMessage.objects.filter(person=row.person_id, matter=matter, state=OutboxState.WAITING)
    if waiting.exists() or row.person_id in ordered(row.meeting):
        return _("An diese Person wartet schon eine Mail zu dieser Sitzung.")
    return ""
