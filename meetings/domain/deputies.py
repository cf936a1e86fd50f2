"""Somebody named by name and address is asked first: invited only after saying yes.

Whoever is on record as deputy needs no question (`answers.name_deputy`), nor does somebody the Fachstelle spoke to.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from buendnisse.clock import end_of, local_date
from buendnisse.domain.forgetting import NO_DOUBLE
from buendnisse.enums import Office, Via
from buendnisse.models import Membership, Person
from buendnisse.models.person import PersonQuerySet
from meetings.domain import answers, deputy_requests
from meetings.domain.answers import AnswerRefused, DeputyRefused
from meetings.domain.moves import may_move
from meetings.enums import Answer, DeputyRequestState, Happened, MeetingState
from meetings.models import Attendance, DeputyRequest, Meeting
from meetings.models.deputy_request import DeputyRequestQuerySet

#: How long somebody may think about it. Longer, and the member has no time left to find another.
EXPIRES_AFTER = dt.timedelta(days=14)
#: So many people a member may ask for one meeting: our mail is not for writing to strangers.
MOST_ASKED = 5
#: How long the name and address of somebody who never said yes are kept, so that the last mail can still be written.
KEPT = dt.timedelta(days=1)


def ask(
    attendance: Attendance,
    *,
    first_name: str,
    last_name: str,
    email: str,
    via: str,
    by: Person | None,
    at: dt.datetime,
) -> DeputyRequest | Attendance:
    """Ask somebody by mail to stand in; until the answer the member counts as not coming, "Vertretung angefragt".

    Somebody on record as deputy is named at once: then the row of who stands in comes back. Asking the same person
    again changes nothing. Raises DeputyRefused, AnswerRefused.
    """
    answers.require_answerable(attendance, at)
    answers.require_member(attendance)
    facts = {"first_name": first_name, "last_name": last_name, "email": email}
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=attendance.meeting_id)  # one question at a time
        person = answers.one_off_deputy(attendance, **facts)
        named = answers.deputy_of(attendance)
        if named is not None and named.person_id == person.pk:
            return named
        if person in answers.standing_deputies(attendance):
            return answers.name_deputy(attendance, person=person, via=via, by=by, at=at)
        before = deputy_requests.open_of(attendance)
        if before is not None and before.person_id == person.pk:
            return before
        answers.require_free(attendance, person)
        _require_not_asked(attendance, person)
        if named is not None:
            answers.dismiss(named, attendance, via=via, by=by, at=at)
        deputy_requests.withdraw_open(attendance, via=via, by=by, at=at)
        request = DeputyRequest.objects.create(
            attendance=attendance,
            person=person,
            asked_at=at,
            expires_at=min(end_of(local_date(at) + EXPIRES_AFTER), attendance.meeting.start),
        )
        answers.write(attendance, answer=Answer.DECLINED, via=via, at=at, comment=attendance.comment)
        deputy_requests.record(Happened.DEPUTY_ASKED, request, via=via, by=by, at=at)
    return request


def how_it_stands(deputy: Attendance) -> str:
    """Whether somebody comes for the member, to the member: who is on record is invited at once and answers for themself."""
    sentence = {
        Answer.PENDING: _("%s ist als Ihre Vertretung eingeladen."),
        Answer.TENTATIVE: _("%s ist als Ihre Vertretung eingeladen und kommt vielleicht."),
        Answer.DECLINED: _("%s kann Sie nicht vertreten. Sie können jemand anderen nennen."),
    }.get(Answer(deputy.answer), _("%s kommt für Sie."))
    return sentence % deputy.person.full_name


def confirm(request: DeputyRequest, *, via: str, by: Person | None, at: dt.datetime) -> Attendance:
    """Yes: from now on as with any deputy. Also after a no, while nobody else was found. Raises AnswerRefused."""
    attendance = request.attendance
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=attendance.meeting_id)
        request.refresh_from_db()
        attendance.refresh_from_db(fields=["answer", "is_asked", "version"])
        there = answers.deputy_of(attendance) if request.state == DeputyRequestState.CONFIRMED else None
        if there is not None and there.person_id == request.person_id:
            return there
        if not may_be_confirmed(request, at=at):
            raise AnswerRefused(why_over(request, at=at))
        deputy_requests.end(request, to=DeputyRequestState.CONFIRMED, via=via, by=by, at=at)
        row = answers.name_deputy(attendance, person=request.person, via=via, by=by, at=at)
        answers.write(row, answer=Answer.ACCEPTED, via=via, at=at, comment="")
    return row


def decline(request: DeputyRequest, *, via: str, by: Person | None, at: dt.datetime) -> None:
    """No: the member is told and may ask somebody else. Again, nothing happens. Raises AnswerRefused."""
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=request.attendance.meeting_id)
        request.refresh_from_db()
        if request.state == DeputyRequestState.DECLINED:
            return
        if not is_open(request, at=at):
            raise AnswerRefused(why_over(request, at=at))
        deputy_requests.end(request, to=DeputyRequestState.DECLINED, via=via, by=by, at=at)


def expire(*, at: dt.datetime) -> int:
    """End what nobody answered in time; the number of requests."""
    return _end_all(DeputyRequest.objects.open().filter(expires_at__lte=at), to=DeputyRequestState.EXPIRED, at=at)


def end_of_cancelled(meeting: Meeting, *, at: dt.datetime) -> int:
    """Nobody needs to stand in at a meeting that is off for good; the number of requests.

    Not before: a cancellation can be taken back while its mail waits, and then the questions stand as before.
    """
    rows = DeputyRequest.objects.open().filter(attendance__meeting=meeting)
    return _end_all(rows, to=DeputyRequestState.WITHDRAWN, at=at)


def cancelled_meetings() -> list[Meeting]:
    """Those that still have open requests."""
    rows = DeputyRequest.objects.open().filter(attendance__meeting=OuterRef("pk"))
    return list(Meeting.objects.filter(Exists(rows), state=MeetingState.CANCELLED).order_by("pk"))


def _end_all(rows: DeputyRequestQuerySet, *, to: DeputyRequestState, at: dt.datetime) -> int:
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            stored = DeputyRequest.objects.open().select_for_update().filter(pk=pk).first()
            if stored is None:
                continue
            request = DeputyRequest.objects.select_related("attendance__meeting__alliance").get(pk=pk)
            deputy_requests.end(request, to=to, via=Via.RULE, by=None, at=at)
            done += 1
    return done


def is_open(request: DeputyRequest, *, at: dt.datetime) -> bool:
    """Whether the person may still answer."""
    meeting = request.attendance.meeting
    waits = request.state == DeputyRequestState.ASKED and at < request.expires_at
    return waits and answers.is_open(meeting, at)


def may_be_confirmed(request: DeputyRequest, *, at: dt.datetime) -> bool:
    """Open, or refused and the member has nobody else."""
    if request.state == DeputyRequestState.ASKED:
        return is_open(request, at=at)
    member = request.attendance
    is_free = member.answer == Answer.DECLINED and answers.deputy_of(member) is None
    is_free = is_free and deputy_requests.open_of(member) is None
    possible = may_move(request, to=DeputyRequestState.CONFIRMED) and answers.is_open(member.meeting, at)
    return possible and is_free


def why_over(request: DeputyRequest, *, at: dt.datetime) -> str:
    """Why the question is not asked any longer, to the one who was asked."""
    meeting = request.attendance.meeting
    if meeting.state == MeetingState.CANCELLED:
        return _("Diese Sitzung fällt aus. Sie müssen nichts tun.")
    if not answers.is_open(meeting, at):
        return _("Die Sitzung hat schon begonnen. Sie müssen nichts mehr tun.")
    if request.state == DeputyRequestState.WITHDRAWN:
        return _("Die Vertretung wird nicht mehr gebraucht. Vielen Dank, dass Sie bereit waren.")
    if request.state == DeputyRequestState.CONFIRMED:
        return _("Sie haben schon zugesagt. Bitte rufen Sie uns an, wenn sich etwas ändert.")
    if request.state == DeputyRequestState.DECLINED:
        return _("Inzwischen ist jemand anderes gefunden. Sie müssen nichts mehr tun.")
    return _("Diese Anfrage ist abgelaufen. Bitte rufen Sie uns an, wenn Sie doch kommen können.")


def is_known_otherwise(person: Person) -> bool:
    """Whether we keep this person's name and address whatever the answer: who belongs or belonged somewhere, or signs in."""
    kept = person.may_sign_in or person.office != Office.NONE
    belongs = Membership.objects.filter(person=person).exists() or Attendance.objects.filter(person=person).exists()
    return kept or belongs or person.action_items.exists()


def never_confirmed(*, at: dt.datetime) -> PersonQuerySet:
    """People known only from requests they did not accept, the last of which ended a day ago."""
    person = OuterRef("pk")
    requests = DeputyRequest.objects.filter(person=person)
    recent = requests.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at - KEPT))
    known = Exists(Membership.objects.filter(person=person)) | Exists(Attendance.objects.filter(person=person))
    rows: PersonQuerySet = Person.objects.filter(
        NO_DOUBLE,
        Exists(requests),
        forgotten_at__isnull=True,
        office=Office.NONE,
        may_sign_in=False,
        action_items__isnull=True,
    )
    return rows.exclude(Exists(recent)).exclude(known).order_by("pk")


def _require_not_asked(attendance: Attendance, person: Person) -> None:
    here = DeputyRequest.objects.filter(attendance__meeting=attendance.meeting_id)
    if here.open().filter(person=person).exists():
        raise DeputyRefused(_("%s ist schon von jemand anderem um Vertretung gebeten.") % person.full_name)
    if here.filter(attendance=attendance).count() >= MOST_ASKED:
        raise DeputyRefused(_("Sie haben schon mehrere Personen gefragt. Bitte rufen Sie uns an, wir helfen Ihnen."))
