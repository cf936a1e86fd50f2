"""Letters about short notices and remarks, to whoever sent them."""

from __future__ import annotations

import datetime as dt

from buendnisse import german
from buendnisse.enums import LinkPurpose
from meetings.enums import RemarkState
from meetings.models import Notice, Remark
from notifications.domain import urls_for
from notifications.domain.letter import Composer, Letter, NothingToSay
from notifications.enums import MailKind
from notifications.models import OutboxMessage


def notice_fate(message: OutboxMessage, at: dt.datetime) -> Letter:
    """Released, not published, or ended early. Over where that was undone within the minute."""
    rows = Notice.objects.select_related("from_organisation").prefetch_related("bodies")
    notice = rows.filter(pk=message.data["notice"], state=message.data["state"]).first()
    if notice is None:
        raise NothingToSay
    context = {
        "notice": notice,
        "bodies": german.listing([body.word for body in sorted(notice.bodies.all(), key=lambda body: body.pk)]),
        "url": urls_for.personal(message.person, purpose=LinkPurpose.NOTICE, at=at),
    }
    return Letter("notice_fate", context)


def remark_answer(message: OutboxMessage, at: dt.datetime) -> Letter:
    """The Fachstelle's words. Over where the remark was opened again within the minute."""
    rows = Remark.objects.select_related("about").filter(pk=message.data["remark"], state=RemarkState.ANSWERED)
    if (remark := rows.first()) is None:
        raise NothingToSay
    url = urls_for.personal(message.person, purpose=LinkPurpose.REMARK, subject=remark.about, at=at)
    return Letter("remark_answer", {"remark": remark, "body": remark.about, "url": url})


COMPOSERS: dict[str, Composer] = {MailKind.NOTICE_FATE: notice_fate, MailKind.REMARK_ANSWER: remark_answer}
