"""A mail as its reader sees it, without sending it and without leaving a trace in the database.

Also before anything is decided: a year's dates, and who would get them.
"""

from __future__ import annotations

import datetime as dt
import email.policy
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from buendnisse.enums import Role
from buendnisse.models import FurtherAddress, Person
from meetings.domain import answers
from meetings.models import Attendance, Meeting
from notifications.domain import render, returns
from notifications.domain.letter import NothingToSay
from notifications.domain.letters import year as letters
from notifications.domain.letters import year_news
from notifications.enums import MailKind
from notifications.models import OutboxMessage

#: A personal link's last part: id, hyphen, 20 characters (see buendnisse.domain.links).
_TOKEN = re.compile(r"(?<=/)[a-z2-7]{2,16}-[A-Za-z0-9_~]{20}(?![A-Za-z0-9_~])")
_MASK = "…"
_NAMES = {
    "From": gettext_lazy("Von"),
    "To": gettext_lazy("An"),
    "Subject": gettext_lazy("Betreff"),
    "Date": gettext_lazy("Datum"),
    "Message-ID": "Message-ID",
    "In-Reply-To": gettext_lazy("Antwort auf"),
    "List-Unsubscribe": gettext_lazy("Abbestellen"),
    "List-Id": gettext_lazy("Liste"),
}


@dataclass(frozen=True)
class Preview:
    """What is shown of a mail. `gone`: why there is nothing to show."""

    subject: str = ""
    text: str = ""
    html: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    gone: str = ""


@dataclass(frozen=True)
class Recipient:
    """Somebody a year's dates are told to: how many are their own, and which further addresses get a copy."""

    person: Person
    dates: int
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipients:
    """Who would get a mail, and who must be written to or called since we may not mail them. By name."""

    by_mail: list[Recipient] = field(default_factory=list)
    without_address: list[Recipient] = field(default_factory=list)


def preview(message: OutboxMessage, *, at: dt.datetime, is_open: bool) -> Preview:
    """The frozen bytes where there are any, else the mail as it would leave now.

    Personal links are masked and codes never shown unless `is_open` (a demo, where everybody is invented).
    """
    if message.kind == MailKind.CODE and not is_open:
        return Preview(subject=message.subject, gone="code")
    payload = bytes(message.payload) if message.payload is not None else _rendered(message, at, is_open=is_open)
    if payload is None:
        return Preview(subject=message.subject, gone="bytes" if message.message_id else "over")
    shown = _read(payload, is_final=message.payload is not None)
    return shown if is_open else masked(shown)


def recipients(meetings: Sequence[Meeting], *, at: dt.datetime) -> Recipients:
    """Who would get the year's dates if these meetings of one year were fixed at `at`. Seven queries at most.

    `meetings` come with alliance and venue. Guests are not among them: they hear of a meeting by its invitation.
    """
    found = Recipients()
    dates = _dates_if_fixed(meetings, at)
    known = year_news.heard_of(dates)
    people = {rows[0].person_id: rows[0].person for rows in dates.values()}
    copies = Prefetch("further_addresses", FurtherAddress.objects.filter(gets_copy=True).order_by("pk"))
    prefetch_related_objects(list(people.values()), copies)
    for person in sorted(people.values(), key=lambda one: (one.last_name, one.first_name, one.pk)):
        if not year_news.is_any(dates[person.pk], known):
            continue
        addresses = tuple(one.address for one in person.further_addresses.all()) if person.gets_mail else ()
        row = Recipient(person, len(dates[person.pk]), addresses)
        (found.by_mail if person.gets_mail else found.without_address).append(row)
    return found


def save_the_date(
    person: Person, meetings: Sequence[Meeting], introduction: str, *, at: dt.datetime, is_open: bool = False
) -> Preview:
    """The mail this person would get if these meetings were fixed at `at`, below this introduction.

    `gone` where none of them is theirs. Personal links are masked unless `is_open`.
    """
    dates = _dates_if_fixed(meetings, at).get(person.pk)
    if not dates:
        return Preview(gone="over")
    message = OutboxMessage(kind=MailKind.SAVE_THE_DATE, person=person)
    with transaction.atomic():
        letter = letters.draft(person, dates, _year(meetings), introduction=introduction, at=at)
        rendered = render.dress(letter, message, at=at)
        transaction.set_rollback(True)
    shown = Preview(subject=rendered.subject, text=rendered.text, html=rendered.html)
    return shown if is_open else masked(shown)


