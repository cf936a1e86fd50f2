"""Finding a short notice again: by words, by what became of it, by body."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from buendnisse.clock import local_date
from buendnisse.models import Alliance
from meetings.enums import NoticeState
from meetings.models import Notice
from meetings.models.notice import NoticeQuerySet


class Stand(TextChoices):
    """How a notice stands on a day; what has run out is no state of its own."""

    WAITING = "wartet", _("wartet auf Freigabe")
    RUNNING = "gilt", _("gilt jetzt")
    OVER = "vorbei", _("vorbei")
    DECLINED = "abgelehnt", _("nicht veröffentlicht")
    WITHDRAWN = "zurueck", _("zurückgenommen")


_STATES = {NoticeState.PROPOSED: Stand.WAITING, NoticeState.DECLINED: Stand.DECLINED, NoticeState.ENDED: Stand.OVER}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty values narrow nothing."""

    words: str = ""
    stand: str = ""
    alliance: Alliance | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.stand or self.alliance)


def found(wanted: Wanted, *, at: dt.datetime) -> NoticeQuerySet:
    """The notices that fit, the newest first."""
    rows, today = Notice.objects.in_full(), local_date(at)
    for word in wanted.words.split():
        rows = rows.filter(
            Q(text__icontains=word) | Q(text_as_sent__icontains=word) | Q(from_organisation__name__icontains=word)
        )
    if wanted.alliance:
        rows = rows.filter(bodies=wanted.alliance)
    match wanted.stand:
        case Stand.WAITING:
            rows = rows.filter(state=NoticeState.PROPOSED)
        case Stand.RUNNING:
            rows = rows.valid_on(today)
        case Stand.OVER:
            run_out = Q(state=NoticeState.RELEASED, valid_until__lt=today)
            rows = rows.filter(run_out | Q(state=NoticeState.ENDED))
        case Stand.DECLINED:
            rows = rows.filter(state=NoticeState.DECLINED)
        case Stand.WITHDRAWN:
            rows = rows.filter(state=NoticeState.WITHDRAWN)
    return rows.order_by("-submitted_at", "-pk")


def stand(notice: Notice, *, day: dt.date) -> Stand:
    """In which drawer a notice lies on `day`."""
    if notice.state == NoticeState.RELEASED:
        return Stand.RUNNING if notice.valid_until >= day else Stand.OVER
    return _STATES.get(NoticeState(notice.state), Stand.WITHDRAWN)
