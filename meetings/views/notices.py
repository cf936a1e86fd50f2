"""Short notices at the desk: what waits, what is out, what has been, and a new one of the Fachstelle's own."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import notice_list, notices
from meetings.domain.moves import MoveRefused, may_move
from meetings.domain.versions import Stale
from meetings.enums import NoticeState
from meetings.forms.notices import NoticeEditForm, NoticeForm, NoticeListForm, words_of
from meetings.models import Notice

REFUSED = (notices.NoticeRefused, MoveRefused)
_A_PAGE = 25
_BACK = {"beenden": notices.end, "fortsetzen": notices.resume, "zuruecknehmen": notices.reopen}


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def board(request: PersonRequest) -> HttpResponse:
    """What waits stands on top, then the list; a notice of the Fachstelle's own is released at once."""
    at = clock.now()
    day = clock.local_date(at)
    form = NoticeForm(request.POST or None, day=day)
    if request.method == "POST" and form.is_valid():
        try:
            notices.publish(**form.cleaned_data, by=request.user, at=at)
            messages.success(request, _("Die Kurzmeldung steht im nächsten Wochenbrief."))
            return redirect("meetings:notices")
        except notices.NoticeRefused as refused:
            form.add_error(None, str(refused))
    filters = NoticeListForm(request.GET)
    page = Paginator(notice_list.found(filters.wanted, at=at), _A_PAGE).get_page(request.GET.get("seite"))
    context = {
        "form": form,
        "filters": filters,
        "is_narrowed": filters.wanted.is_narrowed,
        "waiting": notices.waiting(),
        "page": page,
        "rows": [(notice, notice_list.stand(notice, day=day)) for notice in page],
    }
    return render(request, "meetings/notices.html", context)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """One notice. `was`: word it and release it, do not publish it, take that back, or end it early."""
    at = clock.now()
    notice = get_object_or_404(Notice.objects.in_full(), pk=pk)
    if request.method != "POST":
        return _one(request, notice, NoticeEditForm(initial=words_of(notice), day=clock.local_date(at)))
    what = request.POST.get("was", "")
    if what not in {"freigeben", "ablehnen"}:
        return _go_back(request, notice, what)
    if "text" not in request.POST:  # from the list, as it was handed in
        return _decide(request, notice, what, reply="")
    return _worded(request, notice, what)


def _worded(request: PersonRequest, notice: Notice, what: str) -> HttpResponse:
    """From the notice's own page. What is not published may stay worded as it is."""
    at = clock.now()
    form = NoticeEditForm(request.POST, day=clock.local_date(at))
    if form.errors if what == "freigeben" else form.errors.get("reply"):
        return _one(request, notice, form)
    reply = form.cleaned_data["reply"]
    try:
        if what == "freigeben":
            notices.edit_and_release(notice, **form.words, reply=reply, by=request.user, at=at)
        else:
            notices.decline(notice, reply=reply, by=request.user, at=at)
    except Stale as stale:
        return _one(request, notice, form, stored=stale.current)
    except MoveRefused:  # decided meanwhile: both texts stay to be seen
        return _one(request, notice, form, stored=Notice.objects.in_full().get(pk=notice.pk))
    except notices.NoticeRefused as refused:
        form.add_error(None, str(refused))
        return _one(request, notice, form)
    return _decided(request, what)


def _decide(request: PersonRequest, notice: Notice, what: str, *, reply: str) -> HttpResponse:
    verb = notices.release if what == "freigeben" else notices.decline
    try:
        verb(notice, by=request.user, at=clock.now(), reply=reply)
    except REFUSED as refused:
        messages.error(request, str(refused))
        return redirect("meetings:notice_decide", notice.pk)
    return _decided(request, what)


def _decided(request: PersonRequest, what: str) -> HttpResponse:
    said = _("Freigegeben. Die Kurzmeldung steht im nächsten Wochenbrief und auf den Seiten der Bündnisse.")
    messages.success(request, said if what == "freigeben" else _("Die Kurzmeldung wird nicht veröffentlicht."))
    return redirect("meetings:notices")


def _go_back(request: PersonRequest, notice: Notice, what: str) -> HttpResponse:
    verb = _BACK.get(what)
    if verb is not None:
        try:
            verb(notice, by=request.user, at=clock.now())
        except REFUSED as refused:
            messages.error(request, str(refused))
    return redirect("meetings:notice_decide", notice.pk)


def _one(request: PersonRequest, notice: Notice, form: NoticeEditForm, *, stored: Notice | None = None) -> HttpResponse:
    """`stored`: what holds now, where somebody else was faster; what was typed stays beside it."""
    notice = stored if stored is not None and stored.state != NoticeState.PROPOSED else notice
    context = {
        "notice": notice,
        "form": form,
        "stored": stored,
        "version": stored.version if stored else notice.version,
        "stand": notice_list.stand(notice, day=clock.local_date(clock.now())),
        "waits": notice.state == NoticeState.PROPOSED,
        "is_late": stored is not None and stored.state != NoticeState.PROPOSED,
        "may_reopen": may_move(notice, to=NoticeState.PROPOSED)
        and notice.state != NoticeState.WITHDRAWN
        and not notices.is_told(notice),
        "may_end": may_move(notice, to=NoticeState.ENDED),
    }
    return render(request, "meetings/notice.html", context, status=409 if stored else 200)
