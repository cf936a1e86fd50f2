"""Who is asked, what they answered, who stands in for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.domain import journal
from buendnisse.enums import Role, Via
from buendnisse.models import Alliance, Membership, Person
from meetings.domain import calendar_days, deputy_requests, reminder_rules
from meetings.enums import COMING, Answer, Happened, MeetingState
from meetings.models import Attendance, DeputyRequest, Meeting

#: Until the meeting begins people may answer, and change their minds.
ANSWERABLE = frozenset(
    {MeetingState.CONFIRMED, MeetingState.CALL_OPEN, MeetingState.AGENDA_CLOSED, MeetingState.INVITED}
)
_FIRST_ROLES = [Role.CHAIR, Role.DEPUTY_CHAIR, Role.MEMBER, Role.GUEST]


class AnswerRefused(Exception):
    """The answer cannot be taken; `str()` is a German sentence."""


class DeputyRefused(AnswerRefused):
    """This person cannot stand in; `str()` is a German sentence."""


@dataclass(frozen=True)
class Summary:
    """How many answered what. Deputies who come count as coming; whoever they stand in for as represented."""

    asked: int = 0
    on_site: int = 0
    online: int = 0
    tentative: int = 0
    declined: int = 0
    represented: int = 0
    requested: int = 0
    pending: int = 0

    @property
    def coming(self) -> int:
        return self.on_site + self.online

    @property
    def sentence(self) -> str:
        """ "12 kommen, davon 3 online. 2 kommen vielleicht, 3 haben noch nicht geantwortet." """
        if not self.asked:
            return _("Noch ist niemand eingeladen.")
        first = _come(self.coming) + (_(", davon %d online") % self.online if self.online and self.coming > 1 else "")
        rest = [
            _some(self.represented, _("lässt sich vertreten"), _("lassen sich vertreten")),
            _some(self.requested, _("hat eine Vertretung angefragt"), _("haben eine Vertretung angefragt")),
            _some(self.tentative, _("kommt vielleicht"), _("kommen vielleicht")),
            _some(self.declined, _("kommt nicht"), _("kommen nicht")),
            _some(self.pending, _("hat noch nicht geantwortet"), _("haben noch nicht geantwortet")),
        ]
        return german.sentences(first, ", ".join(part for part in rest if part))


def call_roll(meeting: Meeting) -> int:
    """Give everybody who is asked a row; the number of new ones. Again, it adds who joined since."""
    rows = missing_rows([meeting])
    Attendance.objects.bulk_create(rows)
    return len(rows)


def missing_rows(meetings: Sequence[Meeting]) -> list[Attendance]:
    """The rows `call_roll` would store for these meetings, with person and organisation. Two queries."""
    here = set(Attendance.objects.filter(meeting__in=meetings).values_list("meeting_id", "person_id"))
    asked = Membership.objects.filter(body__in={meeting.alliance_id for meeting in meetings}).asked()
    members = sorted(
        asked.select_related("person__organisation", "organisation"), key=lambda row: _FIRST_ROLES.index(Role(row.role))
    )
    rows: dict[tuple[int, int], Attendance] = {}
    for meeting in meetings:
        day = local_date(meeting.start)
        for member in members:
            left = member.person.active_until is not None and member.person.active_until < day
            key = (meeting.pk, member.person_id)
            if member.body_id != meeting.alliance_id or not member.is_active_on(day) or left or key in here:
                continue
            row = Attendance(meeting=meeting, person=member.person, organisation=member.organisation, role=member.role)
            rows.setdefault(key, row)
    return list(rows.values())


def of(meeting: Meeting, person: Person) -> Attendance | None:
    """This person's row, with the deputy and whom they stand in for."""
    rows = Attendance.objects.select_related("stands_in_for__person", "deputy__person", "organisation")
    return rows.filter(meeting=meeting, person=person).first()


