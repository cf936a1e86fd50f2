"""Minutes as an accessible archive PDF, made from the frozen content of a version."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from functools import lru_cache

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.adapters.typesetting import typeset
from buendnisse.clock import local_date
from buendnisse.models import Installation, Sight
from meetings.adapters import document_data as shape
from meetings.adapters import document_prose
from meetings.domain import minutes_content, minutes_reading, minutes_words
from meetings.domain.minutes_content import MinutesContent
from meetings.domain.minutes_words import ReadItem
from meetings.enums import MinutesState
from meetings.models import Minutes, MinutesVersion


def pdf(version: MinutesVersion, *, sight: Sight) -> bytes:
    """The PDF of one version, without what this reader may not see. Same content, same bytes."""
    return _typeset(json.dumps(document(version, sight=sight), ensure_ascii=False, sort_keys=True))


def draft(minutes: Minutes, *, sight: Sight, at: dt.datetime) -> bytes:
    """The text as it is now, for the chair who is to release it."""
    text = dict(minutes_content.content(minutes.meeting, author=minutes.author))
    return pdf(MinutesVersion(minutes=minutes, number=1, circulated_at=at, content=text), sight=sight)


def file_name(version: MinutesVersion) -> str:
    """protokoll-2026-q4-arbeit-fassung-2.pdf"""
    return f"protokoll-{version.minutes.meeting.slug}-fassung-{version.number}.pdf"


def document(version: MinutesVersion, *, sight: Sight) -> shape.MinutesDocument:
    """What this reader gets, whatever the file: the data templates/documents/minutes.typ is filled with."""
    stored = minutes_content.as_content(version.content)
    return _document(version, minutes_content.redacted(stored, sight), minutes_content.kept_from(stored, sight))


def _document(version: MinutesVersion, content: MinutesContent, without: Collection[int]) -> shape.MinutesDocument:
    installation = Installation.objects.filter(pk=1).first() or Installation(pk=1)
    day = german.day(minutes_words.start(content))
    items = minutes_words.items(content)
    mark = _("Fassung %(number)d") % {"number": version.number} if version.pk else _("Entwurf")
    return {
        "meta": {
            "title": _("Protokoll: %(body)s am %(day)s, %(mark)s")
            % {"body": content["alliance"], "day": day, "mark": mark},
            "running_head": _("Protokoll · %(body)s, %(day)s") % {"body": content["alliance"], "day": day},
            "author": f"{installation.district} – {installation.office_name}",
            "date": local_date(version.circulated_at).isoformat(),
            "footer": f"{installation.district}, {installation.office_name} · {installation.office_phone}",
            "keywords": [_("Protokoll"), content["kind"]],
            "mark": mark,
        },
        "letterhead": {"name": installation.district, "office": installation.office_name},
        "body_line": f"{content['alliance']} · {quarter(content['quarter'])}",
        "title": _("%(kind)s der Sitzung vom %(day)s") % {"kind": content["kind"], "day": day},
        "version": {
            "mark": _("%(mark)s vom %(day)s") % {"mark": mark, "day": german.day(version.circulated_at)},
            "standing": standing(version.minutes, version),
        },
        "facts": [
            (_("Zeit"), minutes_words.when(content)),
            (_("Ort"), minutes_words.where(content)),
            (_("Sitzungsleitung"), content["chair"] or None),
            (_("Protokoll"), content["author"] or None),
            (_("Vertreten"), minutes_words.quorum(content) or None),
        ],
        "items": [item(one) for one in items],
        "tasks": [
            {"item": str(item.number), "what": task.task, "who": task.who, "due": german.short_day(task.due_on)}
            for item in items
            for task in item.tasks
        ],
        "attendance": {
            "sentence": _attended(content),
            "people": [
                {"name": row.name, "organisation": row.organisation, "participation": row.participation}
                for row in minutes_words.participants(content)
            ],
        },
        "annexes": sorted({title for item in items for title in item.papers}),
        "corrections": [*_corrections(version, content), *addenda(version.minutes, without)],
        "closing": _("Nächste Sitzung: %(when)s.") % {"when": content["next_meeting"]}
        if content["next_meeting"]
        else "",
    }


def standing(minutes: Minutes, version: MinutesVersion) -> str:
    """Where this version stands, in words."""
    if version.pk is None:
        return _("Entwurf, noch nicht freigegeben")
    newest = minutes.versions.order_by("-number").first() or version
    if newest.number > version.number:
        return _("ersetzt durch Fassung %(number)d vom %(day)s") % {
            "number": newest.number,
            "day": german.day(newest.circulated_at),
        }
    if minutes.state == MinutesState.APPROVED and minutes.approved_on:
        return _("genehmigt am %(day)s") % {"day": german.day(minutes.approved_on)}
    if minutes.state == MinutesState.CONTESTED:
        return _("noch nicht genehmigt, ein Einwand wird geprüft")
    if minutes.objection_until:
        return _("noch nicht genehmigt, Einwände bis %(day)s") % {"day": german.day(minutes.objection_until)}
    return _("Entwurf")


@lru_cache(maxsize=16)
def _typeset(document: str) -> bytes:
    """Everybody who may read the same gets the same file: set once a batch of mail."""
    return typeset("minutes", json.loads(document))


def forget_made() -> None:
    """Typeset anew what is asked for next, also where it was made before; for measuring."""
    _typeset.cache_clear()


def item(one: ReadItem) -> shape.MinutesItem:
    """One item as minutes and excerpts set it."""
    return {
        "number": str(one.number),
        "title": one.title,
        "presenter": one.presenter,
        "result": _results(one),
        "decisions": [
            {
                "kind": decision.kind,
                "number": decision.number,
                "standing": decision.standing,
                "text": decision.text,
                "votes": decision.votes,
            }
            for decision in one.decisions
        ],
        "tasks": [{"what": task.task, "who": task.who, "due": german.short_day(task.due_on)} for task in one.tasks],
        "corrections": [{"mark": mark, "text": text} for mark, text in one.corrections],
    }


def _results(item: ReadItem) -> shape.Prose:
    """The result, and below it what units reported, each behind its name."""
    said = document_prose.of(item.result)
    for unit, text in item.reports:
        said += [{"kind": "paragraph", "run": [{"t": f"{unit}:", "bold": True}]}, *document_prose.of(text)]
    return said


def _attended(content: MinutesContent) -> str:
    words = minutes_words.quorum(content)
    return _("Vertreten waren %(words)s.") % {"words": words} if words else ""


def _corrections(version: MinutesVersion, content: MinutesContent) -> list[shape.Correction]:
    """What was put right outside of any item."""
    found = minutes_words.corrections(content)
    day = german.short_day(version.circulated_at)
    return [{"date": day, "place": _("Zum Ganzen"), "text": f"{mark} {text}"} for mark, text in found]


def addenda(minutes: Minutes, without: Collection[int]) -> list[shape.Correction]:
    return [
        {
            "date": german.short_day(addendum.dated),
            "place": addendum.agenda_item.title if addendum.agenda_item else "",
            "text": addendum.text,
        }
        for addendum in minutes_reading.addenda(minutes, without=without)
    ]


def quarter(code: str) -> str:
    """2026-Q4 → 4. Quartal 2026"""
    year, _dash, number = code.partition("-Q")
    return _("%(number)s. Quartal %(year)s") % {"number": number, "year": year} if number else code
