"""Members' pages: propose a topic, see one's own, change it, take it back. A GET shows, a button acts."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.domain import links
from buendnisse.enums import LinkPurpose, Via
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Person
from buendnisse.views.links import by_link
from meetings.domain import agenda, agenda_own, agenda_proposals, calls, standing
from meetings.domain.agenda_rules import ITS_PROPOSER_MAY_CHANGE
from meetings.domain.moves import MoveRefused
from meetings.enums import AgendaItemState
from meetings.forms.topics import TopicForm, topic_of
from meetings.models import AgendaItem, Meeting

_GOOD_FOR = dt.timedelta(days=365)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.PROPOSE)
def propose(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Three short fields, no account."""
    meeting = _meeting_of(link)
    return _propose(request, link.person, _choices(link.person, meeting), via=Via.LINK, link=link)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose_here(request: PersonRequest, slug: str) -> HttpResponse:
    """The same from the meeting's page, signed in."""
    at = clock.now()
    person = request.user
    meeting = get_object_or_404(
        Meeting.objects.visible_to(person, at=at).select_related("alliance", "venue"), slug=slug
    )
    if not calls.may_propose(person, meeting, at=at):
        raise PermissionDenied
    return _propose(request, person, [meeting], via=Via.WEB)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.PROPOSE)
def no_item(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """ "Diesmal kein Thema" is a good answer too."""
    meetings = _choices(link.person, _meeting_of(link))
    context = {"link": link, "meeting": meetings[0], "meetings": meetings}
    if request.method != "POST":
        return render(request, "meetings/no_item.html", context)
    calls.say_no_item(meetings, by=link.person, at=clock.now())
    return render(request, "meetings/no_item_done.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.ITEM)
def own_item(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """One's own topic: how it stands, and its words as long as nobody has decided."""
    item = _item_of(link)
    form = TopicForm(request.POST or None, initial=topic_of(item))
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or item.version
            agenda_own.edit_own(item, version=version, by=link.person, at=clock.now(), **form.edited)
        except agenda.Stale as stale:
            return _own_item(request, link, form, stored=stale.current)
        except agenda.AgendaRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("meetings:own_item_saved", links.token(link))
    return _own_item(request, link, form)


@require_http_methods(["GET", "HEAD"])
@by_link(LinkPurpose.ITEM)
def own_item_thanks(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """After sending: what counts now, and how to change it."""
    item = _item_of(link)
    window = agenda.window(item.meeting, at=clock.now()) if item.meeting else None
    return render(
        request,
        "meetings/topic_thanks.html",
        {"link": link, "item": item, "window": window, "token": links.token(link)},
    )


@require_http_methods(["GET", "HEAD"])
@by_link(LinkPurpose.ITEM)
def own_item_saved(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """After changing."""
    return render(
        request, "meetings/topic_saved.html", {"link": link, "item": _item_of(link), "token": links.token(link)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.ITEM)
def withdraw(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Take it back, with one question before."""
    item = _item_of(link)
    context = {"link": link, "item": item, "token": links.token(link), "refusal": ""}
    if request.method == "POST":
        try:
            agenda_own.withdraw(item, by=link.person, at=clock.now())
        except (agenda.AgendaRefused, MoveRefused) as refused:
            context["refusal"] = str(refused)
        else:
            return redirect("meetings:own_item", links.token(link))
    return render(request, "meetings/topic_withdraw.html", context)


@require_http_methods(["POST"])
@by_link(LinkPurpose.ITEM)
def propose_again(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """ "Doch vorschlagen": only what its proposer took back."""
    item = _item_of(link)
    if item.state == AgendaItemState.WITHDRAWN:
        agenda.restore(item, by=link.person, at=clock.now(), via=Via.LINK)
    return redirect("meetings:own_item", links.token(link))


def _propose(
    request: HttpRequest, person: Person, meetings: list[Meeting], *, via: Via, link: AccessLink | None = None
) -> HttpResponse:
    at = clock.now()
    form = TopicForm(request.POST or None, meetings=meetings)
    if request.method == "POST" and form.is_valid():
        meeting = form.chosen
        item = agenda_proposals.propose(
            alliance=meeting.alliance,
            meeting=meeting,
            proposer=person,
            via=via,
            form_key=form.cleaned_data["form_key"],
            at=at,
            **form.words,
        )
        own = links.grant(person, purpose=LinkPurpose.ITEM, subject=item, until=at + _GOOD_FOR, at=at)
        return redirect("meetings:own_item_thanks", links.token(own))
    context = {
        "form": form,
        "meeting": meetings[0],
        "meetings": meetings,
        "window": agenda.window(meetings[0], at=at),
        "link": link,
        "person": person,
        "no_item_href": reverse("meetings:no_item", args=[links.token(link)]) if link else "",
    }
    return render(request, "meetings/propose.html", context)


def _own_item(
    request: HttpRequest, link: AccessLink, form: TopicForm, *, stored: AgendaItem | None = None
) -> HttpResponse:
    item = stored or _item_of(link)
    context = {
        "link": link,
        "item": item,
        "form": form,
        "stored": stored,
        "token": links.token(link),
        "may_change": item.state in ITS_PROPOSER_MAY_CHANGE,
        "following": standing.next_meeting(item.alliance_id, at=clock.now()),
    }
    return render(request, "meetings/own_item.html", context, status=409 if stored else 200)


def _meeting_of(link: AccessLink) -> Meeting:
    meeting = Meeting.objects.select_related("alliance", "venue").filter(pk=link.subject_id).first()
    if meeting is None or link.subject_type != "meeting":
        raise Http404
    return meeting


def _choices(person: Person, meeting: Meeting) -> list[Meeting]:
    """The meeting of the link first, then the others this person is called for."""
    return [meeting, *(one for one in calls.open_for(person, at=clock.now()) if one.pk != meeting.pk)]


def _item_of(link: AccessLink) -> AgendaItem:
    item = (
        AgendaItem.objects.select_related("meeting__alliance", "alliance", "delegated_to", "proposer")
        .filter(pk=link.subject_id, proposer=link.person_id)
        .first()
    )
    if item is None or link.subject_type != "agendaitem":
        raise Http404
    return item
