"""Was that answer yours? A GET shows it, one button keeps it, the other takes it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.http import number_in
from buendnisse.models import AccessLink
from buendnisse.views.links import by_link
from meetings.models import Attendance
from notifications.domain import tray_settling
from notifications.domain.letters import inbound as letters
from notifications.enums import InboundOutcome
from notifications.models import InboundMessage


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.REPLY)
def reply_check(request: HttpRequest, link: AccessLink) -> HttpResponse:
    row = _row(link)
    if row is None or row.meeting is None:
        return render(request, "410.html", {"link": link}, status=410)
    refused = ""
    if request.method == "POST":
        is_taken_back = row.reason in tray_settling.TAKEN_BACK
        yes = tray_settling.claim if is_taken_back else tray_settling.confirm
        verb = {"ja": yes, "nein": tray_settling.reject}.get(request.POST.get("antwort", ""))
        if verb is not None and (number_in(request.POST, "mail") or link.subject_id) != row.pk:
            verb, refused = None, _("Inzwischen kam eine weitere Antwort. Bitte prüfen Sie diese.")
        try:
            if verb is not None:
                verb(row, by=link.person, at=clock.now(), via=Via.LINK)
                return redirect("notifications:reply_check", links.token(link))
        except tray_settling.NotSettled as error:
            refused = str(error)
            row = _row(link) or row
    own = links.known(link.person, purpose=LinkPurpose.ANSWER, subject=row.meeting, at=clock.now())
    context = {
        "link": link,
        "row": row,
        "meeting": row.meeting,
        "said": letters.said(row),
        "refused": refused,
        "is_waiting": row.outcome == InboundOutcome.PROVISIONAL and not row.is_overtaken,
        "is_overtaken": row.outcome == InboundOutcome.DUPLICATE or row.is_overtaken,
        "counts": letters.in_words(_answer(row)),
        "is_taken_back": row.reason in tray_settling.TAKEN_BACK,
        "may_be_claimed": tray_settling.may_be_claimed(row),
        "answer_url": f"{reverse('notifications:answer', args=[links.token(own)])}?aendern=1" if own else "",
    }
    return render(request, "notifications/reply_check.html", context)


def _row(link: AccessLink) -> InboundMessage | None:
    """The mail the letter asks about, or the one that took its place, as long as nobody has proved that either."""
    rows = InboundMessage.objects.with_standing().select_related("meeting__alliance", "meeting__venue")
    rows = rows.filter(person=link.person_id).defer("raw")
    row = rows.filter(pk=link.subject_id).first()
    while row is not None and (newer := rows.filter(pk=row.data.get("replaced_by", 0)).first()) is not None:
        if newer.outcome == InboundOutcome.APPLIED and not newer.settlement:
            break
        row = newer
    return row


def _answer(row: InboundMessage) -> str:
    """What counts now for the person and meeting of a mail."""
    rows = Attendance.objects.filter(person=row.person_id, meeting=row.meeting_id, answer_is_for_earlier_date=False)
    return rows.values_list("answer", flat=True).first() or ""
