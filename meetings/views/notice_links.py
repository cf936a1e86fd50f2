"""Short notices behind a personal link: hand one in, see what became of it, take it back. No account is needed."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.http import number_in
from buendnisse.models import AccessLink, Person
from buendnisse.permissions import is_member
from buendnisse.views.links import by_link
from meetings.domain import notices
from meetings.domain.moves import MoveRefused, may_move
from meetings.enums import NoticeState
from meetings.forms.notices import NoticeForm, words_of
from meetings.models import Notice


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.NOTICE)
def hand_in(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Three short questions, and beneath them what this person handed in before."""
    at, token = clock.now(), links.token(link)
    if not is_member(link.person, at=at):
        return render(request, "meetings/members_only.html", {"link": link}, status=410)
    form = NoticeForm(request.POST or None, day=clock.local_date(at), initial=_again(request, link.person, at))
    if request.method == "POST" and form.is_valid():
        try:
            made = notices.submit(**form.cleaned_data, by=link.person, at=at)
        except notices.NoticeRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("meetings:notice_own", token, made.pk)
    context = {"link": link, "token": token, "form": form, "own": notices.own(link.person)}
    return render(request, "meetings/notice_link.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.NOTICE)
def own(request: HttpRequest, link: AccessLink, pk: int) -> HttpResponse:
    """One's own notice: how it stands, what the Fachstelle wrote, and the way back."""
    notice = get_object_or_404(Notice.objects.in_full(), pk=pk, from_person=link.person_id)
    context = {"link": link, "token": links.token(link), "notice": notice, "refusal": ""}
    wants_it, at = request.POST.get("was") == "doch", clock.now()
    if wants_it and not is_member(link.person, at=at):
        return render(request, "meetings/members_only.html", {"link": link}, status=410)
    if request.method == "POST":
        verb = notices.resubmit if wants_it else notices.withdraw
        try:
            verb(notice, by=link.person, at=at)
        except (notices.NoticeRefused, MoveRefused) as refused:
            context["refusal"] = str(refused)
        else:
            return redirect("meetings:notice_own", links.token(link), pk)
    today = clock.local_date(at)
    context["is_told"] = notices.is_told(notice)
    context["is_over"] = notice.valid_until < today
    context["may_withdraw"] = may_move(notice, to=NoticeState.WITHDRAWN) and notice.valid_until >= today
    return render(request, "meetings/notice_own.html", context)


def _again(request: HttpRequest, person: Person, at: dt.datetime) -> dict[str, object]:
    """The words of an own notice to begin a new one with: `wie` names it."""
    number = number_in(request.GET, "wie")
    former = Notice.objects.filter(pk=number, from_person=person).first() if number else None
    if former is None:
        return {}
    words = words_of(former) | {"text": former.own_words}
    if former.valid_until < clock.local_date(at):
        words["valid_until"] = None
    return words
