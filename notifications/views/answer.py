"""Answering an invitation by link. A GET shows one big button, the button answers; everything can be taken back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink
from buendnisse.views.links import by_link
from meetings.domain import answers
from meetings.enums import Answer
from meetings.forms.answers import DeputyForm
from notifications.domain import answering

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@by_link(LinkPurpose.ANSWER)
def answer(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """All answers as buttons, or what was answered."""
    return _page(request, link, wish="")


@require_http_methods(_METHODS)
@by_link(LinkPurpose.ANSWER)
def answer_as(request: HttpRequest, link: AccessLink, wish: str) -> HttpResponse:
    """The answer chosen in the mail, to be confirmed by one button."""
    if wish not in answering.WISHES:
        raise Http404
    return _page(request, link, wish=wish)


def _page(request: HttpRequest, link: AccessLink, *, wish: str) -> HttpResponse:
    page = answering.of(link, at=clock.now(), wish=wish)
    if page is None:
        return render(request, "410.html", {"link": link}, status=410)
    form = DeputyForm(request.POST if "name" in request.POST else None)
    if request.method == "POST":
        try:
            if answering.act(page, request.POST, form, at=clock.now()):
                return redirect("notifications:answer", links.token(link))
        except answers.AnswerRefused as refused:
            form.add_error(None, str(refused)) if form.is_bound else None
            page.refused = str(refused)
    template = "answer_thanks" if page.is_answered and not wish and "aendern" not in request.GET else "answer"
    names_a_deputy = "name" in request.POST and page.attendance.answer == Answer.DECLINED
    if (form.errors or page.refused) and not (names_a_deputy and page.is_answered and page.is_open):
        template = "answer"
    return render(request, f"notifications/{template}.html", {"link": link, "page": page, "form": form})
