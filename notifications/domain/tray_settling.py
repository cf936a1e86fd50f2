"""How the Fachstelle settles a mail of the tray, each by one button, and how that is taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from buendnisse.domain import journal
from buendnisse.enums import Via
from buendnisse.models import FurtherAddress, Person
from meetings.domain import answers, telephone_answers
from meetings.domain.versions import Stale
from meetings.enums import Answer
from meetings.models import Attendance
from notifications.domain import inbox_deputies, inbox_passing
from notifications.domain.inbox_answers import record
from notifications.enums import (
    INBOUND_MOVES,
    InboundOutcome,
    InboundReason,
    InboundState,
    InboundVerb,
    Settlement,
)
from notifications.models import InboundMessage, Invitation

#: Why a provisional answer counts no longer, if somebody said that it is none.
TAKEN_BACK = frozenset({InboundReason.TAKEN_BACK, InboundReason.REJECTED})


class NotSettled(Exception):
    """It cannot be settled like that; `str()` is a German sentence."""


def read(row: InboundMessage, *, version: int, by: Person, at: dt.datetime) -> None:
    """Somebody has read it; nothing else is to be done. Raises Stale, NotSettled."""
    with transaction.atomic():
        _settle(_held(row, version), Settlement.READ, by=by, at=at)


def enter(
    row: InboundMessage,
    attendance: Attendance,
    answer: Answer,
    *,
    remember: bool = False,
    stand: int | None = None,
    version: int,
    by: Person,
    at: dt.datetime,
) -> None:
    """It is this person's answer, entered by hand: mails written earlier do not outdate it any more.

    A proposal stays open, for its own meeting, whichever the answer is about.

    `remember`: its sender is another address of that person from now on. `stand`: the version of the answer the button
    was read beside; None where none was shown.

    Raises Stale, NotSettled, AnswerRefused.
    """
    with transaction.atomic():
        held = _held(row, version, about=attendance)
        _require_free(held)
        is_beside = held.reason == InboundReason.PROPOSAL and held.person_id == attendance.person_id
        first = held.data.get("before") if is_beside and held.is_entered else None
        first = first if first and telephone_answers.may_be_taken_back(first) else None
        comment = "" if is_elsewhere(held, attendance) else held.comment
        before = telephone_answers.enter(
            attendance, answer=answer, comment=comment, deputy=None, version=stand, by=by, at=at, via=Via.MAIL
        )
        if is_elsewhere(held, attendance):
            _save(held, InboundState.OPEN)
            return
        if first and before:  # what stood there before the mail comes back, not the mail's own answer
            before = first | {"version": before["version"]}
        held.data = {**held.data, "before": before}
        held.person, held.meeting = attendance.person, attendance.meeting
        if remember:
            address = held.attendee or held.from_address
            known, made = FurtherAddress.objects.get_or_create(
                person=attendance.person, address=address, defaults={"label": _("antwortet von hier")}
            )
            held.data = {**held.data, "alias": known.pk if made else None}
        if is_beside:
            entered_at = telephone_answers.as_it_stands(attendance.pk)["answered_at"]
            held.data = {**held.data, "is_entered": True, "entered_at": entered_at}
            _save(held, InboundState.OPEN, answer=answer)
        else:
            _settle(held, Settlement.ALIAS if remember else Settlement.APPLIED, by=by, at=at, answer=answer)


def is_elsewhere(row: InboundMessage, attendance: Attendance) -> bool:
    """The mail proposes another time, and this is about another meeting: the proposal stays open where it is."""
    return row.reason == InboundReason.PROPOSAL and row.meeting_id not in {None, attendance.meeting_id}


def take_out(row: InboundMessage, *, version: int, by: Person, at: dt.datetime) -> None:
    """The answer that came with a proposal is not entered after all. Raises Stale, NotSettled."""
    with transaction.atomic():
        held = _held(row, version)
        if not held.is_entered:
            raise NotSettled(_("Diese Antwort ist nicht eingetragen."))
        _put_back(held, by=by, at=at)
        held.data = {**held.data, "is_entered": False}
        _save(held, InboundState.OPEN)


def name_deputy(
    row: InboundMessage,
    attendance: Attendance,
    *,
    name: str,
    email: str,
    stand: int | None = None,
    version: int,
    by: Person,
    at: dt.datetime,
) -> None:
    """Somebody else comes for the invited person, and is invited; `stand` as in `enter`.

    Raises Stale, NotSettled, AnswerRefused.
    """
    first, _space, last = " ".join(name.split()).rpartition(" ")
    if not first:
        raise NotSettled(_("Bitte nennen Sie Vornamen und Nachnamen."))
    with transaction.atomic():
        held = _held(row, version, about=attendance)
        _require_free(held)
        told: dict[str, Any] = {"via": Via.MAIL, "by": by, "at": at}
        facts, newest = {"first_name": first, "last_name": last, "email": email}, inbox_deputies.newest()
        before = telephone_answers.enter(
            attendance, answer=Answer.DECLINED, comment="", deputy=facts, version=stand, **told
        )
        deputy = answers.deputy_of(attendance)
        if deputy is not None and held.reason == InboundReason.STRANGER and held.answer:
            deputy.meeting = attendance.meeting
            answers.answer(deputy, answer=Answer(held.answer), comment=held.comment, **told)
        made = deputy.person_id if deputy is not None and deputy.person_id > newest else None
        held.data = {**held.data, "before": before, "made": made}
        _settle(held, Settlement.DEPUTY, by=by, at=at)


def pass_on(row: InboundMessage, *, version: int, by: Person, at: dt.datetime) -> None:
    """To the Fachstelle's own mailbox. Raises Stale, NotSettled."""
    with transaction.atomic():
        held = _held(row, version)
        if not inbox_passing.may_pass_on(held):
            raise NotSettled(_("Diese Mail lässt sich nicht weitergeben."))
        inbox_passing.pass_on(held, by=by, at=at)
        _settle(held, Settlement.PASSED_ON, by=by, at=at)


