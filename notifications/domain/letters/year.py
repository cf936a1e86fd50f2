"""The letter about a year's dates: all of one person's in one mail, without a calendar object (one UID a mail)."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.enums import LinkPurpose, Role
from buendnisse.models import Body, Person
from meetings.domain import answers, asking
from meetings.models import Attendance, Meeting, YearPlan
from notifications.domain import batch, told, urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.domain.letters import naming, sitting, year_gaps, year_news
from notifications.domain.letters.year_news import News
from notifications.enums import MailKind
from notifications.models import OutboxMessage


def save_the_date(message: OutboxMessage, at: dt.datetime) -> Letter:
    """This person's dates of the year as they stand now. Nothing where every one of them is known."""
    rows = _dates(message, at)
    dates = rows.get(message.person_id, [])
    year = message.data["year"]
    known = batch.once(("heard of", year), lambda: year_news.heard_of(rows, besides=message))
    if not year_news.is_any(dates, known):
        raise NothingToSay
    still_open = batch.once(("gaps", year), lambda: year_gaps.lines(list(rows), year, at=at))

    def keep(_message_id: str) -> None:
        """What lies in a calendar already stays known from there."""
        entered = {pair for pair, heard in known.items() if heard is not None and heard.in_calendar}
        new = [row.meeting for row in dates if (row.person_id, row.meeting_id) not in entered]
        told.keep(message, {meeting.pk: told.as_it_stands(meeting) for meeting in new})

    together = _by_meeting(rows, message)
    context = about(
        dates,
        year,
        introduction=_introduction(message),
        news=year_news.of(dates, known),
        still_open=still_open.get(message.person_id, ()),
    )
    return Letter("save_the_date", _with_pages(context, message.person, dates, at, together), on_frozen=keep)


