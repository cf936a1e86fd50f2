"""What becomes of one topic, each on a page with one reason its proposer reads: later, away, merged; and the copy."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock, german
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import agenda, agenda_board, agenda_merge
from meetings.domain.agenda_rules import OPEN_MEETINGS, AgendaRefused, refuse_if_it_answers
from meetings.forms.topics import CopyForm, MergeForm, PutOffForm
from meetings.models import AgendaItem, Meeting
from meetings.views import at_board, items


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def put_off(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Later, to a Stelle, or not at all: one page, one reason, which the proposer reads."""
    meeting, item = items.of_alliance(request, slug, pk)
    found = agenda_board.ways(item)
    wished = request.GET.get("weg", "")
    initial = {"what": next((code for code, _label in found if code.split(":")[0] == wished), None)}
    form = PutOffForm(request.POST or None, ways=found, proposer=item.proposer, initial=initial)
    context: dict[str, Any] = {"meeting": meeting, "item": item, "form": form}
    if request.method == "POST":
        context["stale"] = at_board.was_seen(item, request.POST.get("seen", ""))
        if context["stale"]:
            return render(request, "meetings/agenda_put_off.html", context, status=HTTPStatus.CONFLICT)
    if request.method == "POST" and form.is_valid():
        try:
            _put_off(request, item, form)
        except at_board.REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            at_board.say(request, meeting, item, _told(request, item))
            return at_board.back(meeting)
    return render(request, "meetings/agenda_put_off.html", context)


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Two topics become one; both proposers read the sentence."""
    meeting, item = items.of_alliance(request, slug, pk)
    partners = agenda_merge.partners(item, meeting, reader=request.user, at=clock.now())
    form = MergeForm(request.POST or None, partners=partners)
    try:
        refuse_if_it_answers(item)
    except AgendaRefused as refused:
        context = {"meeting": meeting, "item": item, "refused": str(refused)}
        return render(request, "meetings/agenda_merge.html", context)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            agenda.merge(item, into=into, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
        except at_board.REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            names = {"title": item.title, "other": into.title}
            text = _("„%(title)s“ gehört jetzt zu „%(other)s“. Beide bekommen in einer Minute Ihren Satz.") % names
            at_board.say(request, meeting, item, text)
            return at_board.back(meeting)
    return render(request, "meetings/agenda_merge.html", {"meeting": meeting, "item": item, "form": form})


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """The same words as a new topic; the old one stays where it is."""
    meeting, item = items.of_alliance(request, slug, pk)
    later = Meeting.objects.visible_to(request.user, at=clock.now()).filter(alliance_id=meeting.alliance_id)
    open_ones = list(later.filter(state__in=OPEN_MEETINGS, start__gt=clock.now()).order_by("start")[:5])
    form = CopyForm(request.POST or None, meetings=open_ones, initial={"title": item.title, "to": ""})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = agenda.duplicate(
                item, to=form.chosen, title=data["title"], form_key=data["form_key"], by=request.user, at=clock.now()
            )
        except at_board.REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            at_board.say(request, meeting, made, _copied(made, form.chosen))
            return at_board.back(meeting)
    return render(request, "meetings/agenda_copy.html", {"meeting": meeting, "item": item, "form": form})


def _put_off(request: PersonRequest, item: AgendaItem, form: PutOffForm) -> None:
    data = form.cleaned_data
    what, _colon, number = data["what"].partition(":")
    said: dict[str, Any] = {"reason": data["reason"], "by": request.user, "at": clock.now()}
    match what:
        case "later":
            agenda.defer(item, to=get_object_or_404(Meeting, pk=int(number)), **said)
        case "backlog":
            agenda.defer(item, to=None, **said)
        case "delegate":
            agenda.delegate(item, to=data["organisation"], **said)
        case _:
            agenda.decline(item, **said)


def _told(request: PersonRequest, item: AgendaItem) -> str:
    done = _("„%(title)s“: %(state)s.") % {"title": item.title, "state": item.get_state_display()}
    if item.proposer is None or item.proposer == request.user:
        return done
    text = _("%s bekommt in einer Minute Ihren Satz. Bis dahin können Sie den Schritt zurücknehmen.")
    return f"{done} {text % item.proposer.formal_name}"


def _copied(made: AgendaItem, to: Meeting | None) -> str:
    where = _("in der Sitzung am %s") % german.day(to.start) if to else _("im Themenspeicher")
    return _("„%(title)s“ steht als neues Thema %(where)s.") % {"title": made.title, "where": where}