def keep_date(row: InboundMessage, *, version: int, by: Person, at: dt.datetime) -> None:
    """The proposed time is not taken; the person gets the invitation once more. Raises Stale, NotSettled."""
    with transaction.atomic():
        held = _held(row, version)
        if held.reason != InboundReason.PROPOSAL or held.meeting is None:
            raise NotSettled(_("Diese Mail schlägt keine andere Zeit vor."))
        if held.is_outdated:
            raise NotSettled(
                _("Der Vorschlag galt einer früheren Fassung der Einladung. Bitte lesen Sie, was jetzt gilt.")
            )
        record(InboundVerb.DATE_KEPT, held, by=by, at=at, via=Via.WEB)
        _settle(held, Settlement.DATE_KEPT, by=by, at=at)


def take(row: InboundMessage, *, by: Person | None, at: dt.datetime) -> None:
    """The meeting has the proposed time by now. Nothing where somebody settled it before."""
    with transaction.atomic():
        held = _held(row, None)
        if held.state == InboundState.OPEN:
            _settle(held, Settlement.TAKEN, by=by, at=at)


def confirm(
    row: InboundMessage, *, by: Person, at: dt.datetime, via: str = Via.WEB, version: int | None = None
) -> None:
    """A provisional answer is right. Again, nothing happens. Raises Stale, NotSettled."""
    with transaction.atomic():
        held = _held(row, version)
        if held.settlement == Settlement.CONFIRMED:
            return
        _require_provisional(held)
        held.outcome = InboundOutcome.APPLIED
        record(InboundVerb.CONFIRMED, held, by=by, at=at, via=via)
        _settle(held, Settlement.CONFIRMED, by=by, at=at, is_told=True)


def reject(row: InboundMessage, *, by: Person, at: dt.datetime, via: str = Via.WEB, version: int | None = None) -> None:
    """A provisional answer is not that person's: what stood there before holds again. Again, nothing happens.

    By the person's own link it becomes open, so that the Fachstelle hears of it. Raises Stale, NotSettled.
    """
    with transaction.atomic():
        held = _held(row, version)
        if held.reason in TAKEN_BACK:
            return
        _require_provisional(held)
        is_own = via == Via.LINK
        again = _what_comes_again(held)
        stored = _put_back(held, by=by, at=at, is_standing=True)
        held.data = {**held.data, "again": again | {"stood": again["stood"] | {"version": stored.version}}}
        held.outcome = InboundOutcome.TRAY
        held.reason = InboundReason.TAKEN_BACK if is_own else InboundReason.REJECTED
        record(InboundVerb.REJECTED, held, by=by, at=at, via=via)
        if is_own:
            _save(held, InboundState.OPEN, settlement="", settled_by=None, settled_at=None)
        else:
            _settle(held, Settlement.REJECTED, by=by, at=at, is_told=True)