def answer(
    attendance: Attendance,
    *,
    answer: Answer,
    via: str,
    by: Person | None,
    at: dt.datetime,
    comment: str = "",
) -> bool:
    """Take an answer; False if it stood there already. Who comes after all takes the deputy back. Raises AnswerRefused.

    What a calendar said is said anew by whoever says it themselves: whose calendar it was may be in doubt.
    """
    meeting = attendance.meeting
    with transaction.atomic():
        hold(attendance, at=at)
        if answer == Answer.ACCEPTED_ONLINE and not meeting.has_online:
            raise AnswerRefused(_("Diese Sitzung findet nur vor Ort statt."))
        same = attendance.answer == answer and attendance.comment == comment
        is_by_oneself = attendance.answered_via == Via.CALENDAR and via != Via.CALENDAR
        if same and not attendance.answer_is_for_earlier_date and not is_by_oneself:
            return False
        if answer != Answer.DECLINED:
            deputy_requests.withdraw_open(attendance, via=via, by=by, at=at)
            if (deputy := deputy_of(attendance)) is not None:
                dismiss(deputy, attendance, via=via, by=by, at=at)
        write(attendance, answer=answer, via=via, at=at, comment=comment)
        data = {"meeting": meeting.pk, "person": attendance.person_id}  # not the answer: that is forgotten one day
        journal.record(
            Happened.ATTENDANCE_ANSWERED, attendance, at=at, by=by, via=via, body=meeting.alliance, data=data
        )
    return True


def standing_deputies(attendance: Attendance) -> list[Person]:
    """Deputies on record of the same organisation, one tap away. A guest or a deputy has none."""
    if attendance.role == Role.GUEST or attendance.stands_in_for_id is not None:
        return []
    rows = (
        Membership.objects.filter(
            body_id=attendance.meeting.alliance_id, organisation_id=attendance.organisation_id, role=Role.DEPUTY
        )
        .active_on(local_date(attendance.meeting.start))
        .exclude(person_id=attendance.person_id)
        .select_related("person")
        .order_by("person__last_name", "person_id")
    )
    return [row.person for row in rows]


def one_off_deputy(attendance: Attendance, *, first_name: str, last_name: str, email: str) -> Person:
    """The person named for this once: known by name and address in that organisation, or new and without account.

    An entry that was merged into another is that one.
    """
    named = Person.objects.filter(
        organisation_id=attendance.organisation_id, first_name__iexact=first_name, last_name__iexact=last_name
    )
    named = named.select_related("merged_into").order_by("pk")
    known: Person | None = (named.filter(email__iexact=email) if email else named).first()
    if known is None:
        known = Person(
            first_name=first_name, last_name=last_name, email=email, organisation_id=attendance.organisation_id
        )
        known.save()
    return known.merged_into or known


def name_deputy(
    attendance: Attendance,
    *,
    person: Person | None = None,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    via: str,
    by: Person | None,
    at: dt.datetime,
) -> Attendance:
    """Somebody else comes: a deputy on record, or anyone by name and address. Naming the same one again changes nothing.

    The deputy is invited, and the member's entry is taken out of the calendar. Raises DeputyRefused.
    """
    with transaction.atomic():
        hold(attendance, at=at)
        require_member(attendance)
        deputy = person or one_off_deputy(attendance, first_name=first_name, last_name=last_name, email=email)
        current = deputy_of(attendance)
        if current is not None and current.person_id == deputy.pk:
            return current
        row = require_free(attendance, deputy)
        deputy_requests.withdraw_open(attendance, via=via, by=by, at=at)
        if current is not None:
            dismiss(current, attendance, via=via, by=by, at=at)
        row = row or Attendance(meeting_id=attendance.meeting_id, person=deputy, role=Role.DEPUTY)
        row.organisation_id = attendance.organisation_id
        row.stands_in_for = attendance
        row.is_asked, row.answer, row.answered_via, row.answered_at = True, Answer.PENDING, "", None
        row.answer_is_for_earlier_date, row.comment = False, ""
        row.save()
        write(attendance, answer=Answer.DECLINED, via=via, at=at, comment=attendance.comment)
        _record_deputy(Happened.ATTENDANCE_DEPUTY_NAMED, attendance, row, via=via, by=by, at=at)
    return row


def require_member(attendance: Attendance) -> None:
    """Raises DeputyRefused for guests and for those who stand in themselves."""
    if attendance.stands_in_for_id is not None:
        raise DeputyRefused(_("Sie vertreten selbst jemanden. Eine Vertretung kann nur das Mitglied nennen."))
    if attendance.role == Role.GUEST:
        raise DeputyRefused(_("Eine Vertretung kann nur nennen, wer selbst Mitglied ist."))


