"""What somebody said on the telephone or by mail, entered on top of what was read, and taken back again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Person
from meetings.domain import answers, deputy_requests
from meetings.domain.versions import Stale
from meetings.enums import Answer, Happened
from meetings.models import Attendance

#: What a row says that an entry writes over.
_SAID = ("answer", "answered_via", "comment", "answer_is_for_earlier_date")

#: What stood there before an entry, for `take_back`: numbers, codes and dates, fit for a session.
Before = dict[str, Any]


def enter(
    attendance: Attendance,
    *,
    answer: Answer,
    comment: str,
    deputy: Mapping[str, Any] | None,
    version: int | None,
    by: Person | None,
    at: dt.datetime,
    via: str = Via.PHONE,
) -> Before | None:
    """Enter an answer, or with `deputy` (first and last name, address) who comes instead.

    `version` is the one the Fachstelle has read, `via` the way it was said, if not on the telephone. What stood there before comes back; None where it cannot be restored,
    since an open question to stand in was withdrawn. Raises Stale, AnswerRefused.
    """
    told: dict[str, Any] = {"via": via, "by": by, "at": at}
    with transaction.atomic():
        stored = _held(attendance.pk)
        if version is not None and stored.version != version and not _says(stored, answer, comment, deputy):
            raise Stale(stored)
        before = _before(stored)
        is_final = deputy_requests.open_of(stored) is not None
        if deputy:
            answers.name_deputy(stored, **deputy, **told)
            stored.refresh_from_db(fields=["answer", "version"])
        if not deputy or comment:
            answers.answer(stored, answer=answer, comment=comment, **told)
        stored.refresh_from_db(fields=["version"])
    return None if is_final else before | {"version": stored.version}


def take_back(before: Before, *, by: Person | None, at: dt.datetime, via: str = Via.PHONE) -> Attendance:
    """The row as it was before the entry; deputies named by it are no longer asked. Raises Stale, AnswerRefused."""
    told: dict[str, Any] = {"via": via, "by": by, "at": at}
    with transaction.atomic():
        stored = _held(before["row"])
        if stored.version != before["version"]:
            raise Stale(stored)
        answers.require_answerable(stored, at)
        current = answers.deputy_of(stored)
        if current is not None and current.person_id != before["deputy"]:
            answers.dismiss(current, stored, **told)
        if before["deputy"] is not None and (current is None or current.person_id != before["deputy"]):
            answers.name_deputy(stored, person=Person.objects.get(pk=before["deputy"]), **told)
        moment = before["answered_at"]
        Attendance.objects.filter(pk=stored.pk).update(
            **{name: before[name] for name in _SAID},
            answered_at=dt.datetime.fromisoformat(moment) if moment else None,
            version=F("version") + 1,
        )
        data = {"meeting": stored.meeting_id, "person": stored.person_id}
        body = stored.meeting.alliance
        journal.record(Happened.ATTENDANCE_ANSWERED, stored, **told, body=body, reason="taken_back", data=data)
        stored.refresh_from_db()
    return stored


def as_it_stands(row: int) -> Before:
    """What this row says, for `take_back` of what comes over it."""
    stored = _held(row)
    return _before(stored) | {"version": stored.version}


def enter_for_earlier_date(
    attendance: Attendance, *, answer: Answer, comment: str, via: str, by: Person | None, at: dt.datetime
) -> Before:
    """What somebody said about a date that holds no longer: it is kept, and the person stays asked.

    What stood there before comes back, for `take_back`. Raises AnswerRefused.
    """
    with transaction.atomic():
        stored = _held(attendance.pk)
        answers.require_answerable(stored, at)
        before = _before(stored)
        answers.write(stored, answer=answer, via=via, at=at, comment=comment)
        Attendance.objects.filter(pk=stored.pk).update(answer_is_for_earlier_date=True)
        data = {"meeting": stored.meeting_id, "person": stored.person_id}
        body = stored.meeting.alliance
        journal.record(
            Happened.ATTENDANCE_ANSWERED, stored, at=at, by=by, via=via, body=body, reason="earlier_date", data=data
        )
    return before | {"version": stored.version}


def may_be_taken_back(before: Before) -> Attendance | None:
    """The row, while nobody has written over the entry."""
    rows = Attendance.objects.select_related("person", "meeting").filter(pk=before["row"], version=before["version"])
    return rows.first()


def words(attendance: Attendance) -> str:
    """ "Susanne Overhage kommt nicht; Rolf Eilers vertritt", as it stands now."""
    said = f"{attendance.person.full_name} {attendance.get_answer_display()}"
    deputy = answers.deputy_of(attendance)
    return _("%(said)s; %(deputy)s vertritt") % {"said": said, "deputy": deputy.person.full_name} if deputy else said


def _held(pk: int) -> Attendance:
    """The row until the transaction ends, with what the verbs read."""
    answers.hold_meetings(Attendance.objects.values_list("meeting", flat=True).get(pk=pk))
    Attendance.objects.select_for_update().get(pk=pk)
    return Attendance.objects.select_related("person", "meeting__alliance", "organisation").get(pk=pk)


def _says(stored: Attendance, answer: str, comment: str, deputy: Mapping[str, Any] | None) -> bool:
    """A second tap is no conflict."""
    return not deputy and (stored.answer, stored.comment) == (answer, comment)


def _before(stored: Attendance) -> Before:
    deputy = answers.deputy_of(stored)
    moment = stored.answered_at
    facts = {name: str(value) if isinstance(value := getattr(stored, name), str) else value for name in _SAID}
    return {
        **facts,
        "row": stored.pk,
        "answered_at": moment.isoformat() if moment else None,
        "deputy": deputy.person_id if deputy else None,
    }
