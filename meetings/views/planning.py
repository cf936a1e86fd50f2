"""Single dates: note, fix, move, edit, cancel. For the Fachstelle."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buendnisse import clock, german
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import answers, asking, cancellation, new_date, planning, proposing, relay_item
from meetings.domain.quarter import Quarter
from meetings.enums import MeetingState
from meetings.forms.planning import CancelForm, EditForm, MoveForm, PlanForm
from meetings.models import Meeting


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Type a date, see what speaks against it, then note it or fix it and invite everybody."""
    at = clock.now()
    form = PlanForm(request.POST or None, at=at, initial=new_date.start(request.GET, at=at))
    if request.method == "POST" and form.is_valid() and form.may_save:
        try:
            meeting = planning.plan(form.cleaned_data["alliance"], **form.facts, by=request.user, at=at)
            if form.fixes:
                _confirm(request, meeting)
            return redirect("meetings:meeting", meeting.slug)
        except planning.PlanRefused as refused:
            form.refuse(refused)
    return render(request, "meetings/plan.html", {"form": form, "asked": _asked(form)})


@moderator
@require_POST
def confirm(request: PersonRequest, slug: str) -> HttpResponse:
    """The noted date stands: invite everybody."""
    meeting = _meeting(request, slug)
    try:
        _confirm(request, meeting)
    except planning.PlanRefused as refused:
        messages.error(request, str(refused))
    return redirect("meetings:meeting", meeting.slug)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PersonRequest, slug: str) -> HttpResponse:
    """Another day, hour or place."""
    at, meeting, stored = clock.now(), _meeting(request, slug), None
    form = MoveForm(request.POST or MoveForm.wished(request.GET, meeting), meeting=meeting, at=at)
    if form.is_valid() and request.method == "POST" and form.may_save:
        try:
            _moved(request, meeting, changed=planning.move_date(meeting, **form.facts, by=request.user, at=at))
            return redirect(_after_moving(meeting))
        except planning.StaleVersion as stale:
            stored = stale.current
            form.show_current(stored)
        except planning.PlanRefused as refused:
            form.refuse(refused)
    context = {"meeting": meeting, "form": form, "stored": stored, "audience": asking.audience(meeting)}
    context["back_url"] = _after_moving(meeting)
    return render(request, "meetings/move.html", context, status=409 if stored else 200)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Link, mode and note."""
    meeting, stored = _meeting(request, slug), None
    form = EditForm(request.POST or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        try:
            planning.edit(meeting, **form.cleaned_data, by=request.user, at=clock.now())
            messages.success(request, _("Gespeichert."))
            return redirect("meetings:meeting", slug)
        except planning.StaleVersion as stale:
            stored = stale.current
            form.show_current(stored)
        except planning.PlanRefused as refused:
            form.add_error(refused.field or None, str(refused))
    context = {"meeting": meeting, "form": form, "stored": stored}
    return render(request, "meetings/edit.html", context, status=409 if stored else 200)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: PersonRequest, slug: str) -> HttpResponse:
    """One reason, one button. At short notice the usual reasons are there to be tapped. `do=back` only shows what was typed."""
    at, meeting = clock.now(), _meeting(request, slug)
    is_soon = cancellation.is_soon(meeting.start, at=at)
    form = CancelForm(request.POST or None, at_short_notice=is_soon)
    if request.method == "POST" and request.POST.get("do") != "back" and form.is_valid():
        try:
            is_told = meeting.state != MeetingState.PLANNED
            said = {"reason": form.words, "introduction": form.cleaned_data["introduction"]}
            planning.cancel(meeting, **said, by=request.user, at=at)
            _cancelled(request, meeting, is_told=is_told)
            return redirect("meetings:meeting", slug)
        except planning.PlanRefused as refused:
            form.add_error(refused.field or None, str(refused))
    context = {"meeting": meeting, "form": form, "counts": answers.summary(meeting), "is_soon": is_soon}
    context["asked"] = relay_item.asked_in(meeting)
    return render(request, "meetings/cancel.html", context)


def _meeting(request: PersonRequest, slug: str) -> Meeting:
    seen = Meeting.objects.visible_to(request.user, at=clock.now())
    return get_object_or_404(seen.select_related("alliance", "venue", "chair"), slug=slug)


def _confirm(request: PersonRequest, meeting: Meeting) -> None:
    planning.confirm(meeting, by=request.user, at=clock.now())
    number = answers.summary(meeting).asked
    said = _(
        "Der Termin steht. In einer Minute geht die Einladung an %s. Bis dahin können Sie sie im Postausgang anhalten."
    )
    told = said % german.count(number, _("Person"), _("Personen"))
    url = reverse("notifications:outbox")
    messages.success(request, format_html('{} <a href="{}">{}</a>', told, url, _("Zum Postausgang")))


def _after_moving(meeting: Meeting) -> str:
    """Back to where one came from: a draft is a part of its year."""
    if meeting.state == MeetingState.PLANNED:
        year = Quarter.parse(meeting.quarter).year
        return f"{reverse('meetings:year', args=[year])}#{proposing.key_of(meeting.alliance, meeting.quarter)}"
    return reverse("meetings:meeting", args=[meeting.slug])


def _moved(request: HttpRequest, meeting: Meeting, *, changed: bool) -> None:
    if not changed:
        messages.info(request, _("Es ist alles, wie es war. Niemand bekommt eine Mail."))
    elif meeting.state == MeetingState.PLANNED:
        messages.success(request, _("Der vorgemerkte Termin ist geändert."))
    else:
        messages.success(request, _("Der Termin ist verlegt. In einer Minute geht die Mail an alle."))


def _cancelled(request: HttpRequest, meeting: Meeting, *, is_told: bool) -> None:
    if not is_told:
        messages.success(request, _("Der vorgemerkte Termin ist abgesagt. Niemand bekommt eine Mail."))
        return
    url = reverse("notifications:telephone_list", args=[meeting.slug])
    link = format_html('<a href="{}">{}</a>', url, _("Telefonliste"))
    said = _("Die Sitzung ist abgesagt. In einer Minute geht die Mail an alle, die eingeladen waren.")
    calls = _("Wen keine Mail erreicht, der steht auf der {}.")
    messages.success(request, format_html("{} {}", said, format_html(calls, link)))


def _asked(form: PlanForm) -> int:
    """How many would be invited."""
    if not form.is_checked:
        return 0
    return answers.would_be_asked(form.cleaned_data["alliance"], form.cleaned_data["date"])