def may_be_claimed(row: InboundMessage) -> bool:
    """Whether an answer that was taken back can be brought back: nobody has said anything else since."""
    again = row.data.get("again")
    return bool(again) and telephone_answers.may_be_taken_back(again["stood"]) is not None


def claim(row: InboundMessage, *, by: Person, at: dt.datetime, via: str = Via.LINK) -> None:
    """An answer that was taken back is this person's after all, and no longer provisional. Again, nothing happens.

    Raises NotSettled.
    """
    with transaction.atomic():
        held = _held(row, None)
        if held.settlement == Settlement.CONFIRMED:
            return
        _bring_again(held, by=by, at=at)
        held.outcome = InboundOutcome.APPLIED
        record(InboundVerb.CONFIRMED, held, by=by, at=at, via=via)
        if held.state == InboundState.SETTLED:
            _save(held, InboundState.OPEN)
        _settle(held, Settlement.CONFIRMED, by=by, at=at, is_told=True)


def reopen(row: InboundMessage, *, version: int, by: Person, at: dt.datetime) -> None:
    """Take back how a mail was settled: it is open again, what was entered goes, and what went is entered.

    Raises Stale, NotSettled.
    """
    with transaction.atomic():
        held = _held(row, version)
        if held.settlement in {Settlement.APPLIED, Settlement.ALIAS, Settlement.DEPUTY}:
            _put_back(held, by=by, at=at)
        if held.settlement == Settlement.DEPUTY and held.data.get("made"):
            inbox_deputies.take_out(held.data["made"])
        if held.settlement == Settlement.REJECTED:
            _bring_again(held, by=by, at=at)
        if held.settlement == Settlement.ALIAS and held.data.get("alias"):
            FurtherAddress.objects.filter(pk=held.data["alias"]).delete()
        if held.settlement == Settlement.CONFIRMED:
            held.outcome = InboundOutcome.PROVISIONAL
        if held.settlement == Settlement.PASSED_ON:
            held.data = {**held.data, "passed_on": False}  # what has not left yet stays here
        record(InboundVerb.REOPENED, held, by=by, at=at, via=Via.WEB)
        _save(held, InboundState.OPEN, settlement="", settled_by=None, settled_at=None)
        if (
            InboundMessage.objects.with_standing().get(pk=held.pk).is_overtaken
        ):  # nobody would find it among the open ones
            raise NotSettled(_("Inzwischen gilt etwas anderes. Die Mail bleibt, wie sie ist."))


def _require_provisional(row: InboundMessage) -> None:
    if row.outcome != InboundOutcome.PROVISIONAL:
        raise NotSettled(_("Diese Antwort gilt nicht mehr vorläufig."))
    if row.is_overtaken:
        raise NotSettled(_("Inzwischen gilt etwas anderes. Das bleibt, wie es ist."))


def _require_free(row: InboundMessage) -> None:
    """Raises NotSettled where the mail is settled, or its own answer counts: that is confirmed or rejected."""
    if row.state == InboundState.SETTLED:
        raise NotSettled(_("Das geht nicht: Die Mail ist schon erledigt."))
    if row.is_overtaken:
        raise NotSettled(_("Inzwischen gilt etwas anderes. Das bleibt, wie es ist."))
    if row.outcome == InboundOutcome.PROVISIONAL:
        raise NotSettled(_("Die Antwort gilt vorläufig. Bitte bestätigen Sie sie, oder nehmen Sie sie zurück."))


