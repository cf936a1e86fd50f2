"""Was that answer yours? A GET shows it, one button keeps it, the other takes it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.models import AccessLink
from buendnisse.views.links import by_link
from notifications.domain import tray_settling
from notifications.domain.letters import inbound as letters
from notifications.enums import InboundOutcome, InboundReason
from notifications.models import InboundMessage


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.REPLY)
def reply_check(request: HttpRequest, link: AccessLink) -> HttpResponse:
    row = _row(link)
    if row is None or row.meeting is None:
        return render(request, "410.html", {"link": link}, status=410)
    refused = ""
    if request.method == "POST":
        verb = {"ja": tray_settling.confirm, "nein": tray_settling.reject}.get(request.POST.get("antwort", ""))
        try:
            if verb is not None:
                verb(row, by=link.person, at=clock.now(), via=Via.LINK)
                return redirect("notifications:reply_check", links.token(link))
        except tray_settling.NotSettled as error:
            refused = str(error)
    own = links.known(link.person, purpose=LinkPurpose.ANSWER, subject=row.meeting, at=clock.now())
    context = {
        "link": link,
        "row": row,
        "meeting": row.meeting,
        "said": letters.said(row),
        "refused": refused,
        "is_waiting": row.outcome == InboundOutcome.PROVISIONAL,
        "is_taken_back": row.reason == InboundReason.TAKEN_BACK,
        "answer_url": f"{reverse('notifications:answer', args=[links.token(own)])}?aendern=1" if own else "",
    }
    return render(request, "notifications/reply_check.html", context)


def _row(link: AccessLink) -> InboundMessage | None:
    rows = InboundMessage.objects.select_related("meeting__alliance", "meeting__venue").defer("raw")
    return rows.filter(pk=link.subject_id, person=link.person_id).first()
