"""Short notices and remarks: whoever sent one hears what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from buendnisse import permissions
from buendnisse.models import Change
from meetings.enums import Happened
from meetings.models import Notice, Remark
from notifications.domain.draft import Draft, Handler
from notifications.enums import MailKind


def notice_decided(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """The Fachstelle's own are released as they are written, and need no letter."""
    notice = Notice.objects.select_related("from_person__organisation").filter(pk=change.subject_id).first()
    if notice is None or notice.from_person is None or permissions.is_fachstelle(notice.from_person):
        return
    data = {"notice": notice.pk, "state": notice.state}
    yield Draft(MailKind.NOTICE_FATE, notice.from_person, matter=f"notice:{notice.pk}", data=data)


def remark_answered(change: Change, at: dt.datetime) -> Iterable[Draft]:
    """What becomes a topic is told by the copy of the topic; what is settled needs no letter."""
    remark = Remark.objects.select_related("from_person__organisation").filter(pk=change.subject_id).first()
    if remark is not None:
        yield Draft(
            MailKind.REMARK_ANSWER, remark.from_person, matter=f"remark:{remark.pk}", data={"remark": remark.pk}
        )


HANDLERS: dict[str, Handler] = {
    Happened.NOTICE_RELEASED: notice_decided,
    Happened.NOTICE_DECLINED: notice_decided,
    Happened.NOTICE_ENDED: notice_decided,
    Happened.REMARK_ANSWERED: remark_answered,
}