def require_free(attendance: Attendance, person: Person) -> Attendance | None:
    """The row this person has at the meeting already, not asked now. Raises DeputyRefused for who comes anyway."""
    row = Attendance.objects.filter(meeting_id=attendance.meeting_id, person=person).first()
    if person.pk == attendance.person_id or (row is not None and row.is_asked):
        busy = row is not None and row.stands_in_for_id is not None
        text = _("%(name)s vertritt schon jemand anderen.") if busy else _("%(name)s ist selbst eingeladen.")
        raise DeputyRefused(text % {"name": person.full_name})
    return row


def withdraw_deputy(attendance: Attendance, *, via: str, by: Person | None, at: dt.datetime) -> None:
    """The member is asked again, the deputy no longer, nor who was asked to be. Raises AnswerRefused."""
    with transaction.atomic():
        hold(attendance, at=at)
        deputy = deputy_of(attendance)
        if not deputy_requests.withdraw_open(attendance, via=via, by=by, at=at) and deputy is None:
            raise AnswerRefused(_("Es ist keine Vertretung benannt."))
        if deputy is not None:
            dismiss(deputy, attendance, via=via, by=by, at=at)
        write(attendance, answer=Answer.PENDING, via="", at=None, comment=attendance.comment)


def take_deputies_back(meeting: Meeting, *, via: str, by: Person | None, at: dt.datetime) -> None:
    """Nobody stands in any longer: for a meeting that moves, each member answers for the new date."""
    rows = Attendance.objects.select_related("meeting__alliance").filter(meeting=meeting)
    open_requests = DeputyRequest.objects.open().filter(attendance__meeting=meeting)
    waiting = Q(deputy__isnull=False) | Q(pk__in=open_requests.values("attendance"))
    for row in rows.filter(waiting).order_by("pk"):
        withdraw_deputy(row, via=via, by=by, at=at)


def deputy_of(attendance: Attendance) -> Attendance | None:
    """The row of whoever stands in for this one."""
    return Attendance.objects.filter(stands_in_for=attendance).select_related("person").first()


def summary(meeting: Meeting) -> Summary:
    """How many answered what; one query, and none where only the numbers are left."""
    if meeting.answer_counts is not None:
        return Summary(**meeting.answer_counts)
    return summarise(Attendance.objects.filter(meeting=meeting, is_asked=True).with_requests())


def summarise(rows: object) -> Summary:
    """Count rows of one meeting that are asked. An answer to an earlier date is none."""
    asked = [row for row in rows if row.is_asked]  # type: ignore[attr-defined]
    represented = {row.stands_in_for_id for row in asked if row.stands_in_for_id is not None and not _is_no(row)}
    counts = dict.fromkeys(Answer.values, 0)
    requested = 0
    for row in asked:
        if row.stands_in_for_id is not None and _is_no(row):
            continue  # in vain: the member's own no counts
        if row.has_open_request and row.answer == Answer.DECLINED and not row.answer_is_for_earlier_date:
            requested += 1
        elif row.pk not in represented:
            counts[Answer.PENDING if row.answer_is_for_earlier_date else row.answer] += 1
    return Summary(
        asked=len(asked),
        on_site=counts[Answer.ACCEPTED],
        online=counts[Answer.ACCEPTED_ONLINE],
        tentative=counts[Answer.TENTATIVE],
        declined=counts[Answer.DECLINED],
        represented=len(represented),
        requested=requested,
        pending=counts[Answer.PENDING],
    )


def _is_no(row: Attendance) -> bool:
    return row.answer == Answer.DECLINED and not row.answer_is_for_earlier_date


def answer_until(meeting: Meeting) -> dt.date:
    """The day answers are asked for in letters, and on which those without one are asked again; by rule three days before.

    A working day, that one or the last before: nobody is reminded at a weekend. A wish, not an end: until the beginning all is taken.
    """
    return calendar_days.working_day_until(local_date(meeting.start) - reminder_rules.days("answer_before"))