def _dates_if_fixed(meetings: Sequence[Meeting], at: dt.datetime) -> dict[int, list[Attendance]]:
    """By person: the rows there are and those that would be made, with what stands already in that year."""
    if not meetings:
        return {}
    there = Attendance.objects.filter(meeting__in=meetings, is_asked=True, deputy__isnull=True)
    loaded = {meeting.pk: meeting for meeting in meetings}
    rows = list(there.select_related("person__organisation", "organisation", "stands_in_for__person"))
    for row in rows:
        row.meeting = loaded[row.meeting_id]
    found: dict[int, list[Attendance]] = defaultdict(list)
    for row in [*rows, *answers.missing_rows(meetings)]:
        if row.role != Role.GUEST and row.meeting.start > at:
            found[row.person_id].append(row)
    for number, standing in letters.own_dates(list(found), _year(meetings), at=at).items():
        found[number] += [row for row in standing if row.meeting_id not in loaded]
    return {
        number: sorted(dates, key=lambda row: (row.meeting.start, row.meeting_id)) for number, dates in found.items()
    }


def _year(meetings: Sequence[Meeting]) -> int:
    return int(meetings[0].quarter[:4])


def _rendered(message: OutboxMessage, at: dt.datetime, *, is_open: bool) -> bytes | None:
    """As it would leave now. Whatever rendering grants is rolled back: looking changes nothing."""
    left_as = message.message_id
    if left_as and not is_open:
        return None  # its bytes were forgotten; the demo's old mails came without and are shown as they would be now
    try:
        with transaction.atomic():
            rendered = render.render(message, at=at)
            message.message_id = left_as or f"<preview@{returns.domain()}>"
            payload = render.freeze(message, rendered, at=at)
            message.message_id = left_as
            transaction.set_rollback(True)
            return payload
    except (NothingToSay, KeyError):
        return None  # over, or its ids are forgotten with its bytes


def _read(payload: bytes, *, is_final: bool) -> Preview:
    parsed = BytesParser(policy=email.policy.default).parsebytes(payload)
    plain = parsed.get_body(preferencelist=("plain",))
    html = parsed.get_body(preferencelist=("html",))
    others = [part for part in parsed.walk() if not part.is_multipart() and part not in {plain, html}]
    return Preview(
        subject=str(parsed["Subject"] or ""),
        text=plain.get_content() if plain is not None else "",
        html=html.get_content() if html is not None else "",
        headers=_headers(parsed, is_final=is_final),
        attachments=[_name(part) for part in others],
    )


def _headers(parsed: EmailMessage, *, is_final: bool) -> list[tuple[str, str]]:
    """In German. What is not fixed has no date, and would answer itself where the last mail to answer is its own."""
    found = {name: str(parsed[name]) for name in _NAMES if parsed[name] and "<preview@" not in parsed[name]}
    if found.get("In-Reply-To") == found.get("Message-ID"):
        found.pop("In-Reply-To", None)
    if is_final and "Date" in found:
        found["Date"] = german.moment(parsed["Date"].datetime)
    else:
        found.pop("Date", None)
    return [(str(_NAMES[name]), value) for name, value in found.items()]


def _name(part: Any) -> str:
    if part.get_content_type() == "text/calendar":
        return _("Kalendereintrag (%s)") % str(part.get_param("method", "PUBLISH"))
    return str(part.get_filename() or part.get_content_type())


def masked(shown: Preview) -> Preview:
    """Without the secret part of personal links."""
    return replace(
        shown,
        text=_TOKEN.sub(_MASK, shown.text),
        html=_TOKEN.sub(_MASK, shown.html),
        headers=[(name, _TOKEN.sub(_MASK, value)) for name, value in shown.headers],
    )
