"""Telling a year's dates: who would hear what, how far the mails are, and taking them back before anybody heard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from buendnisse.models import Person
from meetings.domain import proposing, year_page, year_plan
from meetings.domain.planning import PlanRefused
from meetings.domain.proposing import Proposal, Slot
from meetings.domain.year_page import Look
from meetings.enums import MeetingState
from meetings.models import Meeting
from notifications.domain import mail_run, previews, year_confirmations
from notifications.domain.previews import Preview, Recipient
from notifications.enums import MailKind, OutboxState
from notifications.models import OutboxMessage

_HELD_BACK = (OutboxState.WAITING, OutboxState.STOPPED, OutboxState.SUPERSEDED)


@dataclass(frozen=True)
class Check:
    """What confirming would do. `left_out`: drafts that would stay drafts, each with the reason."""

    year: int
    meetings: Sequence[Meeting]
    left_out: Sequence[tuple[Slot, str]]
    by_mail: Sequence[Recipient]
    by_post: Sequence[Recipient]
    signature: str
    looks: Sequence[Look]
    shown_to: Person | None = None
    mail: Preview | None = None

    @property
    def copies(self) -> int:
        return sum(len(one.copies) for one in self.by_mail)

    @property
    def mails(self) -> str:
        """ "39 Mails und eine Kopie"."""
        return mail_run.in_words(len(self.by_mail), self.copies)


@dataclass(frozen=True)
class Telling:
    """The mails of the last time a year was confirmed, by state. `copies`: how many of them go to further addresses."""

    meetings: int
    states: dict[str, int] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    may_take_back: bool = False

    @property
    def waiting(self) -> int:
        return self.states.get(OutboxState.WAITING, 0)

    @property
    def waiting_mails(self) -> str:
        return self._in_words(OutboxState.WAITING)

    @property
    def sent_mails(self) -> str:
        return self._in_words(OutboxState.SENT)

    @property
    def stopped_mails(self) -> str:
        return self._in_words(OutboxState.STOPPED)

    @property
    def sent(self) -> int:
        return self.states.get(OutboxState.SENT, 0)

    @property
    def failed(self) -> int:
        return self.states.get(OutboxState.FAILED, 0)

    @property
    def stopped(self) -> int:
        return self.states.get(OutboxState.STOPPED, 0)

    def _in_words(self, state: str) -> str:
        copies = self.copies.get(state, 0)
        return mail_run.in_words(self.states.get(state, 0) - copies, copies)


class TooLate(PlanRefused):
    """Somebody has heard of the dates already."""


def check(year: int, *, introduction: str = "", person: int | None = None, at: dt.datetime) -> Check:
    """Keeps the draft, looks at who would get what, and rolls everything back. `person`: whose mail to show."""
    with transaction.atomic():
        proposal, meetings = _kept(year, at)
        signature = year_plan.signature(proposal)
        left_out = [
            (slot, why)
            for slot in proposal.slots
            if slot.is_draft and slot.appointment and (why := year_plan.obstacle(slot, proposal))
        ]
        wants_a_look = year_page.looks(proposal)
        found = previews.recipients(meetings, at=at)
        shown_to = _whose(found.by_mail, person)
        mail = previews.save_the_date(shown_to, meetings, introduction, at=at) if shown_to else None
        transaction.set_rollback(True)
    return Check(
        year, meetings, left_out, found.by_mail, found.without_address, signature, wants_a_look, shown_to, mail
    )


def mail(year: int, *, introduction: str, person: int, at: dt.datetime) -> Preview | None:
    """One person's mail alone, as `check` shows it; None where there is nobody like this. Rolls everything back, too."""
    shown_to = Person.objects.select_related("organisation").filter(pk=person).first()
    if shown_to is None:
        return None
    with transaction.atomic():
        _proposal, meetings = _kept(year, at)
        shown = previews.save_the_date(shown_to, meetings, introduction, at=at)
        transaction.set_rollback(True)
    return shown


def telling(year: int) -> Telling | None:
    """How far the mails of the last confirmation are; None where none stands. Four queries."""
    confirmations = year_confirmations.standing(year)
    if not confirmations:
        return None
    change = confirmations[-1]
    rows = OutboxMessage.objects.filter(year_confirmations.mails(change)).order_by().values_list("state")
    copies = Count("pk", filter=Q(kind=MailKind.COPY))
    counts = {state: (number, of_them) for state, number, of_them in rows.annotate(Count("pk"), copies=copies)}
    states = {state: number for state, (number, _of_them) in counts.items()}
    meetings = Meeting.objects.filter(pk__in=change.data["meetings"])
    stand = all(state == MeetingState.CONFIRMED for state in meetings.values_list("state", flat=True))
    return Telling(
        len(change.data["meetings"]),
        states,
        {state: of_them for state, (_number, of_them) in counts.items()},
        may_take_back=stand and set(states) <= set(_HELD_BACK),
    )


def take_back(year: int, *, by: Person, at: dt.datetime) -> int:
    """Make the dates drafts again as long as no mail has left; how many. Raises TooLate, PlanRefused.

    Only those of the last confirmation. What its mails had replaced is written again (`dispatching.year`).
    """
    with transaction.atomic():
        confirmations = year_confirmations.standing(year)
        if not confirmations:
            raise PlanRefused(_("Für %s ist noch nichts festgelegt.") % year)
        change = confirmations[-1]
        messages = OutboxMessage.objects.filter(year_confirmations.mails(change))
        messages.filter(state__in=_HELD_BACK).update(state=OutboxState.SUPERSEDED)
        if messages.exclude(state=OutboxState.SUPERSEDED).exists():
            raise TooLate(
                _("Die ersten Mails sind schon unterwegs. Bitte verlegen Sie einzelne Termine oder sagen Sie sie ab.")
            )
        meetings = list(Meeting.objects.filter(pk__in=change.data["meetings"]).select_related("alliance"))
        year_plan.reopen(meetings, year=year, by=by, at=at)
    return len(meetings)


def _kept(year: int, at: dt.datetime) -> tuple[Proposal, list[Meeting]]:
    """The proposal, and the meetings of its dates that can be confirmed, stored as drafts. Needs a transaction."""
    proposal = proposing.propose(year, at=at)
    wanted = {(slot.alliance.pk, str(slot.quarter)) for slot in year_plan.confirmable(proposal)}
    year_plan.keep_proposal(proposal, by=None, at=at)
    return proposal, [one for one in _of_year(year) if (one.alliance_id, one.quarter) in wanted]


def _of_year(year: int) -> list[Meeting]:
    rows = Meeting.objects.filter(quarter__startswith=f"{year}-").exclude(state=MeetingState.CANCELLED)
    return list(rows.select_related("alliance", "venue").order_by("start", "pk"))


def _whose(by_mail: Sequence[Recipient], wanted: int | None) -> Person | None:
    """The one asked for, or whoever has most dates: their mail shows most."""
    chosen = next((one.person for one in by_mail if one.person.pk == wanted), None)
    return chosen or max(by_mail, key=lambda one: one.dates).person if by_mail else None