def copy(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The same dates for a further address, without any link."""
    dates = _dates(message, at).get(message.person_id, [])
    if not dates:
        raise NothingToSay

    def keep(_message_id: str) -> None:
        told.keep(message, {row.meeting_id: told.as_it_stands(row.meeting) for row in dates})

    return Letter("save_the_date_copy", about(dates, message.data["year"]), on_frozen=keep)


def draft(person: Person, dates: Sequence[Attendance], year: int, *, introduction: str, at: dt.datetime) -> Letter:
    """The letter as it would be with these dates; for looking at it before anything is decided."""
    known = year_news.heard_of({person.pk: dates})
    still_open = year_gaps.lines([person.pk], year, at=at, besides=[row.meeting for row in dates])
    context = about(
        dates,
        year,
        introduction=introduction,
        news=year_news.of(dates, known),
        still_open=still_open.get(person.pk, ()),
    )
    return Letter("save_the_date", _with_pages(context, person, dates, at, {}))


def own_dates(people: Sequence[int], year: int, *, at: dt.datetime) -> dict[int, list[Attendance]]:
    """The meetings of a year's quarters these people are expected at, by person, the next first; one query.

    Guests come for one meeting and hear of that by its invitation.
    """
    rows = (
        Attendance.objects.filter(person__in=people, is_asked=True, deputy__isnull=True, meeting__start__gt=at)
        .filter(meeting__quarter__startswith=f"{year}-", meeting__state__in=answers.ANSWERABLE)
        .exclude(role=Role.GUEST)
        .select_related("meeting__alliance", "meeting__venue", "organisation", "stands_in_for__person")
        .order_by("meeting__start", "pk")
    )
    found: dict[int, list[Attendance]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def about(
    dates: Sequence[Attendance],
    year: int,
    *,
    introduction: str = "",
    news: News | None = None,
    still_open: Sequence[str] = (),
) -> dict[str, Any]:
    """Subject, dates in words, what of them is new, what is still to come, and when each is asked about."""
    news = news or News()
    bodies = _bodies(dates)
    title = news.title(year) if news else (_("Ihr Termin %s") if len(dates) == 1 else _("Ihre Termine %s")) % year
    told_of = [_date(row, mark=news.mark(row)) for row in dates]
    parts = [
        german.capitalised(part.strip()) for part in re.split(r"\n\s*\n", introduction.replace("\r\n", "\n").strip())
    ]
    return {
        "year": year,
        "title": title,
        "subject_line": _subject(dates, news, year),
        "body": bodies[0] if len(bodies) == 1 else None,
        "words": german.listing([body.word for body in bodies]),
        "bodies": naming.in_full(bodies),
        "news": news.sentences if news else "",
        "introduction": parts,
        "has_introduction": bool(introduction.strip()),
        "dates": told_of,
        "still_open": still_open,
        "is_one": len(dates) == 1,
        "told": [one for one in told_of if one["mark"] or not news],
        "invited": _invited(dates),
        "why": sitting.why(dates[0], dates[0].meeting) if len(bodies) == 1 else _why(bodies),
    }


def _subject(dates: Sequence[Attendance], news: News, year: int) -> str:
    """ "Arbeit, 11.02.2027: Ihr Termin 2027"; of several dates the bodies alone."""
    title = news.title(year) if news else (_("Ihr Termin %s") if len(dates) == 1 else _("Ihre Termine %s")) % year
    rows = news.rows if news else dates
    words = german.listing([body.word for body in _bodies(rows)])
    return f"{words}, {german.short_day(rows[0].meeting.start)}: {title}" if len(rows) == 1 else f"{words}: {title}"


def _date(row: Attendance, *, mark: str) -> dict[str, Any]:
    """One date, for the list of all and for its own section. `mark`: "Neu", "Geändert" or nothing."""
    meeting = row.meeting
    title = f"{meeting.alliance.word}, {german.day_and_month(meeting.start)}"
    return {
        "meeting": meeting,
        "mark": mark,
        "line": f"{german.when(meeting.start, meeting.end)}, {meeting.alliance.word}",
        "title": title,
        "heading": f"{title} ({mark.lower()})" if mark else title,
        "facts": _facts(meeting),
        "note": german.sentence(meeting.note),
    }


def _with_pages(
    context: dict[str, Any],
    person: Person,
    dates: Sequence[Attendance],
    at: dt.datetime,
    together: Mapping[int, Mapping[int, Person]],
) -> dict[str, Any]:
    """With the person's own page of each meeting, and of the calendar."""
    urls = {
        row.meeting_id: sitting.meeting_url(person, row.meeting, at=at, together=together.get(row.meeting_id))
        for row in dates
    }
    shown = [{**one, "url": urls[one["meeting"].pk]} for one in context["told"]]
    until = at + urls_for.FEED_FOR
    calendar = urls_for.personal(person, purpose=LinkPurpose.FEED, until=until, at=at)
    return {**context, "told": shown, "calendar_url": calendar}


def _dates(message: OutboxMessage, at: dt.datetime) -> Mapping[int, list[Attendance]]:
    """Loaded once a batch for everybody in it."""
    people = list(batch.people()) or [message.person_id]
    year = message.data["year"]
    return batch.once(("dates of", year), lambda: own_dates(people, year, at=at))


def _by_meeting(rows: Mapping[int, Sequence[Attendance]], message: OutboxMessage) -> dict[int, dict[int, Person]]:
    """Who of this batch is expected at each meeting: their links are granted together."""
    people = batch.people() or {message.person_id: message.person}
    found: dict[int, dict[int, Person]] = defaultdict(dict)
    for number, dates in rows.items():
        for row in dates:
            found[row.meeting_id][number] = people[number]
    return found


def _introduction(message: OutboxMessage) -> str:
    number = message.data["plan"]
    plans = YearPlan.objects.filter(pk=number).values_list("introduction", flat=True)
    return batch.once(("introduction", number), plans.first) or ""


def _bodies(dates: Sequence[Attendance]) -> list[Body]:
    """Each once, in the order people name them in."""
    found = {row.meeting.alliance_id: row.meeting.alliance for row in dates}
    return [found[number] for number in sorted(found)]


def _why(bodies: Sequence[Body]) -> str:
    return naming.member_of(bodies) + " " + _("Sie bekommen eine E-Mail für alle Termine.")


def _facts(meeting: Meeting) -> list[sitting.Fact]:
    """Wann, Wo, Online, Letzter Bus. The link to take part is part of the invitation."""
    on_the_day = {_("Parken"), _("An der Tür")}
    online = _("Den Link zur Videokonferenz schicken wir mit der Einladung.")
    return [
        {"name": fact["name"], "text": online if "url" in fact else fact["text"]}
        for fact in sitting.facts(meeting.start, meeting.end, meeting)
        if fact["name"] not in on_the_day
    ]


def _invited(dates: Sequence[Attendance]) -> str:
    """When the invitations come: "Zwei Wochen vor jeder Sitzung"."""
    found = {row.meeting.alliance.invitation_days for row in dates}
    ahead = asking.ahead(found.pop()) if len(found) == 1 else ""
    return _("%s vor jeder Sitzung") % (f"{ahead[0].upper()}{ahead[1:]}" if ahead else _("Rechtzeitig"))


COMPOSERS: dict[str, Composer] = {MailKind.SAVE_THE_DATE: save_the_date}
