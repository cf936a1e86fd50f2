"""Who changed what of one row in the Verwaltung, the latest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buendnisse import german
from buendnisse.models import Body, Change

_MOST = 12
_WHAT = {
    "added": gettext_lazy("angelegt"),
    "changed": gettext_lazy("geändert"),
    "ended": gettext_lazy("beendet"),
    "resumed": gettext_lazy("wieder aufgenommen"),
    "moved": gettext_lazy("an eine andere Stelle gesetzt"),
    "version_added": gettext_lazy("neue Fassung"),
    "version_taken_back": gettext_lazy("Fassung zurückgenommen"),
    "merged": gettext_lazy("mit einem anderen zusammengelegt"),
    "rule_changed": gettext_lazy("Regel geändert"),
    "rule_set": gettext_lazy("neue Regel festgelegt"),
    "ways_set": gettext_lazy("Wege für Weiterleitungen geändert"),
    "handed_over": gettext_lazy("Aufgaben übergeben"),
}


@dataclass(frozen=True)
class Entry:
    at: dt.datetime
    who: str
    what: str


def of(row: Any, *, labels: Mapping[str, Any]) -> list[Entry]:
    """The newest changes; `labels` are the words for fields. One query."""
    about = Q(subject_type=row._meta.model_name, subject_id=row.pk)
    if isinstance(row, Body):  # a body and the alliance or unit it is have one id and are one thing to readers
        about = Q(subject_type__in=["body", "alliance", "unit"], subject_id=row.pk)
    changes = Change.objects.filter(about).select_related("by").order_by("-at", "-pk")[:_MOST]
    return [Entry(one.at, one.by.full_name if one.by else "", _words(one, labels)) for one in changes]


def _words(one: Change, labels: Mapping[str, Any]) -> str:
    what = str(_WHAT.get(one.verb.rpartition(".")[2], one.verb))
    named = [str(labels[name]).rstrip("?:") for name in one.data.get("fields", ()) if name in labels]
    if last := one.data.get("last"):
        return _("%(what)s zum %(day)s") % {"what": what, "day": german.short_day(dt.date.fromisoformat(last))}
    return f"{what}: {', '.join(named)}" if named else what
