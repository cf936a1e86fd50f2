"""Remarks on what another alliance does: said by a member, read by the Fachstelle, and dealt with in one of three ways."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import Alliance, Change, Person
from meetings.domain import agenda_own, agenda_proposals, standing
from meetings.domain.agenda_rules import ITS_PROPOSER_MAY_CHANGE, TooLate
from meetings.domain.moves import MoveRefused, may_move, move
from meetings.enums import AgendaItemState, Happened, RemarkState
from meetings.models import AgendaItem, Remark

LONGEST = 2000
#: So many of one person may be open at once.
MOST_OPEN = 5
#: Long enough to look up what was answered; the privacy page says the same.
KEPT = dt.timedelta(days=365)


class RemarkRefused(Exception):
    """It cannot be done like this. `str()` is a German sentence."""


class NothingSaid(RemarkRefused):
    """No words."""


class TooManyOpen(RemarkRefused):
    """This person has MOST_OPEN remarks that nobody has dealt with yet."""


def make(
    about: Alliance, *, text: str, by: Person, at: dt.datetime, via: str = Via.LINK, form_key: uuid.UUID
) -> Remark:
    """Tell the Fachstelle something about another alliance. The same `form_key` again gives the same remark.

    Raises NothingSaid, TooManyOpen.
    """
    said = _words(text, _("Bitte schreiben Sie, was Sie dazu sagen möchten."))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)
        known = Remark.objects.filter(form_key=form_key, from_person=by).first()
        if known is not None:
            return known
        _require_room(by)
        whose = {"from_person": by, "from_organisation": by.organisation, "submitted_at": at}
        remark = Remark.objects.create(about=about, text=said, form_key=form_key, **whose)
        _record(Happened.REMARK_MADE, remark, by=by, at=at, via=via)
    return remark


def answer(remark: Remark, *, reply: str, by: Person, at: dt.datetime) -> None:
    """Answer by mail, a minute later. Raises NothingSaid, MoveRefused."""
    said = _words(reply, _("Bitte schreiben Sie die Antwort. Sie geht so per E-Mail."))
    with transaction.atomic():
        move(remark, to=RemarkState.ANSWERED, reply=said, done_at=at, done_by=by)
        _record(Happened.REMARK_ANSWERED, remark, by=by, at=at)


def take_up(remark: Remark, *, title: str, description: str, by: Person, at: dt.datetime) -> AgendaItem:
    """Make it a topic for the next meeting of the alliance it is about, proposed by whoever wrote it.

    `description`: the Fachstelle's words; what was written to it alone stays with it. Raises AgendaRefused, MoveRefused.
    """
    with transaction.atomic():
        before = Change.objects.of(remark).filter(verb=Happened.REMARK_TAKEN_UP).count()  # each time a topic of its own
        item = agenda_proposals.propose(
            alliance=remark.about,
            meeting=standing.next_meeting(remark.about_id, at=at),
            title=title,
            description=description,
            proposer=remark.from_person,
            via=Via.LINK,
            form_key=uuid.uuid5(remark.form_key, f"item {before}"),
            at=at,
        )
        move(remark, to=RemarkState.TAKEN_UP, item=item, done_at=at, done_by=by)
        _record(Happened.REMARK_TAKEN_UP, remark, by=by, at=at)
    return item


def settle(remark: Remark, *, by: Person, at: dt.datetime) -> None:
    """Dealt with, and nothing is written. Raises MoveRefused."""
    with transaction.atomic():
        move(remark, to=RemarkState.SETTLED, done_at=at, done_by=by)
        _record(Happened.REMARK_SETTLED, remark, by=by, at=at)


def reopen(remark: Remark, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    """It is open again; an answer that has not left is dropped. What was written stays in its field.

    A topic it became is taken back with it, while nobody has decided about that. Raises AgendaRefused, TooManyOpen,
    MoveRefused.
    """
    with transaction.atomic():
        if remark.state == RemarkState.WITHDRAWN:
            Person.objects.select_for_update().get(pk=remark.from_person_id)
            _require_room(remark.from_person)
        item = remark.item
        move(remark, to=RemarkState.OPEN, done_at=None, done_by=None, item=None)
        if item is not None and item.state != AgendaItemState.WITHDRAWN:
            if item.state not in ITS_PROPOSER_MAY_CHANGE:
                raise TooLate(_("Über das Thema ist schon entschieden. Bitte nehmen Sie es dort zurück."))
            agenda_own.withdraw(item, by=by, at=at, via=via)
        _record(Happened.REMARK_REOPENED, remark, by=by, at=at, via=via)


def withdraw(remark: Remark, *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """Whoever wrote it takes it back while it is open. Raises MoveRefused."""
    with transaction.atomic():
        move(remark, to=RemarkState.WITHDRAWN)
        _record(Happened.REMARK_WITHDRAWN, remark, by=by, at=at, via=via)


def resubmit(remark: Remark, *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """And wants to say it after all. What the Fachstelle has done is not undone this way. Raises TooManyOpen, MoveRefused."""
    if remark.state != RemarkState.WITHDRAWN:
        raise MoveRefused(_("Diese Rückmeldung haben Sie nicht zurückgenommen."))
    reopen(remark, by=by, at=at, via=via)


def forget_done(*, at: dt.datetime, limit: int) -> int:
    """Delete what was dealt with, or taken back, more than KEPT ago; the number deleted. What became a topic stays one."""
    before = at - KEPT
    over = Q(done_at__lt=before) | Q(state=RemarkState.WITHDRAWN, submitted_at__lt=before)
    old = Remark.objects.filter(over).exclude(state=RemarkState.OPEN).order_by("pk")
    return Remark.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]


def may_reopen(remark: Remark) -> bool:
    """Whether the Fachstelle can open it again; what somebody took back is theirs."""
    decided = remark.item is not None and remark.item.state not in ITS_PROPOSER_MAY_CHANGE | {AgendaItemState.WITHDRAWN}
    return may_move(remark, to=RemarkState.OPEN) and remark.state != RemarkState.WITHDRAWN and not decided


def _require_room(person: Person) -> None:
    if Remark.objects.filter(from_person=person, state=RemarkState.OPEN).count() >= MOST_OPEN:
        words = _("Von Ihnen liegen schon %s Rückmeldungen bei uns. Bitte rufen Sie uns an.")
        raise TooManyOpen(words % german.in_words(MOST_OPEN))


def _words(text: str, missing: str) -> str:
    if not (said := text.strip()):
        raise NothingSaid(missing)
    return said


def _record(verb: Happened, remark: Remark, *, by: Person, at: dt.datetime, via: str = Via.WEB) -> None:
    journal.record(verb, remark, at=at, by=by, via=via, body=remark.about)
