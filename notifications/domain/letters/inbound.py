"""Letters set off by mail that came in: was that you, the invitation once more, and a mail in words passed on."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse.enums import LinkPurpose
from meetings.enums import Answer
from notifications.domain import inbox, inbox_passing, invitations, urls_for
from notifications.domain.letter import Attachment, Composer, Letter, NothingToSay
from notifications.domain.letters import agenda, sitting
from notifications.enums import MAY_HAVE_ARRIVED, InboundState, MailKind, Settlement
from notifications.imip import parts
from notifications.imip.event import AddressRefused, Party
from notifications.models import InboundMessage, OutboxMessage

_SAID = {
    Answer.ACCEPTED: gettext_lazy("zugesagt"),
    Answer.ACCEPTED_ONLINE: gettext_lazy("online zugesagt"),
    Answer.DECLINED: gettext_lazy("abgesagt"),
    Answer.TENTATIVE: gettext_lazy("vielleicht"),
}
_MOST = 12
_LONGEST_QUOTE = 300  # lines
#: Where such a letter keeps which mails it asked about.
_NAMES = "asked_about"


def reply_check(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The answers that came for this person and no such letter has named: at most one to a meeting counts until then."""
    rows = InboundMessage.objects.standing().filter(
        person=message.person_id, state=InboundState.FILED, meeting__start__gt=at
    )
    rows = rows.exclude(pk__in=_named_before(message))
    asked = list(rows.select_related("meeting__alliance").order_by("meeting__start", "received_at", "pk")[:_MOST])
    message.data = {**message.data, _NAMES: [row.pk for row in asked]}
    found = [
        {
            "meeting": row.meeting,
            "said": said(row),
            "sender": row.from_address or _("einer unbekannten Adresse"),
            "url": check_url(row, at=at),
        }
        for row in asked
    ]
    if not found:
        raise NothingToSay
    one = len(found) == 1
    bodies = {row.meeting.alliance_id: row.meeting.alliance for row in asked if row.meeting}
    context = {
        "answers": found,
        "body": next(iter(bodies.values())) if len(bodies) == 1 else None,
        "heading": _("Ist diese Antwort von Ihnen?") if one else _("Sind diese Antworten von Ihnen?"),
        "opening": _("auf unsere Einladung kam eine Antwort. Wir sind nicht sicher, ob sie von Ihnen ist.")
        if one
        else _("auf unsere Einladungen kamen Antworten. Wir sind nicht sicher, ob sie von Ihnen sind."),
    }
    return Letter("reply_check", context)


def _named_before(message: OutboxMessage) -> set[int]:
    """The mails this person was asked about. No moment could tell: a letter may leave while a reading still goes on."""
    letters = OutboxMessage.objects.filter(
        kind=MailKind.REPLY_CHECK, person=message.person_id, state__in=MAY_HAVE_ARRIVED
    ).exclude(pk=message.pk)
    return {number for data in letters.values_list("data", flat=True) for number in data.get(_NAMES, ())}


def request_again(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The REQUEST as it is now, under the same SEQUENCE. Over where the person is out or heard of it in words only."""
    meeting = sitting.meeting_of(message)
    attendance = sitting.attendance_of(message, meeting)
    number = message.data.get("kept")
    kept = InboundMessage.objects.filter(pk=number, settlement=Settlement.DATE_KEPT).exists()
    if number and not kept:
        raise NothingToSay  # taken back before it left
    part = invitations.request(message, meeting, attendance, at=at)
    if part.calendar is None:
        raise NothingToSay
    by_hand = bool(message.data.get("by_hand"))
    found = agenda.along(message, meeting, at=at) if by_hand else agenda.Along()  # a calendar that asks reads none
    context = {
        **sitting.for_person(message.person, meeting, attendance, at=at),
        **found.context,
        "kept": kept,
        "by_hand": by_hand,
        "in_calendar": True,
    }
    return Letter("request_again", context, calendar=part.calendar, on_frozen=part.on_frozen, attachments=found.files)


def passed_on(message: OutboxMessage, at: dt.datetime) -> Letter:
    """A mail in words to the Fachstelle's mailbox, quoted, and as it came where it can hang on another."""
    row = InboundMessage.objects.filter(pk=message.data.get("inbound")).select_related("about").first()
    to = inbox_passing.mailbox()
    if row is None or row.raw is None or not to or not row.data.get("passed_on"):
        raise NothingToSay
    raw = bytes(row.raw)
    mail = inbox.read_again(row)
    assert mail is not None  # noqa: S101 -- its bytes are there
    is_attached = not row.is_cut and parts.is_seven_bit(raw)
    context = {
        "inbound": row,
        "sender": f"{row.from_name} <{row.from_address}>" if row.from_name else row.from_address,
        "read_at": settings.ORGANIZER_EMAIL,
        "subject_is": row.about.subject if row.about else "",
        "lines": mail.text.split("\n")[:_LONGEST_QUOTE],
        "has_text": bool(mail.text.strip()),
        "files": mail.files,
        "is_attached": is_attached,
        "url": urls_for.absolute(reverse("notifications:inbound", args=[row.pk])),
    }
    attachments = (Attachment("nachricht.eml", parts.MESSAGE, raw),) if is_attached else ()
    return Letter("passed_on", context, attachments=attachments, to=Party(to), reply_to=_party(row.from_address))


def said(row: InboundMessage) -> str:
    """What the mail says, as its person would put it: "zugesagt"."""
    return in_words(row.answer)


def in_words(answer: str) -> str:
    """ "abgesagt"; empty where nobody answered."""
    return str(_SAID[Answer(answer)]) if answer in _SAID else ""


def check_url(row: InboundMessage, *, at: dt.datetime) -> str:
    """The page on which the invited person says whether an answer is theirs. It leads on to the one for another answer."""
    assert row.person is not None  # noqa: S101 -- provisional answers have one
    assert row.meeting is not None  # noqa: S101 -- as above
    sitting.answer_url(row.person, row.meeting, at=at)
    until = row.meeting.end + urls_for.AFTER_MEETING
    return urls_for.personal(row.person, purpose=LinkPurpose.REPLY, subject=row, until=until, at=at)


def _party(address: str) -> Party | None:
    try:
        return Party(address)
    except AddressRefused:
        return None


COMPOSERS: dict[str, Composer] = {
    MailKind.REPLY_CHECK: reply_check,
    MailKind.REQUEST_AGAIN: request_again,
    MailKind.PASSED_ON: passed_on,
}