def hold(attendance: Attendance, *, at: dt.datetime) -> None:
    """One answer at a time for a meeting, until the transaction ends: a tap here and a call there do not cross.

    Raises AnswerRefused where none is taken any more.
    """
    hold_meetings(attendance.meeting_id)
    fields = ["answer", "answered_via", "comment", "answer_is_for_earlier_date", "is_asked", "version"]
    attendance.refresh_from_db(fields=fields)
    require_answerable(attendance, at)


def hold_meetings(*numbers: int | None) -> None:
    """Whoever writes an answer takes the meeting before any other row, as a move does, and reads what it needs then."""
    wanted = {number for number in numbers if number is not None}
    list(Meeting.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))


def is_open(meeting: Meeting, at: dt.datetime) -> bool:
    """Whether answers are still taken."""
    return meeting.state in ANSWERABLE and at < meeting.start


def require_answerable(attendance: Attendance, at: dt.datetime) -> None:
    """Raises AnswerRefused where no answer is taken from this person any more."""
    meeting = attendance.meeting
    if meeting.state == MeetingState.CANCELLED:
        raise AnswerRefused(_("Diese Sitzung fällt aus. Sie müssen nicht antworten."))
    if not is_open(meeting, at):
        raise AnswerRefused(_("Die Sitzung hat schon begonnen. Bitte rufen Sie uns an."))
    if not attendance.is_asked:
        raise AnswerRefused(_("Sie sind zu dieser Sitzung nicht mehr eingeladen."))


def write(attendance: Attendance, *, answer: str, via: str, at: dt.datetime | None, comment: str) -> None:
    fields = {
        "answer": answer,
        "answered_via": via,
        "answered_at": at,
        "comment": comment,
        "answer_is_for_earlier_date": False,
    }
    Attendance.objects.filter(pk=attendance.pk).update(version=F("version") + 1, **fields)
    for name, value in fields.items():
        setattr(attendance, name, value)
    attendance.version += 1


def dismiss(deputy: Attendance, member: Attendance, *, via: str, by: Person | None, at: dt.datetime) -> None:
    Attendance.objects.filter(pk=deputy.pk).update(
        stands_in_for=None, is_asked=False, answer=Answer.PENDING, answered_at=None, version=F("version") + 1
    )
    _record_deputy(Happened.ATTENDANCE_DEPUTY_WITHDRAWN, member, deputy, via=via, by=by, at=at)


def _record_deputy(
    verb: str, member: Attendance, deputy: Attendance, *, via: str, by: Person | None, at: dt.datetime
) -> None:
    data = {"meeting": member.meeting_id, "person": member.person_id, "deputy": deputy.person_id}
    journal.record(verb, member, at=at, by=by, via=via, body=member.meeting.alliance, data=data)


def _come(number: int) -> str:
    if number == 0:
        return _("Noch hat niemand zugesagt")
    return _("Eine Person kommt") if number == 1 else _("%d kommen") % number


def _some(number: int, one: str, many: str) -> str:
    if number == 0:
        return ""
    return f"{_('eine Person') if number == 1 else number} {one if number == 1 else many}"


def coming_in_words(counts: Summary) -> str:
    """ "zehn vor Ort, drei online", or nothing where nobody comes online."""
    if not counts.online:
        return ""
    return _("%(on_site)s vor Ort, %(online)s online") % {
        "on_site": german.in_words(counts.on_site),
        "online": german.in_words(counts.online),
    }


def so_far(counts: Summary) -> str:
    """ "Bisher kommen 14: zehn vor Ort, vier online.", or nothing while nobody does."""
    if counts.coming == 0:
        return ""
    start = _("Bisher kommt eine Person") if counts.coming == 1 else _("Bisher kommen %d") % counts.coming
    detail = coming_in_words(counts) if counts.coming > 1 else ""
    return f"{start}: {detail}." if detail else f"{start}."


def is_coming(attendance: Attendance) -> bool:
    return attendance.answer in COMING and not attendance.answer_is_for_earlier_date


def would_be_asked(alliance: Alliance, day: dt.date) -> int:
    """How many people a meeting on `day` would ask."""
    members = Membership.objects.filter(body=alliance).active_on(day).asked()
    return members.values("person").distinct().count()
