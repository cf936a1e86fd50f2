"""Short notices: their states."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


class NoticeState(TextChoices):
    PROPOSED = "proposed", _("eingereicht")
    RELEASED = "released", _("freigegeben")
    DECLINED = "declined", _("nicht veröffentlicht")


NOTICE_MOVES: Moves = {
    NoticeState.PROPOSED: frozenset({NoticeState.RELEASED, NoticeState.DECLINED}),
    NoticeState.RELEASED: frozenset({NoticeState.DECLINED}),
    NoticeState.DECLINED: frozenset({NoticeState.RELEASED}),
}
