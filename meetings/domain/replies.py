"""Who said what to a meeting's invitation, as plain words for the list of answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from buendnisse.enums import Role, Via
from buendnisse.models.person import gets_mail
from meetings.enums import COMING, Answer, DeputyRequestState
from meetings.models import Attendance, DeputyRequest, Meeting

#: What the list says behind "kommt nicht".
_REQUESTED = {
    DeputyRequestState.ASKED: gettext_lazy("Vertretung angefragt: %s"),
    DeputyRequestState.DECLINED: gettext_lazy("%s kann nicht vertreten"),
    DeputyRequestState.EXPIRED: gettext_lazy("Anfrage an %s abgelaufen"),
}

_COLUMNS = (
    "pk",
    "person_id",
    "person__last_name",
    "person__first_name",
    "organisation__short_name",
    "role",
    "is_asked",
    "answer",
    "answer_is_for_earlier_date",
    "answered_at",
    "answered_via",
    "comment",
    "stands_in_for_id",
    "person__phone",
    "person__email",
    "person__mail_format",
    "version",
)


_ASKED = ("person__first_name", "person__last_name", "state")


@dataclass(frozen=True)
class Deputy:
    """Who comes instead, and what that person answered."""

    full_name: str
    answer: str


@dataclass(frozen=True)
class Request:
    """Who was asked last to stand in, and what became of it."""

    full_name: str
    state: str


@dataclass(frozen=True)
class Reply:
    """One row of the meeting. `stands_in_for` is a name; `deputy` is whoever stands in for this person."""

    pk: int
    person_id: int
    last_name: str
    first_name: str
    organisation: str
    role: str
    is_asked: bool
    answer: str
    answer_is_for_earlier_date: bool
    answered_at: dt.datetime | None
    answered_via: str
    comment: str
    stands_in_for_id: int | None
    phone: str
    email: str
    mail_format: str
    version: int
    stands_in_for: str = ""
    deputy: Deputy | None = None
    request: Request | None = None

    @property
    def has_open_request(self) -> bool:
        return self.request is not None and self.request.state == DeputyRequestState.ASKED

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def name(self) -> str:
        """As it stands in a list: "Lahme, Corinna"."""
        return f"{self.last_name}, {self.first_name}"

    @property
    def listed(self) -> str:
        """ "Lahme, Corinna (Verkehrsgesellschaft)"."""
        return f"{self.name} ({self.organisation})"

    @property
    def line(self) -> str:
        """ "Eilers, Rolf (BBS): kommt, für Susanne Overhage"."""
        represented = _(", für %s") % self.stands_in_for if self.stands_in_for else ""
        return f"{self.listed}: {self.word}{represented}"

    @property
    def is_guest(self) -> bool:
        return self.role == Role.GUEST

    @property
    def word(self) -> str:
        """ "kommt online"."""
        return str(Answer(self.answer).label)

    @property
    def is_pending(self) -> bool:
        return self.answer == Answer.PENDING

    @property
    def is_unanswered(self) -> bool:
        """No answer, or one to an earlier date."""
        return self.is_pending or self.answer_is_for_earlier_date

    @property
    def is_open(self) -> bool:
        """Somebody should ask again."""
        return self.is_unanswered and self.deputy is None

    @property
    def is_coming(self) -> bool:
        """Nobody has to act."""
        return self.answer in COMING and not self.is_unanswered and self.deputy is None

    @cached_property
    def waits(self) -> str:
        """Why an answer is still awaited."""
        if self.is_pending:
            return _("keine Antwort")
        return _("neu gefragt") if self.answer_is_for_earlier_date else ""

    @property
    def said(self) -> str:
        """ "kommt nicht; Rolf Eilers vertritt"."""
        if self.is_pending:
            return ""
        if self.answer_is_for_earlier_date:
            return _("vorher: %s") % self.word
        if self.deputy is None:
            asked = (
                _REQUESTED.get(DeputyRequestState(self.request.state))
                if self.request and self.answer == Answer.DECLINED
                else None
            )
            return f"{self.word}; {asked % self.request.full_name}" if asked and self.request else self.word
        sentence = {
            Answer.PENDING: _("kommt nicht; %s ist als Vertretung eingeladen"),
            Answer.DECLINED: _("kommt nicht; auch %s kommt nicht"),
        }.get(Answer(self.deputy.answer), _("kommt nicht; %s vertritt"))
        return sentence % self.deputy.full_name

    @cached_property
    def how(self) -> str:
        """ "Telefon, 19.11.2026", or nothing before an answer."""
        if self.answered_at is None:
            return ""
        way = f"{Via(self.answered_via).label}, " if self.answered_via else ""
        return f"{way}{german.short_day(self.answered_at)}"

    @cached_property
    def to_ring_up(self) -> str:
        """Why and how this person is asked by telephone; nothing for whoever gets mail."""
        if gets_mail(self.email, self.mail_format):
            return ""
        return _("keine E-Mail, Telefon %s") % self.phone if self.phone else _("keine E-Mail")


def of(meeting: Meeting) -> list[Reply]:
    """Every row of the meeting by name; one query."""
    asked = DeputyRequest.objects.filter(attendance=OuterRef("pk")).order_by("-asked_at", "-pk")
    last = {column: Subquery(asked.values(column)[:1]) for column in _ASKED}
    rows = Attendance.objects.filter(meeting=meeting).values_list(*_COLUMNS, *last.values())
    found: dict[int, Reply] = {}
    for *row, first_name, last_name, state in sorted(rows, key=lambda row: (row[2], row[3], row[0])):
        request = Request(f"{first_name} {last_name}", state) if state else None
        found[row[0]] = replace(Reply(*row), request=request)
    for reply in list(found.values()):
        if reply.stands_in_for_id is not None:
            member = found[reply.stands_in_for_id]
            found[reply.pk] = replace(found[reply.pk], stands_in_for=member.full_name)
            found[member.pk] = replace(member, deputy=Deputy(reply.full_name, reply.answer))
    return list(found.values())
