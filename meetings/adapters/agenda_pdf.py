"""The agenda as a document (PDF/A-3a and PDF/UA-1)."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.adapters.typesetting import typeset
from buendnisse.clock import local, local_date
from buendnisse.models import Installation, sight_of
from meetings.adapters import document_data
from meetings.adapters.document_data import AgendaDocument
from meetings.domain import agenda_changes, agenda_order, agenda_sending, standing
from meetings.domain.agenda_changes import Edition
from meetings.domain.agenda_order import Agenda, Numbered
from meetings.domain.agenda_papers import PaperLine
from meetings.enums import StandingCode
from meetings.models import Meeting


def agenda_pdf(meeting: Meeting, *, reader: object, at: dt.datetime) -> bytes:
    """The agenda as `reader` may see it. Same data, same bytes; the clock does not show in it."""
    return pdf_of(meeting, *seen_by(meeting, reader=reader, at=at), at=at)


def seen_by(meeting: Meeting, *, reader: object, at: dt.datetime) -> tuple[Agenda, Edition | None]:
    """The agenda and what is new in its newest version, as `reader` may know them."""
    sight = sight_of(reader, at=at)
    return agenda_order.numbered(meeting, reader=sight, at=at), agenda_changes.edition(meeting, sight=sight)


def pdf_of(meeting: Meeting, agenda: Agenda, edition: Edition | None = None, *, at: dt.datetime) -> bytes:
    """The same for an agenda that was read already."""
    return _typeset(json.dumps(document(meeting, agenda, edition, at=at), ensure_ascii=False, sort_keys=True))


def file_name(meeting: Meeting) -> str:
    """Tagesordnung-Arbeit-2026-12-03.pdf"""
    return f"Tagesordnung-{meeting.alliance.word}-{local_date(meeting.start).isoformat()}.pdf"


def document(meeting: Meeting, agenda: Agenda, edition: Edition | None = None, *, at: dt.datetime) -> AgendaDocument:
    """All wording of the document."""
    office = Installation.objects.filter(pk=1).first() or Installation(pk=1)
    day = german.day(meeting.start)
    dated = local_date(meeting.agenda_sent_at or at)
    after = standing.meeting_after(meeting)
    found: AgendaDocument = {
        "meta": {
            "title": _("Tagesordnung: %(body)s am %(day)s") % {"body": meeting.alliance.name, "day": day},
            "running_head": _("Tagesordnung · %(body)s, %(day)s") % {"body": meeting.alliance.name, "day": day},
            "author": " – ".join(filter(None, [office.district, office.office_name])),
            "date": dated.isoformat(),
            "footer": f"{office.district}, {office.office_name} · Telefon {office.office_phone}",
            "keywords": [_("Tagesordnung")],
        },
        "letterhead": letterhead(office),
        "body_line": f"{meeting.alliance.name} · {_quarter(meeting)}",
        "title": _("Tagesordnung für %s") % german.long_day(meeting.start),
        "facts": [
            (_("Zeit"), german.span(meeting.start, meeting.end)),
            (_("Ort"), place(meeting) or None),
            (
                _("Online"),
                _("Der Link steht in Ihrer Einladung.") if meeting.has_online and meeting.video_link else None,
            ),
            (_("Vorsitz"), f"{meeting.chair.full_name}, {meeting.chair.organisation}" if meeting.chair else None),
            (_("Fassung"), _version(meeting, dated)),
        ],
        "time_frame": _("%(count)s · %(minutes)d von %(capacity)d Minuten geplant")
        % {
            "count": german.count(len(agenda.entries), "Punkt", "Punkte"),
            "minutes": agenda.minutes,
            "capacity": agenda.capacity,
        },
        "items": [_item(entry) for entry in agenda.entries],
    }
    papers: list[document_data.Paper] = [
        {"item": str(entry.number), "title": paper.title, "standing": _standing(paper)}
        for entry in agenda.entries
        for paper in entry.papers
    ]
    if papers:
        found["papers"] = papers
    if edition is not None and (notice := _notice(edition)):
        found["notice"] = notice
        if edition.mark:
            found["meta"]["mark"] = edition.mark
    if after is not None and not any(entry.item.standing_code == StandingCode.CLOSING for entry in agenda.entries):
        found["next_meetings"] = [f"{meeting.alliance.name}: {german.moment(after.start)}"]
    return found


def letterhead(office: Installation) -> document_data.Letterhead:
    """Who writes, from the facts of the installation: name, office, address, telephone."""
    reach = [office.office_address, _("Telefon %s") % office.office_phone if office.office_phone else ""]
    return {"name": office.district, "office": office.office_name, "reach": " · ".join(filter(None, reach))}


def _notice(edition: Edition) -> document_data.Notice | None:
    """What is new since the version before, and why the notice is short."""
    told = list(edition.changes.lines)
    if edition.urgency:
        told.append(_("Eilbedürftig: %s") % edition.urgency)
    if not told and not edition.mark:
        return None
    mark = edition.mark or _("Kurze Frist")
    return {"mark": mark, "text": " ".join(told) or _("Sie ersetzt die frühere Fassung.")}


def place(meeting: Meeting) -> str:
    """Where, with what makes it reachable; empty where nothing is known."""
    if meeting.venue is None:
        return ""
    aside = ", ".join(
        filter(None, [_("stufenlos erreichbar") if meeting.venue.is_step_free else "", meeting.venue.remarks])
    )
    return f"{meeting.venue.name} – {aside}" if aside else meeting.venue.name


def _item(entry: Numbered) -> document_data.AgendaItem:
    item = entry.item
    told: document_data.AgendaItem = {
        "number": str(entry.number),
        "title": item.title,
        "begins": f"{local(entry.begins):%H:%M}",
        "minutes": item.duration_minutes,
        "kind": "" if entry.is_standing else entry.kind,
        "presenter": f"{item.presenter.full_name}, {item.presenter.organisation.short_name}" if item.presenter else "",
        "description": _prose(entry),
    }
    if item.answers is not None:
        told["origin"] = _("Bitte aus dem %(body)s (%(number)s): %(subject)s") % {
            "body": item.answers.source.named,
            "number": item.answers.number,
            "subject": item.answers.subject,
        }
    if entry.only_for:
        told["confidential"] = entry.only_for
    papers = [{"title": paper.title, "standing": _standing(paper)} for paper in entry.papers]
    if papers:
        told["papers"] = papers  # type: ignore[typeddict-item]
    return told


def _prose(entry: Numbered) -> document_data.Prose:
    """What was written about the item, then what it tells by itself: the words of page and mail."""
    passages = entry.tells.passages
    if not any(passage.heading for passage in passages):
        return "\n".join(filter(None, [entry.item.description, *entry.told]))
    blocks: list[document_data.Block] = []
    if entry.item.description:
        blocks.append({"kind": "paragraph", "run": entry.item.description})
    for passage in passages:
        if passage.heading:
            blocks.append({"kind": "paragraph", "run": [{"t": passage.heading, "bold": True}]})
            blocks.append({"kind": "list", "points": passage.lines})
        else:
            blocks += [{"kind": "paragraph", "run": line} for line in passage.lines]
    return blocks


def _standing(paper: PaperLine) -> str:
    return paper.standing


def _version(meeting: Meeting, dated: dt.date) -> str:
    if meeting.agenda_sent_at is None:
        return _("Entwurf vom %s") % german.day(dated)
    number = agenda_sending.versions_sent(meeting)
    return _("%(number)d vom %(day)s") % {"number": number, "day": german.day(dated)}


def _quarter(meeting: Meeting) -> str:
    year, _dash, quarter = meeting.quarter.partition("-Q")
    return _("%(quarter)s. Quartal %(year)s") % {"quarter": quarter, "year": year}


@lru_cache(maxsize=8)
def _typeset(data: str) -> bytes:
    return typeset("agenda", json.loads(data))
