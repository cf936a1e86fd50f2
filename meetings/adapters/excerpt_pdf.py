"""One item of circulated minutes as a document of its own, to hand on: to a committee, a funder, an authority."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.adapters.typesetting import typeset
from buendnisse.clock import local_date
from buendnisse.models import Installation, Person
from buendnisse.models.sight import BLIND
from meetings.adapters import document_data as shape
from meetings.adapters import minutes_pdf
from meetings.domain import minutes_content, minutes_words
from meetings.domain.minutes_words import ReadItem
from meetings.models import MinutesVersion


class NoExcerpt(Exception):
    """There is nothing that may be handed on; `str()` is a German sentence."""


def pdf(version: MinutesVersion, number: int, *, by: Person, at: dt.datetime) -> bytes:
    """The excerpt of TOP `number`. An excerpt leaves the house, so what is confidential is never in it.

    Raises NoExcerpt for a number that does not exist and for a confidential item.
    """
    content = minutes_content.as_content(version.content)
    found = next((item for item in content["items"] if item["number"] == number), None)
    if found is None:
        raise NoExcerpt(_("Diesen Punkt gibt es in diesem Protokoll nicht."))
    if found["id"] in minutes_content.kept_from(content, BLIND):
        raise NoExcerpt(_("Dieser Punkt ist vertraulich. Von ihm gibt es keinen Auszug."))
    item = next(one for one in minutes_words.items(content) if one.number == number)
    return _typeset(json.dumps(document(version, item, by=by, at=at), ensure_ascii=False, sort_keys=True))


def file_name(version: MinutesVersion, number: int) -> str:
    """protokoll-2026-q4-arbeit-auszug-top-3.pdf"""
    return f"protokoll-{version.minutes.meeting.slug}-auszug-top-{number}.pdf"


def document(version: MinutesVersion, item: ReadItem, *, by: Person, at: dt.datetime) -> shape.ExcerptDocument:
    """The data templates/documents/excerpt.typ is filled with."""
    content = minutes_content.as_content(version.content)
    office = Installation.objects.filter(pk=1).first() or Installation(pk=1)
    day, today = german.day(minutes_words.start(content)), local_date(at)
    standing = minutes_pdf.standing(version.minutes, version)
    names = {"body": content["alliance"], "day": day}
    return {
        "meta": {
            "title": _("Auszug aus dem Protokoll: %(item)s, %(body)s, %(day)s") % {**names, "item": item.title},
            "running_head": _("Auszug aus dem Protokoll · %(body)s, %(day)s") % names,
            "author": f"{office.district} – {office.office_name}",
            "date": today.isoformat(),
            "footer": f"{office.district}, {office.office_name} · {office.office_phone}",
            "keywords": [_("Protokollauszug")],
        },
        "letterhead": {"name": office.district, "office": office.office_name},
        "body_line": f"{content['alliance']} · {minutes_pdf.quarter(content['quarter'])}",
        "title": _("Auszug aus dem Protokoll vom %(day)s") % names,
        "facts": [
            (_("Sitzung"), f"{minutes_words.when(content)}, {minutes_words.where(content)}"),
            (_("Protokoll"), _("Fassung %(number)d, %(standing)s") % {"number": version.number, "standing": standing}),
            (_("Vertreten"), minutes_words.quorum(content) or None),
        ],
        "item": minutes_pdf.item(item),
        "corrections": _later(version, item),
        "omitted": _("Die anderen Punkte dieser Sitzung und die Liste der Anwesenden stehen im Protokoll."),
        "certificate": _(
            "Dieser Auszug gibt den Tagesordnungspunkt vollständig und im Wortlaut wieder. Für die Richtigkeit:"
        ),
        "signature": {
            "name": by.full_name,
            "role": office.office_name,
            "place": german.day(today),
        },
    }


def _later(version: MinutesVersion, item: ReadItem) -> list[shape.Notice]:
    """Dated corrections of this item, and of the minutes as a whole: without them the wording would be certified wrong."""
    found = version.minutes.addenda.filter(Q(agenda_item=item.id) | Q(agenda_item=None)).order_by("dated", "pk")
    return [
        {"mark": _("Berichtigung vom %s:") % german.day(addendum.dated), "text": addendum.text} for addendum in found
    ]


@lru_cache(maxsize=4)
def _typeset(document: str) -> bytes:
    return typeset("excerpt", json.loads(document))
