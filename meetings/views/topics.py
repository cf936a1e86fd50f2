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
from buendnisse.domain.paper_files import FileRefused
from buendnisse.enums import LinkPurpose, Via
from buendnisse.http import PersonRequest
from buendnisse.models import AccessLink, Person
from buendnisse.views.links import by_link
from meetings.domain import agenda, agenda_own, agenda_proposals, calls, similar_topics, standing, whom_to_ask
from meetings.domain.agenda_rules import ITS_PROPOSER_MAY_CHANGE
from meetings.domain.moves import MoveRefused
from meetings.enums import AgendaItemState, MeetingState
from meetings.forms.proposals import TopicForm
from meetings.forms.topics import topic_of
from meetings.models import AgendaItem, Meeting

_GOOD_FOR = dt.timedelta(days=365)
#: Which button of the page "Gibt es das schon?" was pressed: the id of an earlier topic, or this word.
_ONWARD, _NEW = "weiter", "neu"


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.PROPOSE)
def propose(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Three short fields, no account."""
    meeting = _meeting_of(link)
    cancelled = meeting if meeting.state == MeetingState.CANCELLED else None
    return _propose(request, link.person, _choices(link.person, meeting), via=Via.LINK, link=link, cancelled=cancelled)


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
    context = {"link": link, "meeting": meetings[0], "meetings": meetings, "token": links.token(link)}
    if request.method == "POST":
        calls.say_no_item(meetings, by=link.person, at=clock.now())
    elif not calls.said_no_item(meetings, by=link.person):
        return render(request, "meetings/no_item.html", context)
    return render(request, "meetings/no_item_done.html", context)


@require_http_methods(["POST"])
@by_link(LinkPurpose.PROPOSE)
def item_after_all(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """Take "Diesmal kein Thema" back."""
    calls.take_no_item_back(_choices(link.person, _meeting_of(link)), by=link.person, at=clock.now())
    return redirect("meetings:propose", links.token(link))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.ITEM)
def own_item(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """One's own topic: how it stands, and its words as long as nobody has decided."""
    item = _item_of(link)
    form = TopicForm(request.POST or None, request.FILES or None, initial=topic_of(item), at=clock.now())
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or item.version
            agenda_own.edit_own(item, version=version, by=link.person, at=clock.now(), **form.edited)
        except agenda.Stale as stale:
            return _own_item(request, link, form, stored=stale.current)
        except agenda.AgendaRefused as refused:
            form.add_error(None, str(refused))
        except FileRefused as refused:
            form.add_error("file", str(refused))
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
    request: HttpRequest,
    person: Person,
    meetings: list[Meeting],
    *,
    via: Via,
    link: AccessLink | None = None,
    cancelled: Meeting | None = None,
) -> HttpResponse:
    at = clock.now()
    form = TopicForm(request.POST or None, request.FILES or None, meetings=meetings, at=at)
    context = {
        "form": form,
        "meeting": meetings[0],
        "meetings": meetings,
        "cancelled": cancelled,
        "window": agenda.window(meetings[0], at=at),
        "link": link,
        "person": person,
        "no_item_href": reverse("meetings:no_item", args=[links.token(link)]) if link else "",
    }
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["form_key"]
        similar = similar_topics.similar(form.cleaned_data["title"], reader=person, form_key=key, at=at)
        onward = request.POST.get(_ONWARD, "")
        goes_on = next((one.item for one in similar if str(one.item.pk) == onward), None)
        if similar and goes_on is None and onward != _NEW:
            return render(request, "meetings/topic_similar.html", context | {"similar": similar})
        try:
            item = _send(form, person, via=via, relates_to=goes_on, at=at)
        except agenda.AgendaRefused as refused:
            form.add_error(None, str(refused))
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            own = links.grant(person, purpose=LinkPurpose.ITEM, subject=item, until=at + _GOOD_FOR, at=at)
            return redirect("meetings:own_item_thanks", links.token(own))
    return render(request, "meetings/propose.html", context)


def _send(form: TopicForm, person: Person, *, via: Via, relates_to: AgendaItem | None, at: dt.datetime) -> AgendaItem:
    return agenda_proposals.propose(
        alliance=form.chosen.alliance,
        meeting=form.chosen,
        proposer=person,
        via=via,
        form_key=form.cleaned_data["form_key"],
        relates_to=relates_to,
        at=at,
        **form.words,
    )


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
        "papers": item.papers.order_by("pk"),
        "may_change": item.state in ITS_PROPOSER_MAY_CHANGE,
        "contact": whom_to_ask.about(item, at=clock.now()),
        "following": standing.next_meeting(item.alliance_id, at=clock.now()),
    }
    return render(request, "meetings/own_item.html", context, status=409 if stored else 200)


def _meeting_of(link: AccessLink) -> Meeting:
    meeting = Meeting.objects.select_related("alliance", "venue").filter(pk=link.subject_id).first()
    if meeting is None or link.subject_type != "meeting":
        raise Http404
    return meeting


def _choices(person: Person, meeting: Meeting) -> list[Meeting]:
    """The meeting of the link first, then the others this person is called for.

    In the place of a cancelled one stands the alliance's next; it stays only where there is nothing else.
    """
    at = clock.now()
    others = [one for one in calls.open_for(person, at=at) if one.pk != meeting.pk]
    if meeting.state != MeetingState.CANCELLED:
        return [meeting, *others]
    following = standing.next_meeting(meeting.alliance_id, at=at)
    if following is not None:
        return [following, *(one for one in others if one.pk != following.pk)]
    return others or [meeting]


def _item_of(link: AccessLink) -> AgendaItem:
    item = (
        AgendaItem.objects.select_related("meeting__alliance", "alliance", "delegated_to", "proposer", "relates_to")
        .filter(pk=link.subject_id, proposer=link.person_id)
        .first()
    )
    if item is None or link.subject_type != "agendaitem":
        raise Http404
    return item
