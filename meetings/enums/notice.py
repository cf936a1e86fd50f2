"""Short notices and remarks: their states."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from meetings.enums.moves import Moves


class NoticeState(TextChoices):
    PROPOSED = "proposed", _("eingereicht")
    RELEASED = "released", _("freigegeben")
    DECLINED = "declined", _("nicht veröffentlicht")
    ENDED = "ended", _("vorzeitig beendet")
    WITHDRAWN = "withdrawn", _("zurückgenommen")


#: Back to `proposed`: a release or refusal that was a slip, or whoever handed it in wants it after all.
NOTICE_MOVES: Moves = {
    NoticeState.PROPOSED: frozenset({NoticeState.RELEASED, NoticeState.DECLINED, NoticeState.WITHDRAWN}),
    NoticeState.RELEASED: frozenset({NoticeState.PROPOSED, NoticeState.ENDED, NoticeState.WITHDRAWN}),
    NoticeState.DECLINED: frozenset({NoticeState.PROPOSED, NoticeState.RELEASED}),
    NoticeState.ENDED: frozenset({NoticeState.RELEASED}),
    NoticeState.WITHDRAWN: frozenset({NoticeState.PROPOSED}),
}


class RemarkState(TextChoices):
    """What the Fachstelle did with somebody's words about another alliance."""

    OPEN = "open", _("offen")
    ANSWERED = "answered", _("beantwortet")
    TAKEN_UP = "taken_up", _("als Thema vorgeschlagen")
    SETTLED = "settled", _("erledigt")
    WITHDRAWN = "withdrawn", _("zurückgenommen")


#: Back to `open`: settled too early, answered by mistake, or taken back and meant after all; of a topic, while it is
#: only proposed (`remarks.reopen`).
REMARK_MOVES: Moves = {
    RemarkState.OPEN: frozenset(
        {RemarkState.ANSWERED, RemarkState.TAKEN_UP, RemarkState.SETTLED, RemarkState.WITHDRAWN}
    ),
    RemarkState.ANSWERED: frozenset({RemarkState.OPEN}),
    RemarkState.SETTLED: frozenset({RemarkState.OPEN}),
    RemarkState.WITHDRAWN: frozenset({RemarkState.OPEN}),
    RemarkState.TAKEN_UP: frozenset({RemarkState.OPEN}),
}
