"""Dazu etwas sagen, behind a personal link: what another alliance does, and a few words about it to the Fachstelle."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose
from buendnisse.models import AccessLink, Alliance
from buendnisse.permissions import is_member
from buendnisse.views.links import by_link
from meetings.domain import elsewhere, remarks
from meetings.domain.moves import MoveRefused
from meetings.forms.remarks import RemarkForm
from meetings.models import Remark


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.REMARK)
def say(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """One field."""
    alliance, at = get_object_or_404(Alliance, pk=link.subject_id), clock.now()
    if not is_member(link.person, at=at):
        return render(request, "meetings/members_only.html", {"link": link}, status=410)
    form = RemarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = remarks.make(alliance, **form.cleaned_data, by=link.person, at=at)
        except remarks.RemarkRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("meetings:remark_own", links.token(link), made.pk)
    context = {
        "link": link,
        "token": links.token(link),
        "alliance": alliance,
        "form": form,
        "about": elsewhere.told([alliance], link.person, at=at)[0],
        "own": Remark.objects.filter(about=alliance, from_person=link.person).order_by("-submitted_at", "-pk")[:5],
    }
    return render(request, "meetings/remark_link.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.REMARK)
def own(request: HttpRequest, link: AccessLink, pk: int) -> HttpResponse:
    """What one said, what became of it, and the way back."""
    rows = Remark.objects.select_related("about", "item")
    remark = get_object_or_404(rows, pk=pk, from_person=link.person_id, about=link.subject_id)
    context = {"link": link, "token": links.token(link), "remark": remark, "refusal": ""}
    wants_it, at = request.POST.get("was") == "doch", clock.now()
    if wants_it and not is_member(link.person, at=at):
        return render(request, "meetings/members_only.html", {"link": link}, status=410)
    if request.method == "POST":
        verb = remarks.resubmit if wants_it else remarks.withdraw
        try:
            verb(remark, by=link.person, at=at)
        except (remarks.RemarkRefused, MoveRefused) as refused:
            context["refusal"] = str(refused)
        else:
            return redirect("meetings:remark_own", links.token(link), pk)
    return render(request, "meetings/remark_own.html", context)