def _put_back(row: InboundMessage, *, by: Person, at: dt.datetime, is_standing: bool = False) -> Attendance:
    """The answer as it was before; a newer one stays, unless this one is known to count. Raises NotSettled."""
    before = row.data.get("before")
    if not before:
        raise NotSettled(_("Das lässt sich nicht mehr zurücknehmen. Bitte tragen Sie die Antwort neu ein."))
    if is_standing:  # what came between was taken back itself
        before = before | {"version": telephone_answers.as_it_stands(before["row"])["version"]}
    stored = _write_back(before, by=by, at=at)
    last = row.data.get("last")
    if last is not None and row.invitation_id is not None:  # what was wrong must not outdate what comes
        stamp = dt.datetime.fromisoformat(last["stamp"]) if last["stamp"] else None
        Invitation.objects.filter(pk=row.invitation_id).update(
            last_reply_sequence=last["sequence"], last_reply_stamp=stamp
        )
    row.data = {key: value for key, value in row.data.items() if key not in {"before", "last"}}
    return stored


def _what_comes_again(row: InboundMessage) -> dict[str, Any]:
    """What `_bring_again` needs of a provisional answer that is taken back now."""
    before = row.data.get("before")
    stood = telephone_answers.as_it_stands(before["row"]) if before else {}
    return {"stood": stood, "before": before, "last": row.data.get("last"), "reason": row.reason}


def _bring_again(row: InboundMessage, *, by: Person, at: dt.datetime) -> None:
    """A provisional answer that was taken back, as it stood. Raises NotSettled."""
    again = row.data.get("again")
    if row.reason not in TAKEN_BACK or not again:
        raise NotSettled(_("Das lässt sich nicht mehr zurücknehmen. Bitte tragen Sie die Antwort neu ein."))
    stored = _write_back(again["stood"], by=by, at=at)
    if row.invitation_id is not None:
        said = {"last_reply_sequence": row.sequence, "last_reply_stamp": row.stamp}
        Invitation.objects.filter(pk=row.invitation_id).update(**said)
    rest = {key: value for key, value in row.data.items() if key != "again"}
    row.data = {**rest, "before": again["before"] | {"version": stored.version}, "last": again["last"]}
    row.outcome, row.reason = InboundOutcome.PROVISIONAL, again["reason"]


def _write_back(before: telephone_answers.Before, *, by: Person, at: dt.datetime) -> Attendance:
    try:
        return telephone_answers.take_back(before, by=by, at=at, via=Via.MAIL)
    except Stale as stale:
        raise NotSettled(_("Inzwischen gilt eine neuere Antwort. Sie bleibt, wie sie ist.")) from stale
    except answers.AnswerRefused as refused:
        raise NotSettled(_("Das geht nicht mehr: Die Sitzung fällt aus oder hat begonnen.")) from refused


def _held(row: InboundMessage, version: int | None, *, about: Attendance | None = None) -> InboundMessage:
    """The row until the transaction ends, in the order in which a mail that comes in takes what it needs.

    Raises Stale where somebody else was faster.
    """
    answers.hold_meetings(row.meeting_id, about.meeting_id if about is not None else None)
    if row.invitation_id is not None:
        Invitation.objects.select_for_update().filter(pk=row.invitation_id).first()
    InboundMessage.objects.select_for_update().get(pk=row.pk)
    rows = InboundMessage.objects.with_standing().select_related("person", "meeting__alliance", "invitation")
    stored = rows.get(pk=row.pk)
    if version is not None and stored.version != version:
        raise Stale(stored)
    return stored


def _settle(
    row: InboundMessage, how: Settlement, *, by: Person | None, at: dt.datetime, is_told: bool = False, **fields: Any
) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    if not is_told:
        body = row.meeting.alliance if row.meeting else None
        journal.record(InboundVerb.SETTLED, row, at=at, by=by, body=body, reason=how, data={"person": row.person_id})
    _save(row, InboundState.SETTLED, settlement=how, settled_by=by, settled_at=at)


def _save(row: InboundMessage, state: InboundState, **fields: Any) -> None:
    """Raises NotSettled where the move stands in no table. Open stays open where an answer is taken back by its person."""
    stays_open = state == row.state == InboundState.OPEN
    if not stays_open and state not in INBOUND_MOVES[row.state]:
        raise NotSettled(_("Das geht nicht: Die Mail ist schon erledigt."))
    for name, value in fields.items():
        setattr(row, name, value)
    row.state = state
    row.version += 1
    row.save()
