"""Alliances and their meetings, as far as the reader sees them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Alliance, sight_of
from buendnisse.permissions import may_moderate, may_read
from buendnisse.views.gate import only
from buendnisse.views.links import by_link
from meetings.domain import alliance_page, answers, meeting_page
from meetings.enums import Answer
from meetings.forms.answers import PhoneAnswerForm
from meetings.models import Attendance, Meeting

signed_in = only(may_read)


@signed_in
@require_safe
def alliances(request: PersonRequest) -> HttpResponse:
    """All alliances with their next meeting."""
    rows = alliance_page.overview(request.user, at=clock.now())
    return render(request, "meetings/alliances.html", {"rows": rows, "may_moderate": may_moderate(request.user)})


@signed_in
@require_safe
def alliance(request: PersonRequest, slug: str) -> HttpResponse:
    """One alliance: meetings, members, rules."""
    body = get_object_or_404(Alliance.objects.select_related("usual_venue"), slug=slug)
    page = alliance_page.of(body, request.user, at=clock.now())
    return render(request, "meetings/alliance.html", {"page": page, "alliance": body})


@signed_in
@require_safe
def meeting(request: PersonRequest, slug: str) -> HttpResponse:
    """The meeting with everything that belongs to it."""
    at = clock.now()
    sight = sight_of(request.user, at=at)
    found = get_object_or_404(meeting_page.shown(sight, at=at), slug=slug)
    page = meeting_page.of(found, request.user, at=at, sight=sight)
    return render(request, "meetings/meeting.html", {"page": page, "meeting": found})


@only(may_moderate)
@require_http_methods(["GET", "HEAD", "POST"])
def phone_answers(request: PersonRequest, slug: str) -> HttpResponse:
    """What people said on the telephone."""
    found = _meeting(request, slug)
    page = meeting_page.of(found, request.user, at=clock.now())
    rows = page.listed_rows + page.coming_rows
    form = PhoneAnswerForm(
        request.POST or None, meeting=found, rows=rows, initial={"person": request.GET.get("person")}
    )
    if request.method == "POST" and form.is_valid():
        row = found.attendance.select_related("person", "meeting__alliance").get(pk=form.cleaned_data["person"])
        try:
            _take(request, row, form)
            return redirect("meetings:answers", slug)
        except answers.AnswerRefused as refused:
            form.add_error(None, str(refused))
    return render(request, "meetings/phone_answers.html", {"meeting": found, "page": page, "form": form})


@require_safe
@by_link(LinkPurpose.MEETING)
def meeting_link(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Facts and agenda for one member, without signing in."""
    found = get_object_or_404(Meeting.objects.select_related("alliance", "venue", "chair"), pk=link.subject_id)
    at = clock.now()
    page = meeting_page.of(found, link.person, at=at, is_link=True)
    own = links.grant(link.person, purpose=LinkPurpose.ANSWER, subject=found, until=link.expires_at, at=at)
    answer_url = reverse("notifications:answer", args=[links.token(own)])
    context = {
        "link": link,
        "token": links.token(link),
        "page": page,
        "meeting": found,
        "answer_url": answer_url,
    }
    return render(request, "meetings/meeting_link.html", context)


def _meeting(request: PersonRequest, slug: str) -> Meeting:
    return get_object_or_404(meeting_page.shown(request.user, at=clock.now()), slug=slug)


def _take(request: PersonRequest, row: Attendance, form: PhoneAnswerForm) -> None:
    if form.cleaned_data["deputy"]:
        _take_deputy(request, row, form)
        return
    said = {"answer": Answer(form.cleaned_data["answer"]), "comment": form.cleaned_data["comment"]}
    answers.answer(row, **said, via=Via.PHONE, by=request.user, at=clock.now())
    text = _("Eingetragen: %(name)s %(answer)s.") % {"name": row.person.full_name, "answer": said["answer"].label}
    messages.success(request, text)


def _take_deputy(request: PersonRequest, row: Attendance, form: PhoneAnswerForm) -> None:
    """Agreed on the telephone: nobody is asked again."""
    by: dict[str, Any] = {"via": Via.PHONE, "by": request.user, "at": clock.now()}
    with transaction.atomic():
        deputy = answers.name_deputy(row, **form.deputy_facts, **by).person
        if comment := form.cleaned_data["comment"]:
            answers.answer(row, answer=Answer.DECLINED, comment=comment, **by)
    text = _("Eingetragen: %(deputy)s kommt für %(name)s.") % {"deputy": deputy.full_name, "name": row.person.full_name}
    messages.success(request, text)
    if not deputy.gets_mail:
        messages.warning(
            request, _("%s bekommt keine E-Mail. Bitte geben Sie den Termin selbst weiter.") % deputy.full_name
        )
