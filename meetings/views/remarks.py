"""Rückmeldungen at the desk: what members said about other alliances, and what is done with it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import remarks
from meetings.domain.agenda_rules import AgendaRefused
from meetings.domain.moves import MoveRefused
from meetings.enums import RemarkState
from meetings.forms.remarks import ReplyForm, TakeUpForm
from meetings.models import Remark

_A_PAGE = 25
_SHOWN = ("about", "from_person__organisation", "from_organisation", "item__meeting", "done_by")


@moderator
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Open ones first, the oldest of them on top; then what is done, the newest first."""
    rows = Remark.objects.select_related(*_SHOWN)
    done = rows.exclude(state=RemarkState.OPEN).order_by("-submitted_at", "-pk")
    context = {
        "open": rows.filter(state=RemarkState.OPEN).order_by("submitted_at", "pk"),
        "page": Paginator(done, _A_PAGE).get_page(request.GET.get("seite")),
    }
    return render(request, "meetings/remarks.html", context)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, pk: int) -> HttpResponse:
    """One of them. `was`: answer by mail, make a topic of it, settle it, or open it again."""
    remark = get_object_or_404(Remark.objects.select_related(*_SHOWN), pk=pk)
    what = request.POST.get("was", "")
    reply = ReplyForm(request.POST if what == "antworten" else None, initial={"reply": remark.reply})
    topic = TakeUpForm(request.POST if what == "thema" else None, initial={"description": remark.text})
    if request.method == "POST":
        try:
            if said := _done(remark, what, reply, topic, request):
                messages.success(request, said)
                return redirect("meetings:remark", pk) if what == "oeffnen" else redirect("meetings:remarks")
        except (remarks.RemarkRefused, MoveRefused, AgendaRefused) as refused:
            messages.error(request, str(refused))
    typed = topic if what == "thema" else reply
    is_open = remark.state == RemarkState.OPEN
    is_late = typed.is_bound and not is_open  # somebody else was faster: what was typed stays to be seen
    context = {
        "remark": remark,
        "reply": reply,
        "topic": topic,
        "form": typed,
        "is_open": is_open,
        "is_late": is_late,
        "may_reopen": remarks.may_reopen(remark),
    }
    return render(request, "meetings/remark.html", context, status=409 if is_late else 200)


def _done(remark: Remark, what: str, reply: ReplyForm, topic: TakeUpForm, request: PersonRequest) -> str:
    """What was done, in words; empty where a form must be looked at again."""
    by, at = request.user, clock.now()
    if what == "antworten" and reply.is_valid():
        remarks.answer(remark, reply=reply.cleaned_data["reply"], by=by, at=at)
        return _("Die Antwort geht in einer Minute per E-Mail.")
    if what == "thema" and topic.is_valid():
        remarks.take_up(remark, **topic.cleaned_data, by=by, at=at)
        return _("Das Thema liegt jetzt bei den Vorschlägen.")
    if what == "erledigt":
        remarks.settle(remark, by=by, at=at)
        return _("Erledigt.")
    if what == "oeffnen":
        remarks.reopen(remark, by=by, at=at)
        return _("Die Rückmeldung ist wieder offen.")
    return ""
