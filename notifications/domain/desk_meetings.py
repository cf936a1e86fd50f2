"""What meetings ask of the Fachstelle: proposals, invitations, minutes, objections, notices."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buendnisse import german
from buendnisse.clock import local_date
from buendnisse.models import Person
from meetings.domain import agenda_release, agenda_sent
from meetings.domain.schedule import Schedule
from meetings.enums import (
    AgendaItemState,
    Answer,
    DeadlineKind,
    MeetingState,
    MinutesState,
    NoticeState,
    ObjectionState,
    RemarkState,
)
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, Notice, Objection, Remark
from meetings.models.agenda_item import ON_AGENDA
from meetings.models.minutes import NOT_OUT
from notifications.domain.desk_line import Line, addressed, href, named

_BEFORE_INVITATION = (MeetingState.CONFIRMED, MeetingState.CALL_OPEN, MeetingState.AGENDA_CLOSED)

#: An agenda to be sent is on the desk this long before its day.
_INVITATION_SHOWN = dt.timedelta(days=28)


def proposed() -> Mapping[Meeting | None, list[AgendaItem]]:
    """Topics nobody has decided about, by meeting; under None those that are for none yet."""
    rows: dict[Meeting | None, list[AgendaItem]] = defaultdict(list)
    items = AgendaItem.objects.filter(state=AgendaItemState.PROPOSED).select_related("meeting", "alliance", "proposer")
    shown = ("title", "meeting__slug", *named("alliance"), *addressed("proposer"))
    for item in items.only(*shown).order_by("submitted_at", "pk"):
        rows[item.meeting].append(item)
    return rows


def proposals(waiting: Mapping[Meeting | None, list[AgendaItem]], schedules: Mapping[int, Schedule]) -> Iterator[Line]:
    """A line a meeting."""
    for meeting, found in waiting.items():
        names = german.listing(list(dict.fromkeys(item.proposer.formal_object for item in found if item.proposer)))
        title = ngettext("%(n)s Themenvorschlag", "%(n)s Themenvorschläge", len(found)) % {"n": len(found)}
        if names:
            title += _(" von %s") % names
        dates = schedules.get(meeting.pk) if meeting else None
        yield Line(
            title=title,
            why=german.listing([f"„{item.title}“" for item in found[:2]]),
            due=dates[DeadlineKind.EDITORIAL_DEADLINE] if dates else None,
            href=href("meetings:agenda", meeting.slug)
            if meeting
            else href("meetings:alliance", found[0].alliance.slug),
            action=_("Vorschlag ansehen") if len(found) == 1 else _("Vorschläge ansehen"),
            bodies=(found[0].alliance,),
        )


def invitations(meetings: Iterable[Meeting], schedules: Mapping[int, Schedule], *, today: dt.date) -> Iterator[Line]:
    """Dates not fixed yet, and agendas not sent. They leave only when somebody releases them."""
    planned: Counter[int] = Counter()
    meetings = list(meetings)
    near = [row for row in meetings if row.state in _BEFORE_INVITATION and _is_near(schedules.get(row.pk), today)]
    standing = agenda_release.in_words(near) if near else {}
    for meeting in meetings:
        if meeting.state == MeetingState.PLANNED:
            planned[meeting.start.year] += 1
        elif meeting.pk in standing:
            yield Line(
                title=_("Tagesordnung %(body)s versenden") % {"body": meeting.alliance.word},
                why=german.sentences(_("Sitzung am %s.") % german.long_day(meeting.start), standing[meeting.pk]),
                due=schedules[meeting.pk][DeadlineKind.INVITATION],
                href=href("meetings:agenda", meeting.slug),
                action=_("Tagesordnung ansehen"),
                bodies=(meeting.alliance,),
            )
    for year, number in planned.items():
        words = ngettext("%(n)s Termin für %(year)s festlegen", "%(n)s Termine für %(year)s festlegen", number)
        yield Line(
            title=words % {"n": number, "year": year},
            why=_("Mitglieder sehen sie erst danach."),
            href=href("meetings:year", year),
            action=_("Jahresplan ansehen"),
        )


def minutes(
    schedules: Mapping[int, Schedule], rows: Iterable[Minutes], speakers: Mapping[int, Person]
) -> Iterator[Line]:
    """Drafts to finish, texts with the chair, texts the chair has released. Open objections are `objections`."""
    drafts = [row for row in rows if row.state in NOT_OUT]
    written = _written([row.meeting_id for row in drafts])
    for row in drafts:
        meeting, dates = row.meeting, schedules.get(row.meeting_id)
        chair = speakers.get(meeting.alliance_id)
        name = chair.formal_object if chair else _("den Vorsitz")
        total, done = written.get(meeting.pk, (0, 0))
        why = _("Sitzung vom %s.") % german.day_and_month(meeting.start) + " " + _progress(total, done)
        kind = DeadlineKind.MINUTES_DUE
        if row.state == MinutesState.DRAFT:
            kind = DeadlineKind.MINUTES_TO_CHAIR
            title, action = _("Protokoll %(body)s an %(name)s geben"), _("Entwurf lesen und senden")
            if row.author:
                why += " " + _("Der Entwurf liegt bei %s.") % row.author.full_name
            if row.review_remark:
                why = _("Vom Vorsitz zurück: „%s“") % row.review_remark
        elif row.reviewed_by_id is None:
            title, action = _("Protokoll %(body)s liegt bei %(name)s"), _("Protokoll ansehen")
        else:
            title, action = _("Protokoll %(body)s an alle senden"), _("Protokoll senden")
            why = _("Der Vorsitz hat es freigegeben.")
        yield Line(
            title=title % {"body": meeting.alliance.word, "name": name},
            why=why,
            due=dates[kind] if dates else None,
            href=href("meetings:minutes", meeting.slug),
            action=action,
            bodies=(meeting.alliance,),
        )


def without_minutes() -> list[Meeting]:
    """Meetings that are over and have no draft; without their alliances."""
    held = Meeting.objects.filter(state=MeetingState.HELD, minutes__isnull=True)
    return list(held.order_by("start"))


def minutes_missing(meetings: Iterable[Meeting], schedules: Mapping[int, Schedule]) -> Iterator[Line]:
    """A draft is to be begun."""
    for meeting in meetings:
        dates = schedules.get(meeting.pk)
        yield Line(
            title=_("Protokoll %s beginnen") % meeting.alliance.word,
            why=_("Sitzung vom %s.") % german.day_and_month(meeting.start),
            due=dates[DeadlineKind.MINUTES_TO_CHAIR] if dates else None,
            href=href("meetings:minutes", meeting.slug),
            action=_("Entwurf beginnen"),
            bodies=(meeting.alliance,),
        )


def objections() -> Iterator[Line]:
    """Somebody found a mistake in minutes that are out."""
    rows = Objection.objects.filter(state=ObjectionState.OPEN).select_related(
        "minutes__meeting__alliance", "by__organisation", "agenda_item"
    )
    shown = ("text", "agenda_item__title", "minutes__objection_until", "minutes__meeting__slug")
    people = (*addressed("by"), "by__organisation__short_name")
    for row in rows.only(*shown, *named("minutes__meeting__alliance"), *people).order_by("received_at"):
        meeting = row.minutes.meeting
        place = _(" zu „%s“") % row.agenda_item.title if row.agenda_item else ""
        yield Line(
            title=_("Einwand zum Protokoll %s beantworten") % meeting.alliance.word,
            why=f"{row.by.formal_name} ({row.by.organisation.short_name}) schreibt{place}: „{row.text}“",
            due=row.minutes.objection_until,
            href=href("meetings:minutes", meeting.slug),
            action=_("Einwand ansehen"),
            bodies=(meeting.alliance,),
        )


def by_post(upcoming: Iterable[Meeting]) -> Iterator[Line]:
    """Who reads no mail is written to or called."""
    invited = [meeting for meeting in upcoming if meeting.state == MeetingState.INVITED]
    rows = (
        Attendance.objects.filter(meeting__in=invited, is_asked=True, answer=Answer.PENDING)
        .exclude(person__in=Person.objects.reachable_by_mail())
        .select_related("person__organisation", "meeting__alliance")
        .only(
            "meeting__slug",
            "meeting__start",
            *named("meeting__alliance"),
            *addressed("person"),
            "person__organisation__short_name",
        )
    )
    found: dict[Meeting, list[str]] = defaultdict(list)
    for row in rows:
        found[row.meeting].append(f"{row.person.formal_name} ({row.person.organisation.short_name})")
    for meeting, names in found.items():
        yield Line(
            title=_("Einladung per Post oder Telefon"),
            why=german.listing(names),
            due=local_date(meeting.start),
            href=href("meetings:meeting", meeting.slug),
            action=_("Sitzung ansehen"),
            bodies=(meeting.alliance,),
            can_wait=True,
        )


def unrepresented(upcoming: Iterable[Meeting]) -> Iterator[Line]:
    """A member cannot come, and neither can whoever was named in their place."""
    rows = Attendance.objects.filter(meeting__in=list(upcoming), is_asked=True, answer=Answer.DECLINED)
    rows = rows.filter(stands_in_for__isnull=False, answer_is_for_earlier_date=False)
    related = ("meeting__alliance", "person", "organisation", "stands_in_for__person")
    for row in rows.select_related(*related).order_by("meeting__start", "pk"):
        if row.stands_in_for is None:
            continue
        yield Line(
            title=_("%s ist nicht vertreten") % row.organisation.short_name,
            why=_("%(member)s kommt nicht zur Sitzung am %(day)s, und %(deputy)s hat als Vertretung abgesagt.")
            % {
                "member": row.stands_in_for.person.full_name,
                "deputy": row.person.full_name,
                "day": german.day_and_month(row.meeting.start),
            },
            due=local_date(row.meeting.start),
            href=href("meetings:meeting", row.meeting.slug),
            action=_("Sitzung ansehen"),
            bodies=(row.meeting.alliance,),
        )


def notices() -> Iterator[Line]:
    """Short notices that wait for release."""
    number = Notice.objects.filter(state=NoticeState.PROPOSED).count()
    if number:
        words = ngettext("%(n)s Kurzmeldung freigeben", "%(n)s Kurzmeldungen freigeben", number)
        yield Line(title=words % {"n": number}, href=href("meetings:notices"), action=_("Kurzmeldungen ansehen"))


def remarks() -> Iterator[Line]:
    """What members said about other alliances, and nobody has dealt with."""
    number = Remark.objects.filter(state=RemarkState.OPEN).count()
    if number:
        words = ngettext("%(n)s Rückmeldung ansehen", "%(n)s Rückmeldungen ansehen", number)
        yield Line(title=words % {"n": number}, href=href("meetings:remarks"), action=_("Rückmeldungen ansehen"))


def _is_near(dates: Schedule | None, today: dt.date) -> bool:
    return dates is not None and dates[DeadlineKind.INVITATION] <= today + _INVITATION_SHOWN


def _written(meetings: list[int]) -> dict[int, tuple[int, int]]:
    """Items on the agenda, and how many of them have a result, a meeting."""
    rows = (
        AgendaItem.objects.filter(meeting__in=meetings, state__in=ON_AGENDA | {AgendaItemState.DISCUSSED})
        .order_by()
        .values("meeting")
        .annotate(
            total=Count("pk", distinct=True),
            done=Count("pk", filter=~Q(result="") | Q(decisions__isnull=False), distinct=True),
        )
    )
    return {row["meeting"]: (row["total"], row["done"]) for row in rows}


def additions(*, at: dt.datetime) -> Iterator[Line]:
    """Items that joined an agenda after it had left, and stand in no version anybody was sent; a line a meeting."""
    late = AgendaItem.objects.on_agenda().filter(
        is_late=True, meeting__state=MeetingState.INVITED, meeting__start__gt=at, meeting__agenda_sent_at__isnull=False
    )
    rows: dict[Meeting, list[AgendaItem]] = defaultdict(list)
    shown = ("title", "meeting__slug", "meeting__start", "meeting__agenda_sent_at", *named("meeting__alliance"))
    for item in late.select_related("meeting__alliance").only(*shown).order_by("meeting__start", "pk"):
        if item.meeting is not None:
            rows[item.meeting].append(item)
    agenda_sent.load(rows)
    for meeting, found in rows.items():
        sent = agenda_sent.sent_items(meeting)
        fresh = [item for item in found if item.pk not in sent]
        if fresh:
            yield Line(
                title=_("Nachtrag in %s: geänderte Fassung verschicken") % meeting.alliance.word,
                why=german.listing([f"„{item.title}“" for item in fresh[:2]]),
                due=local_date(meeting.start),
                href=href("meetings:agenda", meeting.slug),
                action=_("Tagesordnung ansehen"),
                bodies=(meeting.alliance,),
                is_urgent=True,
            )


def _progress(total: int, done: int) -> str:
    if total == 0:
        return _("Noch kein Punkt hat ein Ergebnis.")
    if done == total:
        return _("Alle %s Punkte haben ein Ergebnis.") % total
    if done == 1:
        return _("1 von %s Punkten hat ein Ergebnis.") % total
    return _("%(done)s von %(total)s Punkten haben ein Ergebnis.") % {"done": done, "total": total}
