"""Letters by post for those whom no mail reaches: the next meetings, the agenda where it is out, tasks, how to answer."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from buendnisse import german
from buendnisse.adapters.typesetting import typeset
from buendnisse.clock import local_date
from buendnisse.domain import installation as facts_of
from buendnisse.models import Installation
from meetings.domain import agenda_order, answers, by_post
from meetings.domain.by_post import Unreached
from meetings.enums import Answer, MeetingMode
from meetings.models import Attendance


def pdf(person: Unreached, *, at: dt.datetime) -> bytes:
    """One letter."""
    return typeset("letter", document(person, at=at))


def together(people: Sequence[Unreached], *, at: dt.datetime) -> bytes:
    """All letters in one file to print, each beginning on a page of its own."""
    if len(people) == 1:
        return pdf(people[0], at=at)
    writer = PdfWriter()
    for person in people:
        reader = PdfReader(io.BytesIO(pdf(person, at=at)))
        writer.append(reader, outline_item=person.person.full_name)
    writer.add_metadata({"/Title": _("Briefe")})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def file_name(people: Sequence[Unreached], *, at: dt.datetime) -> str:
    """brief-12.pdf, or briefe-2026-11-23.pdf for several: no names in names of files."""
    if len(people) == 1:
        return f"brief-{people[0].person.pk}.pdf"
    return f"briefe-{local_date(at).isoformat()}.pdf"


def document(letter: Unreached, *, at: dt.datetime) -> dict[str, Any]:
    """The data templates/documents/letter.typ is filled with."""
    person, today = letter.person, local_date(at)
    office = Installation.objects.select_related("writer").filter(pk=1).first() or Installation(pk=1)
    sender = f"{office.district}, {office.office_name}"
    reach = " · ".join(part for part in (office.office_phone, office.office_hours) if part)
    title = _("Ihre nächste Sitzung") if len(letter.meetings) == 1 else _("Ihre nächsten Sitzungen")
    title = title if letter.meetings else _("Neues von uns")
    return {
        "meta": {
            "title": f"{title}, {person.full_name}",
            "running_head": title,
            "author": sender,
            "date": today.isoformat(),
            "footer": f"{sender} · {office.office_phone}",
        },
        "large": True,
        "letterhead": {"name": office.district, "office": office.office_name, "reach": reach},
        "address": [person.name_with_title, *_lines(person.postal_address)],
        "day": german.day(today),
        "title": title,
        "facts": [],
        "greeting": f"{person.greeting},",
        "intro": _intro(letter, at=at),
        "meetings": [_meeting(row, letter, at=at) for row in letter.meetings],
        "tasks": [
            _("%(task)s, geplant bis %(day)s (%(body)s)")
            % {"task": one.task, "day": german.day(one.due_on), "body": one.alliance.word}
            for one in letter.tasks
        ],
        "answer": _("Bitte rufen Sie uns an und sagen Sie, ob Sie kommen: Telefon %s.") % office.office_phone
        if letter.waits
        else "",
        "privacy": _privacy(office) if by_post.is_new(letter, at=at) else "",
        "closing": _("Mit freundlichen Grüßen"),
        "writer": office.writer.full_name if office.writer else "",
        "office": office.office_name,
    }


def _intro(letter: Unreached, *, at: dt.datetime) -> str:
    why = _("Diesen Brief bekommen Sie, weil wir Ihnen keine E-Mail schreiben.")
    if letter.has_mail:
        why = _("Diesen Brief bekommen Sie zusätzlich zu unseren E-Mails.")
    if by_post.is_new(letter, at=at):
        bodies = german.listing([row.body.name for row in letter.seats])
        return _("schön, dass Sie dabei sind: %(bodies)s. %(why)s") % {"bodies": bodies, "why": why}
    return f"{why[0].lower()}{why[1:]}"  # after the salutation and its comma


def _meeting(row: Attendance, letter: Unreached, *, at: dt.datetime) -> dict[str, Any]:
    meeting = row.meeting
    place = meeting.venue.name if meeting.venue and meeting.mode != MeetingMode.ONLINE else _("Videokonferenz")
    facts = [(_("Wann"), german.when(meeting.start, meeting.end)), (_("Wo"), place)]
    if meeting.venue and meeting.mode != MeetingMode.ONLINE and meeting.venue.bus_note:
        facts.append((meeting.venue.bus_label, meeting.venue.bus_text))
    facts.append((_("Ihre Antwort"), _answer(row)))
    points: list[str] = []
    if meeting.agenda_sent_at is not None:
        found = agenda_order.numbered(meeting, reader=letter.person, at=at)
        points = [f"TOP {entry.number}: {entry.item.title}" for entry in found.entries]
    return {"title": meeting.alliance.name, "facts": facts, "agenda": points}


def _answer(row: Attendance) -> str:
    if row.answer == Answer.PENDING or row.answer_is_for_earlier_date:
        return _("noch offen, bitte bis %s") % german.day(answers.answer_until(row.meeting))
    return str(Answer(row.answer).label)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _privacy(office: Installation) -> str:
    """What Art. 13 and 14 DSGVO ask us to say, as the welcome by mail says it."""
    known = facts_of.texts(office)
    return _(
        "Verantwortlich ist %(operator)s. Wir speichern Ihren Namen, wie wir Sie erreichen, Ihre Organisation, Ihre "
        "Antworten und Aufgaben, damit wir Sie einladen und Ergebnisse festhalten können (Artikel 6 Absatz 1 Buchstabe e "
        "DSGVO mit § 3 NDSG). Die Angaben haben wir von Ihnen oder von Ihrer Organisation. Ihren Namen nehmen wir spätestens "
        "24 Monate nach Ihrem Ausscheiden heraus. Sie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung und "
        "Widerspruch. Beschweren können Sie sich hier: %(authority)s."
    ) % {"operator": known["operator"] or office.district, "authority": known["privacy_authority"]}
