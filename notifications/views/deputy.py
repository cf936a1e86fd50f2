"""Somebody was asked to stand in: a GET shows the question, a button answers it, and both answers can be changed."""

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
from meetings.domain import answers, deputies
from meetings.enums import DeputyRequestState
from meetings.models import Attendance, DeputyRequest
from notifications.domain import urls_for
from notifications.domain.letters import deputies as letters
from notifications.domain.letters import sitting


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.DEPUTY)
def deputy(request: HttpRequest, link: AccessLink) -> HttpResponse:
    at = clock.now()
    asked = _asked(link)
    if asked is None:
        return render(request, "410.html", {"link": link}, status=410)
    refused = ""
    if request.method == "POST" and request.POST.get("antwort") == "aendern":
        return redirect(_answer_url(link, asked))
    if request.method == "POST":
        verb = {"ja": deputies.confirm, "nein": deputies.decline}.get(request.POST.get("antwort", ""))
        try:
            if verb is not None:
                verb(asked, via=Via.LINK, by=link.person, at=at)
                return redirect("notifications:deputy", links.token(link))
        except answers.AnswerRefused as error:
            refused = str(error)
    meeting = asked.attendance.meeting
    row = Attendance.objects.filter(meeting=meeting, person=link.person, stands_in_for=asked.attendance).first()
    context = {
        "link": link,
        "asked": asked,
        "meeting": meeting,
        "please": letters.please(asked),
        "facts": [fact for fact in sitting.facts(meeting.start, meeting.end, meeting) if "url" not in fact],
        "stands_in": row is not None,
        "is_known": deputies.is_known_otherwise(link.person),
        "is_declined": asked.state == DeputyRequestState.DECLINED,
        "may_confirm": deputies.may_be_confirmed(asked, at=at),
        "is_open": deputies.is_open(asked, at=at),
        "over": deputies.why_over(asked, at=at) if row or asked.state != DeputyRequestState.CONFIRMED else "",
        "refused": refused,
    }
    return render(request, "notifications/deputy.html", context)


def _answer_url(link: AccessLink, asked: DeputyRequest) -> str:
    """The page where somebody who stands in changes the answer, as in the invitation."""
    meeting = asked.attendance.meeting
    until = meeting.end + urls_for.AFTER_MEETING
    own = links.grant(link.person, purpose=LinkPurpose.ANSWER, subject=meeting, until=until, at=clock.now())
    return f"{reverse('notifications:answer', args=[links.token(own)])}?aendern=1"


def _asked(link: AccessLink) -> DeputyRequest | None:
    related = ("attendance__meeting__alliance", "attendance__meeting__venue", "attendance__person", "person")
    rows = DeputyRequest.objects.select_related(*related, "attendance__organisation")
    return rows.filter(pk=link.subject_id, person=link.person_id).first()
